"""Where in a file what is found in a document stands: the record it was read from, and the field where one alone tells it.

Which field a place of a document is drawn from is known of the mapping; nothing is read a second time.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from typing import Any, Final

from translator.core.document import Document
from translator.mapping.compiled_pictures import pictures_of
from translator.mapping.goes_to import goes_to
from translator.mapping.layout import Field, every_record
from translator.translation.compiled import Translation

_ITEM: Final = re.compile(r"/items/(\d+)")
_NUMBER: Final = re.compile(r"/\d+(?=/|$)")


def column(translation: Translation, kind: str, path: str) -> str:
    """Give the name of the field that the value at a JSON pointer is drawn from; empty where none is, or several are."""
    if translation.reader is None:
        return ""
    columns = pictures_of(translation.reader).columns
    if not columns:
        columns.update(_columns(translation))
    return columns.get((kind, _NUMBER.sub("[]", path).lstrip("/").replace("/", ".")), "")


def _columns(translation: Translation) -> Mapping[tuple[str, str], str]:
    found: dict[tuple[str, str], set[str]] = defaultdict(set)
    targets = goes_to(translation.reader) if translation.reader else {}
    for one in _fields(field for record in every_record(translation.file.records) for field in record.fields):
        for target in targets.get(id(one), ()):
            if target.what == "value":
                found[target.kind, target.path].add(one.name)
    return {place: min(names) if len(names) == 1 else "" for place, names in found.items()} or {("", ""): ""}


def _fields(fields: Iterable[Field]) -> Iterator[Field]:
    for one in fields:
        yield one
        yield from _fields(one.fields)


def turn(document: Document, path: str) -> int:
    """Give the number of the record that a place in a document was read from; the first where they cannot be told apart.

    They can where each entry of a list has a record of its own.
    """
    if item := _ITEM.match(path):
        number, entries = int(item[1]), len(document.tree.get("items", ()))
    else:
        number, entries = _entry(document.tree, path)
    return number if entries == len(document.records) and number < entries else 0


def _entry(tree: Any, path: str) -> tuple[int, int]:
    """Give the number of the innermost entry that a path leads through, among all in lists of its name, and their count."""
    nodes, number, found = [tree], 0, (0, 0)
    for step in path.split("/")[1:]:
        if step.isdecimal():
            lists = [one if isinstance(one, list) else [] for one in nodes]
            number = sum(map(len, lists[:number])) + int(step)
            nodes = [entry for one in lists for entry in one]
            found = number, len(nodes)
        else:
            have = [isinstance(one, dict) and step in one for one in nodes]
            if number >= len(nodes) or not have[number]:
                break
            number = sum(have[:number])
            nodes = [one[step] for one, there in zip(nodes, have, strict=True) if there]
    return found
