"""What asks the translation itself: a table by name, the next number of a sequence."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Final

from translator.mapping.expression import asking
from translator.mapping.wrong import Wrong


@asking("ask_tables")
def lookup(
    value: str,
    table: str,
    give: str = "",
    col: str = "",
    *,
    ask_tables: Callable[[str, str, str, str], str] | None = None,
) -> str:
    """What a table says: found in its first column (or `col`), answered by the second (or `give`)."""
    if ask_tables is None:
        raise Wrong("expression-failed", "there are no tables here")
    return ask_tables(value, table, give, col)


@asking("take_number")
def counter(name: str, *, take_number: Callable[[str], int] | None = None) -> int:
    """The next number of a named, stored sequence; put it into `let` to use it twice."""
    if take_number is None:
        raise Wrong("expression-failed", "there are no numbers here")
    return take_number(name)


FUNCTIONS: Final[Mapping[str, Callable[..., Any]]] = {"lookup": lookup, "counter": counter}

EXAMPLES: Final = (
    ("'UPS_GR' | lookup('ship_methods')", "UG"),
    ("'UG' | lookup('ship_methods', give='amazon', col='wms')", "UPS_GR"),
    ("counter('orders') | zeros(6)", "000001"),
)
