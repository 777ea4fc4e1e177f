"""A field that Amazon requires of a kind of document, and nothing fills."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Final

from translator.core.finding import Finding
from translator.mapping.about import FILLED, NUMBER
from translator.mapping.layout import Picture
from translator.mapping.lints.advice import Known, Looked, warning

ORDER: Final = "purchaseOrderNumber"
NEVER: Final = "false"
Fields = Mapping[str, Known]


def unfilled(looked: Looked) -> Iterator[Finding]:
    """Name what is required, not in the picture, and not filled in from what is stored."""
    for kind, picture in looked.mapping.documents.items():
        if kind in looked.lenient or (picture.when and picture.when.text.strip() == NEVER):
            continue  # it goes on all the same; or a file is read and checked, and becomes no document
        plain = {path.replace("[]", ""): known for path, known in looked.paths.get(kind, {}).items()}
        yield from _object(picture, plain, "", kind)


def _object(picture: Picture, fields: Fields, above: str, kind: str) -> Iterator[Finding]:
    entries = dict(picture.entries)
    said: set[str] = {about.what for about in picture.about}
    for name in _members(fields, above):
        known, entry = fields[above + name], entries.get(name)
        if isinstance(entry, Picture):
            yield from _object(entry, fields, f"{above}{name}.", kind)
        elif entry is None and known.required and not known.filled and not _implied(name, said, set(entries)):
            text = f"nothing fills '{above}{name}', which Amazon requires of every {kind}"
            yield warning("required-never-filled", text, picture.rule, f"{name}: …")


def _members(fields: Fields, above: str) -> list[str]:
    below = (path[len(above) :] for path in fields if path.startswith(above))
    return [name for name in below if name and "." not in name]


def _implied(name: str, said: set[str], entries: set[str]) -> bool:
    """Tell whether it follows from what the entry is about: the order, or a line by its number or product."""
    if name == NUMBER:
        return "item" in said or bool(entries & set(FILLED))
    return name == ORDER and "order" in said


ADVISE: Final = unfilled
