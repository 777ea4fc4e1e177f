"""What getOrders and getOrder show."""

import pytest

from tests.simulator.vendor import ACKS, AGENT, NOW, ORDERS, ack_of
from translator.simulator.orders import sample_orders

V1 = ORDERS.replace("2021-12-28", "v1")


def numbers(answer):
    assert answer.status_code == 200, answer.text
    return [order["purchaseOrderNumber"] for order in answer.json()["orders"]]


def all_pages(vendor, **params):
    pages, token = [], None
    while token or not pages:
        answer = vendor.list(**params, **({"nextToken": token} if token else {}))
        pages.append(numbers(answer))
        token = answer.json().get("pagination", {}).get("nextToken")
    return pages


def test_the_list_shows_every_order_whole(vendor, orders):
    assert vendor.list().json() == {"orders": orders}


def test_one_order_is_shown_whole(vendor, orders):
    for order in orders:
        assert vendor.get(f"{ORDERS}/{order['purchaseOrderNumber']}").json() == order


@pytest.mark.parametrize("number", ["Unknown1", "d", "%2e%2e%2fx"])
def test_an_unknown_order_is_not_found(vendor, number):
    answer = vendor.get(f"{ORDERS}/{number}")
    assert (answer.status_code, answer.json()["errors"][0]["code"]) == (404, "ResourceNotFound")


def test_the_number_is_case_sensitive(vendor, orders):
    assert vendor.get(f"{ORDERS}/{orders[0]['purchaseOrderNumber'].swapcase()}").status_code == 404


@pytest.mark.parametrize(
    "params",
    [
        {"createdAfter": "2026-11-24T23:59:59Z"},
        {"createdAfter": "2026-12-02T00:00:01Z"},
        {"createdAfter": ""},
        {"createdBefore": ""},
        {"createdBefore": "2026-12-02"},
        {"createdBefore": "20261202T000000Z"},
        {"createdBefore": "2026-12-02T00:00:00"},
        {"createdBefore": "2026-12-02 00:00:00Z"},
        {"createdAfter": "2025-12-01T00:00:00Z", "createdBefore": "2025-12-02T00:00:00Z"},
        {"limit": "0"},
        {"limit": "101"},
        {"limit": "ten"},
        {"limit": "-1"},
        {"status": "new"},
        {"sortOrder": "UP"},
        {"includeDetails": "True"},
        {"nextToken": "rubbish"},
        {"nextToken": "++++e30="},
        {"marketplaceIds": "ATVPDKIKX0DER"},
        {"limit": ["1", "2"]},
    ],
)
def test_a_wrong_parameter_is_refused(vendor, params):
    answer = vendor.list(**params)
    assert (answer.status_code, answer.json()["errors"][0]["code"]) == (400, "InvalidInput")


@pytest.mark.parametrize("missing", ["createdAfter", "createdBefore"])
def test_both_ends_of_the_window_are_required(vendor, missing):
    window = {"createdAfter": "2026-11-25T12:00:00Z", "createdBefore": "2026-12-02T00:00:00Z"}
    del window[missing]
    assert vendor.get(ORDERS, **window).status_code == 400


def test_an_offset_that_is_not_percent_encoded_is_refused(vendor):
    raw = ORDERS + "?createdAfter=2026-11-25T12:00:00+00:00&createdBefore=2026-12-01T12:00:00Z"
    headers = {"x-amz-access-token": vendor.restricted_token()}
    assert vendor.http.get(raw, headers=headers).status_code == 400
    assert vendor.http.get(raw.replace("+", "%2B"), headers=headers).status_code == 200


def test_the_window_is_on_creation(vendor, orders):
    third = orders[2]["orderDetails"]["orderDate"]
    assert numbers(vendor.list(createdBefore=third)) == [order["purchaseOrderNumber"] for order in orders[:3]]
    assert numbers(vendor.list(createdAfter=third)) == [order["purchaseOrderNumber"] for order in orders[2:]]
    assert numbers(vendor.list(createdAfter="2026-12-01T23:00:00Z")) == []


def test_a_warehouse_sees_its_own(vendor, orders):
    found = numbers(vendor.list(shipFromPartyId="RNO4"))
    assert found == [order["purchaseOrderNumber"] for order in orders[1::2]]
    assert numbers(vendor.list(shipFromPartyId="NONE")) == []


def test_the_status_filters(vendor, orders):
    first = orders[0]["purchaseOrderNumber"]
    vendor.amazon.cancel(first)
    assert numbers(vendor.list(status="CANCELLED")) == [first]
    assert len(numbers(vendor.list(status="NEW"))) == 12
    assert numbers(vendor.list(status="SHIPPED")) == []


def test_the_order_of_the_list(vendor, orders):
    ascending = numbers(vendor.list(sortOrder="ASC"))
    assert ascending == [order["purchaseOrderNumber"] for order in orders]
    assert numbers(vendor.list(sortOrder="DESC")) == ascending[::-1]


def test_numbers_only(vendor, orders):
    answer = vendor.list(includeDetails="false").json()
    assert answer == {"orders": [{"purchaseOrderNumber": order["purchaseOrderNumber"]} for order in orders]}
    assert vendor.amazon.state()["served"] == {}


@pytest.mark.parametrize("direction", ["ASC", "DESC"])
@pytest.mark.parametrize("limit, sizes", [(1, [1] * 13), (5, [5, 5, 3]), (13, [13]), (100, [13])])
def test_pages_hold_every_order_once(vendor, limit, sizes, direction):
    pages = all_pages(vendor, limit=limit, sortOrder=direction)
    assert [len(page) for page in pages] == sizes
    assert [number for page in pages for number in page] == numbers(vendor.list(sortOrder=direction))


