"""Where the cells of segments stand in a file, character by character."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import accumulate

from translator.core.finding import Findings
from translator.formats.dialect import Dialect
from translator.formats.lines import texts
from translator.formats.marks import Marks, parted
from translator.formats.segment_places import places_of
from translator.formats.segments import Segments
from translator.formats.stands import Stand, Stands, standing
from translator.mapping.layout import Field, MappingFile
from translator.mapping.row import Row
from translator.mapping.segments import Spot

Span = tuple[int, int]


def where(data: bytes, rows: Sequence[Row], mapping: MappingFile, dialect: Dialect) -> Stands:
    """Find the cells of rows: each row is a segment, in the order of the file."""
    text = "".join(texts([data], mapping, Findings(), ""))
    if mapping.options.get("width"):  # lines break in the midst of values: nobody wants to see that
        return standing(text, iter(()))
    segments = Segments([data], mapping, Findings(), "", dialect.opening)
    spans: dict[int, tuple[list[Span], Marks]] = {}
    for elements in segments:
        spans[segments.number] = _spans(elements, segments.start, segments.marks), segments.marks
    found: list[Stand] = []
    for number, row in enumerate(rows, 1):
        own, marks = spans.get(row.place.line or number, ([], segments.marks))
        plan = places_of(row.record)  # type: ignore[arg-type]
        found += _stands(row, plan.spots, own, text, marks)
    return standing(text, iter(found))


def _spans(elements: list[str], start: int, marks: Marks) -> list[Span]:
    """Say from where to where each element of a segment stands."""
    starts = [start, *(start + at for at in accumulate(len(one) + 1 for one in elements))]
    return [(at, at + len(one)) for at, one in zip(starts, elements, strict=False)]


def _stands(row: Row, spots: Sequence[Spot], elements: Sequence[Span], text: str, marks: Marks) -> Iterator[Stand]:
    for number, (one, spot) in enumerate(zip(row.record.fields, spots, strict=True)):
        if spot.element >= len(elements):
            continue
        span = elements[spot.element]
        cell = row.cells[number]
        if spot.kind == "leaf":
            yield Stand(row, number, *_component(span, spot.component, text, marks))
        elif isinstance(cell, list):
            yield from _inside(one, spot, cell, elements, text, marks)


def _inside(
    one: Field, spot: Spot, rows: Sequence[Row], elements: Sequence[Span], text: str, marks: Marks
) -> Iterator[Stand]:
    for number, inner in enumerate(rows):
        if spot.kind == "run":
            yield from _stands(
                inner, [place.further(number * spot.step) for place in spot.inside], elements, text, marks
            )
        elif spot.kind == "composite":
            yield from _stands(inner, spot.inside, elements, text, marks)
        else:
            turns = _parts(elements[spot.element], marks.repetition, text, marks)
            own = {spot.element: turns[number]} if number < len(turns) else {}
            for place, field in enumerate(spot.inside):
                if spot.element in own:
                    yield Stand(inner, place, *_component(own[spot.element], field.component, text, marks))


def _component(span: Span, component: int, text: str, marks: Marks) -> Span:
    if not component:
        return span
    parts = _parts(span, marks.component, text, marks)
    return parts[component - 1] if component <= len(parts) else (span[1], span[1])


def _parts(span: Span, mark: str, text: str, marks: Marks) -> list[Span]:
    parts = parted(text[span[0] : span[1]], mark, marks.release) if mark else [text[span[0] : span[1]]]
    starts = [span[0], *(span[0] + at for at in accumulate(len(one) + 1 for one in parts))]
    return [(at, at + len(one)) for at, one in zip(starts, parts, strict=False)]
