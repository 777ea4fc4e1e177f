"""What we say back to a warehouse about data of its own that could not go on: one entry per fault, in plain words.

An answer is about one rejected document of one file; answers are batched into files like any other document.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Final

from translator.core.document import Tree
from translator.core.finding import Finding, Place, errors
from translator.core.tree import pruned
from translator.documents.containers import entries
from translator.documents.fields import Fields
from translator.documents.kind import FieldOf, Kind, Revised, Revision
from translator.documents.types import verify
from translator.documents.values import iso

FIELDS: Final[Fields] = (
    FieldOf("file", "text", "name of the file it answers", required=True),
    FieldOf("at", "datetime", "when it was rejected", required=True),
    FieldOf("entries", "list", "one per fault", required=True),
    FieldOf("entries[].kind", "text", "what was rejected: shipment_confirmation, inventory_update …", required=True),
    FieldOf("entries[].key", "text", "of which order, or of which warehouse"),
    FieldOf("entries[].line", "integer", "line of the file"),
    FieldOf("entries[].field", "text", "field of that line, or place in the document"),
    FieldOf("entries[].code", "text", "stable word for this fault", required=True),
    FieldOf("entries[].text", "text", "what is wrong, in plain words", required=True, personal=True),
    FieldOf("entries[].hint", "text", "what to do about it", personal=True),
)

_UNTOLD: Final = Finding("rejected", "it could not be used")


def answer_for(file: str, kind: str, key: str, findings: Sequence[Finding], at: datetime) -> Tree:
    """Answer one rejected document: `file` is the warehouse's own, `findings` are all that was found in it."""
    faults = errors(findings) or list(findings) or [_UNTOLD]
    answer: Tree = pruned({"file": file, "at": iso(at), "entries": [_entry(kind, key, one) for one in faults]})
    return answer


def key(tree: Tree) -> str:
    """Give file, kind and key of what was rejected: the same document is answered once."""
    first = next(iter(entries(tree, "entries")), {})
    return " ".join(str(part) for part in (tree.get("file"), first.get("kind"), first.get("key")) if part)


def revise(stored: Tree, arrived: Tree) -> Revised:
    """Take an answer of the same words for the same, however much later; other words are news."""
    if stored.get("entries") == arrived.get("entries"):
        return Revised(Revision.SAME, stored)
    return Revised(Revision.NEWER, arrived, "the same document was rejected for other reasons")


def check(tree: Tree) -> list[Finding]:
    """Hold an answer against its own table."""
    return verify("answer", tree)


def _entry(kind: str, key: str, finding: Finding) -> Tree:
    place = finding.data or Place()
    return {
        "kind": kind,
        "key": key,
        "line": place.line or None,
        "field": place.field or place.path,
        "code": finding.code,
        "text": finding.text,
        "hint": finding.hint,
    }


KIND: Final = Kind(
    name="answer",
    fields=FIELDS,
    key=key,
    help="what was wrong with a file of the warehouse",
    revise=revise,
    check=check,
)
