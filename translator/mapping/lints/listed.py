"""An object where Amazon has a list, or a list where it has an object: no document of it would ever go on."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Final

from translator.core.finding import Finding
from translator.mapping.layout import Picture
from translator.mapping.lints.advice import Known, Looked

_LIST: Final = "each: row makes an entry of each row, group: NAME one of those with the same"


def otherwise(looked: Looked) -> Iterator[Finding]:
    """Name the objects of pictures that lack `each` or `group`, and those that have one too many."""
    for kind, picture in looked.mapping.documents.items():
        plain = {path.replace("[]", ""): known for path, known in looked.paths.get(kind, {}).items()}
        yield from _object(picture, plain, "")


def _object(picture: Picture, fields: Mapping[str, Known], above: str) -> Iterator[Finding]:
    for name, entry in picture.entries:
        if not isinstance(entry, Picture):
            continue
        listed = bool(entry.each or entry.group)
        known = fields.get(above + name)
        if known and known.type == "list" and not listed:
            yield Finding(
                "mapping-list", f"'{above}{name}' is a list: it wants each or group", rule=entry.rule, hint=_LIST
            )
        elif known and known.type == "object" and listed:
            text = f"'{above}{name}' is one object: each and group are for lists"
            yield Finding("mapping-list", text, rule=entry.rule, hint="say them at the document, or at a list")
        yield from _object(entry, fields, f"{above}{name}.")


ADVISE: Final = otherwise
