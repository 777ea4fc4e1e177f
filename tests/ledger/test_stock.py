"""Levels: the newest want wins, one part in flight per SKU, nothing accepted without a sign."""

from __future__ import annotations

import pytest

from translator.core.work import End
from translator.ledger import Conflict


def item(level):
    return {"availableQuantity": {"amount": level}}


@pytest.fixture
def stock(ledger, clock):
    """Give short words for the acts on one warehouse."""
    return Stock(ledger, clock)


class Stock:
    def __init__(self, ledger, clock):
        self.ledger = ledger
        self.clock = clock

    def want(self, at=0.0, document=None, file=None, **levels):
        with self.ledger.commit() as book:
            document = document or book.documents.add("inventory_update", "us", "EWR1", {}).id
            items = {sku: (level, item(level)) for sku, level in levels.items()}
            number = int(at) if file is None else file  # the later, the higher
            book.stock.want("us", "EWR1", items, document, number, self.clock.at + at)
            return document

    def differing(self):
        with self.ledger.look() as book:
            return {level.sku: level.wanted for level in book.stock.differing("us", "EWR1", 100)}

    def send(self):
        with self.ledger.commit() as book:
            levels = book.stock.differing("us", "EWR1", 100)
            number = book.numbers.peek("file")
            book.numbers.take("file", number)
            part = book.interchanges.add_out("api", f"part {number}", b"x").id
            book.stock.send(levels, part)
            return part

    def done(self):
        with self.ledger.look() as book:
            return book.stock.documents_done()

    def act(self, name, *more):
        with self.ledger.commit() as book:
            getattr(book.stock, name)(*more)


def test_what_is_wanted_differs_until_it_is_accepted(stock):
    document = stock.want(A=5, B=0)
    assert stock.differing() == {"A": 5, "B": 0}
    part = stock.send()
    assert (stock.differing(), stock.done()) == ({}, [])
    stock.act("accepted", part)
    assert (stock.differing(), stock.done()) == ({}, [document])
    stock.want(A=5, B=0)
    assert stock.differing() == {}


def test_the_newest_want_wins_whatever_comes_last(stock):
    stock.want(at=10, A=5)
    old = stock.want(at=5, A=99)
    assert stock.differing() == {"A": 5}
    assert stock.done() == [old]
    stock.want(at=10, A=6)
    assert stock.differing() == {"A": 6}


def test_the_file_that_came_last_wins_though_the_clock_was_put_back_or_stood(stock):
    stock.want(file=1, at=3_600, A=5)
    stock.want(file=2, A=6)
    stock.want(file=3, A=7)
    stock.want(file=2, A=6)  # let go late
    assert stock.differing() == {"A": 7}


def test_of_two_wants_of_one_file_the_later_document_wins(stock):
    stock.want(A=1)
    stock.want(A=2)
    stock.want(document=1, A=3)
    assert stock.differing() == {"A": 2}


def test_a_sku_in_flight_is_not_sent_again_and_differs_afterwards(stock):
    first = stock.want(A=5)
    part = stock.send()
    second = stock.want(at=1, A=7)
    assert stock.differing() == {}
    stock.act("accepted", part)
    assert stock.differing() == {"A": 7}
    assert stock.done() == [first]
    stock.act("accepted", stock.send())
    assert stock.done() == [first, second]


def test_what_is_sent_is_what_was_written_not_what_is_wanted_meanwhile(stock):
    stock.want(A=5)
    with stock.ledger.look() as book:
        written = book.stock.differing("us", "EWR1", 10)
    stock.want(at=1, A=7)
    with stock.ledger.commit() as book:
        part = book.interchanges.add_out("api", "p", b"5").id
        book.stock.send(written, part)
    stock.act("accepted", part)
    assert stock.differing() == {"A": 7}
    with stock.ledger.look() as book:
        assert book.stock.get("us", "EWR1", "A").accepted == 5


def test_two_parts_never_carry_one_sku(stock):
    stock.want(A=5)
    with stock.ledger.look() as book:
        written = book.stock.differing("us", "EWR1", 10)
    stock.send()
    with pytest.raises(Conflict), stock.ledger.commit() as book:
        book.stock.send(written, book.interchanges.add_out("api", "second", b"5").id)


