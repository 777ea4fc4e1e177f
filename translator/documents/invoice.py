"""The vendor's invoice for an order that has shipped (reference §8): from a file, or made of the order by policy.

A file may say as little as a number and an order; the order, the account's `invoices` and the sums give the rest. What a
file says is checked and never changed. One invoice is of one order, whole: Amazon's model would let several orders share
one, but then a failure could not name its order. Success says only that Amazon could read it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from copy import deepcopy
from typing import Any, Final

from translator.core.document import Document, Tree
from translator.core.finding import Finding, Severity, errors
from translator.core.private import shown
from translator.core.tree import at
from translator.documents.billing import ADDRESS, OF_ORDER, TAXES
from translator.documents.clock import SKEW, not_ahead
from translator.documents.invoice_fields import FIELDS
from translator.documents.invoice_lines import as_ordered
from translator.documents.invoice_sums import amounts, currency_faults, summed
from translator.documents.kind import Asked, Kind, Need, Operation, Revised, Revision
from translator.documents.lines import amount_ordered, by_key, each, line_key, number_of, product_of
from translator.documents.numbers import order_faults
from translator.documents.private import FORGOTTEN
from translator.documents.shipment_confirmation import SHIPPED, denied
from translator.documents.types import coerce, fault, verify
from translator.documents.values import iso

NUMBER: Final = re.compile(r"[A-Za-z0-9](?:[A-Za-z0-9 ._/#-]{0,38}[A-Za-z0-9])?")
_REGISTERED: Final = frozenset(TAXES) - {"ST", "Consumption", "MutuallyDefined"}  # of whom they are, a number must say
_ADDRESS: Final = ("name", "addressLine1", "city", "stateOrRegion", "postalCode", "countryCode")


def complete(document: Document, asked: Asked) -> Document:
    """Fill in what order and account say, sum it, and find what Amazon would not take."""
    said, found = coerce("invoice", document.tree)
    found += order_faults(document, asked, said)
    if asked.order is None or errors(found):
        return document.completed(document.tree, found)
    said = deepcopy(said)  # currencies are filled in below
    order, _ = coerce("order", asked.order)  # as Amazon sent it, a price or a rate may be a number
    whole = _whole(said, asked, order, found)
    currency = _currency(said, order)
    found += currency_faults(whole, currency)
    if errors(found):
        return document.completed(whole, found)
    for _, amount in amounts(whole):
        amount.setdefault("currencyCode", currency)
    try:
        whole = summed(whole, currency, found)
    except ValueError as reason:  # more digits than Amazon's model of a number has
        found.append(fault("invoice-amount", str(reason), "/invoiceTotal/amount"))
    return document.completed(whole, [*found, *_party_faults(whole, order)])


def check(tree: Tree) -> list[Finding]:
    """Hold a completed invoice against Amazon's model, and its number against what may be written anywhere."""
    return [*_number_faults(tree), *verify("invoice", tree)]


def key(tree: Tree) -> str:
    """Give its number; one that has none is known by its order."""
    return str(tree.get("invoiceNumber") or tree.get("purchaseOrderNumber", ""))


def revise(stored: Tree, arrived: Tree) -> Revised:
    """Take what says the same under one number for the same invoice; a number is never used for another one."""
    if coerce("invoice", stored)[0] == coerce("invoice", arrived)[0]:
        return Revised(Revision.SAME, stored)
    return Revised(Revision.CONTRADICTION, stored, "its number was used for an invoice that says otherwise")


def body(trees: Sequence[Tree]) -> Tree:
    """Wrap invoices as submitInvoice wants them."""
    return {"invoices": list(trees)}


