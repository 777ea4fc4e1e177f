"""Orders: split out of what Amazon sends, checked, and compared when they come again."""

from copy import deepcopy
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.documents import amazon
from tests.documents.given import NOW, codes, line, order, orders, redacted
from translator.core.document import Document
from translator.core.finding import Rejected, errors
from translator.core.tree import at
from translator.documents.kind import Asked, Revision, kinds
from translator.documents.order import check, key, warehouse
from translator.documents.order import split as split_and_checked
from translator.documents.revision import revise

KIND = kinds()["order"]
BODIES = amazon.examples("getOrder.v*-200-*.json") + amazon.examples("getOrders.v*-200-*.json")


def split(body):
    """The orders alone; what is told with each is what `check` tells of it."""
    found = split_and_checked(body)
    assert all(told == check(tree) for tree, told in found)
    return [tree for tree, _ in found]


def changed(tree, path, value):
    tree = deepcopy(tree)
    *above, last = path.split(".")
    (at(tree, ".".join(above)) if above else tree)[last] = value
    return tree


@amazon.needs_models
@pytest.mark.parametrize("body", [pytest.param(body, id=name) for name, body in BODIES])
def test_amazons_examples_are_split_and_clean(body):
    found = split(body)
    assert found
    for tree in found:
        with_details = "orderDetails" in tree
        assert codes(check(tree)) == ([] if with_details else ["field-missing"])
        assert warehouse(tree) == ("ABCD" if with_details else "")


@pytest.mark.parametrize(
    "body",
    [
        order(),
        [order()],
        {"orders": [order()]},
        {"payload": order()},
        {"payload": {"orders": [order()], "pagination": {"nextToken": "x"}}},
        {"payload": [order()]},
    ],
)
def test_every_shape_gives_the_same_order(body):
    assert split(body) == [order()]


@pytest.mark.parametrize("body", [{}, None, {"payload": {}}, {"payload": None}, {"orders": []}, {"pagination": {}}, []])
def test_an_empty_page_holds_no_order(body):
    assert split(body) == []


@pytest.mark.parametrize(
    "body", ["<html>", 7, True, {"errors": [{"code": "x"}]}, {"orders": {"a": 1}}, {"payload": "x"}]
)
def test_what_is_no_page_is_rejected_with_what_was_expected(body):
    with pytest.raises(Rejected) as raised:
        split(body)
    assert codes(raised.value.findings) == ["order-shape"]


@pytest.mark.parametrize("number", ["../../x", "ABC\n", "/etc/x", "a" * 33, "A B", "É1", 12345, "a/b", "CON."])
def test_a_number_that_is_none_costs_its_own_order_only(number):
    bad, good = split({"orders": [order(number=number), order()]})
    assert "po-unsafe" in codes(errors(check(bad)))
    assert errors(check(good)) == []


def test_an_entry_that_is_no_order_costs_itself_only():
    bad, good = split([None, order()])
    assert errors(check(bad))
    assert check(good) == []


def test_a_moment_without_a_zone_is_one_of_utc():
    dates = {"requiredShipDate": "2026-12-02T00:00:00", "promisedDeliveryDate": "2026-12-04T08:00:00-05:00"}
    sent = changed(order(orderDate="2026-11-30T09:00:00.250"), "orderDetails.shipmentDetails.shipmentDates", dates)
    ((tree, found),) = split_and_checked(sent)
    assert found == []
    assert at(tree, "orderDetails.orderDate") == "2026-11-30T09:00:00.250Z"
    assert at(tree, "orderDetails.shipmentDetails.shipmentDates") == dates | {
        "requiredShipDate": "2026-12-02T00:00:00Z"
    }


def test_the_case_of_a_number_matters():
    assert key(order(number="abc")) != key(order(number="ABC"))


def test_nulls_and_empties_go_and_unknown_fields_stay():
    sent = order(taxTotal=None, brandNew={"a": 1, "b": None}, hasCustomizableItems=False)
    (tree,) = split(sent)
    assert "taxTotal" not in tree["orderDetails"]
    assert tree["orderDetails"]["brandNew"] == {"a": 1}
    assert tree["orderDetails"]["hasCustomizableItems"] is False
    assert check(tree) == []


@pytest.mark.parametrize(
    "hidden", ["shipToParty.name", "shipToParty.addressLine1", "shipmentDetails.messageToCustomer"]
)
def test_what_amazon_withholds_is_not_even_worth_a_warning(hidden):
    (tree,) = split(changed(order(), f"orderDetails.{hidden}", ""))
    assert check(tree) == []


@pytest.mark.parametrize(
    "path, value",
    [
        ("orderDetails", None),
        ("orderDetails.items", []),
        ("orderDetails.items", [line(number="")]),
        ("orderDetails.items", [line(amount=0)]),
        ("orderDetails.items", [line(amount="1.5")]),
        ("orderDetails.items", [line(), line()]),
        ("orderDetails.shipFromParty", {}),
        ("orderDetails.sellingParty", {"partyId": ""}),
        ("purchaseOrderNumber", ""),
    ],
)
def test_nothing_goes_on_without_what_is_vital(path, value):
    (tree,) = split([changed(order(), path, value)])
    assert errors(check(tree))


