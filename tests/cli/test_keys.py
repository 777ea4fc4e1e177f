"""purge and keys: from the prompt, beside a running service or without one."""

import errno
import json
import os
import shutil
import stat
import time
from contextlib import closing, contextmanager
from pathlib import Path
from socket import gethostname

import pytest

from tests import postgres
from tests.cli.command import edit, run, run_json
from translator.config.read import read_site
from translator.ledger import Ledger
from translator.ledger.keys import AHEAD
from translator.ledger.sqlite import driver
from translator.service import forgetting
from translator.service.master import changing, master_of
from translator.service.ports import SystemChance, SystemClock

NAME = "Jane Zz-canary Roe"


@pytest.fixture
def site(tmp_path):
    run("init", tmp_path / "site")
    return tmp_path / "site"


def opened(site):
    return Ledger.open(site / "ledger.db", SystemClock(), SystemChance(), master=master_of(read_site(site)))


@pytest.fixture
def stored(site):
    with opened(site) as ledger, ledger.commit() as book:
        tree = {"purchaseOrderNumber": "D1", "orderDetails": {"shipToParty": {"name": NAME}}}
        return book.documents.add("order", "us", "D1", tree).id


def name_of(site, stored):
    with opened(site) as ledger, ledger.look() as book:
        return book.documents.get(stored).tree["orderDetails"]["shipToParty"]["name"]


def test_init_makes_a_master_key_for_its_owner_alone(site):
    path = site / "credentials/master-key"
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    path.chmod(0o644)
    assert "master-key-open" in run("purge", "-C", site, code=2).stderr


def test_the_doctor_tries_the_master_key_as_the_service_does(site):
    path = site / "credentials/master-key"
    assert master_key(site) == (True, "it is there")
    path.chmod(0o644)
    assert master_key(site) == (False, "master-key-open: the master key can be read by others than its owner")
    path.unlink()
    assert master_key(site) == (True, "not there yet; the service makes it at its first start")
    (site / "ledger.db").touch()
    assert master_key(site) == (False, "secret-missing: no secret at credential 'master-key'")


def master_key(site):
    (found,) = [one for one in run_json("doctor", "-C", site, code=1)["probes"] if one["what"] == "master key"]
    return found["well"], found["said"]


def test_purge_says_what_it_forgot(site, stored):
    assert run_json("purge", "-C", site)["orders"] == 0
    with opened(site) as ledger, ledger.commit() as book:
        book._connection.exec_driver_sql("UPDATE document SET at = at - 21 * 86400")
    assert run_json("purge", "-C", site) == {"ok": True, "orders": 1, "files": 0, "keys": 1}
    assert name_of(site, stored) == "forgotten"
    assert "purge" in run("show", "audit", "-C", site).stdout


@contextmanager
def reading_keys(site):
    """Read the store of keys as somebody else does, and go on reading."""
    with closing(driver().connect(site / "ledger.db.keys", isolation_level=None)) as connection:
        connection.execute("BEGIN")
        connection.execute("SELECT count(*) FROM wrapped").fetchone()
        yield


def test_purge_and_rotate_do_not_say_that_keys_are_gone_while_a_reader_keeps_them(site, stored, monkeypatch):
    monkeypatch.setattr(forgetting, "LONG", 0.0)
    monkeypatch.setattr("translator.cli.behind.forgetting.LONG", 0.0)
    with opened(site) as ledger, ledger.commit() as book:
        book._connection.exec_driver_sql("UPDATE document SET at = at - 21 * 86400")
    with reading_keys(site):
        told = run("purge", "-C", site, code=69).stderr
        assert "keys-not-wiped" in told
        assert "1 order and 0 files are forgotten; 1 key is destroyed" in told
        assert "keys-not-wiped" in run("keys", "rotate", "-C", site, code=69).stderr
    assert run_json("purge", "-C", site) == {"ok": True, "orders": 0, "files": 0, "keys": 1}
    assert run_json("keys", "rotate", "-C", site)["replaced"]


