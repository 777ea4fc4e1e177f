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
_SHORT: Final = re.compile(r"%([mdHI])")
_SAID: Final = re.compile(r"date|day|dat|time|dt\b|stamp|when|_on\b|shipped|due", re.IGNORECASE)
_YEARS: Final = range(1995, 2050)


def kind(column: Column, values: Sequence[str], *, fixed: bool = False) -> None:
    """Note in a column what its values look like. `fixed`: numbers may be filled with zeros, decimals implied.

    Whole numbers stay text: of a number that names something the zeros before it count. What is counted, its name says.
    """
    held = [value.strip() for value in values if value.strip()]
    if not held:
        column.guesses.append("nothing stands in it in the sample")
        return
    date = _date(held, column.title or column.name)
    if date:
        column.date = date
        column.guesses.append("a date" if _clear(date, held) else "a date; day and month may be the other way round")
    elif all(_INTEGER.fullmatch(value) for value in held):
        column.counts = True
    elif fixed and all(_FILLED.fullmatch(value) for value in held) and len(set(map(len, held))) == 1:
        column.counts = True
        column.guesses.append("digits filled with zeros: a number, or a code?")
    elif marks := {found[1] for value in held if (found := _DECIMAL.fullmatch(value))}:
        _decimal(column, held, marks)


def _decimal(column: Column, held: Sequence[str], marks: set[str]) -> None:
    if len(marks) == 1 and all(_DECIMAL.fullmatch(value) or _INTEGER.fullmatch(value) for value in held):
        column.type, column.mark = "decimal", marks.pop()


def _date(held: Sequence[str], title: str) -> str:
    """Find the pattern that all values follow; digits alone are a date only where their name does not say otherwise."""
    if all(_ZONED.fullmatch(value) for value in held):
        return "iso"
    digits = all(value.isdigit() for value in held)
    if digits and title and not _SAID.search(title):
        return ""
    for pattern in map(str.strip, _DATES):
        if all(_reads(value, pattern) for value in held):
            return pattern
        short = _SHORT.sub(r"%-\1", pattern)
        if not digits and all(_reads(value, pattern, short=True) for value in held):
            return short
    return ""


def _reads(value: str, pattern: str, *, short: bool = False) -> bool:
    """Tell whether a value follows a pattern, to the letter. `short`: days, months and hours may have one digit."""
    try:
        found = datetime.strptime(value, pattern)
    except ValueError:
        return False
    return found.year in _YEARS and (short or found.strftime(pattern).lower() == value.lower())


def _clear(pattern: str, held: Sequence[str]) -> bool:
    """Tell whether the values settle what is the day and what the month."""
    plain = pattern.replace("-", "")
    if not any(part in plain for part in ("%m/%d", "%d/%m", "%m%d%Y")):
        return True
    return any(int(number) > 12 for value in held for number in re.findall(r"\d\d?", value)[:2])
