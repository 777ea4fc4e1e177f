"""From rows to typed entries: one generated, readable function per record, all that is wrong with its place.

A value that does not fit its field, a fixed text that differs and a required field that is blank are findings of
their entry; the entry is there nevertheless. `Reader.code` shows the functions.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator
from dataclasses import dataclass, field, replace
from functools import lru_cache
from typing import Any, Final

from translator.core.finding import Finding, Severity
from translator.core.private import shown
from translator.mapping import convert
from translator.mapping.beside import join_rests, with_sign
from translator.mapping.cells import counted_in
from translator.mapping.entry import NOWHERE, Entry, Layout
from translator.mapping.expression import Environment
from translator.mapping.layout import Check, Field, MappingFile, Record, spoken
from translator.mapping.row import Row
from translator.mapping.wrong import Wrong

Fill = Callable[[list[Any], Entry], None]
LEVELS: Final = {"error": Severity.ERROR, "warn": Severity.WARNING}


@dataclass(slots=True)
class Reader:
    """A reading mapping, compiled. `code`: its functions, one per record or group."""

    mapping: MappingFile
    environment: Environment
    code: str
    _names: dict[int, str]  # of each record or group: its function
    _file: Record  # the layout of the whole file
    kept: object = None  # what `picture` compiled for it
    _fills: dict[str, dict[int, Fill]] = field(default_factory=dict)  # by what `zone: warehouse` means

    def root(self) -> Entry:
        """Give the entry of a whole file, with nothing in it yet."""
        return made(self._file, None, None)

    def held(self, zone: str = "") -> Held:
        """Give the tree of a file, with nothing in it yet. `zone`: what `zone: warehouse` means."""
        return Held(self.root(), self.fills(zone))

    def fills(self, zone: str) -> dict[int, Fill]:
        """Give the functions that fill entries, by the ids of their layouts."""
        if zone not in self._fills:
            self._fills[zone] = _functions(self, zone)
        return self._fills[zone]


@dataclass(slots=True)
class Held:
    """The tree of what was read, as far as it is held: it grows row by row, and what is not needed any more is let go."""

    root: Entry
    _fills: dict[int, Fill]
    _parents: dict[int, Entry] = field(default_factory=dict)
    _newest: Entry | None = None

    def add(self, row: Row) -> Entry:
        """Turn a row into an entry, hung where it belongs."""
        entry = made(row.record, row, self._parents[id(row.parent)] if row.parent else self.root)
        self._fills[id(row.record)](row.cells, entry)
        hang(entry)
        if isinstance(row.record, Record) and row.record.records:
            self._parents[id(row)] = entry
        self._newest = entry
        return entry

    def aside(self, rows: Iterable[Row]) -> Entry:
        """Turn the rows of a transaction, before which others were added, into entries; give the first."""
        newest, parents = self._newest, self._parents.copy()
        first, *_ = [self.add(row) for row in rows]
        self._newest, self._parents = newest, parents
        return first

    def around(self, row: Row | None) -> Entry:
        """Give the entry of a row that others may belong to."""
        return self._parents[id(row)] if row else self.root

    def let_go(self, units: Collection[Entry], staying: Iterable[Entry] = (), *, closed: bool = False) -> None:
        """Let units go, and what is around units where nothing can be added to it any more, nor stays in it."""
        chain = [] if self._newest is None else [self._newest, *self._newest.around()]  # an empty one is false
        self._parents = {id(one.row): one for one in chain if one.row}
        self.hide(units)
        if units or closed:
            _prune(self.root, {id(one) for some in (chain, *(unit.around() for unit in staying)) for one in some})

    def hide(self, units: Collection[Entry]) -> None:
        """Take units out of the tree."""
        for around in _around(units):
            _without(around, set(map(id, units)))

    def show(self, units: Iterable[Entry]) -> None:
        """Hang units that were hidden where they were, behind all others."""
        for unit in units:
            hang(unit)


def _prune(entry: Entry, open_: Collection[int]) -> None:
    """Take out the repeated records that hold others and are closed."""
    for one in list(entry.inside()):
        if isinstance(one.layout, Record) and one.layout.records:
            if one.layout.times.many and id(one) not in open_:
                _without(entry, {id(one)})
            else:
                _prune(one, open_)


def _around(units: Iterable[Entry]) -> Collection[Entry]:
    return {id(unit.parent): unit.parent for unit in units if unit.parent}.values()


def _without(entry: Entry, gone: Collection[int]) -> None:
    for name, value in entry.items():
        if type(value) is list:
            entry[name] = [one for one in value if id(one) not in gone]


def compile_reader(mapping: MappingFile, environment: Environment) -> Reader:
    """Compile the layout of a reading mapping."""
    layouts = list(_layouts(mapping.records))
    names = {id(layout): f"read_{number}_{_word(layout.name)}" for number, layout in enumerate(layouts)}
    code = "\n\n".join(_code(layout, names, mapping.check) for layout in layouts)
    return Reader(mapping, environment, code, names, replace(NOWHERE, records=mapping.records))


def _layouts(some: Iterable[Layout]) -> Iterator[Layout]:
    for layout in some:
        yield layout
        yield from _layouts(one for one in layout.fields if one.fields)
        yield from _layouts(layout.records if isinstance(layout, Record) else ())


def made(layout: Layout, row: Row | None, parent: Entry | None) -> Entry:
    """Give the entry of a row, with nothing in it but lists of what may stand there several times."""
    entry = Entry(layout, row, parent)
    for record in layout.records if isinstance(layout, Record) else ():
        if record.times.many:
            entry[record.name] = []
    return entry


def hang(entry: Entry) -> None:
    """Put an entry where it belongs."""
    if entry.parent is None:
        return
    if entry.layout.times.many:
        entry.parent[entry.layout.name].append(entry)
    else:
        entry.parent[entry.layout.name] = entry


# --- the generated functions -----------------------------------------------------------------------------------------


def _word(name: str) -> str:
    return "".join(letter if letter.isalnum() and letter.isascii() else "_" for letter in name)


def _code(layout: Layout, names: dict[int, str], check: Check) -> str:
    lines = [f"def {names[id(layout)]}(cells, entry):  # {layout.name}, {layout.rule}"]
    for number, one in enumerate(layout.fields):
        lines.append(f"    cell = cells[{number}]  # {one.name}, line {one.rule.line}")
        lines += [f"    {line}" for line in _group(number, one, names) or _leaf(number, one, check)]
    lines += [f"    {line}" for line in _beside(layout.fields)]
    return "\n".join(lines if layout.fields else [*lines, "    pass"]) + "\n"


def _group(number: int, one: Field, names: dict[int, str]) -> list[str]:
    if not one.fields:
        return []
    made = f"inner(rows, entry, {names[id(one)]})"
    give = made if one.times.many else f"{made}[0]"
    return [
        "rows = cell or []",
        f"if rows{' or True' if one.times.many else ''}:",
        f"    entry[{spoken(one)!r}] = {give}",
    ]


def _beside(fields: tuple[Field, ...]) -> Iterator[str]:
    """Bring together what stands in several fields."""
    places = {one.name: number for number, one in enumerate(fields)}
    for number, one in enumerate(fields):
        if one.sign_of:
            yield f"signed(entry, {number}, {spoken(fields[places[one.sign_of]])!r})"
    if any(one.rest for one in fields):
        yield "join_rests(entry, entry.layout.fields, spoken, charset)"


def _leaf(number: int, one: Field, check: Check) -> list[str]:
    name = spoken(one)
    lines = ["if cell is not None:", *(f"    {line}" for line in _present(number, one, name, check))]
    otherwise = _nothing(number, one, name)
    if otherwise and parsed(one):
        lines += [f"if {name!r} not in entry and {number} not in wrong_fields(entry):", f"    {otherwise}"]
    elif otherwise:
        lines += ["else:", f"    {otherwise}"]
    return lines


def _present(number: int, one: Field, name: str, check: Check) -> list[str]:
    texts = [f"differs(entry, {number}, cell)"] if one.text is not None and (one.check or check) != "off" else []
    if not parsed(one):
        return [*texts, f"entry[{name!r}] = cell"]
    return [
        *texts,
        "try:",
        f"    value = parse[{number}](cell)",
        "except Wrong as error:",
        f"    wrong(entry, {number}, error)",
        "else:",
        "    if value is not None:",
        f"        entry[{name!r}] = value",
    ]


def _nothing(number: int, one: Field, name: str) -> str:
    if one.default is not None:
        return f"entry[{name!r}] = default[{number}]"
    return f"required(entry, {number})" if one.required else ""


def parsed(one: Field) -> bool:
    """Tell whether a cell is more than its text."""
    padded = bool(one.pad) or one.justify == "right" or one.empty is not None or bool(one.split)
    return bool(one.date) or one.type != "text" or padded or (one.lookup is not None and not one.lookup.by)


def _functions(reader: Reader, zone: str) -> dict[int, Fill]:
    """Bring the code to life: each function with the conversions of its own fields."""
    fills: dict[int, Fill] = {}
    for layout in reversed(list(_layouts(reader.mapping.records))):  # what is inside comes before what is around
        name = reader._names[id(layout)]  # noqa: SLF001
        names: dict[str, Any] = {
            **{reader._names[key]: fill for key, fill in fills.items()},  # noqa: SLF001
            "parse": [_parser(one, zone) for one in layout.fields],
            "default": [default_of(one, zone) for one in layout.fields],
            "Wrong": Wrong,
            "inner": _inner,
            "wrong": _wrong,
            "wrong_fields": _wrong_fields,
            "required": _required,
            "differs": _differs(reader.mapping.check),
            "signed": _signed,
            "join_rests": join_rests,
            "charset": counted_in(reader.mapping),
            "spoken": spoken,
        }
        exec(compile(_code(layout, reader._names, reader.mapping.check), name, "exec"), names)  # noqa: S102, SLF001
        fills[id(layout)] = names[name]
    return fills


def _parser(one: Field, zone: str) -> convert.Parse:
    """Give the conversion of a field; dates repeat in a file, and reading them is slow."""
    parse = convert.parser(one, zone)
    return lru_cache(maxsize=4_096)(parse) if one.date else parse


def default_of(one: Field, zone: str) -> Any:
    """Give what a field means where nothing stands."""
    try:
        return convert.parser(replace(one, lookup=None), zone)(one.default or "")
    except Wrong:
        return one.default  # it stands as it is written


def _inner(rows: list[Row], around: Entry, fill: Fill) -> list[Entry]:
    found = []
    for row in rows:
        entry = made(row.record, row, around)
        fill(row.cells, entry)
        found.append(entry)
    return found


def _finding(entry: Entry, number: int, code: str, text: str, hint: str = "") -> Finding:
    one = entry.layout.fields[number]
    place = replace(entry.place, field=one.name, path=one.path or entry.place.path)
    return Finding(code, f"{one.name}: {text}", place, one.rule, hint)


def _wrong(entry: Entry, number: int, error: Wrong) -> None:
    entry.findings.append(_finding(entry, number, error.code, error.text, error.hint))


def _signed(entry: Entry, number: int, sign: str) -> None:
    name = spoken(entry.layout.fields[number])
    if name in entry:
        try:
            entry[name] = with_sign(entry[name], entry.get(sign))
        except Wrong as error:
            del entry[name]
            _wrong(entry, number, error)


def _wrong_fields(entry: Entry) -> set[int]:
    rules = {finding.rule for finding in entry.findings}
    return {number for number, one in enumerate(entry.layout.fields) if one.rule in rules}


def _required(entry: Entry, number: int) -> None:
    hint = "its sender must fill it: the layout says `required: true`"
    entry.findings.append(_finding(entry, number, "value-required", "nothing stands here", hint))


def _differs(check: Check) -> Callable[[Entry, int, str], None]:
    def differs(entry: Entry, number: int, cell: str) -> None:
        one = entry.layout.fields[number]
        if cell.strip() != (one.text or "").strip():
            text, hint = f"{shown(cell)} where {shown(one.text)} is meant", "`check: warn`, or `off`, lets it go on"
            found = _finding(entry, number, "text-differs", text, hint)
            entry.findings.append(replace(found, severity=LEVELS[one.check or check]))

    return differs
