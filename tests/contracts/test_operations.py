"""Each operation of Amazon's by its models and by every example file of it: what we send, and what we read.

The models and examples are read where they lie; without them nothing here runs.
"""

import json
from copy import deepcopy
from functools import cache

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.documents import amazon
from tests.documents.given import completed, event, label, line, order, orders, package, packings, pallet, ship
from translator.core.finding import Rejected, Unavailable, errors
from translator.core.jsontext import decode, encode
from translator.core.tree import leaves, pruned
from translator.documents.kind import kinds
from translator.documents.label_request import asynchronous
from translator.documents.lines import number_of
from translator.documents.shipping_label import packages
from translator.documents.types import coerce
from translator.endpoints.spapi.answers import submitted
from translator.endpoints.spapi.wire import Answer

pytestmark = amazon.needs_models

MODELS = (amazon.ORDERS, amazon.SHIPPING, amazon.INVENTORY, amazon.PAYMENTS)
SENDING = {name: kind for name, kind in kinds().items() if kind.operation}
READING = {name: kind for name, kind in kinds().items() if kind.split}
ANSWERS = {  # operation -> the kind its answer holds
    **{kind.fetch.one: name for name, kind in READING.items() if kind.fetch},
    **{kind.fetch.several: name for name, kind in READING.items() if kind.fetch},
    **{kind.operation.name: kind.operation.brings for kind in SENDING.values() if kind.operation.brings},
}
REQUESTS = {  # operation -> the kind, the list that its body holds
    "submitAcknowledgement": ("acknowledgement", "orderAcknowledgements"),
    "submitShippingLabelRequest": ("label_request", "shippingLabelRequests"),
    "createShippingLabels": ("label_request", ""),
    "createContainerLabel": ("container_label_request", ""),
    "submitShipmentConfirmations": ("shipment_confirmation", "shipmentConfirmations"),
    "submitShipmentStatusUpdates": ("shipment_status", "shipmentStatusUpdates"),
    "submitInventoryUpdate": ("inventory_update", "inventory"),
    "submitInvoice": ("invoice", "invoices"),
}


@cache
def operations():
    """Operation -> method, path, model and the definition of its body, by the models."""
    return {name: found for name, *found in _operations()}


def _operations():
    for model in MODELS:
        for path, there in json.loads((amazon.MODELS / model).read_text(encoding="utf-8"))["paths"].items():
            for method in ("get", "post"):
                if method in there:
                    one = there[method]
                    bodies = [each["schema"]["$ref"] for each in one["parameters"] if each.get("in") == "body"]
                    yield one["operationId"], method.upper(), path, model, *(ref.rpartition("/")[2] for ref in bodies)


def example_files(pattern):
    return [
        (one.stem, json.loads(one.read_text(encoding="utf-8")))
        for one in sorted((amazon.MODELS / "examples").glob(pattern))
    ]


# --- which operations ------------------------------------------------------------------------------------------------


def test_every_operation_of_the_models_is_a_kinds_way_out_or_in():
    ours = {kind.operation.name for kind in SENDING.values()} | set(ANSWERS)
    assert set(operations()) - ours == {"submitShippingLabelRequest"}  # a label's other way
    assert set(REQUESTS) == {name for name, (method, *_) in operations().items() if method == "POST"}


@pytest.mark.parametrize("name", SENDING)
def test_method_and_path_are_those_of_the_model(name):
    operation = SENDING[name].operation
    assert [operation.method, operation.path] == operations()[operation.name][:2]
    if operation.otherwise:
        assert operations()["submitShippingLabelRequest"][:2] == ["POST", operation.otherwise]


@pytest.mark.parametrize("name", [name for name, kind in READING.items() if kind.fetch])
def test_what_is_fetched_stands_at_the_models_path(name):
    fetch = READING[name].fetch
    base = f"/vendor/directFulfillment/{fetch.api}/2021-12-28/{fetch.part}"
    assert operations()[fetch.several][1] == base
    assert operations()[fetch.one][1] == f"{base}/{{purchaseOrderNumber}}"


# --- what we send ----------------------------------------------------------------------------------------------------


def taken(operation, body):
    _, _, model, definition = operations()[operation]
    return amazon.faults(model, definition, body)


def sent(kind, document):
    assert errors([*document.findings, *kinds()[kind].check(document.tree)]) == []
    return kinds()[kind].operation.body([document.tree])


@given(st.data())
def test_a_label_request_is_one_that_amazon_takes_by_both_ways(data):
    known = data.draw(orders())
    boxes = data.draw(st.one_of(st.just([]), packings(known)))
    body = sent("label_request", completed("label_request", {"containers": boxes} if boxes else {}, known))
    assert taken("createShippingLabels", body) == []
    other = decode(asynchronous(encode(body), number_of(known)))
    assert taken("submitShippingLabelRequest", other) == []


