"""A copy beside the running service is whole and of one moment; one put back knows that it is older."""

import os
import shutil
import stat
import threading
from contextlib import closing

import pytest

from tests.ledger.house import FILES, House
from translator.core.finding import Misconfigured, Unavailable
from translator.ledger import Broken, Taken, copies, sqlite

pytestmark = FILES


def write(ledger, number):
    """One commit: two rows that belong together, and bytes."""
    with ledger.commit() as book:
        book.began = True
        book.bodies.add(bytes(20_000))
        book.bookmarks.put("left", str(number))
        book.bookmarks.put("right", str(number))


@pytest.mark.sweep
def test_a_copy_beside_a_service_that_writes_is_whole_and_of_one_moment(house, ledger, tmp_path, monkeypatch):
    monkeypatch.setattr(copies, "PAGES", 20)
    write(ledger, 0)
    done, written = threading.Event(), []

    def go_on():
        while not done.is_set():
            write(ledger, len(written) + 1)
            written.append(True)

    writer = threading.Thread(target=go_on)
    writer.start()
    try:
        for n in range(3):
            before = len(written)
            size = copies.copy(house.path, tmp_path / f"{n}.db")
            assert size == (tmp_path / f"{n}.db").stat().st_size
            with sqlite.driver().connect(tmp_path / f"{n}.db") as raw:
                rows = dict(raw.execute("SELECT name, value FROM bookmark WHERE name IN ('left', 'right')"))
            assert rows["left"] == rows["right"]
            assert int(rows["left"]) >= before
    finally:
        done.set()
        writer.join()
    assert written
    assert stat.S_IMODE((tmp_path / "0.db").stat().st_mode) == 0o600
    assert sorted(path.name for path in tmp_path.glob("*.db*")) == ["0.db", "1.db", "2.db"]
    assert not list(tmp_path.glob(".*"))


def test_a_copy_takes_no_name_that_is_taken(house, ledger, tmp_path):
    (tmp_path / "copy.db").write_bytes(b"mine")
    with pytest.raises(Misconfigured):
        copies.copy(house.path, tmp_path / "copy.db")
    assert (tmp_path / "copy.db").read_bytes() == b"mine"


def restored(house: House, copy):
    return copies.restore(copy, house.path, house.clock, house.chance, "anna")


def test_what_is_put_back_knows_that_it_is_older_and_the_one_before_is_kept(house, ledger, tmp_path):
    write(ledger, 1)
    copies.copy(house.path, tmp_path / "copy.db")
    write(ledger, 2)
    ledger.close()
    old = restored(house, tmp_path / "copy.db")
    with house.open().look() as book:
        assert book.bookmarks.get("left") == "1"
        assert book.reconciling.lasts()
        assert book.audit.latest(1)[0].act == "restore"
        assert book.audit.latest(1)[0].who == "anna"
    with sqlite.driver().connect(old) as raw:
        assert raw.execute("SELECT value FROM bookmark WHERE name = 'left'").fetchone() == ("2",)


def test_what_is_put_back_where_there_is_none_or_nothing_happened_since_sends_nothing_either(house, ledger, tmp_path):
    write(ledger, 1)
    ledger.close()
    copies.copy(house.path, tmp_path / "copy.db")
    restored(house, tmp_path / "copy.db")
    with house.open().look() as book:
        assert book.reconciling.lasts()
    elsewhere = House(tmp_path / "elsewhere", house.journal, house.clock, house.opened)
    elsewhere.folder.mkdir()
    shutil.copy(f"{house.path}.keys", elsewhere.folder)  # keys are in no copy
    assert restored(elsewhere, tmp_path / "copy.db") is None
    with elsewhere.open().look() as book:
        assert book.reconciling.lasts()
        assert book.reconciling.doubt().why == "the ledger was restored from a copy"


def test_nothing_is_put_back_under_a_service(house, ledger, tmp_path):
    write(ledger, 1)
    copies.copy(house.path, tmp_path / "copy.db")
    with pytest.raises(Taken):
        restored(house, tmp_path / "copy.db")
    write(ledger, 2)


@pytest.mark.skipif(os.geteuid() != 0, reason="gives a folder away")
def test_nobody_but_the_user_of_the_service_puts_a_copy_back(house, ledger, tmp_path):
    copies.copy(house.path, tmp_path / "copy.db")
    ledger.close()
    os.chown(house.folder, 65534, 65534)
    with pytest.raises(Misconfigured) as caught:
        restored(house, tmp_path / "copy.db")
    assert caught.value.findings[0].code == "copy-owner"


def test_the_journal_of_a_ledger_that_somebody_still_looks_at_is_not_taken_for_that_of_the_copy(
    house, ledger, tmp_path, monkeypatch
):
    monkeypatch.setattr(sqlite, "BUSY", 0.1)
    write(ledger, 1)
    copies.copy(house.path, tmp_path / "copy.db")
    write(ledger, 2)
    with house.reader().look() as book:
        assert book.bookmarks.get("left") == "2"
        ledger.close()
        old = restored(house, tmp_path / "copy.db")
    with house.open().look() as book:
        assert book.bookmarks.get("left") == "1"
    with sqlite.driver().connect(old) as raw:
        assert raw.execute("SELECT value FROM bookmark WHERE name = 'left'").fetchone() == ("2",)


def test_what_cannot_be_put_back_for_want_of_a_place_is_told_and_the_ledger_keeps_all_it_has(
    house, ledger, tmp_path, monkeypatch
):
    monkeypatch.setattr(sqlite, "BUSY", 0.1)
    write(ledger, 1)
    copies.copy(house.path, tmp_path / "copy.db")
    last = 2 if house.journal == "wal" else 1
    (house.folder / f"{house.path.name}.before-{house.clock.now():%Y%m%dT%H%M%SZ}").touch()
    with closing(sqlite.driver().connect(house.path, isolation_level=None)) as reader:
        reader.execute("BEGIN")
        reader.execute("SELECT * FROM bookmark").fetchall()  # what is written since stays in the journal
        if last == 2:
            write(ledger, last)
        ledger.close()
        with pytest.raises(Unavailable, match="the ledger cannot be written: file exists"):
            restored(house, tmp_path / "copy.db")
    with house.open().look() as book:
        assert book.bookmarks.get("left") == str(last)
    house.opened[-1].close()
    (house.folder / f".{house.path.name}.part").mkdir()
    with pytest.raises(Unavailable, match="the ledger cannot be written"):
        restored(house, tmp_path / "copy.db")


def test_a_copy_whose_name_is_too_long_is_told(house, ledger, tmp_path):
    with pytest.raises(Unavailable, match="file name too long"):
        copies.copy(house.path, tmp_path / ("a" * 252))


def test_what_is_damaged_or_no_ledger_is_not_put_back(house, ledger, tmp_path):
    write(ledger, 1)
    ledger.close()
    before = house.path.read_bytes()
    (tmp_path / "junk.db").write_bytes(b"PK\x03\x04" * 4096)
    with pytest.raises(Broken, match=r"junk\.db is a damaged copy"):
        restored(house, tmp_path / "junk.db")
    with sqlite.driver().connect(tmp_path / "other.db") as raw:
        raw.execute("CREATE TABLE a (b)")
    for name, code in [("other.db", "copy-unlike"), ("absent.db", "copy-absent")]:
        with pytest.raises(Misconfigured) as caught:
            restored(house, tmp_path / name)
        (finding,) = caught.value.findings
        assert (finding.code, finding.data.file) == (code, str(tmp_path / name))
    assert house.path.read_bytes() == before
    assert not list(house.folder.glob(".*"))
