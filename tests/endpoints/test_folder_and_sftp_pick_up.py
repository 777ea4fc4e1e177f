"""We never read a partial file, never follow a link, and never dispose of what was not read: in a folder and over OpenSSH."""

import os
from dataclasses import dataclass, replace

import pytest

from tests.endpoints.transport import DATA, FAULT, NAME, At, again, fetched, first, reason
from translator.endpoints.endpoint import Put, Receipt, Verdict


def names(listing):
    return [one.name for one in listing.complete]


# --- complete or not ---------------------------------------------------------------------------------------------------


def test_a_file_is_complete_when_it_stood_unchanged_in_two_looks(place):
    endpoint = place.endpoint()
    place.file(NAME)
    listing = endpoint.list("book")
    assert names(listing) == []
    assert "waiting because" in listing.waiting[NAME]
    assert (listing.again, listing.bookmark) == (10, "book")
    place.clock.step(4)
    assert endpoint.list("").again == 6
    place.clock.step(6)
    assert names(endpoint.list("")) == [NAME]


def test_a_quiet_time_of_nothing_takes_a_file_at_the_first_look(place):
    place.file(NAME)
    assert names(place.endpoint(quiet=0).list("")) == [NAME]


def test_a_file_that_grows_waits_however_long_it_takes(place):
    endpoint = place.endpoint()
    for size in range(1, 9):
        place.file(NAME, b"x" * size, by="appending")
        assert names(endpoint.list("")) == []
        place.clock.step(9)
    place.clock.step(1)
    assert names(endpoint.list("")) == [NAME]


def test_a_file_of_the_same_size_but_another_time_begins_anew(place):
    endpoint = place.endpoint()
    file = place.file(NAME)
    endpoint.list("")
    os.utime(file, (1, 1))  # an old time, preserved by a copy: means nothing
    place.clock.step(10)
    assert names(endpoint.list("")) == []
    place.clock.step(10)
    assert names(endpoint.list("")) == [NAME]


def test_a_file_that_went_and_came_begins_anew(place):
    endpoint = place.endpoint()
    place.file(NAME).unlink()
    place.file(NAME)
    endpoint.list("")
    (place.root / NAME).unlink()
    place.clock.step(10)
    endpoint.list("")
    place.file(NAME)
    place.clock.step(10)
    assert names(endpoint.list("")) == []


def test_the_clock_of_the_other_side_means_nothing(place):
    file = place.file(NAME)
    os.utime(file, (4_000_000_000, 4_000_000_000))
    endpoint = place.endpoint()
    assert place.seen(endpoint).name == NAME


@pytest.mark.parametrize(
    "name", [".hidden", "a.tmp", "a.part", "a.filepart", "a.writing", "a.swp", "a~", "folder", "thumbs.db"]
)
def test_what_is_hidden_unfinished_or_a_folder_is_passed_over(place, name):
    if name == "folder":
        (place.root / name).mkdir()
    else:
        place.file(name)
    listing = place.endpoint(quiet=0, ignore=("*.db",)).list("")
    assert (listing.complete, listing.waiting) == ((), {})


def test_an_empty_file_waits_and_says_so(place):
    place.file(NAME, b"")
    listing = place.endpoint(quiet=0).list("")
    assert (listing.complete, listing.waiting) == ((), {NAME: "waiting because it is empty"})


def test_an_empty_file_that_says_all_by_being_there_is_taken(place):
    place.file("S1.DONE", b"")
    place.file("S1.csv", b"")
    endpoint = place.endpoint(quiet=0, empty=("S*.DONE",))
    listing = endpoint.list("")
    assert [seen.name for seen in listing.complete] == ["S1.DONE"]
    assert b"".join(endpoint.fetch(listing.complete[0])) == b""


def test_the_oldest_comes_first(place):
    for age, name in enumerate(["c.csv", "a.csv", "b.csv"]):
        os.utime(place.file(name), (1000 + age, 1000 + age))
    assert names(place.endpoint(quiet=0).list("")) == ["c.csv", "a.csv", "b.csv"]


def test_of_one_time_the_smaller_number_comes_first(place):
    ordered = ["S-9-2.csv", "S-09-10.csv", "S-10-1.csv", "S-x.csv", "T1.csv", "T01a.csv", "T2.csv"]
    for name in reversed(ordered):
        os.utime(place.file(name), (1000, 1000))
    assert names(place.endpoint(quiet=0).list("")) == ordered


