"""Of two files of lines, what only one of them has: lines that stand in both are passed over, wherever they stand.

Promise: what is not told apart is in both files, byte for byte, and each line is a row. In trouble (a line stands twice, a
cell may go over several lines, the files are too different) None: then the file is to be read as a whole; so it is where the
mapping lets a row be anything but a line. Memory is bounded by `MOST` lines.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import zip_longest
from typing import Final

from translator.formats.charsets import charset_name
from translator.formats.delimited import chosen, marks
from translator.mapping.compiled_pictures import alone_by_line
from translator.translation.compiled import Translation

MOST: Final = 60_000  # lines that have no match yet
BLOCK: Final = 4_096  # lines that are compared at once
LONG: Final = 65_536  # bytes of a line
_LETTERS: Final = (
    "utf-8",
    "ascii",
    "iso8859",
    "cp125",
)  # charsets in which a line feed is one byte, and nothing else is it
_MARK: Final = b"\xef\xbb\xbf"
_FILLER: Final = re.compile(rb"[\0\f\x1a]")  # behind the last line it is no data


@dataclass(frozen=True, slots=True)
class Apart:
    """What two files do not share: the lines of the old one that are gone, and those that came; `same`: the others."""

    gone: bytes
    came: bytes
    same: int


@dataclass(frozen=True, slots=True)
class Ruled:
    """How lines are rows. `header`: the first is none; `quote`: what encloses a cell, if anything does."""

    header: bool
    quote: bytes = b'"'
    delimiter: bytes = b","

    @property
    def closed(self) -> re.Pattern[bytes]:
        """Match a line in which each quote encloses a whole cell."""
        quote, mark = re.escape(self.quote), re.escape(self.delimiter)
        cell = rb"(?:\A|(?<=%b))%b(?:[^%b]++|%b%b)*+%b(?=%b|\r?\Z)" % (mark, quote, quote, quote, quote, quote, mark)
        return re.compile(rb"(?:[^%b]++|%b)*+" % (quote, cell))


def ruled(translation: Translation) -> Ruled | None:
    """Say how lines are rows, where each says the same whatever stands in the others; None where it may not."""
    reader, file = translation.reader, translation.file
    if file.format != "csv" or translation.parts or file.repair or reader is None or not alone_by_line(reader):
        return None
    options = chosen(file)
    found = marks(options)
    odd = (
        options["comment"]
        or options["escape"]
        or options["header"] == "each"
        or options["newline"] not in {"any", "lf"}
    )
    letters = charset_name(options["charset"], file.rule).startswith(_LETTERS)
    if odd or not letters or not (found.quote + found.delimiter).isascii():
        return None
    return Ruled(options["header"] != "false", found.quote.encode(), found.delimiter.encode())


def apart(old: Iterable[bytes], new: Iterable[bytes], rule: Ruled) -> Apart | None:
    """Tell two files apart; both answers begin with the new one's header, where files have one."""
    header, left, right = rule.header, _blocks(old, rule), _blocks(new, rule)
    gone, came, same, head = set[bytes](), set[bytes](), 0, b""
    nothing: list[bytes] = []
    for number, (before, now) in enumerate(zip_longest(left, right, fillvalue=nothing)):
        if before is None or now is None:
            return None
        if not number and header:
            if not now or before[:1] != now[:1] or not now[0].removeprefix(_MARK).strip():
                return None
            head = now[0] + b"\n"
        elif not number and any(lines and lines[0].startswith(_MARK) for lines in (before, now)):
            return None
        if before == now:
            same += len(now) - (not number and header)
            continue
        lone, fresh = set(before), set(now)
        if len(lone) < len(before) or len(fresh) < len(now):
            return None
        same += len(lone & fresh) - (not number and header)
        both, lone, fresh = lone & fresh, lone - fresh, fresh - lone
        if both & gone or both & came:
            return None
        moved, back = lone & came, fresh & gone
        same += len(moved) + len(back)
        came -= moved
        gone -= back
        gone |= lone - moved
        came |= fresh - back
        if len(gone) + len(came) > MOST:
            return None
    if any(map(_FILLER.search, (*gone, *came))):
        return None
    return Apart(head + _joined(gone), head + _joined(came), same)


def _joined(lines: Iterable[bytes]) -> bytes:
    return b"".join(line + b"\n" for line in sorted(lines))


def _blocks(chunks: Iterable[bytes], rule: Ruled) -> Iterator[list[bytes] | None]:
    """Give blocks of lines; None: this is no file of lines, or some cell may go over several."""
    closed = rule.closed if rule.quote else None
    for lines in _lines(chunks):
        open_ = lines and closed and any(rule.quote in line and not closed.fullmatch(line) for line in lines)
        yield None if open_ else lines


def _lines(chunks: Iterable[bytes]) -> Iterator[list[bytes] | None]:
    rest, lines = b"", list[bytes]()
    for chunk in chunks:
        more = (rest + chunk).split(b"\n")
        rest = more.pop()
        if len(rest) > LONG:
            yield None
            return
        lines += more
        start = 0
        while len(lines) - start >= BLOCK:
            yield lines[start : start + BLOCK]
            start += BLOCK
        del lines[:start]
    if rest:
        lines.append(rest)
    if lines:
        yield lines
