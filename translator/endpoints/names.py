"""File names: which are safe, which are nobody's order file, and which are ours.

Promise: a name that passes `unsafe` is one path segment on every system we meet. In trouble: a reason in words, in which
the name itself never stands raw (`spelled`).
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from fnmatch import translate
from functools import lru_cache
from typing import Final

LONGEST: Final = 200  # bytes: leaves room for what a temporary name adds, below the usual 255
UNFINISHED: Final = ("*.tmp", "*.part", "*.filepart", "*.writing", "*.swp", "*~")
MARKER: Final = ".translator-"  # a folder that bears a file so named has been ours: see publish.py

_RESERVED: Final = re.compile(r"(?:CON|PRN|AUX|NUL|COM[0-9¹²³]|LPT[0-9¹²³])(?:\..*)?", re.IGNORECASE)
_TEMPORARY: Final = re.compile(r"\.(.+)\.([a-z0-9]{8,40})\.([0-9]{1,6})(?:\.done)?\.tmp")
_SHORT: Final = re.compile(r"[A-Za-z0-9!#$%&'()@^_`{}~-]{1,8}(?:\.[A-Za-z0-9!#$%&'()@^_`{}~-]{1,3})?")
_NUMBERS: Final = re.compile(r"([0-9]+)")
_DRIVE: Final = re.compile(r"[A-Za-z]:")
_SIGNS: Final = frozenset('<>:"|?*')
_HIDDEN: Final = frozenset({"Cc", "Cf", "Cs", "Co", "Zl", "Zp"})  # control, bidirectional, surrogate, private, breaks


def unsafe(name: str) -> str:
    """Say why a name is not one safe segment; empty when it is."""
    if name in ("", ".", ".."):
        return "it is no name"
    if "/" in name or "\\" in name:
        return "it holds a path separator"
    if _DRIVE.match(name) or name.startswith("~"):
        return "it begins like a drive or a home folder"
    return _unprintable(name) or _unportable(name)


def short(name: str) -> bool:
    """Tell whether a name is one of up to eight letters, a dot and up to three, as DOS has them."""
    return bool(_SHORT.fullmatch(name))


def counted(name: str) -> tuple[list[tuple[int, str]], str]:
    """Give what names are ordered by, with the numbers in them as numbers: SHIP9 comes before SHIP10."""
    parts = _NUMBERS.split(name)  # a number stands in each second place
    plain = [part.lstrip("0") if place % 2 else part for place, part in enumerate(parts)]
    return [(len(part) if place % 2 else 0, part) for place, part in enumerate(plain)], name


def ignored(name: str, patterns: tuple[str, ...] = ()) -> bool:
    """Tell hidden and unfinished files, and what the site wants passed over."""
    return name.startswith(".") or fits(name, (*UNFINISHED, *patterns))


def fits(name: str, patterns: tuple[str, ...]) -> bool:
    """Tell whether a name is one of those the patterns mean: `*` and `?` stand for anything."""
    return bool(patterns) and _any_of(patterns).match(name) is not None


@lru_cache
def _any_of(patterns: tuple[str, ...]) -> re.Pattern[str]:
    return re.compile("|".join(map(translate, patterns)))


def temporary(name: str, token: str, attempt: int) -> str:
    """Give the name under which an attempt writes: hidden, in the same folder, never used twice."""
    return f".{name}.{token}.{attempt}.tmp"


def given_up(name: str) -> str:
    """Give the name that a file has for the moment before it is removed: hidden, in the same folder."""
    return f".{name}.gone"


def announcing(name: str, token: str, attempt: int) -> str:
    """Give the name under which an attempt keeps the done-file of a file, until that is published."""
    return f".{name}.{token}.{attempt}.done.tmp"


@dataclass(frozen=True, slots=True)
class Temporary:
    """A name as `temporary` and `announcing` make them, and what it was made of."""

    whole: str
    name: str
    token: str
    attempt: int


def parted(name: str) -> Temporary | None:
    """Take a temporary name apart; None where it cannot be one of ours."""
    found = _TEMPORARY.fullmatch(name)
    return Temporary(name, found[1], found[2], int(found[3])) if found else None


def marker(token: str) -> str:
    """Give the name of the empty file that tells our folder from an empty mount point."""
    return MARKER + token


def spelled(name: str) -> str:
    """Give the name in printable ASCII, each other character escaped: for reasons and logs."""
    return name.encode("ascii", "backslashreplace").decode("ascii").translate(_ESCAPES)


_ESCAPES: Final = {code: f"\\x{code:02x}" for code in (*range(32), 127)}


def _unprintable(name: str) -> str:
    try:
        long = len(name.encode("utf-8")) > LONGEST
    except UnicodeEncodeError:
        return "it is not UTF-8"
    if long:
        return f"it has more than {LONGEST} bytes"
    if not name.isprintable() and any(unicodedata.category(letter) in _HIDDEN for letter in name):
        return "it holds a control or invisible character"
    return ""


def _unportable(name: str) -> str:
    if _RESERVED.fullmatch(name):
        return "Windows reserves it"
    if name[-1] in ". ":
        return "it ends with a dot or a space"
    if not _SIGNS.isdisjoint(name):
        return 'it holds one of < > : " | ? *'
    return ""
