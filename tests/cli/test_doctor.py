"""The doctor on what is not well: each finding says what to do."""

import os

import pytest

from tests.cli.command import edit, run, run_json
from translator.simulator.amazon import Amazon, AmazonSettings
from translator.simulator.sftp import SftpServer, User


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


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write anywhere")
def test_a_folder_without_the_right_to_write_is_named(site):
    (site / "wms/plain-csv/out/ship").chmod(0o500)
    assert "right to write" in probe(site, "out/ship")["do"]


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


def test_amazon_that_is_not_there_is_told(site):
    amazon = Amazon(AmazonSettings("ACMEG")).start()
    secrets(site, amazon)
    amazon.stop()
    assert not probe(site, "Amazon us")["well"]


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
    assert len(places) == 6
    assert all(one["well"] for one in places), places
    assert not list((tmp_path / "theirs").rglob("*doctor*"))


def test_another_host_key_is_told_with_the_one_that_was_shown(site, sftp):
    over_sftp(site, sftp, "SHA256:" + "A" * 43)
    found = probe(site, "sftp://")
    assert "not the pinned host key" in found["said"]
    assert sftp.fingerprint in found["said"]


def test_a_login_that_is_refused_is_told(site, sftp):
    over_sftp(site, sftp, sftp.fingerprint, password="wrong")
    found = probe(site, "sftp://")
    assert "refused the login" in found["said"]


def test_a_folder_that_is_missing_over_there_is_told(site, sftp, tmp_path):
    (tmp_path / "theirs/out/ship").rmdir()
    over_sftp(site, sftp, sftp.fingerprint)
    found = probe(site, "out/ship")
    assert not found["well"]
    assert "create the folder" in found["do"]
