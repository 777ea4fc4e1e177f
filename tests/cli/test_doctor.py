"""The doctor on what is not well: each finding says what to do."""

import errno
import os
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path

import pytest

from tests import postgres
from tests.cli.command import edit, run, run_json, site_at
from tests.endpoints import sftp_sshd
from translator.cli.behind.probes_calendar import calendars
from translator.core.calendar import Calendar
from translator.endpoints.publish import markers
from translator.simulator.amazon import Amazon, AmazonSettings
from translator.simulator.sftp import SftpServer, User


@dataclass
class Working:
    calendars: dict
    name: str = "newark"


@pytest.fixture
def site(tmp_path):
    run("init", tmp_path / "site")
    return tmp_path / "site"


def probe(site, word):
    found = run_json("doctor", "-C", site, code=1)
    return next(one for one in found["probes"] if word in one["what"])


def secrets(site, amazon):
    for name, secret in (("lwa-secret", amazon.settings.client_secret), ("lwa-refresh", amazon.settings.refresh_token)):
        (site / "credentials" / name).write_text(secret)
    edit(site, "    region: na ", f"    url: {amazon.url}\n    region: na ")


def test_a_missing_secret_is_named_with_the_place_it_belongs_to(site):
    found = probe(site, "lwa-secret")
    assert not found["well"]
    assert "credentials/lwa-secret" in found["do"]


def test_a_missing_folder_is_named(site):
    (site / "wms/plain-csv/out/ship").rmdir()
    found = probe(site, "out/ship")
    assert (found["well"], found["said"]) == (False, "no such folder")
    assert "create it" in found["do"]


def test_what_it_tries_a_folder_with_is_no_mark_that_a_file_put_meanwhile_would_take_for_ours(site, monkeypatch):
    tried, unlink = [], Path.unlink
    monkeypatch.setattr(Path, "unlink", lambda path: (tried.append(path.name), unlink(path))[1])
    assert probe(site, "in/orders")["well"]
    assert len(tried) > 1
    assert markers(tried) == []


def test_before_the_first_start_a_ledger_on_a_server_is_well(site):
    edit(site, "ledger: sqlite:ledger.db", f'ledger: "{postgres.shared().fresh().url}"')
    probes = {one["what"]: one for one in run_json("doctor", "-C", site, code=1)["probes"]}
    assert probes["ledger's server"]["well"]
    assert (probes["ledger"]["well"], probes["ledger"]["said"].partition(";")[0]) == (True, "not there yet")


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write anywhere")
def test_a_folder_without_the_right_to_write_is_named(site):
    (site / "wms/plain-csv/out/ship").chmod(0o500)
    assert "right to read and write" in probe(site, "out/ship")["do"]


@pytest.mark.skipif(os.geteuid() == 0, reason="root may read anywhere")
def test_a_folder_without_the_right_to_list_it_is_named(site):
    (site / "wms/plain-csv/out/ship").chmod(0o300)
    assert "right to read" in probe(site, "out/ship")["do"]


@pytest.mark.parametrize(
    "folder, said", [("missing", "no such folder"), ("file", "this is no folder"), ("x" * 300, "file name too long")]
)
def test_a_folder_of_the_ledger_that_cannot_be_one_is_named(site, folder, said):
    (site / "file").write_text("")
    edit(site, "ledger: sqlite:ledger.db", f"ledger: sqlite:{folder}/ledger.db")
    found = probe(site, "ledger")
    assert (found["well"], found["said"]) == (False, f"{site / folder}: {said}")
    assert found["do"]


def test_the_ledger_and_its_library_are_shown(site):
    assert "SQLite" in probe(site, "SQLite")["said"]
    assert probe(site, "ledger")["well"]


def test_a_wrong_secret_is_told_by_amazons_word_and_never_shown(site):
    with Amazon(AmazonSettings("ACMEG")) as amazon:
        secrets(site, amazon)
        (site / "credentials/lwa-secret").write_text("not-the-secret")
        found = run("doctor", "-C", site, code=1)
    assert "LWA refuses" in found.stdout
    assert "not-the-secret" not in found.stdout + found.stderr


