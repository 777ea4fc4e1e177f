"""What else says that a file is whole: its done-file, its last line, a name it gets in the end. In a folder and over OpenSSH."""

import os

import pytest

from tests.endpoints.test_folder_and_sftp_pick_up import archived, names
from tests.endpoints.transport import DATA, At, fetched, reason
from translator.endpoints.whole import done_of, ends_so, is_done, wrong

HOUR = 3600


# --- a done-file


@pytest.mark.parametrize(
    "form, done", [("{name}.done", "S1.csv.done"), ("{stem}.ok", "S1.ok"), (".{name}.go", ".S1.csv.go")]
)
def test_with_a_done_file_a_file_is_complete_as_soon_as_that_lies_there(place, form, done):
    endpoint = place.endpoint(quiet=0, done=form)
    place.file("S1.csv", by="writing")
    listing = endpoint.list("")
    assert (names(listing), listing.waiting) == ([], {"S1.csv": f"waiting because {done} is not there"})
    place.file(done, b"")
    listing = endpoint.list("")
    assert (names(listing), listing.waiting) == (["S1.csv"], {})
    assert fetched(endpoint, listing.complete[0]) == DATA


def test_with_a_quiet_time_beside_it_both_are_asked_for(place):
    endpoint = place.endpoint(quiet=10, done="{stem}.ok")
    place.file("S1.csv")
    place.file("S1.ok", b"")
    assert "stood unchanged" in endpoint.list("").waiting["S1.csv"]
    place.clock.step(10)
    assert names(endpoint.list("")) == ["S1.csv"]


@pytest.mark.parametrize("archive, left", [("archive", ["S1.csv", "S1.ok"]), ("delete", [])])
def test_a_done_file_goes_after_its_data_file(place, archive, left):
    gone = At(f"{place.kind}.dispose.after", lambda: seen.append(sorted(place.visible)))
    endpoint, seen = place.endpoint(gone, quiet=0, done="{stem}.ok", archive=archive), []
    place.file("S1.csv")
    place.file("S1.ok", b"")
    endpoint.dispose(endpoint.list("").complete[0])
    assert seen == [["S1.ok"]]
    assert list(place.root.glob("[!.]*")) == []
    assert sorted(name.rpartition("/")[2] for name in archived(place)) == left


def test_disposing_again_after_a_crash_between_the_two_takes_the_done_file_of_then_alone(place):
    endpoint = place.endpoint(quiet=0, done="{stem}.ok")
    place.file("S1.csv")
    os.utime(place.file("S1.ok", b""), (5, 5))
    (seen,) = endpoint.list("").complete
    (place.root / "S1.csv").unlink()
    endpoint.dispose(seen)
    assert place.visible == {}
    place.file("S1.csv", b"the next one")
    place.file("S1.ok", b"")
    endpoint.dispose(seen)
    assert sorted(place.visible) == ["S1.csv", "S1.ok"]


def test_the_last_of_those_that_share_a_done_file_takes_it_along(place):
    endpoint = place.endpoint(quiet=0, done="{stem}.ok")
    for age, name in enumerate(["S1.csv", "S1.xml", "S1.ok"]):
        os.utime(place.file(name), (1000 + age, 1000 + age))
    first, second = endpoint.list("").complete
    endpoint.dispose(first)
    assert sorted(place.visible) == ["S1.ok", "S1.xml"]
    endpoint.dispose(second)
    assert place.visible == {}


def test_a_done_file_stays_for_the_one_of_its_files_that_could_not_be_fetched(place):
    endpoint = place.endpoint(quiet=0, done="{stem}.ok")
    for age, name in enumerate(["S1.csv", "S1.xml", "S1.ok"]):
        os.utime(place.file(name), (1000 + age, 1000 + age))
    first, second = endpoint.list("").complete
    os.utime(place.root / "S1.csv", (1001, 1001))
    assert "changed" in reason(endpoint.fetch, first)
    fetched(endpoint, second)
    endpoint.dispose(second)
    assert sorted(place.visible) == ["S1.csv", "S1.ok"]
    (first,) = endpoint.list("").complete
    fetched(endpoint, first)
    endpoint.dispose(first)
    assert place.visible == {}


def test_a_file_that_is_left_bears_the_same_mark_whoever_comes_to_share_its_done_file(place):
    endpoint = place.endpoint(quiet=0, done="{stem}.ok", archive="leave")
    for name in ("S1.csv", "S1.ok"):
        os.utime(place.file(name), (1000, 1000))
    (seen,) = endpoint.list("").complete
    endpoint.dispose(seen)
    assert endpoint.list("").complete == ()
    place.file("S1.xml", b"")
    assert endpoint.list("").complete == ()
    place.file("S1.xml")
    assert names(endpoint.list("")) == ["S1.xml"]
    assert place.endpoint(quiet=0, done="{stem}.ok", archive="leave").list("").complete[0] == seen


