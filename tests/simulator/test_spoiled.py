"""Answers that are not as they should be, orders that come late or are cancelled, and pages that lead nowhere."""

import base64
import binascii
import json

import httpx
import pytest

from tests.simulator.vendor import ACKS, LABELS, ORDERS, SHIPS, SLIPS, WINDOW, ack_of, ship_of

GIFT = 3  # the sample order that needs a packing slip


def accept(vendor, order):
    assert vendor.end(ACKS, {"orderAcknowledgements": [ack_of(order)]}) == ("Success", [])


def numbers(answer):
    return [order["purchaseOrderNumber"] for order in answer.json()["orders"]]


# --- bodies


def test_a_body_may_be_cut_in_half(vendor, orders):
    vendor.amazon.fail("truncated", "submitAcknowledgement")
    answer = vendor.acknowledge(orders[0])
    assert answer.status_code == 202
    with pytest.raises(json.JSONDecodeError):
        answer.json()
    assert vendor.acknowledged() == {orders[0]["purchaseOrderNumber"]: 1}


def test_a_body_may_end_before_it_should(vendor, orders):
    vendor.amazon.fail("cut_off", "submitAcknowledgement")
    with pytest.raises(httpx.RemoteProtocolError, match="without sending complete"):
        vendor.acknowledge(orders[0])
    assert vendor.acknowledged() == {orders[0]["purchaseOrderNumber"]: 1}


@pytest.mark.parametrize(
    "kind, status, content",
    [
        ("empty", 202, b"{}"),
        ("no_content", 202, b""),
        ("wrong_type", 202, b'{"transactionId": 7}'),
        ("nan", 202, b'{"transactionId": NaN}'),
    ],
)
def test_a_body_may_say_nothing_of_use(vendor, orders, kind, status, content):
    vendor.amazon.fail(kind, "submitAcknowledgement")
    answer = vendor.acknowledge(orders[0])
    assert (answer.status_code, answer.content) == (status, content)
    assert vendor.acknowledged() == {orders[0]["purchaseOrderNumber"]: 1}


def test_in_version_1_what_says_nothing_says_it_in_its_envelope(vendor, orders):
    vendor.amazon.fail("empty", "submitAcknowledgement")
    vendor.amazon.fail("wrong_type", "submitAcknowledgement")
    path, body = ACKS.replace("2021-12-28", "v1"), {"orderAcknowledgements": [ack_of(orders[0])]}
    assert vendor.post(path, body).json() == {"payload": {}}
    assert vendor.post(path, body).json() == {"payload": {"transactionId": 7}}


def test_a_name_may_stand_twice(vendor, orders):
    vendor.amazon.fail("duplicate_keys", "submitAcknowledgement")
    answer = vendor.acknowledge(orders[0])
    pairs = json.loads(answer.content, object_pairs_hook=list)
    assert [name for name, _ in pairs] == ["transactionId", "transactionId"]


def test_a_page_of_html_may_come_with_200(vendor, orders):
    vendor.amazon.fail("html", "submitAcknowledgement")
    answer = vendor.acknowledge(orders[0])
    assert (answer.status_code, answer.headers["content-type"]) == (200, "text/html")
    assert "transactionId" not in answer.text


def test_a_body_may_be_huge_or_become_so(vendor):
    vendor.amazon.fail("huge", "getOrders")
    vendor.amazon.fail("gzip_bomb", "getOrders")
    for beyond, on_the_wire in ((100_000_000, 100_000_000), (300_000_000, 3_000_000)):
        headers = {"x-amz-access-token": vendor.restricted_token()}
        with vendor.http.stream("GET", ORDERS, params=WINDOW, headers=headers) as answer:
            assert int(answer.headers["content-length"]) <= on_the_wire
            assert sum(map(len, answer.iter_bytes())) >= beyond


def test_a_redirect_is_seen_to_be_followed(vendor, orders):
    vendor.amazon.fail("redirect", "submitAcknowledgement")
    answer = vendor.acknowledge(orders[0])
    assert (answer.status_code, answer.headers["location"]) == (307, "/redirected")
    vendor.http.get("/redirected")
    assert vendor.amazon.state()["requests"][-1]["path"] == "/redirected"
    assert vendor.acknowledged() == {}


def test_an_error_may_repeat_what_was_sent(vendor, orders):
    vendor.amazon.fail("echo", "submitAcknowledgement")
    answer = vendor.acknowledge(orders[0])
    assert answer.status_code == 400
    assert orders[0]["purchaseOrderNumber"] in answer.text
    assert "Atza|" in answer.text
    vendor.amazon.fail("echo", "token")
    assert vendor.amazon.settings.client_secret in vendor.log_in().text


def test_an_answer_may_drip(vendor):
    vendor.token()
    vendor.amazon.fail("drip", "token", seconds=0.001)
    before = vendor.http.get("/_simulator/state").elapsed  # a connection is open
    answer = vendor.log_in()
    assert answer.status_code == 200
    assert answer.elapsed.total_seconds() > 0.001 * len(answer.content) > 0
    assert before.total_seconds() < 5


# --- papers


