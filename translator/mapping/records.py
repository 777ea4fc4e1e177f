"""Records out of YAML: what holds fields, and what follows and belongs to them."""

from __future__ import annotations

import re
from dataclasses import replace

from translator.core.finding import Place
from translator.mapping.fields import fields
from translator.mapping.layout import Each, Expression, Field, Record, Times
from translator.mapping.source import Source, expression, heads, named, sentences, times
from translator.mapping.strict import Keys, Node, Scalar, keys
from translator.mapping.words import RECORD, names

ROW = "row"


def records(parent: Keys, source: Source) -> tuple[Record, ...]:
    """Take the records of a file, or those that belong to a record."""
    return tuple(_record(key, node, source) for key, node in parent.mapping("records") or ())


def row(top: Keys, source: Source) -> tuple[Record, ...]:
    """Take `fields` at the top of a file: its one record, called `row`."""
    found = Record(
        ROW,
        replace(top.place("fields"), record=ROW),
        each=heads(top),
        when=expression(top.node("when"), top, "when"),
        times=times(top, Times(0, None)),
        must=sentences(top, "must"),
        fields=fields(top, source),
    )
    return (_owned(found),)


def whole(top: Keys, kind: str) -> tuple[Record, ...]:
    """Take `content`: the one field of a file that is nothing else. Left out, it is the `content` of the turn, or of `kind`."""
    each, said = heads(top), expression(top.node("content"), top, "content")
    name = each[-1].name if each else kind
    if said is None and not name:
        top.fault("yaml-missing", "'content' is missing: the field whose bytes are the file", top.place("format"))
    rule = replace(said.rule if said else top.place("format"), record=ROW)
    value = said or Expression(f"{name}.content", rule)
    return (Record(ROW, rule, each=each, times=Times(0, None), fields=(_content(value, rule),)),)


def _content(value: Expression, rule: Place) -> Field:
    return Field("content", replace(rule, field="content"), source=(value,), required=True)


def _record(key: Scalar, node: Node, source: Source) -> Record:
    words = keys(node, source.findings, f"in the record '{key.text}'", names(RECORD))
    each = heads(words)
    found = Record(
        key.text,
        replace(key.rule, record=key.text),
        at=words.text("at"),
        each=each,
        when=expression(words.node("when"), words, "when"),
        times=times(words, _usual(each, words)),
        match=expression(words.node("match"), words, "match"),
        len=_lengths(words),
        let=named(words, "let"),
        must=sentences(words, "must"),
        fields=fields(words, source),
        records=records(words, source),
    )
    words.done()
    return _owned(found)


def _usual(each: tuple[Each, ...], words: Keys) -> Times:
    return Times(0, None) if each else Times(0, 1) if words.has("when") else Times()


def _lengths(words: Keys) -> tuple[int, ...]:
    found = words.scalars("len")
    for scalar in found:
        if not re.fullmatch(r"[1-9][0-9]{0,6}", scalar.text):
            words.fault("yaml-value", f"'len' wants a whole number, not '{scalar.text}'", scalar.rule)
    return tuple(int(scalar.text) for scalar in found if re.fullmatch(r"[1-9][0-9]{0,6}", scalar.text))


def _owned(record: Record) -> Record:
    """Write the record's name into the places of its fields, so that every finding names both."""
    return replace(record, fields=_placed(record.fields, record.name))


def _placed(found: tuple[Field, ...], name: str) -> tuple[Field, ...]:
    return tuple(replace(one, rule=replace(one.rule, record=name), fields=_placed(one.fields, name)) for one in found)
