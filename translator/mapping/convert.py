"""From text to values and back, as a field says: the parse side for readers, the write side for writers.

`parser(field)` gives a function from a cell's text to its value, or None where nothing stands. `value_writer(field)`
gives one from a value to its text, before width is looked at. Both raise Wrong and nothing else.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from decimal import Decimal
from functools import cache, partial
from typing import Any, Final, Literal

from translator.core.alike import composed
from translator.mapping import date_patterns, dates, numbers, tables, zones
from translator.mapping.dates import Moment
from translator.mapping.layout import Field, Lookup, Table
from translator.mapping.numbers import Notation
from translator.mapping.wrong import Wrong

Value = str | int | Decimal | Moment
Parse = Callable[[str], Value | None]
Find = Callable[[tuple[str, ...]], str]
NUMERIC: Final = ("integer", "decimal")
SHORT: Final = 18  # digits


# --- reading -----------------------------------------------------------------------------------------------------


def parser(field: Field, zone: str = "") -> Parse:
    """Give the function from a cell to a value: text, int, Decimal, an aware datetime or a day; None for nothing.

    `zone`: what `zone: warehouse` means here. A lookup by several columns is left to `looked_up`.
    """
    if field.split:
        return _parted(field, zone)
    convert = _conversion(field, zone)
    strip = _stripper(field)
    empty = field.empty

    def parse(text: str) -> Value | None:
        if text == empty:
            return None
        text = strip(text)
        return None if not text or text.isspace() or text == empty else convert(text)

    return parse


def _parted(field: Field, zone: str) -> Parse:
    """Read each of the values that stand in one cell; blank ones are none."""
    parse, mark = parser(replace(field, split=""), zone), field.split

    def parsed(text: str) -> Any:
        found = [value for piece in text.split(mark) if (value := parse(piece)) is not None]
        return found or None

    return parsed


def _conversion(field: Field, zone: str) -> Callable[[str], Value]:
    convert = _kind(field, zone)
    if field.lookup is None or field.lookup.by:
        return convert
    find = finder(field.lookup)
    return lambda text: convert(find((text,)))


def _kind(field: Field, zone: str) -> Callable[[str], Value]:
    if field.date:
        return _dated(field, zone if field.zone == zones.WAREHOUSE else field.zone)
    if field.type == "integer":
        return partial(_integer, field=field, read=numbers.reading(notation(field)))
    if field.type == "decimal":
        return partial(_decimal, field=field, read=numbers.reading(notation(field)))
    return str


def _dated(field: Field, zone: str) -> Callable[[str], Value]:
    """Read a moment or a day. What is only a time of day stays text, for the picture to join with its day."""
    if all(date_patterns.pattern(one).time_only for one in field.date):
        return partial(dates.clock, patterns=field.date)
    return partial(dates.parse, patterns=field.date, zone_name=zone, at=field.time, pivot=field.pivot, dst=field.dst)


def _integer(text: str, field: Field, read: Callable[[str], Decimal]) -> int:
    if text.isdigit() and text.isascii() and len(text) <= SHORT:
        return int(text)
    return numbers.whole(read(text), field.round)


def _decimal(text: str, field: Field, read: Callable[[str], Decimal]) -> Decimal:
    found = read(text)
    return found if field.places is None else numbers.placed(found, field.places, field.round)


def notation(field: Field) -> Notation:
    """Say how a field's numbers look."""
    mark = "," if field.type == "integer" and field.thousands == "." else field.mark  # a whole number has none
    return Notation(mark, field.thousands, field.implied, numbers.APART if field.sign_of else field.sign)


def _stripper(field: Field) -> Callable[[str], str]:
    """Take the padding off: what was padded on the right is blank there, zeros before a number are part of it."""
    pad = field.pad or " "
    if field.type in NUMERIC or field.date:
        return _unpadded if pad in " 0" else lambda text: text.strip(" ").strip(pad)
    if not field.len and not field.pad:
        return str
    return (lambda text: text.lstrip(pad)) if field.justify == "right" else (lambda text: text.rstrip(pad))


def _unpadded(text: str) -> str:
    return text.strip(" ")  # not other blanks: a number with a hard space in it is told


def iso(value: Moment) -> str:
    """Write a moment as documents hold it."""
    return dates.written(value, date_patterns.ISO)


# --- tables ------------------------------------------------------------------------------------------------------


def finder(lookup: Lookup, *, reverse: bool | None = None) -> Find:
    """Give the function that answers from a table, or says what a miss is."""
    find = tables.finder(lookup, reverse=reverse)

    def found(asked: tuple[str, ...]) -> str:
        answer = find(asked)
        if answer is None and not all(map(str.isascii, asked)):
            answer = find(tuple(map(composed, asked)))
        return missed(lookup, asked) if answer is None else answer

    return found


