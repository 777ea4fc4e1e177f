"""Hostile inputs 7 to 15 and 59 (reliability-security §3.9) in a folder and over OpenSSH, by number.

1 to 6, 16, 17 and 58 go along the whole road: tests/road/test_hostile_files.py.
"""

import os
import socket

import pytest

from tests.endpoints.test_folder_and_sftp_pick_up import names
from tests.endpoints.transport import DATA, NAME, At, fetched, reason
from translator.core.finding import Elsewhere
from translator.endpoints.endpoint import Seen

NAMES = {
    "a path separator of Windows": rb"a\b.csv",
    "a path of Windows": rb"a\..\b.csv",
    "a control character": b"a\x07b.csv",
    "a line end": b"a\nb.csv",
    "an escape": b"a\x1b[2Jb.csv",
    "text from right to left": "a\u202egpj.csv".encode(),
    "a letter nobody sees": "a\u200bb.csv".encode(),
    "a home folder": b"~root",
    "a drive": b"C:b.csv",
    "a stream": b"a.csv:b",
    "an address": b"file:b.csv",
    "a device": b"aux.csv",
    "a name of 201 letters": b"a" * 201,
}


def lay(place, name):
    with open(os.fsencode(place.root) + b"/" + name, "wb") as file:
        file.write(DATA)


@pytest.mark.parametrize("name", NAMES.values(), ids=[f"input 7: {what}" for what in NAMES])
def test_a_name_is_one_safe_segment_or_is_held_and_told_escaped(place, name):
    lay(place, name)
    place.file("good.csv")
    listing = place.endpoint(quiet=0).list("")
    assert names(listing) == ["good.csv"]
    ((told, why),) = listing.stuck.items()
    assert why.startswith("refused because of its name")
    assert told.isascii()
    assert told.isprintable()


@pytest.mark.parametrize("name", ["../x", "..", "/etc/passwd", "a/../../b", ".", "", "a\0b"])
def test_input_7_what_no_listing_of_a_good_server_has_is_not_fetched_either(place, name):
    (place.root.parent / "x").write_bytes(b"x")
    try:
        assert reason(place.endpoint().fetch, Seen(name, "1 1", 1))
    except (ValueError, Elsewhere):
        assert "\0" in name  # the system takes no such name at all


def test_input_8_a_name_that_is_not_utf_8_is_told_and_the_listing_goes_on(place):
    lay(place, b"caf\xe9.csv")
    lay(place, b"\xff\xfe")
    place.file("good.csv")
    listing = place.endpoint(quiet=0).list("")
    assert names(listing) == ["good.csv"]
    assert sorted(listing.stuck) == ["\\udcff\\udcfe", "caf\\udce9.csv"]


def test_input_9_a_folder_whose_name_begins_like_ours_is_another_one(place, tmp_path):
    evil = tmp_path / f"{place.root.name}EVIL"
    evil.mkdir()
    (evil / NAME).write_bytes(DATA)
    endpoint = place.endpoint(quiet=0)
    assert endpoint.list("").complete == ()
    assert reason(endpoint.fetch, Seen(f"../{evil.name}/{NAME}", f"{len(DATA)} 1", len(DATA)))


@pytest.mark.parametrize("target", ["/etc/shadow", "good.csv", "missing", "."])
def test_input_10_a_symbolic_link_is_told_and_not_followed(place, target):
    place.file("good.csv")
    (place.root / NAME).symlink_to(target)
    endpoint = place.endpoint(quiet=0)
    listing = endpoint.list("")
    assert (names(listing), listing.stuck) == (["good.csv"], {NAME: "refused because it is a symbolic link"})
    assert "symbolic link" in reason(endpoint.fetch, Seen(NAME, "6 1", 6))


def test_input_11_a_folder_that_is_another_one_now_gives_nothing_of_its_own(place, tmp_path):
    """What was seen is asked for by its mark: a file of the same name elsewhere is another file."""
    place.file(NAME)
    endpoint = place.endpoint(quiet=0)
    (seen,) = endpoint.list("").complete
    place.root.rename(tmp_path / "before")
    (tmp_path / "secret").mkdir()
    (tmp_path / "secret" / NAME).write_bytes(b"secret")
    place.root.symlink_to(tmp_path / "secret")
    assert "changed" in reason(endpoint.fetch, seen)


