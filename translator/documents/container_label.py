"""The label of a pallet, as the answer to its request brings it; it cannot be asked for again (reference §6.3).

The answer names neither the warehouse nor its number of the pallet: `named` puts them beside it from the request.
"""

from __future__ import annotations

import re
from hashlib import sha256
from typing import Any, Final

from translator.core.document import Tree
from translator.core.finding import Finding
from translator.core.tree import at
from translator.documents.bodies import Taken, held, taken, weighed
from translator.documents.content import content_faults
from translator.documents.fields import Fields
from translator.documents.kind import FieldOf, Kind
from translator.documents.paper import revise
from translator.documents.shipping_label import FORMATS
from translator.documents.types import verify

OURS: Final = ("vendorContainerId", "shipFromParty")  # of the request, not of Amazon's answer

FIELDS: Final[Fields] = (
    FieldOf("containerTrackingNumber", "text", "the carrier's number of the pallet"),
    FieldOf("content", "text", "the label itself, in Base64", required=True, personal=True),
    FieldOf("format", "text", "picture, or a printer's commands", required=True, one_of=FORMATS),
    FieldOf("vendorContainerId", "text", "the warehouse's number of the pallet, as it was asked for"),
    FieldOf("shipFromParty", "object", "the warehouse that asked for it"),
    FieldOf("shipFromParty.partyId", "text", "its code"),
)

_TOLD: Final = "/content"  # with codes of its own


def named(answer: Any, request: Tree) -> Any:
    """Put what the request says of the pallet beside Amazon's answer to it, with `payload` or without."""
    ours = {name: request[name] for name in OURS if name in request}
    inside = answer.get("payload", answer) if isinstance(answer, dict) else answer
    return {**inside, **ours} if isinstance(inside, dict) else answer


def split(body: Any) -> Taken:
    """Give the label of a createContainerLabel body, with what is wrong."""
    found = held(body, "container_label", "containerLabels", ("containerLabel", "content"))
    return taken(map(_flat, found), check)


def check(tree: Tree) -> list[Finding]:
    """Find what is wrong with a label: errors where it must not be printed."""
    of_model = [one for one in verify("container_label", tree) if not (one.data and one.data.path == _TOLD)]
    said = str(tree.get("format", "")).upper()
    forms = (said,) if said in FORMATS else FORMATS
    return [*weighed(of_model, re.compile("")), *content_faults("label", tree.get("content"), _TOLD, forms)]


def key(tree: Tree) -> str:
    """Give the carrier's number of the pallet, else the warehouse's; else what tells it from others."""
    number = tree.get("containerTrackingNumber") or tree.get("vendorContainerId")
    return str(number or sha256(str(tree.get("content", "")).encode()).hexdigest()[:16])


def _flat(body: Tree) -> Tree:
    inside = body.get("containerLabel")
    beside = {name: part for name, part in body.items() if name != "containerLabel"}
    return {**inside, **beside} if isinstance(inside, dict) else beside


KIND: Final = Kind(
    name="container_label",
    fields=FIELDS,
    key=key,
    hides=True,
    help="the label of a pallet, made by Amazon",
    split=split,
    revise=revise,
    check=check,
    warehouse=lambda tree: str(at(tree, "shipFromParty.partyId", "")),
    open=True,
)
