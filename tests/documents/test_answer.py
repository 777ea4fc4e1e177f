"""Answers: what was wrong with a warehouse's own file, in plain words."""

from datetime import UTC, datetime

from translator.core.finding import Finding, Place, Severity
from translator.documents.answer import answer_for, check, key, revise
from translator.documents.kind import Revision

AT = datetime(2026, 12, 1, 15, 0, tzinfo=UTC)
FAULT = Finding(
    "over-shipped", "line 1: 3 shipped, 2 ordered", Place("SHIP1.csv", line=12, field="QTY"), hint="ship less"
)
NOTE = Finding("weight-assumed", "1 LB assumed", severity=Severity.INFO)


def test_one_entry_per_error_with_its_line_and_field():
    answer = answer_for("SHIP1.csv", "shipment_confirmation", "D3rC", [NOTE, FAULT], AT)
    assert answer == {
        "file": "SHIP1.csv",
        "at": "2026-12-01T15:00:00Z",
        "entries": [
            {
                "kind": "shipment_confirmation",
                "key": "D3rC",
                "line": 12,
                "field": "QTY",
                "code": "over-shipped",
                "text": "line 1: 3 shipped, 2 ordered",
                "hint": "ship less",
            }
        ],
    }
    assert check(answer) == []
    assert key(answer) == "SHIP1.csv shipment_confirmation D3rC"


def test_a_place_in_the_document_stands_for_a_field():
    fault = Finding("quantity", "-5 is below 0", Place(path="/items/3/availableQuantity/amount"))
    (entry,) = answer_for("STOCK.csv", "inventory_update", "EWR1", [fault], AT)["entries"]
    assert entry["field"] == "/items/3/availableQuantity/amount"
    assert "line" not in entry


def test_an_answer_always_says_something():
    answer = answer_for("X.csv", "unread", "", [], AT)
    assert answer["entries"][0]["text"]
    assert check(answer) == []


def test_the_same_words_again_are_the_same_answer():
    one, later = (answer_for("S.csv", "k", "D", [FAULT], AT.replace(hour=hour)) for hour in (15, 16))
    assert revise(one, later).verdict is Revision.SAME
    assert revise(one, answer_for("S.csv", "k", "D", [NOTE], AT)).verdict is Revision.NEWER
