"""What the tests of all formats share: layouts by hand, and files fed in pieces."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from itertools import pairwise

from hypothesis import HealthCheck, settings

from tests.examples import EXAMPLES
from translator.core.finding import Finding, Findings, Place, Rejected
from translator.formats.format import Format
from translator.mapping.layout import Field, MappingFile, Record, Times
from translator.mapping.row import Row

LAW = settings(
    max_examples=EXAMPLES, deadline=None, suppress_health_check=[HealthCheck.filter_too_much, HealthCheck.too_slow]
)
RULE = Place("ship.yaml", 1)
MANY = Times(0, None)


def field(name: str, **keys) -> Field:
    return Field(name, replace(RULE, field=name), **keys)


def row(*fields: Field, **keys) -> Record:
    return Record("row", RULE, fields=fields, **{"times": MANY, **keys})


def layout(format: str, *records: Record, **keys) -> MappingFile:
    options = keys.pop("options", {})
    return MappingFile("ship.yaml", RULE, "reads", ("shipment_confirmation",), format, options, records=records, **keys)


def plain(row: Row) -> tuple[object, ...]:
    cells = [[plain(inner) for inner in cell] if isinstance(cell, list) else cell for cell in row.cells]
    return row.record.name, cells, row.place.line, row.parent.place.line if row.parent else None, codes(row.findings)


def codes(findings) -> list[str]:
    return [finding.code for finding in findings]


def read(format: Format, chunks: bytes | list[bytes], mapping: MappingFile) -> tuple[list[Row], list[Finding]]:
    findings = Findings()
    chunks = [chunks] if isinstance(chunks, bytes) else chunks
    rows = list(format.read(chunks, mapping, findings, "ship.txt"))
    return rows, findings.found


def outcome(format: Format, chunks: list[bytes], mapping: MappingFile) -> object:
    """Give rows and findings, or Rejected: anything else that is raised is a fault of ours."""
    try:
        rows, findings = read(format, chunks, mapping)
    except Rejected as rejected:
        return "rejected", codes(rejected.findings)
    return [plain(row) for row in rows], codes(findings)


def fed_alike(format: Format, data: bytes, cuts: list[int], mapping: MappingFile) -> object:
    """Feed a file whole, byte by byte and in pieces; the outcome must be the same."""
    whole = outcome(format, [data], mapping)
    assert outcome(format, [data[at : at + 1] for at in range(len(data))], mapping) == whole
    edges = sorted({0, len(data), *(cut % (len(data) + 1) for cut in cuts)})
    assert outcome(format, [data[a:b] for a, b in pairwise(edges)], mapping) == whole
    return whole


def written(format: Format, rows: list[Row], mapping: MappingFile) -> bytes:
    findings = Findings()
    data = format.write(rows, mapping, findings)
    assert not findings.found, findings.found
    return data


Reader = Callable[[bytes], tuple[list[Row], list[Finding]]]


@dataclass(frozen=True)
class Case:
    """A layout and rows of it, shown in few words."""

    mapping: MappingFile
    rows: list[Row]

    def __repr__(self) -> str:
        places = {id(row): number for number, row in enumerate(self.rows)}
        rows = [(row.record.name, bare(row.cells), places.get(id(row.parent))) for row in self.rows]
        return f"{[shape(record) for record in self.mapping.records]}\n{rows}"


def shape(one: Record | Field) -> object:
    records = one.records if isinstance(one, Record) else ()
    keys = [one.at, *(repr(inner.empty) for inner in [one] if isinstance(one, Field) and inner.empty is not None)]
    return (one.name, *keys, *map(shape, one.fields), *map(shape, records))


def bare(cells) -> list[object]:
    return [[bare(inner.cells) for inner in cell] if isinstance(cell, list) else cell for cell in cells]
