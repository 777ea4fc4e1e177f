"""What the conversion keys of a field cannot mean: found when a mapping is loaded, each with its key and what to do."""

from __future__ import annotations

from collections.abc import Iterator

from translator.core.finding import counted, suggestion
from translator.mapping import date_patterns, numbers, zones
from translator.mapping.convert import NUMERIC, notation
from translator.mapping.layout import Field
from translator.mapping.wrong import Wrong

Fault = tuple[str, str, str]  # key, sentence, hint


def faults(field: Field, *, writes: bool = True) -> list[Fault]:
    """Say what a field's conversion keys cannot mean."""
    return [*_number_faults(field), *_date_faults(field, writes=writes), *_width_faults(field)]


def _number_faults(field: Field) -> Iterator[Fault]:
    numeric = field.type in NUMERIC
    for key, value in (
        ("places", field.places),
        ("implied", field.implied),
        ("thousands", field.thousands),
        ("sign", field.sign or field.sign_of),
        ("round", field.round),
    ):
        if value and not numeric:
            yield key, f"'{key}' wants a number", "type: decimal"
    if field.type == "integer" and (field.places or field.implied):
        yield "type", "an integer has no places", "type: decimal"
    if field.implied and field.places is not None:
        yield "places", "'places' and 'implied' exclude each other", "implied: 2 writes 12.5 as 1250"
    if numeric and field.date:
        yield "date", "a date is no number", "leave 'type' out"
    if numeric:
        yield from _thousands_faults(field)
        yield from _filling_faults(field)


def _thousands_faults(field: Field) -> Iterator[Fault]:
    mark = field.thousands
    if not mark:
        return
    if len(mark) > 1 or mark.isalnum() or mark in "+-" or mark == notation(field).mark:
        yield "thousands", "'thousands' is one character, no digit, no sign, not the decimal mark", 'thousands: ","'
    if field.implied or field.sign == numbers.OVERPUNCH or field.pad == "0":
        yield "thousands", "'thousands' excludes 'implied', 'sign: overpunch' and 'pad: 0'", ""


def _filling_faults(field: Field) -> Iterator[Fault]:
    """A number filled with what could be part of it would be another number."""
    if field.pad == "0" and field.justify == "left":
        yield "justify", "zeros on the right would make another number", "leave 'justify' out"
    elif field.pad not in ("", "0") and (field.pad.isalnum() or field.pad in "+-{}.,"):
        yield "pad", "a number is not filled with what may be part of one", "pad: 0"


def _date_faults(field: Field, *, writes: bool) -> Iterator[Fault]:
    if not field.date:
        for key in ("zone", "zone_from", "time", "pivot"):
            if getattr(field, key):
                yield key.removesuffix("_from"), f"'{key.removesuffix('_from')}' wants 'date'", 'date: "%Y%m%d"'
        return
    for one in field.date:
        yield from _pattern_faults(field, one, writes=writes)
    if field.zone and field.zone != zones.WAREHOUSE:
        try:
            zones.zone(field.zone)
        except Wrong as wrong:
            yield "zone", wrong.text, suggestion(field.zone, zones.USUAL) or wrong.hint
    try:
        if field.time:
            zones.clock_of(field.time)
    except ValueError as error:
        yield "time", str(error), 'time: "17:00"'


def _pattern_faults(field: Field, one: str, *, writes: bool) -> Iterator[Fault]:
    try:
        found = date_patterns.pattern(one)
    except Wrong as wrong:
        yield "date", wrong.text, wrong.hint
        return
    if field.pivot is not None and "y" not in found.names:
        yield "pivot", f"'pivot' is for years of two digits, which '{one}' has not", ""
    if writes:
        return
    lacks, hint = date_patterns.incomplete(one)
    if lacks:
        yield "date", f"the date pattern '{one}' has {lacks}", hint
    zoned = field.zone or field.zone_from or found.zoned or found.time_only
    if not zoned and not (found.day_only and not field.time):
        yield "date", f"the date pattern '{one}' wants 'zone'", "zone: America/Chicago, or zone: warehouse"
    if found.time_only != date_patterns.pattern(field.date[0]).time_only:
        yield "date", "a day and a time of day are not read by one field", ""


def _width_faults(field: Field) -> Iterator[Fault]:
    if len(field.pad) > 1:
        yield "pad", "'pad' is one character", "pad: 0"
    width = field.len or field.max
    for key, text in (
        ("text", field.text),
        ("default", field.default),
        ("redacted", field.redacted),
        ("empty", field.empty),
    ):
        if width and text and len(text) > width and not field.truncate and not field.rest:
            yield key, f"'{key}' has {counted(len(text), 'character')}, the field {width}", ""
    for text in field.is_:
        if width and len(text) > width:
            yield "is", f"'is' has {counted(len(text), 'character')}, the field {width}", ""
