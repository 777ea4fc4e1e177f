"""Charsets: Python's names, byte order marks, which must agree with what the mapping says, and letters that cannot be.

The declared charset decides. A declaration that lies is told: a mark of another charset (Rejected), bytes that are no
letter of it (a finding of the record), bytes that all through the file are UTF-8 where a code page is declared (a warning).
"""

from __future__ import annotations

import codecs
import re
from collections.abc import Iterable, Iterator
from typing import Final

from translator.core.finding import Finding, Misconfigured, Place, Rejected, Severity

PIECE: Final = 65_536
JOINT: Final = "\ufdd0"  # a letter that is none: it stands for delimiters of several letters
_BAD: Final = re.compile(f"[\0\ufeff{JOINT}\ud800-\udfff]")
_MARKS: Final = (
    (codecs.BOM_UTF8, ("utf-8", "utf-8-sig"), "UTF-8"),
    (codecs.BOM_UTF32_LE, ("utf-32", "utf-32-le"), "UTF-32"),
    (codecs.BOM_UTF32_BE, ("utf-32", "utf-32-be"), "UTF-32"),
    (codecs.BOM_UTF16_LE, ("utf-16", "utf-16-le"), "UTF-16"),
    (codecs.BOM_UTF16_BE, ("utf-16", "utf-16-be"), "UTF-16"),
)
_BARE: Final = {"utf-8-sig": "utf-8", "utf-16": "utf-16-le", "utf-32": "utf-32-le"}
_WORDS: Final = frozenset(
    [0x40, *range(0xF0, 0xFA), *range(0xC1, 0xCA), *range(0xD1, 0xDA), *range(0xE2, 0xEA), *range(0x81, 0x8A),
     *range(0x91, 0x9A), *range(0xA2, 0xAA), 0x4B, 0x60, 0x61, 0x6B, 0x15, 0x25]
)  # fmt: skip


OTHER: Final = "say by `charset` what its sender writes: cp1252, cp850, iso-8859-1, utf-16…"
_NAMES: Final = "utf-8, cp1252, cp850, iso-8859-1, ascii… by the names of Python"


def charset_name(charset: str, rule: Place | None) -> str:
    """Give Python's name of a charset; raise Misconfigured when there is none of that name."""
    try:
        return codecs.lookup(charset).name
    except LookupError:
        text = f"no charset '{charset}' is known"
        raise Misconfigured([Finding("charset-unknown", text, rule=rule, hint=_NAMES)]) from None


def bare(charset: str) -> str:
    """Give the charset of a piece of a text, which has no mark at its beginning."""
    return _BARE.get(charset, charset)


def wide(charset: str) -> bool:
    """Tell whether a letter may take several bytes."""
    return len("é€".encode(bare(charset), "ignore")) > 2 or len("漢".encode(charset, "ignore")) > 1


def decoded(chunks: Iterable[bytes], charset: str, file: str) -> Iterator[str]:
    """Give a file as text in pieces, without its mark. A byte that is no letter stays, as half a surrogate.

    Raises Rejected where the file begins with the mark of another charset, or its charset cannot go on after a bad byte.
    """
    source = pieces(chunks, charset, file)
    begin = next(source, b"")
    decoder = codecs.getincrementaldecoder(_unmarked(begin, charset))("surrogateescape")
    passed = 0  # bytes
    try:
        text = decoder.decode(begin)
        first = not text
        yield text.removeprefix("\ufeff")
        passed = len(begin)
        for piece in source:
            text = decoder.decode(piece)
            yield text.removeprefix("\ufeff") if first else text
            first = first and not text
            passed += len(piece)
        yield decoder.decode(b"", True)
    except UnicodeError as error:
        raise Rejected(
            [Finding("charset", f"not {charset}{_why(error, decoder, passed)}", Place(file), hint=OTHER)]
        ) from None


