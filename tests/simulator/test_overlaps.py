"""The judge of submits that overlap, over every operation that submits."""

import copy
import json

import pytest

from tests.overlaps import LABEL, OTHERS, SUBJECTS, Overlaps
from tests.simulator.vendor import ack_of, asking_of, invoice_of, parties_of, scan_of, ship_of, stock_of
from translator.simulator.operations import ROUTES
from translator.simulator.wire import Call

BODIES = {
    "submitAcknowledgement": lambda order: {"orderAcknowledgements": [ack_of(order)]},
    "submitShippingLabelRequest": lambda order: {"shippingLabelRequests": [asking_of(order)]},
    "createShippingLabels": parties_of,
    "createContainerLabel": lambda order: parties_of(order) | {"vendorContainerId": f"C-{number_of(order)}"},
    "submitShipmentConfirmations": lambda order: {"shipmentConfirmations": [ship_of(order)]},
    "submitShipmentStatusUpdates": lambda order: {"shipmentStatusUpdates": [scan_of(order)]},
    "submitInventoryUpdate": lambda order: stock_of(({"vendorProductIdentifier": number_of(order)}, 3)),
    "submitInvoice": lambda order: {"invoices": [invoice_of(order, f"INV-{number_of(order)}")]},
    "generateOrderScenarios": lambda order: {"orders": [{"sellingParty": {"partyId": number_of(order)}}]},
}
SUBMITS = [route for route in ROUTES.routes if route.method == "POST" and route.operation not in OTHERS]


def number_of(order):
    return order["purchaseOrderNumber"]


def call(route, order, change=lambda body: body):
    path = route.path.replace("{purchaseOrderNumber}", number_of(order)).replace("{warehouseId}", "EWR1")
    return Call("POST", path, body=json.dumps(change(BODIES[route.operation](order))).encode())


def twice(body):
    """A batch of two, the first of them as it was."""
    (name, listed), *_ = body.items()
    if not isinstance(listed, list):
        return body
    other = json.loads(json.dumps(listed).replace(listed[0].get("purchaseOrderNumber", "0"), "OTHER"))
    return {name: [*listed, *other]}


@pytest.mark.parametrize("route", SUBMITS, ids=lambda route: f"{route.operation} {route.version}")
def test_each_submit_overlaps_with_another_about_the_same_and_with_no_other(route, orders):
    overlaps = Overlaps()
    first, same, other = call(route, orders[0]), call(route, orders[0], twice), call(route, orders[1])
    with overlaps.under_way(first):
        with overlaps.under_way(other):
            assert overlaps.found == []
        with overlaps.under_way(same):
            assert len(overlaps.found) > 0
        del overlaps.found[:]
        with overlaps.under_way(same):  # the first one goes on
            assert len(overlaps.found) > 0
    del overlaps.found[:]
    with overlaps.under_way(same):
        assert overlaps.found == []
    assert sum(overlaps.judged.values()) == 5


def test_a_label_that_is_asked_for_in_two_ways_at_once_overlaps(orders):
    one, other = (next(route for route in SUBMITS if route.operation == name) for name in list(BODIES)[1:3])
    overlaps = Overlaps()
    with overlaps.under_way(call(one, orders[0])), overlaps.under_way(call(other, copy.deepcopy(orders[0]))):
        assert overlaps.found == [(LABEL, number_of(orders[0]))]


def test_every_operation_that_submits_is_judged():
    assert set(SUBJECTS) == {route.operation for route in SUBMITS}


@pytest.mark.parametrize("path", ["/auth/o2/token", "/tokens/2021-03-01/restrictedDataToken", "/elsewhere"])
def test_what_submits_nothing_overlaps_with_nothing(path):
    overlaps = Overlaps()
    with overlaps.under_way(Call("POST", path)), overlaps.under_way(Call("POST", path)):
        assert (overlaps.found, overlaps.judged) == ([], {})


def test_a_submit_about_nothing_is_a_fault():
    with (
        pytest.raises(AssertionError, match="about nothing"),
        Overlaps().under_way(Call("POST", SUBMITS[0].path, body=b"{}")),
    ):
        pass
