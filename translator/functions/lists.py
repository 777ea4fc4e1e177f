"""Lists: one of them, the least, the greatest, the one with a code."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from decimal import Decimal
from typing import Any, Final

from translator.core.tree import at, nothing
from translator.mapping import numbers
from translator.mapping.wrong import Wrong


def first(values: Any) -> Any:
    """The first entry that holds something."""
    found = _held(values)
    if not found:
        raise Wrong("value-missing", "first() of nothing")
    return found[0]


def last(values: Any) -> Any:
    """The last entry that holds something."""
    found = _held(values)
    if not found:
        raise Wrong("value-missing", "last() of nothing")
    return found[-1]


def only(values: Any) -> Any:
    """The one value all entries have; several different ones are an error."""
    found = _held(values)
    if not found or any(value != found[0] for value in found):
        raise Wrong("value-several" if found else "value-missing", f"only() wants one value, there are {len(found)}")
    return found[0]


def min_(values: Any) -> Any:
    """The least entry: of numbers, dates or texts."""
    return min(_comparable(values, "min"))[1]


def max_(values: Any) -> Any:
    """The greatest entry: of numbers, dates or texts."""
    return max(_comparable(values, "max"))[1]


def pick(entries: Any, code: Any) -> Any:
    """The entry whose first part is the code: qualifier and value pairs."""
    for entry in _list(entries):
        if isinstance(entry, Mapping) and next(iter(entry.values()), None) == code:
            return entry
    raise Wrong("value-missing", "pick() finds no entry with that code")


def sort(entries: Any, by: str = "") -> list[Any]:
    """In order: of numbers, dates or texts, or of one part of each entry."""
    held = _held(entries)
    named = [at(entry, by) if by else entry for entry in held]
    if any(nothing(value) for value in named):
        raise Wrong("value-missing", "sort() wants a value in each entry")
    keys = [key for key, _ in _comparable(named, "sort")] if named else []
    return [held[place] for place in sorted(range(len(held)), key=keys.__getitem__)]


def unique(values: Any) -> list[Any]:
    """Each value once, in the order they come."""
    found: list[Any] = []
    seen: set[Any] = set()
    for value in _held(values):
        key = value if isinstance(value, (str, int, Decimal, date)) else repr(value)
        if key not in seen:
            seen.add(key)
            found.append(value)
    return found


def _held(values: Any) -> list[Any]:
    return [value for value in _list(values) if not nothing(value)]


def _list(values: Any) -> list[Any]:
    return list(values) if isinstance(values, (list, tuple)) else [values]


def _comparable(values: Any, name: str) -> list[tuple[Any, Any]]:
    found = _held(values)
    if not found:
        raise Wrong("value-missing", f"{name}() of nothing")
    if isinstance(found[0], date):  # no number
        return [(value, value) for value in found]
    try:
        return [(numbers.number(value), value) for value in found]
    except Wrong:
        return [(value, value) for value in found]


FUNCTIONS: Final[Mapping[str, Callable[..., Any]]] = {
    "first": first, "last": last, "only": only, "min": min_, "max": max_, "pick": pick, "sort": sort, "unique": unique,
}  # fmt: skip

EXAMPLES: Final = (
    ("first(['', 'b', 'c'])", "b"),
    ("last(['b', 'c', ''])", "c"),
    ("only(['b', 'b'])", "b"),
    ("min(['10', '9'])", "9"),
    ("max(['2026-01-02', '2026-01-01'])", "2026-01-02"),
    ("pick([{'kind': 'UP', 'value': '0123'}], 'UP').value", "0123"),
    ("['10', '9'] | sort", ["9", "10"]),
    ("[{'line': '2'}, {'line': '1'}] | sort('line')", [{"line": "1"}, {"line": "2"}]),
    ("unique(['a', 'b', 'a'])", ["a", "b"]),
)
