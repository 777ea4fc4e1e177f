"""A format of segments out of what tells it apart from the others."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from functools import partial

from translator.core.finding import Finding, Findings
from translator.formats import outline, segment_read, segment_where, segment_write
from translator.formats.dialect import Dialect
from translator.formats.format import PLAIN, Format, Option
from translator.formats.marks import faults
from translator.formats.once import once
from translator.formats.segment_frames import frames_of
from translator.formats.segment_lines import lines_of
from translator.formats.stands import Stands
from translator.formats.told import Group
from translator.mapping.expression import Environment
from translator.mapping.layout import MappingFile
from translator.mapping.line import Lines
from translator.mapping.row import Row, Stretch, each_row


def segment_format(dialect: Dialect, options: tuple[Option, ...]) -> Format:
    """Make the format of a dialect."""

    frames = once(partial(frames_of, dialect=dialect))

    def runs(
        chunks: Iterable[bytes], mapping: MappingFile, findings: Findings, file: str, environment: Environment = PLAIN
    ) -> Iterator[Row | Stretch]:
        return segment_read.read(chunks, mapping, findings, file, environment, frames(mapping))

    def read(
        chunks: Iterable[bytes], mapping: MappingFile, findings: Findings, file: str, environment: Environment = PLAIN
    ) -> Iterator[Row]:
        return each_row(runs(chunks, mapping, findings, file, environment))

    def write(rows: Iterable[Row], mapping: MappingFile, findings: Findings) -> bytes:
        return segment_write.write(rows, mapping, findings, dialect)

    def lines(mapping: MappingFile) -> Lines | None:
        return lines_of(mapping, dialect)

    def where(data: bytes, rows: Sequence[Row], mapping: MappingFile) -> Stands:
        return segment_where.where(data, rows, mapping, dialect)

    def check(mapping: MappingFile) -> Sequence[Finding]:
        return faults(mapping, dialect.opening.declared(mapping))

    def outlined(chunks: Iterable[bytes], mapping: MappingFile, file: str) -> Iterator[Group]:
        return outline.outline(chunks, mapping, file, dialect)

    return Format(
        dialect.name,
        options,
        read,
        write,
        check=check,
        where=where,
        runs=runs,
        lines=lines,
        envelope=dialect.envelope,
        telling=dialect.telling,
        outline=outlined if dialect.telling else None,
    )
