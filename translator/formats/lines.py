"""Bytes in pieces of any size become characters, then lines: split at the declared line end only.

A byte that is no character of the charset is kept as half a surrogate, so that the record it stands in can be named
(`bad_characters`) and its neighbours go on. Where a charset cannot go on after such a byte (UTF-16), Rejected.
"""

from __future__ import annotations

import codecs
import io
import re
from collections.abc import Iterable, Iterator
from typing import Final

from translator.core.finding import Finding, Findings, Misconfigured, Place, Rejected
from translator.formats.limits import bounded, long_record
from translator.formats.repair import repaired
from translator.mapping.layout import MappingFile

PIECE: Final = 65_536
NEWLINES: Final = {"lf": "\n", "crlf": "\r\n", "cr": "\r", "any": "\n"}  # as written
_BAD: Final = re.compile("[\0\ufeff\ud800-\udfff]")
_MARKS: Final = (
    (codecs.BOM_UTF8, ("utf-8", "utf-8-sig"), "UTF-8"),
    (codecs.BOM_UTF32_LE, ("utf-32", "utf-32-le"), "UTF-32"),
    (codecs.BOM_UTF32_BE, ("utf-32", "utf-32-be"), "UTF-32"),
    (codecs.BOM_UTF16_LE, ("utf-16", "utf-16-le"), "UTF-16"),
    (codecs.BOM_UTF16_BE, ("utf-16", "utf-16-be"), "UTF-16"),
)


class Lines:
    """The lines of a text, each with its line end. `dirty`: some line so far holds a character that none should."""

    __slots__ = ("_charset", "_chunks", "_file", "_findings", "_mapping", "_newline", "dirty")

    def __init__(self, chunks: Iterable[bytes], mapping: MappingFile, findings: Findings, file: str) -> None:
        self._chunks = bounded(chunks, file, mapping.limits.file)
        self._charset = charset_name(mapping.options.get("charset", "utf-8"), mapping.rule)
        self._newline = mapping.options.get("newline", "any")
        self._mapping = mapping
        self._findings = findings
        self._file = file
        self.dirty = False

    def __iter__(self) -> Iterator[str]:
        rest, most = "", self._mapping.limits.record
        for text in self._texts():
            lines, rest = _split(rest + self._looked_at(text), self._newline)
            yield from lines
            if len(rest) > most:
                raise long_record(self._file, 0, most)
        if rest and rest != "\x1a":  # Ctrl-Z: the end of a file under DOS
            yield rest.removesuffix("\x1a")

    def _texts(self) -> Iterator[str]:
        texts, repairs = self._decoded(), self._mapping.repair
        end = "\r" if self._newline == "cr" else "\n"
        return repaired(texts, repairs, self._findings, self._file, end) if repairs else texts

    def _decoded(self) -> Iterator[str]:
        decoder = codecs.getincrementaldecoder(self._charset)("surrogateescape")
        first = True
        try:
            for piece in pieces(self._chunks, self._charset, self._file):
                text = decoder.decode(piece)
                if first and text:
                    text, first = text.removeprefix("\ufeff"), False
                yield text
            yield decoder.decode(b"", True)
        except UnicodeError as error:
            raise Rejected([Finding("charset", f"not {self._charset}: {error}", Place(self._file))]) from None

    def _looked_at(self, text: str) -> str:
        if not self.dirty:
            self.dirty = "\0" in text or (not text.isascii() and _BAD.search(text) is not None)
        return text


def charset_name(charset: str, rule: Place | None) -> str:
    """Give Python's name of a charset; raise Misconfigured when there is none of that name."""
    try:
        return codecs.lookup(charset).name
    except LookupError:
        raise Misconfigured([Finding("charset-unknown", f"no charset '{charset}' is known", rule=rule)]) from None


def pieces(chunks: Iterable[bytes], charset: str, file: str) -> Iterator[bytes]:
    """Give pieces of a bounded size; raise Rejected when the first bytes say that the charset is another one."""
    begin, pending = b"", True
    for chunk in chunks:
        if pending:
            begin += chunk
            if len(begin) < 4:
                continue
            _agree(begin, charset, file)
            chunk, pending = begin, False
        yield from (chunk[start : start + PIECE] for start in range(0, len(chunk), PIECE))
    if pending:
        _agree(begin, charset, file)
        yield begin


def bad_characters(text: str, place: Place, charset: str) -> Finding | None:
    """Find a byte outside the charset, a NUL or a byte order mark inside a record."""
    found = _BAD.search(text)
    if not found:
        return None
    if found[0] == "\0":
        return Finding("character", "a NUL character", place, hint="was the file written whole?")
    if found[0] == "\ufeff":
        return Finding("character", "a byte order mark inside the file", place, hint="were two files joined?")
    code = ord(found[0]) - 0xDC00
    return Finding(
        "charset", f"byte 0x{code:02X} is no {charset}", place, hint="set `charset` to what the sender writes"
    )


def _agree(begin: bytes, charset: str, file: str) -> None:
    for mark, charsets, name in _MARKS:
        if begin.startswith(mark):
            if charset not in charsets:
                text = f"begins with the byte order mark of {name}, the mapping says {charset}"
                raise Rejected([Finding("charset", text, Place(file, 1), hint=f"set `charset: {charsets[0]}`")])
            return


def _split(text: str, newline: str) -> tuple[list[str], str]:
    if newline in {"crlf", "cr"}:
        end = NEWLINES[newline]
        *lines, rest = text.split(end)
        return [line + end for line in lines], rest
    lines = list(io.StringIO(text, newline="\n" if newline == "lf" else ""))
    if lines and not lines[-1].endswith("\n"):
        return lines[:-1], lines[-1]  # also a CR at the end: an LF may follow in the next piece
    return lines, ""