def _whole(said: Tree, asked: Asked, order: Tree, found: list[Finding]) -> Tree:
    if asked.confirmed is not None and denied(asked.confirmed):
        text = "the order was denied after its acceptance: nothing of it shipped"
        found.append(fault("order-denied", text, "/invoiceNumber"))
    number = at(order, "orderDetails.shipFromParty.partyId", "")
    country = str(at(order, "orderDetails.shipToParty.countryCode", ""))
    date = said.get("invoiceDate") or iso(asked.now - SKEW)  # our clock may be ahead of Amazon's, too
    whole = {
        **({"shipToCountryCode": country} if len(country) == 2 else {}),
        **({"paymentTermsCode": asked.billing.terms} if asked.billing.terms else {}),
        **{name: value for name, value in said.items() if name != "purchaseOrderNumber"},
        "invoiceDate": not_ahead(date, asked.now, "/invoiceDate", "invoice-date", found),
        "remitToParty": {"partyId": asked.vendor, **(asked.billing.remit_to or {}), **said.get("remitToParty", {})},
        "shipFromParty": {"partyId": number, **said.get("shipFromParty", {})},
        "items": _items(said, asked, order, found),
    }
    payer = {**_payer(order), **(asked.billing.bill_to or {}), **said.get("billToParty", {})}
    return {**whole, "billToParty": payer} if payer else whole


def _payer(order: Tree) -> Tree:
    """Give the order's bill-to party as invoices have it: an address that lacks what they require is left out.

    So is what was forgotten of it since its time was over.
    """
    party = at(order, "orderDetails.billToParty", {})
    address, tax = (_left(party.get(name, {})) for name in ("address", "taxInfo"))
    address = {name: value for name, value in address.items() if name in ADDRESS}
    number = {name: tax[name] for name in ("taxRegistrationType", "taxRegistrationNumber") if name in tax}
    return {
        **({"partyId": party["partyId"]} if "partyId" in party else {}),
        **({"address": address} if all(address.get(name) for name in _ADDRESS) else {}),
        **({"taxRegistrationDetails": [number]} if "taxRegistrationNumber" in number else {}),
    }


def _left(told: Tree) -> Tree:
    return {name: value for name, value in told.items() if value != FORGOTTEN}


def _items(said: Tree, asked: Asked, order: Tree, found: list[Finding]) -> list[Tree]:
    lines = by_key(order)
    entries = as_ordered(said.get("items", []), asked.portions, order, found) or [
        {"itemSequenceNumber": line["itemSequenceNumber"]} for line in lines.values()
    ]
    told: dict[str, int] = {}
    items = []
    for n, item in enumerate(entries):
        number = line_key(item.get("itemSequenceNumber", ""))
        line = lines.get(number)
        if line is None:
            text = "the order has no such line"
            found.append(fault("line-unknown", text, f"/items/{n}/itemSequenceNumber"))
            continue
        made = _item(item, line, asked, order)
        items.append(made)
        told[number] = told.get(number, 0) + (at(made, "invoicedQuantity.amount") or 0)
        found += _item_faults(made, line, order, f"/items/{n}")
    found += _amount_faults(told, lines)
    return items


def _item(item: Tree, line: Tree, asked: Asked, order: Tree) -> Tree:
    taxes = item.get("taxDetails") or _taxes(line, asked)
    kept = asked.kept.get("wms_order")
    return {
        **({"vendorOrderNumber": kept} if kept else {}),
        **item,
        "itemSequenceNumber": str(line["itemSequenceNumber"]),
        **product_of(line),
        "purchaseOrderNumber": item.get("purchaseOrderNumber", number_of(order)),
        "invoicedQuantity": {**each(amount_ordered(line) or 0), **item.get("invoicedQuantity", {})},
        "netCost": {**line.get("netPrice", {}), **item.get("netCost", {})},
        **({"taxDetails": [dict(tax) for tax in taxes]} if taxes else {}),
    }


def _taxes(line: Tree, asked: Asked) -> list[Tree]:
    """Give the tax on what a line costs, where its sender says none: the order's own sums are on Amazon's price."""
    billing = asked.billing
    if billing.tax != OF_ORDER:
        return [{"taxType": billing.tax, "taxRate": billing.rate}] if billing.tax else []
    words = {word.lower(): word for word in TAXES}
    told = at(line, "taxDetails.taxLineItem", [])
    known = [(words.get(str(one.get("type", "")).lower()), one.get("taxRate")) for one in told]
    return [{"taxType": word, "taxRate": rate} for word, rate in known if word and rate]


def _currency(said: Tree, order: Tree) -> str:
    """Give the currency of the order; where that says none, the first that the invoice says."""
    prices = (at(line, "netPrice.currencyCode") for line in by_key(order).values())
    told = (amount.get("currencyCode") for _, amount in amounts(said))
    return str(next((code for code in (*prices, *told) if code), ""))


