"""What packing slips and customer invoices have in common: an order's number, and a PDF of Amazon's in Base64.

They say neither vendor nor warehouse: those are the order's. One that comes again with other bytes is the newer.
"""

from __future__ import annotations

import re
from typing import Any, Final

from translator.core.document import Tree
from translator.core.finding import Finding
from translator.documents.bodies import Taken, held, taken, weighed
from translator.documents.content import What, content_faults
from translator.documents.kind import Fetch, FieldOf, Kind, Need, Revised, Revision
from translator.documents.numbers import number_faults
from translator.documents.types import verify

_VITAL: Final = re.compile("/purchaseOrderNumber")
_TOLD: Final = "/content"  # with codes of its own


def paper(name: str, what: What, help: str, called: str, *more: FieldOf) -> Kind:
    """Give a kind of paper. `called`: Amazon's word in the names of its operations."""
    listed = f"{called[:1].lower()}{called[1:]}s"

    def check(tree: Tree) -> list[Finding]:
        of_model = (one for one in verify(name, tree) if not (one.data and one.data.path == _TOLD))
        content = content_faults(what, tree.get("content"), _TOLD, ("PDF",))
        return [*number_faults(tree), *weighed(of_model, _VITAL), *content]

    def split(body: Any) -> Taken:
        return taken(held(body, name, listed, ("purchaseOrderNumber", "content")), check)

    return Kind(
        name=name,
        fields=(
            FieldOf("purchaseOrderNumber", "text", "Amazon's number of the order", required=True),
            FieldOf("content", "text", "the PDF itself, in Base64", required=True, personal=True),
            *more,
        ),
        key=lambda tree: str(tree.get("purchaseOrderNumber", "")),
        help=help,
        split=split,
        revise=revise,
        check=check,
        needs=(Need("order", "sent"),),
        fetch=Fetch(f"get{called}", f"get{called}s", "shipping", listed, listed),
        open=True,
    )


def revise(stored: Tree, arrived: Tree) -> Revised:
    """Take the same content for the same document; else the newer counts."""
    if stored.get("content") == arrived.get("content"):
        return Revised(Revision.SAME, stored)
    return Revised(Revision.NEWER, arrived, "Amazon made it anew")
