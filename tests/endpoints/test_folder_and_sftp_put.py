"""A file appears whole or not at all, never twice, never over a file of somebody else: in a folder and over OpenSSH."""

import re
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from threading import Event

import pytest

from tests.endpoints.transport import DATA, FRESH, NAME, TEMP, TOKEN, At, Trail, again, first, in_child, never, reason
from translator.core.finding import Rejected, Unavailable
from translator.endpoints.endpoint import Attempt, Put, Verdict
from translator.endpoints.publish import remembered


def test_a_file_is_put_under_a_hidden_name_and_renamed_once_staged(place):
    seen = []
    place.endpoint().put(
        first(), lambda _: seen.append((place.visible, place.temporary, (place.root / TEMP).read_bytes()))
    )
    assert seen == [({}, [TEMP], DATA)]
    assert place.visible == {NAME: DATA}
    assert place.temporary == []


def test_the_receipt_names_the_marker_file_that_the_folder_now_bears(place):
    receipt = place.endpoint().put(first(), lambda _: None)
    assert place.markers == [remembered(receipt).marker]


def test_a_marker_file_is_left_once_per_folder(place):
    place.endpoint().put(first(), lambda _: None)
    place.endpoint().put(first(name="ORD-2.csv"), lambda _: None)
    assert len(place.markers) == 1


def test_files_that_are_put_at_once_share_one_marker_file(place):
    first_is_at_it, second_is_put = Event(), Event()
    slow = At(f"{place.kind}.put.marker.before", lambda: first_is_at_it.set() or second_is_put.wait(0.3))
    endpoint = place.endpoint(slow)
    with ThreadPoolExecutor(2) as threads:
        one = threads.submit(endpoint.put, first(), lambda _: None)
        first_is_at_it.wait()
        other = threads.submit(endpoint.put, replace(first(name="ORD-2.csv"), token="another2token"), lambda _: None)
        other.add_done_callback(lambda _: second_is_put.set())
    assert [remembered(put.result()).marker for put in (one, other)] == place.markers * 2


def test_no_marker_file_is_left_where_the_site_does_not_want_one(place):
    place.endpoint(marker=False).put(first(), lambda _: None)
    assert place.markers == []


