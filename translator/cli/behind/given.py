"""What a mapping is told of the world when it is tried: the time, numbers, settings. The same every time.

`given.yaml` says it, in a sample's folder or in any above it up to `samples/`; the nearest says each thing. Settings of
the partner that it does not give are those of `translator.yaml`. In trouble: Misconfigured.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

from translator.cli.behind import at_hand
from translator.cli.behind.translate import Given
from translator.core.finding import Findings, Misconfigured
from translator.mapping.strict import Entries, Keys, Scalar, keys, read_yaml

FILE: Final = "given.yaml"
AT: Final = datetime(2026, 12, 1, 18, tzinfo=UTC)
_SITE: Final = "translator.yaml"


def given_for(folder: Path, top: Path, system: str) -> Given:
    """Read what stands for a folder. `top`: the folder `samples`; `system`: whose settings are asked."""
    given = Given(AT, settings=_settings(top.parent, system))
    for above in reversed([folder, *folder.parents]):
        if (above / FILE).is_file() and (above == top or above.is_relative_to(top)):
            given = _read(above / FILE, given)
    stored = folder / "stored"
    return replace(given, orders=at_hand.orders([stored])) if stored.is_dir() else given


def _read(path: Path, given: Given) -> Given:
    findings = Findings()
    words = keys(read_yaml(path.read_bytes(), str(path)), findings, f"in {FILE}")
    found = replace(
        given,
        at=_moment(words, given.at),
        zone=at_hand.zone(words.text("zone", given.zone)),
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


def _settings(root: Path, system: str) -> Mapping[str, str]:
    """Give the partner's settings in the site, as far as it can be read: what is wrong there, `check` tells."""
    path = root / _SITE
    try:
        top = read_yaml(path.read_bytes(), _SITE) if path.is_file() else None
    except Misconfigured:
        return {}
    return dict(_texts(top, "wms", system, "partner"))


def _texts(node: object, *steps: str) -> Iterator[tuple[str, str]]:
    for step in steps:
        node = node.get(step) if isinstance(node, Entries) else None
    for key, value in node if isinstance(node, Entries) else ():
        if isinstance(value, Scalar):
            yield key.text, value.text
