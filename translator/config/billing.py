"""What a site says of the vendor's invoices: who makes them, their numbers, parties, terms and tax."""

from __future__ import annotations

import re
from decimal import Decimal
from typing import Final

from translator.config import words
from translator.core.document import Tree
from translator.documents.billing import OF_ORDER, TAXES, Billing, has_sequence, party_of
from translator.documents.invoice import NUMBER
from translator.mapping.strict import Keys
from translator.mapping.words import names

_RATE: Final = re.compile(r"0?\.[0-9]{1,6}")
_ADDRESS: Final = ("name", "addressLine1", "city", "stateOrRegion", "postalCode", "countryCode")


def billing(k: Keys) -> Billing:
    """Take `invoices`."""
    inner = k.keys("invoices", "in 'invoices'", names(words.INVOICES))
    if inner is None:
        return Billing()
    tax, rate = _taxed(inner)
    made = Billing(
        made="confirmed" if inner.word("from", words.INVOICED, "files") == "confirmed" else "",
        number=_number(inner),
        first=inner.whole("first", 1, 1, 999_999_999) or 1,
        remit_to=_party(inner, "remit_to"),
        bill_to=_party(inner, "bill_to"),
        terms=inner.text("terms"),
        tax=tax,
        rate=rate,
    )
    inner.done()
    return made


def _number(k: Keys) -> str:
    form = k.text("number", Billing().number)
    if not has_sequence(form) or not NUMBER.fullmatch(Billing(number=form).numbered(999_999_999)):
        hint = "INV-{sequence}, or INV-{sequence:06}: letters, digits and . _ / # -, with the sequence in it once"
        k.fault("site-invoices", "'number' makes no numbers", k.place("number"), hint)
    return form


def _party(k: Keys, name: str) -> Tree | None:
    inner = k.keys(name, f"in '{name}'", names(words.PARTY))
    if inner is None:
        return None
    said = {word.name: inner.text(word.name) for word in words.PARTY if word.takes == "text"}
    said["partyId"] = inner.required("partyId")
    said["taxRegistrationType"] = inner.word("taxRegistrationType", ("VAT", "GST"), "")
    lacking = [field for field in _ADDRESS if not said[field]]
    if 0 < len(lacking) < len(_ADDRESS):
        text = f"the address lacks {', '.join(lacking)}"
        inner.fault("site-invoices", text, inner.place(), "Amazon takes an address whole, or none")
    inner.done()
    return party_of(said)


def _taxed(k: Keys) -> tuple[str, str]:
    tax, rate = k.word("tax", (OF_ORDER, *TAXES), ""), k.text("rate")
    if rate and not _RATE.fullmatch(rate):
        k.fault("site-invoices", "'rate' is no share", k.place("rate"), "0.19 is nineteen percent")
        return tax, ""
    if bool(rate) != (tax not in ("", OF_ORDER)):
        hint = "{tax: VAT, rate: 0.19}; or {tax: order}, by the order's lines"
        k.fault("site-invoices", "'tax' and 'rate' go together", k.place("tax"), hint)
    return tax, str(Decimal(rate)) if rate else ""
