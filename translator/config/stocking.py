"""What a site says of stock: which files a person is asked about."""

from __future__ import annotations

import re
from typing import Final

from translator.config import words
from translator.documents.stock_gate import Gate
from translator.mapping.strict import Keys
from translator.mapping.words import names

_PERCENT: Final = re.compile(r"([0-9]{1,3})%")


def gate_of(k: Keys) -> Gate:
    """Take the thresholds of `stock`."""
    inner, usual = k.keys("stock", "in 'stock'", names(words.STOCK)), Gate()
    if inner is None:
        return usual
    made = Gate(
        zeroed=_percent(inner, "zeroed", usual.zeroed),
        units=_percent(inner, "units", usual.units),
        shrunk=_percent(inner, "shrunk", usual.shrunk),
        least=inner.whole("least", usual.least, 1) or usual.least,
    )
    inner.done()
    return made


def _percent(k: Keys, name: str, default: int) -> int:
    text = k.text(name)
    if not text:
        return default
    found = _PERCENT.fullmatch(text)
    if not found or int(found[1]) > 100:
        k.fault("site-percent", f"'{name}' is no share", k.place(name), "a whole number from 0% to 100%")
        return default
    return int(found[1])
