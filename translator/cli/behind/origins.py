"""The lines of a mapping, each with the file and line it comes from, at the right margin."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any, Final

from translator.mapping.spell import Line

MARGIN: Final = 100  # columns; a longer line pushes its origin out


def shown(lines: Sequence[Line]) -> Iterator[str]:
    """Write each line with its origin as a comment, so that the whole is still a mapping."""
    width = min(MARGIN, max((len(line.text) for line in lines), default=0))
    for line in lines:
        yield f"{line.text:<{width}}  # {line.rule.file}:{line.rule.line}"


def as_json(lines: Sequence[Line]) -> list[dict[str, Any]]:
    """Give the lines as plain JSON values."""
    return [{"text": line.text, "file": line.rule.file, "line": line.rule.line} for line in lines]
