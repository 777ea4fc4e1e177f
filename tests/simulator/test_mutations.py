"""Whatever breaks Amazon's model is refused with 400, and what does not is not: every single change of the fullest bodies."""

import json
from itertools import islice

import pytest

from tests.examples import EXAMPLES
from tests.simulator import models
from tests.simulator.vendor import ACKS, AGENT, CONTAINER_LABEL, LABELS, PAYMENTS, SCANS, SCENARIOS, SHIPS, STOCK
from translator.simulator.wire import Call

pytestmark = pytest.mark.skipif(not models.FOLDER.is_dir(), reason=models.MISSING)

KNOWN = {"purchaseOrderNumber": "D3rC3KTxG", "partyId": "ACMEG"}
SHIPPING = "vendorDirectFulfillmentShipping_2021-12-28.json"
SHIPPING_V1 = "vendorDirectFulfillmentShippingV1.json"
RESOURCE = {"method": "GET", "path": "/vendor/directFulfillment/orders/v1/purchaseOrders"}
CASES = {
    "acknowledgement": ("vendorDirectFulfillmentOrders_2021-12-28.json", "SubmitAcknowledgementRequest", ACKS),
    "acknowledgement-v1": (
        "vendorDirectFulfillmentOrdersV1.json",
        "SubmitAcknowledgementRequest",
        ACKS.replace("2021-12-28", "v1"),
    ),
    "confirmation": (SHIPPING, "SubmitShipmentConfirmationsRequest", SHIPS),
    "confirmation-v1": (SHIPPING_V1, "SubmitShipmentConfirmationsRequest", SHIPS.replace("2021-12-28", "v1")),
    "labels": (SHIPPING, "SubmitShippingLabelsRequest", LABELS),
    "labels-v1": (SHIPPING_V1, "SubmitShippingLabelsRequest", LABELS.replace("2021-12-28", "v1")),
    "labels-now": (SHIPPING, "CreateShippingLabelsRequest", LABELS + "/D3rC3KTxG"),
    "container-label": (SHIPPING, "CreateContainerLabelRequest", CONTAINER_LABEL),
    "scans": (SHIPPING, "SubmitShipmentStatusUpdatesRequest", SCANS),
    "scans-v1": (SHIPPING_V1, "SubmitShipmentStatusUpdatesRequest", SCANS.replace("2021-12-28", "v1")),
    "scenarios": (
        "vendorDirectFulfillmentSandboxData_2021-10-28.json",
        "GenerateOrderScenarioRequest",
        SCENARIOS,
    ),
    "invoice": ("vendorDirectFulfillmentPaymentsV1.json", "SubmitInvoiceRequest", PAYMENTS),
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
    "without shippingLabelRequests",
    "without shipmentStatusUpdates",
    "/ without invoices",
    "/ without orders",
)
WHOLE = EXAMPLES >= 500  # in the slice of the laws
THIN = {"invoice": 9}  # of so many changes one is tried: it has five addresses, all by the same rule
if not WHOLE:  # what has the rules of another case that is tried with every change
    THIN |= {
        "invoice": 27,
        "confirmation-v1": 7,
        "labels-v1": 7,
        "labels-now": 7,
        "scans-v1": 7,
        "acknowledgement-v1": 7,
    }
FEW = {"invoice": 400, "inventory": 200, "scenarios": 100, "container-label": 800, "scans": 1000, "scans-v1": 1000}
TAKEN = (202, 404)
"""404: what is answered at once, about an order or a package that nobody knows: the body was good."""


@pytest.fixture(params=CASES)
def case(request):
    file, definition, path = CASES[request.param]
    check = models.validator(file, definition)
    return check, models.fullest(check, KNOWN), path


@pytest.fixture
def vendor(open_amazon):
    return open_amazon(sandbox=True)


@pytest.fixture
def asked(vendor):
    """Asks Amazon without the way over the network: thousands of times."""
    plain, restricted = vendor.token(), vendor.restricted_token()

    def asking(path, body):
        token = restricted if path.startswith(LABELS + "/") else plain
        headers = {"x-amz-access-token": token, "content-type": "application/json"} | {"user-agent": AGENT}
        return vendor.amazon.market.answer(Call("POST", path, "", headers, json.dumps(body).encode()))

    return asking


def refused(answer):
    return answer.status_code == 400 and answer.json()["errors"][0]["code"] == "InvalidInput"


def objected(reply):
    return reply.status == 400 and reply.body["errors"][0]["code"] == "InvalidInput"


def test_the_fullest_body_is_valid_and_taken(asked, case):
    check, body, path = case
    assert list(check.iter_errors(body)) == []
    reply = asked(path, body)
    assert reply.status in TAKEN, reply.body


def test_every_change_that_the_model_forbids_is_refused(request, vendor, asked, case):
    check, body, path = case
    made = islice(models.mutations(body, check), 0, None, THIN.get(request.node.callspec.params["case"], 1))
    invalid = [(what, changed) for what, changed in made if not check.is_valid(changed)]
    taken = [what for what, changed in invalid if not objected(asked(path, changed))]
    assert taken == []
    name = request.node.callspec.params["case"]
    assert len(invalid) > FEW.get(name, 1500) // (1 if WHOLE else THIN.get(name, 1))
    assert vendor.amazon.state()["submissions"] == []


def test_every_optional_property_may_be_left_out(request, asked, case):
    check, body, path = case
    thin = min(3, THIN.get(request.node.callspec.params["case"], 1))
    optional = [
        (what, changed)
        for what, changed in islice(models.mutations(body, check), 0, None, thin)
        if " without " in what and check.is_valid(changed) and not what.endswith(STRICTER)
    ]
    assert [what for what, changed in optional if asked(path, changed).status not in TAKEN] == []
    assert len(optional) >= (0 if path == SCENARIOS else 4)


def test_every_list_may_have_several_entries_and_each_is_looked_at(asked, case):
    check, body, path = case
    lists = [(place, value) for place, value, _ in models.places(body, check.schema, check) if isinstance(value, list)]
    for place, value in lists:
        assert asked(path, models.with_value(body, place, value * 3)).status in TAKEN, place
        assert objected(asked(path, models.with_value(body, place, [*value, *value, {"x": 1}]))), place


@pytest.mark.parametrize("number", ["", "../../x", "A B", "D3rC3KTxG\n", "é", "A_1", "PO-1"])
@pytest.mark.parametrize("name", ["acknowledgement", "confirmation", "labels", "scans"])
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


def test_a_message_names_the_place_and_never_the_value(asked, case):
    _, body, path = case
    changed = models.with_value(body, (next(iter(body)),), "Very Private Person")
    reply = asked(path, changed)
    assert f"/{next(iter(body))}:" in reply.body["errors"][0]["message"]
    assert "Private" not in json.dumps(reply.body)
