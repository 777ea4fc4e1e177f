"""Rows become a delimited file: laid out over its columns, quoted as it wants, its header lines before them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from translator.core.finding import Finding, Findings
from translator.formats import columns as header
from translator.formats import delimited
from translator.formats.charsets import charset_name
from translator.formats.columns import titles
from translator.formats.delimited import NAMED, chosen
from translator.formats.lines import NEWLINES
from translator.formats.once import once
from translator.formats.rows import Marks, Policy, Unquotable, Write, formula, row_writer, shown
from translator.formats.slots import Slots, adjoining
from translator.formats.written import encoded
from translator.mapping.layout import Field, MappingFile, Record, every_record
from translator.mapping.row import Cell, Row


@dataclass(frozen=True, slots=True)
class Laid:
    """How the rows of one record are laid out over the columns."""

    slots: Slots
    width: int

    @property
    def step(self) -> int:
        """Give how many columns one turn takes of a group that goes on to the end of the row; 0: there is none."""
        return max((group.step for group in self.slots.groups), default=0)


@dataclass(frozen=True, slots=True)
class Look:
    """How the files of a mapping look: worked out once."""

    policy: Policy | None  # None: quotes only where they are needed
    row: Write
    end: str
    tail: str  # behind the last cell
    header: str
    charset: str
    laid: dict[int, Laid]
    direct: frozenset[int]  # records whose cells in their order are the row
    endless: bool  # the header names as many columns as the longest row has
    heads: tuple[str, ...] = ()  # the header lines, where they are always the same

    def line(self, cells: Sequence[Cell], fields: Sequence[Field | None]) -> str:
        """Write one line without its end. Raises Unquotable."""
        return (self.policy.write(cells, fields) if self.policy else self.row(cells)) + self.tail


@once
def look_of(mapping: MappingFile) -> Look:
    """Work out how the files of a mapping look."""
    options, records = chosen(mapping), list(every_record(mapping.records))
    marks, tail = delimited.marks(options), options["trailing"] == "true"
    plain = options["quoting"] == "needed" and not any(_special(record.fields) for record in records)
    laid = _layouts(records, options["header"])
    straight = [] if tail or not plain or _shares(records, options["header"]) else records
    look = Look(
        None if plain else Policy(marks, options["quoting"]),
        row_writer(marks),
        NEWLINES[options["newline"]],
        marks.delimiter if tail else "",
        options["header"],
        charset_name(options["charset"], mapping.rule),
        laid,
        frozenset(id(record) for record in straight if _direct(laid[id(record)].slots)),
        options["header"] in NAMED and any(one.step for one in laid.values()),
    )
    return look if look.endless else replace(look, heads=tuple(heads(mapping, look, 0)))


def _special(fields: Sequence[Field]) -> bool:
    return any(one.quoted is not None or one.formula_guard != "none" or _special(one.fields) for one in fields)


def _direct(slots: Slots) -> bool:
    return slots.places == tuple(range(slots.end)) and not slots.parted


def _shares(records: Sequence[Record], named: str) -> bool:
    """Tell whether several kinds of records stand under one header line."""
    return named == "true" and len(records) > 1


def _layouts(records: Sequence[Record], named: str) -> dict[int, Laid]:
    plain = {id(record): adjoining(record, lambda _, at: (at, at + 1), at_once=named in NAMED) for record in records}
    if not _shares(records, named):
        return {key: Laid(slots, slots.end) for key, slots in plain.items()}
    union = list(dict.fromkeys(name for slots in plain.values() for name in titles(slots, 1)))
    return {id(record): Laid(header.named(record, union), len(union)) for record in records}


def write(rows: Iterable[Row], mapping: MappingFile, findings: Findings) -> bytes:
    """Write rows as a file."""
    look = look_of(mapping)
    written = list(rows)
    turns = turns_of(written, look) if look.endless else 0
    lines = heads(mapping, look, turns) if look.endless else [*look.heads]
    told: list[Row | None] = [*[None] * len(lines), *written]
    direct, quick = look.direct, look.row
    for row in written:
        try:
            lines.append(
                quick(row.cells) if id(row.record) in direct else look.line(*_cells(row, look, turns, findings))
            )
        except Unquotable:
            lines.append(_draft(row, delimited.marks(chosen(mapping)), *_cells(row, look, turns, Findings()), findings))
    return encoded(lines, look.end, told, look.charset, findings)


def _draft(row: Row, marks: Marks, cells: list[Cell], fields: list[Field | None], findings: Findings) -> str:
    """Say which cells would be read as something else, and give the line with blanks for what they must not hold."""
    texts = list(map(shown, cells))
    needy = [(text, one) for text, one in zip(texts, fields, strict=True) if one and marks.needs(text)]
    for text, one in needy:
        findings.add(_unquotable(text, one, marks).at(data=replace(row.place, field=one.name)))
    if not needy:
        said = "the line would be read as none, or as a comment, and there are no quotes"
        findings.add(Finding("csv-delimiter", said, row.place, row.record.rule))
    return marks.delimiter.join(_blanked(text, marks) for text in texts)


def _unquotable(text: str, one: Field, marks: Marks) -> Finding:
    ends = any(end in text for end in marks.ends)
    what = "a line end" if ends else f"the delimiter '{marks.delimiter}'"
    blank = f'`substitute: {{"{marks.delimiter}": " "}}` writes a blank for it'
    hint = "`| one_line` makes one line of several" if ends else blank
    return Finding(
        "csv-delimiter", f"{one.name}: {what} stands in it, and there are no quotes", rule=one.rule, hint=hint
    )


def _blanked(text: str, marks: Marks) -> str:
    for mark in (marks.delimiter, *marks.ends):
        text = text.replace(mark, " ")
    return text


def turns_of(rows: Sequence[Row], look: Look) -> int:
    """Say how many turns a group has room for that goes on to the end of the row, so that the header names them all."""
    if not look.endless:
        return 0
    most = 1
    for row in rows:
        for group in look.laid[id(row.record)].slots.groups:
            cell = row.cells[group.number]
            most = max(most, len(cell)) if group.step and isinstance(cell, list) else most
    return most


def heads(mapping: MappingFile, look: Look, turns: int) -> list[str]:
    """Give the header lines, without their ends."""
    return [look.line(names, [None] * len(names)) for names in _names(mapping, look, turns)]


def _names(mapping: MappingFile, look: Look, turns: int) -> Iterator[list[str]]:
    if look.header == "false" or not mapping.records:
        return
    laid = [look.laid[id(record)] for record in every_record(mapping.records)]
    lines = [titles(one.slots, turns) if look.header in NAMED else _bare_names(one.slots) for one in laid]
    if look.header == "each":
        yield from lines
        return
    names = [""] * max(map(len, lines))
    for line in lines:
        for number, name in enumerate(line):
            names[number] = names[number] or name
    if names:
        yield names


def _bare_names(slots: Slots) -> list[str]:
    names = {place: one.name for place, one in slots.leaves()}
    return [names.get(place, "") for place in range(max(names, default=-1) + 1)]


def _cells(row: Row, look: Look, turns: int, findings: Findings) -> tuple[list[Cell], list[Field | None]]:
    """Lay the cells of a row out over its columns."""
    laid = look.laid[id(row.record)]
    width = laid.width + laid.step * turns
    cells: list[Cell] = [""] * width
    fields: list[Field | None] = [None] * width

    def put(place: int, one: Field, cell: Cell) -> None:
        missing = place + 1 - len(cells)
        cells.extend([""] * missing)
        fields.extend([None] * missing)
        cells[place], fields[place] = cell, one
        problem = formula("" if cell is None else str(cell), one) if one.formula_guard == "reject" else None
        if problem:
            findings.add(problem.at(data=row.place))

    for place, one in laid.slots.leaves(turns):
        fields[place] = one
    laid.slots.laid(row.cells, put, lambda problem: findings.add(problem.at(data=row.place)))
    return cells, fields
