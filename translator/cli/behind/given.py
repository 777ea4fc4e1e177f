"""What a mapping is told of the world when it is tried: the time, numbers, settings. The same every time.

`given.yaml` says it, in a sample's folder or in any above it up to `samples/`; the nearest says each thing. Settings of
the partner that it does not give are those of `translator.yaml`. So are zones of warehouses: the zone in `samples/` itself
is of those that `translator.yaml` does not name, one further down of every warehouse. In trouble: Misconfigured.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

from translator.cli.behind import at_hand
from translator.cli.behind.translate import Given
from translator.config.warehouses import is_zone
from translator.core.finding import Findings, Misconfigured
from translator.mapping.strict import Entries, Keys, Node, Scalar, keys, read_yaml

FILE: Final = "given.yaml"
AT: Final = datetime(2026, 12, 1, 18, tzinfo=UTC)
_SITE: Final = "translator.yaml"


def given_for(folder: Path, top: Path, system: str) -> Given:
    """Read what stands for a folder. `top`: the folder `samples`; `system`: whose settings are asked."""
    systems = _inside(_site(top.parent), "wms")
    own = _inside(systems, system)
    given = Given(AT, zones=_zones(systems, own), settings=dict(_texts(_inside(own, "partner"))))
    for above in reversed([folder, *folder.parents]):
        if (above / FILE).is_file() and (above == top or above.is_relative_to(top)):
            given = _read(above / FILE, given, general=above == top)
    stored = folder / "stored"
    return replace(given, orders=at_hand.orders([stored])) if stored.is_dir() else given


def _read(path: Path, given: Given, *, general: bool) -> Given:
    findings = Findings()
    words = keys(read_yaml(path.read_bytes(), str(path)), findings, f"in {FILE}")
    found = replace(
        given,
        at=_moment(words, given.at),
        zone=at_hand.zone(words.text("zone", given.zone)),
        zones=given.zones if general or not words.has("zone") else {},
        vendor=words.text("vendor", given.vendor),
        numbers={**given.numbers, **at_hand.numbers(_pairs(words, "sequence"))},
        settings={**given.settings, **_pairs(words, "partner")},
    )
    words.done()
    if findings.failed:
        raise Misconfigured(findings.found)
    return found


def _moment(words: Keys, default: datetime) -> datetime:
    text = words.text("at")
    try:
        found = datetime.fromisoformat(text) if text else default
    except ValueError:
        words.fault("given-at", "'at' is no time", words.place("at"), "at: 2026-12-01T18:00:00Z")
        return default
    return (found if found.tzinfo else found.replace(tzinfo=UTC)).astimezone(UTC)


def _pairs(words: Keys, name: str) -> dict[str, str]:
    return {key.text: words.scalar(node, key.text) for key, node in words.mapping(name) or ()}


def _site(root: Path) -> Node | None:
    """Give what the site says, as far as it can be read: what is wrong there, `check` tells."""
    path = root / _SITE
    try:
        return read_yaml(path.read_bytes(), _SITE) if path.is_file() else None
    except Misconfigured:
        return None


def _inside(node: Node | None, name: str) -> Entries | None:
    found = node.get(name) if isinstance(node, Entries) else None
    return found if isinstance(found, Entries) else None


def _texts(node: Entries | None) -> Iterator[tuple[str, str]]:
    for key, value in node or ():
        if isinstance(value, Scalar):
            yield key.text, value.text


def _zones(systems: Entries | None, own: Entries | None) -> Mapping[str, str]:
    """Give the zones of warehouses by their codes: of this system, and of others as far as these agree.

    Under no code, for a file that names none: the only one of this system, as the service takes it.
    """
    said: dict[str, set[str]] = {}
    for _, system in systems or ():
        for code, zone in _warehouses(system):
            said.setdefault(code, set()).add(zone)
    mine = dict(_warehouses(own))
    only = {"": next(iter(mine.values()))} if len(set(mine.values())) == 1 else {}
    return {code: zone for code, zones in said.items() for zone in zones if len(zones) == 1} | mine | only


def _warehouses(system: Node | None) -> Iterator[tuple[str, str]]:
    for code, told in _inside(system, "warehouses") or ():
        zone = told.get("zone") if isinstance(told, Entries) else told
        if isinstance(zone, Scalar) and is_zone(zone.text):
            yield code.text, zone.text
