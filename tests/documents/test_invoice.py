"""An invoice: what order and account fill in, what has to add up, and what Amazon would not take."""

import re
from datetime import timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.documents import amazon
from tests.documents.given import NOW, completed, line, order, orders
from translator.core.finding import Severity, errors
from translator.core.tree import at
from translator.documents.billing import Billing, party_of
from translator.documents.invoice import KIND as INVOICE
from translator.documents.invoice import body, check, key, revise
from translator.documents.private import forgotten

KIND = "invoice"
EURO = {"currencyCode": "EUR", "amount": "10.00"}
PARTY = {
    "partyId": "ACMEG",
    "name": "Acme",
    "addressLine1": "Weg 1",
    "city": "Köln",
    "stateOrRegion": "NRW",
    "postalCode": "50667",
    "countryCode": "DE",
    "taxRegistrationType": "VAT",
    "taxRegistrationNumber": "DE123456789",
}
EUROPE = Billing(
    remit_to=party_of(PARTY), bill_to=party_of(PARTY | {"partyId": "AMZN"}), tax="VAT", rate="0.19", terms="30"
)
TWO = order(line(), line("00002", 3, "S2", "B2"))


def made(said=(), known=TWO, **more):
    return completed(KIND, {"invoiceNumber": "INV-1"} | dict(said), known, **more)


def codes(document):
    return [finding.code for finding in errors([*document.findings, *check(document.tree)])]


def cost(amount, currency="USD"):
    return {"netCost": {"currencyCode": currency, "amount": amount}}


def items(*more):
    return {"items": [{"itemSequenceNumber": n} | dict(one) for n, one in zip(("1", "00002"), more, strict=False)]}


@pytest.mark.parametrize("price, total", [(Decimal("12.5"), "13.75"), (12, "13.20"), ("12.50", "13.75")])
def test_an_order_may_give_a_price_and_a_rate_as_numbers(price, total):
    tax = {"type": "CONSUMPTION", "taxRate": Decimal("0.1"), "taxAmount": {"currencyCode": "USD", "amount": 2}}
    known = order(line(netPrice={"currencyCode": "USD", "amount": price}, taxDetails={"taxLineItem": [tax]}))
    document = made(known=known, billing=Billing(tax="order"))
    assert codes(document) == []
    assert at(document.tree, "invoiceTotal.amount") == total


def test_a_number_alone_becomes_the_whole_order():
    document = made()
    assert codes(document) == []
    assert document.tree["invoiceTotal"] == {"currencyCode": "USD", "amount": "50.00"}
    assert [one["invoicedQuantity"]["amount"] for one in document.tree["items"]] == [1, 3]
    assert {one["purchaseOrderNumber"] for one in document.tree["items"]} == {"D3rC3KTxG"}
    assert document.tree["invoiceDate"] == f"{NOW - timedelta(minutes=5):%Y-%m-%dT%H:%M:%SZ}"  # past by Amazon's clock
    assert at(document.tree, "billToParty.partyId") == "AMZN"


def test_a_tax_of_the_account_is_reckoned_on_each_line_and_summed():
    known = order(
        line(netPrice=EURO), line("00002", 3, "S2", "B2", netPrice={"currencyCode": "EUR", "amount": "0.335"})
    )
    document = made(known=known, billing=EUROPE)
    assert codes(document) == []
    assert [at(one["taxDetails"][0], "taxAmount.amount") for one in document.tree["items"]] == ["1.90", "0.19"]
    assert [at(one, "taxAmount.amount") for one in document.tree["taxTotals"]] == ["2.09"]
    assert document.tree["invoiceTotal"]["amount"] == "13.10"
    assert document.tree["paymentTermsCode"] == "30"


def test_a_tax_by_the_order_takes_its_rate_and_not_its_sum():
    tax = {"type": "MwSt.", "taxRate": "0.07", "taxAmount": EURO}
    known = order(line(netPrice=EURO, taxDetails={"taxLineItem": [tax, tax | {"type": "TOTAL"}]}))
    billing = Billing(remit_to=EUROPE.remit_to, bill_to=EUROPE.bill_to, tax="order")
    document = made(known=known, billing=billing)
    assert codes(document) == []
    assert [at(one, "taxAmount.amount") for one in document.tree["taxTotals"]] == ["0.70"]


@pytest.mark.parametrize("own", [{}, {"taxDetails": []}])
def test_the_tax_of_a_charge_counts_where_it_is_told_with_the_invoices_own_alone(own):
    freight = {"type": "FREIGHTOUT", "chargeAmount": {"amount": "2.00"}}
    taxed = freight | {"taxDetails": [{"taxType": "Consumption", "taxRate": "0.1"}]}
    document = made(items({"chargeDetails": [freight | own]}, {}) | {"chargeDetails": [taxed]})
    assert codes(document) == []
    assert [at(one, "taxAmount.amount") for one in document.tree["taxTotals"]] == ["0.20"]
    assert document.tree["invoiceTotal"]["amount"] == "52.20"
    both = made(items({"chargeDetails": [taxed]}, {}) | {"chargeDetails": [taxed]})  # the same tax, told twice
    assert both.tree["invoiceTotal"]["amount"] == "52.20"


