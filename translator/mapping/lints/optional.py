"""A value that Amazon may leave out, written as if it were always there: the first order without it is held."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from translator.core.finding import Finding
from translator.mapping.layout import Field
from translator.mapping.lints.advice import Looked, fields, warning


def careless(looked: Looked) -> Iterator[Finding]:
    """Ask for `maybe`, `default` or `required` where a path is optional (mapping-language §4, rule 5)."""
    if looked.mapping.direction == "reads":
        return
    for one, guarded in fields(looked.mapping):
        if one.source and not (guarded or _prepared(one)) and (name := _optional(one, looked)):
            text = f"'{one.name}' is written from {name}, which Amazon may leave out: such an order would be held"
            hint = f"maybe: {one.source[-1].text}, or default: …; required: true where it is to be held"
            yield warning("path-optional", text, one.source[-1].rule, hint)


def _prepared(one: Field) -> bool:
    return one.maybe or one.required or one.default is not None or one.redacted is not None


def _optional(one: Field, looked: Looked) -> str:
    """Name the path that may be absent; empty where one of the sources is sure to be there, or not followed."""
    name = ""
    for path in looked.origins.get(id(one), ()):
        steps = looked.known(path)
        if all(step.required or step.filled for step in steps):
            return ""
        name = ".".join(path or ())
    return name


ADVISE: Final = careless