def test_every_right_is_tried_and_nothing_is_submitted(tmp_path):
    with Amazon(AmazonSettings("ACMEG")) as amazon:
        site = site_at(amazon, tmp_path / "site")
        found = {one["what"].rpartition(": ")[2]: one for one in run_json("doctor", "-C", site)["probes"]}
        assert amazon.state()["submissions"] == []
        assert {call["path"] for call in amazon.state()["requests"] if call["method"] == "POST"} == {
            "/auth/o2/token",
            "/tokens/2021-03-01/restrictedDataToken",
        }
    for name in ("getOrders", "getShippingLabels", "getPackingSlips", "createShippingLabels", "getTransactionStatus"):
        assert found[name]["well"], found[name]
    assert "another vendor group or region" in found["getOrders"]["do"]  # an empty list with 200


def test_a_right_that_is_missing_says_to_authorise_again(tmp_path):
    with Amazon(AmazonSettings("ACMEG")) as amazon:
        site = site_at(amazon, tmp_path / "site")
        amazon.fail("denied", "getShippingLabels", times=4)
        found = probe(site, "getShippingLabels")
    assert not found["well"]
    assert "refresh token" in found["do"]


@pytest.mark.parametrize(
    "days, well, said",
    [(10, True, "170 of 180 days are left"), (155, True, "25 of 180 days are left"), (200, False, "takes it no more")],
)
@pytest.mark.parametrize("noted", [True, False])
def test_the_age_of_the_client_secret_is_counted(tmp_path, days, well, said, noted):
    day = datetime.now(UTC) - timedelta(days=days)
    with Amazon(AmazonSettings("ACMEG")) as amazon:
        site = site_at(amazon, tmp_path / "site")
        if noted:
            edit(site, "    region: na ", f"    rotated: {day:%Y-%m-%d}\n    region: na ")
        else:
            os.utime(site / "credentials/lwa-secret", (day.timestamp(), day.timestamp()))
        found = next(
            one for one in run_json("doctor", "-C", site, code=not well)["probes"] if "client secret" in one["what"]
        )
    assert (found["well"], bool(found["do"])) == (well, days > 150)
    assert said in found["said"]
    assert ("file" in found["said"]) == (not noted)


def test_a_secret_of_tomorrow_is_a_slip(tmp_path):
    with Amazon(AmazonSettings("ACMEG")) as amazon:
        site = site_at(amazon, tmp_path / "site")
        edit(site, "    region: na ", "    rotated: 2076-11-01\n    region: na ")
        assert "still to come" in probe(site, "client secret")["said"]


def test_a_calendar_says_when_the_next_parcel_leaves(site):
    calendar = '{zone: America/New_York, days: mon-fri, holidays: [2099-12-25], cut_off: "16:00"}'
    edit(site, "{EWR1: America/New_York}", f"{{EWR1: {calendar}}}")
    found = probe(site, "calendar of EWR1")
    assert found["well"]
    assert "16:00, America/New_York" in found["said"]


@pytest.mark.parametrize(
    "now, said",
    [
        (datetime(2026, 12, 24, 20, tzinfo=UTC), "2026-12-24 16:00"),
        (datetime(2026, 12, 24, 22, tzinfo=UTC), "2026-12-28 16:00"),  # Christmas, and a weekend
    ],
)
def test_the_next_parcel_leaves_on_the_next_day_that_works(now, said):
    calendar = Calendar("America/New_York", frozenset(range(5)), frozenset({date(2026, 12, 25)}), time(16))
    (found,) = calendars(Working({"EWR1": calendar}), now)
    assert said in found.said
    assert not found.do


def test_holidays_that_have_passed_are_a_note():
    calendar = Calendar("UTC", holidays=frozenset({date(2025, 12, 25)}))
    (found,) = calendars(Working({"EWR1": calendar}), datetime(2026, 11, 1, tzinfo=UTC))
    assert (found.well, found.do) == (True, "list those to come")


def test_a_warehouse_that_never_works_is_wrong():
    days = frozenset(date(2026, 1, 1) + timedelta(days=more) for more in range(100))
    (found,) = calendars(Working({"EWR1": Calendar("UTC", holidays=days)}), datetime(2026, 1, 2, tzinfo=UTC))
    assert not found.well


