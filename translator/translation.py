"""All of translation in three calls: read, complete, write. Bytes and trees in, bytes and trees out; no file, no clock.

For the stations, `convert`, previews and tests alike. What is wrong comes back as findings with the documents (a
WMS's data) or is raised as Rejected (bytes that cannot be read or written at all) or Misconfigured (a mapping).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache
from itertools import chain
from typing import Any, Final, TypeVar

from translator.core import jsontext
from translator.core.document import Document, File, Tree
from translator.core.finding import Finding, Findings, Misconfigured, Place, Rejected, errors
from translator.documents.kind import Asked, FieldOf, kinds
from translator.documents.types import known_path, personal
from translator.formats.format import Format, formats
from translator.formats.once import once
from translator.formats.template import compile_template, render
from translator.functions.function import functions
from translator.mapping import load as language
from translator.mapping.careful import Noted, holds
from translator.mapping.context import Context
from translator.mapping.drawn_from import Went, drawn_from
from translator.mapping.expression import Compiled, Environment, Failed, Missing, Rendered
from translator.mapping.layout import MappingFile
from translator.mapping.leaves import Drawn
from translator.mapping.names import file_name, named, words
from translator.mapping.picture import documents as pictured
from translator.mapping.picture import pictures_of, quick_code
from translator.mapping.reader import Reader, compile_reader
from translator.mapping.row import Block, Row, each_row
from translator.mapping.schema import mapping_schema
from translator.mapping.trace import Came, traced
from translator.mapping.writer import Begin, Writer, beginning, compile_writer

F = TypeVar("F")
FILES: Final = 1_000  # of one document, or one batch


@dataclass(frozen=True, slots=True)
class Translation:
    """A mapping file, compiled once: exactly one of writer, template and reader does the work."""

    file: MappingFile
    format: Format | None
    writer: Writer | None = None
    template: Rendered | None = None
    name: Rendered | None = None  # of the files that are written
    begin: Begin | None = None
    same: Compiled | None = None  # what documents of one batch agree in
    takes: Compiled | None = None  # whether a document is for it
    parts: tuple[Translation, ...] = ()  # several files for one document
    reader: Reader | None = None

    @property
    def stamp(self) -> str:
        """Name the mapping as it is: with the hash of everything it was made from, tables and templates too."""
        return f"{self.file.name} {self.file.hash[:16]}"

    @property
    def code(self) -> str:
        """Give the generated code."""
        if self.reader is not None:
            return "\n\n".join(code for code in (self.reader.code, quick_code(self.reader)) if code)
        return self.writer.code if self.writer else ""


@dataclass(frozen=True, slots=True)
class Written:
    """Files, and what was odd about them; an error among the findings: no files."""

    files: tuple[File, ...]
    findings: tuple[Finding, ...] = ()


@dataclass(frozen=True, slots=True)
class TracedFile:
    """One file, its rows, and where each of its cells came from. `draft`: cells that cannot be written are left out."""

    translation: Translation
    name: str
    draft: bytes
    rows: tuple[Row, ...] = ()
    came: tuple[Came, ...] = ()


@dataclass(frozen=True, slots=True)
class TracedRead:
    """A file that was read: its rows, where each of its cells went, and the documents.

    `drawn`: each document by its kind, as far as the file tells it, also where it cannot go on.
    """

    rows: tuple[Row, ...]
    went: tuple[Went, ...]
    documents: tuple[Document, ...]
    drawn: tuple[tuple[str, Tree], ...]


@cache
def environment() -> Environment:
    """Give the one sandbox for mappings, file names and templates."""
    return Environment(functions())


@cache
def known_paths() -> Mapping[str, Mapping[str, FieldOf]]:
    """Give what is known of every field of every document kind, for lint."""
    return {name: {field.path: field for field in kind.fields} for name, kind in kinds().items()}


def schema_of_mappings() -> dict[str, Any]:
    """Give the JSON Schema of a mapping file."""
    return mapping_schema({part.name: part.options for part in formats().values()}, known_paths())


def load(
    name: str, text: bytes, fetch: Callable[[str], bytes | None], settings: Mapping[str, str] | None = None
) -> Translation:
    """Compile a mapping file. `name`: `newark/orders.yaml`; `fetch` knows `mappings/…` and `templates/…` of a site.

    `settings`: the partner's, where known: one that the mapping asks for and that is lacking is refused.
    """
    options = {part.name: part.options for part in formats().values()}

    file = language.load(
        text,
        name,
        fetch=fetch,
        options=options,
        environment=environment(),
        paths=known_paths(),
        limits={kind.name: kind.limits for kind in kinds().values()},
        lenient=[kind.name for kind in kinds().values() if kind.open],
    )
    _settings(file, settings)
    made = _compiled(file)
    for one in (made, *made.parts):
        if one.name is not None:
            _unnamed(one.file, one.name)
    return made


def _unnamed(file: MappingFile, name: Rendered) -> None:
    """Refuse a person's data in the name of a file: names stand in logs and listings (reliability-security §5.5)."""
    known = _known_names(file)
    for use in name.uses.paths:
        first, *rest = use.path
        path = [*known.get(first, [first]), *rest]
        if path[0] in file.kinds and len(path) > 1 and personal(path[0], ".".join(path[1:])):
            text = f"the name of the file would show {'.'.join(path)}, which belongs to a person"
            hint = "name it by the order's number, a counter or the time"
            raise Misconfigured([Finding("file-name-personal", text, rule=name.rule, hint=hint)])


