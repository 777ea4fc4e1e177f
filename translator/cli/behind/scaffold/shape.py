"""What is known of a file before there is a mapping: its format, its records, their columns."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Final

from translator.cli.behind.scaffold.german import folded

_RESERVED: Final = frozenset(  # words of expressions, and functions that gather
    "and or not in is if else true false none True False None loop row count sum min max first last only unique join "
    "order item file now partner batch".split()
)

_PREFIX: Final = re.compile(r"^@?[\w.-]+:(?=[\w.-]+$)")


@dataclass(slots=True)
class Column:
    """One column, field, element or key. `note`: what its list says about it. `guesses`: what a person should look at."""

    title: str
    name: str = ""  # in the mapping
    at: str = ""
    length: int | None = None
    type: str = "text"
    places: int | None = None
    implied: int = 0
    counts: bool = False  # all of a sample's values are whole numbers
    mark: str = "."
    thousands: str = ""
    date: str = ""
    zone: str = "warehouse"
    filled: bool = False  # with zeros up to its length
    required: bool = False
    constant: str = ""
    identifies: bool = False  # by its constant the record is known
    note: str = ""
    guesses: list[str] = field(default_factory=list)
    columns: list[Column] = field(default_factory=list)  # it is a group
    many: bool = False
    total: list[tuple[Section, Column | None]] = field(default_factory=list)  # records it counts, or columns it adds up

    @property
    def equals(self) -> str:
        """Say what it is by the other records; empty: nothing of them."""
        some = (
            (f"count({one.name})" if column is None else f"sum({one.name}.{column.name})") for one, column in self.total
        )
        return " + ".join(some)


@dataclass(slots=True)
class Section:
    """One kind of record. `code`: the constant by which it is known, in its first column."""

    name: str
    at: str = ""
    columns: list[Column] = field(default_factory=list)
    sections: list[Section] = field(default_factory=list)
    code: str = ""
    many: bool = False
    note: str = ""
    length: int | None = None  # of its lines, where the list says it


@dataclass(slots=True)
class Shape:
    """A whole file. `options`: of its format, with `guess` where they were not said."""

    format: str
    options: dict[str, str] = field(default_factory=dict)
    guessed: set[str] = field(default_factory=set)
    sections: list[Section] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    listed: bool = False  # it comes from a list of fields

    @property
    def single(self) -> bool:
        """Tell a file of one kind of record, whose fields stand at the top."""
        (first, *others) = self.sections
        return not (others or first.sections or first.code) and self.format in ("csv", "fixed")


def all_sections(some: Iterable[Section]) -> Iterator[Section]:
    """Give every record."""
    for section in some:
        yield section
        yield from all_sections(section.sections)


def named(columns: Iterable[Column]) -> None:
    """Give each column a name that expressions can say, its own where that is one, each name once."""
    taken: set[str] = set()
    for number, one in enumerate(columns, 1):
        name = one.name or identifier(one.title) or f"field_{number}"
        while name in taken:
            name = f"{name}_{number}"
        taken.add(name)
        one.name = name
        named(one.columns)


def unprefixed(title: str) -> str:
    """Give the name of an element without the prefix of its namespace."""
    return _PREFIX.sub("", title)


def identifier(title: str) -> str:
    """Make a name of a title: letters, digits and `_`; without the prefix of a namespace."""
    mark = "@" if title.startswith("@") else ""
    plain = unicodedata.normalize("NFKD", folded(unprefixed(title)))  # `é` is e and a mark
    name = re.sub(r"[^A-Za-z0-9]+", "_", "".join(one for one in plain if not unicodedata.combining(one))).strip("_")
    if not name:
        return ""
    name = f"f_{name}" if name[0].isdigit() else name
    return f"{mark}{name}_" if name in _RESERVED and not mark else f"{mark}{name}"
