"""Document pictures out of YAML: Amazon's names, with the structure words each group adjacent when let about must."""

from __future__ import annotations

from dataclasses import replace
from typing import Literal, cast

from translator.mapping.fields import field
from translator.mapping.layout import About, Each, Expression, Field, Picture
from translator.mapping.merge import is_leaf
from translator.mapping.source import Source, expression, expressions, heads, named, sentences
from translator.mapping.strict import Entries, Keys, Node, Scalar, keys
from translator.mapping.words import STRUCTURE, names

_STRUCTURE = frozenset(names(STRUCTURE))


def pictures(top: Keys, source: Source, transaction: str = "") -> dict[str, Picture]:
    """Take `documents`: one picture, or one per kind where several kinds are read.

    `transaction`: the record each document stands in where the picture says nothing else.
    """
    found = _pictures(top, source)
    return {kind: _in_each(one, transaction) for kind, one in found.items()} if transaction else found


def _in_each(one: Picture, transaction: str) -> Picture:
    if one.each or one.group:
        return one
    return replace(one, each=(Each("", Expression(transaction, one.rule)),))


def _pictures(top: Keys, source: Source) -> dict[str, Picture]:
    entries = top.mapping("documents")
    if entries is None:
        return {}
    if len(source.kinds) == 1:
        return {source.kinds[0]: picture(entries, source)}
    by_kind = keys(entries, source.findings, "in 'documents', which has one picture per kind")
    found = {kind: by_kind.mapping(kind) for kind in source.kinds}
    by_kind.done()
    return {kind: picture(entries, source) for kind, entries in found.items() if entries is not None}


def picture(entries: Entries, source: Source) -> Picture:
    """Read one object."""
    words = Keys(entries, source.findings, "in a picture")
    found = Picture(
        entries.rule,
        entries=tuple((key.text, _entry(key, node, source)) for key, node in entries if key.text not in _STRUCTURE),
        each=heads(words, bare=True),
        group=expressions(words, "group"),
        adjacent=words.flag("adjacent"),
        when=expression(words.node("when"), words, "when"),
        let=named(words, "let"),
        about=_about(words),
        must=sentences(words, "must"),
    )
    if found.adjacent and not found.group:
        words.fault("mapping-picture", "'adjacent' wants 'group'", words.place("adjacent"))
    return found


def _entry(key: Scalar, node: Node, source: Source) -> Field | Picture:
    if isinstance(node, Entries) and not is_leaf(node):
        return picture(node, source)
    found = field(key, node, source, leaf=True)
    return replace(found, rule=replace(found.rule, field=key.text))


def _about(words: Keys) -> tuple[About, ...]:
    found: list[About] = []
    for key, node in words.mapping("about") or ():
        if key.text not in ("order", "item"):
            words.fault("yaml-unknown-key", f"unknown key '{key.text}' in 'about'", key.rule, "known: order, item")
            continue
        by, value = _by(node, words)
        if value is not None:
            found.append(About(cast("Literal['order', 'item']", key.text), by, value))
    return tuple(found)


def _by(node: Node, words: Keys) -> tuple[str, Expression | None]:
    if not isinstance(node, Entries):
        return "", expression(node, words, "about")
    if len(node.entries) != 1:
        words.fault("mapping-about", "'about' wants one name here", node.rule, "{order: {customerOrderNumber: REF}}")
        return "", None
    (key, value), *_ = node.entries
    return key.text, expression(value, words, key.text)
