"""The JSON Schema (draft 2020-12) of a mapping file, for completion and checks while a person types.

It is made of the lists the loader reads by: `words`, the options of the formats, the fields of the kinds. It refuses
what the loader refuses for its shape, and nothing that the loader takes; what names, paths and tables mean is for
`translator check`. Values are as an editor reads YAML: `0123` is a number there, and a text for us.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Final, Protocol

from translator.mapping import words
from translator.mapping.envelope import HEADER
from translator.mapping.layout import WHOLE
from translator.mapping.merge import DROP, PLACES
from translator.mapping.top import NO_LAYOUT, PLAIN, Option, Options
from translator.mapping.words import Word, Words

DRAFT: Final = "https://json-schema.org/draft/2020-12/schema"
Schema = dict[str, Any]

_TEXT: Final[Schema] = {"type": ["string", "number", "boolean", "null"]}
_LETTERS: Final[Schema] = {"type": "object", "additionalProperties": _TEXT}
_EXPRESSION: Final[Schema] = {"type": ["string", "number", "boolean"]}
_DROP: Final[Schema] = {
    "type": "object",
    "properties": {DROP: {"const": True, "description": "take out what is inherited"}},
    "required": [DROP],
    "additionalProperties": False,
}
_PLACES: Final[dict[str, Schema]] = {
    word: {"type": "string", "description": f"beside extends or use: the line it stands {word}"} for word in PLACES
}


class Known(Protocol):
    """What is known of a field of a document, as `documents.kind.FieldOf` has it."""

    @property
    def type(self) -> str: ...
    @property
    def help(self) -> str: ...


def mapping_schema(options: Options, kinds: Mapping[str, Mapping[str, Known]]) -> Schema:
    """Give the schema. `options`: those of each format; `kinds`: the fields of each kind of document, by path."""
    top = _closed([*words.TOP], _options(options))
    top["properties"] |= {name: _said(_some({"enum": sorted(kinds)}), word) for name, word in _directions()}
    return {
        "$schema": DRAFT,
        "title": "A mapping of the translator",
        **top,
        "allOf": [*_formats(options), *_one_way(words.TOP), *_documents(kinds)],
        "$defs": {
            "drop": _DROP,
            "expression": _EXPRESSION,
            "record": _closed(words.RECORD, _PLACES),
            "field": _value_or(_closed(words.FIELD, _PLACES)),
            "part": _closed(_joined(words.RECORD, words.FIELD), {"len": _some({"type": "integer"}), **_PLACES}),
            "file": {**_closed(words.LAYOUT, _options(options)), "allOf": _formats(options)},
            "leaf": _closed(words.VALUE),
            "value": _value_or(_ref("leaf")),
            "picture": _open_picture(),
            **{f"structure.{name}": schema for name, schema in _closed(words.STRUCTURE)["properties"].items()},
            **_pictures(kinds),
        },
    }


def closed(some: Sequence[Word], others: Mapping[str, Schema]) -> Schema:
    """Give the schema of a mapping that holds these words; `others`: what has a form of its own."""
    properties = {word.name: _said(others.get(word.name) or _taken(word), word) for word in some}
    return {"type": "object", "properties": properties, "additionalProperties": False}


def _closed(some: Sequence[Word], more: Mapping[str, Schema] | None = None) -> Schema:
    """Give the schema of a mapping in which each word may also be taken out."""
    found = closed(some, _OTHER)
    either = {name: _either(schema) for name, schema in found["properties"].items()}
    return {**found, "properties": {**either, **(more or {})}}


def _either(schema: Schema) -> Schema:
    said = {"description": schema["description"]}
    return {"anyOf": [{key: value for key, value in schema.items() if key != "description"}, _ref("drop")], **said}


def _said(schema: Schema, word: Word) -> Schema:
    return {**schema, "description": word.help}


def _ref(name: str) -> Schema:
    return {"$ref": f"#/$defs/{name}"}


def _some(schema: Schema) -> Schema:
    """Allow one, or a list of them."""
    return {"anyOf": [schema, {"type": "array", "items": schema}]}


def _names(schema: Schema) -> Schema:
    return {"type": "object", "additionalProperties": {"anyOf": [schema, _ref("drop")]}}


def _value_or(schema: Schema) -> Schema:
    """Allow a bare value, which means `from`."""
    return {"anyOf": [_EXPRESSION, {"type": "array", "items": _EXPRESSION}, schema]}


def _joined(*lists: Words) -> list[Word]:
    return list({word.name: word for some in lists for word in some}.values())


def _taken(word: Word) -> Schema:
    return {
        "text": _TEXT,
        "texts": _some(_TEXT),
        "expression": _EXPRESSION,
        "expressions": _some(_EXPRESSION),
        "flag": {"type": "boolean"},
        "whole": {"type": "integer", "minimum": word.least, "maximum": word.most},
        "one": _one_of(word.one_of),
        "size": {"anyOf": [{"type": "integer", "minimum": 1}, {"type": "string", "pattern": "^[0-9]+ ?(kB|MB|GB)$"}]},
        "duration": {"type": "string", "pattern": "^[0-9]{1,6}([.][0-9]{1,3})?[smhd]$"},
        "named": _names(_EXPRESSION),
        "help": _names(_TEXT),
        "other": {},
    }[word.takes]


def _one_of(choices: Iterable[str]) -> Schema:
    """Allow one of a few words, as YAML reads them: one of digits may stand in quotes."""
    return {"enum": [seen for choice in choices for seen in _as_seen(choice)]}


def _as_seen(choice: str) -> tuple[object, ...]:
    if choice.isdecimal():
        return int(choice), choice
    return ({"true": True, "false": False}.get(choice, choice),)


_ONE_NAME: Final[Schema] = {
    "type": "object",
    "additionalProperties": _EXPRESSION,
    "minProperties": 1,
    "maxProperties": 1,
}
_HEADER: Final[Schema] = {  # in `envelope`: words of records, and the names of fields
    "type": "object",
    "properties": closed([word for word in (*words.RECORD, *words.FIELD) if word.name in HEADER], {})["properties"],
    "additionalProperties": {"anyOf": [_ref("field"), _ref("drop")]},
}
_OTHER: Final[Mapping[str, Schema]] = {
    "envelope": _names(_HEADER),
    "records": _names(_ref("record")),
    "fields": _names(_ref("field")),
    "parts": _names(_ref("part")),
    "files": _names(_ref("file")),
    "documents": {"type": "object"},
    "batch": closed(words.BATCH, {}),
    "limits": closed(words.LIMITS, {}),
    "repair": {"type": "array", "items": {**closed(words.REPAIR, {}), "required": ["find", "put"]}},
    "substitute": {"anyOf": [_TEXT, _LETTERS, {"type": "array", "items": {"anyOf": [_TEXT, _LETTERS]}}]},
    "zone": {"anyOf": [_TEXT, _ref("leaf")]},
    "lookup": {
        "anyOf": [
            {"type": "string", "description": "the name of a table"},
            {**closed(words.LOOKUP, {}), "required": ["table"]},
            {
                "type": "object",
                "additionalProperties": _TEXT,
                "not": {"required": ["table"], "maxProperties": len(words.LOOKUP)},
                "description": "a table written here",
            },
        ]
    },
    "miss": {"anyOf": [{"enum": ["hold", "error", "pass"]}, {**closed(words.MISS, {}), "required": ["text"]}]},
    "about": {
        "type": "object",
        "properties": {what: {"anyOf": [_EXPRESSION, _ONE_NAME]} for what in ("order", "item")},
        "additionalProperties": False,
    },
}


# --- formats and directions ---------------------------------------------------------------------------------------


def _directions() -> list[tuple[str, Word]]:
    return [(word.name, word) for word in words.HEAD if word.name in words.DIRECTIONS]


def _options(options: Options) -> dict[str, Schema]:
    """Give every option of every format; which of them a format has is said in `_formats`."""
    found: dict[str, Schema] = {}
    for name, some in options.items():
        for option in some:
            said = found.get(option.name, {}).get("description")
            text = f"{name}: {option.help}" + (f"; left out: {option.default}" if option.default else "")
            found[option.name] = {"description": f"{said}\n{text}" if said else text}
    return {**found, "format": {**_either({"enum": sorted(options), "description": _help("format")})}}


def _help(name: str) -> str:
    return next(word.help for word in words.TOP if word.name == name)


def _formats(options: Options) -> list[Schema]:
    """Say which options a format has, and what they take; a template has those of plain text, too."""
    known = {option.name for some in options.values() for option in some}
    return [_format(name, {one.name: one for one in options[name]}, options, known) for name in sorted(options)]


def _format(name: str, own: Mapping[str, Option], options: Options, known: set[str]) -> Schema:
    plain = {option.name for option in options.get(PLAIN, ())}
    is_so: Schema = {"properties": {"format": {"const": name}}, "required": ["format"]}
    return {
        "if": is_so,
        "then": {
            "properties": {
                **{one.name: {"anyOf": [_option(one), _DROP]} for one in own.values() if one.name not in plain},
                **dict.fromkeys(sorted(known - {*own} - plain), False),
                **dict.fromkeys(NO_LAYOUT if name == WHOLE else ("content",), False),
            },
            "if": {"required": ["template"]},
            "else": {
                "properties": {
                    **{one.name: {"anyOf": [_option(one), _DROP]} for one in own.values() if one.name in plain},
                    **dict.fromkeys(sorted(plain - {*own}), False),
                }
            },
        },
    }


def _option(option: Option) -> Schema:
    if option.one_of:
        return _one_of(option.one_of)
    return {"anyOf": [_TEXT, {"type": "object", "additionalProperties": _TEXT}]}


def _one_way(some: Words) -> list[Schema]:
    """Refuse what makes sense in the other direction only."""
    found: list[Schema] = []
    for direction in words.DIRECTIONS:
        others = {word.name: False for word in some if word.only and word.only != direction}
        found.append({"if": {"required": [direction]}, "then": {"properties": others}})
    return [*found, {"not": {"required": [*words.DIRECTIONS]}}]


# --- documents ----------------------------------------------------------------------------------------------------


def _documents(kinds: Mapping[str, Mapping[str, Known]]) -> list[Schema]:
    """Say what `documents` holds: the picture of the kind that is read, or one for each of several."""
    several = {name: _ref(f"picture_{name}") for name in kinds}
    several_of: Schema = {"type": "object", "properties": several, "additionalProperties": False}
    return [
        *(
            {
                "if": {"properties": {"reads": {"const": name}}, "required": ["reads"]},
                "then": {"properties": {"documents": _ref(f"picture_{name}")}},
            }
            for name in sorted(kinds)
        ),
        {
            "if": {"properties": {"reads": {"type": "array", "minItems": 2}}, "required": ["reads"]},
            "then": {"properties": {"documents": several_of}},
        },
    ]


def _tree(fields: Mapping[str, Known]) -> dict[str, Any]:
    """Make a tree of paths: name → (what is known, what is below)."""
    tree: dict[str, Any] = {}
    for path, known in fields.items():
        below = tree
        *before, last = path.replace("[]", "").split(".")
        for name in before:
            below = below.setdefault(name, (None, {}))[1]
        below[last] = (known, below.get(last, (None, {}))[1])
    return tree


def _pictures(kinds: Mapping[str, Mapping[str, Known]]) -> dict[str, Schema]:
    """Give the picture of each kind, and of each object in it; equal ones stand once."""
    found: dict[str, Schema] = {}
    for name, fields in sorted(kinds.items()):
        found[f"picture_{name}"] = _picture(_tree(fields), name, found)
    return found


def _picture(tree: Mapping[str, Any], path: str, found: dict[str, Schema]) -> Schema:
    """Give the schema of an object: Amazon's names, and the structure words."""
    names = {name: _entry(known, below, f"{path}.{name}", found) for name, (known, below) in tree.items()}
    return {"type": "object", "properties": {**_structure(), **names}, "additionalProperties": False}


def _open_picture() -> Schema:
    """Give the schema of an object of a kind that is not said here, since the base says it."""
    rest = {"anyOf": [_ref("value"), _ref("picture"), _ref("drop")]}
    return {"type": "object", "properties": _structure(), "additionalProperties": rest}


def _structure() -> dict[str, Schema]:
    return {word.name: _ref(f"structure.{word.name}") for word in words.STRUCTURE}


def _entry(known: Known | None, below: Mapping[str, Any], path: str, found: dict[str, Schema]) -> Schema:
    either = [_once(_picture(below, path, found), path, found)] if below else []
    if known is None or known.type not in ("object", "list") or not below:
        either.append(_ref("value"))
    said = {"description": known.help} if known and known.help else {}
    return {"anyOf": [*either, _ref("drop")], **said}


def _once(schema: Schema, path: str, found: dict[str, Schema]) -> Schema:
    """Put an object among the definitions, unless an equal one is there."""
    name = next((name for name, other in found.items() if other == schema), path)
    found[name] = schema
    return _ref(name)
