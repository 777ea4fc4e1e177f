"""Labels, slips, rights and sandbox orders with the pretend Amazon at the other end."""

import base64
import json

import pytest

from tests.endpoints.spapi_bodies import SHIPPING
from tests.endpoints.spapi_clock import NOW
from tests.endpoints.spapi_scripted import account
from tests.simulator.vendor import ack_of, parties_of, scan_of
from translator.core.finding import Rejected, Unavailable, Unknown
from translator.core.private import Private
from translator.documents.kind import kinds
from translator.documents.label_request import asynchronous
from translator.endpoints.endpoint import Outgoing, Put, Seen, Verdict
from translator.endpoints.spapi import Bringing, Fetched, Labels, Submission
from translator.endpoints.spapi.rights import rights
from translator.endpoints.spapi.scenarios import generate_scenarios, scenarios
from translator.simulator.amazon import Amazon, AmazonSettings
from translator.simulator.orders import sample_orders

LABELS = f"{SHIPPING}/shippingLabels"


@pytest.fixture
def opened(clock):
    made = []

    def go(**settings):
        amazon = Amazon(AmazonSettings(vendor="ACMEG", **settings), sample_orders("ACMEG", ["EWR1"], 20, NOW), clock)
        amazon.start()
        given = amazon.settings
        ours = account(
            amazon.url,
            clock,
            client_id=given.client_id,
            client_secret=lambda: Private(given.client_secret),
            refresh_token=lambda: Private(given.refresh_token),
        )
        made.append((amazon, ours))
        return amazon, ours

    yield go
    for amazon, ours in made:
        ours.close()
        amazon.stop()
        assert amazon.state()["crashes"] == []


def an_order(slip=False):
    return next(
        one
        for one in sample_orders("ACMEG", ["EWR1"], 20, NOW)
        if one["orderDetails"]["orderStatus"] == "NEW"
        and (not slip or one["orderDetails"]["shipmentDetails"]["isPslipRequired"])
    )


def put(endpoint, path, body, about=""):
    return endpoint.put(Outgoing("x", json.dumps(body).encode(), 1, "token", path=path, about=about), lambda _: None)


def accepted(ours, clock, order):
    acks = Submission(ours, "submitAcknowledgement")
    receipt = put(acks, ours.path("orders", "acknowledgements"), {"orderAcknowledgements": [ack_of(order)]})
    clock.step(5)
    assert acks.look([Put("x", receipt)])[0].verdict is Verdict.ACCEPTED
    return order["purchaseOrderNumber"]


def fetched(ours, clock, kind, number):
    return b"".join(Fetched(ours, clock, kinds()[kind].fetch).fetch(Seen(number, "")))


def labelling(ours, clock):
    return Labels(ours, clock, LABELS, asynchronous)


def test_a_label_is_made_at_once_and_can_be_fetched_again(opened, clock):
    _, ours = opened()
    order = an_order()
    number = accepted(ours, clock, order)
    assert fetched(ours, clock, "shipping_label", number) == b""
    receipt = put(labelling(ours, clock), f"{LABELS}/{number}", parties_of(order), number)
    (package,) = json.loads(receipt.data)["labelData"]
    assert base64.b64decode(package["content"]).startswith(b"\x89PNG")
    assert json.loads(fetched(ours, clock, "shipping_label", number))["labelData"] == [package]


def test_a_label_whose_answer_was_lost_is_found(opened, clock):
    amazon, ours = opened()
    order = an_order()
    number = accepted(ours, clock, order)
    labels = labelling(ours, clock)
    amazon.fail("applied_then_closed", "createShippingLabels")
    with pytest.raises(Unknown):
        put(labels, f"{LABELS}/{number}", parties_of(order), number)
    assert labels.look([Put("x", None, about=number)])[0].verdict is Verdict.ACCEPTED


def test_a_label_that_was_not_made_is_not_there(opened, clock):
    amazon, ours = opened()
    order = an_order()
    number = accepted(ours, clock, order)
    labels = labelling(ours, clock)
    amazon.fail("closed", "createShippingLabels")
    with pytest.raises(Unknown):
        put(labels, f"{LABELS}/{number}", parties_of(order), number)
    assert labels.look([Put("x", None, about=number)])[0].verdict is Verdict.NOT_THERE


