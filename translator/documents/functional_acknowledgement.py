"""What an EDI partner says of a file of ours, or we of one of his: it could be read, or not, and why (997, 999, TA1, CONTRL).

It is about one functional group; of EDIFACT, and where it is a TA1, about one interchange. It says nothing of what
stands in the documents: an order that is accepted here may still be refused. What was wrong with a value is told by
its place and a code, never by the value.
"""

from __future__ import annotations

from typing import Final

from translator.core.document import Tree
from translator.core.finding import Finding
from translator.documents.containers import entries
from translator.documents.fields import Fields
from translator.documents.kind import FieldOf, Kind, Revised, Revision
from translator.documents.types import verify

STANDARDS: Final = ("x12", "edifact")
STATUSES: Final = ("accepted", "errors", "partly", "rejected", "received")  # received: whole, and not looked into
REFUSED: Final = "rejected"

FIELDS: Final[Fields] = (
    FieldOf("standard", "text", "whose acknowledgement it is", required=True, one_of=STANDARDS),
    FieldOf("at", "datetime", "when it was made"),
    FieldOf("interchange", "text", "control number of the interchange it answers: ISA13, UNB-05"),
    FieldOf("sender", "text", "who sent that interchange"),
    FieldOf("senderQualifier", "text", "what its id is"),
    FieldOf("receiver", "text", "to whom it was sent"),
    FieldOf("receiverQualifier", "text", "what its id is"),
    FieldOf("code", "text", "code of the functional group it answers: OW, SW"),
    FieldOf("control", "text", "control number of that group: GS06"),
    FieldOf("version", "text", "version of that group: 004010"),
    FieldOf("status", "text", "what is said of the group, or of the interchange", required=True, one_of=STATUSES),
    FieldOf("codes", "list", "why, in the codes of the standard"),
    FieldOf("codes[].code", "text", "AK9-05…, TA1-05, UCI-05", required=True),
    FieldOf("included", "integer", "transactions that its trailer counts"),
    FieldOf("received", "integer", "transactions that came"),
    FieldOf("accepted", "integer", "transactions that were accepted"),
    FieldOf("transactions", "list", "what is said of single transactions"),
    FieldOf("transactions[].set", "text", "what it is: 940, ORDERS"),
    FieldOf("transactions[].control", "text", "its control number: ST02, UNH-01", required=True),
    FieldOf("transactions[].version", "text", "of EDIFACT: D"),
    FieldOf("transactions[].release", "text", "of EDIFACT: 96A"),
    FieldOf("transactions[].agency", "text", "of EDIFACT: UN"),
    FieldOf("transactions[].status", "text", "what is said of it", required=True, one_of=STATUSES),
    FieldOf("transactions[].codes", "list", "why: AK5-02…, UCM-05"),
    FieldOf("transactions[].codes[].code", "text", "a code of the standard", required=True),
    FieldOf("transactions[].segments", "list", "segments that are at fault"),
    FieldOf("transactions[].segments[].tag", "text", "its tag: N3"),
    FieldOf("transactions[].segments[].number", "integer", "where it stands, from the header on, which is 1"),
    FieldOf("transactions[].segments[].codes", "list", "why: AK3-04…, UCS-02"),
    FieldOf("transactions[].segments[].codes[].code", "text", "a code of the standard", required=True),
    FieldOf("transactions[].segments[].elements", "list", "elements that are at fault"),
    FieldOf("transactions[].segments[].elements[].element", "integer", "its place in the segment"),
    FieldOf("transactions[].segments[].elements[].component", "integer", "its place in the element"),
    FieldOf("transactions[].segments[].elements[].code", "text", "why: AK4-03, UCD-01"),
)


def key(tree: Tree) -> str:
    """Give what it answers: a group, or an interchange."""
    said = (tree.get(name) for name in ("standard", "code", "control", "interchange"))
    return " ".join(str(part) for part in said if part)


def revise(stored: Tree, arrived: Tree) -> Revised:
    """Take the same verdict for the same; another one is news that a person must see."""
    if _verdict(stored) == _verdict(arrived):
        return Revised(Revision.SAME, stored)
    return Revised(Revision.CONTRADICTION, arrived, "it was judged otherwise before")


def _verdict(tree: Tree) -> tuple[object, ...]:
    return tree.get("status"), [(one.get("control"), one.get("status")) for one in entries(tree, "transactions")]


def words(tree: Tree) -> str:
    """Say what is wrong with a transaction, or with the whole, as an EDI person reads it: N4-02 of segment 6 (1)."""
    told = [_segment(one) for one in entries(tree, "segments")]
    told += [f"code {_codes(tree)}"] if _codes(tree) and not told else []
    return ", ".join(told)


def _segment(segment: Tree) -> str:
    where, tag = f"segment {segment.get('number', '?')}", segment.get("tag", "")
    parts = [
        f"{tag or 'element'}-{one.get('element', 0):02d}{_component(one)} of {where} ({one.get('code', '?')})"
        for one in entries(segment, "elements")
    ]
    return ", ".join(parts) or f"{tag} in {where} ({_codes(segment) or '?'})".lstrip()


def _component(element: Tree) -> str:
    return f"-{element['component']:02d}" if "component" in element else ""


def _codes(tree: Tree) -> str:
    return " ".join(str(one.get("code", "")) for one in entries(tree, "codes"))


def check(tree: Tree) -> list[Finding]:
    """Hold an acknowledgement against its own table."""
    return verify("functional_acknowledgement", tree)


KIND: Final = Kind(
    name="functional_acknowledgement",
    fields=FIELDS,
    key=key,
    help="that a file of EDI could be read, or why not: 997, 999, TA1, CONTRL",
    revise=revise,
    check=check,
)