def test_a_file_that_is_left_is_new_once_its_done_file_is(place):
    endpoint = place.endpoint(quiet=0, done="{stem}.ok", archive="leave")
    place.file("S1.csv")
    os.utime(place.file("S1.ok"), (1000, 1000))
    endpoint.dispose(endpoint.list("").complete[0])
    os.utime(place.file("S1.ok"), (2000, 2000))
    assert names(endpoint.list("")) == ["S1.csv"]


def test_a_done_file_whose_files_are_not_all_complete_stays(place):
    endpoint = place.endpoint(quiet=0, done="{stem}.ok")
    for name in ("S1.csv", "S1.ok"):
        place.file(name)
    place.file("S1.xml", b"")
    (seen,) = endpoint.list("").complete
    endpoint.dispose(seen)
    assert sorted(place.visible) == ["S1.ok", "S1.xml"]


def test_input_59_a_done_file_without_data_and_data_without_a_done_file_wait_and_after_an_hour_are_stuck(place):
    endpoint = place.endpoint(quiet=0, done="{stem}.ok")
    place.file("S1.csv")
    place.file("S2.ok", b"")
    waiting = {
        "S1.csv": "waiting because S1.ok is not there",
        "S2.ok": "waiting because the file it speaks of is not there",
    }
    listing = endpoint.list("")
    assert (listing.complete, listing.waiting, listing.stuck) == ((), waiting, {})
    place.clock.step(HOUR)
    listing = endpoint.list("")
    assert listing.stuck == listing.waiting == {name: f"{why}, for more than an hour" for name, why in waiting.items()}
    place.file("S1.ok", b"")
    listing = endpoint.list("")
    assert (names(listing), list(listing.stuck)) == (["S1.csv"], ["S2.ok"])


def test_what_is_no_file_says_nothing(place):
    place.file("S1.csv")
    (place.root / "S1.ok").symlink_to("S1.csv")
    (place.root / "S2.ok").mkdir()
    listing = place.endpoint(quiet=0, done="{stem}.ok").list("")
    assert listing.complete == ()
    assert listing.stuck == {"S1.ok": "refused because it is a symbolic link"}


@pytest.mark.parametrize("hidden", ["._S1.csv.done", ".S1.csv.done"])
def test_a_hidden_file_that_is_named_like_a_done_file_is_passed_over(place, hidden):
    endpoint = place.endpoint(quiet=0, done="{name}.done")
    for name in ("S1.csv", "S1.csv.done", hidden):
        place.file(name)
    listing = endpoint.list("")
    assert (names(listing), listing.waiting) == (["S1.csv"], {})
    place.clock.step(HOUR)
    assert endpoint.list("").stuck == {}


@pytest.mark.parametrize(
    "form, why",
    [
        ("done", "once"),
        ("{name}", "itself"),
        ("{name}{stem}", "once"),
        ("a/{name}", "path"),
        ("{name}.d?", "holds one of"),
    ],
)
def test_a_form_that_cannot_name_a_done_file_is_told(form, why):
    assert why in wrong(form)


def test_the_name_of_a_done_file_follows_from_its_data_files():
    assert (done_of("go_{stem}", "a.b.csv"), done_of("{stem}.ok", "a")) == ("go_a.b", "a.ok")
    assert (is_done("go_{stem}", "go_"), is_done("{name}.ok", "x.ok"), is_done("{name}.ok", "x.okay")) == (
        False,
        True,
        False,
    )


# --- the last line


def test_a_file_that_does_not_end_as_it_must_waits_until_it_changes_and_is_fetched_once(place):
    file = place.file("S1.txt", b"H1\r\nD1\r\n")
    endpoint = place.endpoint(quiet=0, ends="T*")
    (seen,) = endpoint.list("").complete
    why = "waiting because it does not end with a line like T*"
    assert reason(endpoint.fetch, seen).endswith(why)
    listing = endpoint.list("")
    assert (listing.complete, listing.waiting) == ((), {"S1.txt": why})
    file.write_bytes(b"H1\r\nD1\r\nT1\r\n")
    (seen,) = endpoint.list("").complete
    assert fetched(endpoint, seen) == b"H1\r\nD1\r\nT1\r\n"


@pytest.mark.parametrize(
    "data, pattern",
    [
        (b"H1\nT000002", "T*"),
        (b"H1\r\nT000002\r\n\r\n\x1a", "T*"),
        ("H1\r\nT000002\r\n".encode("utf-16"), "T*"),
        (b"ISA*00~ST*945~SE*2~GE*1*1~IEA*1*000000001~", "*IEA[*]*~"),
        (b"UNA:+.? 'UNB+UNOA'UNZ+1+5'\n", "*UNZ+*'"),
        (b"<ships><ship/>" + b"<a/>" * 9_000 + b"</ships>\n", "*</ships>"),
    ],
    ids=["no line end", "old end of file", "UTF-16", "X12", "EDIFACT", "XML in one line"],
)
def test_the_last_line_is_found_however_a_file_is_written(data, pattern):
    assert ends_so(data[-4096:], pattern)
    assert not ends_so(data[:-24], pattern)


