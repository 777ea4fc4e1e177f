"""The book on a server: several write it, one after the other; who stands still loses its commit; the server's clock counts."""

from __future__ import annotations

import importlib
import pkgutil
import shutil
import socket
import tempfile
import threading
from contextlib import suppress
from pathlib import Path

import pytest
from sqlalchemy import CompoundSelect, Select, UpdateBase
from sqlalchemy.dialects.postgresql.psycopg import PGDialect_psycopg

import translator.ledger
from tests import postgres as servers
from tests.ledger.house import START, CountedChance, House, StandingClock
from translator.core.address import Address
from translator.core.finding import Misconfigured, Unavailable
from translator.core.private import Private
from translator.ledger import Ledger, postgres
from translator.ledger.bookmarks import Carried
from translator.ledger.following import Following
from translator.service.ports import SystemClock


@pytest.fixture
def journal():
    return "postgres"


def test_two_services_open_one_book_and_each_sees_what_the_other_committed(house, ledger):
    other = house.open()
    with ledger.commit() as book:
        book.bookmarks.put("poll", "1")
    with other.commit() as book:
        assert book.bookmarks.get("poll") == "1"
        book.bookmarks.put("poll", "2")
    with ledger.look() as book:
        assert book.bookmarks.get("poll") == "2"


def test_services_that_claim_at_once_never_get_the_same_row(house, ledger):
    with ledger.commit() as book:
        for number in range(300):
            book.work.add("write", f"r{number % 3}", str(number))
    got = []

    def claiming(mine):
        while rows := claimed(mine):
            got.extend(row.id for row in rows)

    def claimed(mine):
        with mine.commit() as book:
            return book.work.claim(7, 60)

    threads = [threading.Thread(target=claiming, args=(one,)) for one in (ledger, house.open(), house.open())]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(got) == len(set(got)) == 300


def test_what_somebody_looks_at_under_a_lock_is_passed_over(house, ledger):
    import psycopg

    with ledger.commit() as book:
        for number in range(3):
            book.work.add("write", "r", str(number))
    with psycopg.connect(house.where.url) as person:
        person.execute("SELECT * FROM work WHERE subject = '0' FOR UPDATE")
        with ledger.commit() as book:
            assert [row.subject for row in book.work.claim(9, 60)] == ["1", "2"]


def test_a_commit_is_on_the_disk_and_lasts_no_longer_than_somebody_may_stand_still_in_it(house, ledger):
    with servers.connected(house.where) as connection:  # what a database says of itself does not count
        for setting in ("synchronous_commit = off", "idle_in_transaction_session_timeout = 0"):
            connection.execute(f'ALTER DATABASE "{connection.info.dbname}" SET {setting}')
    with house.open().commit() as book:
        asked = ("synchronous_commit", "idle_in_transaction_session_timeout", "lock_timeout")
        said = [book.connection.exec_driver_sql(f"SHOW {name}").scalar_one() for name in asked]
    assert said == ["on", "10s", "20s"]


def test_times_come_back_as_they_were_written_however_the_database_shows_numbers(house, ledger):
    with servers.connected(house.where) as connection:
        connection.execute(f'ALTER DATABASE "{connection.info.dbname}" SET extra_float_digits = 0')
    house.clock.pass_(0.123457)
    with house.open().commit() as book:
        book.events.note("D1", "noted", {})
    with house.opened[-1].look() as book:
        assert [one.at for one in book.events.of("D1")] == [house.clock.at]


def test_who_stands_still_inside_a_commit_loses_it_and_keeps_nobody_waiting(house, ledger, monkeypatch):
    with monkeypatch.context() as hurried:
        hurried.setitem(postgres._SETTINGS, "idle_in_transaction_session_timeout", "2s")
        paused = house.open()
    other = house.open()

    def standing_still():
        with paused.commit() as book:
            book.bookmarks.put("n", "paused")
            with other.commit() as going_on:  # who would have to wait for longer than STILL fails
                going_on.bookmarks.put("n", "other")
            book.bookmarks.put("m", "paused")

    with pytest.raises(Unavailable):
        standing_still()
    with paused.commit() as book:  # it goes on with another connection
        assert (book.bookmarks.get("n"), book.bookmarks.get("m")) == ("other", "")


def test_a_server_that_is_away_is_told_once_and_the_ledger_goes_on_when_it_is_back(tmp_path, caplog):
    with servers.server() as server:
        ledger = Ledger.open(server.fresh(), StandingClock(), CountedChance())
        with ledger.commit() as book:
            book.bookmarks.put("n", "1")
        server.stop()
        for act in (ledger.commit, ledger.look):
            with pytest.raises(Unavailable), act() as book:
                book.bookmarks.get("n")
        assert [one.name for one in caplog.records] == []  # nothing by the pool: it would log each try, for hours
        server.start()
        assert back(ledger) == "1"
        with ledger.commit() as book:
            book.bookmarks.put("n", "2")
        ledger.close()


