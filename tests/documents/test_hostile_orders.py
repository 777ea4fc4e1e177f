"""What a careless or hostile sender says of an order; the numbers are those of reliability-security §3.9.

62, labels that must not be printed, has its own page: test_shipping_label.py.
"""

import ast
from base64 import b64encode
from datetime import timedelta
from pathlib import Path

import pytest

import translator
from tests.documents.given import NOW, box, codes, completed, line, order, redacted, ship
from translator.core.finding import errors
from translator.documents import acknowledgement, shipment_confirmation
from translator.documents.kind import Revision, kinds
from translator.documents.order import split
from translator.documents.values import iso

KIND = "shipment_confirmation"
TWO = order(line("00001", 2), line("00002", 1, sku="SKU-2", asin="B2"))
WHOLE = ship(box({1: 2, 2: 1}, containerIdentifier="A"))


def told(said, known=TWO, **asked):
    return completed(KIND, said, known, **asked).findings


def only(findings):
    (found,) = errors(findings)
    return found


# --- 54 ------------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("ahead, sent", [(-1, -1), (0, 0), (1, 0), (300, 0)])
def test_54_a_warehouse_whose_clock_is_fast_ships_now(ahead, sent):
    document = completed(KIND, ship(at=iso(NOW + timedelta(seconds=ahead))), TWO)
    assert errors(document.findings) == []
    assert document.tree["shipmentDetails"]["shippedDate"] == iso(NOW + timedelta(seconds=sent))
    assert ("shipped-date-clamped" in codes(document.findings, "info")) == (ahead > 0)


def test_54_one_that_is_faster_than_five_minutes_is_refused():
    assert only(told(ship(at=iso(NOW + timedelta(seconds=301))))).code == "shipped-date-future"


# --- 55 ------------------------------------------------------------------------------------------------------------------


def test_55_a_row_that_stands_twice_in_one_file_is_named_as_what_it_is():
    twice = box({1: 2, 2: 1}, containerIdentifier="A")
    twice["packedItems"].append(twice["packedItems"][0])
    found = only(told(ship(twice)))
    assert found.code == "row-twice"
    assert "translator deny" in found.hint


def test_55_a_row_of_two_lots_stands_twice_and_is_right():
    lots = box({1: 1, 2: 1}, containerIdentifier="A")
    lots["packedItems"].append(lots["packedItems"][0])
    assert errors(told(ship(lots))) == []


def test_55_a_file_that_comes_twice_is_a_duplicate():
    assert kinds()[KIND].revise(WHOLE, WHOLE).verdict is Revision.SAME


def test_55_more_shipped_than_ordered_is_never_trimmed():
    found = only(told(ship(box({1: 3, 2: 1}, containerIdentifier="A"))))
    assert (found.code, "3 shipped, 2 ordered" in found.text) == ("over-shipped", True)
    assert "translator deny" in found.hint


def test_55_an_unknown_order_is_named():
    assert only(told(WHOLE | {"purchaseOrderNumber": "NOPE"}, None)).code == "order-unknown"


def test_55_a_cancelled_order_is_for_a_person():
    found = [
        one
        for one in told(WHOLE, order(line("1", 2), line("2", 1), status="CANCELLED"))
        if one.code == "order-cancelled"
    ]
    assert [("translator reject" in one.hint, str(one.severity)) for one in found] == [(True, "warning")]


def test_55_a_row_of_two_orders_is_of_neither():
    assert only(told(WHOLE | {"purchaseOrderNumber": "OTHER"})).code == "order-differs"


def test_55_lines_that_are_lacking_are_waited_for_and_never_sent_short():
    part = ship(box({1: 1, 2: 1}, containerIdentifier="A"))
    assert errors(told(part)) == []
    assert shipment_confirmation.lacking(part, TWO) == ["1"]


@pytest.mark.parametrize("name", ["vendorProductIdentifier", "buyerProductIdentifier"])
def test_55_another_product_in_a_lines_place_is_named(name):
    other = box({1: 2, 2: 1}, containerIdentifier="A")
    other["packedItems"][0][name] = "ANOTHER"
    found = only(told(ship(other)))
    assert (found.code, found.data.path) == ("substituted", f"/containers/0/packedItems/0/{name}")
    assert "translator deny" in found.hint


