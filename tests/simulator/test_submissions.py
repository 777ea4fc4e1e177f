"""What becomes of acknowledgements, confirmations and inventory: the business rules, one by one."""

import copy

import httpx
import pytest

from tests.simulator.vendor import ACKS, PAYMENTS, SHIPS, STOCK, TRANSACTIONS, ack_of, invoice_of, ship_of, stock_of

V1 = {path: path.replace("2021-12-28", "v1") for path in (ACKS, SHIPS, TRANSACTIONS)}
KETTLE = {"buyerProductIdentifier": "B0SIMKTL17", "vendorProductIdentifier": "KTL-17-RED"}


def acks(*bodies):
    return {"orderAcknowledgements": list(bodies)}


def ships(*bodies):
    return {"shipmentConfirmations": list(bodies)}


def accept(vendor, order):
    assert vendor.end(ACKS, acks(ack_of(order))) == ("Success", [])


# --- transactions


def test_a_transaction_takes_its_time_and_then_takes_effect(open_amazon, orders):
    vendor = open_amazon(transaction_seconds=5)
    answer = vendor.post(ACKS, acks(ack_of(orders[0])))
    assert (answer.status_code, list(answer.json())) == (202, ["transactionId"])
    number, key = orders[0]["purchaseOrderNumber"], answer.json()["transactionId"]
    vendor.clock.step(4.9)
    assert vendor.look(key) == {"transactionId": key, "status": "Processing"}
    assert (vendor.status(number), vendor.amazon.state()["effects"]) == ("NEW", {})
    vendor.clock.step(0.1)
    assert vendor.look(key) == {"transactionId": key, "status": "Success"}
    assert vendor.status(number) == "ACCEPTED"
    assert vendor.amazon.state()["effects"] == {"submitAcknowledgement": {number: 1}}


def test_a_transaction_may_end_at_once(open_amazon, orders):
    vendor = open_amazon(transaction_seconds=0)
    key = vendor.post(ACKS, acks(ack_of(orders[0]))).json()["transactionId"]
    assert vendor.look(key)["status"] == "Success"


def test_an_unknown_transaction_is_not_found(vendor):
    answer = vendor.http.get(f"{TRANSACTIONS}/none", headers={"x-amz-access-token": vendor.token()})
    assert (answer.status_code, answer.json()["errors"][0]["code"]) == (404, "ResourceNotFound")


@pytest.mark.parametrize("flat", [False, True])
def test_both_shapes_of_a_failure_were_seen(open_amazon, orders, flat):
    vendor = open_amazon(failure_as_list=flat)
    ack = ack_of(orders[0]) | {"purchaseOrderNumber": "Unknown1"}
    key = vendor.post(ACKS, acks(ack)).json()["transactionId"]
    vendor.clock.step(2)
    told, errors = vendor.look(key), [{"code": "INVALID_ORDER_ID", "message": "Invalid order ID."}]
    assert told == {"transactionId": key, "status": "Failure", "errors": errors if flat else {"errors": errors}}
    assert vendor.look(key, V1[TRANSACTIONS])["errors"] == errors


def test_version_1_wraps_its_answers(vendor, orders):
    answer = vendor.post(V1[ACKS], acks(ack_of(orders[0])))
    assert answer.status_code == 202
    key = answer.json()["payload"]["transactionId"]
    vendor.clock.step(2)
    told = vendor.http.get(f"{V1[TRANSACTIONS]}/{key}", headers={"x-amz-access-token": vendor.token()}).json()
    assert told == {"payload": {"transactionStatus": {"transactionId": key, "status": "Success"}}}


def test_version_1_spells_container_types_small(vendor, orders):
    accept(vendor, orders[0])
    large, small = ship_of(orders[0]), ship_of(orders[0])
    small["containers"][0]["containerType"] = "carton"
    assert vendor.post(V1[SHIPS], ships(large)).status_code == 400
    assert vendor.post(SHIPS, ships(small)).status_code == 400
    assert vendor.post(V1[SHIPS], ships(small)).status_code == 202