@given(st.data())
def test_a_confirmation_of_labelled_boxes_is_one_that_amazon_takes(data):
    known = data.draw(orders())
    boxes = data.draw(packings(known))
    labels = packages(label(*(package(n) for n, _ in enumerate(boxes))))
    document = completed("shipment_confirmation", ship(*boxes), known, labels=labels)
    body = sent("shipment_confirmation", document)
    assert taken("submitShipmentConfirmations", body) == []
    containers = body["shipmentConfirmations"][0]["containers"]
    assert sorted(one["trackingNumber"] for one in containers) == sorted(one["trackingNumber"] for one in labels)
    assert {one["shipMethod"] for one in containers} == {"UPS_2ND"}


@given(st.sampled_from(["D1", "301", "404", "de"]), st.sampled_from([{}, {"city": "Newark"}, {"countryCode": "CA"}]))
def test_a_status_is_one_that_amazon_takes(status, place):
    body = sent("shipment_status", completed("shipment_status", event(status, statusLocationAddress=place), order()))
    assert taken("submitShipmentStatusUpdates", body) == []


@given(st.lists(st.sampled_from(["1Z1", "1Z2", "1Z3"]), min_size=1))
def test_a_pallet_is_one_that_amazon_takes(numbers):
    body = sent("container_label_request", completed("container_label_request", pallet(*numbers)))
    assert taken("createContainerLabel", body) == []


SAID = [
    (name, operation, example["request"]["parameters"]["body"]["value"])
    for operation in REQUESTS
    for name, example in example_files(f"{operation}.v*-202-*.json")
    if (example["request"]["parameters"] or {}).get("body", {}).get("value")
]


def order_of(tree):
    """The order that one of Amazon's samples is about."""
    if "invoiceNumber" in tree:
        return invoiced_order(tree)
    items = tree.get("itemAcknowledgements") or tree.get("items")
    packed = [each for box in tree.get("containers", []) for each in box["packedItems"]]
    lines = [line(str(one["itemSequenceNumber"]), amount(one), *map(one.get, SKU_AND_ASIN)) for one in items or packed]
    return order(
        *lines, number=tree["purchaseOrderNumber"], **{name: tree[name] for name in ("sellingParty", "shipFromParty")}
    )


def invoiced_order(tree):
    first, *_ = tree["items"]
    lines = [
        line(one["itemSequenceNumber"], amount(one), *map(one.get, SKU_AND_ASIN), netPrice=one["netCost"])
        for one in tree["items"]
    ]
    parties = {name: {"partyId": tree[name]["partyId"]} for name in ("shipFromParty", "billToParty") if name in tree}
    return order(*lines, number=first["purchaseOrderNumber"], **parties)


SKU_AND_ASIN = ("vendorProductIdentifier", "buyerProductIdentifier")


def amount(one):
    names = ("acknowledgedQuantity", "shippedQuantity", "packedQuantity", "invoicedQuantity")
    return next(one[name]["amount"] for name in names if name in one)


@pytest.mark.parametrize("name, operation, body", SAID, ids=[name for name, *_ in SAID])
def test_what_amazons_own_sample_says_can_be_said_and_is_taken(name, operation, body):
    kind, listed = REQUESTS[operation]
    inside = body[listed] if isinstance(body[listed], list) else [body[listed] | {"warehouseId": "EWR1"}]
    for said in inside:
        assert errors(coerce(kind, said)[1]) == []
        known = None if kind == "inventory_update" else order_of(said)
        vendor = said["sellingParty" if "sellingParty" in said else "remitToParty"]["partyId"]
        document = completed(kind, deepcopy(said), known, vendor=vendor)
        again = sent(kind, document)
        if operation == "submitShippingLabelRequest":
            again = decode(asynchronous(encode(again), number_of(known)))
        assert taken(operation, again) == []
        (told,) = again[listed] if isinstance(again[listed], list) else [again[listed]]
        lost = {place for place, value in leaves(said) if dict(leaves(told)).get(place) != value}
        assert {place.rpartition("/")[2] for place in lost} <= {"warehouseId", "containerType", "acknowledgementDate"}


# --- what we read ----------------------------------------------------------------------------------------------------

HELD = [
    (name, kind, example["response"]["body"])
    for operation, kind in ANSWERS.items()
    for name, example in example_files(f"{operation}.v*-200-*.json")
]
PLACEHOLDERS = {"label-base64", "slip-base64", "invoice-base64"}  # "Base 64 encoded string goes here"
NUMBERS_ONLY = {"field-missing"}  # of orders asked for without their details


