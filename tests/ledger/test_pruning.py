"""What ended long ago goes, whole and a few rows at a time; what is open, waits or is needed stays."""

import json

import pytest

from translator.core.work import End
from translator.ledger.keys import PLAIN

DAY = 86_400.0
COUNTED = ("document", "content", "interchange", "body", "chunk", "attempt", "event", "kept", "wanting")


def order(ledger, number="PO1", *, end=End.ACCEPTED, settled=True):
    """An order that was read from a file, written into another, and acknowledged."""
    with ledger.commit() as book:
        came = book.interchanges.add_in("us/orders", f"{number}.json", "1", number.encode())
        book.interchanges.disposed(came.id)
        made = book.documents.add("order", "us", number, {"a": "1"}, interchange=came.id, kept={"theirs": f"T{number}"})
        about = book.documents.add("acknowledgement", "us", number, {"a": "1"}, about=number)
        goes = book.interchanges.add_out("acme/in", f"{number}.csv", b"bytes", kind="order")
        book.contents.add(goes.id, made.id, 0, "acme/in/orders")
        book.attempts.begin(goes.id, number.ljust(16, "0"), ())
        book.events.note(f"us {number}", "order known", {}, f"order us {number} known")
        book.events.note(f"interchange {goes.id}", "collected")
        for one in (made, about):
            if end:
                book.documents.end(one.id, end)
        if settled:
            book.interchanges.settle(goes.id)
    return made.id, about.id, goes.id


def forget(ledger, before):
    """Forget what is personal, as the service does before anything is over."""
    with ledger.commit() as book:
        for one in book.personal.held(0, 1000):
            if one.at < before:
                book.personal.forget(one.account, one.order)
        book.personal.forget_arrived(before, 1000)


def prune(ledger, before, left=()):
    forget(ledger, before)
    return walk(ledger, before, left)


def walk(ledger, before, left=()):
    steps = 0
    while steps < 1000:
        with ledger.commit() as book:
            if not book.pruning.step(before, left):
                return steps
        steps += 1
    raise AssertionError("it never comes to its end")


def counts(ledger):
    with ledger.look() as book:
        return {name: book._connection.exec_driver_sql(f"SELECT count(*) FROM {name}").scalar() for name in COUNTED}