# --- acknowledgements


def test_every_sample_order_can_be_acknowledged_and_confirmed(vendor, orders):
    for order in orders:
        accept(vendor, order)
        assert vendor.status(order["purchaseOrderNumber"]) == "ACCEPTED"
        assert vendor.end(SHIPS, ships(ship_of(order))) == ("Success", [])
        assert vendor.status(order["purchaseOrderNumber"]) == "SHIPPED"
    numbers = {order["purchaseOrderNumber"]: 1 for order in orders}
    assert vendor.amazon.state()["effects"] == {
        "submitAcknowledgement": numbers,
        "submitShipmentConfirmations": numbers,
    }


def test_a_rejection_cancels_the_order(vendor, orders):
    assert vendor.end(ACKS, acks(ack_of(orders[0], "03"))) == ("Success", [])
    assert vendor.status(orders[0]["purchaseOrderNumber"]) == "CANCELLED"
    assert vendor.end(SHIPS, ships(ship_of(orders[0]))) == ("Failure", ["ORDER_CANCELLED"])


def changed_ack(change):
    def changing(order):
        ack = ack_of(order)
        change(ack)
        return ack

    return changing


def with_quantity(amount):
    return changed_ack(lambda ack: ack["itemAcknowledgements"][0]["acknowledgedQuantity"].update(amount=amount))


@pytest.mark.parametrize(
    "make, code",
    [
        (changed_ack(lambda ack: ack.update(purchaseOrderNumber="Unknown1")), "INVALID_ORDER_ID"),
        (changed_ack(lambda ack: ack["acknowledgementStatus"].pop("code")), "MISSING_ACKNOWLEDGEMENT_CODE"),
        (changed_ack(lambda ack: ack["acknowledgementStatus"].update(code="01")), "INVALID_ACKNOWLEDGEMENT_CODE"),
        (changed_ack(lambda ack: ack["shipFromParty"].update(partyId="RNO4")), "INVALID_PARTY_ID"),
        (changed_ack(lambda ack: ack["itemAcknowledgements"].pop()), "MISSING_ITEM"),
        (changed_ack(lambda ack: ack["itemAcknowledgements"].clear()), "MISSING_ITEM"),
        (
            changed_ack(lambda ack: ack["itemAcknowledgements"].append(copy.deepcopy(ack["itemAcknowledgements"][0]))),
            "INVALID_ITEM_SEQUENCE_NUMBER",
        ),
        (
            changed_ack(lambda ack: ack["itemAcknowledgements"][0].update(itemSequenceNumber="1")),
            "INVALID_ITEM_SEQUENCE_NUMBER",
        ),
        (
            changed_ack(lambda ack: ack["itemAcknowledgements"][0].update(vendorProductIdentifier="OTHER")),
            "INVALID_ITEM_ID",
        ),
        (with_quantity(0), "INVALID_QUANTITY"),
        (with_quantity(-5), "INVALID_QUANTITY"),
        (with_quantity(3), "INVALID_QUANTITY"),
        (
            changed_ack(lambda ack: ack["itemAcknowledgements"][0]["acknowledgedQuantity"].pop("amount")),
            "INVALID_QUANTITY",
        ),
    ],
)
def test_an_acknowledgement_that_breaks_a_rule_fails(vendor, orders, make, code):
    order = orders[2]  # two lines of one SKU, quantities 2 and 3, at EWR1
    status, codes = vendor.end(ACKS, acks(make(order)))
    assert status == "Failure"
    assert code in codes
    assert vendor.status(order["purchaseOrderNumber"]) == "NEW"
    assert vendor.amazon.state()["effects"] == {}


def test_a_cancelled_order_cannot_be_acknowledged(vendor, orders):
    vendor.amazon.cancel(orders[0]["purchaseOrderNumber"])
    assert vendor.end(ACKS, acks(ack_of(orders[0]))) == ("Failure", ["ORDER_CANCELLED"])