@pytest.mark.parametrize(
    "kind, magic", [("wrong_magic", b"GIF89a"), ("zero_bytes", b""), ("stored_forms", b"^XA^DFE:FORM.ZPL")]
)
@pytest.mark.parametrize("path", [LABELS, SLIPS])
def test_a_paper_may_be_none(vendor, orders, kind, magic, path):
    accept(vendor, orders[GIFT])
    vendor.label(orders[GIFT])
    for operation in ("getShippingLabel", "getPackingSlip"):
        vendor.amazon.fail(kind, operation)
    told = vendor.get(f"{path}/{orders[GIFT]['purchaseOrderNumber']}").json()
    content = (told["labelData"][0] if path == LABELS else told)["content"]
    found = base64.b64decode(content, validate=True)
    assert found.startswith(magic)
    assert (found == b"") == (magic == b"")


def test_a_paper_may_be_no_base64(vendor, orders):
    accept(vendor, orders[0])
    vendor.amazon.fail("junk_base64", "createShippingLabels")
    content = vendor.label(orders[0]).json()["labelData"][0]["content"]
    with pytest.raises(binascii.Error):
        base64.b64decode(content, validate=True)


def test_a_paper_may_be_large(vendor, orders):
    accept(vendor, orders[0])
    vendor.amazon.fail("large_paper", "createShippingLabels")
    content = vendor.label(orders[0]).json()["labelData"][0]["content"]
    assert len(base64.b64decode(content)) == 60_000_000


def test_a_label_may_be_empty_once_and_there_the_next_time(vendor, orders):
    accept(vendor, orders[0])
    vendor.amazon.fail("empty_label", "createShippingLabels")
    vendor.amazon.fail("empty", "getShippingLabel")
    assert vendor.label(orders[0]).json()["labelData"] == []
    path = f"{LABELS}/{orders[0]['purchaseOrderNumber']}"
    assert vendor.get(path).json() == {}
    assert len(vendor.get(path).json()["labelData"]) == 1
    assert vendor.state_of(orders[0])["labelled"] == 1


# --- orders


def test_orders_may_come_late_with_their_old_dates(open_amazon, orders):
    vendor = open_amazon(token_seconds=1_000_000)
    first = numbers(vendor.list(limit=5))
    vendor.amazon.fail("late", "getOrders", seconds=86_400)
    assert numbers(vendor.list()) == first
    hidden = orders[9]["purchaseOrderNumber"]
    assert vendor.get(f"{ORDERS}/{hidden}").status_code == 404
    vendor.clock.step(86_399)
    assert numbers(vendor.list()) == first
    vendor.clock.step(1)
    window = {"createdBefore": "2026-12-01T12:00:00Z"}
    assert numbers(vendor.list(**window)) == [order["purchaseOrderNumber"] for order in orders]


def test_one_order_may_come_late(open_amazon, orders):
    vendor = open_amazon(token_seconds=1_000_000)
    order = orders[0] | {"purchaseOrderNumber": "Late1"}
    vendor.http.post("/_simulator/orders?late=3600", json=[order])
    assert "Late1" not in numbers(vendor.list())
    vendor.clock.step(3600)
    assert "Late1" in numbers(vendor.list())


@pytest.mark.parametrize("seconds", [0, 600])
def test_amazon_may_cancel_what_was_accepted(vendor, orders, seconds):
    vendor.amazon.fail("cancelled", "submitAcknowledgement", seconds=seconds)
    accept(vendor, orders[0])
    number = orders[0]["purchaseOrderNumber"]
    assert vendor.status(number) == ("ACCEPTED" if seconds else "CANCELLED")
    vendor.clock.step(seconds)
    assert vendor.status(number) == "CANCELLED"
    assert vendor.label(orders[0]).status_code == 409


def test_amazon_may_cancel_what_was_labelled(vendor, orders):
    accept(vendor, orders[0])
    vendor.amazon.fail("cancelled", "createShippingLabels", seconds=60)
    assert vendor.label(orders[0]).status_code == 200
    vendor.clock.step(60)
    assert vendor.status(orders[0]["purchaseOrderNumber"]) == "CANCELLED"


def test_what_has_been_shipped_is_not_cancelled(vendor, orders):
    vendor.amazon.fail("cancelled", "submitAcknowledgement", seconds=60)
    accept(vendor, orders[0])
    assert vendor.end(SHIPS, {"shipmentConfirmations": [ship_of(orders[0])]}) == ("Success", [])
    vendor.clock.step(60)
    assert vendor.status(orders[0]["purchaseOrderNumber"]) == "SHIPPED"


# --- pages


def test_a_page_may_lead_to_itself(vendor):
    vendor.amazon.fail("page_loop", "getOrders", times=3)
    first = vendor.list(limit=5)
    token = first.json()["pagination"]["nextToken"]
    for _ in range(2):
        again = vendor.list(limit=5, nextToken=token)
        assert numbers(again) == numbers(first)
        assert again.json()["pagination"]["nextToken"] == token
    assert vendor.list(limit=5, nextToken=token).json()["pagination"]["nextToken"] != token


def test_a_page_may_come_again_under_another_token(vendor, orders):
    vendor.amazon.fail("page_again", "getOrders", times=2)
    pages, token = [], {}
    while token is not None:
        answer = vendor.list(limit=10, **token)
        pages.append(numbers(answer))
        following = answer.json().get("pagination", {}).get("nextToken")
        assert following != token.get("nextToken", "")
        token = {"nextToken": following} if following else None
    assert [len(page) for page in pages] == [10, 10, 10, 3]
    assert {number for page in pages for number in page} == {order["purchaseOrderNumber"] for order in orders}