@pytest.mark.parametrize("operation", ANSWERS)
def test_there_is_an_example_of_every_answer_or_one_of_its_kind(operation):
    kind = ANSWERS[operation]
    assert any(name.startswith(f"{operation}.") for name, *_ in HELD) or any(kind == one for _, one, _ in HELD)


@pytest.mark.parametrize("name, kind, body", HELD, ids=[name for name, *_ in HELD])
def test_every_example_is_read_with_its_payload_and_without(name, kind, body):
    found = kinds()[kind].split(body)
    assert found
    bare = body.get("payload", body)
    assert kinds()[kind].split(bare) == kinds()[kind].split({"payload": bare}) == found
    assert all(kinds()[kind].key(tree) for tree, _ in found)
    codes = {one.code for _, faults in found for one in errors(faults)}
    assert codes <= PLACEHOLDERS | (NUMBERS_ONLY if kind == "order" else set())


def test_labels_and_slips_of_the_examples_are_what_their_first_bytes_say():
    whole = [
        name
        for name, kind, body in HELD
        if kind != "order" and not any(errors(f) for _, f in kinds()[kind].split(body))
    ]
    assert {name.partition(".")[0] for name in whole} >= {"getShippingLabel", "getShippingLabels", "getPackingSlip"}
    assert len(whole) >= 9


@pytest.mark.parametrize("name, kind, body", HELD, ids=[name for name, *_ in HELD])
def test_what_amazon_may_add_any_day_survives_and_hurts_nothing(name, kind, body):
    made = kinds()[kind].split(with_news(body))
    before = kinds()[kind].split(body)
    for (tree, found), (old, faults) in zip(made, before, strict=True):
        assert errors(found) == errors(faults)
        news = [place for place, _ in leaves(tree) if place.endswith("/addedLater")]
        assert len(news) >= len(objects(old))


def with_news(tree):
    if isinstance(tree, dict):
        return {name: with_news(inner) for name, inner in tree.items()} | {"addedLater": "x"}
    return [with_news(one) for one in tree] if isinstance(tree, list) else tree


def objects(tree):
    inside = tree.values() if isinstance(tree, dict) else tree if isinstance(tree, list) else ()
    return [*([tree] if isinstance(tree, dict) else []), *(found for one in inside for found in objects(one))]


@pytest.mark.parametrize("name, kind, body", HELD, ids=[name for name, *_ in HELD])
def test_an_optional_field_that_is_left_out_hurts_nothing(name, kind, body):
    wanted = {
        one.path.replace("[]", "") for one in kinds()[kind].fields if one.required or (kind == "order" and one.filled)
    }
    for tree, _ in kinds()[kind].split(body):
        before = errors(kinds()[kind].check(tree))
        for place in [place for place in places(tree) if plain(place) not in wanted]:
            assert errors(kinds()[kind].check(pruned(without(tree, place)))) == before, place


def places(tree, at=()):
    for name, value in tree.items() if isinstance(tree, dict) else enumerate(tree) if isinstance(tree, list) else ():
        if isinstance(name, str):
            yield (*at, name)
        yield from places(value, (*at, name))


def plain(place):
    return ".".join(step for step in place if isinstance(step, str))


def without(tree, place):
    made = deepcopy(tree)
    node = made
    for step in place[:-1]:
        node = node[step]
    del node[place[-1]]
    return made


@pytest.mark.parametrize("kind", READING)
@pytest.mark.parametrize("body", [{}, None, {"payload": {}}, {"payload": None}, []])
def test_an_answer_that_holds_nothing_is_no_document(kind, body):
    assert kinds()[kind].split(body) == []


# --- what else Amazon answers ----------------------------------------------------------------------------------------

REFUSED = example_files("*.v*-40*-*.json")


@pytest.mark.parametrize(
    "name, example", example_files("submit*-202-*.json"), ids=lambda one: one if isinstance(one, str) else ""
)
def test_every_submission_names_its_transaction(name, example):
    body = example["response"]["body"]
    assert submitted(Answer(202, {}, encode(body))) == body["payload"]["transactionId"]
    assert submitted(Answer(202, {}, encode(body["payload"]))) == body["payload"]["transactionId"]


@pytest.mark.parametrize("name, example", REFUSED, ids=lambda one: one if isinstance(one, str) else "")
def test_every_refusal_is_told_by_its_code_and_is_no_document(name, example):
    body, status = example["response"]["body"], example["response"]["status"]
    with pytest.raises((Rejected, Unavailable)) as told:
        submitted(Answer(status, {}, encode(body)))
    if status != 403:
        assert [one.code for one in told.value.findings] == [f"amazon-{one['code']}" for one in body["errors"]]
    for kind in READING.values():
        with pytest.raises(Rejected):
            kind.split(body)
