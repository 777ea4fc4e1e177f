"""A mapping file out of its YAML text: read, completed with its tables and template, checked, hashed.

Raises Misconfigured with everything that is wrong, each with file, line and column. Reads nothing itself: companion
files come through `fetch`, what formats and document kinds know is handed in.
"""

from __future__ import annotations

import codecs
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from hashlib import sha256
from typing import Final, Literal, Protocol, cast

from translator.core.finding import Finding, Findings, Misconfigured, Place, errors, suggestion
from translator.mapping import lint
from translator.mapping.expression import Environment
from translator.mapping.fields import table_file
from translator.mapping.layout import Batch, Check, MappingFile, Record
from translator.mapping.lints.advice import Looked, Paths, advise
from translator.mapping.pictures import pictures
from translator.mapping.records import records, row
from translator.mapping.source import Fetch, Source, expression, named
from translator.mapping.strict import Entries, Keys, keys, read_yaml

PLAIN: Final = "template"  # the format of a template that is no XML
_UNKNOWN: Final = ("error", "warn", "skip")


class Option(Protocol):
    """One option of a format, as `formats.format.Option` has it."""

    @property
    def name(self) -> str: ...
    @property
    def default(self) -> str: ...
    @property
    def one_of(self) -> tuple[str, ...]: ...


Options = Mapping[str, Sequence[Option]]


def load(
    data: bytes, name: str, *, fetch: Fetch, options: Options, environment: Environment, paths: Paths | None = None
) -> MappingFile:
    """Read one mapping file.

    `fetch` gives a companion by the name written (`tables/carriers.csv`, `plain-xml/order.xml.j2`), None: not there.
    `options`: those of each format. `paths`: the fields of each document kind, lists marked: `items[].title`.
    """
    findings = Findings()
    source = Source(name, fetch, findings)
    top = keys(read_yaml(data, name), findings, "at the top of a mapping file")
    found = _file(top, source, options, paths or {})
    top.done(also=[option.name for some in options.values() for option in some])
    seen = lint.lint(found, environment, paths or {})
    findings.found.extend(seen.findings)
    tables = {asked: table for asked, rule in seen.tables if (table := table_file(asked, rule, source))}
    findings.found.extend(advise(Looked(found, seen.origins, frozenset(seen.asked), paths or {})))
    told = sorted(dict.fromkeys(findings.found), key=_order)
    if findings.failed:
        raise Misconfigured(errors(told))
    return replace(
        found,
        tables=tables,
        notes=tuple(told),
        companions=tuple(sorted(source.used)),
        hash=_hash(name, data, source.used),
    )


def _order(finding: Finding) -> tuple[str, int, int]:
    place = finding.rule or Place()
    return place.file, place.line, place.column


def _file(top: Keys, source: Source, options: Options, paths: Paths) -> MappingFile:
    _direction(top, source, paths)
    template_name = top.text("template")
    template = _template(template_name, top, source)
    source.format = _format(top, options, template=bool(template_name))
    found = MappingFile(
        name=source.name,
        rule=Place(source.name),
        direction="writes" if source.writes else "reads",
        kinds=source.kinds,
        format=source.format,
        options=_options(top, options, source, template=bool(template_name)),
        file=top.text("file"),
        batch=_batch(top),
        partner=_partner(top),
        let=named(top, "let"),
        records=_records(top, source, template=bool(template_name)),
        template=template,
        template_name=template_name,
        unknown=cast("Literal['error', 'warn', 'skip']", top.word("unknown", _UNKNOWN, "error")),
        check=cast("Check", top.word("check", ("error", "warn", "off"), "error")),
        documents=pictures(top, source),
    )
    _fits(found, top)
    return found


def _direction(top: Keys, source: Source, paths: Paths) -> None:
    source.writes = top.has("writes") or not top.has("reads")
    word = "writes" if source.writes else "reads"
    if not top.has("writes", "reads"):
        hint = "writes: order, or reads: shipment_confirmation"
        top.fault("mapping-direction", "the file does not say which way it goes", top.place(), hint)
    if top.has("writes") and top.has("reads"):
        top.fault("mapping-direction", "'writes' and 'reads' exclude each other", top.place("reads"))
        top.node("reads")
    scalars = top.scalars(word)
    for scalar in scalars:
        if not scalar.text.isidentifier() or (paths and scalar.text not in paths):
            hint = suggestion(scalar.text, paths) or f"known: {', '.join(sorted(paths))}"
            top.fault("mapping-kind", f"there is no document kind '{scalar.text}'", scalar.rule, hint)
    source.kinds = tuple(scalar.text for scalar in scalars)


