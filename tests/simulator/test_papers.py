"""Labels, container labels, packing slips, customer invoices and status updates: what Amazon gives, and when it does not."""

import base64
import copy
import json
import re

import pytest

from tests.simulator import models
from tests.simulator.vendor import (
    ACKS,
    CONTAINER_LABEL,
    INVOICES,
    LABELS,
    SCANS,
    SCENARIOS,
    SHIPS,
    SLIPS,
    WINDOW,
    ack_of,
    asking_of,
    parties_of,
    scan_of,
    ship_of,
)

MODEL = "vendorDirectFulfillmentShipping_2021-12-28.json"
MODEL_V1 = "vendorDirectFulfillmentShippingV1.json"
needs_models = pytest.mark.skipif(not models.FOLDER.is_dir(), reason=models.MISSING)
GIFT = 3  # the sample order that needs a packing slip


def v1(path):
    return path.replace("2021-12-28", "v1")


def accept(vendor, *orders):
    for order in orders:
        assert vendor.end(ACKS, {"orderAcknowledgements": [ack_of(order)]}) == ("Success", [])


def ask(vendor, *orders, **more):
    return vendor.end(LABELS, {"shippingLabelRequests": [asking_of(order, **more) for order in orders]})


def confirm(vendor, order, **box):
    ship = ship_of(order)
    ship["containers"][0] |= box
    return vendor.end(SHIPS, {"shipmentConfirmations": [ship]})


def confirm_labelled(vendor, order):
    package = vendor.get(f"{LABELS}/{order['purchaseOrderNumber']}").json()["labelData"][0]
    return confirm(vendor, order, trackingNumber=package["trackingNumber"], shipMethod=package["shipMethod"])


def one(vendor, path, order):
    return vendor.get(f"{path}/{order['purchaseOrderNumber']}")


def listed(vendor, path, **params):
    return vendor.get(path, **(WINDOW | params)).json()


# --- labels that are asked for, and come later


def test_a_label_comes_when_its_transaction_has_ended(vendor, orders):
    accept(vendor, orders[0])
    key = vendor.post(LABELS, {"shippingLabelRequests": [asking_of(orders[0])]}).json()["transactionId"]
    assert one(vendor, LABELS, orders[0]).json() == {}
    assert one(vendor, v1(LABELS), orders[0]).json() == {"payload": {}}
    vendor.clock.step(2)
    assert vendor.look(key)["status"] == "Success"
    told = one(vendor, LABELS, orders[0]).json()
    assert one(vendor, v1(LABELS), orders[0]).json() == {"payload": told}
    (package,) = told["labelData"]
    assert package["packageIdentifier"] == "PKG001"
    assert package["shipMethod"] == orders[0]["orderDetails"]["shipmentDetails"]["shipMethod"]
    assert base64.b64decode(package["content"], validate=True).startswith(b"\x89PNG\r\n\x1a\n")
    kept = vendor.state_of(orders[0])
    assert (kept["labelled"], kept["labels"][0]["tracking"]) == (1, [package["trackingNumber"]])
    assert vendor.amazon.state()["papers"]["getShippingLabel"] == {orders[0]["purchaseOrderNumber"]: 2}


def test_a_label_may_be_zpl(open_amazon, orders):
    vendor = open_amazon(label_format="ZPL")
    accept(vendor, orders[0])
    told = vendor.label(orders[0]).json()
    content = base64.b64decode(told["labelData"][0]["content"])
    assert told["labelFormat"] == "ZPL"
    assert re.fullmatch(rb"\^XA\n.*\^XZ\n", content, re.DOTALL)
    assert told["labelData"][0]["trackingNumber"].encode() in content


def test_each_container_has_a_label_of_its_own(vendor, orders):
    order = orders[2]
    accept(vendor, order)
    first = ship_of(order)["containers"][0]
    first["packedItems"], rest = first["packedItems"][:1], first["packedItems"][1:]
    second = copy.deepcopy(first) | {"containerIdentifier": "BOX2", "packedItems": rest}
    assert ask(vendor, order, containers=[first, second]) == ("Success", [])
    packages = one(vendor, LABELS, order).json()["labelData"]
    assert [package["packageIdentifier"] for package in packages] == ["PKG001", "PKG002"]
    assert len({package["trackingNumber"] for package in packages}) == 2


