"""A field that is written from a whole object of Amazon's, or from all entries of a list, where one value can stand."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from translator.core.finding import Finding
from translator.mapping.lints.advice import Looked, fields

_MOST: Final = 6  # parts that a hint names


def objects(looked: Looked) -> Iterator[Finding]:
    """Name what no data could fill: `item.orderedQuantity`, of which the amount is meant; `d.items.title` of all items."""
    if looked.mapping.direction == "reads":
        return
    for one, _ in fields(looked.mapping):
        for source, path in zip(one.source, looked.origins.get(id(one), ()), strict=False):
            steps = looked.known(path)
            if path and steps and steps[-1].type == "object" and not one.fields:
                hint = f"one of its parts: {', '.join(_parts(looked, path)[:_MOST])}"
                text = f"'{one.name}' is written from {source.text}, which is an object"
                yield Finding("path-object", text, rule=source.rule, hint=hint)
            elif path and steps and not one.times.many and (listed := _listed(looked, path, source.text)):
                text = f"'{one.name}' is written from {source.text}, which is a list"
                hint = f"each: one in {listed} at the record makes a line of each, with from: one.…; or first(…), join(…, ', ')"
                yield Finding("path-list", text, rule=source.rule, hint=hint)


def _listed(looked: Looked, path: tuple[str, ...], written: str) -> str:
    """Give the list that a path goes through, as it is written; what the first word stands for is one of its entries."""
    words = written.strip().split(".")
    before = len(path) - len(words)
    lists = (
        number
        for number in range(2, len(words) + 1)
        if (steps := looked.known(path[: before + number])) and steps[-1].type == "list"
    )
    return ".".join(words[:number]) if (number := next(lists, 0)) else ""


def _parts(looked: Looked, path: tuple[str, ...]) -> list[str]:
    above = f"{'.'.join(path[1:])}."
    plain = (name.replace("[]", "") for name in looked.paths[path[0]])
    below = [name[len(above) :] for name in plain if name.startswith(above)]
    return [f"{path[-1]}.{name}" for name in below if "." not in name]


ADVISE: Final = objects
