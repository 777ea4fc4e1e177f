"""Letters that a charset or a format lacks: what is written for them.

A plain letter is the one under its accents, or the letters an old typewriter would take: ß is ss, ø is o, € is EUR. What
has no plain letter (another script, a symbol) stays, and the charset says so.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from itertools import chain
from typing import Final

PLAIN: Final = "plain_letters"  # the word for all letters that a charset lacks
_OWN: Final = {
    "ß": "ss", "ẞ": "SS", "æ": "ae", "Æ": "AE", "œ": "oe", "Œ": "OE", "ø": "o", "Ø": "O", "đ": "d", "Đ": "D", "ð": "d",
    "Ð": "D", "þ": "th", "Þ": "TH", "ł": "l", "Ł": "L", "ħ": "h", "Ħ": "H", "ŧ": "t", "Ŧ": "T", "ŋ": "n", "Ŋ": "N",
    "ı": "i", "ĸ": "k", "ƒ": "f", "‘": "'", "’": "'", "‚": "'", "‛": "'", "′": "'", "“": '"', "”": '"', "„": '"',
    "‟": '"', "″": '"', "«": '"', "»": '"', "‹": "'", "›": "'", "‐": "-", "‑": "-", "‒": "-", "–": "-", "—": "-",
    "―": "-", "−": "-", "•": "*", "·": ".", "×": "x", "÷": "/", "€": "EUR", "£": "GBP", "¥": "JPY", "©": "(C)",
    "®": "(R)", "°": "o", "¡": "!", "¿": "?", "¦": "|", "¬": "-", "\u00ad": "", "\u200b": "", "\u200c": "",
    "\u200d": "", "\u2060": "", "\ufeff": "",
}  # fmt: skip
_KNOWN: Final = ((0xA0, 0x250), (0x1E00, 0x1F00), (0x2000, 0x2070), (0x20A0, 0x20D0), (0x2100, 0x2150), (0xFB00, 0xFB07),
                 (0xFF01, 0xFF5F))  # fmt: skip


@dataclass(frozen=True, slots=True)
class Substitute:
    """Characters and what is written for each."""

    table: Mapping[int, str]
    odd: re.Pattern[str]  # finds one

    def __call__(self, text: str) -> str:
        """Give a text with each of them replaced."""
        return text.translate(self.table) if self.odd.search(text) else text


def substitute(letters: Mapping[str, str]) -> Substitute | None:
    """Make ready what a mapping says; None: it says nothing."""
    if not letters:
        return None
    odd = re.compile(f"[{''.join(map(re.escape, letters))}]")
    return Substitute({ord(letter): text for letter, text in letters.items()}, odd)


def plain(text: str) -> str:
    """Give a text in plain letters; one without stays as it is."""
    return text if text.isascii() else "".join(_plain(letter) for letter in unicodedata.normalize("NFC", text))


@cache
def lacking(charset: str) -> Mapping[str, str]:
    """Give the letters of Europe that a charset lacks, each with its plain ones, where it has those. Raises LookupError."""
    known = map(chr, chain.from_iterable(range(*ends) for ends in _KNOWN))
    pairs = ((letter, _plain(letter)) for letter in known)
    return {
        letter: text for letter, text in pairs if text != letter and not _has(charset, letter) and _has(charset, text)
    }


def _plain(letter: str) -> str:
    if letter in _OWN:
        return _OWN[letter]
    found = "".join(_OWN.get(one, one) for one in _under(unicodedata.normalize("NFKD", letter)))
    return found if found.isascii() else letter


def _under(letters: Iterable[str]) -> Iterable[str]:
    return (one for one in letters if not unicodedata.combining(one))


def _has(charset: str, text: str) -> bool:
    try:
        text.encode(charset)
    except UnicodeEncodeError:
        return False
    return True