def test_a_refused_level_waits_until_it_is_wanted_anew(stock):
    document = stock.want(A=5, B=6)
    part = stock.send()
    stock.act("refused", part, ["A"])
    stock.act("accepted", part)
    assert (stock.differing(), stock.done()) == ({}, [])
    with stock.ledger.look() as book:
        assert book.stock.refusals() == [(document, "A")]
    stock.want(at=1, A=5)
    assert stock.differing() == {"A": 5}
    assert stock.done() == [document]


def test_a_whole_part_may_be_refused(stock):
    stock.want(A=5, B=6)
    stock.act("refused", stock.send())
    assert stock.differing() == {}


def test_a_level_wanted_while_another_was_refused_is_sent(stock):
    stock.want(A=5)
    part = stock.send()
    stock.want(at=1, A=7)
    stock.act("refused", part)
    assert stock.differing() == {"A": 7}


@pytest.mark.parametrize("landed", ["accepted", "refused", "unknown", "freed"])
def test_a_level_in_doubt_is_not_sent_whatever_becomes_of_the_part_before_it(stock, landed):
    stock.want(A=5)
    part = stock.send()
    stock.want(at=1, A=7)
    stock.act("doubt", "us", "EWR1", ["A"])
    stock.act(landed, part)
    assert stock.differing() == {}
    stock.want(at=2, A=9)
    assert stock.differing() == {"A": 9}


def test_after_an_unknown_outcome_a_fresh_part_is_built(stock):
    stock.want(A=5)
    stock.act("accepted", stock.send())
    stock.want(at=1, A=6)
    part = stock.send()
    stock.want(at=2, A=5)
    stock.act("unknown", part)
    assert stock.differing() == {"A": 5}


def test_a_late_sign_of_an_old_part_changes_nothing(stock):
    stock.want(A=5)
    old = stock.send()
    stock.act("unknown", old)
    new = stock.send()
    stock.act("accepted", old)
    assert stock.differing() == {}
    with stock.ledger.look() as book:
        assert book.stock.get("us", "EWR1", "A").part == new


def test_a_document_that_has_ended_is_not_named_again(stock):
    document = stock.want(A=5)
    stock.act("accepted", stock.send())
    with stock.ledger.commit() as book:
        book.documents.end(document, End.ACCEPTED)
    assert stock.done() == []


def test_an_empty_want_is_done_at_once(stock):
    document = stock.want()
    assert stock.done() == [document]


def test_parts_are_bounded_and_the_longest_wanted_goes_first(stock):
    stock.want(at=1, A=1, C=1)
    stock.want(at=0, B=1, D=1)
    with stock.ledger.look() as book:
        assert [level.sku for level in book.stock.differing("us", "EWR1", 3)] == ["B", "D", "A"]
        assert book.stock.differing("us", "OTHER", 3) == []


@pytest.mark.parametrize("by_sku, by_asin, stands", [(2, 1, 5), (1, 2, 3)])
def test_of_two_names_of_one_product_the_newest_level_stands_and_is_sent_once_both_have_landed(
    stock, by_sku, by_asin, stands
):
    stock.want(file=by_sku, SKU=5)
    stock.act("accepted", stock.send())
    stock.want(file=by_asin, ASIN=3)
    part = stock.send()
    stock.act("rename", "us", "EWR1", {"ASIN": "SKU", "UNKNOWN": "OTHER"})
    assert stock.differing() == {}  # the one by ASIN is on its way
    with stock.ledger.look() as book:
        assert book.stock.get("us", "EWR1", "SKU").wanted == stands
    stock.act("accepted", part)
    stock.want(file=3, SKU=9)
    assert stock.differing() == {"SKU": 9}
    stock.want(file=2, SKU=1)  # read late
    assert stock.differing() == {"SKU": 9}


def test_a_level_is_known_by_its_other_name_as_it_was(stock):
    stock.want(ASIN=3)
    stock.act("accepted", stock.send())
    stock.act("rename", "us", "EWR1", {"ASIN": "SKU"})
    with stock.ledger.look() as book:
        (level,) = book.stock.everywhere("SKU")
        assert (level.wanted, level.accepted, book.stock.everywhere("ASIN")) == (3, 3, [])
