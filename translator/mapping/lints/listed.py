"""An object where Amazon has a list, or a list where it has an object: no document of it would ever go on."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from translator.core.finding import Finding
from translator.mapping.layout import Picture
from translator.mapping.lints.advice import Looked, entries

_LIST: Final = "each: row makes an entry of each row, group: NAME one of those with the same"


def otherwise(looked: Looked) -> Iterator[Finding]:
    """Name the objects of pictures that lack `each` or `group`, and those that have one too many."""
    for path, entry, known in entries(looked):
        if not isinstance(entry, Picture):
            continue
        listed = bool(entry.each or entry.group)
        if known.type == "list" and not listed:
            yield Finding("mapping-list", f"'{path}' is a list: it wants each or group", rule=entry.rule, hint=_LIST)
        elif known.type == "object" and listed:
            text = f"'{path}' is one object: each and group are for lists"
            yield Finding("mapping-list", text, rule=entry.rule, hint="say them at the document, or at a list")


ADVISE: Final = otherwise
