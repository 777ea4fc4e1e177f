"""Rows of cells out of lines: the standard library's reader, strict, told of marks that it does not know.

A quote that is never closed, or text after a closing quote, costs the row it begins in; the lines after it are read by
themselves. Delimiters of several letters, and NEL as a line end, are put in other letters before and back afterwards.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from translator.core.alike import BLANKS
from translator.core.finding import Finding, Findings, Place, suggestion
from translator.formats.charsets import JOINT, bad_characters
from translator.formats.format import Option
from translator.formats.limits import broken, long_record, raised
from translator.formats.lines import BLANK_LINES, CHARSET, COMMENT, END, NEWLINE, Lines, Whole, parted
from translator.formats.rows import Marks
from translator.mapping.layout import MappingFile

OPTIONS: Final = (
    CHARSET,
    NEWLINE,
    Option("delimiter", "what stands between two cells: one or more characters, or a name: `tab` `pipe` `us`…", ","),
    Option("quote", "what encloses a cell that holds a delimiter; `none` where there is no such thing", '"'),
    Option("escape", "what makes the next character plain text; empty: a quote inside quotes is written twice"),
    Option(
        "quoting",
        "which cells are written in quotes: those that need it, all, those of text fields, those that hold something",
        "needed",
        ("needed", "all", "text", "filled"),
    ),
    Option(
        "header",
        "whether the first line names the columns; `each`: a line for each kind of record; `skip`: columns go by number",
        "false",
        ("true", "false", "each", "skip"),
    ),
    Option(
        "order", "whether records and named columns must stand in the order of the layout", "any", ("any", "strict")
    ),
    Option("trailing", "whether a delimiter stands behind the last cell too", "false", ("true", "false")),
    BLANK_LINES,
    COMMENT,
    END,
    Option("short", "what a row with too few cells means", "error", ("error", "fill")),
)
_DEFAULTS: Final = {option.name: option.default for option in OPTIONS}
_QUOTES: Final = "a quote inside a quoted cell is written twice; where quotes are letters as others say `quote: none`"
NAMED: Final = ("true", "each")  # headers that say where columns stand


def chosen(mapping: MappingFile) -> dict[str, str]:
    """Give the options of a mapping, the defaults filled in."""
    return {**_DEFAULTS, **mapping.options}


Raw = tuple[list[str], int]  # the cells of a row, and the line it begins in
NAMES: Final = {
    "tab": "\t", "space": " ", "comma": ",", "semicolon": ";", "colon": ":", "pipe": "|", "caret": "^", "tilde": "~",
    "soh": "\x01", "fs": "\x1c", "gs": "\x1d", "rs": "\x1e", "us": "\x1f",
}  # fmt: skip
_QUOTING: Final = {
    "unexpected end of data": "a quote opened here is never closed",
    "expected after": "text after a closing quote",
    "new-line character": "another line end than the mapping's `newline` inside the row",
    "field larger": "a quote opened here is not closed for too long",
}
AT_ONCE: Final = 1_000  # lines: one that is odd has so many looked at one by one
_BLANKS: Final = BLANKS.replace("\n", "")
_NEL: Final = str.maketrans("\x85\n", "\n\x85")


def marks(options: dict[str, str]) -> Marks:
    """Give what parts and encloses cells."""
    delimiter, quote = options["delimiter"], options["quote"]
    quote = "" if quote in {"none", ""} else NAMES.get(quote, quote)
    ends = "\n\r\x85" if options["newline"] == "nel" else "\n\r"
    return Marks(NAMES.get(delimiter, delimiter), quote, options["escape"], options["comment"], ends)


def faults(mapping: MappingFile, found: Marks) -> Iterator[Finding]:
    """Find marks that cannot be meant."""
    for name, text, most in (
        ("delimiter", found.delimiter, 8),
        ("quote", found.quote or "-", 1),
        ("escape", found.escape or "-", 1),
    ):
        if not 0 < len(text) <= most or set(text) & set("\r\n\x85\0" + JOINT):
            wants = "one character" if most == 1 else f"1 to {most} characters"
            hint = f"by name: {', '.join(NAMES)}" if name == "delimiter" else ""
            yield Finding("csv-option", f"`{name}` wants {wants}, and no line end", rule=mapping.rule, hint=hint)
    if len(found.delimiter) > 1 and found.delimiter.isalpha():
        hint = suggestion(found.delimiter, NAMES) or f"known: {', '.join(NAMES)}"
        yield Finding("csv-option", f"there is no delimiter '{found.delimiter}'", rule=mapping.rule, hint=hint)
    used = [*found.delimiter[:1], found.quote, found.escape]
    if len(set(filter(None, used))) < len(list(filter(None, used))) or (found.quote and found.quote in found.delimiter):
        text = "`delimiter`, `quote` and `escape` must differ"
        yield Finding("csv-option", text, rule=mapping.rule)


def _dialect(found: Marks) -> csv.Dialect:
    dialect = csv.excel()
    dialect.strict = True
    dialect.delimiter = found.delimiter if len(found.delimiter) == 1 else JOINT
    dialect.quoting = csv.QUOTE_MINIMAL if found.quote else csv.QUOTE_NONE
    dialect.quotechar = found.quote or None
    if found.escape:
        dialect.escapechar, dialect.doublequote = found.escape, False
    return dialect


@dataclass(slots=True)
class _Feed:
    """Lines for the csv parser, which may be given once more when a quote was never closed."""

    pieces: Iterator[Whole]
    file: str
    most: int
    comment: str
    before: Callable[[str], str] | None
    left: list[str]  # of the piece at hand, and what is given once more
    taken: list[str]  # the lines of this record
    number: int = 0  # of the last line taken
    at: int = 0  # the next of those that are left
    size: int = 0
    whole: str = ""  # lines behind those that are left, unparted

    def __iter__(self) -> Iterator[str]:
        return self

    def __next__(self) -> str:
        line = self._next()
        while self.comment and not self.taken and line.startswith(self.comment):
            line = self._next()
        self.size += len(line)
        self.taken.append(line)
        if self.size > self.most:
            raise long_record(self.file, self.start, self.most)
        return self.before(line) if self.before else line

    def _next(self) -> str:
        while self.at == len(self.left):
            self.part(self.whole or next(self.pieces))
        self.number += 1
        self.at += 1
        return self.left[self.at - 1]

    def ahead(self, most: int) -> Whole:
        """Show the next lines, as far as they are at hand; none at the end of the file. `most`: characters unparted."""
        while self.at == len(self.left):
            piece = self.whole or next(self.pieces, None)
            if piece is None:
                return ""
            if isinstance(piece, str):
                self.whole, size = piece, len(piece)
                while size > most:
                    size = piece.rfind("\n", 0, size // 2) + 1
                if size:
                    return piece[:size]
            self.part(piece)
        return self.left[self.at : self.at + AT_ONCE]

    def part(self, lines: Whole) -> None:
        """Have the next lines one by one."""
        self.left, self.at, self.whole = parted(lines), 0, ""

    def passed(self, lines: Whole) -> range:
        """Take lines that were shown; give their numbers."""
        if isinstance(lines, str):
            self.whole, count = self.whole[len(lines) :], lines.count("\n")
        else:
            self.at, count = self.at + len(lines), len(lines)
        self.number += count
        return range(self.number - count + 1, self.number + 1)

    @property
    def start(self) -> int:
        """Give the number of the record's first line."""
        return self.number - len(self.taken) + 1

    def begin(self) -> None:
        """Forget the lines of the record before."""
        self.taken.clear()
        self.size = 0

    def back(self) -> None:
        """Give all lines but the first once more: only that one is lost."""
        back = self.taken[1:]
        self.left, self.at = [*back, *self.left[self.at :]], 0
        self.number -= len(back)


