"""Keys: made before they seal, bound to a place, wrapped by the master key, destroyed for good; lost ones are told loudly."""

from __future__ import annotations

from contextlib import closing, contextmanager
from os import urandom

import pytest

from tests import postgres
from tests.ledger.house import MASTER
from translator.core.finding import Misconfigured, Unavailable
from translator.core.private import Private
from translator.ledger import master, packed
from translator.ledger.keys import AHEAD, Keys
from translator.ledger.keystore import FIRST, Store, keys_path
from translator.ledger.sqlite import driver
from translator.ledger.trouble import KeyGone
from translator.stations import forgetting

NAME = "Jane Zz-canary Roe"
TREE = {"purchaseOrderNumber": "A", "orderDetails": {"customerOrderNumber": "C-77", "shipToParty": {"name": NAME}}}


def raw(ledger, query):
    with ledger.look() as book:
        return book._connection.exec_driver_sql(query).all()


def cold(ledger):
    """Let nothing be in memory any more."""
    ledger.keys._lately.clear()
    packed._FRESH._trees.clear()


def keys_of(house, ledger, store=Store):
    """Give the keys of a ledger as another process has them."""
    journal = "auto" if house.journal == "postgres" else house.journal
    return Keys(store(house.where, journal), ledger.keys._master, ledger._clock, ledger._faults)


@contextmanager
def reading(house):
    """Look at what stands now in the store of keys, or elsewhere on its server, and go on looking."""
    if house.journal == "postgres":
        with postgres.connected(house.where) as connection:
            connection.execute("BEGIN ISOLATION LEVEL REPEATABLE READ")
            connection.execute("SELECT count(*) FROM bookmark")
            yield
            connection.execute("COMMIT")
        return
    with closing(driver().connect(keys_path(house.path), isolation_level=None)) as connection:
        connection.execute("BEGIN")
        connection.execute("SELECT count(*) FROM wrapped").fetchone()
        yield


class NoRoom(Store):
    """A store whose commit fails once all is written into it."""

    def add(self, now, wrap):
        def until_it_is_full(first):
            yield from wrap(first)
            raise Unavailable("no room")

        super().add(now, until_it_is_full)


def all_bytes(house):
    """Give all that lies in the folder of a ledger, journals too; of a server's what its tables hold."""
    if house.journal == "postgres":
        tables = ("document", "chunk", "kept", "event", "work", "interchange", "wrapped")
        return b"".join(str(raw(house.opened[0], f"SELECT * FROM {table}")).encode() for table in tables)
    return b"".join(path.read_bytes() for path in sorted(house.folder.iterdir()))


def test_what_tells_of_a_person_lies_nowhere_in_the_clear(house, ledger):
    with ledger.commit() as book:
        book.documents.add("order", "us", "A", TREE, kept={"nick": "Zz-nick"})
        book.interchanges.add_in("in", "page", "1", NAME.encode() * 100)
    lying = all_bytes(house)
    for text in (NAME, "Zz-nick", "C-77", "Zz-canary"):
        assert text.encode() not in lying
    with ledger.look() as book:
        found = book.documents.find_order("us", "customerOrderNumber", "C-77")
        assert found.tree == TREE
        assert found.kept == {"nick": "Zz-nick"}


def test_all_that_is_about_an_order_has_one_key_and_another_order_another(ledger):
    with ledger.commit() as book:
        seals = [
            book.documents.add("order", "us", "A", TREE).seal,
            book.documents.add("shipment_confirmation", "us", "A", {}, about="A").seal,
            book.documents.add("order", "us", "A", TREE).seal,
        ]
        other = book.documents.add("order", "us", "B", {}).seal
    assert len(set(seals)) == 1
    assert other not in (0, seals[0])


def test_what_is_nobodys_is_not_sealed(ledger):
    with ledger.commit() as book:
        assert book.documents.add("inventory_update", "us", "A", {}).seal == 0
        assert book.documents.add("acknowledgement", "us", "A", {}, about="A").seal == 0
        assert book.documents.add("something new", "us", "A", {}).seal


def test_a_key_that_is_gone_is_no_empty_value(house, ledger):
    with ledger.commit() as book:
        stored = book.documents.add("order", "us", "A", TREE)
        file = book.interchanges.add_in("in", "page", "1", b"x")
    ledger.keys._store.destroy([stored.seal, *[row[0] for row in raw(ledger, "SELECT seal FROM body")]])
    cold(ledger)
    with ledger.look() as book:
        again = book.documents.get(stored.id)
        with pytest.raises(KeyGone):
            _ = again.tree
        with pytest.raises(KeyGone):
            book.bodies.read(file.body)
        with pytest.raises(KeyGone):
            book.bodies.by_id([file.body])