def _template(name: str, top: Keys, source: Source) -> str:
    if not name:
        return ""
    data = source.companion(name, top.place("template"))
    try:
        return data.decode("utf-8-sig").replace("\r\n", "\n") if data else ""
    except UnicodeDecodeError as error:
        place = Place(name, data.count(b"\n", 0, error.start) + 1 if data else 0)
        source.fault("template-charset", f"not UTF-8 at byte {error.start}", place)
        return ""


def _format(top: Keys, options: Options, *, template: bool) -> str:
    if template and not top.has("format"):
        top.node("format")
        return PLAIN
    word = top.required("format")
    if word and word not in options and not (template and word == PLAIN):
        hint = suggestion(word, options) or f"known: {', '.join(sorted(options))}"
        top.fault("mapping-format", f"there is no format '{word}'", top.place("format"), hint)
    return word


def _options(top: Keys, options: Options, source: Source, *, template: bool) -> dict[str, str]:
    offered = {option.name: option for option in options.get(source.format, ())}
    if template:
        offered |= {option.name: option for option in options.get(PLAIN, ())}
    found = {name: _option(option, top) for name, option in offered.items()}
    if found.get("charset"):  # empty: what the file itself declares (XML)
        _charset(found["charset"], top)
    return found


def _option(option: Option, top: Keys) -> str:
    if option.one_of:
        return top.word(option.name, option.one_of, option.default)
    if isinstance(top.entries.get(option.name), Entries):  # `namespaces: {cbc: urn:…}` becomes `cbc=urn:…`
        return " ".join(f"{key.text}={top.scalar(node, key.text)}" for key, node in top.mapping(option.name) or ())
    return top.text(option.name, option.default)


def _charset(name: str, top: Keys) -> None:
    try:
        text = codecs.lookup(name)
    except LookupError:
        text = None
    if text is None or not getattr(text, "_is_text_encoding", True):
        top.fault(
            "mapping-charset", f"there is no charset '{name}'", top.place("charset"), "utf-8, cp1252, iso-8859-1…"
        )


def _batch(top: Keys) -> Batch | None:
    words = top.keys("batch")
    if words is None:
        return None
    found = Batch(words.whole("most", 1000, least=1) or 1000, expression(words.node("same"), words, "same"))
    words.done()
    return found


def _partner(top: Keys) -> dict[str, str]:
    return {key.text: top.scalar(node, key.text) for key, node in top.mapping("partner") or ()}


def _records(top: Keys, source: Source, *, template: bool) -> tuple[Record, ...]:
    given = [word for word in ("template", "records", "fields") if top.has(word)]
    for word in given[1:]:
        top.fault("mapping-layout", f"'{word}' and '{given[0]}' exclude each other", top.place(word))
    if not given:
        top.fault(
            "mapping-layout",
            "the file has no layout",
            top.place(),
            "fields: for one kind of line, records: for several",
        )
    if top.has("fields"):
        top.node("records")
        return row(top, source)
    for word in ("fields", "when", "must", "each", "times"):
        if top.has(word) and word != "fields":
            top.fault("mapping-layout", f"'{word}' at the top wants 'fields'", top.place(word))
        top.node(word)
    return () if template else records(top, source)


def _fits(found: MappingFile, top: Keys) -> None:
    """Refuse what makes sense in the other direction only."""
    only: dict[str, Callable[[], bool]] = {
        "template": lambda: found.direction == "writes",
        "batch": lambda: found.direction == "writes",
        "documents": lambda: found.direction == "reads",
    }
    for word, fits in only.items():
        if top.has(word) and not fits():
            other = "writes" if word != "documents" else "reads"
            top.fault("mapping-direction", f"'{word}' is for a file that says '{other}'", top.place(word))
    if found.direction == "reads" and not top.has("documents"):
        top.fault("mapping-layout", "'documents' is missing: what the records become", top.place("reads"))


def _hash(name: str, data: bytes, used: Mapping[str, bytes]) -> str:
    digest = sha256()
    for part, body in [(name, data), *sorted(used.items())]:
        digest.update(f"{len(part)} {len(body)} {part} ".encode())
        digest.update(body)
    return digest.hexdigest()