def _known_names(file: MappingFile) -> dict[str, list[str]]:
    """Give the path that each name stands for which the name of a file may ask."""
    turns = file.records[0].each if file.whole else ()
    said = [*((own, one.text) for own, one in file.let), *((one.name, one.source.text) for one in turns)]
    known: dict[str, list[str]] = {}
    for own, text in said:
        first, *rest = text.split(".")
        known[own] = [*known.get(first, [first]), *rest]
    return known


def _settings(file: MappingFile, settings: Mapping[str, str] | None) -> None:
    lacking = [] if settings is None else [name for name in file.partner if name not in settings]
    if lacking:
        text = f"the partner lacks {', '.join(lacking)}"
        hint = "; ".join(f"{name}: {file.partner[name]}" for name in lacking)
        raise Misconfigured([Finding("partner-setting", text, rule=file.rule, hint=hint)])


def _compiled(file: MappingFile) -> Translation:
    form = formats().get(file.format)
    if form and form.check and (faults := form.check(file)):
        raise Misconfigured(faults)
    if file.direction == "reads":
        return _compiled_reading(file, form)
    name = named(file.file or "{{ now }}", environment(), file.rule)
    made = Translation(file, form, name=name, begin=beginning(file, environment()), **_sorting(file))
    if file.files:
        return replace(made, parts=tuple(map(_compiled, file.files.values())))
    if file.template:
        return replace(made, template=compile_template(file, environment()))
    return replace(made, writer=_writer(file, form))


def _compiled_reading(file: MappingFile, form: Format | None) -> Translation:
    """Compile what reads one file, or a set: its picture is of the records of all of them."""
    if not file.files:
        return Translation(file, form, reader=compile_reader(file, environment()))
    whole = replace(file, records=tuple(record for one in file.files.values() for record in one.records))
    parts = tuple(Translation(one, formats().get(one.format)) for one in file.files.values())
    return Translation(file, form, parts=parts, reader=compile_reader(whole, environment()))


def _sorting(file: MappingFile) -> dict[str, Any]:
    """Compile what says which documents a file takes, and which of them go together."""
    said = {"same": file.batch.same if file.batch else None, "takes": file.takes}
    return {name: environment().expression(one.text, one.rule) for name, one in said.items() if one}


@once
def _careful(file: MappingFile) -> Writer:
    """Compile a writer that can note how its rows came about."""
    return _writer(file, formats().get(file.format), careful=True)


def _writer(file: MappingFile, form: Format | None, *, careful: bool = False) -> Writer:
    typed = bool(form and form.typed)
    return compile_writer(file, environment(), typed=typed, private=_private(file), careful=careful)


def _private(file: MappingFile) -> Callable[[str], bool]:
    """Tell of a place in a document that it is a person's: its value is in no finding (reliability-security §5.2)."""
    kind = file.kinds[0]

    def private(pointer: str) -> bool:
        path = ".".join(step for step in pointer.split("/") if step and not step.isdigit())
        known = known_path(kind, path)
        return known is None or known.personal or known.type in ("object", "list")  # what is in it is not known

    return private


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
    """Tell whether a file begins as a reading mapping says: its header, its root element, the code of its first record."""
    form = translation.format
    findings = Findings()
    try:
        row = next(form.read([head], translation.file, findings, file), None) if form and form.read else None
    except Rejected:
        return False
    return row is not None and not findings.failed and not errors(row.findings)


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
    yield from pictured(translation.reader, rows, context, files[0][0], findings)


