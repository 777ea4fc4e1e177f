"""Files of segments, and papers about them: no draft is made of those, since a preset is nearer than any guess."""

from __future__ import annotations

import re
from typing import Final

from translator.core.finding import Finding, Misconfigured

_SAMPLE: Final = re.compile(
    r"(?P<X12>ISA[^A-Za-z0-9\s]|ST[*|^]\d{3}\b)|(?P<EDIFACT>UN[AB]\W|UNH\+)|(?P<TRADACOMS>STX=|MHD=)"
)
_PAPER: Final = re.compile(
    r"\b(?:ANSI[ -]?)?(?P<X12>X\.?12)\b|\b(?P<EDIFACT>EDIFACT|EANCOM)\b|\b(?P<TRADACOMS>TRADACOMS)\b", re.IGNORECASE
)
_SPEAKS: Final = re.compile(r"\bseg(?:ment|\b)", re.IGNORECASE)
_HINTS: Final = {
    "X12": "begin with a preset: `translator init DIR --wms x12`, or amazon-x12; then docs/edi.md",
    "EDIFACT": "begin with the preset: `translator init DIR --wms edifact`; then docs/edi.md",
    "TRADACOMS": "docs/edi.md says how a mapping of it looks",
}


def not_segments(text: str) -> None:
    """Raise Misconfigured where a text is a file of segments, or a paper about one."""
    found = _SAMPLE.match(text.lstrip("\ufeff \t\r\n")) or (_SPEAKS.search(text) and _PAPER.search(text))
    if found:
        name = found.lastgroup or ""
        said = f"this is {name}, files of segments: no draft is made of them"
        raise Misconfigured([Finding("scaffold-segments", said, hint=_HINTS[name])])