def test_a_cancellation_that_comes_while_processing_wins(vendor, orders):
    key = vendor.post(ACKS, acks(ack_of(orders[0]))).json()["transactionId"]
    vendor.clock.step(1)
    vendor.amazon.cancel(orders[0]["purchaseOrderNumber"])
    vendor.clock.step(1)
    assert vendor.look(key)["status"] == "Failure"


def test_one_bad_acknowledgement_fails_them_all(vendor, orders):
    bad = ack_of(orders[1]) | {"purchaseOrderNumber": "Unknown1"}
    assert vendor.end(ACKS, acks(ack_of(orders[0]), bad)) == ("Failure", ["INVALID_ORDER_ID"])
    assert vendor.end(ACKS, acks(ack_of(orders[0]), ack_of(orders[0]))) == ("Failure", ["INVALID_ORDER_ID"])
    assert vendor.amazon.state()["effects"] == {}
    assert vendor.end(ACKS, acks(ack_of(orders[0]), ack_of(orders[1]))) == ("Success", [])


# --- confirmations


def test_a_confirmation_before_the_acknowledgement_fails(vendor, orders):
    assert vendor.end(SHIPS, ships(ship_of(orders[0]))) == ("Failure", ["ORDER_NOT_ACKNOWLEDGED"])


def test_an_acknowledgement_that_is_still_processing_does_not_count(vendor, orders):
    vendor.post(ACKS, acks(ack_of(orders[0])))
    vendor.clock.step(1)
    assert vendor.end(SHIPS, ships(ship_of(orders[0]))) == ("Failure", ["ORDER_NOT_ACKNOWLEDGED"])
    assert vendor.end(SHIPS, ships(ship_of(orders[0]))) == ("Success", [])


def changed_ship(change):
    def changing(order):
        ship = ship_of(order)
        change(ship)
        return ship

    return changing


def packed(ship):
    return ship["containers"][0]["packedItems"]


@pytest.mark.parametrize(
    "make, code",
    [
        (changed_ship(lambda ship: ship.update(purchaseOrderNumber="Unknown1")), "INVALID_ORDER_ID"),
        (
            changed_ship(lambda ship: ship["shipmentDetails"].update(shippedDate="2026-12-01T12:00:10Z")),
            "INVALID_SHIPPED_DATE",
        ),
        (
            changed_ship(lambda ship: ship["shipmentDetails"].update(shippedDate="2026-12-01T11:30:00-05:00")),
            "INVALID_SHIPPED_DATE",
        ),
        (changed_ship(lambda ship: ship["shipFromParty"].update(partyId="RNO4")), "INVALID_PARTY_ID"),
        (changed_ship(lambda ship: ship.pop("containers")), "EMPTY_PACKAGES"),
        (changed_ship(lambda ship: ship["containers"].clear()), "EMPTY_PACKAGES"),
        (changed_ship(lambda ship: packed(ship).clear()), "EMPTY_PACKAGES"),
        (changed_ship(lambda ship: ship["containers"][0].pop("shipMethod")), "INVALID_SHIP_METHOD"),
        (changed_ship(lambda ship: ship["items"].pop()), "MISSING_ITEM"),
        (changed_ship(lambda ship: ship["items"][0].update(itemSequenceNumber=9)), "INVALID_ITEM_SEQUENCE_NUMBER"),
        (changed_ship(lambda ship: ship["items"][0].update(buyerProductIdentifier="B0")), "INVALID_ITEM_ID"),
        (
            changed_ship(
                lambda ship: [
                    ship["items"][0].pop(name) for name in ("buyerProductIdentifier", "vendorProductIdentifier")
                ]
            ),
            "INVALID_ITEM_ID",
        ),
        (changed_ship(lambda ship: ship["items"][0]["shippedQuantity"].update(amount=1)), "INVALID_QUANTITY"),
        (changed_ship(lambda ship: packed(ship).pop()), "INVALID_QUANTITY"),
        (changed_ship(lambda ship: packed(ship)[0]["packedQuantity"].update(amount=3)), "INVALID_QUANTITY"),
        (changed_ship(lambda ship: packed(ship)[0].update(itemSequenceNumber=9)), "INVALID_ITEM_SEQUENCE_NUMBER"),
        (changed_ship(lambda ship: packed(ship)[0].update(vendorProductIdentifier="OTHER")), "INVALID_ITEM_ID"),
    ],
)
def test_a_confirmation_that_breaks_a_rule_fails(vendor, orders, make, code):
    order = orders[2]
    accept(vendor, order)
    status, codes = vendor.end(SHIPS, ships(make(order)))
    assert status == "Failure"
    assert code in codes
    assert vendor.status(order["purchaseOrderNumber"]) == "ACCEPTED"
    assert "submitShipmentConfirmations" not in vendor.amazon.state()["effects"]


