"""A cancelled order as the warehouse hears of it: the order's tree, under a name of its own.

It follows when an order that was sent comes back CANCELLED; it never overtakes its order (reliability-security A8).
A mapping that writes it may call it `cancellation`, or `order` as in an order file.
"""

from __future__ import annotations

from typing import Final

from translator.core.document import Tree
from translator.documents.kind import Kind, Need, Revised, Revision
from translator.documents.order import FIELDS, check, key, warehouse


def revise(stored: Tree, arrived: Tree) -> Revised:
    """Take an order for cancelled once: that it comes again says nothing new."""
    return Revised(Revision.SAME, stored)


KIND: Final = Kind(
    name="cancellation",
    fields=FIELDS,
    key=key,
    help="an order that Amazon cancelled after it was sent to the warehouse",
    revise=revise,
    check=check,
    needs=(Need("order", "sent"),),
    warehouse=warehouse,
    open=True,
)
