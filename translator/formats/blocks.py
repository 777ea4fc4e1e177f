"""Fixed blocks: records one after the other without line ends, each as long as its layout says."""

from __future__ import annotations

import codecs
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from translator.core.finding import Findings
from translator.formats.charsets import charset_name, pieces
from translator.formats.limits import bounded
from translator.formats.lines import FILLERS, texts
from translator.formats.spans import Ruler
from translator.mapping.layout import MappingFile

_MARKS = (codecs.BOM_UTF8, codecs.BOM_UTF32_LE, codecs.BOM_UTF16_LE)


@dataclass(slots=True)
class Tape:
    """What is not read yet, in characters or in bytes; it fetches as much as it is asked for."""

    source: Iterator[str] | Iterator[bytes]
    ruler: Ruler
    filler: str
    rest: str | bytes = ""
    done: bool = field(default=False)

    def peek(self, size: int) -> str | bytes:
        """Show what comes next, less only at the end of the file."""
        while len(self.rest) < size and not self.done:
            piece = next(self.source, None)
            if piece is None:
                self.done = True
            else:
                self.rest += piece  # type: ignore[operator]
        return self.rest[:size]

    def take(self, size: int) -> str | bytes:
        """Take what comes next."""
        found = self.peek(size)
        self.rest = self.rest[size:]
        return found

    def fills(self, block: str | bytes) -> bool:
        """Tell whether a block is nothing but what may fill up the end of a file: line ends among it."""
        return not self.ruler.text(block).strip(f"{self.filler}\r\n\x85")


def tape(chunks: Iterable[bytes], mapping: MappingFile, findings: Findings, file: str, ruler: Ruler) -> Tape:
    """Begin a file of blocks. Where positions count bytes of a charset with long characters nothing is repaired."""
    filler = FILLERS[mapping.options.get("end", "ctrl-z")]
    if not ruler.bytewise:
        return Tape(texts(chunks, mapping, findings, file), ruler, filler)
    charset = charset_name(mapping.options.get("charset", "utf-8"), mapping.rule)
    return Tape(_unmarked(pieces(bounded(chunks, file, mapping.limits.file), charset, file)), ruler, filler, b"")


def _unmarked(chunks: Iterator[bytes]) -> Iterator[bytes]:
    begin = next(chunks, b"")
    for mark in _MARKS:
        begin = begin.removeprefix(mark) if begin.startswith(mark) else begin
    yield begin
    yield from chunks
