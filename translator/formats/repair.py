"""Known faults of a partner's files, put right in the raw text before it is parsed; each hit is told with its line.

Works on decoded text in pieces of any size, whatever their edges, and holds back only what a pattern may look at.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from translator.core.finding import Finding, Findings, Place, Severity
from translator.mapping.layout import Repair
from translator.mapping.pattern import Pattern, pattern

TOLD: Final = 100  # hits of one repair; then only how many there were
_compiled = lru_cache(maxsize=256)(pattern)


def repaired(
    texts: Iterable[str], repairs: Sequence[Repair], findings: Findings, file: str, end: str = "\n"
) -> Iterator[str]:
    """Give the text with all repairs made, one after the other. `end`: what ends a line, for the places.

    Lines are counted in what the first repair sees; one that takes line ends out moves the lines of later places.
    """
    for repair in repairs:
        texts = _Repairing(repair, _compiled(repair.find, repair.rule), findings, file, end).pieces(texts)
    yield from texts


@dataclass(slots=True)
class _Repairing:
    """One repair of one file: the text that is not yet decided, and where in it the next hit may begin."""

    repair: Repair
    pattern: Pattern
    findings: Findings
    file: str
    end: str
    text: str = ""
    at: int = 0
    line: int = 1
    hits: int = 0

    def pieces(self, texts: Iterable[str]) -> Iterator[str]:
        for text in texts:
            self.text += text
            yield from self._until(len(self.text) - self.pattern.width)
            self._forget()
        yield from self._until(len(self.text))
        if self.hits > TOLD:
            self._tell(f"{self.hits:,} places in all were repaired by '{self.repair.find}'")

    def _until(self, last: int) -> Iterator[str]:
        """Repair what begins up to a place: nothing that may still come changes that."""
        while self.at <= last:
            found = self.pattern.found.search(self.text, self.at)
            if found is None or found.start() > last:
                yield self._passed(last)
                return
            yield self._passed(found.start())
            self._hit()
            yield self.repair.put
            if found.end() > found.start():
                self._passed(found.end())
            else:  # nothing was taken out: one letter passes, so that it goes on
                yield self._passed(found.end() + 1)

    def _passed(self, to: int) -> str:
        text = self.text[self.at : to]
        self.line += text.count(self.end)
        self.at = max(self.at, to)
        return text

    def _forget(self) -> None:
        """Keep what a pattern may look back at."""
        keep = max(0, self.at - self.pattern.behind)
        self.text, self.at = self.text[keep:], self.at - keep

    def _hit(self) -> None:
        self.hits += 1
        if self.hits <= TOLD:
            self._tell(f"'{self.repair.find}' stood here and was repaired")

    def _tell(self, text: str) -> None:
        place = Place(self.file, self.line)
        self.findings.add(Finding("repaired", text, place, self.repair.rule, severity=Severity.WARNING))
