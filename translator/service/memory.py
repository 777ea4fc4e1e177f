"""How Python looks for garbage in cycles: seldom, since the road makes very many trees and hardly a cycle."""

from __future__ import annotations

import gc
from typing import Final

YOUNG: Final = 20_000  # things made, more than given back, until the young ones are looked through


def settled() -> None:
    """Leave what is loaded by now alone, and look through the rest seldom."""
    gc.freeze()
    gc.set_threshold(YOUNG)
