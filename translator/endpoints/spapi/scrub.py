"""What may be shown of a text that Amazon wrote: it can quote a name, an address, a telephone number or a secret.

Promises: only harmless words come through (lower-case words, property names, known starters of sentences), on one
line, at most 200 characters; digits become `#`, everything else `…`. `scrubbed_names` also lets identifiers through
(product, order, carton), for the results of transactions, whose submissions hold no customer's data.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Final

MOST: Final = 200
_WORD: Final = re.compile(r"[^\s'\"“”‘’`,;:()<>=!?]+")
_PLAIN: Final = re.compile(r"[a-z]{1,30}(?:-[a-z]{1,30})*|[a-z]+(?:[A-Z][a-z]+)+")  # words; property names
_PATH: Final = re.compile(r"[\[\]{}./_-]+")
_IDENTIFIER: Final = re.compile(r"(?=.{1,40}\Z)[A-Za-z0-9_-]+(?:[./][A-Za-z0-9_-]+)*")
_QUOTED: Final = re.compile(r"(['\"])((?:(?!\1).)*\s(?:(?!\1).)*)\1")  # several words in quotes are a value
_MASKS: Final = re.compile(r"…(?:[\s,]*…)+")
_STARTERS: Final = frozenset(
    """
    A Access Acknowledgement Amazon An Application At Authentication Authorization Can Cannot Carrier Client Container
    Could Date Duplicate Each Either Empty Error Expected Failed Field Following For Forbidden Found If In Input Internal
    Invalid Inventory Is Item Items It JSON Length LWA Malformed Maximum Method Minimum Missing NextToken No Not Null
    Number One Only Operation Order Orders Package Parameter Path Please Product PO Quantity Quota Rate Read Reason
    Refresh Request Required Resource SKU ASIN UPC EAN ID API URL XML RDT Schema Seller Server Service Shipment Some
    Status Something String Submission Success The There These This To Token Too Transaction Type Unable Unauthorized
    Unexpected Unknown Unsupported User Value Vendor Warehouse We When You Your
    """.split()
)


def scrubbed(text: str) -> str:
    """Give what may be shown of any text of Amazon's."""
    return _scrubbed(text, _harmless)


def scrubbed_names(text: str) -> str:
    """Give what may be shown of a transaction's error: identifiers too."""
    return _scrubbed(text, lambda word: _harmless(word) or bool(_IDENTIFIER.fullmatch(word)))


def word(text: object, otherwise: str) -> str:
    """Give a code or request id as it is where it looks like one."""
    return text if isinstance(text, str) and re.fullmatch(r"[A-Za-z][A-Za-z0-9_.-]{0,63}", text) else otherwise


def _scrubbed(text: str, harmless: Callable[[str], bool]) -> str:
    text = _QUOTED.sub(r"\1…\1", text[: MOST * 10])
    shown = _WORD.sub(lambda found: _kept(found[0], harmless), " ".join(text.split()))
    shown = _MASKS.sub("…", "".join(filter(str.isprintable, shown)))
    return shown if len(shown) <= MOST else shown[: MOST - 1] + "…"


def _kept(word: str, harmless: Callable[[str], bool]) -> str:
    body = word.rstrip(".")
    if harmless(body):
        return word
    return re.sub(r"\d+", "#", word) if re.fullmatch(r"[\d.+/-]+", body) else "…"


def _harmless(word: str) -> bool:
    parts = [part for part in _PATH.split(word) if part]
    return all(part in _STARTERS or _PLAIN.fullmatch(part) for part in parts) if parts else True
