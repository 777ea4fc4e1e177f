"""Fields out of YAML: one line of the picture each, checked for what cannot be meant."""

from __future__ import annotations

from dataclasses import replace
from typing import Any, Final, Literal, cast

from translator.core.finding import Place
from translator.mapping import tables
from translator.mapping.layout import Check, Field, Lookup, Table, Times
from translator.mapping.meant import check, check_all
from translator.mapping.source import Source, expression, expressions, heads, named, sentences, times
from translator.mapping.strict import Entries, Items, Keys, Node, Scalar, keys
from translator.mapping.words import CHECKS, FIELD, LOOKUP, MISS, ROUNDINGS, SIGNS, TYPES, VALUE, names

_FIELD: Final = names(FIELD)
_VALUE: Final = names(VALUE)


def fields(parent: Keys, source: Source, name: str = "fields", *, parted: bool = False) -> tuple[Field, ...]:
    """Take the fields of a record or a group. `parted`: by `split`, inside one place."""
    found = tuple(field(key, node, source, parted=parted) for key, node in parent.mapping(name) or ())
    check_all(found, source)
    return found


def field(key: Scalar, node: Node, source: Source, *, leaf: bool = False, parted: bool = False) -> Field:
    """Read one field. `leaf`: of a document picture, where the place keys are unknown words. `parted`: in the place of a group."""
    rule = replace(key.rule, field=key.text)
    if isinstance(node, (Scalar, Items)):
        bare = Keys(Entries(((replace(key, text="from"), node),), node.rule), source.findings)
        found = Field(key.text, rule, source=expressions(bare, "from"))
        check(found, bare, source, leaf=leaf, parted=parted)
        return found
    words = keys(node, source.findings, f"in the field '{key.text}'", _VALUE if leaf else _FIELD)
    found = Field(key.text, rule, **_value(words), **_kind(words), **_nothing(words))
    found = replace(found, lookup=_lookup(words, source), **_zone(words, source))
    if not leaf:
        found = replace(found, **_place(words), **_group(words, source, parted=parted))
    words.done()
    check(found, words, source, leaf=leaf, parted=parted)
    return found


def _value(words: Keys) -> dict[str, Any]:
    sources = expressions(words, "from"), expressions(words, "maybe")
    return {
        "source": sources[0] or sources[1],
        "maybe": bool(sources[1]) and not sources[0],
        "text": words.maybe_text("text"),
        "is_": words.texts("is"),
        "equals": expression(words.node("equals"), words, "equals"),
    }


def _kind(words: Keys) -> dict[str, Any]:
    return {
        "type": words.word("type", TYPES, "text"),
        "places": words.whole("places", most=12),
        "implied": words.whole("implied", 0, most=12),
        "mark": words.word("mark", (".", ","), "."),
        "thousands": words.text("thousands"),
        **_sign(words),
        **_filling(words),
        "round": words.word("round", ROUNDINGS, ""),
        "date": words.texts("date"),
        "pivot": words.whole("pivot", most=99),
        "dst": words.word("dst", ("error", "earlier", "later"), "error"),
        "time": words.text("time"),
    }


def _filling(words: Keys) -> dict[str, str]:
    """Take `pad` and `justify`. Zeros fill on the left whatever the type: `len: 16, pad: 0` of a counter is a number."""
    pad = words.text("pad")
    return {"pad": pad, "justify": words.word("justify", ("left", "right"), "right" if pad == "0" else "")}


def _sign(words: Keys) -> dict[str, str]:
    """Take `sign`: where it stands, or the name of the field that holds it."""
    text = words.text("sign")
    return {"sign": text} if text in SIGNS else {"sign_of": text}


def _zone(words: Keys, source: Source) -> dict[str, Any]:
    """Take `zone`: a name, or a leaf that reads it out of the file."""
    node = words.node("zone")
    if isinstance(node, Entries):
        return {"zone_from": field(Scalar("zone", quoted=False, rule=node.rule), node, source, leaf=True)}
    return {"zone": "" if node is None else words.scalar(node, "zone")}


