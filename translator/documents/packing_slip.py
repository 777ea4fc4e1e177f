"""The packing slip that Amazon wants enclosed: a PDF, there for some orders only (gifts, business customers; §6.6)."""

from __future__ import annotations

from typing import Final

from translator.documents.kind import FieldOf, Kind
from translator.documents.paper import paper

KIND: Final[Kind] = paper(
    "packing_slip",
    "slip",
    "the packing slip that is to be enclosed, as a PDF of Amazon's",
    "PackingSlip",
    FieldOf("contentType", "text", "what it is: a PDF", one_of=("application/pdf",)),
)
