"""Acknowledgements: the whole order, one code, every line as received."""

import pytest

from tests.documents.given import codes, completed, line, order, redacted
from translator.core.finding import errors
from translator.documents.acknowledgement import CODES, body, check, cost, evidence, revise
from translator.documents.kind import Revision, kinds


def ack(code=None, **more):
    return ({"acknowledgementStatus": {"code": code}} if code else {}) | more


def test_saying_nothing_accepts_every_line_as_received():
    known = order(line("00001", 2), line("00002", 1, sku="", asin="B2"))
    tree = completed("acknowledgement", {}, known).tree
    assert tree == {
        "purchaseOrderNumber": "D3rC3KTxG",
        "vendorOrderNumber": "D3rC3KTxG",
        "acknowledgementDate": "2026-12-01T15:00:00Z",
        "acknowledgementStatus": {"code": "00", "description": "Shipping 100 percent of ordered product"},
        "sellingParty": {"partyId": "ACMEG"},
        "shipFromParty": {"partyId": "EWR1"},
        "itemAcknowledgements": [
            {
                "itemSequenceNumber": "00001",
                "buyerProductIdentifier": "B000000001",
                "vendorProductIdentifier": "SKU-1",
                "acknowledgedQuantity": {"amount": 2, "unitOfMeasure": "Each"},
            },
            {
                "itemSequenceNumber": "00002",
                "buyerProductIdentifier": "B2",
                "acknowledgedQuantity": {"amount": 1, "unitOfMeasure": "Each"},
            },
        ],
    }
    assert check(tree) == []


def test_the_vendors_own_number_is_the_one_said_else_the_one_kept():
    assert completed("acknowledgement", {}, order(), kept={"wms_order": "W7"}).tree["vendorOrderNumber"] == "W7"
    said = completed("acknowledgement", ack(vendorOrderNumber="W8"), order(), kept={"wms_order": "W7"})
    assert said.tree["vendorOrderNumber"] == "W8"


@pytest.mark.parametrize("code", sorted(CODES))
def test_every_code_of_amazons_list_has_its_words(code):
    document = completed("acknowledgement", ack(code), order())
    assert document.findings == ()
    assert document.tree["acknowledgementStatus"] == {"code": code, "description": CODES[code].text}
    assert evidence(document.tree) == ("ACCEPTED" if code == "00" else "CANCELLED")


@pytest.mark.parametrize("code", sorted(CODES))
def test_what_a_refusal_costs_is_said_in_words(code):
    words = cost(code)
    assert bool(words) == (code != "00")
    assert code == "00" or ("cancels the whole order" in words and "out of stock" in words)
    assert ("stock file" in words) == (code in ("03", "51", "71"))


def test_a_code_agreed_with_amazon_goes_with_a_warning_and_no_code_at_all_does_not():
    assert codes(completed("acknowledgement", ack("88"), order()).findings, "warning") == ["ack-code"]
    assert codes(errors(completed("acknowledgement", ack("OK"), order()).findings)) == ["ack-code"]


@pytest.mark.parametrize("code", ["07", "08", "09"])
def test_a_redacted_field_is_never_a_reason_to_reject(code):
    assert codes(errors(completed("acknowledgement", ack(code), redacted(order())).findings)) == ["ack-redacted"]
    assert completed("acknowledgement", ack(code), order()).findings == ()


def test_the_state_is_never_redacted_so_its_code_stands():
    assert completed("acknowledgement", ack("10"), redacted(order())).findings == ()


@pytest.mark.parametrize("amount", [1, 3])
def test_part_of_an_order_cannot_be_acknowledged(amount):
    said = ack(itemAcknowledgements=[{"itemSequenceNumber": "1", "acknowledgedQuantity": {"amount": amount}}])
    document = completed("acknowledgement", said, order(line(amount=2)))
    assert codes(errors(document.findings)) == ["ack-partial"]
    assert document.findings[0].data.path == "/itemAcknowledgements/0/acknowledgedQuantity/amount"


def test_a_refusal_may_say_that_nothing_ships_and_amazon_is_told_what_was_ordered():
    nothing = [{"itemSequenceNumber": "1", "acknowledgedQuantity": {"amount": 0}}]
    document = completed("acknowledgement", ack("03", itemAcknowledgements=nothing), order(line(amount=2)))
    assert document.findings == ()
    assert [one["acknowledgedQuantity"]["amount"] for one in document.tree["itemAcknowledgements"]] == [2]
    accepting = completed("acknowledgement", ack("00", itemAcknowledgements=nothing), order(line(amount=2)))
    assert codes(errors(accepting.findings)) == ["ack-partial"]


def test_a_line_that_the_order_has_not_is_told():
    said = ack(itemAcknowledgements=[{"itemSequenceNumber": "9"}])
    assert codes(completed("acknowledgement", said, order()).findings) == ["line-unknown"]


def test_without_its_order_nothing_can_be_said():
    assert codes(completed("acknowledgement", {}).findings) == ["order-unknown"]


def test_an_acknowledgement_of_another_order_is_told():
    assert codes(completed("acknowledgement", ack(purchaseOrderNumber="Other1"), order()).findings) == ["order-differs"]


def test_the_same_code_is_a_duplicate_and_another_contradicts():
    assert revise({}, ack("00")).verdict is Revision.SAME
    assert revise(ack("03"), ack("03")).verdict is Revision.SAME
    assert revise({}, ack("03")).verdict is Revision.CONTRADICTION
    assert revise(ack("03"), ack("00")).verdict is Revision.CONTRADICTION


def test_the_operation_is_amazons():
    operation = kinds()["acknowledgement"].operation
    assert (operation.method, operation.path) == (
        "POST",
        "/vendor/directFulfillment/orders/2021-12-28/acknowledgements",
    )
    assert body([{"a": 1}]) == {"orderAcknowledgements": [{"a": 1}]}
    assert (operation.read_back, operation.repeat) == ("ACCEPTED", True)


def test_a_number_that_is_unsafe_never_leaves():
    tree = completed("acknowledgement", {}, order(number="../../x")).tree
    assert codes(errors(check(tree))) == ["po-unsafe"]
