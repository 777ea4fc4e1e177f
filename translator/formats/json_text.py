"""The text of a JSON file, read from its beginning: one value at a time, as strictly as one at the door.

What was read is forgotten. A value is bounded, the file as a whole needs not be: how a value ends is looked for in what
has come so far, and more is fetched where that is not enough.
"""

from __future__ import annotations

import codecs
import json
from collections.abc import Iterable, Iterator
from dataclasses import replace
from typing import Any, Final

from translator.core import jsontext
from translator.core.finding import Finding, Findings, Place, Rejected
from translator.formats.encodings import blocks
from translator.formats.limits import long_record, raised
from translator.formats.repair import repaired
from translator.mapping.layout import Limits, MappingFile

_UTF8: Final = "have its sender write UTF-8: JSON knows no other charset"
_CUT: Final = "it was cut off: was it fetched before it was whole?"
_BLANK: Final = " \t\n\r"
_SCANNER: Final = json.JSONDecoder(parse_int=str, parse_float=str, parse_constant=str)


class JsonText:
    """One file on its way. Raises Rejected at what is no JSON."""

    __slots__ = ("_at", "_counted", "_ended", "_file", "_limits", "_line", "_pieces", "_start", "_text")

    def __init__(self, texts: Iterable[str], limits: Limits, file: str) -> None:
        self._file = file
        self._limits = limits
        self._pieces = iter(texts)
        self._text = ""
        self._at = 0
        self._line = 1
        self._counted = 0  # up to where lines are counted in what is kept
        self._start = 0  # how far in its line that is
        self._ended = False

    def peek(self) -> str:
        """Give the next character that is not blank; "" at the end."""
        while True:
            size = len(self._text)
            while self._at < size and self._text[self._at] in _BLANK:
                self._at += 1
            if self._at < size or self._ended:
                return self._text[self._at : self._at + 1]
            self._more()

    @property
    def line(self) -> int:
        """Give the line at hand."""
        self._line += self._text.count("\n", self._counted, self._at)
        self._counted = self._at
        return self._line

    def place(self) -> Place:
        """Give the place at hand."""
        return Place(self._file, self.line)

    def value(self, level: int = 0) -> Any:
        """Read a value, `level` levels deep in its file."""
        self.peek()
        end = self._end()
        piece = self._text[self._at : end]
        if len(piece) > self._limits.record:
            raise long_record(self._file, self.line, self._limits.record)
        try:
            tree = jsontext.decode(piece.encode(), self._file, max(self._limits.depth - level, 0))
        except Rejected as rejected:
            raise Rejected([self._placed(one) for one in rejected.findings]) from None
        self._at = end
        return tree

    def skip(self, level: int) -> None:
        """Pass a value of any size that nobody asks for."""
        letter = self.peek()
        if letter == "[":
            for _ in self.entries(level):
                self.skip(level + 1)
        elif letter == "{":
            for _ in self.keys(level):
                self.skip(level + 1)
        else:
            self.value(level)

    def entries(self, level: int) -> Iterator[int]:
        """Go through an array: at each number its value is at hand, and must be read."""
        self._opens("[", level)
        number = 0
        while self.peek() != "]" or number:
            yield number
            number += 1
            if self._goes_on("]"):
                return
        self._at += 1

    def keys(self, level: int) -> Iterator[str]:
        """Go through an object: at each key its value is at hand, and must be read."""
        self._opens("{", level)
        seen: set[str] = set()
        while self.peek() != "}" or seen:
            place = self.place()
            if self.peek() != '"':
                raise self._wrong("a key should stand here")
            key = self.value()
            if key in seen:
                raise Rejected([jsontext.twice(key, place)])
            seen.add(key)
            if self.peek() != ":":
                raise self._wrong("':' should stand here")
            self._at += 1
            yield key
            if self._goes_on("}"):
                return
        self._at += 1

    def end(self) -> None:
        """Check that nothing follows."""
        if self.peek():
            raise self._wrong("extra data", "`lines: true` reads a file of which each line is an object")

    def _opens(self, letter: str, level: int) -> None:
        if level >= self._limits.depth:
            raise Rejected(
                [Finding("json-depth", f"nested deeper than {self._limits.depth}", self.place(), hint=raised("depth"))]
            )
        if self.peek() != letter:
            raise self._wrong(f"'{letter}' should stand here")
        self._at += 1

    def _goes_on(self, closing: str) -> bool:
        """Pass the comma; tell whether it was the end instead."""
        letter = self.peek()
        if letter not in {",", closing} or not letter:
            raise self._wrong(f"',' or '{closing}' should stand here")
        self._at += 1
        return letter == closing

    def _end(self) -> int:
        """Find where the value at hand ends."""
        while True:
            end = self._scanned()
            if end < len(self._text) or self._ended:
                return end
            if len(self._text) - self._at > self._limits.record:
                raise long_record(self._file, self.line, self._limits.record)
            self._more()

    def _scanned(self) -> int:
        try:
            return _SCANNER.raw_decode(self._text, self._at)[1]
        except RecursionError:
            raise Rejected(
                [Finding("json-depth", f"nested deeper than {self._limits.depth}", self.place(), hint=raised("depth"))]
            ) from None
        except ValueError:
            return len(self._text)  # not whole yet; at the end of the file: what is wrong is said by who reads it

    def _more(self) -> None:
        self._line, self._counted = self.line, 0
        passed = self._text[: self._at]
        self._start = len(passed) - passed.rfind("\n") - 1 + (self._start if "\n" not in passed else 0)
        more = next(self._pieces, None)
        self._ended = more is None
        self._text, self._at = self._text[self._at :] + (more or ""), 0

    def _placed(self, finding: Finding) -> Finding:
        """Give a finding in a value its place in the file."""
        data = finding.data or Place(self._file)
        column = self._column() + data.column if data.line <= 1 and data.column else data.column
        return replace(finding, data=replace(data, line=self.line + max(data.line, 1) - 1, column=column))

    def _column(self) -> int:
        """Give how far in its line the text at hand stands."""
        begin = self._text.rfind("\n", 0, self._at)
        return self._at - begin - 1 if begin >= 0 else self._start + self._at

    def _wrong(self, text: str, hint: str = "") -> Rejected:
        place = replace(self.place(), column=self._column() + 1)
        return Rejected([Finding("json-syntax", f"not JSON: {text}", place, hint=hint)])


def texts(chunks: Iterable[bytes], mapping: MappingFile, findings: Findings, file: str) -> Iterator[str]:
    """Give the text of a file in pieces, repaired as the mapping says."""
    found = _texts(chunks, file)
    return repaired(found, mapping.repair, findings, file) if mapping.repair else found


def _texts(chunks: Iterable[bytes], file: str) -> Iterator[str]:
    decoder = codecs.getincrementaldecoder("utf-8-sig")("strict")
    line = 1
    for piece in blocks(chunks):
        if line == 1 and piece.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
            raise Rejected([Finding("json-charset", "JSON is UTF-8, this is UTF-16", Place(file, 1), hint=_UTF8)])
        try:
            yield decoder.decode(piece)
        except UnicodeDecodeError as error:
            place = Place(file, line + error.object.count(b"\n", 0, error.start))
            raise Rejected([Finding("json-charset", "a byte that is no UTF-8", place, hint=_UTF8)]) from None
        line += piece.count(b"\n")
    try:
        yield decoder.decode(b"", True)
    except UnicodeDecodeError:
        raise Rejected(
            [Finding("json-charset", "the file ends inside a character", Place(file, line), hint=_CUT)]
        ) from None