def test_input_11_a_folder_that_is_swapped_while_a_file_is_fetched_changes_nothing(folder_place, tmp_path):
    def swap():
        folder_place.root.rename(tmp_path / "before")
        (tmp_path / "secret").mkdir()
        (tmp_path / "secret" / NAME).write_bytes(b"s" * len(DATA))
        folder_place.root.symlink_to(tmp_path / "secret")

    endpoint = folder_place.endpoint(At("folder.fetch.opened", swap), quiet=0)
    folder_place.file(NAME)
    (seen,) = endpoint.list("").complete
    assert fetched(endpoint, seen) == DATA


def test_input_11_an_archive_that_is_a_link_is_not_followed(folder_place, tmp_path):
    (tmp_path / "elsewhere").mkdir()
    (folder_place.root / ".archive").symlink_to(tmp_path / "elsewhere")
    endpoint = folder_place.endpoint(quiet=0)
    folder_place.file(NAME)
    (seen,) = endpoint.list("").complete
    assert reason(endpoint.dispose, seen)
    assert list((tmp_path / "elsewhere").iterdir()) == []
    assert folder_place.visible == {NAME: DATA}


def test_input_12_a_hard_link_to_a_file_elsewhere_is_not_taken(folder_place, tmp_path):
    """SFTP tells no number of links: what its server lets its user link there it may read as well."""
    (tmp_path / "ledger.db").write_bytes(DATA)
    (folder_place.root / NAME).hardlink_to(tmp_path / "ledger.db")
    endpoint = folder_place.endpoint(quiet=0)
    listing = endpoint.list("")
    assert (listing.complete, listing.waiting) == ((), {NAME: "waiting because it has 2 names (hard links)"})
    folder_place.clock.step(3600)
    assert list(endpoint.list("").stuck) == [NAME]
    found = (folder_place.root / NAME).stat()
    assert "2 names" in reason(
        endpoint.fetch, Seen(NAME, f"{found.st_size} {found.st_mtime_ns} {found.st_ino}", found.st_size)
    )


def test_input_13_a_fifo_a_socket_and_a_device_are_told_and_never_opened(place, monkeypatch):
    os.mkfifo(place.root / NAME)
    with socket.socket(socket.AF_UNIX) as listener:
        monkeypatch.chdir(place.root)  # the path of a socket may only be short
        listener.bind("sock.csv")
    endpoint = place.endpoint(quiet=0)
    listing = endpoint.list("")
    assert listing.complete == ()
    assert listing.stuck == dict.fromkeys([NAME, "sock.csv"], "refused because it is a FIFO, socket or device")
    assert "FIFO" in reason(endpoint.fetch, Seen(NAME, "6 1", 6))


@pytest.mark.parametrize("when", ["opened", "read"])
def test_input_14_a_file_that_is_swapped_while_it_is_read_is_discarded(place, when):
    file = place.file(NAME)

    def swap():
        other = place.root / ".other"
        other.write_bytes(b"y" * len(DATA))
        os.utime(other, (5, 5))
        other.rename(file)

    endpoint = place.endpoint(At(f"{place.kind}.fetch.{when}", swap))
    assert "changed" in reason(endpoint.fetch, place.seen(endpoint))


def test_input_14_a_file_that_grew_while_it_is_read_is_discarded(place):
    file = place.file(NAME)
    endpoint = place.endpoint(At(f"{place.kind}.fetch.opened", lambda: file.write_bytes(DATA + b"more")))
    assert reason(endpoint.fetch, place.seen(endpoint))


def test_input_15_a_sparse_file_of_a_terabyte_is_refused_before_a_byte_is_read(place):
    with (place.root / NAME).open("wb") as file:
        file.truncate(10**12)
    endpoint = place.endpoint(quiet=0)
    assert endpoint.list("").stuck == {NAME: "refused because it is larger than 50,000,000 bytes"}
    assert "larger than" in reason(endpoint.fetch, Seen(NAME, f"{10**12} 1", 10**12))


def test_input_59_names_that_differ_by_a_time_only_are_different_files(place):
    for second in range(3):
        os.utime(place.file(f"SHIP20261126T12000{second}.csv"), (1000, 1000))
    assert names(place.endpoint(quiet=0).list("")) == [f"SHIP20261126T12000{second}.csv" for second in range(3)]
