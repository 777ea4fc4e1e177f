"""A table that does not know all the words Amazon may say."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from translator.core.finding import Finding
from translator.mapping.layout import Field, Lookup
from translator.mapping.lints.advice import Looked, fields, warning
from translator.mapping.tables import finder

BOOLEAN: Final = ("true", "false")


def unknown_words(looked: Looked) -> Iterator[Finding]:
    """Name the words of an enum that a lookup misses, where a miss holds or rejects."""
    if looked.mapping.direction == "reads":
        return
    for one, _ in fields(looked.mapping):
        if one.lookup and not one.lookup.by and one.lookup.miss in ("hold", "error"):
            missed = [word for word in _words(one, looked) if not _found(one.lookup, word)]
            if missed:
                text = f"the table of '{one.name}' does not know {', '.join(missed)}, which Amazon may say"
                yield warning("lookup-incomplete", text, one.rule, "add them, or say miss: pass or a text")


def _words(one: Field, looked: Looked) -> tuple[str, ...]:
    known = looked.leaf(one)
    if known is None:
        return ()
    return BOOLEAN if known.type == "boolean" else known.one_of


def _found(lookup: Lookup, word: str) -> bool:
    try:
        return finder(lookup)((word,)) is not None
    except KeyError:
        return True  # told where tables are checked


ADVISE: Final = unknown_words
