"""A fixed-width file as lines of text, for the code that writes it at once: the blanks between the cells of each record.

Only records of plain cells and one length are such lines; a file in which one line is not as long as its record, or
holds a line end, is written with care.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from translator.formats.charsets import wide
from translator.formats.fixed_write import Look, look_of
from translator.formats.spans import Spans, chosen
from translator.formats.written import encoder
from translator.mapping.layout import MappingFile
from translator.mapping.letters import substitute
from translator.mapping.line import Line, Lines


def lines_of(mapping: MappingFile) -> Lines | None:
    """Say how the records of a mapping become lines; None: one of them is written with care alone."""
    look = look_of(mapping)
    if look.comment or look.end == "\x85" or (chosen(mapping)["width"] == "bytes" and wide(look.charset)):
        return None
    known = {key: line for key, plan in look.plans.items() if (line := _line(plan))}
    if len(known) < len(look.plans):
        return None
    odd = substitute(mapping.substitute)
    joining = _Joining(look, odd.odd.search if odd else None, encoder(look.charset))
    return Lines(lambda record: known[id(record)], joining.join)


def _line(plan: Spans) -> Line | None:
    """Give the cells of a record with the gaps around them; all of its characters are counted."""
    if not plan.simple or len(plan.lengths) != 1:
        return None
    pieces: list[str | int] = []
    at, (length,) = 0, plan.lengths
    for begin, end, number in sorted(
        (place.start, place.stop, number) for number, place in enumerate(plan.slots.places)
    ):
        if begin < at:
            return None
        pieces += [" " * (begin - at), number]
        at = end
    return Line((*pieces, " " * (length - at)), length) if at <= length else None


@dataclass(frozen=True, slots=True)
class _Joining:
    """Lines become a file."""

    look: Look
    letters: Callable[[str], object] | None  # finds one that is substituted
    encode: Callable[[str], bytes]

    def join(self, lines: Sequence[str], written: int, special: Sequence[int]) -> bytes | None:
        """Give the bytes of a file; None: with care."""
        whole = "".join(lines)
        if len(whole) != written or "\n" in whole or "\r" in whole:
            return None
        if self.letters and self.letters(whole):
            return None
        found = [line.rstrip(" ") or line for line in lines] if self.look.trim else lines
        try:
            return self.encode(self.look.end.join([*found, ""]))
        except UnicodeEncodeError:
            return None
