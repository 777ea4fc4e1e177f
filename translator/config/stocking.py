"""What a site says of stock: how much of it is offered, and which files a person is asked about."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Final

from translator.config import words
from translator.core.finding import Place
from translator.documents.stock_gate import Gate
from translator.documents.stock_rules import Rules
from translator.mapping.strict import Keys
from translator.mapping.words import names

_PERCENT: Final = re.compile(r"([0-9]{1,3})%")
_MOST: Final = 1_000_000_000  # units


def stocking(k: Keys, warehouses: Iterable[str]) -> tuple[Rules, Gate]:
    """Take `stock`."""
    inner = k.keys("stock", "in 'stock'", names(words.STOCK))
    if inner is None:
        return Rules(), Gate()
    made = _rules(inner, set(warehouses)), _gate(inner)
    inner.done()
    return made


def _gate(k: Keys) -> Gate:
    usual = Gate()
    return Gate(
        zeroed=_percent(k, "zeroed", usual.zeroed),
        units=_percent(k, "units", usual.units),
        shrunk=_percent(k, "shrunk", usual.shrunk),
        least=k.whole("least", usual.least, 1) or usual.least,
    )


def _rules(k: Keys, warehouses: set[str]) -> Rules:
    return Rules(
        reserve=k.whole("reserve", 0, most=_MOST) or 0,
        percent=_percent(k, "percent", 100),
        cap=k.whole("cap", None, most=_MOST),
        share=_shares(k, warehouses),
        unseen=k.flag("unseen"),
        zero=frozenset(k.texts("zero")),
    )


def _shares(k: Keys, warehouses: set[str]) -> dict[str, int]:
    found = {}
    for code, node in k.mapping("share") or ():
        if code.text not in warehouses:
            hint = f"it has: {', '.join(sorted(warehouses))}"
            k.fault("site-warehouse", f"'{code.text}' is no warehouse of this system", code.rule, hint)
        found[code.text] = _share(k, code.text, k.scalar(node, code.text), 100, code.rule)
    return found


def _percent(k: Keys, name: str, default: int) -> int:
    text = k.text(name)
    return _share(k, name, text, default, k.place(name)) if text else default


def _share(k: Keys, name: str, text: str, default: int, rule: Place) -> int:
    found = _PERCENT.fullmatch(text)
    if not found or int(found[1]) > 100:
        k.fault("site-percent", f"'{name}' is no share", rule, "a whole number from 0% to 100%")
        return default
    return int(found[1])
