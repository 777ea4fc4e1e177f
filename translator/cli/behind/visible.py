"""Text in which everything can be seen: blanks as dots, line ends and control characters as signs, a ruler above."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Sequence
from difflib import SequenceMatcher
from itertools import islice, zip_longest
from typing import Final

from translator.documents.content import form_of

BLANK: Final = "·"
_LINE: Final = re.compile(r"[^\r\n]*(?:\r\n|\r|\n)|[^\r\n]+")
_NEL: Final = re.compile(r"[^\x85]*\x85|[^\x85]+")
_PICTURES: Final = {code: chr(0x2400 + code) for code in range(0x20)} | {0x7F: "␡", 0x85: "␤", 0x20: BLANK, 0xA0: "⍽"}
_UNSEEN: Final = {"Cf", "Zl", "Zp", "Zs", "Cc", "Co", "Cn"}
MOST: Final = 40  # lines of a difference that are shown
SHORT: Final = 60  # columns of a value
WIDE: Final = 2_000  # columns of a ruler
LONG: Final = 2_000  # lines; beyond, they are compared one by one


def visible(text: str) -> str:
    """Give a text in which every character can be seen, one column each where that is possible."""
    plain = text.translate(_PICTURES)
    return plain if plain.isprintable() else "".join(map(_seen, plain))


def _seen(letter: str) -> str:
    if 0xDC80 <= ord(letter) <= 0xDCFF:  # a byte that is no character of the charset
        return f"‹{ord(letter) - 0xDC00:02X}›"
    return f"‹U+{ord(letter):04X}›" if unicodedata.category(letter) in _UNSEEN | {"Cs"} else letter


def readable(data: bytes, charset: str = "utf-8") -> bool:
    """Tell text from a picture or a document."""
    return form_of(data) in ("", "ZPL") and "\0" not in data.decode(charset, "replace")


def short(text: str) -> str:
    """Cut a text that is too long for a line of its own."""
    return text if len(text) <= SHORT else text[: SHORT - 1] + "…"


def hexed(data: bytes) -> list[str]:
    """Show how bytes begin that are no text: rows of sixteen, and what can be read of them."""
    rows = [(at, data[at : at + 16]) for at in range(0, min(len(data), 64), 16)]
    return [f"{at:>6} {row.hex(' ').upper():47}  {re.sub(rb'[^ -~]', b'.', row).decode()}" for at, row in rows]


def ruler(width: int) -> list[str]:
    """Give a ruler of two lines: tens, and the places between."""
    tens = "".join(f"{place:>10}" for place in range(10, width + 1, 10))
    return [tens, ("----+----|" * (width // 10 + 1))[:width]]


def lines(text: str, newline: str = "any") -> list[str]:
    """Cut a text after each line end, whichever it is, and keep it. `newline`: as the mapping says; `nel` is one where it does."""
    return (_NEL if newline == "nel" else _LINE).findall(text)


def difference(wanted: bytes, came: bytes, charset: str, *, fixed: bool = False, newline: str = "any") -> list[str]:
    """Say where two files differ: lines with everything visible, marks under what differs, the first bytes in hex.

    `fixed`: with a ruler. Empty: they are the same.
    """
    if wanted == came:
        return []
    if not (readable(wanted, charset) and readable(came, charset)):
        return [f"{'':>8} {len(came):,} bytes instead of {len(wanted):,}", *_bytes(wanted, came)]
    before, after = (lines(data.decode(charset, "surrogateescape"), newline) for data in (wanted, came))
    if before == after:
        return _bytes(wanted, came)
    width = max(map(len, [*before[:LONG], *after[:LONG]]), default=0)
    shown = [f"{'':>8} {mark}" for mark in ruler(min(width, WIDE))] if fixed else []
    told = (line for old, new in _changes(before, after) for line in _pairs(before, after, old, new, charset))
    shown += islice(told, MOST)
    return [*shown, "and more"] if next(told, None) else shown


def _changes(before: Sequence[str], after: Sequence[str]) -> Iterator[tuple[range, range]]:
    if max(len(before), len(after)) > LONG:
        pairs = enumerate(zip_longest(before, after))
        yield from ((_one(place, len(before)), _one(place, len(after))) for place, (old, new) in pairs if old != new)
        return
    for what, start, end, begin, until in SequenceMatcher(None, before, after, autojunk=False).get_opcodes():
        if what != "equal":
            yield range(start, end), range(begin, until)


def _one(place: int, length: int) -> range:
    return range(place, min(place + 1, length))


def _pairs(before: Sequence[str], after: Sequence[str], old: range, new: range, charset: str) -> Iterator[str]:
    for left, right in zip_longest(old, new):
        wanted = before[left] if left is not None else None
        came = after[right] if right is not None else None
        line = (left if left is not None else right or 0) + 1
        yield from [f"{line:>6} - {visible(wanted)}"] if wanted is not None else []
        yield from [f"{'' if wanted is not None else line:>6} + {visible(came)}"] if came is not None else []
        if wanted is not None and came is not None:
            yield from _marked(wanted, came, charset)


def _marked(wanted: str, came: str, charset: str) -> Iterator[str]:
    """Mark what differs in two lines, and give the bytes there."""
    first, last = _apart(wanted, came)
    end = len(came) - last
    if len(wanted) == len(came):
        marks = "".join("^" if one != other else " " for one, other in zip(wanted, came, strict=True))[first:end]
    else:
        marks = "^" * max(1, end - first)
    wide = len(visible(came[:first]))  # a character that cannot be seen may take several columns
    yield f"{'':>8} {' ' * wide}{marks}"
    parts = [_hex(text[first : max(first, len(text) - last)], charset) for text in (came, wanted)]
    yield f"{'':>8} column {first + 1}: {' instead of '.join(parts)}"


def _apart(wanted: str, came: str) -> tuple[int, int]:
    """Say how many characters two texts have in common at their beginning, and at their end."""
    shorter = min(len(wanted), len(came))
    first = next((place for place in range(shorter) if wanted[place] != came[place]), shorter)
    last = next((n for n in range(shorter - first) if wanted[-1 - n] != came[-1 - n]), shorter - first)
    return first, last


def _hex(text: str, charset: str) -> str:
    data = text[:9].encode(charset, "surrogateescape") if text else b""
    return data[:8].hex(" ").upper() + (" …" if len(data) > 8 else "") if data else "nothing"


def _bytes(wanted: bytes, came: bytes) -> list[str]:
    """Tell a difference that no character shows: a byte order mark, another way to write the same letter."""
    pairs = enumerate(zip_longest(wanted, came))
    first = next(place for place, (one, other) in pairs if one != other)
    parts = [data[first : first + 8].hex(" ").upper() or "nothing" for data in (came, wanted)]
    return [f"{'':>8} byte {first}: {' instead of '.join(parts)}"]
