"""A text of the mapping's own where Amazon takes other words only."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from translator.core.finding import Finding, suggestion
from translator.mapping.layout import Field, Picture
from translator.mapping.lints.advice import Looked, entries, warning


def other_words(looked: Looked) -> Iterator[Finding]:
    """Name the fixed texts of pictures, and the answers of their tables, that are none of the words of an enum."""
    for path, entry, known in entries(looked):
        if not isinstance(entry, Picture) and known.one_of:
            taken = {word.lower() for word in known.one_of}
            for word in dict.fromkeys(one for one in _said(entry) if one and one.lower() not in taken):
                text = f"'{word}' is no word that Amazon takes as '{path}'"
                hint = suggestion(word, known.one_of) or f"it takes: {', '.join(known.one_of)}"
                yield warning("word-unknown", text, entry.rule, hint)


def _said(leaf: Field) -> Iterator[str]:
    yield from (leaf.text or "", leaf.default or "")
    if leaf.lookup and not leaf.lookup.reverse and not leaf.lookup.give and len(leaf.lookup.table.columns) == 2:
        yield from (row[1] for row in leaf.lookup.table.rows)
        yield from [leaf.lookup.miss_text] if leaf.lookup.miss == "text" else []


ADVISE: Final = other_words
