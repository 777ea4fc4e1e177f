"""sandbox: orders made up by Amazon's own sandbox, to try a site with.

Promises: a production account is refused before anything is asked. In trouble: Amazon's words, masked; exit code 1 where
it made none, 69 where it did not answer in time.
"""

from __future__ import annotations

from pathlib import Path
from time import monotonic, sleep
from typing import TYPE_CHECKING, Final

import click

from translator.cli import say
from translator.core.finding import Finding, Misconfigured, Unavailable, Unknown

if TYPE_CHECKING:
    from translator.config.site import Account, Site
    from translator.endpoints.spapi import Account as Connected

MOST: Final = 20  # orders at once
LOOK: Final = 2.0  # seconds between two looks


@click.group()
def sandbox() -> None:
    """Work with Amazon's sandbox."""


VERBS = (sandbox,)


@sandbox.command()
@click.option("--account", "name", default="", help="The account; left out: the only one.")
@click.option("--warehouse", required=True, help="Amazon's code of the warehouse the orders are for.")
@click.option(
    "--count",
    type=click.IntRange(1, MOST),
    default=1,
    show_default=True,
    help="How many to ask for; Amazon may make several for each.",
)
@click.option("--wait", type=say.Seconds(0, 600), default=60.0, show_default=True, help="Seconds until they are made.")
@say.site_option
@say.json_option
@say.told
def orders(name: str, warehouse: str, count: int, wait: float, root: Path, as_json: bool) -> None:
    """Have Amazon's sandbox make up orders, and print their numbers: the service collects them at its next turn."""
    from translator.config.read import read_site
    from translator.service import places
    from translator.service.ports import SystemClock

    site = read_site(root)
    account = _account(site, name)
    _listed(site, account, warehouse)
    connected = places.account_of(account, SystemClock())
    try:
        numbers = _made(connected, account.vendor, warehouse, count, wait)
    finally:
        connected.close()
    if as_json:
        say.data({"ok": True, "account": account.name, "orders": list(numbers)})
        return
    for number in numbers:
        say.line(number)


def _account(site: Site, name: str) -> Account:
    if not name and len(site.accounts) > 1:
        raise Misconfigured(
            [Finding("account-which", "several accounts", hint=f"--account {next(iter(site.accounts))}")]
        )
    account = site.accounts.get(name) if name else next(iter(site.accounts.values()))
    if account is None:
        known = ", ".join(site.accounts)
        raise Misconfigured([Finding("account-unknown", "no account of this name in the site", hint=f"known: {known}")])
    if not account.sandbox:
        hint = "give the sandbox a site of its own, with `sandbox: true`"
        raise Misconfigured(
            [Finding("account-real", f"{account.name} is no sandbox: orders there are real", hint=hint)]
        )
    return account


def _listed(site: Site, account: Account, warehouse: str) -> None:
    """Refuse a warehouse that no system has: nobody would take its orders."""
    if site.system_of(account.name, warehouse) is None:
        listed = sorted(code for one in site.systems.values() if one.account == account.name for code in one.warehouses)
        finding = Finding("warehouse-unknown", "no system lists this warehouse", hint=f"listed: {', '.join(listed)}")
        raise Misconfigured([finding])


def _made(account: Connected, vendor: str, warehouse: str, count: int, wait: float) -> tuple[str, ...]:
    from translator.endpoints.spapi.scenarios import generate_scenarios, scenarios

    try:
        transaction = generate_scenarios(account, [(vendor, warehouse)] * count)
    except Unknown as error:
        raise Unavailable(f"{error.reason} (orders may have been made)") from None
    end = monotonic() + wait
    while (numbers := scenarios(account, transaction)) is None:
        if monotonic() > end:
            raise Unavailable(f"the sandbox is still at it after {wait:.0f} s; the orders may come later")
        sleep(LOOK)
    return numbers
