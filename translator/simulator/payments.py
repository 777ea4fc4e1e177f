"""What Amazon makes of an invoice: the business rules beside those of `terms`.

Promises: pure; the invoice is known to have passed `rules`; every broken rule is told. A message never names a person.
"""

from collections import Counter
from collections.abc import Iterator, Mapping
from datetime import datetime
from decimal import Decimal
from typing import Any

from translator.simulator.known import KnownOrder
from translator.simulator.rules import moment
from translator.simulator.terms import Trouble

Invoice = Mapping[str, Any]
CENT = Decimal("0.01")


def orders_of(invoice: Invoice) -> tuple[str, ...]:
    """The orders an invoice is of, each once."""
    return tuple(dict.fromkeys(item["purchaseOrderNumber"] for item in invoice["items"]))


def invoice_troubles(
    invoice: Invoice, orders: Mapping[str, KnownOrder], invoiced: Mapping[str, tuple[str, ...]], accepted: datetime
) -> Iterator[Trouble]:
    number = invoice["invoiceNumber"]
    if number in invoiced:
        yield Trouble("DUPLICATE_INVOICE_NUMBER", f"Invoice number {number} was already received.")
        return
    date = moment(invoice["invoiceDate"])
    if date is None or date > accepted:
        yield Trouble("INVALID_INVOICE_DATE", "The invoice date cannot be in the future.")
    if not invoice["items"]:
        yield Trouble("MISSING_ITEM", "The invoice has no items.")
    for order in orders_of(invoice):
        yield from _order_troubles(invoice, order, orders.get(order), accepted)
        if any(order in others for others in invoiced.values()):
            yield Trouble("ORDER_ALREADY_INVOICED", f"Order {order} has an invoice.")
    yield from _sum_troubles(invoice)


def _order_troubles(invoice: Invoice, number: str, order: KnownOrder | None, accepted: datetime) -> Iterator[Trouble]:
    if order is None:
        yield Trouble("INVALID_ORDER_ID", "Invalid order ID.")
        return
    if order.status != "SHIPPED" or order.confirmed is None or order.confirmed > accepted:
        yield Trouble("ORDER_NOT_SHIPPED", f"Order {number} was not confirmed as shipped when it was invoiced.")
    details = order.body["orderDetails"]
    for party in ("shipFromParty", "billToParty"):
        if invoice.get(party, {}).get("partyId") != details.get(party, {}).get("partyId"):
            yield Trouble("INVALID_PARTY_ID", f"The {party} is not that of order {number}.")
    lines = {line["itemSequenceNumber"]: line for line in order.lines}
    counts: Counter[str] = Counter()
    for item in invoice["items"]:
        if item["purchaseOrderNumber"] != number:
            continue
        line = lines.get(item["itemSequenceNumber"])
        if line is None:
            yield Trouble("INVALID_ITEM_SEQUENCE_NUMBER", f"Order {number} has no line {item['itemSequenceNumber']}.")
            continue
        counts[item["itemSequenceNumber"]] += item["invoicedQuantity"]["amount"]
        for name in ("buyerProductIdentifier", "vendorProductIdentifier"):
            if name in item and item[name] != line.get(name):
                yield Trouble("INVALID_ITEM_ID", f"{item[name]} is not a valid product ID")
    for name, line in lines.items():
        if not 0 <= counts[name] <= line["orderedQuantity"]["amount"]:
            yield Trouble("INVALID_QUANTITY", f"The quantity of line {name} is more than was ordered.")


def _sum_troubles(invoice: Invoice) -> Iterator[Trouble]:
    total = Decimal(invoice["invoiceTotal"]["amount"])
    currencies = {
        invoice["invoiceTotal"]["currencyCode"],
        *(item["netCost"]["currencyCode"] for item in invoice["items"]),
    }
    if len(currencies) > 1:
        yield Trouble("INVALID_CURRENCY", "An invoice has one currency.")
    lines = [Decimal(item["netCost"]["amount"]) * item["invoicedQuantity"]["amount"] for item in invoice["items"]]
    charges = [Decimal(one["chargeAmount"]["amount"]) for one in invoice.get("chargeDetails", [])]
    taxes = [Decimal(one["taxAmount"]["amount"]) for one in invoice.get("taxTotals", [])]
    reckoned = sum((*lines, *charges, *taxes), Decimal(0))
    if total == 0:
        yield Trouble("INVALID_TOTAL", "The total of an invoice is not zero.")
    if abs(total - reckoned) > CENT * len(lines) / 2:
        yield Trouble("INVALID_TOTAL", "The total is not the sum of items, charges and taxes.")
    within = [tax for item in invoice["items"] for tax in item.get("taxDetails", [])]
    if within and not invoice.get("taxTotals"):
        yield Trouble("INVALID_TAX", "The taxes of the items are not in the tax totals.")