@pytest.mark.parametrize(
    "change, word",
    [
        (ship(box({1: 2, 2: 1}, containerIdentifier="A", trackingNumber="1ZNEW")), "tracking numbers"),
        (ship(box({1: 2, 2: 1}, containerIdentifier="A", shipMethod="UPS_2ND")), "ship methods"),
        (ship(box({1: 2}, containerIdentifier="A"), box({2: 1}, containerIdentifier="B")), "containers, contents"),
        (ship(box({1: 2, 2: 1}, containerIdentifier="A"), at="2026-12-01T13:00:00Z"), "date"),
        (ship(status="FLOOR_DENIAL"), "status"),
        (WHOLE, "says the same"),
    ],
)
def test_55_a_correction_after_the_confirmation_is_for_a_person_and_says_what_differs(change, word):
    before = completed(KIND, WHOLE, TWO).tree
    found = only(told(change, confirmed=before))
    assert found.code == "already-confirmed"
    assert word in found.text
    assert "translator reject" in found.hint
    assert "1ZNEW" not in found.text


# --- 57 ------------------------------------------------------------------------------------------------------------------


def ack(code):
    return {"acknowledgementStatus": {"code": code}}


def test_57_an_acknowledgement_of_an_acknowledged_order_is_a_duplicate():
    assert acknowledgement.revise(ack("00"), {}).verdict is Revision.SAME
    assert acknowledgement.revise({}, {"vendorOrderNumber": "W8"}).verdict is Revision.SAME
    assert acknowledgement.revise(ack("03"), ack("03")).verdict is Revision.SAME


@pytest.mark.parametrize("was, now", [("03", "00"), ("00", "03"), ("03", "71")])
def test_57_an_acceptance_after_a_refusal_and_the_reverse_contradict(was, now):
    made = acknowledgement.revise(ack(was), ack(now))
    assert (made.verdict, made.tree) == (Revision.CONTRADICTION, ack(was))
    assert was in made.reason
    assert now in made.reason


@pytest.mark.parametrize("code", ["07", "08", "09", "21", "22"])
def test_57_what_amazon_withholds_is_no_reason_to_refuse(code):
    hidden = redacted(order())
    found = only(completed("acknowledgement", ack(code), hidden).findings)
    assert found.code == "ack-redacted"


@pytest.mark.parametrize("code", ["21", "22"])
def test_57_a_second_line_of_xs_is_withheld_and_one_that_is_lacking_is_not(code):
    known = order()
    assert completed("acknowledgement", ack(code), known).findings == ()
    name = {"21": "addressLine2", "22": "addressLine3"}[code]
    known["orderDetails"]["shipToParty"][name] = "xxxxx"
    assert codes(errors(completed("acknowledgement", ack(code), known).findings)) == ["ack-redacted"]
    known["orderDetails"]["shipToParty"][name] = "Flat 3"
    assert completed("acknowledgement", ack(code), known).findings == ()


# --- 63 ------------------------------------------------------------------------------------------------------------------

CODE = Path(translator.__file__).parent
CLIENTS = {"httpx", "requests", "http", "urllib3", "aiohttp", "ftplib", "webbrowser"}


@pytest.mark.parametrize(
    "url", ["http://169.254.169.254/latest/meta-data", "file:///etc/passwd", "https://a.example/x.zip"]
)
def test_63_the_url_of_a_customised_item_stays_the_text_that_amazon_sent(url):
    secret = b64encode(url.encode()).decode()
    ((tree, found),) = split({"orders": [order(line(buyerCustomizedInfo={"customizedUrl": secret}))]})
    assert tree["orderDetails"]["items"][0]["buyerCustomizedInfo"] == {"customizedUrl": secret}
    assert not any(url in one.text or secret in one.text for one in found)


def imported(module):
    for node in ast.walk(ast.parse(module.read_text(encoding="utf-8"))):
        names = [one.name for one in node.names] if isinstance(node, ast.Import) else []
        yield from [*names, node.module or ""] if isinstance(node, ast.ImportFrom) else names


def test_63_nothing_but_the_way_to_amazons_hosts_can_fetch_a_url():
    fetching = {
        module.relative_to(CODE).parts[:2]
        for module in CODE.rglob("*.py")
        for name in imported(module)
        if name.split(".")[0] in CLIENTS or name == "urllib.request"
    }
    assert fetching - {("simulator", "wire.py")} == {("endpoints", "spapi")}


def test_63_no_code_but_the_table_of_fields_knows_the_url():
    knowing = [module.name for module in CODE.rglob("*.py") if "customizedUrl" in module.read_text(encoding="utf-8")]
    assert knowing == ["order.py"]