def test_where_everything_is_denied_the_region_is_named(tmp_path):
    with Amazon(AmazonSettings("ACMEG")) as amazon:
        site = site_at(amazon, tmp_path / "site")
        amazon.fail("denied", "*", times=60)
        found = run_json("doctor", "-C", site, code=1)["probes"]
    wrong = [one for one in found if not one["well"]]
    assert wrong
    assert all(one["what"].startswith("Amazon us") and one["do"] for one in wrong), wrong


def test_a_token_for_customers_data_that_is_refused_names_the_role(tmp_path):
    with Amazon(AmazonSettings("ACMEG")) as amazon:
        site = site_at(amazon, tmp_path / "site")
        amazon.fail("denied", "createRestrictedDataToken", times=60)
        found = {one["what"].rpartition(": ")[2]: one for one in run_json("doctor", "-C", site, code=1)["probes"]}
    assert found["login (LWA)"]["well"]
    assert not found["restricted data token (RDT)"]["well"]
    assert "region" in found["restricted data token (RDT)"]["do"]
    assert found["getTransactionStatus"]["well"]  # needs no such token


def test_amazon_that_is_not_there_is_told(site):
    amazon = Amazon(AmazonSettings("ACMEG")).start()
    secrets(site, amazon)
    amazon.stop()
    assert not probe(site, "login (LWA)")["well"]


@pytest.fixture
def sftp(tmp_path):
    root = tmp_path / "theirs"
    for folder in ("in/orders", "in/labels", "in/answers", "out/ship", "out/stock"):
        (root / folder).mkdir(parents=True)
    server = SftpServer(root, {"acme": User("made up")}).start()
    yield server
    server.stop()


def over_sftp(site, sftp, fingerprint, password="made up"):
    (site / "credentials/wms").write_text(password)
    place = (
        f'{{sftp: 127.0.0.1, port: {sftp.port}, user: acme, password: {{credential: wms}}, host_key: "{fingerprint}"}}'
    )
    edit(site, "place: {folder: wms/plain-csv}", f"place: {place}")


def test_sftp_that_is_well_is_tried_folder_by_folder(site, sftp, tmp_path):
    over_sftp(site, sftp, sftp.fingerprint)
    found = run_json("doctor", "-C", site, code=1)
    places = [one for one in found["probes"] if "sftp://" in one["what"]]
    assert len(places) == 7
    assert all(one["well"] for one in places), places
    assert not list((tmp_path / "theirs").rglob(".doctor*"))


def test_a_real_server_is_tried_and_what_it_can_do_is_said(site, tmp_path):
    if not sftp_sshd.installed():
        pytest.skip("no OpenSSH server: apt-get install openssh-server (.ci/run does)")
    home, root = tmp_path / "sshd", tmp_path / "theirs"
    home.mkdir()
    for folder in ("in/orders", "in/labels", "in/answers", "out/ship", "out/stock"):
        (root / folder).mkdir(parents=True)
    sshd = sftp_sshd.start(home, "MaxSessions 2\nMACs hmac-sha1,hmac-sha2-256\n")
    try:
        login = (
            f"user: {sshd.settings.user}, key: {{file: {home}/user_ed25519}}, root: {root}, calls: 4, old: [hmac-sha1]"
        )
        place = f'{{sftp: 127.0.0.1, port: {sshd.port}, {login}, host_key: "{sshd.fingerprint()}"}}'
        edit(site, "place: {folder: wms/plain-csv}", f"place: {place}")
        said = run_json("doctor", "-C", site, code=1)["probes"]
    finally:
        sshd.stop()
    server, channels, *folders, risk = found = [one for one in said if "sftp://" in one["what"]]
    assert all(one["well"] for one in found), found
    assert next(one for one in said if "name 127" in one["what"])["said"] == "127.0.0.1"
    assert sshd.fingerprint() in server["said"]
    assert "taken by our key (ssh-ed25519); " in server["said"]
    assert "aes128-gcm@openssh.com; SSH-2.0-OpenSSH" in server["said"]
    assert (channels["said"], channels["do"]) == ("2 of 4 at once", "each: 2")
    assert len(folders) == 5
    for part in (
        "0 entries",
        "its clock is as ours",
        "A and a are two names",
        "synced",
        "refuses to replace",
        "posix-rename",
    ):
        assert all(part in one["said"] for one in folders), (part, folders)
    assert "hmac-sha1" in risk["what"]
    assert "bring the server up to date" in risk["do"]
    assert not [path for path in root.rglob("*") if path.is_file()]


