"""What a format is: its options, a reader, a writer."""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Final, Protocol

import translator.formats
from translator.core.finding import Finding, Findings
from translator.formats.stands import Where
from translator.formats.told import Group, Telling
from translator.mapping.envelope import Envelope
from translator.mapping.expression import Environment
from translator.mapping.layout import MappingFile
from translator.mapping.line import Lines
from translator.mapping.row import Row, Source


@dataclass(frozen=True, slots=True)
class Option:
    """One option a mapping file may set beside `format:`; feeds lint, help, schema and manual."""

    name: str
    help: str
    default: str = ""
    one_of: tuple[str, ...] = ()


PLAIN: Final = Environment({})  # expressions without functions


class Read(Protocol):
    """From pieces of a file to its rows. `environment`: what `match` is compiled in."""

    def __call__(
        self,
        chunks: Iterable[bytes],
        mapping: MappingFile,
        findings: Findings,
        file: str,
        environment: Environment = PLAIN,
    ) -> Iterator[Row]: ...


class Runs(Protocol):
    """As `Read`, but many plain rows may come at once."""

    def __call__(
        self,
        chunks: Iterable[bytes],
        mapping: MappingFile,
        findings: Findings,
        file: str,
        environment: Environment = PLAIN,
    ) -> Iterator[Source]: ...


Write = Callable[[Iterable[Row], MappingFile, Findings], bytes]
Check = Callable[[MappingFile], Sequence[Finding]]
Outline = Callable[[Iterable[bytes], MappingFile, str], Iterator[Group]]


@dataclass(frozen=True, slots=True)
class Format:
    """A format. `read(chunks, mapping, findings, file)` takes pieces of any size and yields rows, never needing the whole file;

    a row it cannot read becomes a finding with its place (and, where the record is known, no row); what makes the
    rest unreadable raises Rejected. `write(rows, mapping, findings)` gives the bytes. `typed`: cells keep numbers.
    `check(mapping)` says what the format cannot mean by a layout, when the mapping is loaded. `where(data, rows, mapping)`
    finds the cells of rows that were written into a file, or read out of it. `runs` gives what `read` gives, many
    plain rows at once where it can. `lines(mapping)` says how rows are lines of text, so that a file can be written
    without making them. `envelope`: the headers and trailers it brings. `telling`: the codes in which its files
    are acknowledged, and `outline(chunks, mapping, file)`: what an acknowledgement of one names.
    """

    name: str
    options: tuple[Option, ...]
    read: Read | None
    write: Write | None
    typed: bool = False
    check: Check | None = None
    where: Where | None = None
    runs: Runs | None = None
    lines: Callable[[MappingFile], Lines | None] | None = None
    envelope: Envelope | None = None
    telling: Telling | None = None
    outline: Outline | None = None


@cache
def formats() -> Mapping[str, Format]:
    """Find every format: a module here with a constant FORMAT."""
    found: dict[str, Format] = {}
    for module in pkgutil.iter_modules(translator.formats.__path__):
        part = getattr(importlib.import_module(f"translator.formats.{module.name}"), "FORMAT", None)
        if isinstance(part, Format):
            found[part.name] = part
    return found
