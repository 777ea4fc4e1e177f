"""Bytes: in pieces, sealed by the commit that names them."""

from __future__ import annotations

import tracemalloc
from hashlib import sha256

import pytest

from tests.ledger.house import FILES
from translator.core.finding import Rejected
from translator.ledger import Conflict
from translator.ledger.bodies import AT_ONCE, PIECE, pieces
from translator.ledger.ledger import ABANDONED
from translator.ledger.trouble import Forgotten


@pytest.mark.parametrize("size", [0, 1, PIECE - 1, PIECE, PIECE + 1, 3 * PIECE])
def test_bytes_come_back_as_they_went_in(ledger, size):
    data = bytes(range(256)) * (size // 256) + b"x" * (size % 256)
    with ledger.commit() as book:
        id = book.bodies.add(data)
    with ledger.look() as book:
        assert book.bodies.read(id) == data
        assert all(len(piece) <= PIECE for piece in book.bodies.chunks(id))


@pytest.mark.parametrize("step", [1000, PIECE, 3 * PIECE])
def test_chunks_of_any_size_become_pieces(step):
    data = b"ab" * PIECE
    cut = list(pieces(data[start : start + step] for start in range(0, len(data), step)))
    assert [len(piece) for piece in cut] == [PIECE, PIECE]
    assert b"".join(cut) == data


def stored(ledger):
    query = "SELECT (SELECT count(*) FROM body), (SELECT count(*) FROM chunk)"
    with ledger.look() as book:
        return tuple(book._connection.exec_driver_sql(query).one())


@pytest.mark.parametrize("size", [0, 10, PIECE, 5 * PIECE + 7])
def test_what_was_spooled_is_named_by_a_commit(ledger, size):
    data = b"\x07" * size
    spooled = ledger.spool((data[start : start + 65536] for start in range(0, size, 65536)), PIECE * 10)
    assert (spooled.size, spooled.hash) == (size, sha256(data).hexdigest())
    assert (spooled.body is None) == (size < PIECE)
    with ledger.commit() as book:
        arrived = book.interchanges.add_in_spooled("in", "stock.csv", "m", spooled)
    with ledger.look() as book:
        assert book.bodies.read(arrived.body) == data
        assert book.interchanges.get(arrived.id) == arrived


def test_a_large_body_streams_in_bounded_memory(ledger):
    tracemalloc.start()
    ledger.spool((b"x" * 65536 for _ in range(1024)), 1 << 30)
    most = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert most < 16 * PIECE


def test_what_is_named_by_nothing_is_dropped_at_the_next_start(house, ledger, clock):
    with ledger.commit() as book:
        book.interchanges.add_in("in", "kept", "m", b"kept")
    ledger.spool([b"x" * PIECE * 3], PIECE * 10)
    assert stored(ledger) == (2, 4)
    ledger.close()
    if house.journal == "postgres":  # it may be another service's, that goes on
        assert stored(house.open()) == (2, 4)
        clock.pass_(ABANDONED + 1)
    assert stored(house.open()) == (1, 1)


def test_more_than_allowed_is_rejected_and_leaves_nothing(ledger):
    for most in (10, PIECE * 2):
        with pytest.raises(Rejected):
            ledger.spool([b"x" * PIECE] * 5, most)
    assert stored(ledger) == (0, 0)


def test_a_source_that_breaks_off_leaves_nothing(ledger):
    def source():
        yield b"x" * PIECE * 2
        raise ConnectionResetError

    with pytest.raises(ConnectionResetError):
        ledger.spool(source(), PIECE * 10)
    assert stored(ledger) == (0, 0)


def test_a_spooled_body_can_be_dropped_but_not_named_afterwards(ledger):
    spooled = ledger.spool([b"x" * PIECE * 2], PIECE * 10)
    with ledger.commit() as book:
        book.bodies.drop(spooled.body)
    with pytest.raises(Conflict), ledger.commit() as book:
        book.interchanges.add_in_spooled("in", "n", "m", spooled)


@FILES
def test_forgotten_bytes_are_gone_from_the_file(house, ledger):
    with ledger.commit() as book:
        page = book.interchanges.add_in("api", "page", "1", b"CANARY-7f3a" * 50)
    with ledger.commit() as book:
        book.interchanges.forget(page)
    ledger.close()
    assert b"CANARY-7f3a" not in house.path.read_bytes()


@pytest.mark.parametrize("size", [0, 1, AT_ONCE, AT_ONCE + 1])
def test_bytes_that_were_looked_up_with_others_are_the_same(ledger, size):
    data = [b"x" * size, b"y" * size]
    with ledger.commit() as book:
        ids = [book.bodies.add(one) for one in data]
    with ledger.look() as book:
        book.bodies.foresee(ids)
        assert [book.bodies.read(id) for id in ids] == data


def test_what_was_forgotten_is_not_foreseen(ledger):
    with ledger.commit() as book:
        gone, here = book.bodies.add(b"x"), book.bodies.add(b"y")
    with ledger.commit() as book:
        book.bodies.forget(gone)
    with ledger.look() as book:
        book.bodies.foresee([gone, here])
        assert book.bodies.read(here) == b"y"
        with pytest.raises(Forgotten):
            book.bodies.read(gone)


@pytest.mark.parametrize("same", [False, True])
def test_the_keys_of_all_bodies_that_are_dropped_in_one_commit_are_to_be_destroyed(ledger, same):
    with ledger.commit() as book:
        files = [book.interchanges.add_in("in", f"{number}.json", "m", b"x") for number in range(3)]
        seals = {book.bodies.seal_of(file.body) for file in files}
        for file in files if same else ():
            book.interchanges.forget(file)
    if not same:
        with ledger.commit() as book:
            for file in files:
                book.interchanges.forget(file)
    with ledger.look() as book:
        assert set(book._connection.exec_driver_sql("SELECT seal FROM forgetting").scalars()) == seals
    assert stored(ledger) == (0, 0)