def test_a_label_that_is_asked_for_again_has_another_number_and_may_go_another_way(open_amazon, orders):
    vendor = open_amazon(changed_method="AMZL_US_NEXT")
    accept(vendor, orders[0])
    tellings = []
    for _ in range(2):
        assert ask(vendor, orders[0]) == ("Success", [])
        tellings += one(vendor, LABELS, orders[0]).json()["labelData"]
    assert tellings[0]["trackingNumber"] != tellings[1]["trackingNumber"]
    assert [package["shipMethod"] for package in tellings] == ["UPS_GR_RES", "AMZL_US_NEXT"]
    state, number = vendor.amazon.state(), orders[0]["purchaseOrderNumber"]
    assert state["effects"]["submitShippingLabelRequest"] == {number: 2}
    assert state["repeats"] == {"submitShippingLabelRequest": {number: 1}}


def test_there_are_labels_only_between_acceptance_and_confirmation(vendor, orders):
    assert ask(vendor, orders[0]) == ("Failure", ["ORDER_NOT_ACKNOWLEDGED"])
    accept(vendor, orders[0])
    assert ask(vendor, orders[0]) == ("Success", [])
    assert confirm_labelled(vendor, orders[0]) == ("Success", [])
    assert ask(vendor, orders[0]) == ("Failure", ["ORDER_ALREADY_CONFIRMED"])
    accept(vendor, orders[1])
    vendor.amazon.cancel(orders[1]["purchaseOrderNumber"])
    assert ask(vendor, orders[1]) == ("Failure", ["ORDER_CANCELLED"])


def test_a_request_that_makes_no_sense_fails_as_a_whole(vendor, orders):
    accept(vendor, orders[0], orders[1])
    box = ship_of(orders[0])["containers"][0]
    empty = box | {"packedItems": []}
    foreign = box | {"packedItems": [box["packedItems"][0] | {"itemSequenceNumber": 9}]}
    elsewhere = asking_of(orders[0]) | {"shipFromParty": {"partyId": "XXX9"}}
    unknown = asking_of(orders[0]) | {"purchaseOrderNumber": "Unknown1"}
    for request, code in (
        (asking_of(orders[0], containers=[empty]), "EMPTY_PACKAGES"),
        (asking_of(orders[0], containers=[foreign]), "INVALID_ITEM_SEQUENCE_NUMBER"),
        (elsewhere, "INVALID_PARTY_ID"),
        (unknown, "INVALID_ORDER_ID"),
        (asking_of(orders[1]), "INVALID_ORDER_ID"),
    ):
        status, codes = vendor.end(LABELS, {"shippingLabelRequests": [asking_of(orders[1]), request]})
        assert (status, code in codes) == ("Failure", True)
    assert vendor.state_of(orders[1])["labelled"] == 0


def test_a_request_is_for_a_hundred_orders_at_most(vendor, orders):
    for count, status in ((100, 202), (101, 400)):
        body = {"shippingLabelRequests": [asking_of(orders[0])] * count}
        assert vendor.post(LABELS, body).status_code == status


# --- labels while one waits


def test_labels_may_be_made_while_one_waits(vendor, orders):
    accept(vendor, orders[0])
    answer = vendor.label(orders[0])
    assert answer.status_code == 200
    assert answer.json() == one(vendor, LABELS, orders[0]).json()
    assert vendor.amazon.state()["effects"]["createShippingLabels"] == {orders[0]["purchaseOrderNumber"]: 1}


def test_labels_at_once_are_restricted(vendor, orders):
    accept(vendor, orders[0])
    answer = vendor.post(f"{LABELS}/{orders[0]['purchaseOrderNumber']}", parties_of(orders[0]))
    assert answer.status_code == 403
    assert vendor.state_of(orders[0])["labelled"] == 0


def test_where_the_order_stands_against_it_it_is_a_conflict(vendor, orders):
    assert vendor.label(orders[0]).status_code == 409
    accept(vendor, orders[0])
    assert confirm(vendor, orders[0]) == ("Success", [])
    assert vendor.label(orders[0]).status_code == 409
    accept(vendor, orders[1])
    vendor.amazon.cancel(orders[1]["purchaseOrderNumber"])
    assert vendor.label(orders[1]).status_code == 409
    accept(vendor, orders[2])
    assert vendor.label(orders[2], shipFromParty={"partyId": "XXX9"}).status_code == 400
    assert vendor.label(orders[2] | {"purchaseOrderNumber": "Unknown1"}).status_code == 404
    assert "createShippingLabels" not in vendor.amazon.state()["effects"]


