"""Bounds of what is read, and what is said beyond them: nobody's file may fill the memory.

The bounds are those of the mapping (`limits`). Beyond the bound of a whole file, Rejected; of one record, a finding
with its place.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Final, TypeVar

from translator.core.finding import Finding, Findings, Place, Rejected, Severity
from translator.mapping.row import Block, Stretch

BROKEN: Final = 1_000  # records that cannot be read at all: beyond, it is no such file

T = TypeVar("T")


def raised(bound: str) -> str:
    """Say how a bound is raised."""
    return f"`limits: {{{bound}: …}}` raises it"


def counted(rows: Iterable[T], file: str, most: int) -> Iterator[T]:
    """Pass rows, or blocks of them, on; raise Rejected when there are too many."""
    number = 0
    for row in rows:
        number += len(row) if isinstance(row, Block | Stretch) else 1
        if number > most:
            text = f"more than {most:,} records in one file"
            raise Rejected([Finding("limit-records", text, Place(file), hint=raised("records"))])
        yield row


def bounded(chunks: Iterable[bytes], file: str, most: int) -> Iterator[bytes]:
    """Pass the pieces of a file on; raise Rejected when it is too long."""
    size = 0
    for chunk in chunks:
        size += len(chunk)
        if size > most:
            text = f"more than {most:,} bytes"
            raise Rejected([Finding("limit-file", text, Place(file), hint=raised("file"))])
        yield chunk


def whole(chunks: Iterable[bytes], file: str, most: int) -> bytes:
    """Join the pieces of a file; raise Rejected when it is too long."""
    return b"".join(bounded(chunks, file, most))


def long_record(file: str, line: int, most: int, unit: str = "characters") -> Rejected:
    """Refuse a file whose record does not end."""
    text = f"a record of more than {most:,} {unit}"
    return Rejected(
        [Finding("limit-record", text, Place(file, line), hint="is `newline` right? is a quote not closed?")]
    )


def broken(findings: Findings, finding: Finding) -> None:
    """Note a record that cannot be read; raise Rejected when nearly nothing can. Warnings end there, silently."""
    if len(findings.found) < BROKEN:
        findings.add(finding)
    elif finding.severity is Severity.ERROR:
        text = f"more than {BROKEN:,} findings: this is no such file"
        raise Rejected([*findings.found[:BROKEN], Finding("limit-findings", text, finding.data)])
