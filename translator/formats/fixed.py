"""Fixed-width files: one record per line, or per block without line ends; cells by position.

A line of the wrong length is given as far as it goes, with its finding. Cells lose the blanks that fill them, blank
ones become nothing. Positions count characters, or bytes where the layout says so. Written exactly: a line that is
not as long as its record, or a line end inside a cell, is a finding, never cut.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from translator.core.finding import Finding, Findings, Misconfigured, Place, Rejected, Severity
from translator.formats import slots
from translator.formats.blocks import tape
from translator.formats.charsets import bad_characters, bare, charset_name
from translator.formats.format import PLAIN, Format, Option
from translator.formats.limits import broken, counted
from translator.formats.lines import BLANK_LINES, CHARSET, COMMENT, END, NEWLINE, NEWLINES, Lines
from translator.formats.once import once
from translator.formats.recognise import Chain, asks_last, lasting
from translator.formats.spans import Ruler, Spans, every, faults, ruler, spans
from translator.formats.stands import Stand, Stands, standing
from translator.formats.where import lines_of, slotted
from translator.formats.written import encoded
from translator.mapping.expression import Environment
from translator.mapping.layout import Field, MappingFile, Record, Times
from translator.mapping.row import Cell, Row

OPTIONS: Final = (
    CHARSET,
    Option(NEWLINE.name, f"{NEWLINE.help}; `none`: blocks without line ends", "any", (*NEWLINE.one_of, "none")),
    Option("width", "whether positions count characters or bytes", "chars", ("chars", "bytes")),
    Option(
        "short",
        "what a line that is too short means: cut off; or right trimmed by its sender; `trim`: we trim them too",
        "error",
        ("error", "fill", "trim"),
    ),
    Option("order", "whether records must stand in the order of the layout", "any", ("any", "strict")),
    BLANK_LINES,
    COMMENT,
    END,
)
_DEFAULTS: Final = {option.name: option.default for option in OPTIONS}
_LEVEL: Final = {"error": Severity.ERROR, "warn": Severity.WARNING}
_Line = tuple[Any, int]  # what is to be cut, and its number


def _options(mapping: MappingFile) -> dict[str, str]:
    return {**_DEFAULTS, **mapping.options}


def _check(mapping: MappingFile) -> Sequence[Finding]:
    """Find what cannot be meant by a fixed layout."""
    return [*faults(mapping), *(finding for record in mapping.records for finding in slots.faults(record))]


# --- read ----------------------------------------------------------------------------------------------------------


def _read(
    chunks: Iterable[bytes], mapping: MappingFile, findings: Findings, file: str, environment: Environment = PLAIN
) -> Iterator[Row]:
    reading = _Reading(mapping, findings, file, environment)
    rows = reading.blocks(chunks) if mapping.options.get("newline") == "none" else reading.lines(chunks)
    yield from counted(rows, file, mapping.limits.records)


@dataclass(slots=True)
class _Candidate:
    """The line that is to be recognised."""

    plans: dict[int, Spans]
    ruler: Ruler
    raw: Any = ""
    number: int = 0
    last: bool = False

    def take(self, raw: Any, number: int, *, last: bool) -> None:
        self.raw, self.number, self.last = raw, number, last

    @property
    def length(self) -> int:
        return len(self.raw)

    def fits(self, record: Record) -> bool:
        for place, values in self.plans[id(record)].identity:
            piece = self.raw[place]
            if (piece if type(piece) is str else self.ruler.text(piece)).strip() not in values:
                return False
        return True

    def measures(self, record: Record) -> bool:
        return self.plans[id(record)].measures(len(self.raw))

    def text(self, record: Record, number: int) -> str:
        place = self.plans[id(record)].slots.places[number]
        return "" if place is None else self.ruler.text(self.raw[place]).strip()


class _Reading:
    """Reads the lines, or the blocks, of one file."""

    __slots__ = (
        "_environment",
        "_file",
        "_findings",
        "_lines",
        "_mapping",
        "_odd",
        "_options",
        "_plans",
        "_ruler",
        "_told",
    )

    def __init__(self, mapping: MappingFile, findings: Findings, file: str, environment: Environment) -> None:
        self._mapping = mapping
        self._findings = findings
        self._file = file
        self._environment = environment
        self._options = _options(mapping)
        self._ruler = ruler(mapping)
        self._plans = {id(record): spans(record) for record in every(mapping.records)}
        self._odd = any(plan.odd for plan in self._plans.values())
        self._told: set[tuple[int, int]] = set()  # what is nobody's: a warning is given once
        self._lines: Lines | None = None

    def lines(self, chunks: Iterable[bytes]) -> Iterator[Row]:
        """Read a file of lines."""
        self._lines = Lines(chunks, self._mapping, self._findings, self._file)
        numbered = self._numbered(self._lines)
        if _alike(self._mapping):
            yield from self._single(numbered, self._plans[id(self._mapping.records[0])])
        else:
            yield from self._several(numbered)

    def _numbered(self, lines: Lines) -> Iterator[_Line]:
        """Give each line without its end; those with characters that none should have are findings."""
        newline, comment = self._options["newline"], self._options["comment"]
        end = "\r\n" if newline == "any" else NEWLINES[newline]
        raw, bytewise, blank = self._ruler.raw, self._ruler.bytewise, self._options["blank_lines"] == "error"
        for number, line in enumerate(lines, 1):
            text = line.rstrip("\r\n") if end == "\r\n" else line.removesuffix(end)
            if lines.dirty and not self._odd and self._bad(text, number):
                continue
            if not text:
                if blank:
                    hint = "`blank_lines: skip` allows it"
                    broken(self._findings, Finding("line-blank", "an empty line", Place(self._file, number), hint=hint))
            elif not (comment and text.startswith(comment)):
                yield raw(text) if bytewise else text, number

    def _bad(self, text: str, number: int) -> bool:
        problem = bad_characters(text, Place(self._file, number), self._options["charset"])
        if problem:
            broken(self._findings, problem)
        return problem is not None

    def _single(self, lines: Iterator[_Line], plan: Spans) -> Iterator[Row]:
        record, lengths, places = plan.record, plan.lengths, plan.slots.places
        quick = self._quick(plan)
        for raw, number in lines:
            place = Place(self._file, number, record=record.name)
            if quick and len(raw) in lengths:
                yield Row(record, [raw[at].rstrip(" ") or None for at in places], place)
            elif row := self._row(raw, plan, place, None):
                yield row

    def _several(self, lines: Iterator[_Line]) -> Iterator[Row]:
        chain = Chain(self._mapping, self._findings, self._file, self._environment)
        candidate, number = _Candidate(self._plans, self._ruler), 0
        for (raw, number), last in lasting(lines, asked=asks_last(self._mapping)):
            candidate.take(raw, number, last=last)
            record = chain.find(candidate)
            if not record:
                continue
            plan, place = self._plans[id(record)], Place(self._file, number, record=record.name)
            if len(raw) in plan.lengths and self._quick(plan):
                row: Row | None = Row(
                    record, [raw[at].rstrip(" ") or None for at in plan.slots.places], place, chain.parent
                )
            else:
                row = self._row(raw, plan, place, chain.parent)
            if row:
                chain.open(row, record)
                yield row
        chain.end(number)

    def _quick(self, plan: Spans) -> bool:
        """Tell whether a line of the right length is only to be cut."""
        return plan.simple and not self._ruler.bytewise and not (plan.gaps and self._mapping.unknown != "skip")

    def blocks(self, chunks: Iterable[bytes]) -> Iterator[Row]:
        """Read a file of blocks: the record a block is says how long it is. Its number stands for a line's."""
        source = tape(chunks, self._mapping, self._findings, self._file, self._ruler)
        chain = Chain(self._mapping, self._findings, self._file, self._environment)
        longest = max(plan.longest for plan in self._plans.values())
        lengths = {plan.longest for plan in self._plans.values()}
        candidate, number, empty = _Candidate(self._plans, self._ruler), 0, 0
        while ahead := source.peek(longest + 1):
            number += 1
            place = Place(self._file, number)
            if source.fills(ahead[: min(lengths)]):
                source.take(min(lengths))
                empty = empty or number
                continue
            if empty:
                text = "filled with nothing, though records follow"
                broken(self._findings, Finding("block-empty", text, Place(self._file, empty)))
                empty = 0
            candidate.take(ahead[:longest], number, last=len(ahead) <= longest)
            record = chain.find(candidate)
            if record is None and len(lengths) > 1:
                text = "no record fits here, so nobody knows where the next one begins"
                raise Rejected([*self._findings.found, Finding("block-lost", text, place, self._mapping.rule)])
            raw = source.take(self._plans[id(record)].longest if record else longest)
            if record is None or (not self._odd and self._bad(self._shown(raw), number)):
                continue
            row = self._row(raw, self._plans[id(record)], Place(self._file, number, record=record.name), chain.parent)
            if row:
                chain.open(row, record)
                yield row
        chain.end(number)

    def _shown(self, raw: Any) -> str:
        return raw.decode(self._ruler.charset, "surrogateescape") if self._ruler.bytewise else raw  # type: ignore[no-any-return]

    # --- one line --------------------------------------------------------------------------------------------------

    def _row(self, raw: Any, plan: Spans, place: Place, parent: Row | None) -> Row | None:
        if self._odd and (self._lines is None or self._lines.dirty) and self._bad(self._even(raw, plan), place.line):
            return None
        row = Row(plan.record, [], place, parent)
        if not plan.measures(len(raw)):
            row.findings = self._length(len(raw), plan, place)
        row.cells = self._ruler.cells(raw, plan, row)
        if self._ruler.bytewise:
            self._ruler.halves(row)
        if not plan.simple:
            row.findings += tuple(plan.slots.findings(row))
        if plan.gaps and self._mapping.unknown != "skip":
            row.findings += self._nobodys(raw, plan, place)
        return row

    def _even(self, raw: Any, plan: Spans) -> str:
        """Give the text of a line without its columns of another charset."""
        text = raw
        for _, place, _ in sorted(plan.odd, key=lambda odd: -odd[1].start):
            text = text[: place.start] + text[place.stop :]
        return self._shown(text)

    def _length(self, length: int, plan: Spans, place: Place) -> tuple[Finding, ...]:
        wanted = " or ".join(map(str, plan.lengths)) or f"{plan.slots.end} or more"
        text, rule = f"{length} long where {wanted} is meant", plan.record.rule
        if length < plan.longest and self._options["short"] == "error":
            hint = "was the file cut off? `short: fill` takes lines whose blanks at the end were trimmed"
            return (Finding("line-short", text, place, rule, hint),)
        if length > plan.longest:
            return self._once(
                Finding("line-long", text, place, rule, "`unknown: skip` takes what stands behind"), plan, -1
            )
        return ()

    def _nobodys(self, raw: Any, plan: Spans, place: Place) -> tuple[Finding, ...]:
        """Find data that stands in no field."""
        found: tuple[Finding, ...] = ()
        for gap in plan.gaps:
            if self._ruler.text(raw[gap]).strip(" "):
                text = f"positions {gap.start + 1} to {gap.stop} hold something, and the layout has no field there"
                finding = Finding("gap-unknown", text, place, plan.record.rule, "`unknown: skip` takes no notice")
                found += self._once(finding, plan, gap.start)
        return found

    def _once(self, finding: Finding, plan: Spans, what: int) -> tuple[Finding, ...]:
        """Give a finding the level of `unknown`; a warning is given once for a file."""
        severity, key = _LEVEL.get(self._mapping.unknown), (id(plan.record), what)
        if severity is None or (severity is Severity.WARNING and key in self._told):
            return ()
        self._told.add(key)
        return (Finding(finding.code, finding.text, finding.data, finding.rule, finding.hint, severity),)


