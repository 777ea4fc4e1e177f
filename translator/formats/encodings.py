"""In which encoding an XML file is: by its byte order mark and its declaration, which must agree.

Allowed are UTF-8, UTF-16, ISO-8859-x and Windows-125x; everything else is Rejected, as is a declaration that lies.
What comes out is UTF-8, in pieces, for a parser that is told so.
"""

from __future__ import annotations

import codecs
import re
from collections.abc import Iterable, Iterator
from typing import Final

from translator.core.finding import Finding, Place, Rejected
from translator.formats.lines import PIECE, charset_name

_DECLARED: Final = re.compile(rb"""<\?xml[^>]*?\sencoding\s*=\s*["']([A-Za-z0-9._:-]{1,40})["']""")
_ALLOWED: Final = re.compile(r"utf-8|ascii|utf-16(-[lb]e)?|iso8859-\d+|cp125\d")
_NAMES: Final = {"ascii": "US-ASCII", "shift_jis": "Shift_JIS", "utf-8-sig": "UTF-8"}  # where IANA's are no rule
_BEGIN: Final = 1_024  # a declaration ends within so many bytes
_MARKS: Final = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
    (b"<\0", "utf-16-le"),
    (b"\0<", "utf-16-be"),
)


def utf8(chunks: Iterable[bytes], charset: str, file: str) -> Iterator[bytes]:
    """Give the text as UTF-8 in pieces of a bounded size; `charset`: what the mapping says, "" for what the file says."""
    source = iter(chunks)
    begin = _begin(source)
    encoding = charset_name(charset, None) if charset else _encoding(begin, file)
    pieces = _pieces(begin, source)
    if encoding in {"utf-8", "ascii"}:
        yield from pieces
        return
    decoder = codecs.getincrementaldecoder(encoding)("strict")
    try:
        for piece in pieces:
            yield decoder.decode(piece).encode()
        yield decoder.decode(b"", True).encode()
    except UnicodeError as error:
        raise Rejected([Finding("charset", f"not {encoding}: {error}", Place(file))]) from None


def _begin(source: Iterator[bytes]) -> bytes:
    begin = b""
    for chunk in source:
        begin += chunk
        if len(begin) >= _BEGIN or (
            len(begin) > 5 and (b"?>" in begin or not begin.lstrip(codecs.BOM_UTF8).startswith(b"<?xml"))
        ):
            break
    return begin


def _pieces(begin: bytes, source: Iterator[bytes]) -> Iterator[bytes]:
    yield from (begin[start : start + PIECE] for start in range(0, len(begin), PIECE))
    for chunk in source:
        yield from (chunk[start : start + PIECE] for start in range(0, len(chunk), PIECE))


def _encoding(begin: bytes, file: str) -> str:
    seen = next((name for mark, name in _MARKS if begin.startswith(mark)), "")
    if seen.startswith("utf-16"):
        return seen
    found = _DECLARED.search(begin[:_BEGIN])
    declared = _known(found[1].decode("ascii"), file) if found else "utf-8"
    if declared.startswith("utf-16") or (seen and declared != seen):
        text = f"declared {declared}, but the bytes are not"
        raise Rejected([Finding("xml-encoding", text, Place(file, 1))])
    return declared


def _known(name: str, file: str) -> str:
    try:
        found = codecs.lookup(name).name
    except LookupError:
        found = ""
    if not _ALLOWED.fullmatch(found):
        hint = "UTF-8, UTF-16, ISO-8859-x, Windows-125x are"
        raise Rejected([Finding("xml-encoding", f"the encoding {name} is not taken", Place(file, 1), hint=hint)])
    return found


def declared(name: str) -> str:
    """Give the name by which an XML declaration calls a charset; `name`: Python's."""
    if name in _NAMES:
        return _NAMES[name]
    if re.fullmatch(r"cp\d+", name):
        return f"{'windows-' if name.startswith('cp125') else 'IBM'}{name[2:]}"
    return name.replace("iso8859", "iso-8859").replace("_", "-").upper()
