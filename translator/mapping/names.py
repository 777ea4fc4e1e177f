"""The name of a file that is written, one safe segment, or Rejected; and what the name of one that is read says."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from functools import lru_cache
from typing import Any, Final

from translator.core.finding import Finding, Place, Rejected
from translator.mapping.expression import Environment, Failed, Rendered

LONGEST: Final = 200  # bytes: room for a temporary name's ending
_WORD: Final = re.compile(r"\{([A-Za-z_]\w*)\}")
_RESERVED: Final = re.compile(r"(?i)(con|prn|aux|nul|clock\$|com[0-9¹²³]|lpt[0-9¹²³])(\..*)?")
_DEVICES: Final = frozenset({"con", "prn", "aux", "nul", "clo", "com", "lpt"})  # what those names begin with
_PLAIN: Final = re.compile(r"[A-Za-z0-9_][A-Za-z0-9_.-]{0,100}[A-Za-z0-9_]")
_REFUSED: Final = frozenset('/\\:*?"<>|')
_CATEGORIES: Final = ("Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp")  # control, bidi marks, halves, lines


def named(text: str, environment: Environment, rule: Place) -> Rendered:
    """Compile the name of a mapping's files: `ORD{{ order.purchaseOrderNumber }}.TXT`. Raises Misconfigured."""
    return environment.text(text, rule)


def file_name(name: Rendered, names: Mapping[str, Any]) -> str:
    """Render a file's name. Raises Rejected where it fails, or is no safe name; the name itself is never shown."""
    try:
        found = name(names)
    except Failed as failed:
        raise Rejected([failed.finding]) from None
    if fault := unsafe(found):
        text = f"the file's name is not safe: {fault}"
        raise Rejected(
            [Finding("name-unsafe", text, rule=name.rule, hint="use only letters, digits, - _ . from the data")]
        )
    return found


@lru_cache(maxsize=1024)
def pattern(text: str) -> re.Pattern[str]:
    """Compile the pattern of the files that are read: `SHIP{day}.csv`, `{order}*.DON?`. Empty: every name."""
    seen: set[str] = set()
    parts = [_piece(part, number % 2 == 1, seen) for number, part in enumerate(_WORD.split(text))]
    return re.compile("".join(parts) or ".*", re.DOTALL)


def _piece(text: str, is_word: bool, seen: set[str]) -> str:  # noqa: FBT001
    if not is_word:
        return re.escape(text).replace(r"\*", ".*").replace(r"\?", ".")
    again = text in seen
    seen.add(text)
    return f"(?P={text})" if again else f"(?P<{text}>.*)"


def words(text: str, name: str) -> dict[str, str] | None:
    """Give the `{word}`s of a pattern as a name has them; None: it is no such name."""
    found = pattern(text).fullmatch(name)
    return None if found is None else found.groupdict()


def unsafe(name: str) -> str:
    """Say what makes a name unsafe as one segment of a path; empty when nothing does."""
    if _PLAIN.fullmatch(name) and name[:3].lower() not in _DEVICES:
        return ""
    if not name or name.strip(". ") == "":
        return "it is empty"
    if any(letter in _REFUSED for letter in name):
        return 'it holds one of / \\ : * ? " < > |'
    if any(unicodedata.category(letter) in _CATEGORIES for letter in name):
        return "it holds a character that cannot be seen"
    if name[0] in ".~- " or name[-1] in ". ":
        return "it begins or ends with a character that is not allowed there"
    if len(name.encode("utf-8", "surrogatepass")) > LONGEST:
        return f"it is longer than {LONGEST} bytes"
    return "Windows keeps it for a device" if _RESERVED.fullmatch(name) else ""