def _set(translation: Translation, files: Sequence[tuple[str, F]]) -> list[tuple[Translation, tuple[str, F]]]:
    """Give each file of a set with its layout. Raises Rejected where there are too few, or too many."""
    wanted = translation.parts or (translation,)
    if len(files) != len(wanted):
        text = f"{translation.file.name} reads {len(wanted)} files together, {len(files)} were given"
        hint = ", ".join(one.file.file for one in wanted)
        raise Rejected([Finding("set-incomplete", text, Place(files[0][0]), hint=hint)])
    return list(zip(wanted, files, strict=True))


def _rows(translation: Translation, chunks: Iterable[bytes], name: str, findings: Findings) -> Iterable[Row | Block]:
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


def takes(translation: Translation, document: Document, context: Context) -> bool:
    """Tell whether a writing mapping takes a document: all of its kinds, or those for which its `takes` holds."""
    if translation.takes is None or translation.begin is None:
        return True
    try:
        return holds(translation.takes(translation.begin({document.kind: document.tree}, context)))
    except (Missing, Failed, Rejected):
        return False


def batches(translation: Translation, documents: Sequence[Document]) -> list[list[int]]:
    """Say which documents share a file, by their places: as many as the mapping's batch takes, alike in what it says."""
    batch = translation.file.batch
    most = batch.most if batch else 1
    alike: dict[str, list[int]] = {}
    for place, document in enumerate(documents):
        alike.setdefault(_alike(translation, document), []).append(place)
    return [group[start : start + most] for group in alike.values() for start in range(0, len(group), most)]


def _alike(translation: Translation, document: Document) -> str:
    if translation.same is None:
        return ""
    try:
        return str(translation.same({document.kind: document.tree}))
    except Failed:
        return f"{document.kind} {document.about}"  # alone: writing it says what is missing


def write(translation: Translation, documents: Sequence[Document], context: Context) -> Written:
    """Write one document, or a batch, as the WMS's file or files. Raises Rejected where it cannot be written."""
    if translation.begin is None:
        raise LookupError(translation.file.name)
    findings = Findings()
    names = translation.begin(_named(translation.file, documents), context)
    files = [file for one in translation.parts or (translation,) for file in _files(one, names, context, findings)]
    if len(files) != 1:
        _check_files(translation.file, [one.name for one in files], findings)
    found = tuple(findings.found)
    return Written((), found) if found and errors(found) else Written(tuple(files), found)


def _files(translation: Translation, names: dict[str, Any], context: Context, findings: Findings) -> list[File]:
    if translation.name is None:
        raise LookupError(translation.file.name)
    if translation.file.whole:
        return [File(one.name, one.draft) for one in _each_whole(translation, names, context, findings)]
    data = _bytes(translation, names, context, findings)
    return [File(file_name(translation.name, names), data)]


def _check_files(file: MappingFile, names: Sequence[str], findings: Findings) -> None:
    """Refuse what would be no file at all, too many, or one that takes another's place."""
    if not names and not findings.failed:
        findings.add(Finding("files-none", "there is nothing to write a file of", rule=file.rule))
    if len(names) > FILES:
        text = f"{len(names):,} files of one document, {FILES:,} at most"
        findings.add(Finding("files-many", text, rule=file.rule))
    if len({*names}) < len(names):
        hint, rule = "{{ loop.index }} counts the turns of `each`", file.file_rule if file.file else file.rule
        findings.add(Finding("files-alike", "two of its files have the same name", rule=rule, hint=hint))


def _named(file: MappingFile, documents: Sequence[Document]) -> dict[str, Any]:
    """Give the names that expressions begin with: the document under its kind's name, or the batch."""
    if file.batch:
        return {"batch": [document.tree for document in documents]}
    return {documents[0].kind: documents[0].tree}


def _bytes(translation: Translation, names: dict[str, Any], context: Context, findings: Findings) -> bytes:
    if translation.template is not None:
        return render(translation.file, translation.template, names, findings)
    form, writer = translation.format, translation.writer
    if form is None or form.write is None or writer is None:
        raise LookupError(translation.file.format)
    if not translation.file.records:  # a marker: that it is there says all
        return b""
    rows, found = writer.rows(names, context)
    findings.found.extend(found)
    return b"" if findings.found and findings.failed else form.write(rows, translation.file, findings)