def test_where_the_operation_is_denied_a_transaction_brings_the_label(opened, clock):
    amazon, ours = opened()
    order = an_order()
    number = accepted(ours, clock, order)
    labels = labelling(ours, clock)
    amazon.fail("denied", "createShippingLabels", times=2)
    receipt = put(labels, f"{LABELS}/{number}", parties_of(order), number)
    looked = Put("x", receipt, about=number)
    assert labels.look([looked])[0].verdict is Verdict.WAITING
    clock.step(5)
    assert labels.look([looked])[0].verdict is Verdict.ACCEPTED
    assert json.loads(fetched(ours, clock, "shipping_label", number))["labelData"]


@pytest.mark.parametrize("cancelled", [False, True])
def test_a_label_too_early_or_too_late_is_refused_or_a_conflict(opened, clock, cancelled):
    amazon, ours = opened()
    order = an_order()
    number = order["purchaseOrderNumber"]
    if cancelled:
        amazon.cancel(number)
    labels = labelling(ours, clock)
    with pytest.raises((Rejected, Unknown)) as told:
        put(labels, f"{LABELS}/{number}", parties_of(order), number)
    if told.type is Unknown:
        assert labels.look([Put("x", None, about=number)])[0].verdict is Verdict.CANNOT_TELL


def test_a_slip_is_fetched_where_there_is_one(opened, clock):
    _, ours = opened()
    order = an_order(slip=True)
    number = accepted(ours, clock, order)
    slip = json.loads(fetched(ours, clock, "packing_slip", number))
    assert base64.b64decode(slip["content"]).startswith(b"%PDF")


def test_an_order_is_fetched_again(opened, clock):
    amazon, ours = opened()
    number = an_order()["purchaseOrderNumber"]
    amazon.cancel(number)
    assert json.loads(fetched(ours, clock, "order", number))["orderDetails"]["orderStatus"] == "CANCELLED"


def test_a_container_label_comes_with_the_answer(opened, clock):
    _, ours = opened()
    order = an_order()
    number = accepted(ours, clock, order)
    label = json.loads(put(labelling(ours, clock), f"{LABELS}/{number}", parties_of(order), number).data)
    tracking = label["labelData"][0]["trackingNumber"]
    body = {"carrierId": "SWA", "vendorContainerId": "P1", "packages": [{"packageTrackingNumber": tracking}]}
    receipt = put(Bringing(ours), f"{SHIPPING}/containerLabel", parties_of(order) | body, "P1")
    assert json.loads(receipt.data)["containerLabel"]["content"]


def test_a_status_update_is_followed_and_an_unknown_one_cannot_be_told(opened, clock):
    amazon, ours = opened(type="own-carrier")
    scans = Submission(ours, "submitShipmentStatusUpdates")
    path, body = ours.path("shipping", "shipmentStatusUpdates"), {"shipmentStatusUpdates": [scan_of(an_order())]}
    assert put(scans, path, body).text
    amazon.fail("applied_then_closed", "submitShipmentStatusUpdates")
    with pytest.raises(Unknown):
        put(scans, path, body)
    assert scans.look([Put("x", None, about="A1")])[0].verdict is Verdict.CANNOT_TELL


@pytest.mark.parametrize("type_", ["mixed", "label-only", "own-label", "own-carrier", "amxl"])
def test_the_rights_of_every_type_of_account_are_well(opened, type_):
    amazon, ours = opened(type=type_)
    found = list(rights(ours))
    assert [one for one in found if not one.well] == []
    assert amazon.state()["effects"] == {}


def test_a_sandbox_makes_the_orders_it_was_asked_for(opened, clock):
    _, ours = opened(sandbox=True)
    number = generate_scenarios(ours, [("ACMEG", "EWR1")])
    assert scenarios(ours, number) is None
    clock.step(5)
    made = scenarios(ours, number)
    assert made
    assert json.loads(fetched(ours, clock, "order", made[0]))["purchaseOrderNumber"] == made[0]


def test_what_is_no_sandbox_makes_none(opened):
    _, ours = opened()
    with pytest.raises(Unavailable, match="denies access"):
        generate_scenarios(ours, [("ACMEG", "EWR1")])
