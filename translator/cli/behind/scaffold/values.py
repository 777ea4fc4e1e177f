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
_GROUPED: Final = re.compile(r"[+-]?[1-9]\d{0,2}(?:([.,' ])\d{3})+(?:(?!\1)([.,])\d{1,4})?")  # 1.200,00
_DOUBT: Final = "over a thousand, or three places?"
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
    elif _parted(column, held):
        pass
    elif marks := {found[1] for value in held if (found := _DECIMAL.fullmatch(value))}:
        _decimal(column, held, marks)


def agreed(columns: Sequence[Column]) -> None:
    """Settle what `1.200` is by the numbers of other columns: where those have a decimal comma, its thousands are parted."""
    told = {one.mark for one in columns if one.type == "decimal" and _DOUBT not in one.guesses}
    for one in columns:
        if _DOUBT in one.guesses and told and one.mark not in told:
            one.type, one.counts, one.thousands, one.mark = "text", True, one.mark, "."
            one.guesses[one.guesses.index(_DOUBT)] = f"thousands parted by {one.thousands!r}"


def _parted(column: Column, held: Sequence[str]) -> bool:
    """Tell numbers whose thousands are parted: 1.200,00; also 1.200, where others beside it are whole, as 15."""
    grouped = [found for value in held if (found := _GROUPED.fullmatch(value))]
    parts, marks = {found[1] for found in grouped}, {found[2] for found in grouped if found[2]}
    rest = [value for value in held if not _GROUPED.fullmatch(value) and not _INTEGER.fullmatch(value)]
    decimals = [found[1] for value in rest if (found := _DECIMAL.fullmatch(value))]
    marks |= set(decimals)
    twice = any(found[0].count(found[1]) > 1 for found in grouped)
    whole = any(_INTEGER.fullmatch(value) for value in held)
    if len(parts) != 1 or len(decimals) < len(rest) or len(marks - parts) != len(marks) or len(marks) > 1:
        return False
    if not (marks or twice or whole):
        column.guesses.append(_DOUBT)
        return False
    column.thousands = parts.pop()
    if marks:
        column.type, column.mark = "decimal", marks.pop()
    else:
        column.counts = True
        column.guesses.append(f"thousands parted by {column.thousands!r}")
    return True


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
