"""Headers and trailers as they are written: each in its form, each trailer with the count and the number of its header."""

from __future__ import annotations

from collections.abc import Mapping

from translator.formats.dialect import Dialect, Level, Tagged, Told
from translator.formats.marks import Marks
from translator.mapping.layout import MappingFile


class _Open:
    """A header that was written, and what its trailer will say."""

    __slots__ = ("at", "control", "inside", "level")

    def __init__(self, level: Level, control: str, at: int) -> None:
        self.level = level
        self.control = control
        self.at = at  # the number of its segment
        self.inside = 0


class Levels:
    """The headers of one file that are open; they come in the order of the file."""

    __slots__ = ("_finish", "_mapping", "_marks", "_open", "tags")

    def __init__(self, dialect: Dialect, marks: Marks, mapping: MappingFile, tags: Mapping[str, Tagged]) -> None:
        self._finish = dialect.finish
        self._marks = marks
        self._mapping = mapping
        self._open: list[_Open] = []
        self.tags = tags

    def laid(self, tag: str, elements: list[str], number: int, told: Told) -> list[str]:
        """Give the elements of a header or trailer as they are written. `number`: of its segment, from 1."""
        place, level, header = self.tags[tag]
        if not header:
            return self._trailer(place, level, elements, number)
        if self._open:
            self._open[-1].inside += 1
        if self._finish is not None:
            elements = self._finish(level, elements, self._marks, self._mapping, told)
        element, component = level.control
        control = elements[element - 1] if 0 < element <= len(elements) else ""
        if component:
            control = [*self._marks.components(control), ""][component - 1]
        self._open.append(_Open(level, control, number))
        return elements

    def _trailer(self, place: int, level: Level, elements: list[str], number: int) -> list[str]:
        opened = self._open.pop() if self._open and self._open[-1].level is level else _Open(level, "", number)
        deepest = place == len(self.tags) // 2 - 1
        count = number - opened.at + 1 if deepest else opened.inside
        echo = level.echo if level.control[0] else 0
        said = elements + [""] * (max(level.count, echo) - len(elements))
        said[level.count - 1] = said[level.count - 1] or str(count)
        if echo:
            said[echo - 1] = said[echo - 1] or opened.control
        while said and not said[-1]:
            said.pop()
        return said