def test_another_host_key_is_told_with_the_one_that_was_shown(site, sftp):
    over_sftp(site, sftp, "SHA256:" + "A" * 43)
    found = probe(site, "sftp://")
    assert "not the pinned host key" in found["said"]
    assert sftp.fingerprint in found["said"]


def test_a_login_that_is_refused_is_told(site, sftp):
    over_sftp(site, sftp, sftp.fingerprint, password="wrong")
    found = probe(site, "sftp://")
    assert found["said"] == "the server refused the login"
    assert found["do"].startswith("it was shown the password: mend user, key or password")


def test_a_folder_that_is_missing_over_there_is_told(site, sftp, tmp_path):
    (tmp_path / "theirs/out/ship").rmdir()
    over_sftp(site, sftp, sftp.fingerprint)
    found = probe(site, "out/ship")
    assert (found["well"], found["said"]) == (False, "no such folder")
    assert "create it there" in found["do"]


@pytest.fixture
def read_only(site, tmp_path):
    """Give a site its folders on an OpenSSH server that lets nobody write."""
    if not sftp_sshd.installed():
        pytest.skip("no OpenSSH server: apt-get install openssh-server (.ci/run does)")
    home, root = tmp_path / "sshd", tmp_path / "theirs"
    home.mkdir()
    for folder in ("in/orders", "in/labels", "in/answers", "out/ship", "out/stock"):
        (root / folder).mkdir(parents=True)
    sshd = sftp_sshd.start(home, "ForceCommand internal-sftp -R\n")
    login = f"user: {sshd.settings.user}, key: {{file: {home}/user_ed25519}}, root: {root}"
    place = f'{{sftp: 127.0.0.1, port: {sshd.port}, {login}, host_key: "{sshd.fingerprint()}"}}'
    edit(site, "place: {folder: wms/plain-csv}", f"place: {place}")
    yield site
    sshd.stop()


def test_a_folder_over_there_that_can_be_listed_and_not_written_is_told_so(read_only):
    found = probe(read_only, "out/ship")
    assert (found["well"], found["said"]) == (False, "it can be listed, not written: permission denied")
    assert "read, write, rename and remove there" in found["do"]


def test_a_folder_in_which_all_is_left_need_not_be_written_over_there(read_only):
    edit(read_only, "    to: ", "    dispose: leave\n    to: ")
    found = probe(read_only, "out/ship")
    assert (found["well"], found["said"]) == (True, "readable: 0 entries; what is read is left there")
    assert not probe(read_only, "in/orders")["well"]


def test_a_folder_of_this_machine_in_which_all_is_left_need_not_be_written(site, monkeypatch):
    def fails(path, data):
        raise OSError(errno.EROFS, os.strerror(errno.EROFS))

    monkeypatch.setattr(Path, "write_bytes", fails)
    edit(site, "    to: ", "    dispose: leave\n    to: ")
    found = probe(site, "out/ship")
    assert (found["well"], found["said"]) == (True, "readable; what is read is left there")
    assert not probe(site, "in/orders")["well"]


def test_a_server_that_nothing_answers_for_is_told_in_words(site, sftp):
    over_sftp(site, sftp, sftp.fingerprint)
    sftp.stop()
    found = probe(site, "sftp://")
    assert (found["well"], found["said"]) == (False, "no connection: connection refused")
    assert "look whether it runs" in found["do"]


@pytest.mark.parametrize(
    "code, said, do",
    [
        (errno.EACCES, "permission denied", "right to read and write"),
        (errno.EROFS, "read-only file system", "mounted read-only"),
        (errno.ENOSPC, "no space left on device", "the disk is full"),
    ],
)
def test_what_keeps_a_folder_from_being_written_is_told_with_what_mends_that(site, monkeypatch, code, said, do):
    def fails(path, data):
        raise OSError(code, os.strerror(code))

    monkeypatch.setattr(Path, "write_bytes", fails)
    found = probe(site, "in/orders")
    assert (found["well"], found["said"]) == (False, said)
    assert do in found["do"]
