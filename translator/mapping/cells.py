"""One cell: from a value to what stands in the file. This is what writing means; the generated code is its short cut.

What nothing looks like, what stands in for redacted data, lookup, conversion, width: in this order.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from typing import Any, Final

from translator.core.finding import counted
from translator.core.tree import nothing, redacted
from translator.mapping import convert, numbers
from translator.mapping.expression import ABSENT
from translator.mapping.layout import Field, MappingFile
from translator.mapping.letters import Substitute
from translator.mapping.wrong import Wrong

Fit = Callable[[str], str]
Measure = Callable[[str], int]
Note = Callable[[Field, list[str]], None]  # takes note of the characters of a field's text that were substituted
_ABSENT: Final = "maybe: instead of from:, or default:"
HINT: Final = "truncate: true cuts it, rest: other_field goes on there"


@dataclass(frozen=True, slots=True)
class Style:
    """How a format wants its cells: `typed` keeps numbers, `fills` pads every cell, `bytes` counts in a charset."""

    typed: bool = False
    fills: bool = False  # fixed width
    blank: str | None = ""  # what nothing is: "" where a place stays, None where it vanishes (XML, JSON)
    charset: str = ""  # lengths are bytes in this charset; "" = characters
    substitute: Substitute | None = None  # what is written for some characters, before width is looked at

    def cleaned(self, text: str) -> str:
        """Give a text of the mapping's author as it is written."""
        return self.substitute(text) if self.substitute else text


class Odd(ValueError):
    """A text holds what is substituted: told where the text is written with care."""


@dataclass(frozen=True, slots=True)
class Cell:
    """A field, ready to be written. `text` is without width, `fit` gives it its width."""

    field: Field
    style: Style
    find: Callable[[tuple[str, ...]], str] | None
    written: Callable[[object, str], str]
    fit: Fit
    given: Callable[[Any], Any] | None = None  # what is made of the value first: the sign of another field's number

    def __call__(self, value: Any, zone: str = "", note: Note | None = None) -> Any:
        """Give the cell of a value. Raises Wrong; Odd where something is substituted and nobody takes note of it."""
        if self.given is not None:
            value = self.given(value)
        stands = self.standing(value)
        if stands is not None:
            return self.fitted(stands)
        if self.style.typed and self.find is None and not self.field.date and not self.field.split:
            return self.typed(value, note)
        text = self.text(value, zone, note)
        joined = self.field.date or self.field.split
        return self.typed(text, note) if self.style.typed and not joined else self.fit(text)

    def standing(self, value: Any) -> str | None:
        """Give the text that stands instead of a value; "" is nothing; None: the value itself is to be written."""
        field = self.field
        if field.redacted is not None and redacted(value):
            return self.style.cleaned(field.redacted)
        if not nothing(value):
            return None
        if field.default is not None:
            return self.style.cleaned(field.default)
        if field.required or ((value is None or value is ABSENT) and not field.maybe and bool(field.source)):
            hint = "required: true wants it; default: says what else may stand" if field.required else _ABSENT
            raise Wrong("value-missing", "nothing stands here", hint)
        return None if _blank_text(value, field) else ""

    def stated(self, text: str) -> Any:
        """Give a text that the mapping states: as it stands there, past the table and the date."""
        return self.fitted(self.style.cleaned(text))

    def fitted(self, text: str) -> Any:
        """Give a text its width, or a typed format its number; nothing looks as the field or the format says."""
        if text and self.style.typed and self.field.type in convert.NUMERIC:
            with suppress(Wrong):  # a word instead of a number
                return self.typed(text)
        if text:
            return self.fit(text)
        width = (self.field.len or 0) if self.style.fills else 0
        if self.field.empty is not None:
            return self.field.empty.ljust(width)  # with blanks, whatever `pad` says: read, they are taken off again
        return " " * width or self.style.blank

    def text(self, value: Any, zone: str = "", note: Note | None = None) -> str:
        """Give the text of a value, without width: of several values in one cell, joined."""
        if not self.field.split:
            return self._single(value, zone, note)
        values = value if isinstance(value, list) else [value]
        return self.field.split.join(self._part(one, zone, note) for one in values)

    def _part(self, value: Any, zone: str, note: Note | None) -> str:
        text, mark = self._single(value, zone, note), self.field.split
        if mark in text:
            hint = "`substitute` puts another character there"
            raise Wrong("split-text", f"{{}} holds '{mark}', which parts the values here", hint, value=text)
        return text

    def _single(self, value: Any, zone: str, note: Note | None) -> str:
        if self.find is not None:
            value = self.find(value if isinstance(value, tuple) else (convert.plain(value),))
        return self._substituted(self.written(value, zone), note)

    def _substituted(self, text: str, note: Note | None) -> str:
        substitute = self.style.substitute
        if substitute is None or not substitute.odd.search(text):
            return text
        if note is None:
            raise Odd
        note(self.field, substitute.odd.findall(text))
        return substitute(text)

    def typed(self, value: Any, note: Note | None = None) -> Any:
        """Give the value of a typed format, its length checked."""
        found = convert.typed(value, self.field)
        if isinstance(found, str):
            found = self._substituted(found, note)
        if self.field.max or self.field.len:
            text = convert.plain(found)
            fitted = self.fit(text)
            return fitted if isinstance(found, str) else found
        return found


