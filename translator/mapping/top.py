"""The top of a mapping file out of YAML: which way it goes, its format with its options, its layout or its layouts.

With `files` each entry is a layout of its own; format and options stand at the top for those that name none.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Final, Literal, Protocol, cast

from translator.core.finding import Misconfigured, Place, suggestion
from translator.mapping import letters, words
from translator.mapping.envelope import ENVELOPE, Envelopes
from translator.mapping.fields import table_file
from translator.mapping.layout import WHOLE, Batch, Check, Limits, MappingFile, Record, Repair
from translator.mapping.limits import limits
from translator.mapping.merge import merged
from translator.mapping.pattern import pattern
from translator.mapping.pictures import pictures
from translator.mapping.records import records, row, whole
from translator.mapping.schemas import schemas
from translator.mapping.segments import placed
from translator.mapping.source import Source, charset, expression, named
from translator.mapping.strict import Entries, Items, Keys, Node, Scalar, describe, keys

PLAIN: Final = "template"  # the format of a template that is no XML
ROOT: Final = ("fields", "records", "template", "files")  # what a file is made of: one of them
SCHEMA: Final = "xml"  # the format that an XSD is for
NO_LAYOUT: Final = (
    *ROOT,
    "when",
    "times",
    "must",
    "substitute",
)  # say nothing where the bytes of one field are the file


class Option(Protocol):
    """One option of a format, as `formats.format.Option` has it."""

    @property
    def name(self) -> str: ...
    @property
    def help(self) -> str: ...
    @property
    def default(self) -> str: ...
    @property
    def one_of(self) -> tuple[str, ...]: ...


Options = Mapping[str, Sequence[Option]]


@dataclass(frozen=True, slots=True)
class Known:
    """What formats and kinds of documents know: the options of each format, the names of the kinds, their limits."""

    options: Options
    kinds: Sequence[str] = ()  # empty: any name will do
    limits: Mapping[str, Limits] = field(default_factory=dict)
    envelopes: Envelopes = field(default_factory=dict)


def mapping_file(top: Keys, source: Source, known: Known) -> MappingFile:
    """Read the top of a mapping file, and all that is below it."""
    _direction(top, source, known.kinds)
    head = MappingFile(
        name=source.name,
        rule=Place(source.name),
        direction="writes" if source.writes else "reads",
        kinds=source.kinds,
        format="",
        partner=_partner(top),
        batch=_batch(top),
        takes=expression(top.node("takes"), top, "takes"),
    )
    made = _layout(top, source, known, head)
    files = _files(top, source, known, replace(head, let=made.let))
    found = replace(made, files=files, documents=pictures(top, source, made.transaction))
    _fits(top, source)
    if top.has("reads") and not top.has("documents"):
        top.fault("mapping-layout", "'documents' is missing: what the records become", top.place("reads"))
    return found


def _direction(top: Keys, source: Source, kinds: Sequence[str]) -> None:
    source.writes = top.has("writes")
    word = "writes" if source.writes else "reads"
    if not top.has(*words.DIRECTIONS):
        hint = "writes: order, or reads: shipment_confirmation; a layout alone is there for others to extend"
        top.fault("mapping-direction", "the file does not say which way it goes", top.place(), hint)
    if top.has("writes") and top.has("reads"):
        top.fault("mapping-direction", "'writes' and 'reads' exclude each other", top.place("reads"))
    scalars = top.scalars(word)
    if top.has(word) and not scalars:
        top.fault(
            "mapping-kind", f"'{word}' names no document kind", top.place(word), f"known: {', '.join(sorted(kinds))}"
        )
    for scalar in scalars:
        if not scalar.text.isidentifier() or (kinds and scalar.text not in kinds):
            hint = suggestion(scalar.text, kinds) or f"known: {', '.join(sorted(kinds))}"
            top.fault("mapping-kind", f"there is no document kind '{scalar.text}'", scalar.rule, hint)
    source.kinds = tuple(scalar.text for scalar in scalars)


def _fits(top: Keys, source: Source) -> None:
    """Refuse what makes sense in the other direction only."""
    direction = "writes" if source.writes else "reads"
    for word in words.TOP:
        if word.only and word.only != direction and top.has(word.name):
            text = f"'{word.name}' is for a file that says '{word.only}'"
            top.fault("mapping-direction", text, top.place(word.name))


def _partner(top: Keys) -> dict[str, str]:
    return {key.text: top.scalar(node, key.text) for key, node in top.mapping("partner") or ()}


def _batch(top: Keys) -> Batch | None:
    inner = top.keys("batch", known=words.names(words.BATCH))
    if inner is None:
        return None
    found = Batch(inner.whole("most", 1000, least=1) or 1000, expression(inner.node("same"), inner, "same"))
    inner.done()
    return found


# --- one layout ---------------------------------------------------------------------------------------------------


def _layout(top: Keys, source: Source, known: Known, head: MappingFile) -> MappingFile:
    """Read a layout: that of the whole file, or of one of its files."""
    name = top.text("template")
    source.format = _format(top, known.options)
    options = _options(top, known.options, source.format, template=bool(name))
    envelope = None if name else known.envelopes.get(source.format)
    _strange(top, source.format, {tag for level in envelope.levels for tag in level} if envelope else set())
    return replace(
        head,
        format=source.format,
        options=options,
        transaction=envelope.transaction if envelope else "",
        file=top.text("file"),
        file_rule=_value(top, "file"),
        let=(*head.let, *named(top, "let")),
        records=placed(_records(top, source), source.findings) if envelope else _records(top, source),
        template=_template(name, top, source),
        template_name=name,
        unknown=cast("Literal['error', 'warn', 'skip']", top.word("unknown", words.UNKNOWN, "error")),
        check=cast("Check", top.word("check", words.CHECKS, "error")),
        substitute=_substitute(top, source, options.get("charset") or "utf-8"),
        repair=_repairs(top),
        **_schema(top, source),
        limits=limits(top, (known.limits[kind] for kind in source.kinds if kind in known.limits)),
    )


def _value(top: Keys, name: str) -> Place:
    node = top.entries.get(name)
    return node.rule if node is not None else top.place()


def _format(top: Keys, options: Options) -> str:
    templated = top.has("template")
    node = top.node("format")
    if node is None and (templated or top.has("files")):
        return PLAIN if templated else ""
    word = top.required("format")
    if word and word not in options and not (templated and word == PLAIN):
        hint = suggestion(word, options) or f"known: {', '.join(sorted(options))}"
        top.fault("mapping-format", f"there is no format '{word}'", top.place("format"), hint)
    return word


def offered(options: Options, format: str, *, template: bool) -> dict[str, Option]:
    """Give the options a file may set, by name."""
    found = {option.name: option for option in options.get(format, ())}
    return found | ({option.name: option for option in options.get(PLAIN, ())} if template else {})


def _options(top: Keys, options: Options, format: str, *, template: bool) -> dict[str, str]:
    found = {name: _option(option, top) for name, option in offered(options, format, template=template).items()}
    if found.get("charset"):  # empty: what the file itself declares (XML)
        charset(found["charset"], top)
    return found


def _option(option: Option, top: Keys) -> str:
    if option.one_of:
        return top.word(option.name, option.one_of, option.default)
    if isinstance(top.entries.get(option.name), Entries):  # `namespaces: {cbc: urn:…}` becomes `cbc=urn:…`
        return " ".join(f"{key.text}={top.scalar(node, key.text)}" for key, node in top.mapping(option.name) or ())
    return top.text(option.name, option.default)


def _strange(top: Keys, format: str, tags: set[str]) -> None:
    """Refuse what `envelope` says of segments that are no headers or trailers of the format."""
    left = top.mapping(ENVELOPE)
    for key, _ in left or ():
        text = f"'{key.text}' is no header or trailer of format: {format}"
        hint = f"it has {', '.join(sorted(tags))}" if tags else "x12, edifact and tradacoms have some"
        top.fault("mapping-envelope", text, key.rule, hint)


def _records(top: Keys, source: Source) -> tuple[Record, ...]:
    if source.format == WHOLE:
        return _whole(top, source)
    if top.node("content") is not None:
        top.fault("mapping-layout", f"'content' is for format: {WHOLE}", top.place("content"))
    given = [word for word in ROOT if top.has(word)]
    for word in given[1:]:
        top.fault("mapping-layout", f"'{word}' and '{given[0]}' exclude each other", top.place(word))
    if not given and not source.inside:
        hint = "fields: for one kind of line, records: for several"
        top.fault("mapping-layout", "the file has no layout", top.place(), hint)
    if top.has("fields"):
        return row(top, source)
    for word in words.ROW:
        if top.has(word):
            top.fault("mapping-layout", f"'{word}' at the top wants 'fields'", top.place(word))
    return records(top, source)


def _whole(top: Keys, source: Source) -> tuple[Record, ...]:
    """Take what says which field is the file."""
    for word in NO_LAYOUT:
        if top.has(word):
            text = f"'{word}' says nothing where the bytes of one field are the file"
            top.fault("mapping-layout", text, top.place(word), "content: label.content")
    if not source.writes:
        top.fault("mapping-direction", f"format: {WHOLE} is for writing", top.place("format"))
    return whole(top, "" if top.has("batch") else source.kinds[0] if source.kinds else "")


def _template(name: str, top: Keys, source: Source) -> str:
    if not name:
        return ""
    found = source.companion(name, top.place("template"))
    data = found[1] if found else b""
    try:
        return data.decode("utf-8-sig").replace("\r\n", "\n")
    except UnicodeDecodeError as error:
        place = Place(name, data.count(b"\n", 0, error.start) + 1)
        source.fault("template-charset", f"not UTF-8 at byte {error.start}", place)
        return ""


def _schema(top: Keys, source: Source) -> dict[str, Any]:
    name = top.text("schema")
    if name and source.format != SCHEMA:
        top.fault("mapping-schema", "an XSD is for XML", top.place("schema"), f"format: {SCHEMA}")
    found = schemas(name, top.place("schema"), source) if name else {}
    return {"schema": found.get(name, b""), "schema_name": name, "schemas": found}


def _substitute(top: Keys, source: Source, charset: str) -> dict[str, str]:
    node = top.node("substitute")
    some = node.nodes if isinstance(node, Items) else (node,)
    return {letter: text for one in reversed(some) for letter, text in _substitutes(one, top, source, charset).items()}


def _substitutes(node: Node | None, top: Keys, source: Source, charset: str) -> dict[str, str]:
    if isinstance(node, Scalar) and node.text == letters.PLAIN:
        return _plain_letters(node, top, charset)
    if isinstance(node, Scalar):
        table = table_file(node.text, node.rule, source)
        found = [(Scalar(line[0], quoted=True, rule=node.rule), line[1]) for line in table.rows] if table else []
    else:
        entries = _mapping(node, "substitute", top)
        found = [(key, top.scalar(value, key.text)) for key, value in entries]
    for key, _ in found:
        if len(key.text) != 1:
            text = f"'substitute' replaces one character, not '{key.text}'"
            top.fault("mapping-substitute", text, key.rule, "a blank or a tab stands in quotes")
    return {key.text: text for key, text in found}


def _plain_letters(node: Scalar, top: Keys, charset: str) -> dict[str, str]:
    try:
        found = letters.lacking(charset)
    except (LookupError, ValueError):
        return {}  # told with the charset
    if not found:
        text = f"'{letters.PLAIN}' is for letters that the charset lacks, and {charset} has them all"
        top.fault("mapping-substitute", text, node.rule, "charset: ascii, or x | plain_letters in a field")
    return dict(found)


def _mapping(node: Node | None, name: str, top: Keys) -> Entries:
    if isinstance(node, Entries):
        return node
    if node is not None:
        top.fault("yaml-type", f"'{name}' wants a mapping, not {describe(node)}", node.rule)
    return Entries((), top.place())


def _repairs(top: Keys) -> tuple[Repair, ...]:
    node = top.node("repair")
    if node is not None and not isinstance(node, Items):
        top.fault("yaml-type", f"'repair' wants a list, not {describe(node)}", node.rule, "- {find: …, put: …}")
    return tuple(_repair(one, top) for one in node.nodes) if isinstance(node, Items) else ()


def _repair(node: Node, top: Keys) -> Repair:
    inner = keys(node, top.findings, "in 'repair'", words.names(words.REPAIR))
    find, put = inner.required("find"), inner.maybe_text("put")
    rule = _value(inner, "find")
    if put is None and isinstance(node, Entries):
        inner.fault("yaml-missing", "'put' is missing in 'repair'", node.rule, "put: '' takes it out")
    inner.done()
    try:
        if find and pattern(find, rule).found.match(""):
            inner.fault("mapping-repair", "'find' finds the empty text, too", rule, "say what must stand there")
    except Misconfigured as error:
        inner.findings.found.extend(error.findings)
    return Repair(find, put or "", rule)


# --- several ------------------------------------------------------------------------------------------------------


def _files(top: Keys, source: Source, known: Known, head: MappingFile) -> dict[str, MappingFile]:
    """Read each of `files`; what is said of the format at the top stands for those that do not say it."""
    given = top.mapping("files")
    options = {option for some in known.options.values() for option in (one.name for one in some)}
    shared = Entries(tuple(one for one in top.entries if one[0].text in options | {"format"}), top.place())
    if given is not None and not given.entries:
        top.fault("mapping-layout", "'files' lists none", given.rule)
    return {key.text: _one_file(key, node, shared, source, known, head) for key, node in given or ()}


def _one_file(key: Scalar, node: Node, shared: Entries, source: Source, known: Known, head: MappingFile) -> MappingFile:
    own = keys(node, source.findings, f"in the file '{key.text}'").entries
    entries = merged(shared, own) if own.get("format") is None else own
    top = Keys(entries if isinstance(entries, Entries) else own, source.findings, f"in the file '{key.text}'")
    top.known = (*words.names(words.LAYOUT), *format_options(known.options, top))
    source.inside = True
    found = _layout(top, source, known, replace(head, rule=key.rule))
    source.inside = False
    if not top.has("file"):
        top.fault("yaml-missing", f"'file' is missing in the file '{key.text}'", key.rule, "the name it has")
    _fits(top, source)
    top.done()
    return found


def format_options(options: Options, top: Keys) -> tuple[str, ...]:
    """Name the options of a file's format; where that is not known, those of all."""
    node = top.entries.get("format")
    name = node.text if isinstance(node, Scalar) else PLAIN if top.has("template") else ""
    if name in options or top.has("template"):
        return tuple(offered(options, name, template=top.has("template")))
    return tuple(dict.fromkeys(one.name for some in options.values() for one in some))
