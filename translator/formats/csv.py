"""CSV and other delimited files: one record per row, cells by header name or by column.

Read strictly: a quote that is never closed, or text after a closing quote, makes a finding for the row it begins in,
and the rows after it are read by themselves. A short or long row is given as far as it goes, with its finding.
Written with quotes where they are needed, or where `quoting` wants them. Columns must be named once; a file without
its header line is Rejected.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from translator.core.finding import Finding, Findings
from translator.formats import columns as header
from translator.formats import delimited, slots
from translator.formats.csv_read import Reading, read, runs
from translator.formats.csv_write import heads, look_of, turns_of, write
from translator.formats.delimited import NAMED, OPTIONS, chosen
from translator.formats.format import PLAIN, Format
from translator.formats.lines import Lines
from translator.formats.stands import Stand, Stands, standing
from translator.formats.where import cut, lines_of, slotted, standing_in
from translator.mapping.layout import MappingFile
from translator.mapping.row import Row


def _check(mapping: MappingFile) -> Sequence[Finding]:
    """Find what cannot be meant by a delimited layout."""
    options = chosen(mapping)
    found = list(delimited.faults(mapping, delimited.marks(options)))
    for record in mapping.records:
        found += slots.faults(record)
    if options["header"] in NAMED:
        found += header.faults(mapping)
    return found


def _where(data: bytes, rows: Sequence[Row], mapping: MappingFile) -> Stands:
    """Find the cells of rows: each row is cut where it begins, by the columns that reading or writing has for it."""
    marks, (lines, starts) = delimited.marks(chosen(mapping)), lines_of(data, mapping)
    raws = delimited.rows(Lines([data], mapping, Findings(), ""), mapping, marks, Findings(), "")
    if mapping.direction == "writes":
        look = look_of(mapping)
        known = {key: laid.slots for key, laid in look.laid.items()}
        turns = turns_of(list(rows), look)
        for _ in heads(mapping, look, turns):
            next(raws, None)
    else:
        known = {id(one.record): one.slots for one in Reading(mapping, Findings(), "", PLAIN).plans(raws)}
    text = "".join(lines)
    found: list[Stand] = []
    begun = {} if rows and rows[0].place.line else {number: line for number, (_, line) in enumerate(raws)}
    for number, row in enumerate(rows):
        cells = cut(text, starts[(row.place.line or begun.get(number, 1)) - 1], marks)
        stands = slotted(known[id(row.record)], row)
        found += [
            inner
            for own, cell, at in stands
            if isinstance(at, int) and 0 <= at < len(cells)
            for inner in standing_in(text, Stand(own, cell, *cells[at]))
        ]
    return standing(text, iter(found), starts)


FORMAT: Final = Format("csv", OPTIONS, read, write, check=_check, where=_where, runs=runs)