@pytest.mark.parametrize("path", ["orderDate", "customerOrderNumber", "shipmentDetails", "billToParty", "shipToParty"])
def test_what_else_is_missing_is_told_and_survived(path):
    (tree,) = split(changed(order(), f"orderDetails.{path}", None))
    assert codes(check(tree), "warning") == ["field-missing"]
    assert errors(check(tree)) == []


def test_findings_never_hold_what_belongs_to_a_person():
    tree = changed(order(), "orderDetails.shipToParty.name", {"first": "Zoë"})
    tree = changed(tree, "orderDetails.shipToParty.phone", 5551234)
    assert codes(check(tree)) == ["field-type", "field-type"]
    assert "Zoë" not in str(check(tree))
    assert "5551234" not in str(check(tree))


# --- when it comes again -------------------------------------------------------------------------------------------


@given(orders())
def test_an_order_that_comes_again_is_the_same(tree):
    revised = revise(tree, deepcopy(tree))
    assert (revised.verdict, revised.tree) == (Revision.SAME, tree)


def test_a_moved_status_is_newer():
    revised = revise(order(), order(status="CANCELLED"))
    assert revised.verdict is Revision.NEWER
    assert revised.tree == order(status="CANCELLED")
    assert revised.reason == "orderStatus NEW → CANCELLED"


@pytest.mark.parametrize("was, late", [("ACCEPTED", "NEW"), ("SHIPPED", "ACCEPTED"), ("CANCELLED", "NEW")])
def test_a_status_never_goes_back(was, late):
    revised = revise(order(status=was), order(status=late))
    assert (revised.verdict, revised.tree) == (Revision.SAME, order(status=was))


def test_shipped_and_cancelled_exclude_each_other():
    assert revise(order(status="SHIPPED"), order(status="CANCELLED")).verdict is Revision.CONTRADICTION


def test_redacted_values_never_replace_real_ones():
    assert revise(order(), redacted(order())).verdict is Revision.SAME
    moved = revise(order(), redacted(order(status="CANCELLED")))
    assert moved.tree == order(status="CANCELLED")


def test_real_values_replace_redacted_ones_and_the_places_are_told_not_the_values():
    revised = revise(redacted(order()), order())
    assert (revised.verdict, revised.tree) == (Revision.NEWER, order())
    assert "/orderDetails/shipToParty/name" in revised.reason
    assert "Zoë" not in revised.reason


def test_a_gift_message_within_an_item_is_kept_too():
    with_gift = order(line(giftDetails={"giftMessage": "Happy birthday", "giftWrapId": "W1"}))
    without = order(line(giftDetails={"giftMessage": "xxxxx", "giftWrapId": "W2"}))
    gift = revise(with_gift, without).tree["orderDetails"]["items"][0]["giftDetails"]
    assert gift == {"giftMessage": "Happy birthday", "giftWrapId": "W2"}


def test_a_title_of_x_is_no_redaction():
    assert revise(order(line(title="A thing")), order(line(title="XX"))).tree == order(line(title="XX"))


def test_a_sku_of_x_is_no_redaction():
    assert revise(order(line(sku="A")), order(line(sku="XX"))).verdict is Revision.CONTRADICTION


@pytest.mark.parametrize(
    "other",
    [
        order(line(amount=2)),
        order(line(), line("00002")),
        order(line("00002")),
        order(line(asin="B9")),
        order(shipFromParty={"partyId": "RNO4"}),
    ],
)
def test_what_cannot_change_contradicts(other):
    revised = revise(order(), other)
    assert (revised.verdict, revised.tree) == (Revision.CONTRADICTION, order())
    assert revised.reason


def test_a_page_without_details_says_nothing_new():
    assert revise(order(), {"purchaseOrderNumber": "D3rC3KTxG"}).verdict is Revision.SAME


STATUSES = st.sampled_from(["NEW", "ACCEPTED", "SHIPPED"])


@given(st.lists(st.tuples(STATUSES, st.booleans()), min_size=1, max_size=6))
def test_in_whatever_order_pages_come_the_end_is_the_same(pages):
    kept = order()
    for status, hidden in pages:
        arrived = redacted(order(status=status)) if hidden else order(status=status)
        kept = revise(kept, arrived).tree
    furthest = max((status for status, _ in pages), key=["NEW", "ACCEPTED", "SHIPPED"].index)
    assert kept == order(status=furthest)


def test_a_cancellation_is_the_order_and_comes_once():
    kind = kinds()["cancellation"]
    tree = order(status="CANCELLED")
    assert (kind.key(tree), kind.warehouse(tree), kind.check(tree)) == ("D3rC3KTxG", "EWR1", [])
    assert kind.revise(tree, tree).verdict is Revision.SAME
    assert [(need.kind, need.fact) for need in kind.needs] == [("order", "sent")]


def test_an_order_read_from_a_file_takes_amazons_types():
    tree = order(line())
    items = tree["orderDetails"]["items"]
    items[0]["netPrice"]["amount"] = Decimal("12.50")
    items[0]["orderedQuantity"]["amount"] = "3"
    read = KIND.complete(Document("order", changed(tree, "orderDetails.orderDate", "yesterday")), Asked(NOW))
    (item,) = read.tree["orderDetails"]["items"]
    assert (item["netPrice"]["amount"], item["orderedQuantity"]["amount"]) == ("12.50", 3)
    assert codes(read.findings) == ["field-type"]
    assert not read.rejected  # the date is not vital: told and survived