def test_old_copies_of_the_keys_open_nothing_of_the_ledger_and_are_told_until_they_are_removed(site, stored, tmp_path):
    copies = tmp_path / "copies"
    made = run_json("keys", "backup", copies, "-C", site)["file"]
    with opened(site) as ledger, ledger.commit() as book:
        book.bookmarks.put("copies of keys", json.dumps([[gethostname(), str(copies)]]))  # as the service notes it
        book._connection.exec_driver_sql("UPDATE document SET at = at - 21 * 86400")
    assert run_json("purge", "-C", site)["keys"] == 1
    copied = {json.loads(line)[0] for line in Path(made).read_text().splitlines()}
    with opened(site) as ledger, ledger.look() as book:
        assert copied.isdisjoint(book.personal.seals())
    assert run_json("keys", "restore", made, "-C", site)["keys"] == 0
    assert not run_json("show", "alarms", "-C", site)
    Path(made).rename(copies / "keys-20200101T000000.jsonl")
    (row,) = run_json("show", "alarms", "-C", site)
    assert (row["about"], row["what"]) == (str(copies), "copies of keys too old")
    assert "copies of keys too old" in run("doctor", "-C", site, code=1).stdout
    assert run_json("keys", "backup", copies, "-C", site)["removed"] == 1
    assert not run_json("show", "alarms", "-C", site)


def test_a_new_master_key_replaces_the_old_one(site, stored):
    path = site / "credentials/master-key"
    old = path.read_text()
    assert run_json("keys", "rotate", "-C", site)["replaced"]
    assert len(path.read_text().splitlines()) == 1
    assert path.read_text() != old
    assert name_of(site, stored) == NAME
    path.write_text(old)
    assert "master-key-other" in run("purge", "-C", site, code=2).stderr


def test_a_master_key_that_somebody_changes_is_not_changed_beside_him(site, stored):
    path = site / "credentials/master-key"
    old = path.read_text()
    with changing(path):
        assert run_json("keys", "rotate", "-C", site, code=75)["findings"][0]["code"] == "ledger-taken"
    assert path.read_text() == old
    assert run_json("keys", "rotate", "-C", site)["replaced"]
    assert name_of(site, stored) == NAME


@pytest.mark.skipif(os.geteuid() != 0, reason="gives a file away")
def test_a_master_key_is_replaced_by_its_owner_alone_so_that_the_service_can_read_the_new_one(site, stored):
    path = site / "credentials/master-key"
    old = path.read_text()
    os.chown(path, 65534, 65534)
    assert "master-key-owner" in run("keys", "rotate", "-C", site, code=2).stderr
    assert (path.read_text(), path.stat().st_uid) == (old, 65534)


def test_a_master_key_that_cannot_be_written_is_told_and_stays(site, stored):
    path = site / "credentials/master-key"
    old = path.read_text()
    for name in (".master-key.lock", ".master-key.new"):
        (path.parent / name).mkdir()
        assert "master-key-unwritable" in run("keys", "rotate", "-C", site, code=2).stderr
        (path.parent / name).rmdir()
    assert path.read_text() == old


def test_a_first_start_that_cannot_write_the_master_key_says_so(site):
    shutil.rmtree(site / "credentials")
    (site / "credentials").touch()
    edit(site, "master_key: {credential: master-key}", "master_key: {file: credentials/master-key}")
    assert "master-key-unwritable" in run("run", "--once", "-C", site, code=2).stderr


def test_the_doctor_tells_that_a_change_of_the_master_key_was_interrupted(site, stored):
    path = site / "credentials/master-key"
    path.write_text(run("keys", "new").stdout + path.read_text())
    assert "there are older ones beside it" in run("doctor", "-C", site, code=1).stdout
    run("keys", "rotate", "-C", site)
    assert "there are older ones beside it" not in run("doctor", "-C", site, code=1).stdout


