"""What stands around the transactions of a file of segments: groups with their numbers, and where each transaction lies.

Reads headers and trailers alone, whatever stands between; holds one group. An interchange without groups is given as
well, since it takes a number. It looks no closer than it must: what is wrong with a file is found by those who read it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Final

from translator.core.finding import Findings
from translator.formats.dialect import Dialect
from translator.formats.marks import Marks
from translator.formats.segments import Segments
from translator.formats.told import Group, Said, Transaction
from translator.mapping.layout import MappingFile

LONGEST: Final = 80  # characters of a number or name in a header


def outline(chunks: Iterable[bytes], mapping: MappingFile, file: str, dialect: Dialect) -> Iterator[Group]:
    """Give the groups of a file. Raises Rejected where the file cannot be parted."""
    segments = Segments(chunks, mapping, Findings(), file, dialect.opening)
    outermost, innermost = dialect.levels[0], dialect.levels[-1]
    grouped = dialect.telling is not None and dialect.telling.grouped
    grouping = dialect.levels[-2] if grouped else outermost
    around: Said = {}
    group: Group | None = None
    inside: Transaction | None = None  # which is open
    shut = False  # the trailer of the group, or of its interchange, has come
    for elements in segments:
        tag, number = "" if segments.wrong else elements[0], segments.number
        if tag == outermost.header:
            around = _said(elements, segments.marks, dialect.said[tag])
            if group:
                yield group
            group, shut = Group(around, number, bare=True), False
        if tag == grouping.header:
            if group and not group.bare:
                yield group
            own = _said(elements, segments.marks, dialect.said[tag]) if grouped else {}
            group, shut = Group({**around, **own}, number), False
        elif tag == grouping.trailer and group and not shut and len(elements) > grouping.count:
            counted = elements[grouping.count].strip()
            group.counted = int(counted) if counted.isdecimal() and len(counted) < len("1000000") else None
        if group:
            group.last = number
        shut = shut or tag in (grouping.trailer, outermost.trailer)
        if tag == innermost.header and group and not shut:
            inside = Transaction(_said(elements, segments.marks, dialect.said[tag]), number, number)
            group.transactions.append(inside)
        elif tag != innermost.trailer and dialect.level(tag):
            inside = None
        elif inside:
            inside.last, inside = number, None if tag == innermost.trailer else inside
    if group:
        yield group


def _said(elements: list[str], marks: Marks, places: Mapping[str, tuple[int, int]]) -> Said:
    return {name: text for name, place in places.items() if (text := _at(elements, marks, *place))}


def _at(elements: list[str], marks: Marks, element: int, component: int) -> str:
    text = elements[element] if element < len(elements) else ""
    if component:
        parts = marks.components(text)
        text = parts[component - 1] if component <= len(parts) else ""
    return marks.bare(text).strip()[:LONGEST]
