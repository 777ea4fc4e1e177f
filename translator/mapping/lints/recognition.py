"""Records that cannot be told apart: the first one takes the lines of the other (mapping-language §4, rule 1).

One that stands there once, and must, takes its line and is used up: its place tells it. One that may be left out does not.
Two that ask for codes in different places may both be meant by one line: no more than told, as such lines may never come.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from translator.core.finding import Finding, Severity
from translator.mapping.layout import Record, every_record
from translator.mapping.lints.advice import Looked
from translator.mapping.lints.positions import ELEMENT, columned, placed
from translator.mapping.repeats import repeats
from translator.mapping.segments import spots, tag_of

LINES: Final = ("csv", "fixed")  # and formats of segments; elsewhere a name says what a record is
Place = tuple[int, int]  # from and to
Codes = Callable[[Record], dict[Place, set[str]]]
Around = tuple[tuple[Record, ...], ...]  # what may follow one level out, and further out


def shadowed(looked: Looked) -> Iterator[Finding]:
    """Name the pairs of records where the first one takes what may be meant for the second."""
    if looked.mapping.direction != "reads":
        return
    records, more = looked.mapping.records, _asking(looked.mapping.records)
    if looked.mapping.transaction:
        yield from _level(records, (), _Telling(_segment_codes, more))
    elif looked.mapping.format in LINES:
        yield from _level(records, (), _Telling(_codes if looked.mapping.format == "fixed" else _column_codes, more))


def _asking(records: tuple[Record, ...]) -> frozenset[int]:
    """Give the ids of records that ask for more than codes: a condition, or what a record around them says."""
    return frozenset(repeats(records)) | {id(one) for one in every_record(records) if one.match is not None}


def _level(records: tuple[Record, ...], around: Around, telling: _Telling) -> Iterator[Finding]:
    for number, first in enumerate(records):
        for other in (*records[number + 1 :], *_outside(first, around)):
            if (first.times.many or not first.times.least) and telling.takes(first, other):
                yield _unclear(first, other)
            elif (first.times.many or not first.times.least) and telling.both(first, other):
                yield _shared(first, other)
        yield from _level(first.records, (*around, _following(records, number)), telling)


def _outside(first: Record, around: Around) -> list[Record]:
    return [record for level in around for record in level if record is not first]


def _following(records: Sequence[Record], number: int) -> tuple[Record, ...]:
    """Give what may come after all that belongs to a record: itself once more, and its siblings."""
    again = records[number : number + 1] if records[number].times.many else ()
    return (*again, *records[number + 1 :])


@dataclass(frozen=True, slots=True)
class _Telling:
    """How records are told apart: by codes, and some, by their ids, by more than codes."""

    codes: Codes
    more: frozenset[int]

    def takes(self, first: Record, other: Record) -> bool:
        """Tell whether every line of `other` would be taken for `first`."""
        if id(first) in self.more:
            return False
        ours, theirs = self.codes(first), self.codes(other)
        return set(ours) <= set(theirs) and all(ours[place] & theirs[place] for place in ours)

    def both(self, first: Record, other: Record) -> bool:
        """Tell whether a line may have the codes of both, each of which asks for one where the other does not."""
        if {id(first), id(other)} & self.more:
            return False
        ours, theirs = self.codes(first), self.codes(other)
        told = set(ours) - set(theirs) and set(theirs) - set(ours)
        return bool(told) and all(_agree(one, ours[one], two, theirs[two]) for one in ours for two in theirs)


def _agree(one: Place, codes: set[str], two: Place, others: set[str]) -> bool:
    """Tell whether codes in two places, from and to, do not contradict each other."""
    if one == two:
        return bool(codes & others)
    (start, end), (begin, stop) = one, two
    if end <= begin or stop <= start:
        return True
    common = min(end, stop) - start
    cut = {code.ljust(common)[:common] for code in others}
    return start == begin and any(code.ljust(common)[:common] in cut for code in codes)


def _codes(record: Record) -> dict[Place, set[str]]:
    """Give the codes of a record by where they stand, from and to."""
    return {(start, end): set(field.is_) for start, end, field in placed(record) if field.is_}


def _column_codes(record: Record) -> dict[Place, set[str]]:
    """Give the codes of a record by the columns they stand in."""
    return {(start, end): set(field.is_) for start, end, field in columned(record) if field.is_}


def _segment_codes(record: Record) -> dict[Place, set[str]]:
    """Give the codes of a segment, its tag among them, by where they stand; a whole element is its first component."""
    tag, qualifier = tag_of(record)
    found = {_spot(0, 0): {tag}} | ({_spot(1, 1): {qualifier}} if qualifier else {})
    pairs = zip(record.fields, spots(record), strict=True)
    return found | {_spot(spot.element, spot.component or 1): {*field.is_} for field, spot in pairs if field.is_}


def _spot(element: int, component: int) -> Place:
    return element * ELEMENT + component, element * ELEMENT + component + 1


def _unclear(first: Record, other: Record) -> Finding:
    text = (
        f"'{first.name}' and '{other.name}' cannot be told apart: a line of '{other.name}' is taken for '{first.name}'"
    )
    hint = "is: on the field that holds the code, match: …, or another order"
    return Finding("records-ambiguous", text, rule=other.rule, hint=hint)


def _shared(first: Record, other: Record) -> Finding:
    text = f"a line with the codes of both '{first.name}' and '{other.name}' is taken for '{first.name}'"
    hint = "let both ask for the same place, or say match: … in one of them"
    return Finding("records-overlap", text, rule=other.rule, hint=hint, severity=Severity.WARNING)


ADVISE: Final = shadowed
