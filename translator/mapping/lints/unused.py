"""What is named and never asked for: a short name, a setting of the partner, a part of a table."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from translator.core.finding import Finding
from translator.mapping.layout import Expression, Field, MappingFile, Picture, every_record
from translator.mapping.lints.advice import Looked, fields, warning

Let = tuple[str, Expression]


def idle(looked: Looked) -> Iterator[Finding]:
    """Name what could go, or is spelt differently where it is used."""
    for name, expression in _lets(looked.mapping):
        if name not in looked.asked:
            yield warning("let-unused", f"the name '{name}' is never asked for", expression.rule, "take it out")
    for name in looked.mapping.partner:
        if f"partner.{name}" not in looked.asked and "partner" not in looked.asked:
            text = f"the setting '{name}' is never asked for: partner.{name}"
            yield warning("partner-unused", text, looked.mapping.rule, "take it out of 'partner'")


def _lets(mapping: MappingFile) -> Iterator[Let]:
    yield from mapping.let
    for record in every_record(mapping.records):
        yield from record.let
    for one, _ in fields(mapping):
        yield from one.let
    for picture in mapping.documents.values():
        yield from _of_picture(picture)


def _of_picture(picture: Field | Picture) -> Iterator[Let]:
    yield from picture.let
    for _, entry in picture.entries if isinstance(picture, Picture) else ():
        yield from _of_picture(entry)


ADVISE: Final = idle
