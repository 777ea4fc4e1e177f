"""Who did what: a row that is changed, taken away, put in or moved is found."""

from contextlib import suppress

import pytest


@pytest.fixture
def chained(ledger):
    """Six acts of two commits."""
    for first in (0, 3):
        with ledger.commit() as book:
            for number in range(first, first + 3):
                book.audit.note("anna", "move retry", f"PO{number}", {"move": number, "ok": True})
    return ledger


def told(ledger, noted=""):
    with ledger.look() as book:
        return book.audit.verify(noted)


class TakenBack(Exception):
    pass


def flaw_after(ledger, *texts):
    """Change it behind the back of its acts, look, and take the change back."""
    verified = None
    with suppress(TakenBack), ledger.commit() as book:
        for text in texts:
            book._connection.exec_driver_sql(text)
        verified = book.audit.verify()
        raise TakenBack
    return verified.flaw


def test_an_audit_that_nobody_touched_fits(chained):
    verified = told(chained)
    assert (verified.count, verified.flaw) == (6, "")
    with chained.look() as book:
        entries = book.audit.latest(2)
    assert [(entry.id, entry.who, entry.about, entry.detail["move"]) for entry in entries] == [
        (5, "anna", "PO4", 4),
        (6, "anna", "PO5", 5),
    ]
    assert entries[-1].chain == verified.head


def test_an_audit_without_a_row_fits(ledger):
    assert told(ledger).flaw == ""


CHANGES = [
    "UPDATE audit SET who = 'bert' WHERE id = 3",
    "UPDATE audit SET act = 'move hold' WHERE id = 1",
    "UPDATE audit SET about = 'PO9' WHERE id = 6",
    "UPDATE audit SET at = at + 1 WHERE id = 2",
    "UPDATE audit SET chain = '' WHERE id = 6",
    "UPDATE audit SET detail = (SELECT detail FROM audit WHERE id = 1) WHERE id = 4",
    "DELETE FROM audit WHERE id = 1",
    "DELETE FROM audit WHERE id = 4",
    "DELETE FROM audit WHERE id = 6",
    "DELETE FROM audit WHERE id >= 2",
    "DELETE FROM audit",
    "INSERT INTO audit SELECT 7, at, who, act, about, detail, chain FROM audit WHERE id = 6",
]


def test_a_row_that_was_changed_removed_or_put_in_is_found(chained):
    assert [statement for statement in CHANGES if not flaw_after(chained, statement)] == []
    assert told(chained).flaw == ""


def test_rows_that_were_given_each_other_s_places_are_found(chained):
    swapped = [f"UPDATE audit SET id = {after} WHERE id = {before}" for before, after in ((2, 99), (3, 2), (99, 3))]
    assert "row 2" in flaw_after(chained, *swapped)


def test_a_chain_that_was_written_anew_lacks_the_hash_that_was_noted(chained):
    noted = told(chained).head
    assert told(chained, noted).flaw == ""
    with chained.commit() as book:
        book._connection.exec_driver_sql("DELETE FROM audit")
        book.bookmarks.put("audit", "")
        book.audit.note("anna", "move retry", "PO0")
    assert told(chained).flaw == ""
    assert "noted" in told(chained, noted).flaw


def test_an_act_that_is_taken_back_leaves_no_row(chained):
    with suppress(TakenBack), chained.commit() as book:
        book.audit.note("anna", "move reject", "PO7")
        raise TakenBack
    with chained.commit() as book:
        book.audit.note("anna", "move hold", "PO8")
    assert told(chained).count == 7
