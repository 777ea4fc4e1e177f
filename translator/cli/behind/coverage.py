"""What samples do not show of a mapping: fields that none of them fills, and what its documents hold that nothing asks for."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any

from translator.cli.behind.given import given_for
from translator.cli.behind.samples import Sample
from translator.cli.behind.trial import Trial, source_of, tried
from translator.core.finding import Place
from translator.core.tree import leaves
from translator.mapping.envelope import BROUGHT
from translator.mapping.layout import Field, every_record
from translator.mapping.lints.advice import fields
from translator.mapping.row import Row
from translator.translation import Translation


@dataclass(slots=True)
class Coverage:
    """One mapping and what its samples fill. A template has no fields: of it nothing is known."""

    translation: Translation
    filled: set[Place] = field(default_factory=set)
    held: set[str] = field(default_factory=set)  # what the documents of the samples hold
    asked: set[str] = field(default_factory=set)

    def take(self, sample: Sample) -> None:
        """Count one more sample."""
        source = source_of(sample, self.translation)
        trial = tried(self.translation, source, given_for(sample.folder, sample.top, sample.system))
        self.filled |= set(_filled(trial))
        for file, documents in trial.files:
            self.held |= {_path(pointer) for one in documents for pointer, _ in leaves(one.tree)}
            self.asked |= {_path(path).removeprefix("[]").lstrip(".") for one in file.came for path in one.paths}
            template = file.translation.template
            asked = {".".join(use.path[1:]) for use in template.uses.paths} if template else set()
            self.asked |= {path for path in asked if not any(other.startswith(f"{path}.") for other in asked)}

    @property
    def countable(self) -> list[Field]:
        """Give the fields that something could fill."""
        parts = self.translation.parts or (self.translation,)
        found = [one for part in parts for one, _ in fields(part.file) if not one.fields]
        return [one for one in found if _own(one) and not one.is_ and one.text is None]

    @property
    def never(self) -> list[Field]:
        """Give the fields that no sample fills."""
        return [one for one in self.countable if one.rule not in self.filled]

    @property
    def never_named(self) -> list[str]:
        """Name the fields that no sample fills: with their record, where the file has several."""
        parts = self.translation.parts or (self.translation,)
        records = [one for part in parts for one in every_record(part.file.records) if any(map(_own, one.fields))]
        named = {
            one.rule: f"{record.name}." for record in records if len(records) > 1 for one in _leaves(record.fields)
        }
        return [f"{named.get(one.rule, '')}{one.name}" for one in self.never]

    @property
    def unasked(self) -> list[str]:
        """Give what the documents hold and no field asks for."""
        asked = {path.replace("[]", "") for path in self.asked - {""}}
        return sorted(path for path in self.held if not any(_within(path.replace("[]", ""), one) for one in asked))

    def as_json(self) -> dict[str, Any]:
        """Give it as plain JSON values."""
        never = [{"field": one.name, **one.rule.as_json()} for one in self.never]
        return {"fields": len(self.countable), "never": never, "unasked": self.unasked}


def _own(one: Field) -> bool:
    """Tell a field of the mapping from those that the format brings."""
    return not one.rule.file.startswith(BROUGHT)


def _leaves(some: Iterable[Field]) -> Iterator[Field]:
    for one in some:
        yield from _leaves(one.fields) if one.fields else (one,)


def _filled(trial: Trial) -> Iterator[Place]:
    rows = [row for file, _ in trial.files for row in file.rows] + list(trial.read.rows if trial.read else ())
    yield from (
        one.rule for row in _all(rows) for one, cell in zip(row.record.fields, row.cells, strict=False) if _holds(cell)
    )


def _all(rows: list[Row]) -> Iterator[Row]:
    for row in rows:
        yield row
        for cell in row.cells:
            yield from _all(cell) if isinstance(cell, list) else ()


def _holds(cell: object) -> bool:
    return cell is not None and not isinstance(cell, list) and bool(str(cell).strip())


def _path(pointer: str) -> str:
    """Write a pointer as a path with its lists marked."""
    path = ""
    for step in pointer.split("/")[1:]:
        path += "[]" if step.isdigit() else f".{step}" if path else step
    return path


def _within(path: str, above: str) -> bool:
    return path == above or path.startswith(f"{above}.")
