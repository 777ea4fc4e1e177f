"""Rows become a fixed-width file, exactly: what is not as long as its place, or holds a line end, is a finding."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field

from translator.core.finding import Finding, Findings, Misconfigured
from translator.formats.charsets import bare, charset_name
from translator.formats.lines import NEWLINES
from translator.formats.once import once
from translator.formats.spans import Spans, chosen, faults, spans
from translator.formats.written import encoded
from translator.mapping.layout import Field, MappingFile, every_record
from translator.mapping.row import Cell, Row


@dataclass(frozen=True, slots=True)
class Look:
    """How the files of a mapping look: worked out once."""

    end: str
    charset: str
    measure: Callable[[str], int]
    trim: bool
    comment: str
    odd: bool
    plans: dict[int, Spans] = field(default_factory=dict)


@once
def look_of(mapping: MappingFile) -> Look:
    options = chosen(mapping)
    if found := list(faults(mapping)):
        raise Misconfigured(found)
    charset = charset_name(options["charset"], mapping.rule)
    measure = _by_bytes(bare(charset)) if options["width"] == "bytes" else len
    plans = {id(record): spans(record) for record in every_record(mapping.records)}
    odd = any(plan.odd for plan in plans.values())
    end = "" if options["newline"] == "none" else NEWLINES[options["newline"]]
    return Look(end, charset, measure, options["short"] == "trim", options["comment"], odd, plans)


def write(rows: Iterable[Row], mapping: MappingFile, findings: Findings) -> bytes:
    """Write rows as a file."""
    look = look_of(mapping)
    measure, plans, nel = look.measure, look.plans, look.end == "\x85"
    shown = list(rows)
    lines: list[str] = []
    for row in shown:
        plan = plans[id(row.record)]
        try:
            line = "".join(row.cells) if plan.adjoining else _filled(row, plan, look, findings)  # type: ignore[arg-type]
        except TypeError:  # some cell is nothing
            line = _filled(row, plan, look, findings)
        if measure(line) not in plan.lengths or "\n" in line or "\r" in line or nel:
            _explain(row, plan, look, findings)
        lines.append(line)
        if look.comment and line.startswith(look.comment):
            text = f"the line begins with '{look.comment}' and would be read as a comment"
            findings.add(Finding("fixed-comment", text, row.place, plan.record.rule))
    if look.trim:
        lines = [line.rstrip(" ") or line for line in lines]
    return encoded(lines, look.end, shown, look.charset, findings, "surrogateescape" if look.odd else "strict")


def _ends(text: str, end: str) -> bool:
    return "\n" in text or "\r" in text or (end == "\x85" and end in text)


def _by_bytes(charset: str) -> Callable[[str], int]:
    return lambda text: len(text.encode(charset, "replace"))


def _filled(row: Row, plan: Spans, look: Look, findings: Findings) -> str:
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


def _foreign(text: str, one: Field, look: Look, row: Row, findings: Findings) -> str:
    """Give the text whose bytes in the file's charset are those of the text in the column's."""
    try:
        return text.encode(one.charset).decode(bare(look.charset), "surrogateescape")
    except UnicodeError as error:
        letter = text[error.start] if isinstance(error, UnicodeEncodeError) else "?"
        said = f"{one.name}: '{letter}' (U+{ord(letter):04X}) is not in {one.charset}"
        findings.add(Finding("charset", said, row.place, one.rule, "choose another `charset`"))
        return text


def _explain(row: Row, plan: Spans, look: Look, findings: Findings) -> None:
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
            hint = "`| one_line` makes one line of several"
            findings.add(Finding("fixed-newline", f"{one.name} holds a line end", row.place, one.rule, hint))

    plan.slots.laid(row.cells, put, lambda _: None)