@pytest.mark.parametrize("size", [0, 1, 32_768, 32_769, 3_000_000])
def test_every_size_arrives_whole(place, size):
    data = bytes(range(256)) * (size // 256 + 1)
    place.endpoint().put(first(data[:size]), lambda _: None)
    assert place.visible == {NAME: data[:size]}


@pytest.mark.parametrize(
    "name", ["../x", "a/b", "", ".", "..", ".hidden", "a\nb", "CON", "nul.xml", "x" * 201, "a\u202eb"]
)
def test_a_name_that_is_not_one_safe_segment_is_rejected(place, name):
    with pytest.raises(Rejected) as caught:
        place.endpoint().put(first(name=name), never)
    assert caught.value.findings[0].code == "name-unsafe"
    assert list(place.root.iterdir()) == []


def test_a_foreign_file_of_the_name_is_left_alone_and_told(place):
    place.file(NAME, b"somebody else's")
    with pytest.raises(Rejected) as caught:
        place.endpoint().put(first(), never)
    assert caught.value.findings[0].code == "name-occupied"
    assert place.visible == {NAME: b"somebody else's"}
    assert place.temporary == []


def test_a_foreign_file_that_comes_between_is_left_alone_and_the_staged_name_kept_for_later(place):
    late = At(f"{place.kind}.put.staged.after", lambda: place.file(NAME, b"late"))
    with pytest.raises(Rejected):
        place.endpoint(late).put(first(), lambda _: None)
    assert place.visible == {NAME: b"late"}
    assert place.temporary == [TEMP]
    (place.root / NAME).unlink()
    place.endpoint().put(again(True), never)
    assert place.visible == {NAME: DATA}
    assert place.temporary == []


def test_a_fence_that_is_lost_leaves_nothing_visible(place):
    with pytest.raises(ZeroDivisionError):
        place.endpoint().put(first(), lambda _: 1 / 0)
    assert place.visible == {}
    place.endpoint().put(again(False), lambda _: None)
    assert (place.visible, place.temporary) == ({NAME: DATA}, [])


# --- the table of earlier attempts, a row each -----------------------------------------------------------------------


@pytest.fixture
def ours(place):
    """The folder bears our marker, as after any earlier attempt."""
    (place.root / ".translator-earlier").touch()
    return place


def test_staged_and_gone_was_published_and_taken(ours):
    receipt = ours.endpoint().put(again(True), never)
    assert ours.visible == {}
    assert remembered(receipt).marker == ".translator-earlier"


def test_staged_and_gone_was_published_even_where_another_file_has_the_name_by_now(ours):
    ours.file(NAME, b"the next one")
    ours.endpoint().put(again(True), never)
    assert ours.visible == {NAME: b"the next one"}


def test_staged_and_gone_in_a_folder_without_our_marker_is_not_believed(place):
    assert "does not prove" in reason(place.endpoint().put, again(True), never)
    assert place.visible == {}


def test_a_new_file_put_where_the_folder_is_away_does_not_prove_a_staged_one_taken(place):
    endpoint = place.endpoint()
    endpoint.put(first(name="ORD-0.csv"), lambda _: None)
    assert "out of reach" in reason(endpoint.put, first(), unreachable)
    away = place.root.rename(place.root.with_name("away"))
    place.root.mkdir()
    (place.root / ".translator-before").touch()  # as of a time when nothing was mounted there
    assert "mount the right folder" in reason(endpoint.put, first(name="ORD-2.csv"), never)
    assert "does not prove" in reason(endpoint.put, again(True), never)
    assert place.visible == {}
    (place.root / ".translator-before").unlink()
    place.root.rmdir()
    away.rename(place.root)
    endpoint.put(again(True), never)
    assert place.visible == {"ORD-0.csv": DATA, NAME: DATA}


def test_a_marker_left_by_an_attempt_that_failed_is_known_from_then_on(place):
    endpoint = place.endpoint()
    assert "out of reach" in reason(endpoint.put, first(), unreachable)
    place.root.rename(place.root.with_name("away"))
    place.root.mkdir()
    assert "mount the right folder" in reason(endpoint.put, first(name="ORD-2.csv"), never)
    assert place.visible == {}


@pytest.fixture
def moved_away(place):
    """A file was put, a second one staged; then the share went away, and an old marker lies below the mount point."""
    receipt = place.endpoint().put(first(name="ORD-0.csv"), lambda _: None)
    assert "out of reach" in reason(place.endpoint().put, replace(first(), home=receipt.home), unreachable)
    unmount(place)
    return receipt.home


def unmount(place):
    place.root.rename(place.root.with_name("away"))
    place.root.mkdir()
    (place.root / ".translator-before").touch()


@pytest.fixture
def first_staged(place):
    """The very first file was staged, no more; then the share went away, and an old marker lies below the mount point."""
    told = []
    assert "out of reach" in reason(place.endpoint().put, first(), lambda home: (told.append(home), unreachable(home)))
    unmount(place)
    return told[0]


def test_the_very_first_file_that_was_staged_is_proven_taken_by_no_other_marker_than_there_was(place, first_staged):
    staged = Attempt(1, TOKEN, True, first_staged)
    assert "does not prove" in reason(place.endpoint().put, replace(again(), earlier=(staged,)), never)
    unmarked = place.endpoint(marker=False)  # there only the file system tells
    otherwise = replace(staged, home=re.sub(r"on \d+", "on 1", first_staged))
    (place.root / ".translator-before").unlink()
    if "on " in first_staged:
        assert "another file system" in reason(unmarked.put, replace(again(), earlier=(otherwise,)), never)


def test_what_was_told_with_the_very_first_staged_file_guards_those_after_it(place, first_staged):
    outgoing = replace(first(name="ORD-2.csv"), home=first_staged)
    assert "mount the right folder" in reason(place.endpoint().put, outgoing, never)
    assert place.visible == {}


def test_after_a_restart_no_other_marker_than_the_last_receipts_proves_a_staged_file_taken(place, moved_away):
    assert "does not prove" in reason(place.endpoint().put, replace(again(True), home=moved_away), never)


def test_a_staged_file_is_proven_taken_by_the_marker_there_was_when_it_was_begun(place, moved_away):
    staged = Attempt(1, TOKEN, True, moved_away)  # since then the site named another place, and a file was put there
    since = place.endpoint().put(first(name="ORD-2.csv"), lambda _: None).home
    assert "does not prove" in reason(place.endpoint().put, replace(again(), earlier=(staged,), home=since), never)


def test_after_a_restart_no_file_is_put_where_another_marker_lies_below_the_mount_point(place, moved_away):
    outgoing = replace(first(name="ORD-2.csv"), home=moved_away)
    assert "mount the right folder" in reason(place.endpoint().put, outgoing, never)
    (place.root / "ORD-2.csv").write_bytes(DATA)  # nor is what lies there believed to be ours
    assert "mount the right folder" in reason(place.endpoint().put, outgoing, never)
    assert place.temporary == []


def test_a_place_that_the_site_names_otherwise_since_is_believed_as_it_is_found(place, moved_away):
    elsewhere = moved_away.replace("in ", "in elsewhere", 1)
    place.endpoint().put(replace(first(), home=elsewhere), lambda _: None)
    assert place.visible == {NAME: DATA}


def unreachable(_):
    raise Unavailable("out of reach")


def test_staged_and_gone_is_believed_by_rule_where_no_marker_is_wanted(place):
    place.endpoint(marker=False).put(again(True), never)
    assert place.visible == {}


def test_staged_and_there_is_renamed_as_it_is(ours):
    ours.file(TEMP)
    ours.endpoint().put(again(True), never)
    assert (ours.visible, ours.temporary) == ({NAME: DATA}, [])


def test_staged_and_damaged_is_written_again_and_removed_only_after_the_rename(ours):
    ours.file(TEMP, DATA[:-1])
    seen = []
    ours.endpoint().put(again(True), lambda _: seen.append(ours.temporary))
    assert seen == [sorted([TEMP, FRESH])]
    assert (ours.visible, ours.temporary) == ({NAME: DATA}, [])


def test_not_staged_and_there_is_removed_and_written_again(ours):
    ours.file(TEMP)
    seen = []
    ours.endpoint().put(again(False), lambda _: seen.append(ours.temporary))
    assert seen == [[FRESH]]
    assert (ours.visible, ours.temporary) == ({NAME: DATA}, [])


def test_not_staged_and_gone_was_never_begun(ours):
    seen = []
    ours.endpoint().put(again(False), lambda _: seen.append(1))
    assert seen == [1]
    assert ours.visible == {NAME: DATA}


@pytest.mark.parametrize("staged", [True, False])
def test_both_names_with_our_bytes_is_a_rename_stopped_between_link_and_unlink(ours, staged):
    ours.file(TEMP)
    (ours.root / NAME).hardlink_to(ours.root / TEMP)
    ours.endpoint().put(again(staged), never)
    assert (ours.visible, ours.temporary) == ({NAME: DATA}, [])


@pytest.mark.parametrize("staged", [True, False])
def test_both_names_and_other_bytes_is_a_collision_in_which_nothing_is_touched(ours, staged):
    ours.file(TEMP)
    ours.file(NAME, b"x" * len(DATA))
    with pytest.raises(Rejected) as caught:
        ours.endpoint().put(again(staged), never)
    assert caught.value.findings[0].code == "name-occupied"
    assert (ours.visible, ours.temporary) == ({NAME: b"x" * len(DATA)}, [TEMP])


def test_the_final_name_with_our_bytes_is_published(ours):
    ours.file(NAME)
    ours.endpoint().put(again(False), never)
    assert ours.visible == {NAME: DATA}


def test_of_several_attempts_one_staged_and_gone_decides(ours):
    ours.file(TEMP.replace(".1.", ".2."))
    ours.endpoint().put(again(True, True, False), never)
    assert (ours.visible, ours.temporary) == ({}, [])


def test_a_directory_under_the_name_is_a_collision(ours):
    (ours.root / NAME).mkdir()
    with pytest.raises(Rejected):
        ours.endpoint().put(first(), never)


def test_two_holders_of_one_staged_file_publish_it_once(ours):
    other = At(f"{ours.kind}.put.renamed.before", lambda: ours.endpoint().put(again(True), never))
    ours.endpoint(other).put(first(), lambda _: None)
    assert (ours.visible, ours.temporary) == ({NAME: DATA}, [])


# --- folders in which A.txt is a.txt -----------------------------------------------------------------------------------


@pytest.mark.parametrize("name", [NAME.lower(), "Ord-1.CSV"])
def test_a_name_that_differs_in_capitals_only_is_the_same_name_in_a_folder_that_takes_it_so(place, name):
    place.file(name)
    with pytest.raises(Rejected) as caught:
        place.endpoint(caseless=True).put(first(), never)
    assert caught.value.findings[0].code == "name-occupied"
    assert place.visible == {name: DATA}
    place.endpoint().put(first(), lambda _: None)
    assert place.visible == {name: DATA, NAME: DATA}


def test_a_file_that_is_listed_in_capitals_is_not_taken(place):
    receipt = place.endpoint(caseless=True).put(first(), lambda _: None)
    (place.root / NAME).rename(place.root / NAME.upper())
    (found,) = place.endpoint(caseless=True).look([Put(NAME, receipt)])
    assert found.verdict is Verdict.WAITING
    (place.root / NAME.upper()).unlink()
    (found,) = place.endpoint(caseless=True).look([Put(NAME, receipt)])
    assert found.verdict is Verdict.ACCEPTED


def test_a_staged_name_that_is_listed_in_capitals_is_not_gone(ours):
    ours.file(TEMP.upper())
    assert "is listed" in reason(ours.endpoint(caseless=True).put, again(True), never)


# --- what is left behind -----------------------------------------------------------------------------------------------


def test_names_as_ours_are_listed_and_can_be_removed(place):
    other = ".else.writing"
    for name in (TEMP, FRESH.replace(".tmp", ".done.tmp"), other, NAME):
        place.file(name)
    endpoint = place.endpoint()
    assert sorted(endpoint.temporaries()) == sorted([TEMP, FRESH.replace(".tmp", ".done.tmp")])
    endpoint.drop([TEMP, FRESH])
    assert endpoint.temporaries() == [FRESH.replace(".tmp", ".done.tmp")]
    assert (place.root / other).exists()


# --- crashes -----------------------------------------------------------------------------------------------------------


def points(place):
    trail = Trail()
    place.endpoint(trail).put(first(), lambda _: None)
    empty(place)
    return trail.points


def empty(place):
    for path in place.root.iterdir():
        path.unlink()


def crash(place, outgoing, dies, book):
    """Put in a child that dies at a point; say whether it had staged."""
    book.unlink(missing_ok=True)

    def putting():
        place.endpoint(Trail(dies)).put(outgoing, lambda _: book.write_text("staged"))

    assert in_child(putting) in (9, 0)
    return book.exists()


@pytest.mark.sweep
@pytest.mark.parametrize("taken", [False, True], ids=["left", "taken"])
def test_a_crash_at_each_point_and_a_redo_give_one_file_with_the_same_bytes(place, tmp_path_factory, taken):
    book = tmp_path_factory.mktemp("book") / "staged"
    for dies in range(len(points(place))):
        staged = crash(place, first(), dies, book)
        sightings = take(place) if taken else []
        place.endpoint().put(again(staged), lambda _: None)
        assert sightings + list(place.visible.items()) == [(NAME, DATA)], dies
        assert place.temporary == []
        empty(place)


def take(place):
    """Have the warehouse take what it sees."""
    seen = list(place.visible.items())
    for name, _ in seen:
        (place.root / name).unlink()
    return seen


@pytest.mark.sweep
def test_a_crash_at_each_point_of_the_redo_too(place, tmp_path_factory):
    book = tmp_path_factory.mktemp("book") / "staged"
    count = len(points(place))
    pairs = [(one, two) for one in range(count) for two in range(count) if two % 4 == one % 4]
    for one, two in pairs:
        staged = crash(place, first(), one, book)
        staged_again = crash(place, again(staged), two, book)
        sightings = take(place) if two % 2 else []
        outgoing = again(staged, staged_again)
        tokens = [TEMP.split(".")[3], "freshfreshfresh1"]
        earlier = tuple(type(a)(a.number, token, a.staged) for a, token in zip(outgoing.earlier, tokens, strict=True))
        place.endpoint().put(type(outgoing)(NAME, DATA, 3, "third00000000000", earlier), lambda _: None)
        assert sightings + list(place.visible.items()) == [(NAME, DATA)], (one, two)
        assert place.temporary == []
        empty(place)
