"""A list of fields written as a text: `Line 'B1' once per order: 1-2 B1; 3-22 customer PO; 23-30 ship not later than …`.

What stands before the first place of a record is its heading, what stands behind a place is the field.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import pairwise
from typing import Final

_PLACE: Final = re.compile(
    r"(?:^|(?<=[;:,.]\s)|(?<=\n))\(?(?:pos(?:itions?|\.)?\s*)?(\d{1,4})\s*[-–—]\s*(\d{1,4})\)?:?\s+(?=\S)"
    r"|(?<=[;:]\s)(\d{1,4})\s+(?=[^\W\d])"
)
_END: Final = re.compile(r"[;.]\s*(?:\n|$)|;|\n\s*\n")
_NAMED: Final = re.compile(r"""(?:^|[.;]\s+|\n)((?:[Ll]ine|[Rr]ecord)\s+["'][^.\n]*)$""")  # `;` may stand in it
_BEFORE: Final = re.compile(r".*(?:[.;]\s+|\n)", re.DOTALL)
_CODE: Final = re.compile(
    r"""(?:[Rr]ecord |[Ll]ine |[Tt]ype |[Cc]ode |Satzart )?["']?(?=[A-Z0-9]*[A-Z])([A-Z0-9]{1,3})["']?"""
)
_ASIDE: Final = re.compile(r"\b(?:zero[- ]filled|[YMDHISTJ]{4,}|[YN]/[YN])|\b(?:at|in|of|by)\s*$")
LEAST: Final = 3  # places, of which most follow each other
_WORDS: Final = 4  # of a description that make a name
Row = tuple[str, str, str]  # a place, a name, a description; a heading stands in the first alone


def is_prose(text: str) -> bool:
    """Tell a text that lists places: each mostly begins where the one before ends."""
    found = places(text)
    return len(found) >= LEAST and follow(found)


def places(text: str) -> list[tuple[int, int]]:
    """Give the places of a text: where each begins and ends."""
    return [(start, end) for start, end, _ in _places(text)]


def _places(text: str) -> list[tuple[int, int, re.Match[str]]]:
    """Give the places with where they are said. A number alone is one where it is the next position: `; 49 priority`."""
    found: list[tuple[int, int, re.Match[str]]] = []
    for one in _PLACE.finditer(text):
        start, end = int(one[1] or one[3]), int(one[2] or one[3])
        if one[1] or start == (found[-1][1] + 1 if found and text[one.start() - 2] == ";" else 1):
            found.append((start, end, one))
    return found


def follow(found: Sequence[tuple[int, int]]) -> bool:
    """Tell places that mostly begin where the one before ends, or at 1."""
    following = sum(after[0] in (before[1] + 1, 1) for before, after in pairwise(found))
    return following > 0.7 * (len(found) - 1)


def rows(text: str) -> Iterator[Row]:
    """Give headings and fields in their order."""
    some = _places(text)
    before = text[: some[0][2].start()]
    for (start, end, place), after in [*pairwise(some), (some[-1], None)]:
        if heading := _heading(before):
            yield heading, "", ""
        body = text[place.end() : after[2].start() if after else len(text)]
        said = " ".join(_END.split(_without_heading(body), maxsplit=1)[0].split())
        yield f"{start}-{end}", name_of(said, str(start)), said
        before = body


def _heading(text: str) -> str:
    """Give the last sentence of a text where it announces what follows: it ends in a colon."""
    found = text.strip()
    if not found.endswith(":"):
        return ""
    named = _NAMED.search(found)
    return " ".join((named[1] if named else _BEFORE.sub("", found)).rstrip(":").split())


def _without_heading(text: str) -> str:
    before = _BEFORE.match(text) if text.rstrip().endswith(":") else None
    return before[0] if before else text


def name_of(said: str, start: str = "") -> str:
    """Make a name of a description: its first words, without what stands in parentheses or behind a comma."""
    if start == "1" and _CODE.fullmatch(said):
        return "code"
    words = _ASIDE.sub("", re.split(r"\s[A-Z0-9]\s*[=/]|[(,;=]|:\s", said, maxsplit=1)[0]).split() or said.split()
    return " ".join(words[:_WORDS])


def code_of(said: str) -> str:
    """Give the code that a description is: `B1`, `record A0`; empty: it is none."""
    found = _CODE.fullmatch(said)
    return found[1] if found else ""