def test_rows_cannot_be_exchanged(ledger):
    with ledger.commit() as book:
        one = book.documents.add("order", "us", "A", TREE)
        two = book.documents.add("order", "us", "A", {"purchaseOrderNumber": "A"})
        query = "UPDATE document SET tree = (SELECT d.tree FROM document d WHERE d.id = {}) WHERE id = {}"
        book._connection.exec_driver_sql(query.format(one.id, two.id))
        first = book.interchanges.add_in("in", "1", "", b"one", seal=one.seal)
        second = book.interchanges.add_in("in", "2", "", b"two", seal=one.seal)
        book.catch_up()
        query = "UPDATE chunk SET data = (SELECT c.data FROM chunk c WHERE c.body = {}) WHERE body = {}"
        book._connection.exec_driver_sql(query.format(first.body, second.body))
    cold(ledger)
    with ledger.look() as book:
        with pytest.raises(KeyGone):
            _ = book.documents.get(two.id).tree
        with pytest.raises(KeyGone):
            book.bodies.read(second.body)


def test_another_service_and_another_start_open_what_was_sealed(house, ledger):
    with ledger.commit() as book:
        stored = book.documents.add("order", "us", "A", TREE)
    reader = house.reader()
    with reader.look() as book:
        assert book.documents.get(stored.id).tree == TREE
    ledger.close()
    again = house.open()
    with again.commit() as book:
        assert book.documents.get(stored.id).tree == TREE
        assert book.documents.add("order", "us", "B", {}).seal > stored.seal


def test_keys_that_were_made_ahead_are_used_once_each(house, ledger):
    with ledger.commit() as book:
        seals = [book.documents.add("order", "us", f"O{number}", {}).seal for number in range(AHEAD + 10)]
    ledger.close()
    again = house.open()
    with again.commit() as book:
        seals += [book.documents.add("order", "us", f"P{number}", {}).seal for number in range(10)]
    assert len(set(seals)) == len(seals)


def test_a_key_whose_commit_failed_seals_nothing_though_its_number_is_given_again(house, ledger):
    one, other = keys_of(house, ledger, NoRoom), keys_of(house, ledger)
    with pytest.raises(Unavailable):
        one.fresh()
    again = other.fresh()
    assert other.open(again, one.seal(again, b"Jane", "here"), "here") == b"Jane"
    one.close()
    other.close()


def test_a_store_that_was_lost_and_made_anew_gives_no_number_a_second_time(tmp_path):
    given = []
    for now in (1000.0, 1001.0):
        with closing(Store(tmp_path / "ledger.db")) as store:
            store.begin(lambda first: [(first, b"wrapped")])
            store.add(now, lambda first: [(first + number, b"wrapped") for number in range(3)])
            given += [id for id, _ in store.some(FIRST, 10)]
        for path in tmp_path.glob("*.keys*"):
            path.unlink()
    assert len(set(given)) == len(given) == 6


def test_a_ledger_without_its_keys_does_not_open(tmp_path, clock, house, ledger):
    if house.journal == "postgres":
        with ledger.commit() as book:
            book._connection.exec_driver_sql("DELETE FROM wrapped")
        ledger.close()
    else:
        ledger.close()
        for path in house.folder.glob("*.keys*"):
            path.unlink()
    with pytest.raises(Misconfigured) as caught:
        house.open()
    assert caught.value.findings[0].code == "keys-lost"


def test_another_master_key_does_not_open_it(house, ledger):
    ledger.close()
    house.master = master.new
    with pytest.raises(Misconfigured) as caught:
        house.open()
    assert caught.value.findings[0].code == "master-key-other"


@pytest.mark.parametrize("text", ["", "no base64!", "AAAA"])
def test_a_master_key_that_is_none_is_told_without_it(house, text):
    house.master = lambda: Private(text)
    with pytest.raises(Misconfigured) as caught:
        house.open()
    assert caught.value.findings[0].code == "master-key-malformed"
    assert not text or text not in str(caught.value.findings[0])


