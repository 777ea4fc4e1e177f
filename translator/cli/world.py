"""Options that say what a mapping is told of the world where there is no service: time, zone, numbers, orders, settings."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import click

from translator.cli import say

if TYPE_CHECKING:
    from translator.cli.behind.translate import Given

_OPTIONS: Final = (
    click.option(
        "--stored",
        type=click.Path(path_type=Path, exists=True),
        multiple=True,
        help="Orders to complete from: a JSON file, or a folder of them.",
    ),
    click.option("--at", metavar="TIME", default="", help="What time it is: 2026-12-01T12:00:00Z."),
    click.option(
        "--zone",
        default="",
        show_default="UTC",
        help="Time zone of every warehouse, where the mapping says `zone: warehouse`; preview and explain ask the site first.",
    ),
    click.option("--sequence", metavar="NAME=N", multiple=True, help="The next number of a sequence."),
    click.option(
        "--partner",
        metavar="NAME=VALUE",
        multiple=True,
        help="A setting of the partner, where the mapping asks for one.",
    ),
    click.option("--vendor", default="", help="The vendor code, where no stored order tells it."),
)


def options(function: Callable[..., Any]) -> Callable[..., Any]:
    """Give a verb the options; `said` takes what came of them."""
    for option in reversed(_OPTIONS):
        function = option(function)
    return function


def said(world: dict[str, Any]) -> Callable[[Given], Given]:
    """Give what puts the options over what is told anyway. Raises Misconfigured for what none of them can be."""
    from translator.cli.behind import at_hand

    settings = say.named(world["partner"], "--partner")
    numbers = at_hand.numbers(say.named(world["sequence"], "--sequence"))
    orders = at_hand.orders(world["stored"])

    def over(given: Given) -> Given:
        return replace(
            given,
            at=at_hand.moment(world["at"]) if world["at"] else given.at,
            zone=at_hand.zone(world["zone"]) if world["zone"] else given.zone,
            zones={} if world["zone"] else given.zones,
            vendor=world["vendor"] or given.vendor,
            orders={**given.orders, **orders},
            numbers={**given.numbers, **numbers},
            settings={**given.settings, **settings},
        )

    return over
