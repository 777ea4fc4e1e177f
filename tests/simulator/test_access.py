"""Who is let in, and who is not."""

import httpx
import pytest

from tests.simulator.vendor import ACKS, AGENT, ORDERS, SHIPS, TRANSACTIONS, ack_of

ONE = ORDERS + "/{purchaseOrderNumber}"
WINDOW = {"createdAfter": "2026-11-25T12:00:00Z", "createdBefore": "2026-12-02T00:00:00Z"}


def test_a_refresh_token_gives_an_access_token(vendor):
    answer = vendor.log_in()
    assert answer.status_code == 200
    told = answer.json()
    assert told["access_token"].startswith("Atza|")
    assert (told["token_type"], told["expires_in"]) == ("bearer", 3600)
    assert told["refresh_token"] == vendor.amazon.settings.refresh_token


@pytest.mark.parametrize(
    "changes, status, error",
    [
        ({"client_secret": "old"}, 401, "invalid_client"),
        ({"client_id": "other"}, 401, "invalid_client"),
        ({"client_secret": None}, 401, "invalid_client"),
        ({"refresh_token": "Atzr|other"}, 400, "invalid_grant"),
        ({"refresh_token": None}, 400, "invalid_request"),
        ({"scope": "sellingpartnerapi::notifications"}, 400, "invalid_request"),
        ({"grant_type": "client_credentials"}, 400, "unsupported_grant_type"),
        ({"grant_type": None}, 400, "unsupported_grant_type"),
    ],
)
def test_a_bad_log_in_is_refused_in_the_shape_of_oauth(vendor, changes, status, error):
    answer = vendor.log_in(**changes)
    assert (answer.status_code, answer.json()["error"]) == (status, error)
    assert answer.json()["error_description"]
    assert "errors" not in answer.json()


def test_a_log_in_that_is_no_form_is_refused(vendor):
    answer = vendor.http.post("/auth/o2/token", json={"grant_type": "refresh_token"})
    assert (answer.status_code, answer.json()["error"]) == (400, "invalid_request")


def test_a_token_ends_by_the_clock(open_amazon):
    vendor = open_amazon(token_seconds=60)
    assert vendor.log_in().json()["expires_in"] == 60
    assert vendor.post(ACKS, {}).status_code == 400
    assert vendor.list().status_code == 200
    vendor.clock.step(59)
    assert vendor.list().status_code == 200
    vendor.clock.step(1)
    assert vendor.list().status_code == 403
    assert vendor.list().json()["errors"][0]["code"] == "Unauthorized"
    assert vendor.post(ACKS, {}).status_code == 403


def test_revoked_tokens_open_nothing(vendor):
    assert vendor.list().status_code == 200
    vendor.http.post("/_simulator/tokens/revoke")
    assert vendor.list().status_code == 403


@pytest.mark.parametrize("path, params", [(ORDERS, WINDOW), (ORDERS + "/ABC", {})])
def test_orders_need_a_restricted_token(vendor, path, params):
    plain = vendor.http.get(path, params=params, headers={"x-amz-access-token": vendor.token()})
    none = vendor.http.get(path, params=params)
    odd = vendor.http.get(path, params=params, headers={"x-amz-access-token": "Atza|never-issued"})
    assert [answer.status_code for answer in (plain, none, odd)] == [403, 403, 403]
    assert plain.json()["errors"][0]["code"] == "Unauthorized"
    assert none.json()["errors"][0]["code"] == "MissingAuthenticationToken"


def test_a_restricted_token_opens_what_it_names_and_nothing_else(vendor, orders):
    first, second = (order["purchaseOrderNumber"] for order in orders[:2])
    token = vendor.restrict(f"{ORDERS}/{first}").json()["restrictedDataToken"]
    assert token.startswith("Atz.sprdt|")

    def status(path, **params):
        return vendor.http.get(path, params=params, headers={"x-amz-access-token": token}).status_code

    assert status(f"{ORDERS}/{first}") == 200
    assert status(f"{ORDERS}/{second}") == 403
    assert status(ORDERS, **WINDOW) == 403
    assert status(f"{ORDERS}/{first}".replace("2021-12-28", "v1")) == 403
    assert status(f"{TRANSACTIONS}/x") == 403


def test_a_braces_path_opens_every_order(vendor, orders):
    token = vendor.restrict(ONE).json()["restrictedDataToken"]
    for order in orders:
        path = f"{ORDERS}/{order['purchaseOrderNumber']}"
        assert vendor.http.get(path, headers={"x-amz-access-token": token}).status_code == 200