def back(ledger):
    """Read once the server answers again: while nobody does, the pool knocks less and less often."""
    for _ in range(5):
        with suppress(Unavailable), ledger.commit() as book:
            return book.bookmarks.get("n")
    return "never"


def test_a_server_that_dies_in_a_commit_leaves_nothing_of_it(tmp_path):
    with servers.server() as server:
        ledger = Ledger.open(server.fresh(), StandingClock(), CountedChance())

        def dying():
            with ledger.commit() as book:
                book.bookmarks.put("n", "1")
                server.stop()

        with pytest.raises(Unavailable):
            dying()
        server.start()
        assert back(ledger) == ""
        ledger.close()


def _door(address):
    return f"{address.settings['host']}/.s.PGSQL.5432"


class Between:
    """Stands between a service and the server; loses the answer to the next commit when told to.

    `moves_to`: the server that it leads to from then on.
    """

    def __init__(self, address, folder):
        self.there = _door(address)
        self.address = Address(address.url.replace(address.settings["host"], str(folder)))
        self.loses, self.moves_to = False, None
        self._door = socket.socket(socket.AF_UNIX)
        self._door.bind(f"{folder}/.s.PGSQL.5432")
        self._door.listen()
        threading.Thread(target=self._serve, daemon=True).start()

    def _serve(self):
        while True:
            near, far = self._door.accept()[0], socket.socket(socket.AF_UNIX)
            far.connect(self.there)
            for pair in ((near, far, True), (far, near, False)):
                threading.Thread(target=self._carry, args=pair, daemon=True).start()

    def _carry(self, source, target, out):
        with suppress(OSError):
            while data := source.recv(65536):
                if not out and self.loses and b"COMMIT" in data:  # the server's word for it
                    self.loses = False
                    self.there = _door(self.moves_to) if self.moves_to else self.there
                    break
                target.sendall(data)
        for one in (source, target):
            with suppress(OSError):
                one.shutdown(socket.SHUT_RDWR)


def test_a_commit_whose_answer_was_lost_stands_and_is_not_done_again(house, tmp_path):
    folder = Path(tempfile.mkdtemp(prefix="between-", dir="/tmp"))
    between = Between(house.where, folder)
    ledger = Ledger.open(between.address, house.clock, CountedChance())
    house.opened.append(ledger)
    between.loses = True
    with ledger.commit() as book:
        book.bookmarks.put("n", "1")
    assert not between.loses
    with ledger.look() as book:
        assert book.bookmarks.get("n") == "1"
    shutil.rmtree(folder)


def test_a_commit_whose_answer_was_lost_is_not_taken_for_that_of_another_server(tmp_path):
    folder = Path(tempfile.mkdtemp(prefix="between-", dir="/tmp"))
    with servers.server() as server:
        where = server.fresh()
        Ledger.open(where, StandingClock(), CountedChance()).close()
        with server.promoted() as other:
            name = where.url.partition("?")[0].rpartition("/")[2]
            other.ask(name, "DO $$ BEGIN FOR i IN 1..1000 LOOP PERFORM pg_current_xact_id(); COMMIT; END LOOP; END $$")
            between = Between(where, folder)
            ledger = Ledger.open(between.address, StandingClock(), CountedChance())
            between.moves_to = other.address(name)

            def committing():
                with ledger.commit() as book:
                    between.loses = True
                    book.bookmarks.put("n", "1")

            with pytest.raises(Unavailable):
                committing()
            assert other.ask(name, "SELECT value FROM bookmark WHERE name = 'n'") == []
            ledger.close()
    shutil.rmtree(folder)


@pytest.mark.parametrize("act", ["commit", "look"])
def test_connections_that_break_again_and_again_are_replaced(house, ledger, act):
    other = house.open()

    def broken():
        with getattr(ledger, act)() as book:
            mine = book._connection.exec_driver_sql("SELECT pg_backend_pid()").scalar()
            with other.commit() if act == "look" else other.look() as elsewhere:
                elsewhere._connection.exec_driver_sql(
                    f"SELECT pg_terminate_backend({mine}, 60000)"
                )  # and wait for its end
            book.bookmarks.get("n")

    for _ in range(6):  # more than a pool holds
        with pytest.raises(Unavailable):
            broken()
    with ledger.commit() as book, ledger.look() as seen:
        assert book.bookmarks.get("n") == seen.bookmarks.get("n")


