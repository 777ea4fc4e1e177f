"""Text becomes segments: by the marks the data itself declares (ISA, UNA), else by those the mapping says.

A segment ends at its mark, never at a line end, unless that is the mark; line ends and blanks between segments are no
data. An escaped mark is data. Works on pieces of any size and holds one segment; a segment that does not end is
Rejected. Every interchange of a file may have marks of its own. Segments are counted from 1: that is their place.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from translator.core.finding import Finding, Findings, Place, Rejected
from translator.formats.charsets import bad_characters, dirty
from translator.formats.format import Option
from translator.formats.habits import Seen, watch
from translator.formats.limits import long_record, raised
from translator.formats.lines import CHARSET, texts
from translator.formats.marks import Marks, released
from translator.mapping.layout import MappingFile

HEAD: Final = 600  # characters that are looked at for the marks of an interchange
BLANK: Final = " \t\r\n\x1a"
AHEAD: Final = 1 << 18  # characters of segments that are given at once
GAP: Final = 2  # characters between them
NEWLINES: Final = {"none": "", "lf": "\n", "crlf": "\r\n", "cr": "\r"}
SHARED: Final = (
    CHARSET,
    Option("newline", "what is written behind each segment; read, line ends there are never data", "none", tuple(NEWLINES)),
    Option("order", "whether segments must stand in the order of the layout", "any", ("any", "strict")),
)  # fmt: skip
WIDTH: Final = Option("width", "line breaks after so many characters, in the midst of values too; empty: none")

# What stands at the beginning of an interchange: its marks, and how much of the text said only that. None: no interchange
Detect = Callable[[str, MappingFile], "tuple[Marks, int] | None"]


@dataclass(frozen=True, slots=True)
class Opening:
    """How interchanges begin: `tags` of first segments, at which marks are looked for anew; `detect` finds them."""

    tags: tuple[str, ...]
    detect: Detect
    declared: Callable[[MappingFile], Marks]


class Segments:
    """The segments of a file, each as its elements and its number; `marks` are those of the one given last."""

    __slots__ = (
        "_at",
        "_declared",
        "_dirty",
        "_file",
        "_findings",
        "_firsts",
        "_fresh",
        "_gap",
        "_gone",
        "_mapping",
        "_opening",
        "_reach",
        "_short",
        "_source",
        "_text",
        "_watch",
        "marks",
        "number",
        "odd",
        "start",
        "wrong",
    )

    def __init__(
        self, chunks: Iterable[bytes], mapping: MappingFile, findings: Findings, file: str, opening: Opening
    ) -> None:
        self._source = _unwrapped(texts(chunks, mapping, findings, file), mapping)
        self._mapping = mapping
        self._findings = findings
        self._file = file
        self._opening = opening
        self._firsts = frozenset(tag[0] for tag in opening.tags)
        self._short = min(mapping.limits.columns, mapping.limits.field)
        self._text = ""
        self._at = 0  # where the next segment begins
        self._gap = ""  # what stands between segments
        self._reach = 0  # of what was given ahead
        self._dirty = False
        self._fresh = True  # no segment was given since marks were looked for
        self._declared = False  # the interchange says its marks
        self._watch = watch(mapping)
        self.marks = opening.declared(mapping)
        self.number = 0
        self.start = 0  # of the segment given last, in the text
        self._gone = 0  # characters of the text that were let go
        self.wrong: Finding | None = None  # of the segment given last, which is then not to be read
        self.odd: Sequence[Finding] = ()  # of the segment given last: habits that are told

    def __iter__(self) -> Iterator[list[str]]:
        self._begin(0)
        while True:
            if not self._fresh and self._opens(self._at):
                self._begin(self._at)
            at, marks = self._at, self.marks
            end = self._end(at, marks)
            if end < 0:
                break
            text = self._text[at:end].lstrip(BLANK)
            self.start, self._at = self._gone + end - len(text), end + 1
            if text := text.rstrip("\r") if marks.segment == "\n" else text:
                yield self._segment(text, marks)
            if self._at > HEAD * 100:
                self._cut(self._at)
        if rest := self._text[at:].strip(BLANK):
            self.start = self._gone + self._text.index(rest, at)
            yield self._segment(rest, marks, ended=False)

    # --- many at once ----------------------------------------------------------------------------------------------

    def ahead(self, header: str, trailer: str) -> list[str] | None:
        """Give the texts of the segments from a header, if it is next, to its trailer, without going there.

        None where they are to be read one by one: something about their letters is odd, or they are too many.
        """
        mark, element = self.marks.segment, self.marks.tag or self.marks.element
        if not self._text.startswith(f"{self._gap}{header}{element}", self._at) and not self._gapped(header + element):
            return None
        end = self._behind(f"{mark}{self._gap}{trailer}{element}", mark)
        whole = self._text[self._at + len(self._gap) : end]
        if end < 0:
            return None
        texts = whole.split(mark + self._gap)
        odd = len(texts) != whole.count(mark) + 1 or (self._dirty and dirty(whole)) or (mark == "\n" and "\r" in whole)
        odd = odd or self._watch.over(texts, self.marks)
        self._reach = end
        if odd or (self.marks.release and self._releases(whole + mark, mark)):
            return None
        return texts

    def take(self, texts: list[str]) -> None:
        """Go behind segments that were given ahead."""
        self._at = self._reach + 1
        self.number += len(texts)
        self._fresh = False

    def _behind(self, trailer: str, mark: str) -> int:
        """Find the end of the next trailer; fetches what is missing. -1: it is too far away, or not there."""
        start = self._at
        while True:
            last = self._text.find(trailer, start)
            end = self._text.find(mark, last + len(trailer)) if last >= 0 else -1
            if end >= 0:
                return end
            start = max(0, (last if last >= 0 else len(self._text) - len(trailer)) - self._at)
            self._cut(self._at)
            if len(self._text) > AHEAD or not self._more():
                return -1

    def _gapped(self, begin: str) -> bool:
        """Look what stands before the next segment; False where that is not what is looked for."""
        while len(self._text) < self._at + GAP + len(begin) and self._more():
            pass
        at = self._at
        while self._text[at : at + 1] and self._text[at] in BLANK and at < self._at + GAP:
            at += 1
        if not self._text.startswith(begin, at):
            return False
        self._gap = self._text[self._at : at]
        return True

    def _releases(self, text: str, mark: str) -> bool:
        """Tell whether a mark that ends segments may be released."""
        release = self.marks.release
        return release in text and (release + mark in text or release * 2 in text)

    @property
    def short(self) -> int:
        """Give how long a segment may be at most that needs no look at the bounds."""
        return min(self._short, self._mapping.limits.record)

    def _segment(self, text: str, marks: Marks, *, ended: bool = True) -> list[str]:
        self.number += 1
        self._fresh = False
        elements = marks.elements(text)
        self.odd = ()
        if not ended or self._watch.wants(elements[0]):
            seen, place = Seen(text, marks, self._declared, ended), Place(self._file, self.number)
            elements[0], self.odd = self._watch.seen(seen, elements[0], place, self._mapping.rule)
        self.wrong = self._unfit(text, elements) if self._dirty or len(text) > self._short else None
        return elements

    def _unfit(self, text: str, elements: list[str]) -> Finding | None:
        """Say why a segment is not even looked at."""
        place, limits = Place(self._file, self.number), self._mapping.limits
        if len(text) > limits.record:
            raise self._long(self.number)
        if len(elements) > limits.columns:
            return Finding("limit-columns", f"more than {limits.columns:,} elements", place, hint=raised("columns"))
        if any(len(one) > limits.field for one in elements):
            return Finding(
                "limit-field", f"an element of more than {limits.field:,} characters", place, hint=raised("field")
            )
        return bad_characters(text, place, self._mapping.options.get("charset", "utf-8")) if self._dirty else None

    def _long(self, number: int) -> Rejected:
        return long_record(self._file, number, self._mapping.limits.record)

    def _end(self, at: int, marks: Marks) -> int:
        """Find the end of the segment that begins at a place; fetches what is missing. -1: the file ends before it."""
        start = at
        while True:
            found = self._text.find(marks.segment, start)
            if found >= 0 and marks.release and released(self._text, found, marks.release, at):
                start = found + 1
            elif found >= 0:
                return found
            else:
                start = len(self._text)
                if len(self._text) - at > self._mapping.limits.record:
                    raise self._long(self.number + 1)
                if not self._more():
                    return -1

    def _cut(self, at: int) -> None:
        """Let go what stands before a place, which is where the next segment begins."""
        self._text = self._text[at:]
        self._gone += at
        self._at = 0

    def _opens(self, at: int) -> bool:
        """Tell whether the next segment begins an interchange: `ISA*`, and not `ISAAC`."""
        while True:
            while self._text[at : at + 1] and self._text[at] in BLANK:
                at += 1
            if self._text[at : at + 1] and self._text[at] not in self._firsts:
                return False
            if len(self._text) > at + 3 or not self._more():
                break
        tag, behind = self._text[at : at + 3], self._text[at + 3 : at + 4]
        return tag in self._opening.tags and not behind.isalnum()

    def _more(self) -> bool:
        piece = next(self._source, None)
        if piece is None:
            return False
        self._dirty = self._dirty or dirty(piece)
        self._text += piece
        return True

    def _begin(self, at: int) -> None:
        """Look for the marks of an interchange, and go to its first segment."""
        self._cut(at)
        while True:
            self._cut(len(self._text) - len(self._text.lstrip(BLANK)))
            if len(self._text) >= HEAD or not self._more():
                break
        found = self._opening.detect(self._text[:HEAD], self._mapping)
        self._fresh, self._declared = True, found is not None
        self.marks, self._at = found or (self._opening.declared(self._mapping), 0)


def _unwrapped(pieces: Iterator[str], mapping: MappingFile) -> Iterator[str]:
    if not mapping.options.get("width"):
        return pieces
    return (piece.replace("\r", "").replace("\n", "") for piece in pieces)
