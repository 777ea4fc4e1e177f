"""Fixed-width files: one record per line, or per block without line ends; cells by position.

A line of the wrong length is given as far as it goes, with its finding. Cells lose the blanks that fill them, blank
ones become nothing. Positions count characters, or bytes where the layout says so. Written exactly: a line that is
not as long as its record, or a line end inside a cell, is a finding, never cut.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from translator.core.finding import Finding
from translator.formats import slots
from translator.formats.fixed_lines import lines_of as as_lines
from translator.formats.fixed_read import read, runs
from translator.formats.fixed_write import look_of, write
from translator.formats.format import Format
from translator.formats.spans import OPTIONS, faults, ruler
from translator.formats.stands import Stand, Stands, standing
from translator.formats.where import lines_of, slotted, standing_in
from translator.mapping.layout import MappingFile
from translator.mapping.row import Row


def _check(mapping: MappingFile) -> Sequence[Finding]:
    """Find what cannot be meant by a fixed layout."""
    return [*faults(mapping), *(finding for record in mapping.records for finding in slots.faults(record))]


def _where(data: bytes, rows: Sequence[Row], mapping: MappingFile) -> Stands:
    """Find the cells of rows: each row is a line, or a block, cut at its places."""
    look, measured = look_of(mapping), ruler(mapping)
    lines, starts = lines_of(data, mapping)
    text = "".join(lines)
    found: list[Stand] = []
    begun: list[int] = []
    at = 0
    for number, row in enumerate(rows):
        plan = look.plans[id(row.record)]
        line = min((row.place.line or number + 1) - 1, len(lines))
        start = starts[line] if look.end else at
        begun.append(start)
        # What a short line lacks stands at its end.
        own_line = lines[line].rstrip("\r\n\x85") if line < len(lines) else ""
        raw = measured.raw(own_line if look.end else text[start:])
        for own, cell, place in slotted(plan.slots, row):
            first, last = (len(measured.text(raw[:edge])) for edge in (place.start, place.stop))  # type: ignore[attr-defined]
            found += standing_in(text, Stand(own, cell, start + first, start + last))
        at = start + len(measured.text(raw[: plan.longest]))
    return standing(text, iter(found), starts if look.end else begun or [0])


FORMAT: Final = Format("fixed", OPTIONS, read, write, check=_check, where=_where, runs=runs, lines=as_lines)
