"""Where a thing in a file comes from, or goes to, and back: what a trial knows of each cell, said in words.

A cell that was written has the line of the mapping, the places in the document, the conversion. A cell that was read has
the lines of the picture and Amazon's paths. Of what a template writes only the places it asks for are known.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from translator.cli.behind.layout import kind_of, notes_of
from translator.cli.behind.trial import Trial
from translator.core.document import Document
from translator.core.finding import Finding, Misconfigured, Place, suggestion
from translator.documents.kind import kinds
from translator.documents.types import known_path
from translator.formats.charsets import bare, charset_name
from translator.formats.stands import Stand, Stands
from translator.mapping import convert
from translator.mapping.drawn_from import Went
from translator.mapping.layout import Field, Lookup, Record, every_record
from translator.mapping.trace import Came
from translator.mapping.wrong import Wrong
from translator.translation import TracedFile, TracedRead, Translation


@dataclass(frozen=True, slots=True)
class End:
    """The other end of a cell: a place in the document, what stands there, by which rule, and what it means."""

    path: str
    value: str
    rule: Place
    expression: str
    means: str = ""
    what: str = "value"


@dataclass(frozen=True, slots=True)
class Cell:
    """One cell of a file, and what is known of it. `start`, `end`: bytes; line and columns from 1."""

    file: str
    line: int
    column: int
    until: int
    start: int
    end: int
    record: str
    field: str
    element: str  # `23 SE-01`: segment and element as findings name them; of other formats nothing
    text: str
    rule: Place
    kind: str
    through: str = ""
    ends: tuple[End, ...] = ()

    def as_json(self) -> dict[str, Any]:
        """Give it as plain JSON values."""
        facts = {name: getattr(self, name) for name in self.__slots__ if name not in ("rule", "ends")}
        ends = [
            {**{name: getattr(one, name) for name in one.__slots__}, "rule": one.rule.as_json()} for one in self.ends
        ]
        data = self.text.encode("utf-8", "surrogateescape")  # with bytes that are no letters
        text = data.decode("utf-8", "backslashreplace")
        return {**facts, "text": text, "rule": self.rule.as_json(), "ends": ends}


def cells_of(trial: Trial) -> list[Cell]:
    """Give every cell of the files of a trial, in their order."""
    if trial.read is not None:
        return [cell for part, file in _parts(trial) for cell in _read(part, file, trial.read)]
    return [cell for file, documents in trial.files for cell in _written(file, documents)]


# --- written ---------------------------------------------------------------------------------------------------------


def _written(file: TracedFile, documents: Sequence[Document]) -> Iterator[Cell]:
    form, mapping = file.translation.format, file.translation.file
    if form is None or form.where is None or not file.rows:
        return
    stands = form.where(file.draft, file.rows, mapping)
    came = {(id(one.row), one.number): one for one in file.came}
    trees: Any = [one.tree for one in documents] if mapping.batch else documents[0].tree
    edges = _edges(stands, mapping.options.get("charset") or "utf-8")
    for stand in stands.cells:
        one = came.get((id(stand.row), stand.number))
        if one is not None:
            yield _cell(file.name, stands, stand, edges, _sources(one, trees, mapping.kinds[0]), _through(one, trees))


def _sources(one: Came, trees: Any, kind: str) -> tuple[End, ...]:
    texts = [source.text for source in one.field.source]
    if not one.paths:
        said = one.field.equals.text if one.field.equals else ", ".join(texts)
        return (End("", "", one.field.rule, said),) if said else ()
    return tuple(
        End(path, _shown(_at(trees, path)), one.field.rule, ", ".join(texts), _means(kind, path)) for path in one.paths
    )


def _through(one: Came, trees: Any) -> str:
    """Say by which row of a table a value became another."""
    lookup = one.field.lookup
    if lookup is None or lookup.by or not one.paths:
        return _table(lookup) if lookup else ""
    value = next((found for path in one.paths if (found := _at(trees, path)) is not None), None)
    try:
        asked, answer = _asked(value), convert.finder(lookup)((_asked(value),))
    except (Wrong, LookupError):
        return f"{_table(lookup)}: no answer"
    line = next(
        (f":{number}" for row, number in zip(lookup.table.rows, lookup.table.lines, strict=False) if asked in row), ""
    )
    return f"{_table(lookup)}{line}: {asked} → {answer}"


def _asked(value: Any) -> str:
    return convert.plain(value) if value is not None else ""


def _table(lookup: Lookup) -> str:
    return lookup.table.rule.file if lookup.table.name else "the table in this line"


def _at(tree: Any, pointer: str) -> Any:
    for step in pointer.split("/")[1:]:
        if isinstance(tree, list) and step.isdigit() and int(step) < len(tree):
            tree = tree[int(step)]
        elif isinstance(tree, dict) and step in tree:
            tree = tree[step]
        else:
            return None
    return tree


def _means(kind: str, path: str) -> str:
    known = known_path(kind, ".".join(step for step in path.split("/") if step and not step.isdigit()))
    return known.help if known else ""


def _shown(value: Any) -> str:
    if value is None:
        return "(not there)"
    if isinstance(value, (dict, list)):
        return f"({len(value)} {'entries' if isinstance(value, list) else 'fields'})"
    return convert.plain(value)


# --- read ------------------------------------------------------------------------------------------------------------


def _parts(trial: Trial) -> Iterator[tuple[Translation, tuple[str, bytes]]]:
    yield from zip(trial.translation.parts or (trial.translation,), trial.source.files, strict=False)


def _read(part: Translation, file: tuple[str, bytes], read: TracedRead) -> Iterator[Cell]:
    (name, data), form, mapping = file, part.format, part.file
    if form is None or form.where is None or not mapping.records:
        return
    stands = form.where(data, [row for row in read.rows if row.place.file == name], mapping)
    targets: dict[tuple[int, int], list[Went]] = {}
    for one in read.went:
        for row, number in one.cells:
            targets.setdefault((id(row), number), []).append(one)
    edges = _edges(stands, mapping.options.get("charset") or "utf-8")
    for stand in stands.cells:
        ends = tuple(dict.fromkeys(map(_target, targets.get((id(stand.row), stand.number), ()))))
        yield _cell(name, stands, stand, edges, ends, _looked(_field(stand)))


def _target(one: Went) -> End:
    words = {
        "group": "what is the same here belongs together",
        "order": "says which order is meant",
        "item": "says which line of the order is meant",
        "when": "decides whether it counts",
    }
    known = known_path(one.kind, one.path)
    means = words.get(one.what) or (known.help if known else "")
    return End(one.path, "", one.rule, ", ".join(one.expressions), means, one.what)


def _looked(one: Field) -> str:
    return f"{_table(one.lookup)}{', the other way' if one.lookup.reverse else ''}" if one.lookup else ""


# --- one cell --------------------------------------------------------------------------------------------------------


def _field(stand: Stand) -> Field:
    return stand.row.record.fields[stand.number]


def _cell(
    file: str, stands: Stands, stand: Stand, edges: Mapping[int, int], ends: tuple[End, ...], through: str
) -> Cell:
    one = _field(stand)
    line, column = stands.place(stand.start)
    return Cell(
        file=file,
        line=line,
        column=column,
        until=column + max(0, stand.end - stand.start - 1),
        start=edges[stand.start],
        end=edges[stand.end],
        record=stand.row.record.name,
        field=one.name,
        element=f"{stand.row.place.line or line} {one.path}" if one.path else "",
        text=stands.text[stand.start : stand.end],
        rule=one.rule,
        kind=", ".join([kind_of(one), *notes_of(one)]),
        through=through,
        ends=ends,
    )


def _edges(stands: Stands, charset: str) -> Mapping[int, int]:
    """Give the byte at which each cell begins or ends."""
    plain = bare(charset_name(charset, None))
    found: dict[int, int] = {}
    at, count = 0, len("".encode(charset))  # a byte order mark
    for edge in sorted({edge for one in stands.cells for edge in (one.start, one.end)}):
        count += len(stands.text[at:edge].encode(plain, "surrogateescape"))
        found[edge], at = count, edge
    return found


# --- asked -----------------------------------------------------------------------------------------------------------


def at_place(cells: Sequence[Cell], line: int, column: int) -> list[Cell]:
    """Give the cells at a place. Raises Misconfigured where none is: with the nearest of that line."""
    found = [one for one in cells if _covers(one, line, column)]
    if found:
        return found
    near = [one for one in cells if one.line == line]
    names = ", ".join(f"{one.field} {one.column}–{one.until}" for one in near[:12])
    hint = f"line {line} has: {names}" if near else f"fields stand in the lines {_lines(cells)}"
    raise Misconfigured([Finding("explain-place", f"no field stands at {line}:{column}", hint=hint)])


def at_element(cells: Sequence[Cell], number: int, element: str) -> list[Cell]:
    """Give the cells of an element, as findings name it: 23, SE-01. Raises Misconfigured where none is."""
    found = [one for one in cells if one.element == f"{number} {element}"]
    if found:
        return found
    near = [one.element.partition(" ")[2] for one in cells if one.element.startswith(f"{number} ")]
    hint = f"segment {number} has: {', '.join(near)}" if near else f"fields stand in the lines {_lines(cells)}"
    raise Misconfigured([Finding("explain-place", f"no field stands at {number} {element}", hint=hint)])


def _covers(one: Cell, line: int, column: int) -> bool:
    """Tell whether a place is in a cell, which may go over several lines."""
    breaks = one.text.count("\n")
    if not one.line <= line <= one.line + breaks:
        return False
    first = one.column if line == one.line else 1
    piece = one.text.split("\n")[line - one.line]
    return first <= column <= first + max(len(piece), 1) - 1


def _lines(cells: Sequence[Cell]) -> str:
    lines = sorted({one.line for one in cells})
    return f"{lines[0]} to {lines[-1]}" if lines else "(none)"


def of_field(cells: Sequence[Cell], name: str, layout: Sequence[Record] = ()) -> list[Cell]:
    """Give the cells of a field: `qty`, or `D.qty` where several records have one of that name; `layout`: all there may be."""
    record, _, own = name.rpartition(".")
    found = [one for one in cells if one.field.lstrip("@") == own.lstrip("@") and record in ("", one.record)]
    if found:
        return found
    if any(one.name == own and record in ("", kind.name) for kind in every_record(layout) for one in kind.fields):
        hint = "it is a field of the mapping: name a sample that fills it, `explain MAPPING SAMPLE --field …`"
        raise Misconfigured([Finding("explain-field", f"'{name}' stands nowhere in this file", hint=hint)])
    known = dict.fromkeys(f"{one.record}.{one.field}" for one in cells)
    hint = suggestion(name, [*known, *(one.field for one in cells)]) or f"known: {', '.join(known)}"
    raise Misconfigured([Finding("explain-field", f"no field '{name}' stands in the file", hint=hint)])


def of_path(cells: Sequence[Cell], path: str, kind: str) -> list[Cell]:
    """Give the cells that come from a place in the document, or go to it. Raises Misconfigured for a path nobody knows."""
    wanted = _steps(path, kind)
    found = [one for one in cells if any(_leads(wanted, _steps(end.path, kind)) for end in one.ends if end.path)]
    if not found and known_path(kind, ".".join(step for step in wanted if not step.isdigit())) is None:
        known = [one.path for one in kinds()[kind].fields]
        hint = suggestion(".".join(wanted), [one.replace("[]", "") for one in known])
        raise Misconfigured([Finding("explain-path", f"{kind} has no '{path}'", hint=hint)])
    return found


def _steps(path: str, kind: str) -> tuple[str, ...]:
    """Take a path apart, however it is written: `order.orderDetails.items[0].title`, `/orderDetails/items/0/title`."""
    steps = tuple(step for step in re.split(r"[./\[\]]+", path) if step)
    return steps[1:] if steps[:1] == (kind,) else steps


def _leads(wanted: tuple[str, ...], found: tuple[str, ...]) -> bool:
    """Tell whether a path is one of those that are wanted: numbers that were not said are any, and so is what is below."""
    said = any(step.isdigit() for step in wanted)
    mine = found if said else tuple(step for step in found if not step.isdigit())
    return mine[: len(wanted)] == wanted


def words(cell: Cell, line: str) -> Iterator[str]:
    """Say what is known of a cell. `line`: that of the mapping."""
    from translator.cli.behind.visible import short, visible

    yield f"{cell.file}:{cell.line}:{cell.column}–{cell.until}  {cell.record}.{cell.field}  {short(visible(cell.text))}"
    yield f"  bytes    {cell.start}–{max(cell.start, cell.end - 1)}"
    yield f"  rule     {cell.rule.file}:{cell.rule.line}: {line.strip()}"
    yield f"  kind     {cell.kind}"
    yield from [f"  through  {cell.through}"] if cell.through else []
    for end in cell.ends:
        yield from _end(end, cell)


def _end(end: End, cell: Cell) -> Iterator[str]:
    from translator.cli.behind.visible import short

    means = f"  ({end.means})" if end.means else ""
    if end.value:
        yield f"  from     {end.path} = {short(end.value)}{means}"
    elif end.rule == cell.rule:
        yield f"  equals   {end.expression}"
    else:
        yield f"  goes to  {end.path or 'the document'}{means}  by {end.rule.file}:{end.rule.line}: {end.expression}"
