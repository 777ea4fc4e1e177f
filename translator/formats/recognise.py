"""Which record is the next line? The chain of open records decides (mapping language, rules 1 and 3).

The line goes to the innermost open record that has a child that fits and is not used up; children are tried in the
order listed; else one level out. A child that repeats a value of a record around it (`equals: H.lot`) belongs to the open
one, else to an earlier one with that value, never to one of another transaction. A record that must stand here and does
not is a finding, as is a line nothing fits.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from functools import lru_cache
from typing import Any, Final, Protocol, TypeVar

from translator.core.finding import Finding, Findings, Place, Severity, suggestion
from translator.formats.limits import broken
from translator.mapping.convert import Parse, parser
from translator.mapping.expression import Compiled, Environment, Failed, Missing
from translator.mapping.layout import MappingFile, Record, Times, every_record
from translator.mapping.repeats import repeats
from translator.mapping.row import Row
from translator.mapping.wrong import Wrong

T = TypeVar("T")
REQUIRED: Final = "its sender must give it: the layout says `required: true`"
OFTEN: Final = "`times: 0..` allows any number"
UNNAMED: Final = "give it a line in the layout, or say `unknown: skip`"


class Candidate(Protocol):
    """A line, or row, that is to be recognised."""

    number: int
    last: bool  # known where some `match` asks for it

    @property
    def length(self) -> int: ...
    def fits(self, record: Record) -> bool:
        """Tell whether its codes are those of a record."""
        ...

    def measures(self, record: Record) -> bool:
        """Tell whether its length is that of a record; the second choice is one whose code alone fits."""
        ...

    def text(self, record: Record, number: int) -> str:
        """Give the text of one field of a record it may be, without blanks around it."""
        ...


@dataclass(slots=True)
class _Level:
    """The children of an open record, how often each was seen, and the last one."""

    records: tuple[Record, ...]
    record: Record | None = None
    parent: Row | None = None
    seen: dict[str, int] = field(default_factory=dict)
    last: int = 0

    def children(self, *, strict: bool) -> Iterator[tuple[int, Record]]:
        """Give those that may stand here."""
        for number in range(self.last if strict else 0, len(self.records)):
            record = self.records[number]
            most = record.times.most
            if most is None or self.seen.get(record.name, 0) < most:
                yield number, record

    def took(self, record: Record, number: int) -> None:
        self.seen[record.name] = self.seen.get(record.name, 0) + 1
        self.last = number

    def missing(self) -> list[Record]:
        return [record for record in self.records if self.seen.get(record.name, 0) < record.times.least]


# A record that a line may be: a child, by its number, of the last of these open levels.
_Choice = tuple[list[_Level], Record, int]


class Chain:
    """The open records, outermost first."""

    __slots__ = (
        "_asks",
        "_earlier",
        "_file",
        "_findings",
        "_keys",
        "_levels",
        "_matching",
        "_rule",
        "_strict",
        "_transaction",
        "_unknown",
        "_waits",
    )

    def __init__(self, mapping: MappingFile, findings: Findings, file: str, environment: Environment) -> None:
        self._levels = [_Level(mapping.records)]
        self._findings = findings
        self._file = file
        self._rule = mapping.rule
        self._unknown = mapping.unknown
        self._transaction = mapping.transaction
        self._strict = mapping.options.get("order") == "strict"
        self._matching = Matching(mapping, environment)
        self._keys = repeats(mapping.records)
        self._asks = bool(self._keys) or self._matching.asks
        self._earlier: dict[tuple[int, int, str], list[_Level]] = {}
        self._waits: dict[int, _Level] = {}  # of records to which lines may still come: asked at the end

    def find(self, line: Candidate) -> Record | None:
        """Give the record the line is, or None with a finding; what it closes is checked."""
        found = self._choice(line) if self._asks else self._first(line)
        if found is None:
            self._stranger(line)
            return None
        levels, record, number = found
        self._go(levels, line.number)
        self._levels[-1].took(record, number)
        return record

    @property
    def parent(self) -> Row | None:
        """Give the row to which the record found last belongs."""
        return self._levels[-1].parent

    def open(self, row: Row, record: Record) -> None:
        """Let later lines belong to this row."""
        if not record.records:
            return
        if record.name == self._transaction:
            self._forget(row.place.line)
        level = _Level(record.records, record, row)
        self._levels.append(level)
        for theirs in {key.theirs for keys in self._keys.values() for key in keys if key.around is record}:
            self._waits[id(level)] = level
            self._earlier[id(record), theirs, _alike(row.cells[theirs])] = list(self._levels)

    def end(self, line: int) -> None:
        """Check at the end of the file that every record that must stand there did."""
        self._go([], line)
        for level in self._waits.values():
            self._missed(level, line)

    # --- many at once ----------------------------------------------------------------------------------------------

    @property
    def asks(self) -> bool:
        """Tell whether more than codes decides."""
        return self._asks

    def next_of(self, record: Record, line: int) -> bool:
        """Close what the next of a record closes, without taking it. False: it may not come now, or not without end."""
        for depth in range(len(self._levels) - 1, -1, -1):
            for number, one in self._levels[depth].children(strict=self._strict):
                if one is record:
                    self._go(self._levels[: depth + 1], line)
                    self._forget(line)
                    self._levels[-1].last = number
                    return record.times.most is None
        return False

    # --- the choice ------------------------------------------------------------------------------------------------

    def _first(self, line: Candidate) -> _Choice | None:
        """Choose by code and length alone."""
        second: _Choice | None = None
        levels = self._levels
        for depth in range(len(levels) - 1, -1, -1):
            for number, record in levels[depth].children(strict=self._strict):
                if line.fits(record):
                    if line.measures(record):
                        return levels[: depth + 1], record, number
                    second = second or (levels[: depth + 1], record, number)
        return second

    def _choice(self, line: Candidate) -> _Choice | None:
        """Choose by conditions and keys as well."""
        second: _Choice | None = None
        for depth in range(len(self._levels) - 1, -1, -1):
            for number, record in self._levels[depth].children(strict=self._strict):
                if not (line.fits(record) and self._matching.fits(record, line, self._findings, self._file)):
                    continue
                found = self._levels[: depth + 1], record, number
                agrees = id(record) not in self._keys or self._agrees(found, line)
                if agrees and line.measures(record):
                    return found
                second = second or (self._before(found, line) if not agrees else None) or found
        return second or self._closed(line)

    def _agrees(self, found: _Choice, line: Candidate) -> bool:
        """Tell whether a line repeats what the open records say."""
        levels, record, _ = found
        for key in self._keys[id(record)]:
            level = next((level for level in levels if level.record is key.around), None)
            said = level.parent.cells[key.theirs] if level and level.parent else None
            if _alike(said) != _alike(line.text(record, key.number)):
                return False
        return True

    def _before(self, found: _Choice, line: Candidate) -> _Choice | None:
        """Find the earlier record that says what a line repeats; it must stand directly around it."""
        _, record, number = found
        for key in self._keys[id(record)]:
            levels = self._earlier.get((id(key.around), key.theirs, _alike(line.text(record, key.number))))
            if levels and record in levels[-1].records:
                most = record.times.most
                if most is None or levels[-1].seen.get(record.name, 0) < most:
                    return levels, record, number
        return None

    def _closed(self, line: Candidate) -> _Choice | None:
        """Find a record that is closed by now, to which a line belongs by what it repeats."""
        for record in every_record(self._levels[0].records):
            if id(record) in self._keys and line.fits(record):
                found = self._before(([], record, 0), line)
                if found and self._matching.fits(record, line, self._findings, self._file):
                    return found
        return None

    # --- what closes -----------------------------------------------------------------------------------------------

    def _go(self, levels: list[_Level], line: int) -> None:
        """Let these be the open levels; those that close are asked what they miss."""
        if levels and levels[-1] is self._levels[-1]:
            return
        kept = {id(level) for level in levels}
        for level in self._levels:
            if id(level) not in kept and id(level) not in self._waits:
                self._missed(level, line)
        self._levels = list(levels)

    def _forget(self, line: int) -> None:
        """Let nothing more come to what is closed: the numbers of the next transaction are its own."""
        open_ = {id(level) for level in self._levels}
        for level in [one for one in self._waits.values() if id(one) not in open_]:
            self._missed(level, line)
            del self._waits[id(level)]
        self._earlier = {key: levels for key, levels in self._earlier.items() if id(levels[-1]) in open_}

    def _missed(self, level: _Level, line: int) -> None:
        for record in level.missing():
            missing(record, level.parent, Place(self._file, line, record=record.name), self._findings)

    def _stranger(self, line: Candidate) -> None:
        if self._unknown != "skip":
            names = ", ".join(dict.fromkeys(record.name for level in self._levels for record in level.records))
            severity = Severity.WARNING if self._unknown == "warn" else Severity.ERROR
            text = f"no record of the layout fits here ({names} could stand)"
            place = Place(self._file, line.number)
            broken(self._findings, Finding("record-unknown", text, place, self._rule, self._meant(line), severity))

    def _meant(self, line: Candidate) -> str:
        """Say what a line that fits nowhere may be: one of a record that has no room left, or none that is named."""
        known = next((one for one in every_record(self._levels[0].records) if line.fits(one)), None)
        if known is None:
            return f"no `is` of the layout says what it begins with: {UNNAMED}"
        return (
            f"it reads like {known.name}, which may not stand here, or not once more: look at its `times` and its place"
        )


def missing(record: Record, parent: Row | None, place: Place, findings: Findings) -> None:
    """Note that a record does not stand where it must: a finding of the row it would belong to, else of the file."""
    hint = f"was the file cut off, or is its code another one? `times: {fewer(record.times)}` allows that it is missing"
    if parent is None:
        findings.add(Finding("record-missing", f"no {record.name} in the file", place, record.rule, hint))
        return
    under = (
        f"the {parent.record.name} of line {parent.place.line}" if parent.place.line else f"this {parent.record.name}"
    )
    parent.findings += (Finding("record-missing", f"no {record.name} under {under}", place, record.rule, hint),)


@lru_cache(maxsize=1_024)
def near(name: str, known: tuple[str, ...]) -> str:
    """Say which of the known names was probably meant by one that nobody named."""
    return suggestion(name, known) or UNNAMED


def fewer(times: Times) -> str:
    """Say how `times` is written so that none need stand."""
    return f"0..{times.most or ''}"


def _alike(cell: Any) -> str:
    """Give a key as it is compared: numbers without the zeros before them."""
    text = cell.strip() if isinstance(cell, str) else ""
    return text.lstrip("0") or "0" if text.isdigit() else text


# --- `match` -------------------------------------------------------------------------------------------------------


class Matching:
    """The conditions by which records are recognised, compiled once for a file."""

    __slots__ = ("_asked", "_told")

    @property
    def asks(self) -> bool:
        return bool(self._asked)

    def __init__(self, mapping: MappingFile, environment: Environment) -> None:
        self._asked: dict[int, tuple[Compiled, list[tuple[str, int, Parse]]]] = {}
        self._told = False
        for record in every_record(mapping.records):
            if record.match:
                compiled = environment.expression(record.match.text, record.match.rule)
                used = {use.path[0] for use in compiled.uses.paths}
                fields = [(number, one) for number, one in enumerate(record.fields) if one.name in used]
                parsed = [(one.name, number, parser(replace(one, lookup=None))) for number, one in fields]
                self._asked[id(record)] = compiled, parsed

    def fits(self, record: Record, line: Candidate, findings: Findings, file: str) -> bool:
        """Tell whether a line is what `match` says; what is not there, or is no value of its field, is not."""
        asked = self._asked.get(id(record))
        if asked is None:
            return True
        compiled, parsed = asked
        names: dict[str, Any] = {"here": {"number": line.number, "length": line.length, "last": line.last}}
        for name, number, parse in parsed:
            value = _value(line.text(record, number), parse)
            if value is not None:
                names[name] = value
        try:
            return bool(compiled(names))
        except Missing:
            return False
        except Failed as failed:
            if not self._told:  # it fails in every line alike
                self._told = True
                findings.add(failed.finding.at(data=Place(file, line.number)))
            return False


def _value(text: str, parse: Parse) -> Any:
    """Give what a field says, typed; its table is not asked."""
    try:
        return parse(text) if text else None
    except Wrong:
        return None


def asks_last(mapping: MappingFile) -> bool:
    """Tell whether some record is recognised by being the last."""
    return any(record.match and "last" in record.match.text for record in every_record(mapping.records))


def lasting(lines: Iterable[T], *, asked: bool) -> Iterator[tuple[T, bool]]:
    """Give each line, and whether it is the last, as far as that is asked: it takes a look at the next one."""
    if not asked:
        yield from ((line, False) for line in lines)
        return
    source = iter(lines)
    for line in source:
        for after in source:
            yield line, False
            line = after
        yield line, True
