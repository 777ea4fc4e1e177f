"""What belongs to no document: it comes out at the end as one document of kind `unread`, rejected at birth."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Final

from translator.core.document import Document
from translator.core.finding import Finding, Place, errors

UNREAD: Final = "unread"
MOST: Final = 1_000  # findings and places that are kept: beyond, only their number is told


@dataclass(slots=True)
class Lost:
    """Findings and places of records that no document has."""

    findings: list[Finding] = field(default_factory=list)
    places: list[Place] = field(default_factory=list)
    told: bool = False  # a document says what is wrong with the lines that are no entries
    more: int = 0  # findings that are not kept

    def add(self, findings: Iterable[Finding], places: Iterable[Place]) -> None:
        """Take what is wrong, and where."""
        for finding in findings:
            if len(self.findings) < MOST:
                self.findings.append(finding)
            else:
                self.more += 1
        self.places.extend(place for place, _ in zip(places, range(MOST - len(self.places)), strict=False))

    def document(self) -> Iterator[Document]:
        """Give the document that tells it, where anything is wrong."""
        if errors(self.findings):
            places = tuple(dict.fromkeys(self.places))
            yield Document(UNREAD, {}, records=places, findings=tuple(self._told()))

    def _told(self) -> Iterator[Finding]:
        yield from dict.fromkeys(self.findings)
        if self.more:
            yield Finding("more-findings", f"{self.more:,} more findings like these are not listed", self.places[-1])