def _why(error: UnicodeError, decoder: codecs.IncrementalDecoder, passed: int) -> str:
    """Say what cannot be decoded, and where in the file: the decoder counts from what it still held of the pieces before."""
    if not isinstance(error, UnicodeDecodeError):
        return ""
    return f" at byte {passed - len(decoder.getstate()[0]) + error.start}: {error.reason}"


def _unmarked(begin: bytes, charset: str) -> str:
    """Say which half comes first where no mark does: the half that is 0 in the first letter."""
    if charset == "utf-16" and begin[:2] not in (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE):
        return "utf-16-be" if begin[:1] == b"\0" else "utf-16-le"
    if charset == "utf-32" and begin[:4] not in (codecs.BOM_UTF32_LE, codecs.BOM_UTF32_BE):
        return "utf-32-be" if begin[:1] == b"\0" else "utf-32-le"
    return charset


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


def _agree(begin: bytes, charset: str, file: str) -> None:
    for mark, charsets, name in _MARKS:
        if begin.startswith(mark):
            if charset not in charsets:
                text = f"begins with the byte order mark of {name}, the mapping says {charset}"
                raise Rejected([Finding("charset", text, Place(file, 1), hint=f"set `charset: {charsets[0]}`")])
            return


def dirty(text: str) -> bool:
    """Tell whether a text holds a letter that none should."""
    return "\0" in text or (not text.isascii() and _BAD.search(text) is not None)


def bad_characters(text: str, place: Place, charset: str) -> Finding | None:
    """Find a byte outside the charset, a NUL or a byte order mark inside a record."""
    found = _BAD.search(text)
    if not found:
        return None
    if found[0] == "\0":
        return Finding("character", "a NUL character", place, hint=_nul(text))
    if found[0] == "\ufeff":
        return Finding("character", "a byte order mark inside the file", place, hint="were two files joined?")
    if found[0] == JOINT:
        return Finding("character", "U+FDD0, which is no character", place)
    code = ord(found[0]) - 0xDC00
    hint = "set `charset` to what the sender writes"
    hint = "this looks like EBCDIC: `charset: cp037` or `cp500`" if _ebcdic(text, charset) else hint
    return Finding("charset", f"byte 0x{code:02X} is no {charset}", place, hint=hint)


def _nul(text: str) -> str:
    for name, letters in (("utf-16-le", text[1::2]), ("utf-16-be", text[::2])):
        if len(letters) > 1 and not letters[:20].strip("\0"):
            return f"this looks like UTF-16: `charset: {name}`"
    return "was the file written whole?"


def _ebcdic(text: str, charset: str) -> bool:
    try:
        data = text[:400].encode(charset, "surrogateescape")
    except UnicodeError:  # UTF-16 has no place for such a byte
        return False
    return len(data) >= 10 and sum(byte in _WORDS for byte in data) > 0.9 * len(data) and b" " not in data


class Doubt:
    """Doubt that a code page is what it says: as long as all that is not ASCII in it would be UTF-8 as well."""

    __slots__ = ("_charset", "_open", "_seen")

    def __init__(self, charset: str) -> None:
        self._charset = charset
        self._open = charset.startswith(("cp125", "iso8859", "latin", "cp437", "cp85", "mac"))
        self._seen = 0

    def hear(self, line: str) -> None:
        """Look at a line."""
        if not self._open or line.isascii():
            return
        try:
            line.encode(self._charset, "surrogateescape").decode()
            self._seen += 1
        except UnicodeError:
            self._open = False

    def told(self, file: str) -> Finding | None:
        """Say at the end of the file what was found."""
        if not (self._open and self._seen):
            return None
        text = f"the mapping says {self._charset}, but all {self._seen} lines with letters beyond ASCII would be UTF-8"
        hint = "ask what the sender writes: `charset: utf-8`?"
        return Finding("charset-doubt", text, Place(file), hint=hint, severity=Severity.WARNING)
