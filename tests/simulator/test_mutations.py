"""Whatever breaks Amazon's model is refused with 400, and what does not is not: every single change of the fullest bodies."""

import json

import pytest

from tests.simulator import models
from tests.simulator.vendor import ACKS, SHIPS, STOCK

pytestmark = pytest.mark.skipif(not models.FOLDER.is_dir(), reason=models.MISSING)

KNOWN = {"purchaseOrderNumber": "D3rC3KTxG", "partyId": "ACMEG"}
RESOURCE = {"method": "GET", "path": "/vendor/directFulfillment/orders/v1/purchaseOrders"}
CASES = {
    "acknowledgement": ("vendorDirectFulfillmentOrders_2021-12-28.json", "SubmitAcknowledgementRequest", ACKS),
    "acknowledgement-v1": (
        "vendorDirectFulfillmentOrdersV1.json",
        "SubmitAcknowledgementRequest",
        ACKS.replace("2021-12-28", "v1"),
    ),
    "confirmation": ("vendorDirectFulfillmentShipping_2021-12-28.json", "SubmitShipmentConfirmationsRequest", SHIPS),
    "confirmation-v1": (
        "vendorDirectFulfillmentShippingV1.json",
        "SubmitShipmentConfirmationsRequest",
        SHIPS.replace("2021-12-28", "v1"),
    ),
    "inventory": ("vendorDirectFulfillmentInventoryV1.json", "SubmitInventoryUpdateRequest", STOCK),
}
TWICE = (
    b'{"inventory": {"sellingParty": {"partyId": "ACMEG"}, "isFullUpdate": true, "isFullUpdate": false, "items": []}}'
)
HALF_A_CHARACTER = json.dumps(
    {
        "inventory": {
            "sellingParty": {"partyId": "ACMEG"},
            "isFullUpdate": False,
            "items": [{"vendorProductIdentifier": "\ud800", "availableQuantity": {"unitOfMeasure": "Each"}}],
        }
    }
).encode()
STRICTER = (
    # What the models let through and we do not: bodies without the wrapper, or with nothing in it, and empty names.
    "without orderAcknowledgements",
    "without shipmentConfirmations",
    "without inventory",
    "/orderAcknowledgements = []",
    "/shipmentConfirmations = []",
    "/ = {}",
)


@pytest.fixture(params=CASES)
def case(request):
    file, definition, path = CASES[request.param]
    check = models.validator(file, definition)
    return check, models.fullest(check, KNOWN), path


def refused(answer):
    return answer.status_code == 400 and answer.json()["errors"][0]["code"] == "InvalidInput"


def test_the_fullest_body_is_valid_and_taken(vendor, case):
    check, body, path = case
    assert list(check.iter_errors(body)) == []
    answer = vendor.post(path, body)
    assert answer.status_code == 202, answer.text


def test_every_change_that_the_model_forbids_is_refused(vendor, case):
    check, body, path = case
    invalid = [(what, changed) for what, changed in models.mutations(body, check) if not check.is_valid(changed)]
    taken = [what for what, changed in invalid if not refused(vendor.post(path, changed))]
    assert taken == []
    assert len(invalid) > (200 if "inventory" in path else 1500)
    assert vendor.amazon.state()["submissions"] == []


def test_every_optional_property_may_be_left_out(vendor, case):
    check, body, path = case
    optional = [
        (what, changed)
        for what, changed in models.mutations(body, check)
        if " without " in what and check.is_valid(changed) and not what.endswith(STRICTER)
    ]
    assert [what for what, changed in optional if vendor.post(path, changed).status_code != 202] == []
    assert len(optional) >= 4


def test_every_list_may_have_several_entries_and_each_is_looked_at(vendor, case):
    check, body, path = case
    lists = [(place, value) for place, value, _ in models.places(body, check.schema, check) if isinstance(value, list)]
    for place, value in lists:
        assert vendor.post(path, models.with_value(body, place, value * 3)).status_code == 202, place
        assert refused(vendor.post(path, models.with_value(body, place, [*value, *value, {"x": 1}]))), place


@pytest.mark.parametrize("number", ["", "../../x", "A B", "D3rC3KTxG\n", "é", "A_1", "PO-1"])
@pytest.mark.parametrize("name", ["acknowledgement", "confirmation"])
def test_a_purchase_order_number_is_letters_and_digits(vendor, name, number):
    file, definition, path = CASES[name]
    check = models.validator(file, definition)
    assert refused(vendor.post(path, models.fullest(check, KNOWN | {"purchaseOrderNumber": number})))


def test_a_restricted_token_asks_by_the_model_too(vendor):
    check = models.validator("tokens_2021-03-01.json", "CreateRestrictedDataTokenRequest")
    body = {"targetApplication": "amzn1.sellerapps.app.x", "restrictedResources": [RESOURCE]}
    path = "/tokens/2021-03-01/restrictedDataToken"
    assert vendor.post(path, body).status_code == 200
    invalid = [(what, changed) for what, changed in models.mutations(body, check) if not check.is_valid(changed)]
    assert [what for what, changed in invalid if not refused(vendor.post(path, changed))] == []
    assert len(invalid) > 70


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"{",
        b"null",
        b"[]",
        b'"x"',
        b'{"inventory": NaN}',
        TWICE,
        b'\xff\xfe{"inventory": {}}',
        b"[" * 100_000,
        HALF_A_CHARACTER,
    ],
)
def test_what_is_no_good_json_is_refused(vendor, content):
    headers = {"x-amz-access-token": vendor.token(), "content-type": "application/json"}
    answer = vendor.http.post(STOCK, content=content, headers=headers)
    assert refused(answer), answer.text


def test_a_name_that_stands_once_is_good_json(vendor):
    assert vendor.post(STOCK, json.loads(TWICE)).status_code == 202


@pytest.mark.parametrize("kind", ["text/plain", "application/xml", "", "application/jsonx"])
def test_another_content_type_is_refused(vendor, kind):
    headers = {"x-amz-access-token": vendor.token(), "content-type": kind}
    assert vendor.http.post(STOCK, content=b"{}", headers=headers).status_code == 415


def test_a_message_names_the_place_and_never_the_value(vendor, case):
    _, body, path = case
    changed = models.with_value(body, (next(iter(body)),), "Very Private Person")
    answer = vendor.post(path, changed)
    assert f"/{next(iter(body))}:" in answer.json()["errors"][0]["message"]
    assert "Private" not in answer.text
