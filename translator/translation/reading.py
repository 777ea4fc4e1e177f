"""Files of a WMS, and bodies of Amazon, into documents as their senders said them.

Raises Rejected where a file cannot be read at all; what is wrong with a record goes with its document.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import chain
from typing import Final, TypeVar

from translator.core import jsontext
from translator.core.document import Document, Tree
from translator.core.finding import Finding, Findings, Place, Rejected, errors
from translator.documents.kind import kinds
from translator.formats.told import hinted
from translator.mapping.compiled_pictures import pictures_of
from translator.mapping.context import Context
from translator.mapping.drawn_from import Went, drawn_from
from translator.mapping.leaves import Drawn
from translator.mapping.names import words
from translator.mapping.picture import documents as pictured
from translator.mapping.picture import trailed
from translator.mapping.row import Row, Source, each_row
from translator.translation.compiled import Translation, environment

F = TypeVar("F")
OPEN: Final = ("csv", "fixed", "bytes")  # formats in which a file that is cut off at the end of a line looks whole


@dataclass(frozen=True, slots=True)
class TracedRead:
    """A file that was read: its rows, where each of its cells went, and the documents.

    `drawn`: each document by its kind, as far as the file tells it, also where it cannot go on.
    """

    rows: tuple[Row, ...]
    went: tuple[Went, ...]
    documents: tuple[Document, ...]
    drawn: tuple[tuple[str, Tree], ...]


def matches(translation: Translation, name: str) -> bool:
    """Tell whether a reading mapping takes a file of this name."""
    return translation.file.direction == "reads" and place_in_set(translation, name) is not None


def place_in_set(translation: Translation, name: str) -> tuple[int, dict[str, str]] | None:
    """Tell which of the files of a set has this name, and the `{word}`s in it; None: none has."""
    for number, one in enumerate(translation.parts or (translation,)):
        if (said := words(one.file.file, name)) is not None:
            return number, said
    return None


def recognises(translation: Translation, head: bytes, file: str) -> bool:
    """Tell whether a file begins as a reading mapping says: its header, its root element, the code of its first record
    or transaction."""
    form = translation.format
    findings = Findings()
    try:
        rows = form.read([head], translation.file, findings, file) if form and form.read else iter(())
        row = next((one for one in rows if translation.file.transaction in ("", one.record.name)), None)
    except Rejected:
        return False
    return row is not None and not findings.failed and not errors(row.findings)


def tells_its_end(translation: Translation) -> bool:
    """Tell whether a file that was cut off cannot be read as a whole one: it ends in a trailer, or its form is closed."""
    file = translation.file
    lines = file.format in OPEN or file.options.get("lines") == "true"
    return not lines or trailed(file.records)


def read(translation: Translation, chunks: Iterable[bytes], file: str, context: Context) -> Iterator[Document]:
    """Read a WMS's file into documents as it said them. Raises Rejected where it cannot be read at all."""
    yield from read_set(translation, [(file, chunks)], context)


def read_set(
    translation: Translation, files: Sequence[tuple[str, Iterable[bytes]]], context: Context
) -> Iterator[Document]:
    """Read the files of a set, in their order, into documents. Raises Rejected where one cannot be read at all."""
    findings = Findings()
    parts = _set(translation, files)
    rows = chain.from_iterable(_rows(part, chunks, name, findings) for part, (name, chunks) in parts)
    if translation.reader is None:
        raise LookupError(translation.file.name)
    yield from _told(translation, pictured(translation.reader, rows, context, files[0][0], findings))


def _told(translation: Translation, documents: Iterator[Document]) -> Iterator[Document]:
    """Say with each finding what is answered to it, where a format has words for that."""
    telling = translation.format.telling if translation.format else None
    if telling is None:
        yield from documents
        return
    records = translation.file.records
    try:
        for one in documents:
            found = one.findings
            yield one.but(findings=tuple(hinted(each, telling, records) for each in found)) if found else one
    except Rejected as error:
        raise Rejected([hinted(each, telling, records) for each in error.findings]) from None


def _set(translation: Translation, files: Sequence[tuple[str, F]]) -> list[tuple[Translation, tuple[str, F]]]:
    """Give each file of a set with its layout. Raises Rejected where there are too few, or too many."""
    wanted = translation.parts or (translation,)
    if len(files) != len(wanted):
        text = f"{translation.file.name} reads {len(wanted)} files together, {len(files)} were given"
        hint = ", ".join(one.file.file for one in wanted)
        raise Rejected([Finding("set-incomplete", text, Place(files[0][0]), hint=hint)])
    return list(zip(wanted, files, strict=True))


def _rows(translation: Translation, chunks: Iterable[bytes], name: str, findings: Findings) -> Iterable[Source]:
    if not translation.file.records:  # a marker: that it is there says all
        return ()
    if translation.format is None or translation.format.read is None:
        raise LookupError(translation.file.name)
    read = translation.format.runs or translation.format.read
    return read(chunks, translation.file, findings, name, environment())


def read_amazon(kind: str, data: bytes, file: str = "") -> list[Document]:
    """Read an API body into documents. Raises Rejected where it is no JSON of that kind."""
    part = kinds()[kind]
    if part.split is None:
        raise LookupError(kind)
    return [Document(kind, tree, findings=tuple(found)) for tree, found in part.split(jsontext.decode(data, file))]


def trace_read(translation: Translation, files: Sequence[tuple[str, bytes]], context: Context) -> TracedRead:
    """Read as `read_set` does, and say where each cell went. Raises Rejected where it cannot be read at all."""
    reader = translation.reader
    if reader is None:
        raise LookupError(translation.file.name)
    findings, notes = Findings(), list[Drawn]()
    parts = _set(translation, files)
    rows = tuple(row for part, (name, data) in parts for row in each_row(_rows(part, [data], name, findings)))
    documents = tuple(pictured(reader, rows, context, files[0][0], findings, notes=notes))
    tops = {id(shape): kind for kind, shape in pictures_of(reader).shapes}
    drawn = tuple((tops[id(note.shape)], note.tree) for note in notes if id(note.shape) in tops)
    return TracedRead(rows, tuple(drawn_from(reader, notes)), documents, drawn)
