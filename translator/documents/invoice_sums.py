"""The sums of an invoice: lines, charges, taxes and total agree, or it is told where they do not (reference §8).

total = lines + charges + taxes; an allowance is a charge below zero, since Amazon's model has no other place for it. What
the sender leaves out is summed; what he says is never changed. Pure; amounts are exact, rounded once, at the line.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from decimal import ROUND_HALF_UP, Decimal
from typing import Any, Final

from translator.core.document import Tree
from translator.core.finding import Finding, Severity
from translator.core.private import shown
from translator.core.tree import at
from translator.documents.types import fault
from translator.documents.values import plain

MONEY: Final = frozenset({"invoiceTotal", "netCost", "taxAmount", "taxableAmount", "chargeAmount"})
_NO_CENTS: Final = frozenset({"JPY", "KRW", "VND", "CLP", "ISK"})
_HINT: Final = "put it right in the file: nothing of an invoice is changed here"


def amounts(tree: Any, path: str = "") -> Iterator[tuple[str, Tree]]:
    """Give every amount of money in a tree, with its JSON pointer."""
    if isinstance(tree, dict):
        for name, inner in tree.items():
            if name in MONEY and isinstance(inner, dict):
                yield f"{path}/{name}", inner
            else:
                yield from amounts(inner, f"{path}/{name}")
    elif isinstance(tree, list):
        for number, inner in enumerate(tree):
            yield from amounts(inner, f"{path}/{number}")


def currency_faults(tree: Tree, currency: str) -> Iterator[Finding]:
    """Find an amount in another currency than that of the order."""
    for path, amount in amounts(tree):
        if (said := amount.get("currencyCode")) not in (None, currency):
            text = f"{shown(said)}, but the order is in {shown(currency)}"
            yield fault("currency-differs", text, f"{path}/currencyCode", _HINT)


def summed(tree: Tree, currency: str, found: list[Finding]) -> Tree:
    """Give the invoice with the sums its sender left out; what he says otherwise than it adds up is told."""
    sums = _Sums(currency, found)
    items = [sums.item(item, f"/items/{n}") for n, item in enumerate(tree["items"])]
    charges = sums.charges({**tree, "items": items})
    taxes = sums.taxes({**tree, "items": items}, charges)
    whole = {**tree, "items": items, **charges, **taxes}
    return {**whole, "invoiceTotal": sums.total(whole)}


class _Sums:
    def __init__(self, currency: str, found: list[Finding]) -> None:
        self._currency = currency
        self._found = found
        self._unit = Decimal(1) if currency in _NO_CENTS else Decimal("0.01")

    def item(self, item: Tree, path: str) -> Tree:
        charges = [
            self._taxed(one, _number(one, "chargeAmount"), f"{path}/chargeDetails/{n}")
            for n, one in enumerate(item.get("chargeDetails", []))
        ]
        taxed = self._taxed(item, self._net(item), path)
        return {**taxed, "chargeDetails": charges} if charges else taxed

    def _taxed(self, bearer: Tree, net: Decimal, path: str) -> Tree:
        details = bearer.get("taxDetails", [])
        made = [self._tax(tax, net, f"{path}/taxDetails/{n}") for n, tax in enumerate(details)]
        return {**bearer, "taxDetails": made} if made else bearer

    def _tax(self, tax: Tree, net: Decimal, path: str) -> Tree:
        """Give a tax with its amount; by its rate where it is left out."""
        rate = _decimal(tax.get("taxRate"))
        if rate is not None and not 0 <= rate < 1:
            hint = "0.19 is nineteen percent"
            self._found.append(fault("tax-rate", f"{shown(tax['taxRate'])} is no share", f"{path}/taxRate", hint))
            return tax
        base = _decimal(at(tax, "taxableAmount.amount"))
        base = net if base is None else base
        given = _decimal(at(tax, "taxAmount.amount"))
        if rate is None:
            return tax
        reckoned = self._rounded(base * rate)
        if given is not None:
            if abs(given - reckoned) > self._unit:
                text = f"{shown(plain(given))} is not {shown(tax['taxRate'])} of {self._text(base)}"
                self._found.append(fault("tax-differs", text, f"{path}/taxAmount", _HINT, Severity.WARNING))
            return tax
        return {**tax, "taxAmount": self._money(reckoned), "taxableAmount": self._money(base)}

    def charges(self, tree: Tree) -> Tree:
        """Give the charges of the whole invoice, by kind: those of the lines summed, where they are not said."""
        by_kind: dict[str, Decimal] = defaultdict(Decimal)
        for item in tree["items"]:
            for charge in item.get("chargeDetails", []):
                by_kind[str(charge.get("type", ""))] += _number(charge, "chargeAmount")
        if "chargeDetails" not in tree:
            made = [{"type": kind, "chargeAmount": self._money(amount)} for kind, amount in by_kind.items()]
            return {"chargeDetails": made} if made else {}
        said: dict[str, Decimal] = defaultdict(Decimal)
        for charge in tree["chargeDetails"]:
            said[str(charge.get("type", ""))] += _number(charge, "chargeAmount")
        if by_kind and by_kind != said:
            text = "the charges are not the sum of those of the lines"
            self._found.append(fault("charges-differ", text, "/chargeDetails", _HINT))
        taxed = [
            self._taxed(one, _number(one, "chargeAmount"), f"/chargeDetails/{n}")
            for n, one in enumerate(tree["chargeDetails"])
        ]
        return {"chargeDetails": taxed}

    def taxes(self, tree: Tree, charges: Tree) -> Tree:
        """Give the taxes of the whole invoice, by kind and rate; where they are said, they are the sum of the lines'."""
        borne = list(_borne(tree["items"], charges.get("chargeDetails", [])))
        if "taxTotals" not in tree:
            made = self._totals(borne)
            return {"taxTotals": made} if made else {}
        if _by_kind(borne) != _by_kind(tree["taxTotals"]):
            text = "the taxes are not the sum of those of the lines"
            self._found.append(fault("taxes-differ", text, "/taxTotals", _HINT))
        return {}

    def _totals(self, borne: Iterable[Tree]) -> list[Tree]:
        groups: dict[tuple[str, str], list[Tree]] = defaultdict(list)
        for tax in borne:
            groups[str(tax.get("taxType", "")), str(tax.get("taxRate", ""))].append(tax)
        return [self._group(kind, rate, taxes) for (kind, rate), taxes in groups.items()]

    def _group(self, kind: str, rate: str, taxes: list[Tree]) -> Tree:
        made: Tree = {"taxType": kind, **({"taxRate": rate} if rate else {})}
        made["taxAmount"] = self._money(sum((_number(tax, "taxAmount") for tax in taxes), Decimal(0)))
        if all("taxableAmount" in tax for tax in taxes):
            made["taxableAmount"] = self._money(sum((_number(tax, "taxableAmount") for tax in taxes), Decimal(0)))
        return made

    def total(self, tree: Tree) -> Tree:
        """Give the total: as it is said, which must be what it adds up to; else what it adds up to."""
        more = sum((_number(one, "chargeAmount") for one in tree.get("chargeDetails", [])), Decimal(0))
        more += sum((_number(one, "taxAmount") for one in tree.get("taxTotals", [])), Decimal(0))
        lines = sum((self._net(item) for item in tree["items"]), Decimal(0))
        said = _decimal(at(tree, "invoiceTotal.amount"))
        total = lines + more if said is None else said
        if total not in (lines + more, self._rounded(sum(map(_exact, tree["items"]), Decimal(0)) + more)):
            text = f"the total is {self._text(total)}, but it adds up to {self._text(lines + more)}"
            self._found.append(fault("total-differs", text, "/invoiceTotal/amount", _HINT))
        if total <= 0:
            hint = "Amazon takes no invoice over nothing, and no credit note this way: Vendor Central does"
            self._found.append(
                fault("total-nothing", f"the total is {self._text(total)}", "/invoiceTotal/amount", hint)
            )
        return {**tree.get("invoiceTotal", {}), **self._money(total)}

    def _net(self, item: Tree) -> Decimal:
        return self._rounded(_exact(item))

    def _rounded(self, amount: Decimal) -> Decimal:
        return amount.quantize(self._unit, ROUND_HALF_UP)

    def _money(self, amount: Decimal) -> Tree:
        return {"currencyCode": self._currency, "amount": self._text(amount)}

    def _text(self, amount: Decimal) -> str:
        whole = self._rounded(amount)
        return plain(whole if whole == amount else amount)


