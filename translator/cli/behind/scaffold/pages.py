"""A list of fields as pages have it: a line `KO  header`, and below it a line per place: `3-22  order number, left`.

What is no place is the heading of the places below it, goes on with the place above it where it is indented, or is prose.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from translator.cli.behind.scaffold.prose import LEAST, Row, follow, name_of, places

_LINE: Final = re.compile(
    r"(?P<indent>\s*)(?:pos(?:itions?|\.)?\s*)?(?P<start>\d{1,4})(?:\s*[-–—]\s*(?P<end>\d{1,4}))?(?::|\s)\s*(?P<said>\S.*)",
    re.IGNORECASE,
)

_BEFORE: Final = re.compile(r".*[.;]\s+(?=.*:$)")  # what announces places stands in a sentence of its own


@dataclass(slots=True)
class _Place:
    """A place, what is said of it, and what announces it."""

    start: int
    end: int
    indent: int
    said: str
    heading: str = ""


def is_page(text: str) -> bool:
    """Tell a page whose lines begin with places that follow each other, of which none hides within a line."""
    found = [(one.start, one.end) for one in _places(text)]
    wide = sum(end > start for start, end in found)  # a sample may count its lines
    return wide >= LEAST and len(found) >= len(places(text)) and (1 in {start for start, _ in found}) and follow(found)


def rows(text: str) -> Iterator[Row]:
    """Give headings and fields in their order."""
    for one in _places(text):
        if one.heading:
            yield " ".join(one.heading.rstrip(" :").split()), "", ""
        said = " ".join(one.said.split())
        yield f"{one.start}-{one.end}", name_of(re.split(r"\s{2,}", one.said)[0], str(one.start)), said


def _places(text: str) -> list[_Place]:
    found: list[_Place] = []
    above: list[str] = []  # lines that may be a heading
    for line in text.replace("\ufeff", "").expandtabs().splitlines():
        place = _place(line, after=found[-1].end if found and not above else 0)
        indent = len(line) - len(line.lstrip())
        if place:
            place.heading = _heading(above)
            found.append(place)
            above = []
        elif not line.strip():
            above = [""]  # what stood before it is prose
        elif found and not above and indent > found[-1].indent:
            found[-1].said += f" {line.strip()}"
        else:
            above.append(line)
    return found


def _place(line: str, *, after: int) -> _Place | None:
    """Read a line that begins with a place. A number alone is one where it is the next position: `49  priority`."""
    one = _LINE.fullmatch(line.rstrip())
    if not one:
        return None
    start, end = int(one["start"]), int(one["end"] or one["start"])
    if end < start or not (one["end"] or start == after + 1):
        return None
    return _Place(start, end, len(one["indent"]), one["said"])


def _heading(lines: list[str]) -> str:
    """Give the last of the lines that begins something: what is indented below it goes on with it."""
    some = [line for line in lines if line.strip()]
    least = min((len(line) - len(line.lstrip()) for line in some), default=0)
    first = max((n for n, line in enumerate(some) if len(line) - len(line.lstrip()) == least), default=0)
    return _BEFORE.sub("", " ".join(line.strip() for line in some[first:]))