def asker(known: Mapping[str, Table], miss: Literal["hold", "error"]) -> Callable[[str, str, str, str], str]:
    """Give what `lookup(value, 'table', give=…, col=…)` asks. It raises Wrong."""

    @cache
    def find(name: str, give: str, column: str) -> Find:
        if name not in known:
            raise Wrong("lookup-table", f"there is no table '{name}'")
        lookup = tables.by_column(known[name], give, column, miss)
        for fault in tables.faults(lookup, lookup.table.rule):
            raise Wrong(fault.code, fault.text, fault.hint)
        return finder(lookup)

    return lambda value, name, give, column: find(name, give, column)((value,))


def missed(lookup: Lookup, asked: tuple[str, ...]) -> str:
    """Answer for a table that does not know: the value itself, a text, or Wrong."""
    if lookup.miss == "pass" and len(asked) == 1:
        return asked[0]
    if lookup.miss == "text":
        return lookup.miss_text
    name = f"the table '{lookup.table.name}'" if lookup.table.name else "the table written here"
    add = f"add it to {lookup.table.rule.file}" if lookup.table.name else "add it in the mapping"
    hint = _other_way(lookup, asked) or add
    code = "lookup-miss-hold" if lookup.miss == "hold" else "lookup-miss"
    raise Wrong(code, f"{name} does not know {{}}", hint, value=" ".join(asked))


def _other_way(lookup: Lookup, asked: tuple[str, ...]) -> str:
    """Say that a value stands in the column that answers, and how that one is asked."""
    give = tables.question(lookup).give
    if len(asked) > 1 or all(row[give] != asked[0] for row in lookup.table.rows):
        return ""
    how = "without `reverse: true`" if lookup.reverse else "with `reverse: true`"
    return f"it stands in the column '{lookup.table.columns[give]}': {how} that one is asked"


# --- writing -----------------------------------------------------------------------------------------------------


def plain(value: object) -> str:
    """Write a value as text, as it is. Raises Wrong for what is no single value."""
    if isinstance(value, str):
        return value
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, (int, Decimal)):
        return numbers.plain(value)
    if isinstance(value, Moment):
        return iso(dates.aware(value))
    what = "a list" if isinstance(value, (list, tuple)) else "an object" if isinstance(value, dict) else "no value"
    hint = {"a list": "`each` writes a line for each; first(…), join(…, ', ')", "an object": "name what is in it"}
    raise Wrong("value-type", f"{what} where one value is wanted", hint.get(what, ""))


def value_writer(field: Field) -> Callable[[object, str], str]:
    """Give the function from a value and the zone of the warehouse to its text, before width is looked at."""
    if field.date:
        return partial(_date_text, field=field)
    if field.type == "integer":
        return partial(_integer_text, field=field, how=None if notation(field) == numbers.PLAIN else notation(field))
    if field.type == "decimal":
        return partial(_decimal_text, field=field, how=notation(field))
    return lambda value, _: plain(value)


def _date_text(value: object, zone: str, field: Field) -> str:
    name = zone if field.zone == zones.WAREHOUSE else field.zone
    if field.zone and not name:
        raise Wrong("date-zone", "the warehouse's time zone is not known", "warehouses: {CODE: America/Chicago}")
    if isinstance(value, str):
        return dates.rewritten(value, field.date[0], name, field.time, field.pivot, field.dst)
    return dates.written(dates.aware(value), field.date[0], name, field.time, field.pivot, field.dst)


def _integer_text(value: object, _: str, field: Field, how: Notation | None) -> str:
    if type(value) is int and how is None:
        return str(value)
    return numbers.written(numbers.whole(numbers.number(value), field.round), how or numbers.PLAIN)


def _decimal_text(value: object, _: str, field: Field, how: Notation) -> str:
    return numbers.written(decimal_of(value, field), how)


def decimal_of(value: object, field: Field) -> Decimal:
    """Give a number with the places a field wants."""
    found = numbers.number(value)
    if field.implied:
        return numbers.placed(found, field.implied, field.round).scaleb(field.implied, numbers.EXACT)
    return found if field.places is None else numbers.placed(found, field.places, field.round)


def number_of(value: object, field: Field) -> int | Decimal:
    """Give a number as its field has it: whole, or with its places."""
    if field.type == "integer":
        return numbers.whole(numbers.number(value), field.round)
    return decimal_of(value, field)


def typed(value: object, field: Field) -> object:
    """Give a value as typed formats hold it: numbers stay numbers."""
    if field.type in NUMERIC:
        found = number_of(value, field)
        return numbers.negated(found) if field.sign_of and found < 0 else found
    return value if isinstance(value, (bool, int, Decimal)) else plain(value)