# --- lists


def test_labels_are_listed_by_the_hour_they_were_made(vendor, orders):
    accept(vendor, *orders[:3])
    for order in (orders[2], orders[0], orders[1]):
        vendor.clock.step(60)
        assert vendor.label(order).status_code == 200
    numbers = [orders[place]["purchaseOrderNumber"] for place in (2, 0, 1)]
    told = listed(vendor, LABELS)["shippingLabels"]
    assert [label["purchaseOrderNumber"] for label in told] == numbers
    first = listed(vendor, LABELS, limit=2)
    rest = listed(vendor, LABELS, limit=2, nextToken=first["pagination"]["nextToken"])
    assert [label["purchaseOrderNumber"] for label in (first["shippingLabels"] + rest["shippingLabels"])] == numbers
    assert "pagination" not in rest
    down = listed(vendor, LABELS, sortOrder="DESC")["shippingLabels"]
    assert [label["purchaseOrderNumber"] for label in down] == numbers[::-1]
    here = listed(vendor, LABELS, shipFromPartyId="RNO4")["shippingLabels"]
    assert [label["purchaseOrderNumber"] for label in here] == [numbers[2]]
    assert vendor.get(LABELS, **(WINDOW | {"createdAfter": "2026-11-20T00:00:00Z"})).status_code == 400
    assert vendor.get(LABELS, **WINDOW, status="NEW").status_code == 400


# --- packing slips and invoices


def test_a_packing_slip_is_there_where_one_is_required_and_the_order_accepted(vendor, orders):
    gift, plain = orders[GIFT], orders[0]
    assert one(vendor, SLIPS, gift).json() == {}
    accept(vendor, gift, plain)
    told = one(vendor, SLIPS, gift).json()
    assert base64.b64decode(told["content"], validate=True).startswith(b"%PDF-")
    assert told["contentType"] == "application/pdf"
    assert one(vendor, SLIPS, plain).json() == {}
    assert listed(vendor, SLIPS) == {"packingSlips": [told]}
    assert listed(vendor, v1(SLIPS)) == {"payload": {"packingSlips": [told]}}
    assert vendor.get(f"{SLIPS}/Unknown1").status_code == 404
    assert vendor.amazon.state()["papers"]["getPackingSlip"] == {gift["purchaseOrderNumber"]: 1}


def test_an_order_for_india_has_an_invoice(vendor, orders):
    order = copy.deepcopy(orders[0]) | {"purchaseOrderNumber": "India1"}
    order["orderDetails"]["shipToParty"]["countryCode"] = "IN"
    vendor.amazon.add_orders([order])
    accept(vendor, order, orders[1])
    told = one(vendor, INVOICES, order).json()
    assert base64.b64decode(told["content"]).startswith(b"%PDF-")
    assert one(vendor, INVOICES, orders[1]).json() == {}
    assert listed(vendor, INVOICES) == {"customerInvoices": [told]}


# --- the confirmation of what Amazon labelled


def test_the_newest_label_is_the_one_to_be_confirmed(open_amazon, orders):
    vendor = open_amazon(changed_method="AMZL_US_NEXT")
    accept(vendor, orders[0])
    old = vendor.label(orders[0]).json()["labelData"][0]
    new = vendor.label(orders[0]).json()["labelData"][0]
    before = {"trackingNumber": old["trackingNumber"], "shipMethod": old["shipMethod"]}
    assert confirm(vendor, orders[0], **before) == ("Failure", ["INVALID_TRACKING_NUMBER"])
    mixed = before | {"trackingNumber": new["trackingNumber"]}
    assert confirm(vendor, orders[0], **mixed) == ("Failure", ["INVALID_SHIP_METHOD"])
    assert confirm_labelled(vendor, orders[0]) == ("Success", [])


@pytest.mark.parametrize("type", ["label-only", "amxl"])
def test_what_amazon_labels_is_confirmed_with_its_label_only(open_amazon, orders, type):
    vendor = open_amazon(type=type)
    accept(vendor, orders[0])
    assert confirm(vendor, orders[0]) == ("Failure", ["ORDER_NOT_LABELLED"])
    assert vendor.label(orders[0]).status_code == 200
    assert confirm_labelled(vendor, orders[0]) == ("Success", [])