def test_the_master_key_of_machines_that_share_a_ledger_is_replaced_by_people_on_each(site, tmp_path):
    where = postgres.shared().fresh()
    edit(site, "ledger: sqlite:ledger.db", f"ledger: {where.url}")
    path, other = site / "credentials/master-key", tmp_path / "other"
    shutil.copytree(site, other)
    with Ledger.open(where, SystemClock(), SystemChance(), master=master_of(read_site(site))) as ledger:
        made = ledger.keys.fresh()
        sealed = ledger.keys.seal(made, NAME.encode(), "here")
    old = path.read_text()
    assert "master-key-single" in run("keys", "rotate", "-C", site, code=2).stderr
    assert path.read_text() == old
    both = run("keys", "new").stdout + old
    for machine in (site, other):
        (machine / "credentials/master-key").write_text(both)
    told = run_json("keys", "rotate", "-C", site)
    assert (told["replaced"], told["keys"] > AHEAD) == (False, True)
    assert path.read_text() == both
    path.write_text(both.removesuffix(old))  # here the old line is gone already
    for machine in (site, other):
        with Ledger.open(where, SystemClock(), SystemChance(), master=master_of(read_site(machine))) as ledger:
            assert ledger.keys.open(made, sealed, "here") == NAME.encode()


def test_a_new_master_key_is_printed_and_kept_nowhere(site):
    assert run("keys", "new").stdout != run("keys", "new").stdout
    assert len(run("keys", "new").stdout.strip()) == 44
    assert len(run_json("keys", "new")["key"]) == 44


def test_keys_that_were_lost_come_back_from_their_copy_and_old_copies_go(site, stored, tmp_path):
    old = tmp_path / "copies/keys-20200101T000000.jsonl"
    old.parent.mkdir()
    old.write_text("")
    os.utime(old, (time.time() - 8 * 86400,) * 2)
    made = run_json("keys", "backup", tmp_path / "copies", "-C", site)
    assert (made["removed"], old.exists()) == (1, False)
    for path in site.glob("ledger.db.keys*"):
        path.unlink()
    assert "keys-lost" in run("purge", "-C", site, code=2).stderr
    for path in site.glob("ledger.db.keys*"):
        path.unlink()
    assert run_json("keys", "restore", made["file"], "-C", site)["keys"] == 2  # the first, and the order's
    assert name_of(site, stored) == NAME


def test_a_copy_of_the_keys_brings_back_none_that_was_destroyed(site, stored, tmp_path):
    with opened(site) as ledger, ledger.commit() as book:
        seal = book.documents.get(stored).seal
        book.interchanges.add_in("in", "ORDERS.csv", "1", NAME.encode())
        book._connection.exec_driver_sql("UPDATE document SET at = at - 21 * 86400")
    made = run_json("keys", "backup", tmp_path, "-C", site)
    assert made["keys"] > AHEAD
    assert run_json("purge", "-C", site)["keys"] == 1
    assert run_json("keys", "restore", made["file"], "-C", site)["keys"] == 0
    for path in site.glob("ledger.db.keys*"):
        path.unlink()
    assert run_json("keys", "restore", made["file"], "-C", site)["keys"] == 2  # the first, and the file's
    with opened(site) as ledger, ledger.look() as book:
        assert ledger.keys._store.get(seal) is None
        assert book.bodies.read(book.interchanges.get(1).body) == NAME.encode()


def test_keys_of_another_ledger_and_beside_a_service_do_not_come_back(site, stored, tmp_path):
    run("init", tmp_path / "other")
    with opened(tmp_path / "other"):
        pass
    foreign = run_json("keys", "backup", tmp_path / "foreign", "-C", tmp_path / "other")["file"]
    assert "master-key-other" in run("keys", "restore", foreign, "-C", site, code=2).stderr
    shutil.copy(tmp_path / "other/credentials/master-key", tmp_path / "theirs")
    master = site / "credentials/master-key"
    master.write_text(master.read_text() + (tmp_path / "theirs").read_text())
    assert "keys-copy-other" in run("keys", "restore", foreign, "-C", site, code=2).stderr
    made = run_json("keys", "backup", tmp_path / "ours", "-C", site)
    with opened(site):
        assert "ledger-taken" in run("keys", "restore", made["file"], "-C", site, code=75).stderr
    for path in site.glob("ledger.db.keys*"):
        path.unlink()
    assert "keys-copy-other" in run("keys", "restore", foreign, "-C", site, code=2).stderr
    assert run_json("keys", "restore", made["file"], "-C", site)["keys"] == 2
    assert name_of(site, stored) == NAME


