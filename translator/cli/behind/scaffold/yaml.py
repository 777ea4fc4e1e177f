"""Lines of YAML as people write them: short mappings in braces, names under each other, what is unclear behind a `#`."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Final

_PLAIN: Final = re.compile(r"[A-Za-z0-9_./][A-Za-z0-9_./()+ -]*")
_WIDE: Final = 60

Pair = tuple[str, str]  # a key, and a value that is YAML already


@dataclass(slots=True)
class Line:
    """One key with its value, or with lines below it; and what a person should know."""

    key: str
    value: str = ""
    note: str = ""
    below: list[Line] = field(default_factory=list)


def scalar(text: str) -> str:
    """Write a text so that it is read as it is."""
    if _PLAIN.fullmatch(text) and not text.endswith(" ") and " -" not in text:
        return text
    return json.dumps(text, ensure_ascii=False)


def flow(pairs: Sequence[Pair]) -> str:
    """Write a mapping in braces."""
    return "{" + ", ".join(f"{key}: {value}" for key, value in pairs) + "}"


def written(lines: Iterable[Line], depth: int = 0) -> Iterator[str]:
    """Write lines, those beside each other with their values under each other."""
    some = list(lines)
    wide = min(_WIDE if depth else 0, max((len(scalar(one.key)) for one in some if not one.below), default=0))
    for one in some:
        key = f"{'  ' * depth}{scalar(one.key)}:"
        text = key if not one.value else f"{key:<{wide + 2 * depth + 1}} {one.value}"
        yield f"{text}  # {_plain(one.note)}" if one.note else text
        yield from written(one.below, depth + 1)


def _plain(note: str) -> str:
    """Keep a note in one line, whatever its list says."""
    return " ".join("".join(letter if letter.isprintable() else " " for letter in note).split())[:160]
