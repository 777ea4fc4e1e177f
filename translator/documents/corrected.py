"""A confirmation that comes after the one that Amazon accepted: what it says otherwise, and that it cannot be sent.

Amazon has no way to correct a confirmation through the API, and does not say what it does with a second one (reference
§16), so that none is sent by itself: a person puts it right in Vendor Central.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from types import MappingProxyType
from typing import Any, Final

from translator.core.document import Tree
from translator.core.finding import Finding
from translator.core.tree import at
from translator.documents.containers import containers_of, packed
from translator.documents.shipped_lines import items_told
from translator.documents.types import fault

_HINT: Final = "Amazon takes no second one: put it right in Vendor Central, and give this one up (translator reject)"


def corrections(confirmed: Tree | None, tree: Tree) -> Iterator[Finding]:
    """Tell what a confirmation says otherwise than the one that Amazon accepted; of that nothing may be left."""
    if confirmed is None:
        return
    words = [word for word, told in _TOLD.items() if told(confirmed) != told(tree)]
    text = f"Amazon accepted a confirmation already; this one has other {', '.join(words)}"
    if not confirmed:
        text = "Amazon accepted a confirmation already"
    elif not words:
        text = "Amazon accepted a confirmation already; this one says the same"
    yield fault("already-confirmed", text, "/purchaseOrderNumber", _HINT)


def _all(name: str) -> Callable[[Tree], Any]:
    return lambda tree: sorted(str(box.get(name, "")) for box in containers_of(tree))


# By what is told of it; a tracking number leads to a person, so that none is shown.
_TOLD: Final[Mapping[str, Callable[[Tree], Any]]] = MappingProxyType(
    {
        "status": lambda tree: at(tree, "shipmentDetails.shipmentStatus"),
        "date": lambda tree: at(tree, "shipmentDetails.shippedDate"),
        "amounts": items_told,
        "tracking numbers": _all("trackingNumber"),
        "ship methods": _all("shipMethod"),
        "containers": _all("containerIdentifier"),
        "contents": lambda tree: [packed([box]) for box in containers_of(tree)],
        "weights": lambda tree: [box.get("weight") for box in containers_of(tree)],
    }
)
