"""Habits of partners whose segments are not as the standard has them, and yet can be read: borne, told, or refused.

Each habit is a row of HABITS and an option of the formats that may have it: `error` refuses what does so, `warn` bears
it and tells each place (of one file a hundred), `off` bears it and says nothing. What is wrong with counts and numbers
is said by `check` of a trailer; what can be read only when it is changed first, by `repair`.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from functools import lru_cache
from typing import TYPE_CHECKING, Final

from translator.core.finding import Finding, Place, Severity
from translator.formats.format import Option
from translator.mapping.layout import MappingFile

if TYPE_CHECKING:
    from translator.formats.marks import Marks

LEVELS: Final = ("error", "warn", "off")
SEVERITY: Final = {"error": Severity.ERROR, "warn": Severity.WARNING}
TOLD: Final = 100  # places of one habit in a file
LAST: Final = "the last"
WIDTHS: Final = (2, 10, 2, 10, 2, 15, 2, 15, 6, 4, 1, 5, 9, 1, 1, 1)  # of the elements of an ISA


@dataclass(frozen=True, slots=True)
class Seen:
    """A segment as it stands. `declared`: whether its interchange says its marks; `ended`: whether its mark stands there."""

    text: str
    marks: Marks
    declared: bool = True
    ended: bool = True


@dataclass(frozen=True, slots=True)
class Habit:
    """A habit, and how it is seen. `of`: the tag of the segments that may have it, LAST, or nothing: all."""

    name: str
    help: str
    usual: str
    of: str
    hits: Callable[[Seen], bool]
    formats: tuple[str, ...] = ("x12", "edifact", "tradacoms")


def _narrow(seen: Seen) -> bool:
    elements = seen.text.split(seen.marks.element)[1:]
    return any(len(one) != width for one, width in zip(elements, WIDTHS[:-1], strict=False))


def _markless(seen: Seen) -> bool:
    return seen.declared and not seen.marks.component


def _small(seen: Seen) -> bool:
    tag = seen.text[:3]
    return tag != tag.upper()


def _hollow(seen: Seen) -> bool:
    text, element, component = _unreleased(seen), seen.marks.element, seen.marks.component
    if text.startswith("ISA"):
        return False
    return text.endswith(element) or (bool(component) and (text.endswith(component) or component + element in text))


def _padded(seen: Seen) -> bool:
    text, element = seen.text, seen.marks.element
    return (f" {element}" in text or f"{element} " in text or text.endswith(" ")) and not text.startswith("ISA")


def _unended(seen: Seen) -> bool:
    return not seen.ended and seen.marks.segment not in "\r\n"


def _unreleased(seen: Seen) -> str:
    release = seen.marks.release
    return _released(release).sub("x", seen.text) if release and release in seen.text else seen.text


@lru_cache(maxsize=32)
def _released(release: str) -> re.Pattern[str]:
    return re.compile(re.escape(release) + ".", re.DOTALL)


HABITS: Final = (
    Habit("isa_width", "the elements of the ISA are not filled up to their widths", "warn", "ISA", _narrow, ("x12",)),
    Habit("isa_marks", "ISA16 is not there, or is the mark between elements", "warn", "ISA", _markless, ("x12",)),
    Habit("no_una", "no UNA says the marks of the interchange", "off", "UNB", lambda seen: not seen.declared, ("edifact",)),
    Habit("unended", "the last segment lacks the mark that ends it", "warn", LAST, _unended),
    Habit("small_tags", "tags in small letters; not borne, they are unknown segments", "error", "", _small),
    Habit("hollow", "marks at the end of a segment with nothing behind them", "off", "", _hollow),
    Habit("padded", "blanks around values", "off", "", _padded),
)  # fmt: skip


def options(format: str) -> tuple[Option, ...]:
    """Give the options by which a mapping of a format says what it bears."""
    return tuple(
        Option(one.name, f"borne or not: {one.help}", one.usual, LEVELS) for one in HABITS if format in one.formats
    )


@dataclass(slots=True)
class Watch:
    """What is looked for in a file, and how often each habit was told."""

    of: dict[str, list[tuple[Habit, Severity | None]]]
    told: dict[str, int] = field(default_factory=dict)

    def wants(self, tag: str) -> bool:
        """Tell whether segments of a tag are looked at."""
        return tag in self.of or "" in self.of

    def over(self, texts: Sequence[str], marks: Marks) -> bool:
        """Tell whether some segment is to be looked at by itself."""
        watched = self.of.get("", ())
        return any(habit.hits(Seen(text, marks)) for habit, _ in watched for text in texts) if watched else False

    def seen(self, seen: Seen, tag: str, place: Place, rule: Place) -> tuple[str, Sequence[Finding]]:
        """Give the tag of a segment as it is meant, and what it does that is to be told."""
        watched = [*self.of.get(tag, ()), *self.of.get("", ()), *(() if seen.ended else self.of.get(LAST, ()))]
        hits = [(habit, severity) for habit, severity in watched if habit.hits(seen)]
        meant = tag.upper() if any(habit.hits is _small for habit, _ in hits) else tag
        told = [
            self._finding(habit, severity, replace(place, path=meant), rule) for habit, severity in hits if severity
        ]
        return meant, [one for one in told if one]

    def _finding(self, habit: Habit, severity: Severity, place: Place, rule: Place) -> Finding | None:
        self.told[habit.name] = count = self.told.get(habit.name, 0) + 1
        if count > TOLD:
            return None
        hint = (
            f"`{habit.name}: warn` bears it"
            if severity is Severity.ERROR
            else f"`{habit.name}: off` says no more of it"
        )
        return Finding(f"habit-{habit.name.replace('_', '-')}", habit.help, place, rule, hint, severity)


def watch(mapping: MappingFile) -> Watch:
    """Give what is to be looked for in the files of a mapping."""
    found: dict[str, list[tuple[Habit, Severity | None]]] = {}
    for habit in HABITS:
        said = mapping.options.get(habit.name, habit.usual)
        small = habit.hits is _small
        if mapping.format in habit.formats and (said != "error" if small else said != "off"):
            found.setdefault(habit.of, []).append((habit, SEVERITY.get(said)))
    return Watch(found)
