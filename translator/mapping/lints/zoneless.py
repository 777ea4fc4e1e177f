"""A moment of Amazon's that is written as a local time, and nothing says of which place."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from translator.core.finding import Finding
from translator.mapping.date_patterns import ISO, pattern
from translator.mapping.lints.advice import Looked, fields, warning
from translator.mapping.wrong import Wrong


def zoneless(looked: Looked) -> Iterator[Finding]:
    """Name fields that write a moment as Amazon happens to say it: mostly in UTC, in which the day may be another."""
    if looked.mapping.direction != "writes":
        return
    for one, _ in fields(looked.mapping):
        bare = one.date and not one.zone and one.date[0] != ISO and not _zoned(one.date[0])
        known = looked.leaf(one) if bare else None
        if known and known.type == "datetime":
            text = f"'{one.name}' writes a moment without `zone`: in Amazon's, mostly UTC, its day may be another"
            yield warning("date-zoneless", text, one.rule, "zone: warehouse, or zone: UTC where that is meant")


def _zoned(form: str) -> bool:
    try:
        return pattern(form).zoned
    except Wrong:
        return True  # told where fields are checked


ADVISE: Final = zoneless