def test_a_denial_on_the_floor_needs_no_label(open_amazon, orders):
    vendor = open_amazon(type="label-only")
    accept(vendor, orders[0])
    denial = ship_of(orders[0], "FLOOR_DENIAL")
    assert vendor.end(SHIPS, {"shipmentConfirmations": [denial]}) == ("Success", [])


@pytest.mark.parametrize("type", ["own-label", "own-carrier"])
def test_who_makes_labels_gets_none(open_amazon, orders, type):
    vendor = open_amazon(type=type)
    accept(vendor, orders[0])
    assert ask(vendor, orders[0]) == ("Failure", ["LABELS_NOT_OFFERED"])
    assert vendor.label(orders[0]).status_code == 403
    assert confirm(vendor, orders[0], scacCode="ABCD") == ("Success", [])


def test_an_own_carrier_has_a_name(open_amazon, orders):
    vendor = open_amazon(type="own-carrier")
    accept(vendor, orders[0])
    assert confirm(vendor, orders[0]) == ("Failure", ["MISSING_CARRIER"])
    assert confirm(vendor, orders[0], carrier="Invented Freight") == ("Success", [])


# --- status updates


def scan(vendor, *updates):
    return vendor.end(SCANS, {"shipmentStatusUpdates": list(updates)})


def test_a_scan_is_taken_after_the_confirmation_for_its_number(vendor, orders):
    accept(vendor, orders[0])
    assert scan(vendor, scan_of(orders[0])) == ("Failure", ["ORDER_NOT_CONFIRMED"])
    assert confirm(vendor, orders[0]) == ("Success", [])
    assert scan(vendor, scan_of(orders[0], tracking="1Z0002")) == ("Failure", ["INVALID_TRACKING_NUMBER"])
    assert scan(vendor, scan_of(orders[0], code="D1")) == ("Failure", ["INVALID_STATUS_CODE"])
    assert scan(vendor, scan_of(orders[0]), scan_of(orders[0], code="D1", reason="NS")) == ("Success", [])
    assert [told["status"] for told in vendor.state_of(orders[0])["scans"]] == ["201", "D1"]
    number = orders[0]["purchaseOrderNumber"]
    assert vendor.amazon.state()["effects"]["submitShipmentStatusUpdates"] == {
        f"{number}/1Z0001/201/2026-12-01T15:00:00Z": 1,
        f"{number}/1Z0001/D1/2026-12-01T15:00:00Z": 1,
    }


@pytest.mark.parametrize(
    "policy, end, effects", [("refuse", "Failure", 1), ("ignore", "Success", 1), ("apply", "Success", 2)]
)
def test_a_scan_that_comes_twice_follows_the_policy(open_amazon, orders, policy, end, effects):
    vendor = open_amazon(repeat=policy)
    accept(vendor, orders[0])
    confirm(vendor, orders[0])
    assert scan(vendor, scan_of(orders[0])) == ("Success", [])
    assert scan(vendor, scan_of(orders[0]))[0] == end
    state = vendor.amazon.state()
    assert list(state["effects"]["submitShipmentStatusUpdates"].values()) == [effects]
    assert list(state["repeats"]["submitShipmentStatusUpdates"].values()) == [1]


def test_only_an_own_carrier_tells_of_scans(open_amazon, orders):
    for type, end in (("own-carrier", ("Success", [])), ("own-label", ("Failure", ["STATUS_UPDATES_NOT_OFFERED"]))):
        vendor = open_amazon(type=type)
        accept(vendor, orders[0])
        assert confirm(vendor, orders[0], scacCode="ABCD") == ("Success", [])
        assert scan(vendor, scan_of(orders[0])) == end


# --- container labels


def container(order, *tracking, identifier="PAL1"):
    packages = [{"packageTrackingNumber": number} for number in tracking]
    return parties_of(order) | {"carrierId": "SWA", "vendorContainerId": identifier, "packages": packages}