def _nothing(words: Keys) -> dict[str, Any]:
    return {
        "default": words.maybe_text("default"),
        "empty": words.maybe_text("empty"),
        "redacted": words.maybe_text("redacted"),
        "required": words.flag("required"),
        "when": expression(words.node("when"), words, "when"),
        "truncate": words.flag("truncate"),
        "rest": words.text("rest"),
        "keep": words.text("keep"),
        "check": _check(words),
        "tolerance": words.text("tolerance"),
        "max": words.whole("max", least=1),
    }


def _check(words: Keys) -> Check | None:
    word = words.word("check", CHECKS, "")
    return cast("Check", word) if word else None


def _place(words: Keys) -> dict[str, Any]:
    each = heads(words)
    default = Times(0, None) if each else Times(0, 1) if words.has("when") else Times()
    return {
        "at": words.text("at"),
        "len": words.whole("len", least=1),
        "times": times(words, default),
        "each": each,
        "split": words.text("split"),
        "cdata": words.flag("cdata"),
        "charset": words.text("charset"),
        "quoted": {"": None, "true": True, "false": False}[words.word("quoted", ("true", "false"), "")],
        "formula_guard": words.word("formula_guard", ("none", "reject", "prefix"), "none"),
    }


def _group(words: Keys, source: Source, *, parted: bool) -> dict[str, Any]:
    inner = fields(words, source, parted=parted or words.has("split"))
    return {"let": named(words, "let"), "must": sentences(words, "must"), "fields": inner}


def _lookup(words: Keys, source: Source) -> Lookup | None:
    reverse = words.flag("reverse")
    miss, miss_text = _miss(words, source)
    node = words.node("lookup")
    asked = _asked(node, words, source) if node is not None else None
    if asked is None:
        return None
    found = replace(asked, reverse=reverse, miss=miss, miss_text=miss_text)
    source.findings.found.extend(tables.faults(found, words.place("lookup")))
    return found


def _miss(words: Keys, source: Source) -> tuple[Literal["hold", "error", "pass", "text"], str]:
    node = words.node("miss")
    if isinstance(node, Entries):
        inner = keys(node, source.findings, "in 'miss'", names(MISS))
        text = inner.required("text")
        inner.done()
        return "text", text
    words.taken.pop()
    word = words.word("miss", ("error", "hold", "pass"), "hold" if source.holds else "error")
    return cast("Literal['hold', 'error', 'pass']", word), ""


def _asked(node: Node, words: Keys, source: Source) -> Lookup | None:
    if isinstance(node, Scalar):
        table = table_file(node.text, node.rule, source)
        return Lookup(table) if table else None
    if isinstance(node, Entries) and node.get("table") is not None and len(node.entries) <= len(LOOKUP):
        inner = keys(node, source.findings, "in 'lookup'", names(LOOKUP))
        name, by, give = inner.required("table"), named(inner, "by"), inner.text("give")
        inner.done()
        table = table_file(name, node.rule, source)
        return Lookup(table, by, give) if table else None
    if isinstance(node, Entries):
        return Lookup(_inline(node, words))
    words.fault("mapping-lookup", "'lookup' wants the name of a table or a mapping", node.rule)
    return None


def _inline(node: Entries, words: Keys) -> Table:
    rows = tuple((key.text, words.scalar(value, key.text)) for key, value in node)
    return Table("", tables.INLINE, rows, node.rule, tuple(key.rule.line for key, _ in node))


def table_file(name: str, rule: Place, source: Source) -> Table | None:
    """Read `tables/NAME.csv`, once for a mapping file."""
    if name.endswith(".csv"):
        hint = f"without its folder and ending: {name.rpartition('/')[2].removesuffix('.csv')}"
        source.fault("mapping-lookup", f"a table is named by its name alone, not '{name}'", rule, hint)
        return None
    if name not in source.tables:
        found = source.companion(f"tables/{name}.csv", rule)
        if found is not None:
            source.tables[name] = tables.read_table(name, *found, source.findings)
    return source.tables.get(name)
