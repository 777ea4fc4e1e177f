"""Opening: one writer, a safe journal, a file for its owner, the present schema or none."""

from __future__ import annotations

import os
import re
import sqlite3
import stat
import subprocess
import sys

import pytest

from tests import postgres
from tests.ledger.house import FILES
from translator.core.finding import Misconfigured
from translator.ledger import Broken, Ledger, Taken, sqlite, upgrade
from translator.ledger.ledger import database_of
from translator.ledger.moves import Moves
from translator.ledger.schema import HEAD

TABLES = "SELECT type || ' ' || name || ' ' || coalesce(sql, '') FROM sqlite_master"
COLUMNS = """
SELECT table_name || ' ' || column_name || ' ' || data_type || ' ' || is_nullable || ' ' || coalesce(column_default, '')
FROM information_schema.columns WHERE table_schema = 'public'
UNION ALL SELECT indexdef FROM pg_indexes WHERE schemaname = 'public'
UNION ALL SELECT conrelid::regclass || ' ' || pg_get_constraintdef(oid)
FROM pg_constraint WHERE connamespace = 'public'::regnamespace
"""
WHAT = {"wal": TABLES, "rollback": TABLES, "postgres": COLUMNS}


@pytest.mark.parametrize(
    "version,fixed",
    [
        ((3, 40, 1), False),
        ((3, 44, 5), False),
        ((3, 44, 6), True),
        ((3, 45, 0), False),
        ((3, 50, 6), False),
        ((3, 50, 7), True),
        ((3, 51, 0), False),
        ((3, 51, 2), False),
        ((3, 51, 3), True),
        ((3, 52, 0), True),
        ((4, 0, 0), True),
    ],
)
def test_the_linked_library_decides_the_journal(version, fixed):
    assert sqlite.safe(version) is fixed
    assert sqlite.chosen("auto", version) == ("wal" if fixed else "rollback")
    assert sqlite.chosen("rollback", version) == "rollback"


@FILES
def test_the_writer_has_the_pragmas_of_its_journal(ledger, journal):
    def pragma(name):
        return ledger.database.writer.exec_driver_sql(f"PRAGMA {name}").scalar()

    with ledger.database.writer.begin():
        assert pragma("journal_mode") == {"wal": "wal", "rollback": "delete"}[journal]
        assert pragma("synchronous") == {"wal": 2, "rollback": 3}[journal]
        assert (pragma("foreign_keys"), pragma("secure_delete"), pragma("busy_timeout")) == (1, 1, 10_000)
        assert pragma("wal_autocheckpoint") == sqlite.AHEAD


@FILES
def test_an_unsafe_library_gets_the_rollback_journal(house, monkeypatch):
    monkeypatch.setattr(sqlite, "driver", lambda: sqlite3)
    ledger = house.open(journal="auto")
    mode = ledger.database.writer.exec_driver_sql("PRAGMA journal_mode").scalar()
    ledger.database.writer.rollback()
    assert mode == ("wal" if sqlite.safe(sqlite3.sqlite_version_info) else "delete")
    with ledger.commit() as book:
        book.bookmarks.put("poll", "1")
    with ledger.look() as book:
        assert book.bookmarks.get("poll") == "1"


@FILES
def test_the_files_are_for_their_owner_alone(house, ledger):
    with ledger.commit() as book:
        book.bookmarks.put("a", "b")
    with Moves.open(house.path, house.clock)._turn():
        modes = {file.name: stat.S_IMODE(os.stat(file).st_mode) for file in house.folder.iterdir()}
    assert set(modes.values()) == {0o600}, modes
    assert stat.S_IMODE(os.stat(house.folder).st_mode) == 0o700


@FILES
def test_a_second_service_is_refused_at_once_and_may_come_when_the_first_has_gone(house, ledger):
    with pytest.raises(Taken):
        house.open()
    ledger.close()
    house.open()


@FILES
def test_a_child_does_not_inherit_the_lock(house, ledger):
    command = [sys.executable, "-c", "import time; print('up', flush=True); time.sleep(30)"]
    child = subprocess.Popen(command, close_fds=False, stdout=subprocess.PIPE)
    try:
        child.stdout.readline()
        ledger.close()
        house.open()
    finally:
        child.kill()
        child.communicate()


@FILES
def test_the_lock_survives_that_the_file_is_made_anew(house, ledger):
    house.path.unlink()
    with pytest.raises(Taken):
        house.open()