def test_a_line_may_be_packed_in_several_boxes(vendor, orders):
    order = orders[2]
    accept(vendor, order)
    ship = ship_of(order)
    second = copy.deepcopy(ship["containers"][0]) | {"containerIdentifier": "BOX2"}
    second["packedItems"] = second["packedItems"][1:]
    second["packedItems"][0]["packedQuantity"]["amount"] = 1
    packed(ship)[1]["packedQuantity"]["amount"] = 2
    ship["containers"].append(second)
    assert vendor.end(SHIPS, ships(ship)) == ("Success", [])


def test_one_item_may_come_in_several_pieces(vendor, orders):
    order = orders[0]
    accept(vendor, order)
    ship = ship_of(order)
    packed(ship)[0]["pieceNumber"] = 1
    second = copy.deepcopy(ship["containers"][0]) | {"containerIdentifier": "BOX2"}
    second["packedItems"][0]["pieceNumber"] = 2
    ship["containers"].append(second)
    assert vendor.end(SHIPS, ships(ship)) == ("Success", [])


def test_a_denial_on_the_floor_needs_no_boxes_and_cancels(vendor, orders):
    accept(vendor, orders[0])
    ship = ship_of(orders[0], "FLOOR_DENIAL")
    del ship["containers"]
    assert vendor.end(SHIPS, ships(ship)) == ("Success", [])
    assert vendor.status(orders[0]["purchaseOrderNumber"]) == "CANCELLED"


def test_the_date_is_held_against_the_hour_of_the_submission(open_amazon, orders):
    vendor = open_amazon(transaction_seconds=600)
    accept(vendor, orders[0])
    ship = ship_of(orders[0])
    ship["shipmentDetails"]["shippedDate"] = "2026-12-01T12:10:01Z"  # it is 12:10:00, and 12:20:00 when it is judged
    assert vendor.end(SHIPS, ships(ship)) == ("Failure", ["INVALID_SHIPPED_DATE"])


# --- repeats


@pytest.mark.parametrize(
    "policy, end, effects", [("refuse", "Failure", 1), ("ignore", "Success", 1), ("apply", "Success", 2)]
)
def test_a_repeat_follows_the_policy_and_is_counted(open_amazon, orders, policy, end, effects):
    vendor = open_amazon(repeat=policy)
    number = orders[0]["purchaseOrderNumber"]
    for path, body in ((ACKS, acks(ack_of(orders[0]))), (SHIPS, ships(ship_of(orders[0])))):
        assert vendor.end(path, body) == ("Success", [])
        status, codes = vendor.end(path, body)
        assert (status, codes) == (end, ["DUPLICATE_SUBMISSION"] if end == "Failure" else [])
    state = vendor.amazon.state()
    assert {name: counts[number] for name, counts in state["effects"].items()} == {
        "submitAcknowledgement": effects,
        "submitShipmentConfirmations": effects,
    }
    assert state["repeats"] == {"submitAcknowledgement": {number: 1}, "submitShipmentConfirmations": {number: 1}}
    assert vendor.status(number) == "SHIPPED"


def test_two_that_are_under_way_together_are_a_repeat_too(vendor, orders):
    keys = [vendor.post(ACKS, acks(ack_of(orders[0]))).json()["transactionId"] for _ in range(2)]
    vendor.clock.step(2)
    assert [vendor.look(key)["status"] for key in keys] == ["Success", "Failure"]


