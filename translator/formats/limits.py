"""Bounds of what is read, and what is said beyond them: nobody's file may fill the memory.

Beyond the bound of a whole file, Rejected; of one record, a finding with its place.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Final, TypeVar

from translator.core.finding import Finding, Findings, Place, Rejected, Severity

FILE: Final = 50_000_000  # bytes, where a format needs the whole text at once
RECORD: Final = 1_000_000  # characters
COLUMNS: Final = 2_000
FIELD: Final = 65_536  # characters
RECORDS: Final = 1_000_000
DEPTH: Final = 64
ATTRIBUTES: Final = 200
BROKEN: Final = 1_000  # records that cannot be read at all: beyond, it is no such file

T = TypeVar("T")


def counted(rows: Iterable[T], file: str, most: int = RECORDS) -> Iterator[T]:
    """Pass rows on; raise Rejected when there are too many."""
    for number, row in enumerate(rows):
        if number >= most:
            raise Rejected([Finding("limit-records", f"more than {most:,} records in one file", Place(file))])
        yield row


def whole(chunks: Iterable[bytes], file: str, most: int = FILE) -> bytes:
    """Join the pieces of a file; raise Rejected when it is too long."""
    data = bytearray()
    for chunk in chunks:
        data += chunk
        if len(data) > most:
            raise Rejected([Finding("limit-file", f"more than {most:,} bytes", Place(file))])
    return bytes(data)


def broken(findings: Findings, finding: Finding) -> None:
    """Note a record that cannot be read; raise Rejected when nearly nothing can. Warnings end there, silently."""
    if len(findings.found) < BROKEN:
        findings.add(finding)
    elif finding.severity is Severity.ERROR:
        text = f"more than {BROKEN:,} findings: this is no such file"
        raise Rejected([*findings.found[:BROKEN], Finding("limit-findings", text, finding.data)])
