"""The purchase order number in documents that a warehouse sends: the one they are about, and safe to write anywhere."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from translator.core.document import Document, Tree
from translator.core.finding import Finding, Severity
from translator.core.private import shown
from translator.core.tree import at
from translator.documents.kind import Asked
from translator.documents.lines import number_of
from translator.documents.order import NUMBER
from translator.documents.types import fault

_PATH: Final = "/purchaseOrderNumber"
_WARNING: Final = Severity.WARNING


def number_faults(tree: Tree) -> Iterator[Finding]:
    """Find a number that is none: it becomes part of file names and paths (reliability-security §3.9, input 1)."""
    number = tree.get("purchaseOrderNumber", "")
    if number and not NUMBER.fullmatch(str(number)):
        hint = "1 to 32 letters and digits are expected"
        yield fault("po-unsafe", f"{shown(number)} is no purchase order number", _PATH, hint)


def order_faults(document: Document, asked: Asked, said: Tree) -> Iterator[Finding]:
    """Find that the order is not known, or is another than the document speaks of."""
    spoken = said.get("purchaseOrderNumber")
    if asked.order is None and not (spoken or document.about):
        hint = "say it in the picture: about: {order: …}"
        yield fault("order-unknown", "nothing says which order it is about", _PATH, hint)
    elif asked.order is None:
        hint = "it is completed from the order: wait for it, or hand it in with --stored"
        yield fault("order-unknown", f"order {shown(spoken or document.about)} is not known", _PATH, hint)
    elif spoken not in (None, number_of(asked.order)):
        yield fault("order-differs", f"{shown(spoken)} is not the order it is about", _PATH)


def cancelled(order: Tree) -> Iterator[Finding]:
    """Tell that Amazon has cancelled the order."""
    if at(order, "orderDetails.orderStatus") == "CANCELLED":
        hint = "give it up (translator reject); released, it is sent all the same"
        yield fault("order-cancelled", "the order is cancelled at Amazon: a person decides", _PATH, hint, _WARNING)
