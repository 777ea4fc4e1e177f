"""Records that cannot be told apart: the first one takes the lines of the other (mapping-language §4, rule 1).

One that stands there once, and must, takes its line and is used up: its place tells it. One that may be left out does not.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Final

from translator.core.finding import Finding
from translator.mapping.layout import Field, Record
from translator.mapping.lints.advice import Looked
from translator.mapping.lints.positions import placed
from translator.mapping.segments import spots, tag_of

LINES: Final = ("csv", "fixed")  # and formats of segments; elsewhere a name says what a record is
Codes = Callable[[Record], dict[tuple[int, int], set[str]]]
Around = tuple[tuple[Record, ...], ...]  # what may follow one level out, and further out


def shadowed(looked: Looked) -> Iterator[Finding]:
    """Name the pairs of records where the first one takes what may be meant for the second."""
    if looked.mapping.direction != "reads":
        return
    if looked.mapping.transaction:
        yield from _level(looked.mapping.records, (), _segment_codes)
    elif looked.mapping.format in LINES:
        yield from _level(looked.mapping.records, (), _codes)


def _level(records: tuple[Record, ...], around: Around, codes: Codes) -> Iterator[Finding]:
    for number, first in enumerate(records):
        for other in (*records[number + 1 :], *_outside(first, around)):
            if (first.times.many or not first.times.least) and _takes(first, other, codes):
                yield _unclear(first, other)
        yield from _level(first.records, (*around, _following(records, number)), codes)


def _outside(first: Record, around: Around) -> list[Record]:
    return [record for level in around for record in level if record is not first]


def _following(records: Sequence[Record], number: int) -> tuple[Record, ...]:
    """Give what may come after all that belongs to a record: itself once more, and its siblings."""
    again = records[number : number + 1] if records[number].times.many else ()
    return (*again, *records[number + 1 :])


def _takes(first: Record, other: Record, codes: Codes) -> bool:
    """Tell whether every line of `other` would be taken for `first`."""
    if first.match or any(_parent(one) for one in first.fields):
        return False
    ours, theirs = codes(first), codes(other)
    return set(ours) <= set(theirs) and all(ours[place] & theirs[place] for place in ours)


def _parent(one: Field) -> bool:
    """Tell whether a field names the record around it: lines of another one are not taken."""
    return one.equals is not None and "." in one.equals.text and "(" not in one.equals.text


def _codes(record: Record) -> dict[tuple[int, int], set[str]]:
    """Give the codes of a record by where they stand, from and to."""
    return {(start, end): set(field.is_) for start, end, field in placed(record) if field.is_}


def _segment_codes(record: Record) -> dict[tuple[int, int], set[str]]:
    """Give the codes of a segment, its tag among them, by element and component."""
    tag, qualifier = tag_of(record)
    found = {(0, 0): {tag}} | ({(1, 1): {qualifier}} if qualifier else {})
    pairs = zip(record.fields, spots(record), strict=True)
    return found | {(spot.element, spot.component or 1): {*field.is_} for field, spot in pairs if field.is_}


def _unclear(first: Record, other: Record) -> Finding:
    text = (
        f"'{first.name}' and '{other.name}' cannot be told apart: a line of '{other.name}' is taken for '{first.name}'"
    )
    hint = "is: on the field that holds the code, match: …, or another order"
    return Finding("records-ambiguous", text, rule=other.rule, hint=hint)


ADVISE: Final = shadowed
