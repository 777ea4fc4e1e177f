"""Texts that look alike but are not: composed and decomposed letters are the same, letters of another script are not.

Two texts are equal when their composed forms (Unicode NFC) are. What only looks like another text, by an invisible
character, a compatibility form or a letter of another script, is told and never taken for it (reliability-security
§3.9, input 51).
"""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from typing import Final

_INVISIBLE: Final = frozenset({"Cf", "Cc", "Cn", "Co", "Zl", "Zp"})
_BLANK: Final = frozenset("\u034f\u115f\u1160\u17b4\u17b5\u2800\u3164\uffa0")  # letters by class, with nothing to see
BLANKS: Final = " \t\n\r\v\f\x1c\x1d\x1e\x1f"  # of ASCII
_ALIKE: Final = str.maketrans(
    "АВЕЅІЈКМНОРСТУХЗаеорсухіјѕһԁԛԝΑΒΕΖΗΙΚΜΝΟΡΤΥΧοντυχ",
    "ABESIJKMHOPCTYX3aeopcyxijshdqwABEZHIKMNOPTYXovtux",
)


def composed(text: str) -> str:
    """Give a text with its letters composed: `e` and a combining accent are one letter."""
    return text if text.isascii() else unicodedata.normalize("NFC", text)


def is_composed(text: str) -> bool:
    """Tell whether all letters of a text are composed; at once where they are those of Latin-1, as they mostly are."""
    try:
        text.encode("latin-1")
    except UnicodeEncodeError:
        return unicodedata.is_normalized("NFC", text)
    return True


def hold(texts: Sequence[str]) -> bool:
    """Tell whether many texts are in ASCII, and each holds more than blanks. Raises TypeError where one is no text."""
    joined = "".join(texts)
    if not (joined.isascii() and all(texts)):
        return False
    return not any(map(joined.__contains__, BLANKS)) or all(map(str.strip, texts))


def look(text: str) -> str:
    """Give what a text looks like: two texts with one look can hardly be told apart."""
    if text.isascii():
        return text
    plain = unicodedata.normalize("NFKC", "".join(letter for letter in text if not _unseen(letter)))
    return plain.translate(_ALIKE)


def odd_letter(text: str) -> str:
    """Say which letter of an identifier can hardly be meant; empty where there is none."""
    if text.isascii():
        return ""
    scripts = {_script(letter) for letter in text if letter.isalpha()}
    for letter in text:
        if _unseen(letter):
            return f"an invisible character (U+{ord(letter):04X})"
        if unicodedata.normalize("NFKC", letter) != unicodedata.normalize("NFC", letter):
            return f"a letter that only looks like another (U+{ord(letter):04X})"
        if len(scripts) > 1 and letter.isalpha() and _script(letter) != "LATIN":
            return f"a letter of another script (U+{ord(letter):04X})"
    return ""


def _unseen(letter: str) -> bool:
    return unicodedata.category(letter) in _INVISIBLE or letter in _BLANK


def _script(letter: str) -> str:
    return unicodedata.name(letter, "").partition(" ")[0]