def test_amazon_may_give_shorter_pages_than_asked_for(open_amazon):
    pages = all_pages(open_amazon(page_size=6), limit=100)
    assert [len(page) for page in pages] == [6, 6, 1]


def test_a_token_wants_the_same_other_parameters(vendor):
    token = vendor.list(limit=5).json()["pagination"]["nextToken"]
    assert vendor.list(limit=5, nextToken=token).status_code == 200
    assert vendor.list(limit=6, nextToken=token).status_code == 400
    assert vendor.list(nextToken=token).status_code == 400
    assert vendor.list(limit=5, status="NEW", nextToken=token).status_code == 400


def test_a_token_has_to_be_percent_encoded(vendor):
    token = vendor.list(limit=5).json()["pagination"]["nextToken"]
    assert "+" in token
    assert token.endswith("=")
    query = "createdAfter=2026-11-25T12:00:00Z&createdBefore=2026-12-02T00:00:00Z&limit=5&nextToken=" + token
    answer = vendor.http.get(f"{ORDERS}?{query}", headers={"x-amz-access-token": vendor.restricted_token()})
    assert (answer.status_code, "NextToken" in answer.text) == (400, True)


def test_an_order_that_comes_between_two_pages_moves_none(vendor, orders):
    late = sample_orders("LATE", ["EWR1"], 1, NOW)
    late[0]["orderDetails"]["orderDate"] = orders[1]["orderDetails"]["orderDate"]
    first = vendor.list(limit=5).json()
    vendor.amazon.add_orders(late)
    rest = vendor.list(limit=5, nextToken=first["pagination"]["nextToken"])
    assert numbers(rest) == [order["purchaseOrderNumber"] for order in orders[5:10]]


def test_a_new_order_is_unseen_for_a_while_and_keeps_its_creation_date(open_amazon, orders):
    vendor = open_amazon(visibility_seconds=30, token_seconds=9999)
    path = f"{ORDERS}/{orders[0]['purchaseOrderNumber']}"
    vendor.clock.step(29)
    assert numbers(vendor.list()) == []
    assert vendor.get(path).status_code == 404
    vendor.clock.step(1)
    assert vendor.get(path).json() == orders[0]
    assert len(numbers(vendor.list())) == 13


def test_a_change_of_status_is_seen_later_too(open_amazon, orders):
    vendor = open_amazon(visibility_seconds=30)
    vendor.clock.step(30)
    assert vendor.end(ACKS, {"orderAcknowledgements": [ack_of(orders[0])]}) == ("Success", [])
    number = orders[0]["purchaseOrderNumber"]
    assert vendor.amazon.state()["orders"][number]["status"] == "ACCEPTED"
    assert vendor.status(number) == "NEW"
    vendor.clock.step(30)
    assert vendor.status(number) == "ACCEPTED"


def test_version_1_wraps_and_knows_no_customization(vendor, orders):
    orders[0]["orderDetails"]["hasCustomizableItems"] = True
    orders[0]["orderDetails"]["items"][0]["buyerCustomizedInfo"] = {"customizedUrl": "eA=="}
    token = vendor.restrict(V1, V1 + "/{purchaseOrderNumber}").json()["restrictedDataToken"]
    number = orders[0]["purchaseOrderNumber"]
    answer = vendor.http.get(f"{V1}/{number}", headers={"x-amz-access-token": token})
    told = answer.json()["payload"]
    assert told["purchaseOrderNumber"] == number
    assert "hasCustomizableItems" not in told["orderDetails"]
    assert "buyerCustomizedInfo" not in told["orderDetails"]["items"][0]
    assert vendor.get(f"{ORDERS}/{number}").json() == orders[0]
    window = {"createdAfter": "2026-11-25T12:00:00Z", "createdBefore": "2026-12-02T00:00:00Z", "limit": 2}
    listed = vendor.http.get(V1, params=window, headers={"x-amz-access-token": token}).json()["payload"]
    assert len(listed["orders"]) == 2
    assert listed["pagination"]["nextToken"]


def test_a_get_has_no_content(vendor):
    headers = {"x-amz-access-token": vendor.restricted_token(), "user-agent": AGENT}
    answer = vendor.http.request("GET", f"{ORDERS}/x", content=b"{}", headers=headers)
    assert answer.status_code == 400


def test_the_rate_is_told_where_amazon_tells_it(vendor, orders):
    good = vendor.get(f"{ORDERS}/{orders[0]['purchaseOrderNumber']}")
    missing = vendor.get(f"{ORDERS}/none")
    denied = vendor.http.get(ORDERS)
    told = ["x-amzn-ratelimit-limit" in answer.headers for answer in (good, missing, denied)]
    assert told == [True, True, False]
    assert all("x-amzn-requestid" in answer.headers for answer in (good, missing, denied))


# --- who sees the customer


@pytest.mark.parametrize("type", ["label-only", "own-label", "own-carrier", "amxl", "mixed"])
def test_only_an_account_that_has_nothing_but_labels_does_not_see_its_customers(open_amazon, orders, type):
    vendor = open_amazon(type=type)
    address = vendor.get(f"{ORDERS}/{orders[0]['purchaseOrderNumber']}").json()["orderDetails"]["shipToParty"]
    hidden = {name for name, value in address.items() if value == "xxxxx"}
    personal = {"name", "addressLine1", "addressLine2", "city", "phone"}
    assert hidden == (personal if type == "label-only" else set())
    listed = vendor.list().json()["orders"][0]["orderDetails"]["shipToParty"]
    assert listed == address
