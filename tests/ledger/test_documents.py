"""Documents: revisions, ends, and how an order is found."""

from __future__ import annotations

from contextlib import suppress
from decimal import Decimal

import pytest

from translator.core.finding import Finding, Place
from translator.core.private import Private
from translator.core.work import End

DETAILS = {"orderDetails": {"customerOrderNumber": "C-1", "orderStatus": "NEW", "items": [{"a": 1}]}}


def test_a_document_comes_back_as_it_went_in(ledger, clock):
    tree = {"amount": Decimal("12.50"), "huge": 10**30, "name": "Zoë & <Söhne>", "list": [True, None, {"a": []}]}
    with ledger.commit() as book:
        file = book.interchanges.add_in("e", "n", "m", b"x")
        stored = book.documents.add(
            "shipment_confirmation",
            "us",
            "A",
            tree,
            warehouse="EWR1",
            partner="newark",
            interchange=file.id,
            records=[Place("ship.csv", 12, record="D")],
            kept={"wms": "77"},
            about="A",
            findings=[Finding("odd", "it is odd", Place("ship.csv", 12))],
        )
    with ledger.look() as book:
        assert book.documents.get(stored.id) == stored
        assert book.documents.of_interchange(file.id) == [stored]
    assert (stored.revision, stored.end, stored.at) == (1, None, clock.at)


def test_a_key_that_comes_again_is_the_next_revision(ledger, order):
    assert [order("A").revision, order("B").revision, order("A").revision] == [1, 1, 2]
    with ledger.look() as book:
        assert book.documents.newest("order", "us", "A").revision == 2
        assert book.documents.newest("order", "eu", "A") is None


def test_keys_keep_their_case(ledger, order):
    order("abc")
    assert order("ABC").revision == 1


def test_the_first_end_stands(ledger, clock, order):
    stored = order("A", findings=[Finding("one", "first")])
    clock.pass_(9)
    with ledger.commit() as book:
        assert book.documents.open() == [stored]
        assert book.documents.open("invoice") == []
        book.documents.end(stored.id, End.REJECTED, [Finding("two", "second")])
        book.documents.end(stored.id, End.ACCEPTED)
        book.documents.end(stored.id, End.CLOSED, [Finding("three", "third")])
        ended = book.documents.get(stored.id)
        assert book.documents.open() == []
    assert (ended.end, ended.ended) == (End.REJECTED, clock.at)
    assert [finding.code for finding in ended.findings] == ["one", "two"]


def test_a_document_may_end_at_birth(ledger, clock, order):
    assert (order("A", end=End.DUPLICATE).end, order("A", end=End.DUPLICATE).ended) == (End.DUPLICATE, clock.at)


def test_all_that_is_about_an_order_is_found(ledger, order):
    order("A")
    order("B")
    with ledger.commit() as book:
        book.documents.add("acknowledgement", "us", "A", {})
        book.documents.add("answer", "us", "x", {}, about="A")
        book.documents.add("answer", "eu", "x", {}, about="A")
        assert [stored.kind for stored in book.documents.about("us", "A")] == ["order", "acknowledgement", "answer"]
        assert [stored.key for stored in book.documents.about("us", "A", "answer")] == ["x"]


def test_an_order_is_found_by_number_by_its_details_and_by_what_was_kept(ledger, order):
    stored = order("A", tree=DETAILS, kept={"wms_order": "77"})
    with ledger.commit() as book:
        book.documents.keep("us", "A", "wms_order", "78")
        for by, value in (("", "A"), ("customerOrderNumber", "C-1"), ("wms_order", "77"), ("wms_order", "78")):
            assert book.documents.find_order("us", by, value).id == stored.id
        assert book.documents.find_order("us", "customerOrderNumber", "C-2") is None
        assert book.documents.find_order("eu", "wms_order", "77") is None


def test_an_order_is_found_as_it_is_now(ledger, order):
    order("A", tree=DETAILS)
    newer = order("A", tree={"orderDetails": {"customerOrderNumber": "C-9"}})
    with ledger.commit() as book:
        assert book.documents.find_order("us", "customerOrderNumber", "C-1") is None
        assert book.documents.find_order("us", "customerOrderNumber", "C-9").id == newer.id
        book.documents.retree(newer.id, {"orderDetails": {"customerOrderNumber": "C-10"}})
        assert book.documents.find_order("us", "customerOrderNumber", "C-10").tree["orderDetails"]
        assert book.documents.find_order("us", "customerOrderNumber", "C-9") is None


def test_what_is_kept_with_a_later_document_leads_to_its_order(ledger, order):
    stored = order("A")
    with ledger.commit() as book:
        book.documents.add("acknowledgement", "us", "A", {}, about="A", kept={"wms_order": "5"})
        assert book.documents.find_order("us", "wms_order", "5").id == stored.id


def test_several_that_fit_are_an_error_that_does_not_say_what_was_asked(ledger, order):
    order("A", tree=DETAILS)
    order("B", tree=DETAILS)
    with pytest.raises(LookupError) as caught, ledger.look() as book:
        book.documents.find_order("us", "customerOrderNumber", "C-1")
    assert "C-1" not in str(caught.value)


def test_a_private_value_cannot_be_stored_in_the_clear(ledger):
    with pytest.raises(Exception) as caught, ledger.commit() as book:
        book.documents.add("order", "us", "A", {"name": Private("Jane Roe")})
    assert "Jane" not in str(caught.value)


def test_asins_are_remembered_by_sku(ledger):
    with ledger.commit() as book:
        for number in range(1200):
            book.products.note("us", f"S{number}", f"B{number}")
        book.products.note("us", "S1", "B-new")
        found = book.products.asins("us", [f"S{number}" for number in range(1300)])
    assert (len(found), found["S1"], found["S1199"]) == (1200, "B-new", "B1199")


def test_an_asin_that_was_taken_back_is_remembered_when_it_is_seen_again(ledger):
    with ledger.commit() as book:
        book.products.note("us", "S1", "B1")
        with suppress(ValueError), book.apart():
            book.products.note("us", "S1", "B2")
            raise ValueError
        assert book.products.asins("us", ["S1"]) == {"S1": "B1"}
        book.products.note("us", "S1", "B2")
        assert book.products.asins("us", ["S1"]) == {"S1": "B2"}


def test_an_order_is_called_by_its_customers_number_and_by_no_other_text_of_its_details(ledger, order):
    order("A", tree={"orderDetails": {"customerOrderNumber": "C-1", "orderDate": "2026-12-01T00:00:00Z", "items": []}})
    order("B", tree={"orderDetails": {"customerOrderNumber": "", "orderStatus": "NEW"}})
    order("C", tree={})
    with ledger.look() as book:
        assert book.documents.find_order("us", "customerOrderNumber", "C-1").key == "A"
        found = book._connection.exec_driver_sql("SELECT key, name FROM kept").all()
    assert [tuple(row) for row in found] == [("A", "customerOrderNumber")]