def test_charges_of_lines_are_summed_and_an_allowance_is_one_below_zero():
    freight = {"type": "FREIGHTOUT", "chargeAmount": {"amount": "2.00"}}
    off = {"type": "PACKAGING", "chargeAmount": {"amount": "-1.00"}}
    document = made(items({"chargeDetails": [freight]}, {"chargeDetails": [freight, off]}))
    assert codes(document) == []
    charges = {one["type"]: at(one, "chargeAmount.amount") for one in document.tree["chargeDetails"]}
    assert charges == {"FREIGHTOUT": "4.00", "PACKAGING": "-1.00"}
    assert document.tree["invoiceTotal"]["amount"] == "53.00"


WRONG = {
    "total-differs": {"invoiceTotal": {"currencyCode": "USD", "amount": "50.01"}},
    "total-nothing": items(cost("0"), cost("0")),
    "currency-differs": items(cost("12.50", "EUR"), {}),
    "price-negative": items(cost("-12.50"), {}),
    "invoice-quantity": items({}, {"invoicedQuantity": {"amount": 2}}),
    "line-unknown": {"items": [{"itemSequenceNumber": "9"}]},
    "invoice-orders": items({"purchaseOrderNumber": "Another1"}, {}),
    "taxes-differ": {"taxTotals": [{"taxType": "VAT", "taxAmount": {"amount": "1"}}]},
    "charges-differ": items({"chargeDetails": [{"type": "LOADING", "chargeAmount": {"amount": "2"}}]}, {})
    | {"chargeDetails": [{"type": "LOADING", "chargeAmount": {"amount": "1"}}]},
    "tax-rate": items({"taxDetails": [{"taxType": "Consumption", "taxRate": "19"}]}, {}),
    "tax-registration": items({"taxDetails": [{"taxType": "VAT", "taxRate": "0.19"}]}, {}),
    "invoice-date-future": {"invoiceDate": "2026-12-02T00:00:00Z"},
    "invoice-number": {"invoiceNumber": "../../x"},
    "party-differs": {"billToParty": {"partyId": "OTHER"}},
    "invoice-amount": items(cost("999999999999.99"), cost("999999999999.99")),
}


@pytest.mark.parametrize("code", WRONG)
def test_what_amazon_would_not_take_is_told_before_it_is_sent(code):
    assert code in codes(made(WRONG[code]))


def test_an_order_that_was_denied_has_no_invoice():
    confirmed = {"shipmentDetails": {"shipmentStatus": "FLOOR_DENIAL"}}
    assert "order-denied" in codes(made(confirmed=confirmed))


def test_who_pays_must_be_known():
    known = order()
    del known["orderDetails"]["billToParty"]
    assert codes(made(known=known)) == ["bill-to-missing"]
    assert codes(made(known=known, billing=Billing(bill_to={"partyId": "AMZN"}))) == []


def test_another_price_than_the_orders_is_a_warning():
    document = made(items(cost("13.00"), {}))
    assert codes(document) == []
    told = [one for one in document.findings if one.severity is Severity.WARNING]
    assert [one.code for one in told] == ["price-differs"]


def test_an_address_that_invoices_have_not_whole_is_left_out():
    address = {"name": "Amazon", "addressLine1": "1", "countryCode": "US", "stateOrRegion": "NJ"}
    known = order(billToParty={"partyId": "AMZN", "address": address})
    assert made(known=known).tree["billToParty"] == {"partyId": "AMZN"}


def test_of_an_order_that_was_forgotten_nothing_forgotten_is_told_of_who_pays():
    address = {
        name: PARTY[name] for name in ("name", "addressLine1", "city", "stateOrRegion", "postalCode", "countryCode")
    }
    tax = {"taxRegistrationType": "VAT", "taxRegistrationNumber": "DE123456789"}
    known = order(billToParty={"partyId": "AMZN", "address": address, "taxInfo": tax})
    assert made(known=known).tree["billToParty"]["address"] == address
    assert made(known=forgotten("order", known)).tree["billToParty"] == {"partyId": "AMZN"}


def test_the_same_number_is_the_same_invoice_only_where_it_says_the_same():
    assert revise({"invoiceNumber": "7"}, {"invoiceNumber": 7}).verdict == "same"
    assert revise({"invoiceNumber": "7"}, {"invoiceNumber": "7"} | items({}, {})).verdict == "contradiction"
    assert key({"invoiceNumber": 7}) == "7"


@amazon.needs_models
@given(st.data())
def test_every_invoice_is_one_that_amazons_models_take_and_adds_up(data):
    known = data.draw(orders())
    billing = data.draw(st.sampled_from([Billing(), Billing(tax="Consumption", rate="0.1")]))
    document = made(known=known, billing=billing)
    if codes(document):  # an order of nothing but free lines
        assert codes(document) == ["total-nothing"]
        return
    assert amazon.faults(amazon.PAYMENTS, "SubmitInvoiceRequest", body([document.tree])) == []
    assert made(document.tree, known, billing=billing).tree == document.tree


@pytest.mark.parametrize(
    "said, same",
    [
        ("DUPLICATE_INVOICE_NUMBER Invoice number INV-1 was already received.", True),
        ("InvalidInput Duplicate invoice number", True),
        ("ORDER_ALREADY_INVOICED Order D1 has an invoice.", False),
        ("InvalidInput The order is already invoiced under number 77", False),
        ("InvalidInput Order D1 was already cancelled", False),
    ],
)
def test_only_a_refusal_of_the_number_says_that_this_very_invoice_was_taken_before(said, same):
    assert bool(re.search(INVOICE.operation.twice, said)) is same
