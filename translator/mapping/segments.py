"""Where the fields of a segment stand: in which element, in which component of it; said once for formats and findings.

`at: 3` is the third element, `at: 1.2` the second component of the first; left out, it is right after the field before.
A group is a composite: its fields are components of one element. A group that repeats takes adjoining elements, or
repeats inside one element where it says `split: repetition`. `at: N1*ST` of a record is its tag, and what its first
element is; fields without a place then begin at the second.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final, Literal

from translator.core.finding import Finding, Findings, Place
from translator.mapping.layout import Field, Record

REPETITION: Final = "repetition"  # what `split` of a group says in a segment
TURNS: Final = 500  # of a group in one segment
_TAG: Final = re.compile(r"([A-Za-z0-9]{2,6})(?:[^A-Za-z0-9](.+))?")
_AT: Final = re.compile(r"([1-9][0-9]{0,2})(?:\.([1-9][0-9]{0,1}))?")
Kind = Literal["leaf", "composite", "run", "repeat"]


@dataclass(frozen=True, slots=True)
class Spot:
    """Where one field stands: its element, its component (0: the whole element), and what is inside it."""

    kind: Kind
    element: int
    component: int = 0
    inside: tuple[Spot, ...] = ()
    step: int = 0  # elements of one turn of a run

    def further(self, by: int) -> Spot:
        """Give the same some elements on."""
        return replace(self, element=self.element + by, inside=tuple(one.further(by) for one in self.inside))


def tag_of(record: Record) -> tuple[str, str]:
    """Give the tag of a record, and what its first element is where the tag says so."""
    found = _TAG.fullmatch(record.at or record.name)
    return (found[1], found[2] or "") if found else (record.at or record.name, "")


def spots(layout: Record | Field, start: int = 1) -> tuple[Spot, ...]:
    """Place the fields of a record, or of one turn of a group that takes elements from a place on."""
    found: list[Spot] = []
    element, component = start + (isinstance(layout, Record) and bool(tag_of(layout)[1])), 0
    for one in layout.fields:
        at = _AT.fullmatch(one.at)
        if at:
            element, component = start + int(at[1]) - 1, int(at[2] or 0)
        found.append(spot := _spot(one, element, component))
        if spot.kind == "run":
            element, component = element + spot.step * (one.times.most or 1), 0
        elif component and spot.kind == "leaf":
            component += 1
        else:
            element, component = element + 1, 0
    return tuple(found)


def _spot(one: Field, element: int, component: int) -> Spot:
    if not one.fields:
        return Spot("leaf", element, component)
    if one.split and one.times.many:
        inside = _components(one, element) if len(one.fields) > 1 or one.fields[0].at else (Spot("leaf", element),)
        return Spot("repeat", element, inside=inside)
    if one.times.many:
        inside = spots(one, element)
        return Spot("run", element, inside=inside, step=max(_end(spot) for spot in inside) - element)
    return Spot("composite", element, inside=_components(one, element))


def _end(spot: Spot) -> int:
    return spot.element + (spot.step or 1)


def _components(one: Field, element: int) -> tuple[Spot, ...]:
    found: list[Spot] = []
    component = 1
    for inner in one.fields:
        component = int(inner.at) if inner.at.isdecimal() else component
        found.append(Spot("leaf", element, component))
        component += 1
    return tuple(found)


# --- what cannot be meant, and how places are said ----------------------------------------------------------------


def said(tag: str, spot: Spot) -> str:
    """Name a place as people do: W12-03, DTM-01-02."""
    return f"{tag}-{spot.element:02d}" + (f"-{spot.component:02d}" if spot.component else "")


def placed(records: Sequence[Record], findings: Findings) -> tuple[Record, ...]:
    """Write its place into every field, and note what cannot stand in a segment."""
    return tuple(_record(record, findings) for record in records)


def _record(record: Record, findings: Findings) -> Record:
    tag, _ = tag_of(record)
    if not _TAG.fullmatch(record.at or record.name):
        text = f"'{record.at or record.name}' is no tag of a segment"
        findings.add(Finding("mapping-segment", text, rule=record.rule, hint="at: N1, at: N1*ST"))
    fields = _fields(record.fields, spots(record), tag, findings, within=False)
    return replace(record, fields=fields, records=placed(record.records, findings))


def _fields(
    fields: Sequence[Field], where: Sequence[Spot], tag: str, findings: Findings, *, within: bool
) -> tuple[Field, ...]:
    found = []
    for one, spot in zip(fields, where, strict=True):
        for text, hint in _faults(one, within=within):
            findings.add(Finding("mapping-segment", f"{text}: '{one.name}'", rule=one.rule, hint=hint))
        inner = spot.kind in ("composite", "repeat")
        inside = one.fields if within else _fields(one.fields, spot.inside, tag, findings, within=inner)
        found.append(replace(one, path=said(tag, spot), fields=inside))
    return tuple(found)


def _faults(one: Field, *, within: bool) -> list[tuple[str, str]]:
    found = []
    if one.at and not (one.at.isdecimal() if within else _AT.fullmatch(one.at)):
        found.append((f"no place in a segment is '{one.at}'", "at: 3, or at: 3.1 of a composite"))
    if one.fields and within:
        found.append(("a component holds nothing further", "its fields stand side by side"))
    if one.fields and one.split and one.split != REPETITION:
        found.append(("a group of a segment is split by its own marks", f"split: {REPETITION}"))
    if one.fields and (one.times.most or 0) > TURNS:
        found.append((f"a segment has no room for more than {TURNS} turns", "times: 0.."))
    return found


def place(file: str, number: int, record: str = "", path: str = "") -> Place:
    """Give a place in a file of segments: the number of the segment stands for a line's."""
    return Place(file, number, record=record, path=path)