# --- names


def test_names_of_files_that_are_not_finished_are_the_sites_choice_too(place):
    place.file("S1.csv.uploading")
    endpoint = place.endpoint(quiet=0, ignore=("*.uploading",))
    assert endpoint.list("").complete == ()
    (place.root / "S1.csv.uploading").rename(place.root / "S1.csv")
    assert names(endpoint.list("")) == ["S1.csv"]


# --- what waits long


def test_a_file_that_grows_for_an_hour_is_stuck_and_is_taken_all_the_same_once_it_stands(place):
    endpoint = place.endpoint()
    for size in range(1, HOUR // 9 + 3):
        place.file("S1.csv", b"x" * size, by="appending")
        listing = endpoint.list("")
        place.clock.step(9)
    assert listing.stuck == {"S1.csv": "waiting because it has not yet stood unchanged for 10 s, for more than an hour"}
    place.clock.step(1)
    listing = endpoint.list("")
    assert (names(listing), listing.stuck) == (["S1.csv"], {})


@pytest.mark.parametrize("archive", ["archive", "leave"])
def test_a_file_that_is_laid_anew_under_its_name_again_and_again_and_taken_each_time_is_not_stuck(place, archive):
    endpoint = place.endpoint(archive=archive)
    for turn in range(14):
        place.file("STOCK.csv", b"x" * (turn + 1))
        assert endpoint.list("").stuck == {}
        place.clock.step(10)
        (seen,) = endpoint.list("").complete
        endpoint.dispose(seen)
        place.clock.step(290)


def test_a_file_that_never_ends_as_it_must_is_stuck_also_where_it_grows_between_two_looks(place):
    endpoint = place.endpoint(quiet=0, ends="T*")
    for size in range(1, 9):
        place.file("S1.txt", b"D" * size, by="appending")
        (seen,) = endpoint.list("").complete
        reason(fetched, endpoint, seen)
        place.clock.step(HOUR / 8)
    assert list(endpoint.list("").stuck) == ["S1.txt"]


def test_a_file_that_grows_under_the_name_of_one_that_was_taken_is_stuck_an_hour_after_it_began(place):
    endpoint = place.endpoint()
    place.file("STOCK.csv", b"x")
    endpoint.dispose(place.seen(endpoint, "STOCK.csv"))
    for size in range(1, 9):
        place.file("STOCK.csv", b"D" * size, by="appending")
        assert endpoint.list("").stuck == {}
        place.clock.step(HOUR / 8)
    place.file("STOCK.csv", b"D" * 9, by="appending")
    assert list(endpoint.list("").stuck) == ["STOCK.csv"]


def test_what_no_time_heals_is_stuck_at_once(place):
    os.mkfifo(place.root / "S1.csv")
    assert list(place.endpoint().list("").stuck) == ["S1.csv"]


# --- folders alone: they say when a file was touched, whatever its time and size say


def test_a_file_whose_size_and_time_are_put_back_after_each_write_is_not_taken(folder_place):
    endpoint = folder_place.endpoint()
    file = folder_place.file("S1.csv", b"\0" * 40)
    for place in range(0, 40, 4):
        with file.open("r+b") as open_:
            open_.seek(place)
            open_.write(b"line")
        os.utime(file, (5, 5))
        assert names(endpoint.list("")) == []
        folder_place.clock.step(9)
    folder_place.clock.step(1)
    assert names(endpoint.list("")) == ["S1.csv"]


def test_a_write_that_is_hidden_while_a_file_is_fetched_is_seen(folder_place):
    file = folder_place.file("S1.csv")
    os.utime(file, (5, 5))

    def hidden():
        with file.open("r+b") as open_:
            open_.write(b"other")
        os.utime(file, (5, 5))

    endpoint = folder_place.endpoint(At("folder.fetch.opened", hidden))
    assert "changed" in reason(endpoint.fetch, folder_place.seen(endpoint, "S1.csv"))


# --- delete


def test_what_takes_the_place_of_a_file_just_before_it_is_deleted_is_given_back(place):
    swap = At(f"{place.kind}.dispose.before", lambda: place.file("S1.csv", b"new ones"))
    endpoint = place.endpoint(swap, archive="delete", quiet=0)
    place.file("S1.csv")
    endpoint.dispose(endpoint.list("").complete[0])
    assert place.visible == {"S1.csv": b"new ones"}


@pytest.mark.parametrize("data, left", [(DATA, {}), (b"new ones", {"S1.csv": b"new ones"})])
def test_what_a_crash_left_half_deleted_is_finished(place, data, left):
    endpoint = place.endpoint(archive="delete", quiet=0)
    file = place.file("S1.csv")
    (seen,) = endpoint.list("").complete
    if data != DATA:
        place.file("S1.csv", data)
    file.rename(place.root / ".S1.csv.gone")
    endpoint.dispose(seen)
    assert place.visible == left
    assert not (place.root / ".S1.csv.gone").exists()
