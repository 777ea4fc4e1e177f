"""Records of an XML file that are written like one that was parsed: found by a pattern in the text, without the parser.

Most files repeat one record, tag for tag. From the first that holds nothing odd a pattern is made; what stands directly
behind a parsed record and matches it is taken as it stands. Promise: what is taken so gives the cells that the parser
would give. In each piece of the file one record is read both ways, and both must agree.

Whatever is written otherwise (other names or another order, quotes, CDATA, comments, references that are not the five
of XML) goes through the parser. A file with `<!` or `<?` inside its root element goes there whole.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from operator import itemgetter
from typing import Any, Final

from translator.formats.elements import BLANK
from translator.formats.paths import Inside, Node
from translator.mapping.row import Cell

_GAP: Final = r"[ \t\n]*+"
_REFERENCES: Final = {"lt": "<", "gt": ">", "quot": '"', "apos": "'", "amp": "&"}
_REFERENCE: Final = re.compile(f"&({'|'.join(_REFERENCES)});")
_TEXT: Final = f"[^<&]*+(?:{_REFERENCE.pattern.replace('(', '(?:')}[^<&]*+)*+"
_VALUE: Final = r'"([^"<&\t\n]*+)"'
_ALLOWED: Final = bytes({*b"\t\n", *range(0x20, 0x100)})
_MARKS: Final = ("\ufeff", "\ufffe", "\uffff")
Cells = Sequence[str | None]


@dataclass(frozen=True, slots=True)
class Run:
    """Records that stand beside each other: their cells by column, and the line each stands in."""

    columns: tuple[Sequence[Cell], ...]
    lines: Sequence[int]


@dataclass(frozen=True, slots=True)
class Region:
    """The part of a piece in which whole records may stand, and what is around it."""

    before: bytes
    text: str
    after: bytes


class Alike:
    """Finds records that are written like one that was parsed."""

    __slots__ = ("_begin", "_end", "_exact", "_most", "_numbers", "_pattern", "_text", "_width", "inside")

    def __init__(self, element: Any, inside: Inside, most: int, *, skips: bool) -> None:
        name = _name(element)
        self._text = _TEXT if skips else _GAP  # of a child that has none for the layout
        self.inside = inside
        self._most = most  # characters of a field
        self._begin = f"<{name}".encode()
        self._end = (f"</{name}>" if len(element) else ">").encode()
        self._width = len(inside.layout.fields)
        self._exact = {number for number, one in enumerate(inside.layout.fields) if one.empty is not None}
        self._numbers: list[int] = []  # of each group of the pattern: the field it fills
        self._pattern = re.compile(f"{_GAP}(){self._written(element, name, inside.node)}")

    def _written(self, element: Any, name: str, node: Node) -> str:
        tag = f"<{name}{self._attributes(element, node)}"
        if not len(element):
            return f"{tag}(?: ?/>|>{_GAP}</{name}>)"
        inner = "".join(f"{_GAP}{self._child(child, node.children.get(child.tag))}" for child in element)
        return f"{tag}>{inner}{_GAP}</{name}>"

    def _child(self, child: Any, node: Node | None) -> str:
        name = _name(child)
        tag = f"<{name}{self._attributes(child, node)}"
        number = node.text if node else -1
        if number < 0:
            return f"(?:{tag}(?:>{self._text}</{name}>| ?/>))?+"
        self._numbers.append(number)
        closed = "" if number in self._exact else "| ?/>"
        return f"(?:{tag}(?:>({_TEXT})</{name}>{closed}))?+"

    def _attributes(self, element: Any, node: Node | None) -> str:
        found = []
        for name in map(itemgetter(0), element.items()):
            number = node.attributes.get(name, -1) if node else -1
            found.append(f" {re.escape(name)}={_VALUE if number >= 0 else _VALUE.replace('(', '').replace(')', '')}")
            self._numbers.extend([number] if number >= 0 else ())
        return "".join(found)

    def region(self, piece: bytes) -> Region | None:
        """Give the part of a piece in which whole records may stand; None: there is none."""
        start = piece.find(self._begin)
        stop = piece.rfind(self._end) + len(self._end)
        if start < 0 or stop <= start:
            return None
        middle = piece[start:stop]
        if b"\r" in middle:
            middle = middle.replace(b"\r\n", b"\n")
        if middle.translate(None, _ALLOWED) or b"]]>" in middle:
            return None
        try:
            text = middle.decode()
        except UnicodeDecodeError:
            return None
        if not text.isascii() and any(map(text.__contains__, _MARKS)):
            return None
        return Region(piece[:start], text, piece[stop:])

    def first(self, text: str, at: int) -> re.Match[str] | None:
        """Find the first record that matches."""
        return self._pattern.search(text, at)

    def cells(self, found: re.Match[str]) -> Cells | None:
        """Give the cells of one record; None: it is to be read closely."""
        columns = self._columns([found.groups()])
        return None if columns is None else [column[0] for column in columns]  # type: ignore[misc]

    def run(self, text: str, at: int, line: int) -> tuple[Run | None, int]:
        """Take the records that stand directly behind a place, in the line named; give the place behind them.

        The last one is left to the parser, which may have to say something about what follows it. Where they are there,
        but are to be read closely, only the place is given.
        """
        found = list(iter(self._pattern.scanner(text, at).match, None))[:-1]  # type: ignore[attr-defined]
        columns = self._columns([one.groups() for one in found]) if found else None
        if columns is None:
            return None, found[-1].end() if found else at
        lines = []
        for one in found:
            start = one.start(1)
            line += text.count("\n", at, start)
            lines.append(line)
            at = start
        return Run(columns, lines), found[-1].end()

    def _columns(self, groups: list[tuple[str | None, ...]]) -> tuple[Sequence[Cell], ...] | None:
        """Give the columns of cells; None: a cell is too long, or it matters that it is blank."""
        columns: list[Sequence[Cell]] = [[None] * len(groups)] * self._width
        _, *given = zip(*groups, strict=True)
        for number, column in zip(self._numbers, given, strict=True):
            held = _plain(column)
            if max(map(len, filter(None, held)), default=0) > self._most:
                return None
            if number in self._exact and any(cell is None and raw is not None for cell, raw in zip(held, column)):  # noqa: B905
                return None
            columns[number] = held
        return tuple(columns)


def learned(element: Any, inside: Inside, most: int, *, skips: bool) -> Alike | None:
    """Make a pattern of a record that held nothing odd; None: it is written in a way that patterns do not know.

    `most`: the characters of a field. `skips`: what the layout does not name is nothing to tell.
    """
    parent = element.getparent()
    tags = [element, *element]
    if parent is None or any(
        one.nsmap != parent.nsmap or any(name[0] == "{" for name, _ in one.items()) for one in tags
    ):
        return None
    return Alike(element, inside, most, skips=skips)


def _plain(column: Sequence[str | None]) -> Sequence[str | None]:
    """Give texts without references, and without the blanks around them; blank ones are nothing."""
    joined = "".join(filter(None, column))
    if "&" in joined:
        column = [text and _REFERENCE.sub(lambda found: _REFERENCES[found[1]], text) for text in column]
    if all(column) and not any(map(joined.__contains__, BLANK)):
        return column
    return [(text.strip(BLANK) or None) if text else None for text in column]


def _name(element: Any) -> str:
    local = re.escape(element.tag.rpartition("}")[2])
    return f"{element.prefix}:{local}" if element.prefix else str(local)
