"""Our field tables say what Amazon's models say, and what we complete is what Amazon's models take."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.documents import amazon
from tests.documents.given import NOW, completed, order, orders, packings, ship, ship_days
from tests.examples import EXAMPLES
from translator.core.finding import Rejected, errors
from translator.core.jsontext import decode, encode
from translator.core.tree import pruned
from translator.documents.kind import kinds
from translator.documents.types import coerce, known_path, personal, shape

pytestmark = amazon.needs_models

ONLY_2021 = ("orderDetails.hasCustomizableItems", "orderDetails.items[].buyerCustomizedInfo")


def table(kind, without=()):
    fields = kinds()[kind].fields
    return {
        f.path: (f.type, f.required, tuple(sorted(f.one_of))) for f in fields if not f.path.startswith(without or "\0")
    }


def test_the_order_table_is_amazons_of_2021():
    assert table("order") == amazon.fields(amazon.ORDERS, "Order")


def test_the_order_table_is_amazons_v1_less_what_came_later():
    assert table("order", ONLY_2021) == amazon.fields(amazon.ORDERS_V1, "Order")


def test_a_cancellation_has_the_fields_of_an_order():
    assert table("cancellation") == table("order")


@pytest.mark.parametrize("model", [amazon.ORDERS, amazon.ORDERS_V1])
def test_the_acknowledgement_table_is_amazons(model):
    assert table("acknowledgement") == amazon.fields(model, "OrderAcknowledgementItem")


def test_the_confirmation_table_is_amazons():
    assert table("shipment_confirmation") == amazon.fields(amazon.SHIPPING, "ShipmentConfirmation")


@pytest.mark.parametrize(
    "kind, name",
    [
        ("label_request", "ShippingLabelRequest"),
        ("shipping_label", "ShippingLabel"),
        ("packing_slip", "PackingSlip"),
        ("customer_invoice", "CustomerInvoice"),
        ("shipment_status", "ShipmentStatusUpdate"),
    ],
)
def test_the_tables_of_the_shipping_kinds_are_amazons_in_both_versions(kind, name):
    assert table(kind) == amazon.fields(amazon.SHIPPING, name)
    assert without_versions(table(kind)) == without_versions(amazon.fields(amazon.SHIPPING_V1, name))


def without_versions(fields):
    """v1 knows no pieces, and writes its containers small."""
    kept = {path: what for path, what in fields.items() if not path.endswith("pieceNumber")}
    return {path: (*what[:2], tuple(word.lower() for word in what[2])) for path, what in kept.items()}


def test_the_pallet_tables_are_amazons_and_what_the_request_said():
    assert table("container_label_request") == amazon.fields(amazon.SHIPPING, "CreateContainerLabelRequest")
    ours = ("vendorContainerId", "shipFromParty")
    assert table("container_label", ours) == amazon.fields(amazon.SHIPPING, "ContainerLabel")


def test_the_inventory_table_is_amazons_and_the_warehouse_of_the_path():
    assert table("inventory_update", ("warehouseId",)) == amazon.fields(amazon.INVENTORY, "InventoryUpdate")


def test_the_invoice_table_is_amazons():
    assert table("invoice") == amazon.fields(amazon.PAYMENTS, "InvoiceDetail")


@pytest.mark.parametrize("kind", sorted(kinds()))
def test_every_field_is_explained_in_our_own_words(kind):
    ours = [field.help for field in kinds()[kind].fields]
    theirs = set()
    for model in (amazon.ORDERS, amazon.SHIPPING, amazon.INVENTORY, amazon.PAYMENTS):
        for one in amazon.definitions(model).values():
            theirs |= {below.get("description", "").strip(". ").lower() for below in one.get("properties", {}).values()}
    assert all(ours)
    assert not {help.lower() for help in ours if len(help) > 20} & theirs


@pytest.mark.parametrize("kind", sorted(kinds()))
def test_every_path_of_a_table_is_found_with_and_without_its_brackets(kind):
    for field in kinds()[kind].fields:
        assert known_path(kind, field.path) is field
        assert known_path(kind, field.path.replace("[]", "")) is field
        assert known_path(kind, field.path.replace("[]", "[0]")) is field
        assert personal(kind, field.path) is field.personal


def test_what_is_not_known_is_personal():
    assert known_path("order", "orderDetails.shipToParty.nickname") is None
    assert personal("order", "orderDetails.shipToParty.nickname")
    assert not personal("order", "purchaseOrderNumber")


# --- payloads ------------------------------------------------------------------------------------------------------


def sent(kind, document):
    """The body, if nothing was found against the document; it goes through coerce a second time unchanged."""
    found = [*document.findings, *kinds()[kind].check(document.tree)]
    assert errors(found) == []
    assert coerce(kind, document.tree) == (document.tree, [])
    return kinds()[kind].operation.body([document.tree])


@given(st.data())
def test_every_acknowledgement_is_one_that_amazons_models_take(data):
    known = data.draw(orders())
    codes = st.sampled_from(["00", "02", "03", "71"]).map(lambda code: {"acknowledgementStatus": {"code": code}})
    said = data.draw(st.sampled_from([{}, {"vendorOrderNumber": 4711}])) | data.draw(st.one_of(st.just({}), codes))
    body = sent("acknowledgement", completed("acknowledgement", said, known))
    assert amazon.faults(amazon.ORDERS, "SubmitAcknowledgementRequest", body) == []
    lines = body["orderAcknowledgements"][0]["itemAcknowledgements"]
    ordered = known["orderDetails"]["items"]
    assert [one["itemSequenceNumber"] for one in lines] == [one["itemSequenceNumber"] for one in ordered]
    assert [one["acknowledgedQuantity"]["amount"] for one in lines] == [
        one["orderedQuantity"]["amount"] for one in ordered
    ]


@given(st.data())
def test_every_confirmation_is_one_that_amazons_models_take(data):
    known = data.draw(orders())
    boxes = data.draw(st.one_of(st.just([]), packings(known)))
    said = ship(*boxes, at=data.draw(ship_days()))
    document = completed("shipment_confirmation", said, known)
    body = sent("shipment_confirmation", document)
    assert amazon.faults(amazon.SHIPPING, "SubmitShipmentConfirmationsRequest", body) == []
    (tree,) = body["shipmentConfirmations"]
    ordered = {
        int(one["itemSequenceNumber"]): one["orderedQuantity"]["amount"] for one in known["orderDetails"]["items"]
    }
    assert {one["itemSequenceNumber"]: one["shippedQuantity"]["amount"] for one in tree["items"]} == ordered
    assert tree["containers"]
    assert all(one["packedItems"] and one["shipMethod"] for one in tree["containers"])
    assert tree["shipmentDetails"]["shippedDate"] <= f"{NOW:%Y-%m-%dT%H:%M:%SZ}"


@given(st.data())
def test_completing_a_completed_confirmation_changes_nothing(data):
    known = data.draw(orders())
    once = completed("shipment_confirmation", ship(*data.draw(packings(known))), known)
    again = completed("shipment_confirmation", once.tree, known)
    assert again.tree == once.tree
    assert again.findings == ()


def test_a_floor_denial_is_one_that_amazons_models_take():
    body = sent("shipment_confirmation", completed("shipment_confirmation", ship(status="floor_denial"), order()))
    assert amazon.faults(amazon.SHIPPING, "SubmitShipmentConfirmationsRequest", body) == []
    assert "containers" not in body["shipmentConfirmations"][0]


LEVELS = st.lists(
    st.fixed_dictionaries(
        {"vendorProductIdentifier": st.sampled_from([f"S{n}" for n in range(20)])},
        optional={"isObsolete": st.sampled_from([True, "false"]), "buyerProductIdentifier": st.just("")},
    ),
    min_size=1,
    max_size=12,
    unique_by=lambda item: item["vendorProductIdentifier"],
)


@given(LEVELS, st.lists(st.one_of(st.integers(0, 9999), st.integers(0, 99).map(str)), min_size=12, max_size=12))
def test_every_inventory_update_is_one_that_amazons_models_take(items, amounts):
    said = [item | {"availableQuantity": {"amount": amount}} for item, amount in zip(items, amounts, strict=False)]
    document = completed("inventory_update", {"warehouseId": "EWR1", "items": said}, asins={"S1": "B1"})
    body = sent("inventory_update", document)
    assert amazon.faults(amazon.INVENTORY, "SubmitInventoryUpdateRequest", body) == []
    assert len(body["inventory"]["items"]) == len(items)


# --- no junk gets through: whatever a mapping hands over, it is faulted or it is a payload ---------------------------

FEW = EXAMPLES // 2  # each kind is a law of its own
WORDS = [
    "00",
    "0",
    "7",
    "-1",
    "1e999",
    "NaN",
    "x" * 60,
    "٣",
    " 7 ",
    "2026-02-30T00:00:00Z",
    "SHIPPED",
    "Each",
    "\n",
    "",
]
NUMBERS = st.decimals().filter(lambda number: not number.is_snan())  # no text is read as one that may not be compared
JUNK = st.recursive(
    st.one_of(st.none(), st.booleans(), st.integers(), st.sampled_from(WORDS), NUMBERS, st.text(max_size=5)),
    lambda inner: st.one_of(st.lists(inner, max_size=3), st.dictionaries(st.text(max_size=5), inner, max_size=3)),
    max_leaves=6,
)
SUBMITTED = {
    "acknowledgement": (amazon.ORDERS, "SubmitAcknowledgementRequest"),
    "shipment_confirmation": (amazon.SHIPPING, "SubmitShipmentConfirmationsRequest"),
    "inventory_update": (amazon.INVENTORY, "SubmitInventoryUpdateRequest"),
    "invoice": (amazon.PAYMENTS, "SubmitInvoiceRequest"),
    "label_request": (amazon.SHIPPING, "CreateShippingLabelsRequest"),
    "shipment_status": (amazon.SHIPPING, "SubmitShipmentStatusUpdatesRequest"),
    "container_label_request": (amazon.SHIPPING, "CreateContainerLabelRequest"),
}


@st.composite
def junked(draw, kind):
    """A tree of the kind's own names with anything at all under them, a few levels deep."""

    def below(node, depth):
        if not node.inside or depth == 0 or draw(st.integers(0, 5)) == 0:
            return draw(JUNK)
        tree = {name: below(inner, depth - 1) for name, inner in node.inside.items() if draw(st.booleans())}
        return [tree, tree] if node.known.type == "list" and draw(st.integers(0, 5)) else tree

    tree = below(shape(kind), 5)
    return tree if isinstance(tree, dict) else {}