def test_a_failure_may_be_mended_and_sent_again(vendor, orders):
    bad = ack_of(orders[0])
    bad["itemAcknowledgements"] = []
    assert vendor.end(ACKS, acks(bad))[0] == "Failure"
    accept(vendor, orders[0])
    assert vendor.amazon.state()["repeats"] == {}


# --- inventory


def levels(vendor):
    shelf = vendor.amazon.state()["inventory"].get("EWR1", {})
    return {sku: level["amount"] for sku, level in shelf.items()}


def test_inventory_is_a_level(vendor):
    answer = vendor.post(STOCK, stock_of((KETTLE, 7)))
    assert (answer.status_code, list(answer.json())) == (202, ["payload"])
    assert levels(vendor) == {}
    vendor.clock.step(2)
    assert levels(vendor) == {"KTL-17-RED": 7}
    assert vendor.end(STOCK, stock_of((KETTLE, 0))) == ("Success", [])
    assert levels(vendor) == {"KTL-17-RED": 0}
    assert vendor.amazon.state()["effects"] == {"submitInventoryUpdate": {"EWR1/KTL-17-RED": 2}}


def test_a_known_sku_or_asin_alone_is_enough(vendor):
    by_sku, by_asin = {"vendorProductIdentifier": "0007"}, {"buyerProductIdentifier": "B0SIMTOW06"}
    assert vendor.end(STOCK, stock_of((by_sku, 1), (by_asin, 2))) == ("Success", [])
    assert levels(vendor) == {"0007": 1, "TOW-6": 2}


@pytest.mark.parametrize(
    "names, named",
    [
        ({"vendorProductIdentifier": "AAA"}, "AAA"),
        ({"buyerProductIdentifier": "B0AAA"}, "B0AAA"),
        ({"buyerProductIdentifier": "B0SIMKTL17", "vendorProductIdentifier": "TOW-6"}, "B0SIMKTL17"),
        ({}, ""),
    ],
)
def test_an_unknown_product_fails_the_whole_update(vendor, names, named):
    key = vendor.post(STOCK, stock_of((KETTLE, 3), (names, 1))).json()["payload"]["transactionId"]
    vendor.clock.step(2)
    error = {"code": "INVALID_ITEM_ID", "message": f"{named} is not a valid product ID"}
    assert vendor.look(key)["errors"] == {"errors": [error]}
    assert levels(vendor) == {}


def test_a_product_of_an_added_order_becomes_known(vendor, orders):
    order = copy.deepcopy(orders[0]) | {"purchaseOrderNumber": "Fresh1"}
    order["orderDetails"]["items"][0]["vendorProductIdentifier"] = "AAA"
    vendor.amazon.add_orders([order])
    assert vendor.end(STOCK, stock_of(({"vendorProductIdentifier": "AAA"}, 1))) == ("Success", [])


@pytest.mark.parametrize("amount", [-1, None])
def test_a_level_below_zero_or_without_an_amount_fails(vendor, amount):
    body = stock_of((KETTLE, amount))
    if amount is None:
        del body["inventory"]["items"][0]["availableQuantity"]["amount"]
    assert vendor.end(STOCK, body) == ("Failure", ["INVALID_QUANTITY"])


def test_a_product_that_stands_twice_fails(vendor):
    assert vendor.end(STOCK, stock_of((KETTLE, 1), (KETTLE, 2))) == ("Failure", ["DUPLICATE_ITEM"])


def test_a_full_update_sets_what_it_does_not_list_to_zero(vendor):
    towel = {"vendorProductIdentifier": "TOW-6"}
    vendor.end(STOCK, stock_of((KETTLE, 5), (towel, 6)))
    vendor.end(STOCK, stock_of((towel, 4), full=True))
    assert levels(vendor) == {"KTL-17-RED": 0, "TOW-6": 4}


