"""The sample orders: valid by Amazon's model, the same every time, and odd in all the ways that orders are."""

import re
from decimal import Decimal

import pytest

from tests.simulator import models
from tests.simulator.vendor import NOW
from translator.simulator.orders import ASIN_BY_SKU, SHIP_METHODS, sample_orders, shown_by, to_be_cancelled

MODEL = "vendorDirectFulfillmentOrders_2021-12-28.json"


@pytest.fixture
def many():
    return sample_orders("ACMEG", ["EWR1", "RNO4", "DAL2"], 60, NOW)


def by_what_it_shows(orders):
    return {shows: order for order, shows in zip(orders, shown_by(orders).values(), strict=True)}


@pytest.mark.skipif(not models.FOLDER.is_dir(), reason=models.MISSING)
def test_every_order_is_valid_by_amazons_model(many):
    check = models.validator(MODEL, "OrderList")
    assert [error.message for error in check.iter_errors({"orders": many})] == []


def test_the_same_question_gives_the_same_orders(many):
    assert sample_orders("ACMEG", ["EWR1", "RNO4", "DAL2"], 60, NOW) == many
    assert sample_orders("OTHER", ["EWR1"], 1, NOW)[0]["purchaseOrderNumber"] != many[0]["purchaseOrderNumber"]


def test_the_first_of_many_keep_their_numbers(many):
    few = sample_orders("ACMEG", ["EWR1", "RNO4", "DAL2"], 12, NOW)
    assert [order["purchaseOrderNumber"] for order in few] == [order["purchaseOrderNumber"] for order in many[:12]]


def test_numbers_differ_and_look_like_amazons(many):
    numbers = [order["purchaseOrderNumber"] for order in many]
    assert len(set(numbers)) == len({number.lower() for number in numbers}) == 60
    assert all(re.fullmatch("D[a-zA-Z0-9]{8}", number) for number in numbers)
    assert any(number != number.upper() and number != number.lower() for number in numbers)


def test_a_thousand_numbers_differ():
    numbers = {order["purchaseOrderNumber"] for order in sample_orders("ACMEG", ["EWR1"], 1000, NOW)}
    assert len(numbers) == 1000


def test_twelve_orders_show_what_the_demo_needs():
    shown = by_what_it_shows(sample_orders("ACMEG", ["EWR1", "RNO4", "DAL2"], 12, NOW))
    buyers = {shows: order["orderDetails"]["shipToParty"] for shows, order in shown.items()}
    lines = {shows: order["orderDetails"]["items"] for shows, order in shown.items()}
    assert len(shown) == 12
    assert len(lines["one line"]) == 1
    assert len(lines["several lines"]) == 3
    assert len({line["vendorProductIdentifier"] for line in lines["two lines of one SKU"]}) == 1
    assert "\n" in lines["gift with a message"][0]["giftDetails"]["giftMessage"]
    assert shown["gift with a message"]["orderDetails"]["shipmentDetails"]["isGift"] is True
    redacted = buyers["label only, redacted"]
    assert redacted["name"] == redacted["addressLine1"] == redacted["city"] == redacted["phone"] == "xxxxx"
    assert redacted["stateOrRegion"] == "NJ"
    assert {"&", "<", ">"} <= set(buyers["ampersand and angle brackets"]["name"])
    assert "é" in buyers["accents"]["name"]
    assert {",", '"', "'"} <= set(buyers["commas and quotes"]["name"])
    assert "\n" in buyers["newlines"]["name"]
    assert max(len(line["title"]) for line in lines["long title and a long name"]) > 200
    assert to_be_cancelled(shown.values()) == [shown["to be cancelled"]["purchaseOrderNumber"]]


def test_orders_are_dealt_to_the_warehouses_in_turn(many):
    codes = [order["orderDetails"]["shipFromParty"]["partyId"] for order in many]
    assert codes[:4] == ["EWR1", "RNO4", "DAL2", "EWR1"]


def test_dates_lie_around_now(many):
    created = [order["orderDetails"]["orderDate"] for order in many]
    assert created == sorted(created)
    assert "2026-11-30T12:00:00Z" < created[0] < created[-1] < "2026-12-01T12:00:00Z"
    dates = [order["orderDetails"]["shipmentDetails"]["shipmentDates"] for order in many]
    assert all("2026-12-01T14" <= date["requiredShipDate"] < date["promisedDeliveryDate"] for date in dates)
    today = [date for date in dates if date["requiredShipDate"].startswith("2026-12-01")]
    assert len(today) == 20


def test_late_in_the_evening_an_order_of_today_still_has_two_hours():
    late = NOW.replace(hour=20, minute=30)
    due = [
        order["orderDetails"]["shipmentDetails"]["shipmentDates"]["requiredShipDate"]
        for order in sample_orders("ACMEG", ["EWR1"], 3, late)
    ]
    assert min(due) == "2026-12-01T22:30:00Z"


@pytest.mark.skipif(not models.FOLDER.is_dir(), reason=models.MISSING)
def test_orders_may_be_for_other_countries():
    orders = sample_orders("ACMEG", ["BLR1", "LEJ1"], 26, NOW, countries=["IN", "DE", "FR"])
    assert [error.message for error in models.validator(MODEL, "OrderList").iter_errors({"orders": orders})] == []
    details = [order["orderDetails"] for order in orders]
    assert [one["shipToParty"]["countryCode"] for one in details[:4]] == ["IN", "DE", "FR", "IN"]
    assert all("address" in one["billToParty"] for one in details)
    assert {one["items"][0]["netPrice"]["currencyCode"] for one in details} == {"INR", "EUR"}


def test_none_need_hide_its_customer():
    orders = sample_orders("ACMEG", ["EWR1"], 13, NOW, redacted=False)
    assert all("xxxxx" not in order["orderDetails"]["shipToParty"].values() for order in orders)


def test_orders_from_another_one_on_have_other_numbers():
    numbers = [order["purchaseOrderNumber"] for order in sample_orders("ACMEG", ["EWR1"], 60, NOW)]
    later = [order["purchaseOrderNumber"] for order in sample_orders("ACMEG", ["EWR1"], 30, NOW, first=30)]
    assert later == numbers[30:]


def test_products_and_methods_come_from_short_lists(many):
    lines = [line for order in many for line in order["orderDetails"]["items"]]
    assert all(ASIN_BY_SKU[line["vendorProductIdentifier"]] == line["buyerProductIdentifier"] for line in lines)
    methods = {order["orderDetails"]["shipmentDetails"]["shipMethod"] for order in many}
    assert methods == set(SHIP_METHODS)


def test_money_adds_up(many):
    for order in many:
        lines = order["orderDetails"]["items"]
        for line in lines:
            total = Decimal(line["netPrice"]["amount"]) * line["orderedQuantity"]["amount"]
            assert Decimal(line["totalPrice"]["amount"]) == total
        taxable = order["orderDetails"]["taxTotal"]["taxLineItem"][0]["taxableAmount"]["amount"]
        assert Decimal(taxable) == sum(Decimal(line["totalPrice"]["amount"]) for line in lines)


def test_text_fits_into_latin_1(many):
    for order in many:
        str(order).encode("latin-1")
