"""How much of a disk: `2GiB`, `500MB`, `5%`."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

from translator.mapping.strict import Keys

_UNITS: Final = {"MB": 10**6, "GB": 10**9, "MiB": 1 << 20, "GiB": 1 << 30}
_SIZE: Final = re.compile(r"([0-9]{1,6}(?:\.[0-9]{1,3})?)(MB|GB|MiB|GiB|%)")


@dataclass(frozen=True, slots=True)
class Reserve:
    """What is to stay free of a disk: so many bytes, or such a part of it; of both the lesser."""

    bytes: float = 1 << 30
    part: float = 0.05

    def of(self, total: int) -> int:
        """Say how many bytes that is of a disk of this size."""
        return int(min(self.bytes, self.part * total))


def reserve(k: Keys, name: str) -> Reserve:
    """Take a reserve; left out: 1 GiB, or 5 % of a small disk."""
    text = k.text(name)
    if not text:
        return Reserve()
    found = _SIZE.fullmatch(text)
    if not found or (found[2] == "%" and float(found[1]) > 90):
        k.fault("site-size", f"'{name}' is no size", k.place(name), "a number and MB, GB, MiB, GiB or %: 2GiB, 5%")
        return Reserve()
    if found[2] == "%":
        return Reserve(float("inf"), float(found[1]) / 100)
    return Reserve(float(found[1]) * _UNITS[found[2]], 1.0)
