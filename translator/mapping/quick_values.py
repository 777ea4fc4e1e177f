"""From cells to values, the quick way: record by record, or a whole block of records column by column.

Promise: a value that is given is the one that `reader` reads, without a finding; texts that documents take as they are
hold something, in ASCII. Whatever is unusual raises Unusual.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any, Final

from translator.core.alike import hold
from translator.mapping import convert
from translator.mapping.layout import Check, Field, Record
from translator.mapping.reader import parsed
from translator.mapping.wrong import Wrong

MOST: Final = 16_384  # values of one field that are remembered
LONG: Final = 64  # characters: longer texts are not, since nobody's file may fill the memory

DIGITS: Final = 9  # of a whole number that is read on the spot
_SECONDS: Final = len("2026-12-01T14:30:00")
_ISO: Final = "20[0-9]{2}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}Z"
_MOMENT: Final = re.compile(_ISO)
_MOMENTS: Final = re.compile(f"(?:{_ISO}\n)*+")
Column = Sequence[Any]


class Unusual(Exception):
    """Not for this way."""


class Memo(dict[Any, Any]):
    """What a field's texts mean: they repeat, and reading them is slow."""

    __slots__ = ("_read",)

    def __init__(self, read: Callable[[Any], Any]) -> None:
        super().__init__()
        self._read = read

    def __missing__(self, cell: Any) -> Any:
        found = self._read(cell)
        if type(cell) is str and len(cell) > LONG:
            return found
        if len(self) >= MOST:
            self.clear()
        self[cell] = found
        return found

    def learn(self, found: Mapping[Any, Any]) -> None:
        """Remember what other texts mean, as far as there is room for that many."""
        if len(self) + len(found) > MOST:
            self.clear()
        if len(found) <= MOST:
            self.update(found)


def reads(one: Field, check: Check) -> bool:
    """Tell a field of which a cell is more than its text."""
    return parsed(one) or fixed(one, check) or one.default is not None


def fixed(one: Field, check: Check) -> bool:
    """Tell a field of which a cell is held against its text."""
    return one.text is not None and (one.check or check) != "off"


@dataclass(frozen=True, slots=True)
class Asked:
    """What a document asks of the values of a row: fields whose texts it takes as they are, fields it cannot be without.

    `used`: all that it asks for; of the others it is enough that they can be read.
    """

    texts: frozenset[int]
    needed: frozenset[int]
    used: frozenset[int]


def code_of(record: Record, check: Check, keys: Sequence[int], asked: Asked) -> Iterator[str]:
    """Write `values(cells)`, `columns(…)` and `key(cells)`."""
    taken = [f"c{number}" for number in range(len(record.fields))]
    given = [_given(number, one, check) for number, one in enumerate(record.fields)]
    found = [_looked_at(number, code, record.fields[number], check, asked) for number, code in enumerate(given)]
    yield f"def values(cells):  # {record.name}, {record.rule}"
    yield f"    {', '.join(taken)}, = cells"
    yield f"    return {', '.join(found)},"
    yield f"def columns({', '.join(taken)}):"
    yield "    return ("
    for number, one in enumerate(record.fields):
        yield f"        {_column(number, one, check, asked)},  # {one.name}"
    yield "    )"
    yield "def key(cells):"
    yield f"    {', '.join(taken)}, = cells"
    yield f"    return ({''.join(f'{given[number]}, ' for number in keys)})"


def names_of(record: Record, check: Check, zone: str, asked: Asked) -> Mapping[str, Any]:
    """Give what the names in the code stand for."""
    memos = {
        f"m{number}": Memo(_reader(one, check, zone, needed=number in asked.needed))
        for number, one in enumerate(record.fields)
        if reads(one, check)
    }
    ours = {"Unusual": Unusual, "moment": _moment, "text": _text, "held": _held, "blank": blank}
    columns = {"texts": _texts, "maybe_texts": _maybe_texts, "there": _there, "digits": _digits}
    return {**ours, **columns, "each": _each, "wholes": _wholes, "moments": _moments, **memos}


def _given(number: int, one: Field, check: Check) -> str:
    """Write what a cell means; whole numbers and moments that are written as usual are read on the spot."""
    cell = f"c{number}"
    if not reads(one, check):
        return cell
    closely = f"m{number}[{cell}]"
    if _whole(one):
        digits = f"{cell} and {cell}.isdigit() and {cell}.isascii() and len({cell}) <= {DIGITS}"
        return f"int({cell}) if {digits} else {closely}"
    return f"moment({cell}) or {closely}" if _iso(one) else closely


def _looked_at(number: int, code: str, one: Field, check: Check, asked: Asked) -> str:
    """Write what refuses a text that the document cannot take, and nothing where something must stand."""
    if number in asked.texts:
        needed = one.required or number in asked.needed
        return f"text({code})" if needed else f"{code} if {code} is None else text({code})"
    return f"held({code})" if one.required and not reads(one, check) else code


def _column(number: int, one: Field, check: Check, asked: Asked) -> str:
    """Write what a column of cells means."""
    column = f"c{number}"
    if reads(one, check):  # that asks by itself whether something must stand there
        wholes = "wholes" if number in asked.used else "digits"
        return f"{wholes if _whole(one) else 'moments' if _iso(one) else 'each'}({column}, m{number})"
    needed = one.required or number in asked.needed
    if number in asked.texts:
        return f"{'texts' if needed else 'maybe_texts'}({column})"
    return f"there({column})" if needed else column