def rows(lines: Lines, mapping: MappingFile, found: Marks, findings: Findings, file: str) -> Iterator[Raw]:
    """Give the cells of each row that can be looked at, and the line it begins in; the others are findings."""
    return iter(Rows(lines, mapping, found, findings, file))


class Rows:
    """The rows of a file, to be gone through once: one by one, or many beside each other at once, where nothing is odd."""

    __slots__ = ("_after", "_closely", "_dialect", "_feed", "_file", "_findings", "_lines", "_mapping", "_shortest")

    def __init__(self, lines: Lines, mapping: MappingFile, found: Marks, findings: Findings, file: str) -> None:
        before, self._after = _translated(found, mapping.options.get("newline", "any"))
        self._feed = _Feed(lines.wholes(), file, mapping.limits.record, found.comment, before, [], [])
        self._lines, self._mapping, self._findings, self._file = lines, mapping, findings, file
        self._dialect = _dialect(found)
        self._closely = -1 if before else 0  # the line up to which rows are looked at one by one; -1: all are
        self._shortest = min(mapping.limits.record, mapping.limits.field)
        if csv.field_size_limit() < mapping.limits.record:
            csv.field_size_limit(mapping.limits.record)  # ours are the bounds

    def __iter__(self) -> Iterator[Raw]:
        feed, after = self._feed, self._after
        parser = csv.reader(feed, self._dialect)
        while True:
            feed.begin()
            try:
                raw = next(parser)
            except StopIteration:
                return
            except csv.Error as error:
                feed.back()
                broken(self._findings, _quoting(str(error), Place(self._file, feed.number)))
                continue
            if after:
                raw = [after(cell) for cell in raw]
            start = feed.start
            blank = len(raw) < 2 and not "".join(feed.taken).strip()
            problem = _unfit(raw, feed, self._lines, self._mapping, Place(self._file, start), blank=blank)
            if problem:
                broken(self._findings, problem)
            elif not blank:
                yield raw, start

    @property
    def unseen(self) -> bool:
        """Tell whether the next rows may be asked for at once: they were not found odd."""
        return 0 <= self._closely <= self._feed.number

    def columns(self, width: int) -> tuple[Sequence[Sequence[str | None]], range] | None:
        """Give the next rows by column, blank cells as None, and their lines; None: they are to be looked at one by one."""
        if not self.unseen or not (lines := self._feed.ahead(self._shortest)):
            return None
        found = self._cut(lines, width)
        if found is None and isinstance(lines, str):  # something in it is odd: in which lot of lines?
            self._feed.part(self._feed.whole)
            return self.columns(width)
        if found is None:
            self._closely = self._feed.number + len(lines)
            return None
        return found, self._feed.passed(lines)

    def _cut(self, lines: Whole, width: int) -> Sequence[Sequence[str | None]] | None:
        comment, text = self._feed.comment, lines if isinstance(lines, str) else "".join(lines)
        if self._lines.dirty or width > self._mapping.limits.columns:
            return None
        if len(text) > self._shortest and max(map(len, lines)) > self._shortest:  # never of lines that are unparted
            return None
        if comment and comment in text:
            return None
        count = text.count("\n") if isinstance(lines, str) else len(lines)
        columns = self._split(text, count, width) or self._parsed(parted(lines), width)
        if columns is None or (width < 2 and not all(map(str.strip, columns[0]))):  # a lone blank cell is a blank line
            return None
        if not _has_blanks(text):
            return [one if all(one) else [cell or None for cell in one] for one in columns]
        return [
            one if all(map(str.strip, one)) else [cell if cell.strip() else None for cell in one] for one in columns
        ]

    def _split(self, text: str, count: int, width: int) -> Sequence[Sequence[str]] | None:
        """Split lines in which nothing stands in quotes; None: they are to be parsed. All cells are counted."""
        mark = self._dialect.delimiter
        if any(letter in text for letter in (self._dialect.quotechar, self._dialect.escapechar) if letter):
            return None
        text = text.replace("\r\n", "\n") if "\r" in text else text
        text = text if text.endswith("\n") else f"{text}\n"
        if text.count("\n") != count:  # one inside a line that ends otherwise
            return None
        cells = text.replace("\n", f"{mark}\n{mark}").split(mark)
        ends = cells[width :: width + 1]
        if "\r" in text or len(cells) != count * (width + 1) + 1 or ends.count("\n") != count:
            return None
        return [cells[at : -1 : width + 1] for at in range(width)]

    def _parsed(self, lines: list[str], width: int) -> Sequence[Sequence[str]] | None:
        """Parse lines; None: some cell goes over several, or some row has more or fewer cells."""
        try:
            rows = list(csv.reader(lines, self._dialect))
        except csv.Error:
            return None
        alike = len(rows) == len(lines) and {*map(len, rows)} == {width}
        return [*zip(*rows, strict=True)] if alike else None