def test_a_new_master_key_takes_over_while_the_old_one_is_still_read(house, ledger):
    text = [MASTER()]
    ledger.keys._master = lambda: text[0]
    with ledger.commit() as book:
        stored = book.documents.add("order", "us", "A", TREE)
    old = text[0]
    text[0] = master.before(master.new(), old)
    other = keys_of(house, ledger)
    assert other.rewrap() > AHEAD
    assert other.rewrap() == 0
    text[0] = master.newest(text[0])
    other.close()
    cold(ledger)
    with ledger.commit() as book:
        assert book.documents.get(stored.id).tree == TREE
        assert book.documents.add("order", "us", "B", {}).seal
    ledger.keys._ahead.clear()
    assert ledger.keys.fresh()
    ledger.close()
    house.master = lambda: old
    with pytest.raises(Misconfigured):
        house.open()


def test_a_key_that_another_service_destroyed_is_let_go_from_memory(house, ledger):
    id = ledger.keys.fresh()
    sealed = ledger.keys.seal(id, b"Jane", "here")
    ledger.keys._store.destroy([id])
    ledger.keys.let_go()
    with pytest.raises(KeyGone):
        ledger.keys.open(id, sealed, "here")
    assert ledger.keys.seal(ledger.keys.fresh(), b"Roe", "here")


def test_what_is_destroyed_opens_nothing_and_leaves_nothing_in_its_store(house, ledger):
    with ledger.commit() as book:
        stored = book.documents.add("order", "us", "A", TREE)
    wrapped = ledger.keys._store.get(stored.seal)
    ledger.keys.destroy([stored.seal])
    assert ledger.keys.wipe(0)
    cold(ledger)
    with pytest.raises(KeyGone), ledger.look() as book:
        _ = book.documents.get(stored.id).tree
    if house.journal != "postgres":
        assert wrapped[8:] not in all_bytes(house)


@pytest.mark.parametrize("journal", ["wal", "postgres"])  # with a rollback journal a reader keeps the commit out, too
def test_a_key_that_somebody_who_looks_still_keeps_in_a_journal_is_not_told_as_gone(house, ledger):
    id = ledger.keys.fresh()
    wrapped = ledger.keys._store.get(id)
    with reading(house):
        ledger.keys.destroy([id])
        assert not ledger.keys.wipe(0 if house.journal == "wal" else 60)
        assert ledger.keys._store.get(id) is None
    assert ledger.keys.wipe(60)
    if house.journal != "postgres":
        assert wrapped[8:] not in all_bytes(house)


def test_a_table_of_keys_that_somebody_has_is_waited_for_a_while_and_not_told_as_wiped(house, ledger):
    if house.journal != "postgres":
        pytest.skip("a table on a server")
    ledger.keys.destroy([ledger.keys.fresh()])
    with postgres.connected(house.where) as other:
        other.execute("BEGIN; LOCK TABLE wrapped IN ACCESS SHARE MODE")
        assert not ledger.keys.wipe(0)
        other.execute("COMMIT")
    assert ledger.keys.wipe(60)
    assert ledger.keys.fresh()


def test_a_body_that_is_soon_dropped_is_not_pressed_and_comes_back(ledger):
    data = b"SKU-1,100\r\n" * 1_000
    with ledger.commit() as book:
        body = book.bodies.add(data, brief=True)
    assert raw(ledger, f"SELECT sum(length(data)) FROM chunk WHERE body = {body}")[0][0] > len(data)
    with ledger.look() as book:
        assert book.bodies.read(body) == data


def test_a_body_is_pressed_and_comes_back(house, ledger):
    data = b"SKU-1,100\r\n" * 300_000
    with ledger.commit() as book:
        body = book.bodies.add(data)
        noise = book.bodies.add(urandom(10_000))
    assert raw(ledger, f"SELECT sum(length(data)) FROM chunk WHERE body = {body}")[0][0] < len(data) / 20
    with ledger.look() as book:
        assert book.bodies.read(body) == data
        assert len(book.bodies.read(noise)) == 10_000


def test_an_order_whose_key_is_gone_is_found_and_forgotten_though_something_is_kept_with_it(ledger):
    with ledger.commit() as book:
        seal = book.documents.add("order", "us", "A", TREE, kept={"nick": "Zz-nick"}).seal
    ledger.keys.destroy([seal])  # as after a copy of the ledger was put back that is older than a purge
    cold(ledger)
    with ledger.commit() as book:
        (stored,) = book.personal.of("us", "A")
        with pytest.raises(KeyGone):
            dict(stored.kept)
        forgetting.forget(book, ("us", "A"))
        (stored,) = book.personal.of("us", "A")
    assert (stored.seal, stored.tree, stored.kept) == (0, {}, {})
    with ledger.commit() as book:
        assert book.documents.add("shipment_confirmation", "us", "S1", {"x": 1}, about="A").seal