def test_a_container_is_labelled_for_packages_that_have_labels(vendor, orders):
    accept(vendor, orders[0])
    tracking = vendor.label(orders[0]).json()["labelData"][0]["trackingNumber"]
    assert vendor.post(CONTAINER_LABEL, container(orders[0], tracking, "TBA1")).status_code == 404
    told = [vendor.post(CONTAINER_LABEL, container(orders[0], tracking)).json() for _ in range(2)]
    assert base64.b64decode(told[0]["containerLabel"]["content"]).startswith(b"\x89PNG")
    numbers = [one["containerLabel"]["containerTrackingNumber"] for one in told]
    state = vendor.amazon.state()
    assert state["containers"] == {"PAL1": numbers[1]}
    assert numbers[0] != numbers[1]
    assert state["effects"]["createContainerLabel"] == {"PAL1": 2}
    assert state["repeats"]["createContainerLabel"] == {"PAL1": 1}


# --- the sandbox


def test_a_sandbox_makes_orders_when_asked(open_amazon, orders):
    vendor = open_amazon(sandbox=True)
    body = {"orders": [parties_of(orders[0]), parties_of(orders[1])]}
    key = vendor.post(SCENARIOS, body).json()["transactionId"]
    path = f"{SCENARIOS.removesuffix('orders')}transactions/{key}"

    def look():
        headers = {"x-amz-access-token": vendor.token()}
        return vendor.http.get(path, headers=headers).json()["transactionStatus"]

    assert look() == {"transactionId": key, "status": "PROCESSING"}
    vendor.clock.step(2)
    scenarios = look()["testCaseData"]["scenarios"]
    numbers = [order["orderId"] for scenario in scenarios for order in scenario["orders"]]
    assert [scenario["scenarioId"] for scenario in scenarios] == ["SCENARIO_1", "SCENARIO_2"]
    assert len(set(numbers)) == 4
    assert all(vendor.status(number) == "NEW" for number in numbers)


def test_what_is_no_sandbox_makes_no_orders(vendor, orders):
    assert vendor.post(SCENARIOS, {"orders": [parties_of(orders[0])]}).status_code == 403


# --- Amazon's models


@needs_models
def test_every_answer_is_valid_by_amazons_models(vendor, orders):
    order = copy.deepcopy(orders[GIFT]) | {"purchaseOrderNumber": "India1"}
    order["orderDetails"]["shipToParty"]["countryCode"] = "IN"
    vendor.amazon.add_orders([order])
    accept(vendor, order)
    made = vendor.label(order).json()
    models.validator(MODEL, "ShippingLabel").validate(made)
    for path, single, several in (
        (LABELS, "ShippingLabel", "ShippingLabelList"),
        (SLIPS, "PackingSlip", "PackingSlipList"),
        (INVOICES, "CustomerInvoice", "CustomerInvoiceList"),
    ):
        models.validator(MODEL, single).validate(one(vendor, path, order).json())
        models.validator(MODEL, several).validate(listed(vendor, path))
        models.validator(MODEL_V1, f"Get{single}Response").validate(one(vendor, v1(path), order).json())
        old = "GetCustomerInvoicesResponse" if single == "CustomerInvoice" else f"Get{several}Response"
        models.validator(MODEL_V1, old).validate(listed(vendor, v1(path)))
    tracking = made["labelData"][0]["trackingNumber"]
    pallet = vendor.post(CONTAINER_LABEL, container(order, tracking)).json()
    models.validator(MODEL, "CreateContainerLabelResponse").validate(pallet)
    answer = vendor.post(v1(LABELS), {"shippingLabelRequests": [asking_of(order)]}).json()
    models.validator(MODEL_V1, "SubmitShippingLabelsResponse").validate(answer)


@needs_models
@pytest.mark.parametrize(
    "path, operation", [(LABELS, "submitShippingLabelRequest"), (SCANS, "submitShipmentStatusUpdates")]
)
def test_amazons_own_examples_pass_the_field_rules(open_amazon, path, operation):
    sent = 0
    for file in sorted((models.FOLDER / "examples").glob(f"{operation}.v1-202-*.json")):
        example = json.loads(file.read_text("utf-8"))["request"]["parameters"]["body"].get("value", {})
        for request in (request for requests in example.values() for request in requests):
            request["sellingParty"]["partyId"] = "ACMEG"
            request.get("statusUpdateDetails", {}).get("statusLocationAddress", {}).update(name="Hub", addressLine1="1")
        if example:
            assert open_amazon().post(v1(path), example).status_code == 202, file.name
            sent += 1
    assert sent > 0