def test_an_unknown_warehouse_fails_where_the_warehouses_are_known(open_amazon):
    vendor = open_amazon(warehouses=frozenset({"EWR1"}))
    assert vendor.end(STOCK.replace("EWR1", "XXX9"), stock_of((KETTLE, 1))) == ("Failure", ["INVALID_WAREHOUSE_ID"])
    assert vendor.end(STOCK, stock_of((KETTLE, 1))) == ("Success", [])


def test_an_inventory_update_may_be_repeated(vendor):
    for _ in range(2):
        assert vendor.end(STOCK, stock_of((KETTLE, 1))) == ("Success", [])
    assert vendor.amazon.state()["repeats"] == {}


def test_an_update_that_is_delayed_is_done_after_what_came_later(vendor):
    vendor.amazon.fail("delayed", "submitInventoryUpdate", seconds=600)
    key = vendor.post(STOCK, stock_of((KETTLE, 7))).json()["payload"]["transactionId"]
    assert vendor.end(STOCK, stock_of((KETTLE, 9))) == ("Success", [])
    assert (levels(vendor), vendor.look(key)["status"]) == ({"KTL-17-RED": 9}, "Processing")
    vendor.clock.step(600)
    assert (levels(vendor), vendor.look(key)["status"]) == ({"KTL-17-RED": 7}, "Success")


def test_a_delayed_update_may_have_no_answer(vendor):
    vendor.amazon.fail("delayed_then_closed", "submitInventoryUpdate", seconds=600)
    with pytest.raises(httpx.RemoteProtocolError):
        vendor.post(STOCK, stock_of((KETTLE, 7)))
    vendor.clock.step(599)
    assert levels(vendor) == {}
    vendor.clock.step(10)
    assert levels(vendor) == {"KTL-17-RED": 7}


# --- invoices


def bills(*bodies):
    return {"invoices": list(bodies)}


@pytest.fixture
def shipped(vendor, orders):
    """Ship one order."""
    accept(vendor, orders[0])
    assert vendor.end(SHIPS, ships(ship_of(orders[0]))) == ("Success", [])
    return vendor


def test_an_invoice_of_a_shipped_order_takes_effect_once(shipped, orders):
    assert shipped.end(PAYMENTS, bills(invoice_of(orders[0]))) == ("Success", [])
    assert shipped.end(PAYMENTS, bills(invoice_of(orders[0]))) == ("Failure", ["DUPLICATE_INVOICE_NUMBER"])
    assert shipped.end(PAYMENTS, bills(invoice_of(orders[0], "INV-2"))) == ("Failure", ["ORDER_ALREADY_INVOICED"])
    state = shipped.amazon.state()
    assert state["effects"]["submitInvoice"] == {"INV-1": 1}
    assert state["repeats"]["submitInvoice"] == {"INV-1": 1}
    assert state["invoices"] == {"INV-1": [orders[0]["purchaseOrderNumber"]]}


@pytest.mark.parametrize(
    "code, more",
    [
        ("INVALID_INVOICE_DATE", {"invoiceDate": "2027-01-01T00:00:00Z"}),
        ("INVALID_TOTAL", {"invoiceTotal": {"currencyCode": "USD", "amount": "1.00"}}),
        ("INVALID_CURRENCY", {"invoiceTotal": {"currencyCode": "EUR", "amount": "24.50"}}),
        ("INVALID_PARTY_ID", {"billToParty": {"partyId": "ELSE"}}),
        ("MISSING_ITEM", {"items": [], "invoiceTotal": {"currencyCode": "USD", "amount": "0.00"}}),
    ],
)
def test_a_rule_of_invoices_that_is_broken_is_told(shipped, orders, code, more):
    status, codes = shipped.end(PAYMENTS, bills(invoice_of(orders[0], **more)))
    assert (status, code in codes) == ("Failure", True)
    assert "submitInvoice" not in shipped.amazon.state()["effects"]


def test_an_invoice_before_the_shipment_is_refused(vendor, orders):
    accept(vendor, orders[0])
    assert vendor.end(PAYMENTS, bills(invoice_of(orders[0]))) == ("Failure", ["ORDER_NOT_SHIPPED"])