def test_an_odd_placeholder_yields_a_token_that_opens_nothing(vendor, orders):
    token = vendor.restrict(ORDERS + "/{po}").json()["restrictedDataToken"]
    path = f"{ORDERS}/{orders[0]['purchaseOrderNumber']}"
    assert vendor.http.get(path, headers={"x-amz-access-token": token}).status_code == 403


def test_all_get_families_fit_in_one_token(vendor):
    shipping = "/vendor/directFulfillment/shipping/2021-12-28/"
    names = ("shippingLabels", "packingSlips", "customerInvoices")
    paths = [shipping + name + tail for name in names for tail in ("", "/{purchaseOrderNumber}")]
    assert vendor.restrict(ORDERS, ONE, *paths).status_code == 200


@pytest.mark.parametrize(
    "path",
    [
        "/vendor/directFulfillment/orders/2021-12-28/purchaseOrder",
        "/vendor/orders/v1/purchaseOrders",
        ORDERS + "?createdAfter=x",
        ONE + "?x=1",
        "https://sellingpartnerapi-na.amazon.com" + ORDERS,
        ACKS,
        "",
    ],
)
def test_a_token_for_no_restricted_path_is_refused(vendor, path):
    answer = vendor.restrict(path)
    assert (answer.status_code, answer.json()["errors"][0]["code"]) == (400, "InvalidInput")


def test_a_vendor_must_not_ask_for_data_elements(vendor):
    answer = vendor.restrict(ORDERS, dataElements=["buyerInfo"])
    assert (answer.status_code, answer.json()["errors"][0]["code"]) == (400, "InvalidInput")
    assert "data elements" in answer.json()["errors"][0]["message"]


@pytest.mark.parametrize("count, status", [(0, 400), (50, 200), (51, 400)])
def test_a_restricted_token_has_one_to_fifty_resources(vendor, count, status):
    assert vendor.restrict(*[f"{ORDERS}/PO{n}" for n in range(count)]).status_code == status


@pytest.mark.parametrize(
    "body",
    [
        {},
        [],
        {"restrictedResources": {}},
        {"restrictedResources": [{"path": ORDERS}]},
        {"restrictedResources": [{"method": "GET"}]},
        {"restrictedResources": [{"method": "get", "path": ORDERS}]},
        {"restrictedResources": [{"method": "GET", "path": ORDERS, "extra": 1}]},
        {"restrictedResources": [{"method": "GET", "path": ORDERS}], "marketplaceIds": []},
    ],
)
def test_a_malformed_wish_for_a_restricted_token_is_refused(vendor, body):
    answer = vendor.post("/tokens/2021-03-01/restrictedDataToken", body)
    assert (answer.status_code, answer.json()["errors"][0]["code"]) == (400, "InvalidInput")


def test_a_restricted_token_is_asked_for_with_a_plain_one(vendor):
    restricted = vendor.restrict(ORDERS).json()["restrictedDataToken"]
    assert vendor.restrict(ORDERS, token=restricted).status_code == 403
    assert vendor.restrict(ORDERS, token="Atza|odd").status_code == 403


@pytest.mark.parametrize("agent", ["", "python-httpx/0.28", "App/1 (Language=" + "x" * 500 + ")"])
def test_a_user_agent_that_names_its_language_is_required(vendor, agent):
    headers = {"user-agent": agent, "x-amz-access-token": vendor.token()}
    answer = vendor.http.post(ACKS, json={}, headers=headers)
    assert (answer.status_code, answer.json()["errors"][0]["code"]) == (400, "InvalidInput")
    assert "user-agent" in answer.json()["errors"][0]["message"]


def test_another_vendors_code_is_denied(vendor, orders):
    ack = ack_of(orders[0])
    ack["sellingParty"]["partyId"] = "OTHER"
    answer = vendor.post(ACKS, {"orderAcknowledgements": [ack]})
    assert (answer.status_code, answer.json()["errors"][0]["code"]) == (403, "Unauthorized")
    assert vendor.amazon.state()["submissions"] == []


def test_an_unknown_operation_is_not_found(vendor):
    assert vendor.get("/vendor/transactions/v1/transactions/1").status_code == 404
    assert vendor.get(SHIPS).status_code == 404
    assert vendor.http.delete(ACKS).status_code == 404


def test_secrets_do_not_show_in_the_settings(vendor):
    shown = repr(vendor.amazon.settings)
    assert vendor.amazon.settings.client_secret not in shown
    assert vendor.amazon.settings.refresh_token not in shown


def test_a_client_without_keep_alive_is_served_too(vendor):
    answer = httpx.get(
        vendor.amazon.url + ORDERS, headers={"connection": "close", "user-agent": AGENT}, trust_env=False
    )
    assert answer.status_code == 403
