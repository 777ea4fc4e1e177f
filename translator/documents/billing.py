"""What a vendor account says of its invoices: who is paid, who pays, on what terms, with which tax, by which numbers.

All of it is what no order and no warehouse knows. Addresses are those of companies, never of a customer.
"""

from __future__ import annotations

import re
from typing import Any, Final, Literal

from msgspec import Struct

from translator.core.document import Tree

TAXES: Final = (
    *("CGST", "SGST", "CESS", "UTGST", "IGST", "MwSt.", "PST", "TVA", "VAT", "GST", "ST", "Consumption"),
    *("MutuallyDefined", "DomesticVAT"),
)
OF_ORDER: Final = "order"  # the rate and the type that the order's own lines have
_SEQUENCE: Final = re.compile(r"\{sequence(?::0([1-9]|1[0-9]))?\}")
_PARTY: Final = ("name", "addressLine1", "addressLine2", "addressLine3", "city", "stateOrRegion", "postalCode")
ADDRESS: Final = (*_PARTY, "countryCode", "phone")


class Billing(Struct, frozen=True):
    """What a site says under `invoices`. `made`: of which orders we make them ourselves; empty: they come in files."""

    made: Literal["", "confirmed"] = ""
    number: str = "INV-{sequence}"
    first: int = 1  # the first number of the sequence
    remit_to: Any = None  # a party of the Payments API, as a tree
    bill_to: Any = None
    terms: str = ""
    tax: str = ""  # the type of the tax on what an order costs; "order": as its lines say; empty: none
    rate: str = ""  # 0.19

    def numbered(self, sequence: int) -> str:
        """Give the number of an invoice by its place in the sequence."""
        return _SEQUENCE.sub(lambda found: str(sequence).zfill(int(found[1] or 0)), self.number)


def has_sequence(form: str) -> bool:
    """Tell whether numbers of this form differ: the sequence stands in it, once."""
    return len(_SEQUENCE.findall(form)) == 1 and "{" not in _SEQUENCE.sub("", form)


def party_of(said: dict[str, str]) -> Tree:
    """Give a party as the Payments API has it, of what a site says flat."""
    address = {name: said[name] for name in ADDRESS if said.get(name)}
    number, kind = said.get("taxRegistrationNumber"), said.get("taxRegistrationType")
    registered = (
        {"taxRegistrationNumber": number, **({"taxRegistrationType": kind} if kind else {})} if number else None
    )
    return {
        "partyId": said.get("partyId", ""),
        **({"address": address} if address else {}),
        **({"taxRegistrationDetails": [registered]} if registered else {}),
    }