def test_an_order_that_ended_long_ago_goes_with_all_that_is_about_it(ledger, clock):
    order(ledger)
    clock.pass_(10 * DAY)
    order(ledger, "PO2")
    one = counts(ledger)
    clock.pass_(25 * DAY)
    prune(ledger, clock.at - 30 * DAY)
    assert counts(ledger) == {name: count // 2 for name, count in one.items()}
    with ledger.look() as book:
        assert book.documents.newest("order", "us", "PO1") is None
        assert not book.events.has("order us PO1 known")
        assert book.documents.newest("order", "us", "PO2")
        assert book.events.has("order us PO2 known")
    clock.pass_(30 * DAY)
    prune(ledger, clock.at - 30 * DAY)
    assert set(counts(ledger).values()) == {0}


def test_what_is_personal_stays_until_it_is_forgotten_and_no_key_outlives_it(ledger, clock):
    made, _, goes = order(ledger)
    lying = counts(ledger)
    with ledger.look() as book:
        query = "SELECT seal FROM document WHERE seal <> 0 UNION SELECT seal FROM body WHERE seal <> 0"
        seals = book._connection.exec_driver_sql(query).scalars().all()
    clock.pass_(40 * DAY)
    walk(ledger, clock.at - 30 * DAY)
    assert {**counts(ledger), "event": 0} == {**lying, "event": 0}
    with ledger.look() as book:
        assert book.documents.get(made).tree
        assert book.bodies.read(book.interchanges.get(goes).body) == b"bytes"
        assert book.events.has("order us PO1 known")
    prune(ledger, clock.at - 30 * DAY)
    assert set(counts(ledger).values()) == {0}
    with ledger.look() as book:
        assert len(seals) == 3
        assert book.personal.waiting(10) == sorted(seals)


@pytest.mark.parametrize("why", ["open", "ended later", "unsettled", "work", "level"])
def test_what_is_not_over_stays_whole(ledger, clock, why):
    made, about, _ = order(ledger, end=None if why == "open" else End.ACCEPTED, settled=why != "unsettled")
    with ledger.commit() as book:
        if why == "open":
            book.documents.end(made, End.ACCEPTED)
        if why == "work":
            book.work.add("write", "us", f"rejected:{made}")
            book.work.add("read", "us", f"rejected:{about}")
        if why == "level":
            for number in (made, about):
                columns = "account, warehouse, sku, wanted, item, document, file, at"
                query = f"INSERT INTO stock ({columns}) VALUES ('us', 'E', '{{0}}', 1, {{1}}, {{0}}, 1, 0)"
                empty = "'{}'::bytea" if book._connection.connection.dialect.name == "postgresql" else "x'7b7d'"
                book._connection.exec_driver_sql(query.format(number, empty))
    clock.pass_(5 * DAY)
    if why == "ended later":
        with ledger.commit() as book:
            late = book.documents.add("shipment_confirmation", "us", "PO1", {}, about="PO1")
            book.documents.end(late.id, End.ACCEPTED)
    clock.pass_(27 * DAY)
    prune(ledger, clock.at - 30 * DAY)
    with ledger.look() as book:
        assert book.documents.get(made)
        assert book.events.has("order us PO1 known")
        assert book.interchanges.get(2)


def test_a_file_that_is_left_in_its_folder_is_remembered(ledger, clock):
    with ledger.commit() as book:
        for endpoint in ("acme/left", "acme/archived"):
            came = book.interchanges.add_in(endpoint, "SHIP1.csv", "1", b"bytes")
            book.interchanges.disposed(came.id)
    clock.pass_(40 * DAY)
    prune(ledger, clock.at - 30 * DAY, ["acme/left"])
    with ledger.look() as book:
        assert book.interchanges.marks("acme/left", ["SHIP1.csv"])
        assert not book.interchanges.marks("acme/archived", ["SHIP1.csv"])


def test_a_file_that_waits_to_be_read_or_put_away_stays(ledger, clock):
    with ledger.commit() as book:
        waits = [book.interchanges.add_in("acme/out", f"{n}.csv", "1", b"bytes").id for n in range(3)]
        for number in waits[1:]:
            book.interchanges.disposed(number)
        book.work.add("read", "acme/out", str(waits[1]))
        book.work.add("read", "acme/out", f"{waits[2]}:PO1")
    clock.pass_(40 * DAY)
    prune(ledger, clock.at - 30 * DAY)
    with ledger.look() as book:
        assert len(book.interchanges.by_id(waits)) == 3


def test_a_file_whose_answer_about_levels_is_awaited_stays(ledger, clock):
    with ledger.commit() as book:
        files = [book.interchanges.add_out("us/inventory", name, b"bytes", seal=PLAIN) for name in ("a", "b")]
        for file in files:
            book.interchanges.settle(file.id)
        said = book.documents.add("inventory_update", "us", "E", {})
        columns = "account, warehouse, sku, wanted, item, document, file, at, part"
        empty = "'{}'::bytea" if book._connection.connection.dialect.name == "postgresql" else "x'7b7d'"
        query = f"INSERT INTO stock ({columns}) VALUES ('us', 'E', 'S', 1, {empty}, {said.id}, 1, 0, {files[0].id})"
        book._connection.exec_driver_sql(query)
    clock.pass_(40 * DAY)
    prune(ledger, clock.at - 30 * DAY)
    with ledger.look() as book:
        assert list(book.interchanges.by_id(file.id for file in files)) == [files[0].id]


def test_it_goes_a_few_rows_at_a_time_and_who_did_what_stays(ledger, clock):
    with ledger.commit() as book:
        book.audit.note("anna", "move hold", "PO1")
        for number in range(250):
            made = book.documents.add("order", "us", f"PO{number}", {})
            book.documents.end(made.id, End.ACCEPTED)
    clock.pass_(40 * DAY)
    forget(ledger, clock.at - 30 * DAY)
    with ledger.commit() as book:
        assert book.pruning.step(clock.at - 30 * DAY) == 100
    assert counts(ledger)["document"] == 150
    assert prune(ledger, clock.at - 30 * DAY) == 2
    assert counts(ledger)["document"] == 0
    with ledger.look() as book:
        assert book.audit.verify().count == 1
        assert json.loads(book.bookmarks.get("audit"))[0] == 1
