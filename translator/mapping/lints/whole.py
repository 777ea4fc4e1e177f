"""A field that is written from a whole object of Amazon's, where only a part of it can stand."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from translator.core.finding import Finding
from translator.mapping.lints.advice import Looked, fields

_MOST: Final = 6  # parts that a hint names


def objects(looked: Looked) -> Iterator[Finding]:
    """Name what no data could fill: `item.orderedQuantity`, of which the amount is meant."""
    if looked.mapping.direction == "reads":
        return
    for one, _ in fields(looked.mapping):
        for source, path in zip(one.source, looked.origins.get(id(one), ()), strict=False):
            steps = looked.known(path)
            if path and steps and steps[-1].type == "object" and not one.fields:
                hint = f"one of its parts: {', '.join(_parts(looked, path)[:_MOST])}"
                text = f"'{one.name}' is written from {source.text}, which is an object"
                yield Finding("path-object", text, rule=source.rule, hint=hint)


def _parts(looked: Looked, path: tuple[str, ...]) -> list[str]:
    above = f"{'.'.join(path[1:])}."
    plain = (name.replace("[]", "") for name in looked.paths[path[0]])
    below = [name[len(above) :] for name in plain if name.startswith(above)]
    return [f"{path[-1]}.{name}" for name in below if "." not in name]


ADVISE: Final = objects