def test_keys_of_a_ledger_on_a_server_do_not_come_back_while_a_service_lives(site, tmp_path):
    where = postgres.shared().fresh()
    edit(site, "ledger: sqlite:ledger.db", f"ledger: {where.url}")
    with Ledger.open(where, SystemClock(), SystemChance(), master=master_of(read_site(site))):
        made = run_json("keys", "backup", tmp_path, "-C", site)
        assert "ledger-taken" in run("keys", "restore", made["file"], "-C", site, code=75).stderr
    assert run_json("keys", "restore", made["file"], "-C", site)["keys"] == 0


def test_keys_come_back_beside_their_ledger_alone(site, stored, tmp_path):
    made = run_json("keys", "backup", tmp_path, "-C", site)
    for path in site.glob("ledger.db*"):
        path.unlink()
    assert "ledger-absent" in run("keys", "restore", made["file"], "-C", site, code=2).stderr
    assert not list(site.glob("ledger.db*"))


def test_what_would_be_kept_for_too_long_is_refused(site):
    file = site / "translator.yaml"
    file.write_text("personal: {keep: 22d, key_backups: 7d}\n" + file.read_text())
    assert "personal-long" in run("check", "-C", site, code=2).stderr


def test_a_ledger_or_a_copy_that_is_damaged_ends_each_verb_with_74(site, stored, tmp_path):
    (tmp_path / "torn.db").write_bytes(b"no ledger")
    assert "ledger-broken" in run("restore", tmp_path / "torn.db", "-C", site, code=74).stderr
    (site / "ledger.db").write_bytes(b"no ledger" * 1000)
    for words in (("show", "held"), ("purge",), ("backup", tmp_path / "copy.db"), ("hold", "D1"), ("doctor",)):
        assert run_json(*words, "-C", site, code=74)["findings"][0]["code"] == "ledger-broken"


def keys_in(found):
    """Give what the doctor says of the store of keys."""
    return [one for one in found["probes"] if one["what"] == "store of keys"]


def test_a_store_of_keys_that_was_lost_is_not_copied_and_the_master_key_of_its_copies_stays(site, stored, tmp_path):
    made = run_json("keys", "backup", tmp_path / "copies", "-C", site)["file"]
    for path in site.glob("ledger.db.keys*"):
        path.unlink()
    assert [one["do"] for one in keys_in(run_json("doctor", "-C", site, code=1))] == [
        "`translator keys restore` puts its newest copy back; without it nothing personal can be read"
    ]
    assert list(site.glob("ledger.db.keys*")) == []
    assert "keys-lost" in run("keys", "backup", tmp_path / "more", "-C", site, code=2).stderr
    assert "keys-lost" in run("keys", "rotate", "-C", site, code=2).stderr
    assert not (tmp_path / "more").exists()
    assert run_json("keys", "restore", made, "-C", site)["keys"] == 2
    assert [one["well"] for one in keys_in(run_json("doctor", "-C", site, code=1))] == [True]
    assert name_of(site, stored) == NAME


def test_a_copy_of_the_keys_is_there_whole_or_not_at_all(site, stored, tmp_path, monkeypatch):
    with monkeypatch.context() as patched:
        patched.setattr(os, "fsync", full)
        assert "unavailable" in run("keys", "backup", tmp_path / "copies", "-C", site, code=69).stderr
    assert not list((tmp_path / "copies").glob("keys-*"))
    assert run_json("keys", "backup", tmp_path / "copies", "-C", site)["ok"]
    assert [path.suffix for path in (tmp_path / "copies").iterdir()] == [".jsonl"]
    assert "unavailable" in run("keys", "backup", site / "translator.yaml/copies", "-C", site, code=69).stderr


def full(_):
    raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
