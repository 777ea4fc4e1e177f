"""`limits`: how much of a file is read at most. Each kind of document has its own; a mapping raises or lowers them."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import fields
from typing import Final

from translator.mapping.layout import Limits
from translator.mapping.strict import Keys, Scalar
from translator.mapping.words import LIMITS, names

CEILING: Final = Limits(  # beyond, nothing is promised: no mapping may ask for more
    file=4_000_000_000,
    record=16_000_000,
    columns=20_000,
    field=4_000_000,
    records=50_000_000,
    depth=256,
    attributes=2_000,
)
_SIZE: Final = re.compile(r"([0-9]{1,10})(?: ?(kB|MB|GB))?")
_UNITS: Final = {None: 1, "kB": 1_000, "MB": 1_000_000, "GB": 1_000_000_000}


def limits(parent: Keys, usual: Iterable[Limits]) -> Limits:
    """Take `limits`. `usual`: those of the kinds that are read; what is not said is the largest of them."""
    kinds = [*usual] or [Limits()]
    most = {one.name: max(getattr(kind, one.name) for kind in kinds) for one in fields(Limits)}
    words = parent.keys("limits", "in 'limits'", names(LIMITS))
    if words is None:
        return Limits(**most)
    said = {name: _size(words, name, getattr(CEILING, name)) for name in names(LIMITS)}
    words.done()
    return Limits(**{name: said[name] or usual for name, usual in most.items()})


def _size(words: Keys, name: str, ceiling: int) -> int:
    node = words.node(name)
    found = _SIZE.fullmatch(words.scalar(node, name)) if node is not None else None
    size = int(found[1]) * _UNITS[found[2]] if found else 0
    if isinstance(node, Scalar) and not 1 <= size <= ceiling:
        hint = "200 MB, 64 kB or a whole number" if not found else ""
        words.fault("yaml-value", f"'{name}' wants a number from 1 to {ceiling:,}", node.rule, hint)
    return size
