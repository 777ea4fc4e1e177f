"""Files that are the bytes of one field: labels, packing slips, invoices, which Amazon gives as Base64 text.

Each turn of `each` is a file of its own, without `each` each document is one. Nothing is drawn over, cut or repaired:
Base64 that is not exactly right, or that holds nothing, is a finding at its place, and no file is written.
"""

from __future__ import annotations

from binascii import Error, a2b_base64
from collections.abc import Iterable, Sequence
from typing import Final

from translator.core.finding import Finding, Findings
from translator.formats.format import Format
from translator.formats.stands import Stand, Stands
from translator.mapping.layout import MappingFile
from translator.mapping.row import Row

LONGEST: Final = 10_000_000  # bytes of one file: a label has some ten thousand
BASE64: Final = "the field holds Base64: letters, digits, + / and = at its end, without blanks or line ends"


def _write(rows: Iterable[Row], mapping: MappingFile, findings: Findings) -> bytes:
    return b"".join(_decoded(row, findings) for row in rows)


def _decoded(row: Row, findings: Findings) -> bytes:
    text, rule = str(row.cells[0]), row.record.fields[0].rule
    try:
        data = a2b_base64(text.encode("ascii"), strict_mode=True)
    except (Error, UnicodeEncodeError):
        findings.add(Finding("base64", "what stands here is no Base64", row.place, rule, BASE64))
        return b""
    if len(data) > LONGEST:
        findings.add(Finding("bytes-long", f"the file has {len(data):,} bytes, {LONGEST:,} at most", row.place, rule))
    return data


def _where(data: bytes, rows: Sequence[Row], mapping: MappingFile) -> Stands:
    """Say that the one cell is the whole file."""
    text = data.decode("utf-8", "surrogateescape")
    return Stands(text, tuple(Stand(row, 0, 0, len(text)) for row in rows[:1]), (0,))


FORMAT: Final = Format("bytes", (), read=None, write=_write, where=_where)
