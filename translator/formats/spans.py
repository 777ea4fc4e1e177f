"""Where the fields of a fixed-width record stand in its lines: from, to, in characters or in bytes."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Final

from translator.core.finding import Finding, Misconfigured, Place
from translator.formats.charsets import bare, charset_name, wide
from translator.formats.format import Option
from translator.formats.lines import BLANK_LINES, CHARSET, COMMENT, END, NEWLINE
from translator.formats.slots import TURNS, Slots, adjoining
from translator.mapping.layout import Field, MappingFile, Record, every_record
from translator.mapping.row import Cell, Row

OPTIONS: Final = (
    CHARSET,
    Option(NEWLINE.name, f"{NEWLINE.help}; `none`: blocks without line ends", "any", (*NEWLINE.one_of, "none")),
    Option("width", "whether positions count characters or bytes", "chars", ("chars", "bytes")),
    Option(
        "short",
        "what a line that is too short means: cut off; or right trimmed by its sender; `trim`: we trim them too",
        "error",
        ("error", "fill", "trim"),
    ),
    Option("order", "whether records must stand in the order of the layout", "any", ("any", "strict")),
    BLANK_LINES,
    COMMENT,
    END,
)
_DEFAULTS: Final = {option.name: option.default for option in OPTIONS}
CUT: Final = "�"


def chosen(mapping: MappingFile) -> dict[str, str]:
    """Give the options of a mapping, the defaults filled in."""
    return {**_DEFAULTS, **mapping.options}


@dataclass(frozen=True, slots=True)
class Spans:
    """Where the cells of one record stand in its lines."""

    record: Record
    slots: Slots
    lengths: tuple[int, ...]  # a line may have; empty: a group goes on to its end
    longest: int
    identity: tuple[tuple[slice, frozenset[str]], ...]
    gaps: tuple[slice, ...]  # that are nobody's
    odd: tuple[tuple[int, slice, str], ...]  # fields in a charset of their own
    simple: bool  # no groups, no odd columns
    adjoining: bool  # no gap, no overlap, in this order, one length

    def measures(self, length: int) -> bool:
        """Tell whether a line may be so long."""
        if self.lengths:
            return length in self.lengths
        return self.slots.end <= length <= self.longest


@dataclass(frozen=True, slots=True)
class Ruler:
    """How positions count: in characters, or in bytes where one character may take several."""

    charset: str
    bytewise: bool

    def raw(self, text: str) -> Any:
        """Give what is to be cut."""
        return text.encode(self.charset, "surrogateescape") if self.bytewise else text

    def text(self, piece: Any) -> str:
        """Give the text of a piece."""
        return piece.decode(self.charset, "replace") if self.bytewise else piece  # type: ignore[no-any-return]

    def clean(self, piece: Any) -> str | None:
        """Give the cell that stands in a piece: without the blanks that fill it, blank ones become nothing."""
        return self.text(piece).rstrip(" ") or None

    def cells(self, raw: Any, spans: Spans, row: Row) -> list[Cell]:
        """Cut the cells of a line out; a column in another charset is read by that."""
        if spans.simple and not self.bytewise:
            return [raw[place].rstrip(" ") or None for place in spans.slots.places]
        cells = spans.slots.cells(raw, self.clean, row, len(raw))
        for number, place, charset in spans.odd:
            cells[number] = self._odd(raw[place], charset, spans.record.fields[number], row)
        return cells

    def _odd(self, piece: Any, charset: str, one: Field, row: Row) -> str | None:
        data = piece if self.bytewise else piece.encode(self.charset, "surrogateescape")
        try:
            return data.decode(charset).rstrip(" ") or None
        except UnicodeError:
            row.findings += (_charset(one, f"holds a byte that is no {charset}", row.place),)
            return None

    def halves(self, row: Row) -> None:
        """Find cells that begin or end inside a character."""
        for one, cell in zip(row.record.fields, row.cells, strict=True):
            if isinstance(cell, str) and CUT in cell and not one.charset:
                row.findings += (_charset(one, "begins or ends inside a character", row.place),)


def _charset(one: Field, text: str, place: Place) -> Finding:
    return Finding("charset", f"{one.name} {text}", place, one.rule, "see `width: bytes`")


def ruler(mapping: MappingFile) -> Ruler:
    """Say how the positions of a layout count."""
    charset = charset_name(mapping.options.get("charset", "utf-8"), mapping.rule)
    return Ruler(bare(charset), mapping.options.get("width") == "bytes" and wide(charset))


def spans(record: Record) -> Spans:
    """Place the fields: at `at` (counted from 1), or right after the field before."""
    slots = adjoining(record, _reach)
    endless = next((group for group in slots.groups if group.step), None)
    lengths = record.len or (() if endless else (slots.end,))
    longest = max(lengths) if lengths else slots.end + (endless.step if endless else 0) * TURNS
    leaves = list(slots.leaves(0))
    pairs = list(zip(slots.places, record.fields, strict=True))
    gaps = _gaps([place for place, _ in leaves], slots.end if endless else longest)
    odd = tuple((number, place, one.charset) for number, (place, one) in enumerate(pairs) if one.charset and place)
    codes = tuple((place, frozenset(one.is_)) for place, one in pairs if one.is_ and place)
    simple = not slots.groups and not slots.parted and not odd
    touching = [place.start for place, _ in pairs if place] == [0, *(place.stop for place, _ in pairs if place)][:-1]
    direct = simple and touching and lengths == (slots.end,)
    return Spans(record, slots, lengths, longest, codes, gaps, odd, simple, direct)


def _reach(one: Field, at: int) -> tuple[slice, int]:
    if one.len is None:
        text = f"the field '{one.name}' of a fixed layout wants 'len'"
        raise Misconfigured([Finding("mapping-fixed-len", text, rule=one.rule)])
    return slice(at, at + one.len), at + one.len


def _gaps(places: list[slice], end: int) -> tuple[slice, ...]:
    """Give what no field covers, up to the end of the longest line."""
    found: list[slice] = []
    at = 0
    for place in sorted(places, key=lambda place: place.start):
        if place.start > at:
            found.append(slice(at, place.start))
        at = max(at, place.stop)
    if end > at:
        found.append(slice(at, end))
    return tuple(found)


def faults(mapping: MappingFile) -> Iterator[Finding]:
    """Find what cannot be meant by a fixed layout."""
    charset = charset_name(mapping.options.get("charset", "utf-8"), mapping.rule)
    if mapping.options.get("width") == "bytes" and len(" ".encode(bare(charset))) > 1:
        text = f"a blank has several bytes in {charset}: positions count characters there"
        yield Finding("mapping-charset", text, rule=mapping.rule, hint="width: chars")
    for record in every_record(mapping.records):
        yield from _unmeasured(record.fields)
        for one in record.fields:
            for inner in one.fields:
                if inner.charset:
                    text = f"'{inner.name}' stands inside a group and cannot have a charset of its own"
                    yield Finding("mapping-charset", text, rule=inner.rule)
        if mapping.options.get("newline") == "none" and len(record.len) > 1:
            text = f"'{record.name}' has several lengths: without line ends nothing says where the next record begins"
            yield Finding("mapping-fixed-len", text, rule=record.rule)


def _unmeasured(fields: tuple[Field, ...]) -> Iterator[Finding]:
    for one in fields:
        if one.len is None and (not one.fields or one.split):
            yield Finding("mapping-fixed-len", f"the field '{one.name}' of a fixed layout wants 'len'", rule=one.rule)
        if not one.split:
            yield from _unmeasured(one.fields)