def _alike(mapping: MappingFile) -> bool:
    """Tell whether all lines are of one kind, in any number, and need no recognition."""
    record = mapping.records[0]
    codes = any(one.is_ for one in record.fields) or record.match
    return len(mapping.records) == 1 and not record.records and record.times == Times(0, None) and not codes


# --- write ---------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Look:
    """How the files of a mapping look: worked out once."""

    end: str
    charset: str
    measure: Callable[[str], int]
    trim: bool
    odd: bool
    plans: dict[int, Spans] = field(default_factory=dict)


@once
def _look(mapping: MappingFile) -> _Look:
    options = _options(mapping)
    if found := list(faults(mapping)):
        raise Misconfigured(found)
    charset = charset_name(options["charset"], mapping.rule)
    measure = _by_bytes(bare(charset)) if options["width"] == "bytes" else len
    plans = {id(record): spans(record) for record in every(mapping.records)}
    odd = any(plan.odd for plan in plans.values())
    end = "" if options["newline"] == "none" else NEWLINES[options["newline"]]
    return _Look(end, charset, measure, options["short"] == "trim", odd, plans)


def _write(rows: Iterable[Row], mapping: MappingFile, findings: Findings) -> bytes:
    look = _look(mapping)
    measure, plans = look.measure, look.plans
    shown = list(rows)
    lines: list[str] = []
    for row in shown:
        plan = plans[id(row.record)]
        try:
            line = "".join(row.cells) if plan.adjoining else _filled(row, plan, look, findings)  # type: ignore[arg-type]
        except TypeError:  # some cell is nothing
            line = _filled(row, plan, look, findings)
        if not plan.measures(measure(line)) or _ends(line, look.end):
            _explain(row, plan, look, findings)
        lines.append((line.rstrip(" ") or line) if look.trim else line)
    return encoded(lines, look.end, shown, look.charset, findings, "surrogateescape" if look.odd else "strict")