def _item_faults(item: Tree, line: Tree, order: Tree, path: str) -> Iterator[Finding]:
    if item["purchaseOrderNumber"] != number_of(order):
        hint = "give each order an invoice of its own"
        yield fault("invoice-orders", "it is of several orders", f"{path}/purchaseOrderNumber", hint)
    price, ordered = at(item, "netCost.amount"), at(line, "netPrice.amount")
    if str(price).startswith("-"):
        yield fault("price-negative", "a price below zero", f"{path}/netCost/amount")
    elif price is not None and ordered is not None and _plain(price) != _plain(ordered):
        text = f"{shown(price)}, but the order says {shown(ordered)}"
        hint = "Amazon pays by the order: agree upon it there first"
        yield fault("price-differs", text, f"{path}/netCost/amount", hint, Severity.WARNING)


def _plain(price: Any) -> str:
    text = str(price)
    return text.rstrip("0").rstrip(".") if "." in text else text


def _amount_faults(told: Mapping[str, int], lines: Mapping[str, Tree]) -> Iterator[Finding]:
    """Find lines that are not invoiced as they were ordered: an order ships whole, and has one invoice."""
    for number, line in lines.items():
        ordered, invoiced = amount_ordered(line), told.get(number, 0)
        if ordered != invoiced:
            hint = "an order ships whole and has one invoice: invoice all of it"
            text = f"line {shown(line['itemSequenceNumber'])}: {invoiced} invoiced of {ordered} ordered"
            yield fault("invoice-quantity", text, "/items", hint)


def _party_faults(tree: Tree, order: Tree) -> Iterator[Finding]:
    theirs = {"shipFromParty": "the warehouse", "billToParty": "who pays"}
    for name, what in theirs.items():
        wanted, given = at(order, f"orderDetails.{name}.partyId"), at(tree, f"{name}.partyId")
        if wanted and given not in (None, wanted):
            text = f"{shown(given)} is not {what} of the order: {shown(wanted)}"
            yield fault(
                "party-differs", text, f"/{name}/partyId", "Amazon compares it with the order, letter by letter"
            )
    if "billToParty" not in tree:
        hint = "say it in the site: invoices: {bill_to: …}"
        yield fault("bill-to-missing", "who pays is said neither by the order nor here", "/billToParty", hint)
    borne = {str(tax.get("taxType")) for tax in tree.get("taxTotals", [])}
    for name in ("remitToParty", "billToParty") if borne & _REGISTERED else ():
        yield from _registration_faults(tree.get(name, {}), name)


def _registration_faults(party: Tree, name: str) -> Iterator[Finding]:
    """Find that who charges or bears such a tax does not say who he is: address and registration."""
    word = "remit_to" if name == "remitToParty" else "bill_to"
    for part, what in (("address", "address"), ("taxRegistrationDetails", "tax registration")):
        if part not in party:
            text = f"an invoice with this tax needs the {what} of {name}"
            yield fault("tax-registration", text, f"/{name}/{part}", f"say it in the site: invoices: {{{word}: …}}")


def _number_faults(tree: Tree) -> Iterator[Finding]:
    number = tree.get("invoiceNumber")
    if number is not None and not NUMBER.fullmatch(str(number)):
        hint = "1 to 40 letters, digits and . _ / # - or blanks between them"
        yield fault("invoice-number", f"{shown(number)} is no invoice number", "/invoiceNumber", hint)


KIND: Final = Kind(
    name="invoice",
    fields=FIELDS,
    key=key,
    help="the vendor's invoice to Amazon for an order that has shipped",
    revise=revise,
    complete=complete,
    check=check,
    once=True,
    needs=(Need("shipment_confirmation", "accepted", seconds=72 * 3600, shown=SHIPPED),),
    warehouse=lambda tree: str(at(tree, "shipFromParty.partyId", "")),
    operation=Operation(
        name="submitInvoice",
        method="POST",
        path="/vendor/directFulfillment/payments/v1/invoices",
        body=body,
        settle=1800.0,
        twice=r"(?i)duplicate[_ ]invoice[_ ]number|invoice number\b.*\balready",  # of the number, not of the order
    ),
)