def test_a_listing_of_many_is_whole(place):
    for number in range(1500):
        (place.root / f"f{number}.csv").write_bytes(b"x")
    assert len(place.endpoint(quiet=0).list("").complete) == 1500


# --- fetch ---------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("size", [1, 32_767, 32_768, 262_145, 2_000_000])
def test_fetch_gives_the_bytes_in_pieces(place, size):
    data = (b"0123456789" * (size // 10 + 1))[:size]
    place.file(NAME, data)
    endpoint = place.endpoint()
    pieces = list(endpoint.fetch(place.seen(endpoint)))
    assert b"".join(pieces) == data
    assert max(map(len, pieces)) <= 262_144


@pytest.mark.parametrize("when", ["opened", "read"])
@pytest.mark.parametrize(
    "change",
    [
        lambda file: file.write_bytes(DATA + b"more"),
        lambda file: file.write_bytes(DATA[:5]),
        lambda file: (file.unlink(), file.write_bytes(b"y" * len(DATA)), os.utime(file, (5, 5))),
        lambda file: file.unlink(),
        lambda file: (file.unlink(), file.symlink_to("/etc/passwd")),
    ],
    ids=["grown", "cut", "swapped", "gone", "a link now"],
)
def test_a_file_that_changes_while_it_is_fetched_is_not_taken(place, when, change):
    file = place.file(NAME)
    endpoint = place.endpoint(At(f"{place.kind}.fetch.{when}", lambda: change(file)))
    assert reason(endpoint.fetch, place.seen(endpoint))


def test_a_file_that_changed_since_it_was_seen_is_not_taken(place):
    endpoint = place.endpoint()
    file = place.file(NAME)
    seen = place.seen(endpoint)
    file.write_bytes(DATA + b"more")
    assert "changed" in reason(endpoint.fetch, seen)


def test_a_fetch_that_is_given_up_half_way_leaves_the_place_usable(place):
    place.file(NAME, b"x" * 1_000_000)
    endpoint = place.endpoint(quiet=0)
    [seen] = endpoint.list("").complete
    half = endpoint.fetch(seen)
    next(half)
    half.close()
    assert len(fetched(endpoint, seen)) == 1_000_000


# --- dispose -----------------------------------------------------------------------------------------------------------


def archived(place):
    return {str(path.relative_to(place.root)): path.read_bytes() for path in place.root.glob(".archive/*/*")}


def test_what_was_read_is_archived_by_day(place):
    endpoint = place.endpoint()
    place.file(NAME)
    endpoint.dispose(place.seen(endpoint))
    assert place.visible == {}
    assert archived(place) == {f".archive/2026-12-01/{NAME}": DATA}


def test_a_second_of_the_name_is_archived_beside_the_first(place):
    endpoint = place.endpoint()
    for data in (b"one", b"two", b"six"):
        place.file(NAME, data)
        endpoint.dispose(place.seen(endpoint))
        place.clock.step(1)
    assert sorted(archived(place).values()) == [b"one", b"six", b"two"]


def test_deleting_and_leaving_are_the_sites_choice(place):
    place.file(NAME)
    endpoint = place.endpoint(archive="leave")
    endpoint.dispose(place.seen(endpoint))
    assert place.visible == {NAME: DATA}
    endpoint = place.endpoint(archive="delete")
    endpoint.dispose(place.seen(endpoint))
    assert place.visible == {}
    assert archived(place) == {}


@pytest.mark.parametrize("archive", ["archive", "delete", "leave"])
def test_disposing_again_after_a_crash_is_well(place, archive):
    endpoint = place.endpoint(archive=archive)
    place.file(NAME)
    seen = place.seen(endpoint)
    endpoint.dispose(seen)
    endpoint.dispose(seen)


@pytest.mark.parametrize("archive", ["archive", "delete"])
def test_other_bytes_under_the_name_are_not_disposed_of(place, archive):
    endpoint = place.endpoint(archive=archive)
    place.file(NAME)
    seen = place.seen(endpoint)
    place.file(NAME, b"new ones")
    endpoint.dispose(seen)
    assert place.visible == {NAME: b"new ones"}


def test_a_file_that_takes_the_place_in_the_last_moment_is_given_back(place):
    swap = At(f"{place.kind}.dispose.before", lambda: place.file(NAME, b"new ones"))
    endpoint = place.endpoint(swap)
    place.file(NAME)
    endpoint.dispose(place.seen(endpoint))
    assert place.visible == {NAME: b"new ones"}


@pytest.mark.parametrize("archive", ["archive", "delete"])
def test_a_file_that_takes_the_place_in_the_last_moment_is_still_read_after_a_death(place, archive):
    endpoint = place.endpoint(Replaced(place), archive=archive)
    place.file(NAME)
    seen = place.seen(endpoint)
    with pytest.raises(FAULT):
        endpoint.dispose(seen)
    restarted = place.endpoint(archive=archive)
    restarted.list("")
    restarted.dispose(seen)
    assert fetched(restarted, place.seen(restarted)) == b"new ones"
    assert [path.name for path in place.root.iterdir() if path.name != ".archive"] == [NAME]


def test_a_death_before_a_file_is_archived_has_it_archived_the_next_time(place):
    endpoint = place.endpoint(At(f"{place.kind}.dispose.given-up", lambda: 1 / 0))
    place.file(NAME)
    seen = place.seen(endpoint)
    with pytest.raises(FAULT):
        endpoint.dispose(seen)
    place.file(NAME, b"new ones")
    endpoint.dispose(seen)
    assert place.visible == {NAME: b"new ones"}
    assert archived(place) == {f".archive/2026-12-01/{NAME}": DATA}


def test_a_file_that_cannot_be_archived_stays_under_its_name(place):
    place.file(NAME)
    endpoint = place.endpoint()
    seen = place.seen(endpoint)
    (place.root / ".archive").touch()
    assert reason(endpoint.dispose, seen)
    assert place.visible == {NAME: DATA}


@dataclass
class Replaced:
    """Another file comes just before the one that was read is put away, and we die as soon as it has given up its name."""

    place: object

    def reach(self, point):
        if point.endswith("dispose.before"):
            self.place.file(NAME, b"new ones")
        if point.endswith("dispose.given-up"):
            raise ZeroDivisionError


# --- look --------------------------------------------------------------------------------------------------------------


def verdicts(endpoint, *puts):
    return [one.verdict for one in endpoint.look(puts)]


def test_one_look_answers_for_all(place):
    endpoint = place.endpoint()
    receipt = endpoint.put(first(), lambda _: None)
    other = endpoint.put(first(name="ORD-2.csv"), lambda _: None)
    (place.root / "ORD-2.csv").unlink()
    assert verdicts(endpoint, Put(NAME, receipt), Put("ORD-2.csv", other)) == [Verdict.WAITING, Verdict.ACCEPTED]


def test_absence_without_a_receipt_tells_nothing(place):
    assert verdicts(place.endpoint(), Put(NAME, None)) == [Verdict.CANNOT_TELL]
    assert verdicts(place.endpoint(), Put(NAME, Receipt(""))) == [Verdict.CANNOT_TELL]


def test_an_unmounted_share_is_not_an_emptied_folder(place):
    endpoint = place.endpoint()
    receipt = endpoint.put(first(), lambda _: None)
    place.root.rename(place.root.with_name("share"))
    place.root.mkdir()
    [looked] = endpoint.look([Put(NAME, receipt)])
    assert looked.verdict is Verdict.CANNOT_TELL
    assert "mounted" in looked.reason


def test_a_mount_point_that_was_once_written_to_is_not_the_share(place):
    mount_point = place.root.with_name("mount point")
    place.endpoint().put(replace(first(), token="whilenothingwas1"), lambda _: None)
    place.root.rename(mount_point)
    place.root.mkdir()
    endpoint = place.endpoint()
    receipt = endpoint.put(first(name="ORD-2.csv"), lambda _: None)
    place.root.rename(place.root.with_name("share"))
    mount_point.rename(place.root)
    assert verdicts(endpoint, Put("ORD-2.csv", receipt)) == [Verdict.CANNOT_TELL]
    assert "does not prove" in reason(endpoint.put, replace(again(True), name="ORD-2.csv"), lambda _: None)


def test_a_missing_folder_is_unavailable_with_its_path_and_a_hint(place):
    place.root.rmdir()
    endpoint = place.endpoint()
    for act in (lambda: endpoint.list(""), lambda: endpoint.put(first(), lambda _: None), lambda: endpoint.look([])):
        why = reason(act)
        assert str(place.root) in why
        assert "create it" in why
    assert not place.root.exists()


def test_a_missing_folder_is_made_where_the_site_says_so(place):
    place.root.rmdir()
    place.endpoint(create=True).put(first(), lambda _: None)
    assert place.visible == {NAME: DATA}
