"""What kind of values a column holds, guessed from some of them. No value leaves this module but as its kind."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import datetime
from typing import Final

from translator.cli.behind.scaffold.shape import Column

_DATES: Final = tuple("""
%Y-%m-%dT%H:%M:%S | %Y-%m-%d %H:%M:%S | %Y-%m-%d %H:%M | %Y-%m-%d | %Y/%m/%d | %Y%m%d%H%M%S | %Y%m%d%H%M | %Y%m%d |
%m/%d/%Y %H:%M:%S | %m/%d/%Y %H:%M | %m/%d/%Y | %d/%m/%Y | %d.%m.%Y %H:%M | %d.%m.%Y | %d-%b-%Y | %m%d%Y | %m/%d/%y | %d.%m.%y
""".replace("\n", " ").split("|"))  # fmt: skip
_ZONED: Final = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d(\.\d+)?)?(Z|[+-]\d\d:?\d\d)")
_INTEGER: Final = re.compile(r"[+-]?(0|[1-9]\d{0,8})")
_FILLED: Final = re.compile(r"0\d*")
_DECIMAL: Final = re.compile(r"[+-]?\d{1,12}([.,])\d{1,4}")
_YEARS: Final = range(1995, 2050)


def kind(column: Column, values: Sequence[str], *, fixed: bool = False) -> None:
    """Note in a column what its values look like. `fixed`: numbers may be filled with zeros, decimals implied."""
    held = [value.strip() for value in values if value.strip()]
    if not held:
        column.guesses.append("nothing stands in it in the sample")
        return
    date = _date(held)
    if date:
        column.date = date
        column.guesses.append("a date" if _clear(date, held) else "a date; day and month may be the other way round")
    elif all(_INTEGER.fullmatch(value) for value in held):
        column.type = "integer"
    elif fixed and all(_FILLED.fullmatch(value) for value in held) and len(set(map(len, held))) == 1:
        column.guesses.append("digits filled with zeros: a number, or a code?")
    elif marks := {found[1] for value in held if (found := _DECIMAL.fullmatch(value))}:
        _decimal(column, held, marks)


def _decimal(column: Column, held: Sequence[str], marks: set[str]) -> None:
    if len(marks) == 1 and all(_DECIMAL.fullmatch(value) or _INTEGER.fullmatch(value) for value in held):
        column.type, column.mark = "decimal", marks.pop()


def _date(held: Sequence[str]) -> str:
    if all(_ZONED.fullmatch(value) for value in held):
        return "iso"
    return next((pattern for pattern in map(str.strip, _DATES) if all(_reads(value, pattern) for value in held)), "")


def _reads(value: str, pattern: str) -> bool:
    try:
        found = datetime.strptime(value, pattern)
    except ValueError:
        return False
    return found.year in _YEARS and len(value) >= len(found.strftime(pattern)) - 2


def _clear(pattern: str, held: Sequence[str]) -> bool:
    """Tell whether the values settle what is the day and what the month."""
    if "%m/%d" not in pattern and "%d/%m" not in pattern and "%m%d%Y" not in pattern:
        return True
    return any(int(number) > 12 for value in held for number in re.findall(r"\d\d?", value)[:2])
