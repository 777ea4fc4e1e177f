"""In which encoding an XML file is: by its byte order mark and its declaration, which must agree.

Allowed are UTF-8, UTF-16, ISO-8859-x and Windows-125x; everything else is Rejected, as is a declaration that lies.
Where the mapping says a charset, that decides, and a file that declares another one is told of. What comes out is
UTF-8, in pieces of one size however the file is fed, for a parser that is told so.
"""

from __future__ import annotations

import codecs
import re
from collections.abc import Iterable, Iterator
from typing import Final

from translator.core.finding import Finding, Findings, Place, Rejected, Severity
from translator.formats.charsets import OTHER, PIECE, charset_name
from translator.formats.repair import repaired
from translator.mapping.layout import MappingFile

_DECLARED: Final = re.compile(rb"""<\?xml[^>]*?\sencoding\s*=\s*["']([A-Za-z0-9._:-]{1,40})["']""")
_ALLOWED: Final = re.compile(r"utf-8|ascii|utf-16(-[lb]e)?|iso8859-\d+|cp125\d")
_NAMES: Final = {"ascii": "US-ASCII", "shift_jis": "Shift_JIS", "utf-8-sig": "UTF-8"}  # where IANA's are no rule
_BEGIN: Final = 1_024  # a declaration ends within so many bytes
_MARKS: Final = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32"),  # before UTF-16, whose mark is the beginning of it
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
    (b"<\0", "utf-16-le"),
    (b"\0<", "utf-16-be"),
)


def utf8(chunks: Iterable[bytes], mapping: MappingFile, findings: Findings, file: str) -> Iterator[bytes]:
    """Give the text of a file as UTF-8 in pieces, repaired as the mapping says."""
    pieces = blocks(chunks)
    begin = next(pieces, b"")
    encoding = _encoding(begin, mapping, findings, file)
    found = _joined(begin, pieces)
    if encoding in {"utf-8", "utf-8-sig", "ascii"} and not mapping.repair:
        yield from found
        return
    try:
        texts = _texts(found, encoding)
        for text in repaired(texts, mapping.repair, findings, file) if mapping.repair else texts:
            yield text.encode()
    except UnicodeError as error:
        raise Rejected([Finding("charset", f"not {encoding}: {error}", Place(file), hint=OTHER)]) from None


def blocks(chunks: Iterable[bytes], size: int = PIECE) -> Iterator[bytes]:
    """Cut a file into blocks of one size, the last one shorter."""
    kept = bytearray()
    for chunk in chunks:
        kept += chunk
        if len(kept) >= size:
            whole = len(kept) - len(kept) % size
            yield from (bytes(kept[start : start + size]) for start in range(0, whole, size))
            del kept[:whole]
    if kept:
        yield bytes(kept)


def _joined(begin: bytes, pieces: Iterator[bytes]) -> Iterator[bytes]:
    yield begin
    yield from pieces


def _texts(pieces: Iterable[bytes], encoding: str) -> Iterator[str]:
    decoder = codecs.getincrementaldecoder(encoding)("strict")
    for piece in pieces:
        yield decoder.decode(piece)
    yield decoder.decode(b"", True)


def _encoding(begin: bytes, mapping: MappingFile, findings: Findings, file: str) -> str:
    charset = mapping.options.get("charset", "")
    if not charset:
        return seen(begin, file)
    name = charset_name(charset, None)
    found = _DECLARED.search(begin[:_BEGIN])
    said = _python(found[1].decode("ascii")) if found else name
    if said != name and not {said, name} <= {"utf-8", "utf-8-sig", "ascii"}:
        text = f"the file declares {found[1].decode('ascii') if found else said}, the mapping says {charset}"
        findings.add(Finding("xml-encoding", text, Place(file, 1), mapping.rule, severity=Severity.WARNING))
    return name


def seen(begin: bytes, file: str) -> str:
    """Tell the encoding by the bytes and the declaration. Raises Rejected where they disagree, or it is not taken."""
    marked = next((name for mark, name in _MARKS if begin.startswith(mark)), "")
    if marked.startswith("utf-16"):
        return marked
    found = _DECLARED.search(begin[:_BEGIN])
    name = _known(found[1].decode("ascii"), file) if found else "utf-8"
    if name.startswith("utf-16") or (marked and name != marked):
        text = f"declared {name}, but the bytes are not"
        raise Rejected([Finding("xml-encoding", text, Place(file, 1), hint=OTHER)])
    return name


def _known(name: str, file: str) -> str:
    found = _python(name)
    if not _ALLOWED.fullmatch(found):
        hint = "UTF-8, UTF-16, ISO-8859-x and Windows-125x are; of another the mapping says `charset`"
        raise Rejected([Finding("xml-encoding", f"the encoding {name} is not taken", Place(file, 1), hint=hint)])
    return found


def _python(name: str) -> str:
    try:
        return codecs.lookup(name).name
    except LookupError:
        return ""


def declared(name: str) -> str:
    """Give the name by which an XML declaration calls a charset; `name`: Python's."""
    if name in _NAMES:
        return _NAMES[name]
    if re.fullmatch(r"cp\d+", name):
        return f"{'windows-' if name.startswith('cp125') else 'IBM'}{name[2:]}"
    return name.replace("iso8859", "iso-8859").replace("_", "-").upper()
