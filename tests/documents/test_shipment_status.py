"""Events of a package on its way: the reason follows from the status, the rest from order and confirmation."""

from datetime import timedelta

import pytest

from tests.documents.given import NOW, SHIPPED_AT, codes, completed, event, line, order
from translator.core.finding import errors
from translator.documents.kind import Revision, kinds
from translator.documents.shipment_status import EVENTS, body, check, key, revise
from translator.documents.values import iso

KIND = "shipment_status"
KNOWN = order(line())
PLACE = {"name": "Newark Hub", "addressLine1": "1 Dock Rd", "city": "Newark", "countryCode": "US"}


def confirmed(*numbers):
    return {"containers": [{"trackingNumber": number, "scacCode": "FDEG"} for number in numbers]}


def told(said, known=KNOWN, numbers=("1Z1",)):
    return completed(KIND, said, known, confirmed=confirmed(*numbers) if numbers else None)


@pytest.mark.parametrize("status", EVENTS)
@pytest.mark.parametrize("case", [str.upper, str.lower])
def test_the_reason_follows_from_the_status_in_either_set_of_codes(status, case):
    document = told(event(case(status), statusLocationAddress=PLACE))
    assert document.findings == ()
    assert check(document.tree) == []
    details = document.tree["statusUpdateDetails"]
    assert (details["statusCode"], details["reasonCode"]) == (status, EVENTS[status].reason)


def test_both_sets_of_codes_tell_the_same_events():
    edifact = [one.text for code, one in EVENTS.items() if code.isdecimal()]
    assert edifact == [one.text for code, one in EVENTS.items() if not code.isdecimal()]
    assert len(set(edifact)) == 8


def test_a_status_that_is_not_known_needs_its_reason_and_is_told():
    assert codes(errors(told(event("99")).findings)) == ["status-code"]
    agreed = told(event("99", reasonCode="000", statusLocationAddress=PLACE))
    assert codes(agreed.findings) == codes(agreed.findings, "warning") == ["status-code"]
    odd = told(event("404", reasonCode="000", statusLocationAddress=PLACE))
    assert codes(odd.findings, "warning") == ["status-code"]


def test_parties_and_number_are_the_orders():
    tree = told(event()).tree
    assert tree["purchaseOrderNumber"] == "D3rC3KTxG"
    assert tree["sellingParty"] == {"partyId": "ACMEG"}
    assert tree["shipFromParty"] == {"partyId": "EWR1"}


def test_what_amazon_requires_of_the_place_is_assumed_and_told():
    document = told(event())
    assert codes(document.findings) == codes(document.findings, "info") == ["location-assumed"]
    assert document.tree["statusUpdateDetails"]["statusLocationAddress"] == {
        "name": "FDEG",
        "addressLine1": "FDEG",
        "countryCode": "US",
    }
    town = told(event(statusLocationAddress={"city": "Newark", "countryCode": "CA"}), numbers=())
    assert town.tree["statusUpdateDetails"]["statusLocationAddress"] == {
        "name": "CARRIER",
        "addressLine1": "Newark",
        "city": "Newark",
        "countryCode": "CA",
    }


def test_the_place_may_be_the_customers_and_is_in_no_finding():
    document = told(event(statusLocationAddress={"city": "Zoeville", "stateOrRegion": "NJ"}))
    assert not any("Zoeville" in f"{one.text}{one.hint}" for one in document.findings)
    personal = {one.path.rpartition(".")[2] for one in kinds()[KIND].fields if one.personal}
    assert {"name", "addressLine1", "city", "phone"} <= personal
    assert not {"postalCode", "countryCode"} & personal


# --- which package -----------------------------------------------------------------------------------------------------


def test_the_only_confirmed_package_need_not_be_named():
    said = event()
    del said["statusUpdateDetails"]["trackingNumber"]
    assert told(said, numbers=["1Z1", "1Z1"]).tree["statusUpdateDetails"]["trackingNumber"] == "1Z1"
    assert codes(errors(told(said, numbers=["1Z1", "1Z2"]).findings)) == ["tracking-ambiguous"]
    assert codes(errors(check(told(said, numbers=()).tree))) == ["field-missing"]


def test_a_package_that_was_not_confirmed_is_refused():
    assert codes(errors(told(event(), numbers=["1Z8", "1Z9"]).findings)) == ["tracking-unknown"]
    assert errors(told(event(), numbers=["1Z8", "1Z1"]).findings) == []


def test_an_event_in_the_future_is_clamped_or_refused():
    ahead = told(event(at=iso(NOW + timedelta(minutes=4))))
    assert ahead.tree["statusUpdateDetails"]["statusDateTime"] == iso(NOW)
    assert "status-date-clamped" in codes(ahead.findings, "info")
    assert codes(errors(told(event(at=iso(NOW + timedelta(minutes=6)))).findings)) == ["status-date-future"]


def test_an_event_of_a_delivery_by_appointment_should_say_when_it_will_arrive():
    known = order(line())
    known["orderDetails"]["shipmentDetails"]["isScheduledDeliveryShipment"] = True
    assert codes(told(event(statusLocationAddress=PLACE), known).findings, "warning") == ["schedule-missing"]
    there = {"estimatedDeliveryDateTime": "2026-12-03T00:00:00Z"}
    assert told(event(statusLocationAddress=PLACE, shipmentSchedule=there), known).findings == ()


def test_without_its_order_an_event_is_of_nothing():
    assert codes(errors(told(event(), None).findings)) == ["order-unknown"]


def test_a_scan_told_twice_is_one_event_however_its_time_is_written():
    one = {"purchaseOrderNumber": "P1", **event("d1", SHIPPED_AT)}
    other = {"purchaseOrderNumber": "P1", **event("D1", "2026-12-01T09:30:00-05:00", statusLocationAddress=PLACE)}
    assert key(one) == key(other) == "P1 1Z1 D1 2026-12-01T14:30:00Z"
    assert revise(one, other).verdict is Revision.SAME
    assert len({key(one), key(one | event("OD")), key(one | event(at="2026-12-01T14:31:00Z")), key({})}) == 4


def test_events_go_one_order_a_body_and_once_more_where_nothing_is_known():
    tree = told(event(statusLocationAddress=PLACE)).tree
    assert body([tree]) == {"shipmentStatusUpdates": [tree]}
    operation = kinds()[KIND].operation
    assert (operation.read_back, operation.repeat, operation.blind, operation.settle) == ("", True, True, 1200)