def test_readers_open_beside_the_service_and_cannot_write(house, ledger):
    reader = house.reader()
    with reader.look() as book:
        assert book.work.counts() == {}
    with pytest.raises(RuntimeError), reader.commit():
        pass
    with pytest.raises(Exception, match="read-only"), reader.look() as book:
        book.work.add("send", "r", "1")


def test_a_reader_that_is_looking_does_not_keep_the_writer_waiting(house, ledger):
    with ledger.commit() as book:
        book.work.add("send", "r", "1")
    with house.reader().look() as seen:
        assert len(seen.work.find()) == 1
        with ledger.commit() as book:  # waiting for who does not stop looking would end in Unavailable
            book.work.add("send", "r", "2")
        assert len(seen.work.find()) == (2 if house.journal == "rollback" else 1)


def test_a_writer_does_not_keep_a_reader_waiting(house, ledger):
    with ledger.commit() as book:
        book.work.add("send", "r", "1")
        with house.reader().look() as seen:
            assert seen.work.find() == []


@FILES
def test_a_reader_needs_a_ledger(house):
    with pytest.raises(Misconfigured) as caught:
        house.reader()
    assert caught.value.findings[0].code == "ledger-absent"
    assert not house.path.exists()


def test_nobody_writes_without_the_lock(house):
    with pytest.raises(ValueError):
        house.open(alone=False, read_only=False)


def test_a_fresh_file_gets_the_newest_schema_and_keeps_it(house, ledger):
    with ledger.look() as book:
        query = "SELECT version_num FROM alembic_version"
        assert book._connection.exec_driver_sql(query).scalars().all() == [HEAD]
    ledger.close()
    with house.open().look() as book:
        assert book.work.counts() == {}


def test_the_head_of_the_revisions_is_the_schema():
    from alembic.config import Config
    from alembic.script import ScriptDirectory

    config = Config()
    config.set_main_option("script_location", str(upgrade._REVISIONS))
    assert ScriptDirectory.from_config(config).get_current_head() == HEAD


def test_a_fresh_book_is_what_all_the_revisions_make_together(tmp_path, journal):
    made = []
    for number, act in enumerate((upgrade.upgrade, upgrade.revise)):
        where = tmp_path / f"{number}.db"
        database = database_of(postgres.shared().fresh() if journal == "postgres" else where, "wal")
        database.take()
        with database.writing() as connection:
            act(connection, "here")
            made.append(
                sorted(
                    " ".join(re.findall(r"\w+|\S", row)) for row in connection.exec_driver_sql(WHAT[journal]).scalars()
                )
            )
        database.close()
    assert made[0] == made[1]
    assert len(made[0]) > 50


@FILES
@pytest.mark.parametrize("opened", ["service", "reader"])
def test_a_newer_schema_is_refused_and_left_alone(house, ledger, opened):
    with ledger.database.writer.begin():
        ledger.database.writer.exec_driver_sql("UPDATE alembic_version SET version_num = '9999'")
    ledger.close()
    before = house.path.read_bytes()
    with pytest.raises(Misconfigured) as caught:
        house.open() if opened == "service" else house.reader()
    assert caught.value.findings[0].code == {"service": "ledger-newer", "reader": "ledger-schema"}[opened]
    assert house.path.read_bytes() == before


@FILES
def test_an_upgrade_that_is_cut_off_leaves_an_empty_file(house, monkeypatch):
    from translator.ledger import ledger as module

    def cut(connection, path):
        real(connection, path)
        raise KeyboardInterrupt

    real = module.upgrade
    monkeypatch.setattr(module, "upgrade", cut)
    with pytest.raises(KeyboardInterrupt):
        house.open()
    monkeypatch.undo()
    with sqlite.driver().connect(house.path) as raw:
        assert raw.execute("SELECT count(*) FROM sqlite_master").fetchone() == (0,)
    house.open()


@FILES
def test_a_damaged_file_is_refused(house, ledger):
    with ledger.commit() as book:
        for number in range(2000):
            book.work.add("send", "route", str(number))
    ledger.close()
    data = bytearray(house.path.read_bytes())
    data[3 * 4096 : 30 * 4096] = b"\xa5" * (27 * 4096)
    house.path.write_bytes(data)
    with pytest.raises(Broken):
        house.open()


@FILES
def test_a_file_that_is_no_ledger_is_refused(house):
    house.folder.mkdir()
    house.path.write_bytes(b"PK\x03\x04" * 4096)
    with pytest.raises(Broken):
        house.open()


@FILES
def test_a_ledger_may_lie_under_an_odd_name(house):
    path = house.folder / "100% odd #1?.db"
    ledger = house.open(path=path)
    assert isinstance(ledger, Ledger)
    assert path.exists()