def _ends(text: str, end: str) -> bool:
    return "\n" in text or "\r" in text or (end == "\x85" and end in text)


def _by_bytes(charset: str) -> Callable[[str], int]:
    return lambda text: len(text.encode(charset, "replace"))


def _filled(row: Row, plan: Spans, look: _Look, findings: Findings) -> str:
    """Join the cells with blanks for what is nothing, and for the gaps between them, in the order of their places."""
    pieces: list[tuple[slice, str]] = []

    def put(place: slice, one: Field, cell: Cell) -> None:
        text = "" if cell is None else str(cell)
        text = text + " " * (place.stop - place.start - look.measure(text)) if one.split or not text else text
        pieces.append((place, _foreign(text, one, look, row, findings) if one.charset else text))

    plan.slots.laid(row.cells, put, lambda problem: findings.add(problem.at(data=row.place)))
    parts: list[str] = []
    at = 0
    for place, text in sorted(pieces, key=lambda piece: piece[0].start):
        parts.append(" " * (place.start - at) + text)
        at = place.stop
    line = "".join(parts)
    if not plan.lengths:
        return line + " " * (plan.slots.end - at)
    used = len(line) - len(line.rstrip(" "))
    short = next((length for length in sorted(plan.lengths) if length >= at - used), max(plan.lengths))
    return line + " " * (short - at) if short >= at else line[: len(line) - (at - short)]


