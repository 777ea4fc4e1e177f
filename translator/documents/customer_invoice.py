"""The customer's invoice that must travel with a parcel in India: a PDF of Amazon's (reference §6.7)."""

from __future__ import annotations

from typing import Final

from translator.documents.kind import Kind
from translator.documents.paper import paper

KIND: Final[Kind] = paper(
    "customer_invoice", "invoice", "the invoice for the customer, as a PDF of Amazon's", "CustomerInvoice"
)