def test_where_no_server_is_it_is_said_without_the_password():
    address = Address("postgresql://acme@/nowhere?host=/nonexistent", Private("canary-7f3a"))
    with pytest.raises(Unavailable) as caught:
        Ledger.open(address, StandingClock(), CountedChance())
    assert "cannot be reached" in str(caught.value)
    assert "canary" not in str(caught.value) + repr(address)


def test_an_old_server_is_refused(house, monkeypatch):
    monkeypatch.setattr(postgres, "OLDEST", 99)
    with pytest.raises(Misconfigured) as caught:
        house.open()
    assert caught.value.findings[0].code == "ledger-server"


def test_a_reader_needs_a_book(house):
    with pytest.raises(Misconfigured) as caught:
        house.reader()
    assert caught.value.findings[0].code == "ledger-absent"


def test_a_login_that_may_not_use_the_book_is_told_so_and_what_to_do(ledger):
    servers.shared().ask("postgres", "CREATE ROLE stranger LOGIN")
    address = Address(ledger.database.place.replace("translator@", "stranger@"))
    for opening in ({}, {"alone": False, "read_only": True}):
        with pytest.raises(Unavailable, match="own the database"):
            Ledger.open(address, StandingClock(), CountedChance(), **opening)


@pytest.mark.parametrize("url", ["postgresql://u@db.acme.example/book", "postgresql://u@10.0.0.7/book"])
def test_a_server_on_another_machine_has_to_prove_who_it_is(url):
    from psycopg.conninfo import conninfo_to_dict

    said = conninfo_to_dict(postgres._conninfo(Address(url)))
    assert (said["sslmode"], said["sslrootcert"]) == ("verify-full", "system")
    own = conninfo_to_dict(postgres._conninfo(Address(url + "?sslrootcert=/etc/ours.pem")))
    assert (own["sslmode"], own["sslrootcert"]) == ("verify-full", "/etc/ours.pem")


def test_a_clock_that_is_wrong_writes_the_servers_time(house):
    wrong = StandingClock(START - 86_400 * 365)
    clock = Following(wrong)
    ledger = Ledger.open(house.where, clock, CountedChance())
    house.opened.append(ledger)
    with ledger.commit() as book:
        assert abs(book.now - SystemClock().now().timestamp()) < 60
    assert abs(clock.now().timestamp() - SystemClock().now().timestamp()) < 60
    assert clock.monotonic() == wrong.at


def test_moves_stand_in_the_same_database_and_are_asked_while_a_commit_goes_on(house, ledger):
    moves = house.moves()
    with ledger.commit() as book:
        number = moves.ask("release", {"row": 7}, "ann")
        assert [move.id for move in moves.waiting()] == [number]
        book.applied.note(Carried(number, "released", True), number)
    with house.open().look() as book:
        assert book.applied.outcome(number).outcome == "released"
    moves.close()


def test_a_schema_of_a_newer_version_is_refused_and_left_alone(house: House, ledger):
    with ledger.commit() as book:
        book._connection.exec_driver_sql("UPDATE alembic_version SET version_num = '9999'")
    for opened, code in ((house.open, "ledger-newer"), (house.reader, "ledger-schema")):
        with pytest.raises(Misconfigured) as caught:
            opened()
        assert caught.value.findings[0].code == code


def test_two_services_that_start_at_once_make_the_tables_once(house):
    house.where  # noqa: B018 (the database is made)
    opened, failed = [], []

    def start():
        try:
            opened.append(Ledger.open(house.where, house.clock, CountedChance()))
        except Exception as error:
            failed.append(error)

    threads = [threading.Thread(target=start) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    house.opened += opened
    assert not failed
    assert len(opened) == 3


@pytest.mark.filterwarnings("ignore:Column 'content")
def test_every_statement_of_the_ledger_is_understood_by_the_server(house, ledger):
    """SQLite takes a text for a number and a number for a truth: the server does not, and every act has to mean the same."""
    import psycopg

    statements = dict(every_statement())
    assert len(statements) > 80
    wrong = {}
    with psycopg.connect(house.where.url, autocommit=True) as connection:
        for number, (name, statement) in enumerate(statements.items()):
            text = str(statement.compile(dialect=PGDialect_psycopg(paramstyle="numeric_dollar")))
            try:
                connection.execute(f"PREPARE s{number} AS {text}")
            except psycopg.Error as error:
                wrong[name] = str(error)
    assert wrong == {}


def every_statement():
    for _, name, _ in pkgutil.iter_modules(translator.ledger.__path__):
        module = importlib.import_module(f"translator.ledger.{name}")
        for key, value in vars(module).items():
            for place, one in enumerate(value.values() if isinstance(value, dict) else [value]):
                if isinstance(one, Select | CompoundSelect | UpdateBase) and name not in ("schema", "moves"):
                    yield f"{name}.{key}.{place}", one
