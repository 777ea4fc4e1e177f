"""What parts a file of segments: its marks, the releases that make a mark plain, and how a mapping says them."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

from translator.core.finding import Finding
from translator.formats.format import Option
from translator.mapping.layout import MappingFile

NAMED: Final = {"lf": "\n", "cr": "\r", "tab": "\t", "fs": "\x1c", "gs": "\x1d", "rs": "\x1e", "us": "\x1f", "none": ""}


def marks(element: str, component: str, segment: str, repetition: str = "") -> tuple[Option, ...]:
    """Give the options that say how a file is parted. The values: what is usual."""
    return (
        Option("element", "what parts elements: as written, and as read where the file itself does not say", element),
        Option("component", "what parts the components of an element", component),
        Option("repetition", "what parts an element that repeats; empty: none", repetition),
        Option("segment", "what ends a segment; `lf`, `cr`: a line end alone", segment),
    )


def declared_marks(mapping: MappingFile) -> dict[str, str]:
    """Give the marks that a mapping says, by name."""
    said = {name: mapping.options.get(name, "") for name in ("element", "component", "repetition", "segment")}
    return {name: NAMED.get(text, text) for name, text in said.items()}


def faults(mapping: MappingFile, found: Marks) -> list[Finding]:
    """Find marks that cannot be meant."""
    said = found.all
    single = all(len(mark) == 1 for mark in (found.element, found.segment)) and len(found.component) < 2
    if single and len(found.repetition) < 2 and len({*said}) == len(said) and not any(map(str.isalnum, said)):
        return []
    text = "each mark is one character, no letter or digit, and no two of them are alike"
    return [Finding("segment-marks", text, rule=mapping.rule, hint=f"by name: {', '.join(NAMED)}")]


@dataclass(frozen=True, slots=True)
class Marks:
    """What parts a file. `release` makes the next character plain; `tag` stands behind the tag where that differs."""

    element: str
    component: str
    segment: str
    repetition: str = ""
    release: str = ""
    tag: str = ""
    decimal: str = "."

    @property
    def all(self) -> str:
        """Give every mark that cannot be data as it stands."""
        return f"{self.element}{self.component}{self.segment}{self.repetition}{self.release}{self.tag}"

    def elements(self, text: str) -> list[str]:
        """Part a segment: its tag, and its elements as they stand."""
        if self.tag:
            tag, behind, rest = text.partition(self.tag)
            return [tag, *parted(rest, self.element, self.release)] if behind else [tag]
        return parted(text, self.element, self.release)

    def components(self, text: str) -> list[str]:
        """Part an element."""
        return parted(text, self.component, self.release) if self.component else [text]

    def repeats(self, text: str) -> list[str]:
        """Part an element that repeats."""
        return parted(text, self.repetition, self.release) if self.repetition else [text]

    def bare(self, text: str) -> str:
        """Take the releases out of a value."""
        if not self.release or self.release not in text:
            return text
        return re.sub(re.escape(self.release) + "(.)", r"\1", text, flags=re.DOTALL)

    def safe(self, text: str) -> str:
        """Release every mark in a value, where there is a way."""
        if not self.release or not any(mark in text for mark in self.all):
            return text
        return re.sub(f"([{re.escape(self.all)}])", lambda hit: self.release + hit[1], text)


def parted(text: str, mark: str, release: str) -> list[str]:
    """Part a text at a mark that is not released."""
    parts = text.split(mark)
    if not release or len(parts) == 1 or release not in text:
        return parts
    found, held = [], ""
    for part in parts:
        held += part
        if released(held, len(held), release):
            held += mark
            continue
        found.append(held)
        held = ""
    return [*found, held] if held else found


def released(text: str, at: int, release: str, first: int = 0) -> bool:
    """Tell whether what stands at a place has a release before it that is not released itself."""
    start = at
    while start > first and text[start - 1] == release:
        start -= 1
    return (at - start) % 2 == 1
