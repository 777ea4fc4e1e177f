"""A mapping file made ready to be used: the language loaded and compiled, with what formats and kinds know.

Raises Misconfigured with everything that is wrong.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from functools import cache
from hashlib import sha256
from typing import Any, Final

from translator.core.finding import Finding, Misconfigured
from translator.documents.kind import FieldOf, kinds
from translator.documents.types import known_path, personal
from translator.formats.format import Format, formats
from translator.formats.once import once
from translator.formats.template import compile_template
from translator.functions.function import functions
from translator.mapping import load as language
from translator.mapping.compiled_pictures import quick_code
from translator.mapping.expression import Compiled, Environment, Rendered
from translator.mapping.layout import MappingFile
from translator.mapping.names import named
from translator.mapping.reader import Reader, compile_reader
from translator.mapping.schema import mapping_schema
from translator.mapping.writer import Begin, Writer, beginning, compile_writer


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
        outright = self.writer.outright() if self.writer and self.writer.outright else None
        found = (self.writer.code if self.writer else "", outright.code if outright else "")
        return "\n\n".join(code for code in found if code)


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


Fetch = Callable[[str], bytes | None]
_MOST: Final = 256  # names of mappings whose newest translation is kept; a site has tens


@dataclass(frozen=True, slots=True)
class _Kept:
    """A translation, and what it was made of: the text, and the files it asked for, in order."""

    text: bytes
    asked: tuple[tuple[str, bytes], ...]
    made: Translation

    def still(self, text: bytes, fetch: Fetch) -> bool:
        """Tell whether all of it is what it was. Asks for each file, as a load does."""
        return self.text == _digest(text) and all(_digest(fetch(name)) == was for name, was in self.asked)


_KEPT: Final[dict[str, _Kept]] = {}


def load(name: str, text: bytes, fetch: Fetch, settings: Mapping[str, str] | None = None) -> Translation:
    """Compile a mapping file. `name`: `newark/orders.yaml`; `fetch` knows `mappings/…` and `templates/…` of a site.

    `settings`: the partner's, where known: one that the mapping asks for and that is lacking is refused. What is as it
    was when the mapping was loaded last is not compiled again.
    """
    kept = _KEPT.get(name)
    if kept is not None and kept.still(text, fetch):
        _settings(kept.made.file, settings)
        return kept.made
    asked: dict[str, bytes] = {}

    def noting(path: str) -> bytes | None:
        data = fetch(path)
        asked[path] = _digest(data)
        return data

    file = _file(name, text, noting)
    _settings(file, settings)
    made = _compiled(file)
    for one in (made, *made.parts):
        if one.name is not None:
            _unnamed(one.file, one.name)
    if len(_KEPT) >= _MOST:
        _KEPT.clear()
    _KEPT[name] = _Kept(_digest(text), tuple(asked.items()), made)
    return made


def _digest(data: bytes | None) -> bytes:
    return b"" if data is None else sha256(data).digest()


def _file(name: str, text: bytes, fetch: Fetch) -> MappingFile:
    return language.load(
        text,
        name,
        fetch=fetch,
        options={part.name: part.options for part in formats().values()},
        environment=environment(),
        paths=known_paths(),
        limits={kind.name: kind.limits for kind in kinds().values()},
        lenient=[kind.name for kind in kinds().values() if kind.open],
        envelopes={part.name: part.envelope for part in formats().values() if part.envelope},
    )


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
    if not file.file and not file.files:
        text, hint = "it does not say how its files are named", 'file: "ORD-{{ order.purchaseOrderNumber }}.csv"'
        raise Misconfigured([Finding("mapping-unnamed", text, rule=file.rule, hint=hint)])
    name = named(file.file, environment(), file.rule)
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
def careful_writer(file: MappingFile) -> Writer:
    """Compile a writer that can note how its rows came about."""
    return _writer(file, formats().get(file.format), careful=True)


def _writer(file: MappingFile, form: Format | None, *, careful: bool = False) -> Writer:
    typed = bool(form and form.typed)
    lines = form.lines if form else None
    return compile_writer(file, environment(), typed=typed, private=_private(file), careful=careful, lines=lines)


def _private(file: MappingFile) -> Callable[[str], bool]:
    """Tell of a place in a document that it is a person's: its value is in no finding (reliability-security §5.2)."""
    kind = file.kinds[0]

    def private(pointer: str) -> bool:
        path = ".".join(step for step in pointer.split("/") if step and not step.isdigit())
        known = known_path(kind, path)
        return known is None or known.personal or known.type in ("object", "list")  # what is in it is not known

    return private