def _has_blanks(text: str) -> bool:
    """Tell whether anything but line ends may be blank."""
    bare = text.replace("\r\n", "\n")
    return not bare.isascii() or any(map(bare.__contains__, _BLANKS))


def _translated(found: Marks, newline: str) -> tuple[Callable[[str], str] | None, Callable[[str], str] | None]:
    """Give what puts marks the parser does not know in other letters, and what puts them back in the cells."""
    joined, several, nel = found.delimiter, len(found.delimiter) > 1, newline == "nel"
    if not (several or nel):
        return None, None
    escaped = re.compile(f"({re.escape(found.escape)}.)|{re.escape(joined)}", re.DOTALL)

    def before(line: str) -> str:
        if several and found.escape:
            line = escaped.sub(lambda hit: hit[1] or JOINT, line)
        elif several:
            line = line.replace(joined, JOINT)
        return line.translate(_NEL) if nel else line

    def after(cell: str) -> str:
        cell = cell.replace(JOINT, joined) if several else cell
        return cell.translate(_NEL) if nel else cell

    return before, after


def _quoting(error: str, place: Place) -> Finding:
    text = next((text for part, text in _QUOTING.items() if part in error), error)
    return Finding("csv-quote", text, place, hint=_QUOTES)


def _unfit(
    raw: list[str], feed: _Feed, lines: Lines, mapping: MappingFile, place: Place, *, blank: bool
) -> Finding | None:
    """Say why a row is not even looked at."""
    limits = mapping.limits
    if len(raw) > limits.columns:
        return Finding("limit-columns", f"more than {limits.columns:,} columns", place, hint=raised("columns"))
    if feed.size > limits.field and any(len(cell) > limits.field for cell in raw):
        return Finding("limit-field", f"a cell of more than {limits.field:,} characters", place, hint=raised("field"))
    if blank and mapping.options.get("blank_lines") == "error":
        return Finding("line-blank", "an empty line", place, hint="`blank_lines: skip` allows it")
    charset = mapping.options.get("charset", "utf-8")
    return bad_characters("".join(feed.taken), place, charset) if lines.dirty else None