def _blank_text(value: Any, field: Field) -> bool:
    """Tell blanks, which a text field writes as they are, unless it says what nothing looks like."""
    special = field.type != "text" or field.date or field.lookup or field.empty is not None
    return isinstance(value, str) and value != "" and not special


def cell(field: Field, style: Style, given: Callable[[Any], Any] | None = None) -> Cell:
    """Make the writer of a field."""
    find = convert.finder(field.lookup) if field.lookup else None
    return Cell(field, style, find, convert.value_writer(field), fitter(field, style), given)


def fitter(field: Field, style: Style) -> Fit:
    """Give the function that brings a text to its width. Raises Wrong where it is too long."""
    width = field.len or field.max
    if width is None:
        return str
    measure = measured(field, style.charset)
    fill = _filler(field, style)

    def fit(text: str) -> str:
        size = measure(text)
        if size > width:
            text = _cut(text, width, measure, field)
            size = measure(text)
        return fill(text, width + len(text) - size) if size != width else text

    return fit


def quick(made: Cell) -> Callable[..., Any]:
    """Give a cell with a short cut for numbers that come as they are to be written: `12.50` in a field of two places."""
    one = made.field
    usual = _usual_number(one)
    otherwise = made.style.substitute is not None and made.style.substitute.odd.search("0123456789.")
    if usual is None or otherwise or made.find is not None or made.style.typed:
        return made.__call__
    match, fit, implied = usual.fullmatch, made.fit, bool(one.implied)

    def call(value: Any, zone: str = "") -> Any:
        found = match(value) if type(value) is str else None
        if found is None:
            return made(value, zone)
        return fit((found[1] + found[2]).lstrip("0") or "0") if implied else fit(found[1] + found[2])

    return call


def _usual_number(one: Field) -> re.Pattern[str] | None:
    """Give what a number looks like that stands in the file as it comes."""
    if one.thousands or one.sign in ("always", numbers.OVERPUNCH):
        return None
    if one.type == "integer":
        return re.compile(r"()(0|[1-9][0-9]{0,17})")
    places = one.implied or one.places
    if one.type != "decimal" or not places or one.mark != ".":
        return None
    if one.implied:
        return re.compile(rf"([0-9]{{1,18}})\.([0-9]{{{places}}})")
    return re.compile(rf"(0|[1-9][0-9]{{0,17}})(\.[0-9]{{{places}}})")


def counted_in(mapping: MappingFile) -> str:
    """Give the charset in whose bytes the lengths of a mapping are counted; "" = characters."""
    return mapping.options.get("charset", "utf-8") if mapping.options.get("width") == "bytes" else ""


def measured(field: Field, charset: str) -> Measure:
    """Give the function that says how long a text of a field is, counted in a charset."""
    if not charset:
        return len
    own = field.charset or charset
    mark = len("".encode(own))  # stands once in a file

    def measure(text: str) -> int:
        return len(text) if text.isascii() else len(text.encode(own, "replace")) - mark

    return measure


def _cut(text: str, width: int, measure: Measure, field: Field) -> str:
    if not field.truncate or field.type != "text":
        size = counted(measure(text), "character" if measure is len else "byte")
        raise Wrong("value-too-long", f"{size}, the field has {width}", HINT)
    return _begin(text, width, measure)


def _begin(text: str, width: int, measure: Measure) -> str:
    """Give as much of a text as fits."""
    text = text[:width]
    while measure(text) > width:
        text = text[:-1]
    return text


def _filler(field: Field, style: Style) -> Callable[[str, int], str]:
    """Give what fills a text up to its width: only an exact length is filled."""
    if field.len is None:
        return lambda text, _: text
    pad = field.pad or (" " if style.fills else "")
    if not pad:
        return _exact
    right = field.justify == "right" or (not field.justify and field.type in convert.NUMERIC)
    if not right:
        return lambda text, width: text.ljust(width, pad)
    if pad == "0" and field.type in convert.NUMERIC:
        return str.zfill
    return lambda text, width: text.rjust(width, pad)


def _exact(text: str, width: int) -> str:
    if len(text) != width:
        raise Wrong(
            "value-length", f"{counted(len(text), 'character')}, the field has exactly {width}", "pad: fills it"
        )
    return text


def broken(text: str, width: int, measure: Measure = len) -> tuple[str, str]:
    """Break a text at the last blank that fits, else at the width."""
    if measure(text) <= width:
        return text, ""
    most = len(_begin(text, width, measure))
    at = text.rfind(" ", 1, most + 1)
    return (text[:at].rstrip(), text[at:].lstrip()) if at > 0 else (text[:most], text[most:].lstrip())
