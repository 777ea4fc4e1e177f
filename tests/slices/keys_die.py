"""Two ways through the store of keys, for the deaths: an order is forgotten, and the master key is replaced.

What has to hold after the recovery, whatever died: every body is readable, unless its key was destroyed; nothing of a key that was
destroyed, or that an old master key wrapped, lies anywhere in the files of the store; the new master key opens all keys, alone.
"""

import subprocess
from contextlib import closing
from functools import cache
from hashlib import sha256

from tests.slices.holds import book_of
from translator.ledger.keystore import FIRST, Store, keys_path
from translator.ledger.master import is_single, wrapping
from translator.ledger.sqlite import driver
from translator.ledger.trouble import Forgotten

NUMBERS = 12  # bytes of a wrapped key that no other has: of its nonce


def digest_of(world):
    """Say which master key it is."""
    return sha256(world.master().reveal().encode()).hexdigest()


def of_order(world, order):
    """Give the wrapped keys of an order and of the files that it lies in."""
    with book_of(world) as whole, whole.look() as book:
        stored = book.personal.of("us", order["purchaseOrderNumber"])
        files = book.interchanges.by_id(book.personal.files(stored)).values()
        seals = {one.seal for one in stored} | {book.bodies.seal_of(file.body) for file in files}
        return [whole.keys._store.get(seal)[8:] for seal in seals - {0}]


def unused_gone(world):
    """Destroy the keys that nothing is sealed with, so that many lives do not make many; give all wrapped keys."""
    kept_open(keys_path(world.ledger))
    with book_of(world) as whole, whole.look() as book, closing(Store(world.ledger)) as store:
        needed = {FIRST, *book.personal.seals(), *book.personal.waiting(1000)}
        store.destroy([id for id, _ in store.some(0, 1_000_000) if id not in needed])
        assert store.wipe(10)
        return [data[8:] for _, data in store.some(0, 1_000_000)]


@cache
def kept_open(path):
    """Have the store open as another command does, so that no end of a life empties its journal."""
    connection = driver().connect(path, isolation_level=None)
    connection.execute("SELECT count(*) FROM wrapped").fetchone()
    return connection


def nowhere(world, keys):
    """Check that none of these wrapped keys lies in the files of the store, as the dead left them."""
    paths = sorted(world.site.glob("ledger.db.keys*"))
    data = subprocess.run(["cat", *paths], check=True, capture_output=True).stdout  # not here: closing drops our locks
    assert keys
    assert [key for key in keys if key[:NUMBERS] in data] == []


def forgotten(world, order, keys):
    """Check what is so once an order was forgotten."""
    nowhere(world, keys)
    with book_of(world) as whole, whole.look() as book:
        stored = book.personal.of("us", order["purchaseOrderNumber"])
        assert stored
        assert {one.seal for one in stored} == {0}
        assert book.personal.waiting(10) == []
    readable(world)


def rotated(world, keys, before):
    """Check what is so once the master key was replaced."""
    nowhere(world, keys)
    assert digest_of(world) != before
    assert is_single(world.master())
    newest = wrapping(world.master())
    with closing(Store(world.ledger)) as store:
        assert [id for id, data in store.some(0, 1_000_000) if newest.unwrap(id, data) is None] == []
    readable(world)


def readable(world):
    """Check that all that is not forgotten can be read."""
    with book_of(world) as whole, whole.look() as book:
        rows = book._connection.exec_driver_sql("SELECT id FROM document").all()
        for (id,) in rows:
            assert book.documents.get(id).tree is not None
        for id, is_forgotten in book._connection.exec_driver_sql("SELECT id, forgotten FROM body WHERE named").all():
            try:
                book.bodies.read(id)
                assert is_forgotten is None
            except Forgotten:
                assert is_forgotten is not None