@pytest.mark.sweep
@pytest.mark.parametrize("kind", sorted(SUBMITTED))
@settings(max_examples=FEW)
@given(data=st.data())
def test_anything_at_all_is_faulted_or_is_one_that_amazons_models_take(kind, data):
    said = data.draw(junked(kind))
    document = completed(kind, said, data.draw(st.sampled_from([None, order()])))
    if errors([*document.findings, *kinds()[kind].check(document.tree)]):
        return
    assert amazon.faults(*SUBMITTED[kind], kinds()[kind].operation.body([document.tree])) == []
    revise = kinds()[kind].revise
    assert revise is None or revise(document.tree, document.tree).verdict == "same"


def arrived(tree):
    """A tree as it comes through the door of JSON, where the door lets it in."""
    try:
        return pruned(decode(encode(tree)))
    except (Rejected, ValueError, TypeError):
        return {}


@pytest.mark.sweep
@pytest.mark.parametrize("kind", sorted(kinds()))
@settings(max_examples=FEW)
@given(data=st.data())
def test_anything_at_all_has_a_key_and_a_warehouse_and_can_come_again(kind, data):
    one, other = data.draw(junked(kind)), data.draw(junked(kind))
    known = kinds()[kind]
    if known.split:
        one, other = arrived(one), arrived(other)
    assert isinstance(known.key(one), str)
    assert known.warehouse is None or isinstance(known.warehouse(one), str)
    if known.revise:
        assert known.revise(one, other).verdict in ("same", "newer", "more", "contradiction")
    if known.lacking:
        assert all(isinstance(line, str) for line in known.lacking(one, order()))
    for need in known.needs:
        assert need.unless is None or need.unless(one) in (True, False)
