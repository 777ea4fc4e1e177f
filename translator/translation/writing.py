"""Documents into files: which of them share one, the bytes, the names, and where each cell came from.

Raises Rejected where a file cannot be written; with an error among the findings there are no files.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any, Final

from translator.core.document import Document, File
from translator.core.finding import Finding, Findings, Rejected, errors
from translator.formats.template import render
from translator.mapping.careful import Noted, holds
from translator.mapping.context import Context
from translator.mapping.expression import Failed, Missing
from translator.mapping.layout import MappingFile
from translator.mapping.names import file_name
from translator.mapping.row import Row
from translator.mapping.trace import Came, traced
from translator.translation.compiled import Translation, careful_writer

FILES: Final = 1_000  # of one document, or one batch


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
    data, taken = writer.at_once(names, context) if writer.outright else (None, ())
    if data is not None:
        return data
    rows, found = writer.rows(names, context, taken=taken)
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
    careful, notes = careful_writer(file), list[Noted]()
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
    careful = careful_writer(file)
    rows, found = careful.rows(names, context, notes)
    findings.found.extend(found)
    came = traced(careful.planned, rows, notes) if not errors(found) else ()
    for one, note in zip(came, notes, strict=False):
        row = replace(one.row, place=replace(one.row.place, path=next(iter(one.paths), "")))
        data = form.write([row], file, findings)
        yield TracedFile(translation, file_name(name, {**names, **note.names}), data, (one.row,), (one,))
