"""What came of a trial, as lines for the screen, or as JSON."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any, Final

from translator.cli.behind.drawing import drawn, nested, summary, tables
from translator.cli.behind.trial import Trial
from translator.cli.behind.visible import readable
from translator.core import jsontext
from translator.core.finding import counted, errors
from translator.mapping.layout import MappingFile
from translator.mapping.row import Row
from translator.translation import TracedRead

MOST: Final = 20  # documents that are shown


def picture(trial: Trial) -> list[str]:
    """Draw what a mapping made: its files, or the records it read and the documents they become."""
    lines = _written(trial) if trial.translation.file.direction == "writes" else _read(trial)
    return [f"{trial.translation.file.name} with {_named(trial)}", *lines]


def _named(trial: Trial) -> str:
    folder = trial.source.folder
    return "/".join([*(folder.parts[-4:] if folder else ()), trial.source.name])


def _written(trial: Trial) -> Iterator[str]:
    stopped = " (cannot be written: see below)" if errors(trial.findings) else ""
    for file, _ in trial.files:
        yield ""
        yield f"{file.name}{stopped}: {summary(file.translation.file, file.draft)}"
        yield from drawn(file.translation.file, file.draft, file.rows)


def _read(trial: Trial) -> Iterator[str]:
    rows = trial.read.rows if trial.read else ()
    for part, (name, data) in zip(trial.translation.parts or (trial.translation,), trial.source.files, strict=False):
        yield from _file_read(part.file, name, data, [row for row in rows if row.place.file == name])
    for sent in trial.payloads[:MOST]:
        yield ""
        yield f"Amazon is sent: {sent['operation']}" if "operation" in sent else "document"
        yield jsontext.pretty(sent.get("body", sent))
    if not trial.payloads and trial.read:
        yield from _drawn(trial.read, stopped=bool(errors(trial.findings)))
    if (count := max(len(trial.payloads), len(trial.read.drawn) if trial.read else 0)) > MOST:
        yield f"and {counted(count - MOST, 'document')} more"


def _file_read(file: MappingFile, name: str, data: bytes, rows: Sequence[Row]) -> Iterator[str]:
    yield ""
    yield f"{name}: {summary(file, data)}"
    yield from drawn(file, data, rows)
    if file.format != "csv" and rows:
        yield ""
        yield "records"
        yield from tables(rows) if file.format == "fixed" else nested(rows)


def _drawn(read: TracedRead, *, stopped: bool) -> Iterator[str]:
    why = "it cannot go on: see below" if stopped else "--stored names the orders it is about"
    for kind, tree in read.drawn[:MOST]:
        yield ""
        yield f"{kind.replace('_', ' ')}, as far as the file tells it ({why})"
        yield jsontext.pretty(tree)


def as_json(trial: Trial) -> dict[str, Any]:
    """Give it as plain JSON values."""
    body: dict[str, Any] = {
        "ok": not errors(trial.findings),
        "mapping": trial.translation.file.name,
        "sample": _named(trial),
        "findings": [finding.as_json() for finding in trial.findings],
    }
    if trial.read is None:
        return body | {"files": [_file(name, data, rows) for name, data, rows in _files(trial)]}
    documents = [{"kind": kind, "tree": tree} for kind, tree in trial.read.drawn]
    return body | {"records": [_row(row) for row in trial.read.rows], "documents": documents, "sent": trial.payloads}


def _files(trial: Trial) -> Iterator[tuple[str, str, tuple[Row, ...]]]:
    for file, _ in trial.files:
        charset = file.translation.file.options.get("charset") or "utf-8"
        shown = not file.translation.file.whole or readable(file.draft)  # an image stands in its record, as Base64
        yield file.name, file.draft.decode(charset, "backslashreplace") if shown else "", file.rows


def _file(name: str, text: str, rows: tuple[Row, ...]) -> dict[str, Any]:
    return {"name": name, "text": text, "records": [_row(row) for row in rows]}


def _row(row: Row) -> dict[str, Any]:
    cells = zip(row.record.fields, row.cells, strict=False)
    fields = {one.name: [_row(inner) for inner in cell] if isinstance(cell, list) else cell for one, cell in cells}
    place = {"line": row.place.line} if row.place.line else {}
    return {"record": row.record.name, **place, "fields": fields}
