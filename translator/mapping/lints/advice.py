"""What an advice may look at, and the finding of all of them: a module here with a constant ADVISE.

An advice warns of what will go wrong with some data, or tells as an error what cannot go right with any.
"""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Protocol

import translator.mapping.lints
from translator.core.finding import Finding, Place, Severity
from translator.mapping.layout import Expression, Field, MappingFile, Picture, every_record
from translator.mapping.lint import Comparison

Path = tuple[str, ...]


class Known(Protocol):
    """What is known of a field of a document kind, as `documents.kind.FieldOf` has it."""

    @property
    def type(self) -> str: ...
    @property
    def required(self) -> bool: ...
    @property
    def one_of(self) -> tuple[str, ...]: ...
    @property
    def usual(self) -> int: ...
    @property
    def filled(self) -> bool: ...


Paths = Mapping[str, Mapping[str, Known]]  # by kind: what is known of each path, lists marked: `items[].title`


@dataclass(frozen=True, slots=True)
class Looked:
    """A mapping, what its expressions stand for, and what is known of the kinds."""

    mapping: MappingFile
    origins: Mapping[int, tuple[Path | None, ...]]  # by id of a field: the path each of its sources is, resolved
    asked: frozenset[str]  # every name that some expression asks for, and `partner.x` whole
    paths: Paths
    lenient: Collection[str] = ()  # kinds that go on although something required is missing
    expressions: tuple[Expression, ...] = ()  # all of them, but those of a template
    compared: tuple[Comparison, ...] = ()

    def known(self, path: Path | None) -> tuple[Known, ...]:
        """Give what is known of each step of a path below a kind, the last one last; empty: nothing is."""
        if not path or path[0] not in self.paths:
            return ()
        steps = self.paths[path[0]]
        plain = {name.replace("[]", ""): one for name, one in steps.items()}
        found = [plain.get(".".join(path[1 : number + 1])) for number in range(1, len(path))]
        return tuple(one for one in found if one) if all(found) else ()

    def leaf(self, one: Field) -> Known | None:
        """Give what is known of the one value a field is written from."""
        origins = self.origins.get(id(one), ())
        steps = self.known(origins[0]) if len(origins) == 1 else ()
        return steps[-1] if steps else None


Advise = Callable[[Looked], Iterable[Finding]]


@cache
def advisers() -> tuple[Advise, ...]:
    """Find every advice."""
    names = (module.name for module in pkgutil.iter_modules(translator.mapping.lints.__path__))
    modules = (importlib.import_module(f"translator.mapping.lints.{name}") for name in names)
    return tuple(module.ADVISE for module in modules if hasattr(module, "ADVISE"))


def advise(looked: Looked) -> list[Finding]:
    """Ask all of them."""
    return [finding for adviser in advisers() for finding in adviser(looked)]


def entries(looked: Looked) -> Iterator[tuple[str, Field | Picture, Known]]:
    """Give each entry of the pictures that is a field of its kind: its path without `[]`, itself, what is known of it."""
    for kind, picture in looked.mapping.documents.items():
        plain = {path.replace("[]", ""): known for path, known in looked.paths.get(kind, {}).items()}
        for path, entry in _below(picture, ""):
            if known := plain.get(path):
                yield path, entry, known


def _below(picture: Picture, above: str) -> Iterator[tuple[str, Field | Picture]]:
    for name, entry in picture.entries:
        yield above + name, entry
        if isinstance(entry, Picture):
            yield from _below(entry, f"{above}{name}.")


def warning(code: str, text: str, rule: Place, hint: str = "") -> Finding:
    """Make a finding that stops nothing."""
    return Finding(code, text, rule=rule, hint=hint, severity=Severity.WARNING)


def fields(mapping: MappingFile) -> Iterator[tuple[Field, bool]]:
    """Give every field of a layout, those of groups too, and whether it stands under some `when`."""
    for record in every_record(mapping.records):
        yield from _inside(record.fields, under=record.when is not None)


def _inside(some: Iterable[Field], *, under: bool) -> Iterator[tuple[Field, bool]]:
    for one in some:
        guarded = under or one.when is not None
        yield one, guarded
        yield from _inside(one.fields, under=guarded)