def _plainly(one: Field) -> bool:
    odd = one.lookup or one.empty is not None or one.text is not None or one.sign or one.thousands
    return not odd and one.pad in ("", "0")


def _whole(one: Field) -> bool:
    return _plainly(one) and one.type == "integer"


def _iso(one: Field) -> bool:
    return _plainly(one) and one.type != "integer" and one.date == ("iso",) and not one.zone


# --- one cell ---------------------------------------------------------------------------------------------------------


def _reader(one: Field, check: Check, zone: str, *, needed: bool) -> Callable[[Any], Any]:
    """Give what a cell means, as `reader` reads it; anything to be told is Unusual, and nothing where something must be."""
    parse = convert.parser(one, zone) if parsed(one) else None
    parse = by_minute(parse) if parse and _seconds(one) else parse
    holds = fixed(one, check)
    needed = needed or one.required or one.default is not None

    def read(cell: Any) -> Any:
        if cell is None:
            if needed:
                raise Unusual
            return None
        if holds and cell.strip() != (one.text or "").strip():
            raise Unusual
        try:
            found = cell if parse is None else parse(cell)
        except Wrong:
            raise Unusual from None
        if found is None and needed:
            raise Unusual
        return found

    return read


def _seconds(one: Field) -> bool:
    """Tell a date that ends in its seconds, whatever they are."""
    return len(one.date) == 1 and one.date[0].endswith("%M%S") and not one.lookup and one.empty is None


def by_minute(parse: convert.Parse) -> convert.Parse:
    """Read the minute, which many moments share, and put the seconds to it: since 2000 no zone's clock changed inside one."""

    def whole(minute: str) -> Any:
        try:
            return parse(f"{minute}59")  # there is no such second of 24:00
        except Wrong:
            return None

    minutes = Memo(whole)

    def read(cell: str) -> Any:
        minute, seconds = cell[:-2], cell[-2:]
        if seconds.isdecimal() and seconds.isascii() and len(seconds) == 2 and seconds < "60":
            found = minutes[minute]
            if type(found) is datetime and found.year >= 2000:
                return found.replace(second=int(seconds))
        return parse(cell)

    return read


def _text(cell: Any) -> Any:
    if type(cell) is str and cell and cell.isascii() and not cell.isspace():
        return cell
    raise Unusual


def _held(cell: Any) -> Any:
    if cell is None:
        raise Unusual
    return cell


def _moment(cell: Any) -> datetime | None:
    """Read a moment as nearly everybody writes it; None: to be read closely."""
    if type(cell) is str and _MOMENT.fullmatch(cell):
        try:
            return datetime.fromisoformat(cell)
        except ValueError:
            return None
    return None


# --- a column ---------------------------------------------------------------------------------------------------------


def _each(column: Column, memo: Memo) -> Column:
    return list(map(memo.__getitem__, column))


def _there(column: Column) -> Column:
    if all(column) or all(value is not None for value in column):
        return column
    raise Unusual


def _texts(column: Column) -> Column:
    try:
        if hold(column):
            return column
    except TypeError:  # nothing stands in some cell
        pass
    raise Unusual


def _maybe_texts(column: Column) -> Column:
    _texts(column if all(column) else [cell for cell in column if cell is not None])
    return column


def _wholes(column: Column, memo: Memo) -> Column:
    """Read whole numbers: those that are new together, since reading is slower than remembering."""
    new = {*column}.difference(memo)
    if new and all(new):
        digits = "".join(new)
        if digits.isdigit() and digits.isascii() and max(map(len, new)) <= DIGITS:
            memo.learn(dict(zip(new, map(int, new), strict=True)))
    return _each(column, memo)


def _digits(column: Column, memo: Memo) -> Column:
    """See that whole numbers can be read, where nobody asks for them."""
    if all(column):
        digits = "".join(column)
        if digits.isdigit() and digits.isascii() and max(map(len, column)) <= DIGITS:
            return column
    return _each(column, memo)


def _moments(column: Column, memo: Memo) -> Column:
    if all(column) and _MOMENTS.fullmatch("\n".join([*column, ""])):
        try:
            return list(map(datetime.fromisoformat, column))
        except ValueError:
            pass
    return [_moment(cell) or memo[cell] for cell in column]


# --- what documents hold ----------------------------------------------------------------------------------------------


def blank(key: Any) -> bool:
    """Tell a key by which nothing can be joined: absent, or blanks."""
    return key is None or (type(key) is str and not key.strip())


def plain_value(value: Any) -> Any:
    """Give a value that needs no conversion as documents hold it."""
    if type(value) is str:
        return _text(value)
    if type(value) is int or type(value) is Decimal or type(value) is bool:
        return value
    if isinstance(value, date):
        return _zulu(value)
    raise Unusual


def _zulu(value: date) -> str:
    if type(value) is datetime:
        return f"{value.astimezone(UTC).isoformat()[:_SECONDS]}Z"
    raise Unusual
