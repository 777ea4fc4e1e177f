"""Of two files of lines, what only one of them has: lines that stand in both are passed over, wherever they stand.

Promise: what is not told apart is in both files, byte for byte. In trouble (a line stands twice, a cell goes over several
lines, the files are too different) None: then the file is to be read as a whole. Memory is bounded by `MOST` lines.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import zip_longest
from typing import Final

from translator.mapping.picture import alone_by_line
from translator.translation.compiled import Translation

MOST: Final = 60_000  # lines that have no match yet
BLOCK: Final = 4_096  # lines that are compared at once
LONG: Final = 65_536  # bytes of a line


@dataclass(frozen=True, slots=True)
class Apart:
    """What two files do not share: the lines of the old one that are gone, and those that came; `same`: the others."""

    gone: bytes
    came: bytes
    same: int


def may_pass(translation: Translation) -> bool:
    """Tell whether each line of a file of a mapping says the same whatever stands in the others."""
    reader, file = translation.reader, translation.file
    plain = file.format == "csv" and not (translation.parts or file.repair)
    return plain and reader is not None and alone_by_line(reader)


def apart(old: Iterable[bytes], new: Iterable[bytes], *, header: bool) -> Apart | None:
    """Tell two files apart; both answers begin with the new one's header, where files have one."""
    left, right = _blocks(old), _blocks(new)
    gone, came, same, head = set[bytes](), set[bytes](), 0, b""
    nothing: list[bytes] = []
    for number, (before, now) in enumerate(zip_longest(left, right, fillvalue=nothing)):
        if before is None or now is None:
            return None
        if not number and header:
            if not now or before[:1] != now[:1]:
                return None
            head = now[0] + b"\n"
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
    if any(line.count(b'"') % 2 for line in (*gone, *came)):
        return None
    return Apart(head + _joined(gone), head + _joined(came), same)


def _joined(lines: Iterable[bytes]) -> bytes:
    return b"".join(line + b"\n" for line in sorted(lines))


def _blocks(chunks: Iterable[bytes]) -> Iterator[list[bytes] | None]:
    """Give blocks of lines; None: this is no file of lines."""
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
