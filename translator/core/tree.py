"""Walk trees of Amazon's names."""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache
from typing import Any, Final

_VOID: Final[tuple[object, ...]] = (None, "", [], {})
REDACTED_LETTER: Final = "x"
BEGINS_REDACTED: Final = frozenset({"x", "X", *filter(str.isspace, map(chr, range(0x3001)))})  # X, or any blank


def nothing(value: object) -> bool:
    """Tell absent, null, empty and blank alike."""
    return value is None or value == "" or value == [] or value == {} or (isinstance(value, str) and not value.strip())


def redacted(value: object) -> bool:
    """Tell Amazon's stand-in for a person's data: nothing, or a run of x in either case (per field, not per vendor)."""
    return nothing(value) or (isinstance(value, str) and not value.strip().lower().strip(REDACTED_LETTER))


def pruned(tree: Any) -> Any:
    """Give the tree without nulls, empty texts, empty lists and empty mappings."""
    if type(tree) is dict:
        return {
            name: kept
            for name, value in tree.items()
            if (kept := value if type(value) is str else pruned(value)) or kept not in _VOID
        }
    if type(tree) is list:
        return [kept for value in tree if (kept := pruned(value)) or kept not in _VOID]
    return tree


def at(tree: Any, path: str, default: Any = None) -> Any:
    """Give what stands at a dotted path, or the default: `orderDetails.shipFromParty.partyId`."""
    for name in _steps(path):
        if not isinstance(tree, dict) or name not in tree:
            return default
        tree = tree[name]
    return tree


@lru_cache(maxsize=1_024)
def _steps(path: str) -> tuple[str, ...]:
    return tuple(path.split("."))


def leaves(tree: Any, path: str = "") -> Iterator[tuple[str, Any]]:
    """Give each leaf with its JSON pointer."""
    if isinstance(tree, dict):
        for name, value in tree.items():
            yield from leaves(value, f"{path}/{name}")
    elif isinstance(tree, list):
        for number, value in enumerate(tree):
            yield from leaves(value, f"{path}/{number}")
    else:
        yield path, tree