def _foreign(text: str, one: Field, look: _Look, row: Row, findings: Findings) -> str:
    """Give the text whose bytes in the file's charset are those of the text in the column's."""
    try:
        return text.encode(one.charset).decode(bare(look.charset), "surrogateescape")
    except UnicodeError as error:
        letter = text[error.start] if isinstance(error, UnicodeEncodeError) else "?"
        said = f"{one.name}: '{letter}' (U+{ord(letter):04X}) is not in {one.charset}"
        findings.add(Finding("charset", said, row.place, one.rule, "choose another `charset`"))
        return text


def _explain(row: Row, plan: Spans, look: _Look, findings: Findings) -> None:
    """Say which cell is not as long as its place, or holds a line end."""

    def put(place: slice, one: Field, cell: Cell) -> None:
        text = "" if cell is None else str(cell)
        length, meant = look.measure(text), place.stop - place.start
        if one.charset and text:
            length = len(text.encode(one.charset, "replace"))
        if text and (length > meant or (length != meant and not one.split)):
            wrong = f"{one.name} is {length} long where {meant} is meant"
            findings.add(Finding("fixed-length", wrong, row.place, one.rule))
        if _ends(text, look.end):
            findings.add(Finding("fixed-newline", f"{one.name} holds a line end", row.place, one.rule))

    plan.slots.laid(row.cells, put, lambda _: None)


# --- where cells stand ---------------------------------------------------------------------------------------------


def _where(data: bytes, rows: Sequence[Row], mapping: MappingFile) -> Stands:
    """Find the cells of rows: each row is a line, or a block, cut at its places."""
    look, measured = _look(mapping), ruler(mapping)
    lines, starts = lines_of(data, mapping)
    text = "".join(lines)
    found: list[Stand] = []
    at = 0
    for number, row in enumerate(rows):
        plan = look.plans[id(row.record)]
        line = min((row.place.line or number + 1) - 1, len(lines))
        start = starts[line] if look.end else at
        raw = measured.raw(lines[line] if look.end and line < len(lines) else text[start:])
        for own, cell, place in slotted(plan.slots, row):
            first, last = (len(measured.text(raw[:edge])) for edge in (place.start, place.stop))  # type: ignore[attr-defined]
            found.append(Stand(own, cell, start + first, start + last))
        at = start + len(measured.text(raw[: plan.longest]))
    return standing(text, iter(found))


FORMAT: Final = Format("fixed", OPTIONS, _read, _write, check=_check, where=_where)
