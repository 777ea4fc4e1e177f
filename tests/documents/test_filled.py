"""What is marked as filled is there although the sender left it out, and what is required and not filled must be said."""

from copy import deepcopy

import pytest

from tests.documents.given import NOW, SHIPPED_AT, line, order, pallet
from translator.core.document import Document
from translator.core.finding import errors
from translator.documents.billing import Billing
from translator.documents.kind import Asked, kinds
from translator.translation import complete

SAID = {
    "shipment_confirmation": {
        "shipmentDetails": {"shippedDate": SHIPPED_AT},
        "containers": [{"packedItems": [{"itemSequenceNumber": 1, "packedQuantity": {"amount": 1}}]}],
    },
    "acknowledgement": {},
    "inventory_update": {
        "warehouseId": "EWR1",
        "items": [{"vendorProductIdentifier": "SKU-1", "availableQuantity": {"amount": 3}}],
    },
    "label_request": {
        "containers": [{"packedItems": [{"itemSequenceNumber": 1, "packedQuantity": {"amount": 1}}]}],
    },
    "shipment_status": {"statusUpdateDetails": {"statusCode": "D1", "statusDateTime": SHIPPED_AT}},
    "invoice": {
        "invoiceNumber": "INV-1",
        "chargeDetails": [{"type": "FREIGHTOUT", "chargeAmount": {"amount": "1"}}],
    },
    "container_label_request": pallet(),
}
TAXED = Billing(tax="Consumption", rate="0.1")
CONFIRMED = {"containers": [{"trackingNumber": "1Z1"}]}


def completed(kind, tree):
    about = "" if kind in ("inventory_update", "container_label_request") else "D3rC3KTxG"
    confirmed = CONFIRMED if kind == "shipment_status" else None
    asked = Asked(now=NOW, vendor="ACMEG", order=order(line()) if about else None, confirmed=confirmed, billing=TAXED)
    return complete(Document(kind, deepcopy(tree), about=about), asked)


def spoken(tree, path=""):
    """Name every field of a tree."""
    for name, value in tree.items():
        yield f"{path}{name}"
        inner = value[0] if isinstance(value, list) else value
        if isinstance(inner, dict):
            yield from spoken(inner, f"{path}{name}{'[]' if isinstance(value, list) else ''}.")


@pytest.mark.parametrize("kind", SAID)
def test_a_document_that_says_nothing_of_what_is_filled_is_whole(kind):
    made = completed(kind, SAID[kind])
    assert errors(made.findings) == []
    filled = {field.path for field in kinds()[kind].fields if field.filled}
    assert filled
    assert not filled & set(spoken(SAID[kind])) - {"containers[].packedItems"}
    assert filled <= set(spoken(made.tree))


@pytest.mark.parametrize("path", ["shipmentDetails", "shipmentDetails.shippedDate"])
def test_a_confirmation_that_does_not_say_when_it_shipped_is_rejected(path):
    tree = deepcopy(SAID["shipment_confirmation"])
    above, _, name = path.rpartition(".")
    del (tree[above] if above else tree)[name]
    assert errors(completed("shipment_confirmation", tree).findings)