def _borne(items: Iterable[Tree], charges: Iterable[Tree]) -> Iterator[Tree]:
    """Give the taxes that are borne: of the lines, and of charges; those of the invoice where no line says any of its own."""
    of_charges: list[Tree] = []
    for item in items:
        yield from item.get("taxDetails", [])
        of_charges += _taxes_of(item.get("chargeDetails", []))
    yield from of_charges or _taxes_of(charges)


def _taxes_of(charges: Iterable[Tree]) -> Iterator[Tree]:
    return (tax for charge in charges for tax in charge.get("taxDetails", []))


def _by_kind(taxes: Iterable[Tree]) -> dict[str, Decimal]:
    sums: dict[str, Decimal] = defaultdict(Decimal)
    for tax in taxes:
        sums[str(tax.get("taxType", ""))] += _number(tax, "taxAmount")
    return {kind: amount for kind, amount in sums.items() if amount}


def _exact(item: Tree) -> Decimal:
    return Decimal(at(item, "invoicedQuantity.amount", 0)) * _number(item, "netCost")


def _number(tree: Tree, name: str) -> Decimal:
    return _decimal(at(tree, f"{name}.amount")) or Decimal(0)


def _decimal(value: Any) -> Decimal | None:
    return None if value is None else Decimal(value)