def trace_written(
    translation: Translation, documents: Sequence[Document], context: Context, findings: Findings
) -> list[TracedFile]:
    """Write as `write` does, and say where each cell came from. Of a template that is not known.

    With an error among the findings the drafts are to be looked at, not to be sent. Raises Rejected as `write` does.
    """
    if translation.begin is None:
        raise LookupError(translation.file.name)
    names = translation.begin(_named(translation.file, documents), context)
    files = [file for one in translation.parts or (translation,) for file in _traced(one, names, context, findings)]
    _check_files(translation.file, [one.name for one in files], findings)
    return files


def _traced(
    translation: Translation, names: dict[str, Any], context: Context, findings: Findings
) -> Iterable[TracedFile]:
    form, file = translation.format, translation.file
    if file.whole:
        return _each_whole(translation, names, context, findings)
    if form is None or form.write is None or translation.writer is None or not file.records:
        return [TracedFile(translation, one.name, one.data) for one in _files(translation, names, context, findings)]
    careful, notes = _careful(file), list[Noted]()
    rows, found = careful.rows(names, context, notes)
    tried = Findings()
    draft = form.write(rows, file, tried)
    findings.found.extend(found if errors(found) else [*found, *tried.found])
    name = file_name(translation.name, names) if translation.name else ""
    return [TracedFile(translation, name, draft, tuple(rows), tuple(traced(careful.planned, rows, notes)))]


def _each_whole(
    translation: Translation, names: dict[str, Any], context: Context, findings: Findings
) -> Iterator[TracedFile]:
    """Write a file of each turn; its name may say what is known there."""
    form, name, file, notes = translation.format, translation.name, translation.file, list[Noted]()
    if form is None or form.write is None or name is None:
        raise LookupError(file.name)
    careful = _careful(file)
    rows, found = careful.rows(names, context, notes)
    findings.found.extend(found)
    came = traced(careful.planned, rows, notes) if not errors(found) else ()
    for one, note in zip(came, notes, strict=False):
        row = replace(one.row, place=replace(one.row.place, path=next(iter(one.paths), "")))
        data = form.write([row], file, findings)
        yield TracedFile(translation, file_name(name, {**names, **note.names}), data, (one.row,), (one,))


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


def placed(findings: Iterable[Finding], document: Document, name: str = "") -> tuple[Finding, ...]:
    """Say where in its file each finding about a document is, as far as its records tell. `name`: its file, unread."""
    return tuple(_placed(finding, document, name) for finding in findings)


def _placed(finding: Finding, document: Document, name: str) -> Finding:
    data = finding.data or Place()
    if data.file or not (document.records or name):
        return finding
    if not document.records:
        return replace(finding, data=replace(data, file=name, record=data.record or document.about))
    item = re.match(r"/items/(\d+)", data.path)
    each = len(document.records) == len(document.tree.get("items", ()))
    place = document.records[int(item[1]) if item and each else 0]
    return replace(finding, data=replace(data, file=place.file, line=place.line, record=data.record or place.record))


def complete(document: Document, asked: Asked) -> Document:
    """Fill what the sender left out from what is stored, and check it by Amazon's rules."""
    kind = kinds()[document.kind]
    plain = kind.plainly(document, asked) if kind.plainly else None
    if plain is not None:
        return plain
    made = kind.complete(document, asked) if kind.complete else document
    if errors(made.findings) or kind.check is None:
        return made
    found = tuple(kind.check(made.tree))
    if not found:
        return made
    return Document(made.kind, made.tree, made.about, made.records, (*made.findings, *found), made.kept)


def payload(document: Document) -> Tree:
    """Give a completed document as Amazon takes it: operation, path and body."""
    operation = kinds()[document.kind].operation
    if operation is None or operation.body is None:
        raise LookupError(document.kind)
    path = operation.path_of(document.tree) if operation.path_of else operation.path
    return {"operation": operation.name, "path": path, "body": operation.body([document.tree])}


def unknown_order(document: Document) -> Finding:
    """Say that an order is not known."""
    hint = "is it an order of this account, sent to this warehouse?"
    return Finding(
        "unknown-order", f"order {document.awaits} is not known", next(iter(document.records), None), None, hint
    )
