"""A done-file follows its file, once, and never precedes it: in a folder and over OpenSSH, whatever dies in between."""

import pytest

from tests.endpoints.transport import DATA, NAME, TEMP, TOKEN, At, Trail, again, first, in_child, never, reason
from translator.core.finding import Rejected
from translator.endpoints.endpoint import Attempt, Outgoing

DONE = "ORD-1.csv.ok"
SIGN = TEMP.replace(".tmp", ".done.tmp")
BOTH = {NAME: DATA, DONE: b""}


@pytest.fixture
def ours(place):
    """The folder bears our marker, as after any earlier attempt."""
    (place.root / ".translator-earlier").touch()
    return place


def put(place, outgoing, staged=lambda _: None, faults=None, done="{name}.ok"):
    return place.endpoint(faults, done=done).put(outgoing, staged)


def test_the_done_file_comes_after_the_file(place):
    seen = []
    looking = At(f"{place.kind}.put.done.renamed.before", lambda: seen.append(place.visible))
    put(place, first(), faults=looking)
    assert seen == [{NAME: DATA}]
    assert (place.visible, place.temporary) == (BOTH, [])


def test_the_done_file_is_whole_under_a_hidden_name_before_staged_is_said(place):
    seen = []
    put(place, first(), lambda _: seen.append((place.visible, place.temporary)))
    assert seen == [({}, [SIGN, TEMP])]


@pytest.mark.parametrize(
    "pattern, name",
    [("{stem}.ok", "ORD-1.ok"), ("{name}.DONE", "ORD-1.csv.DONE"), ("GO_{stem}.trg", "GO_ORD-1.trg")],
)
def test_the_done_file_is_called_as_the_folder_says(folder_place, pattern, name):
    put(folder_place, first(), done=pattern)
    assert folder_place.visible == {NAME: DATA, name: b""}


def test_a_name_without_a_dot_is_its_own_stem(folder_place):
    put(folder_place, first(name="ORDERS"), done="{stem}.ok")
    assert set(folder_place.visible) == {"ORDERS", "ORDERS.ok"}


def test_a_done_file_whose_name_would_not_be_safe_is_rejected_before_anything_is_written(place):
    with pytest.raises(Rejected) as caught:
        put(place, first(), never, done="../{name}")
    assert caught.value.findings[0].code == "name-unsafe"
    assert list(place.root.iterdir()) == []


@pytest.mark.parametrize("done, caseless", [("{stem}.csv", False), ("{stem}.CSV", True)])
def test_a_file_that_has_the_name_of_its_own_done_file_is_rejected_before_anything_is_written(place, done, caseless):
    with pytest.raises(Rejected) as caught:
        place.endpoint(done=done, caseless=caseless).put(first(), never)
    assert caught.value.findings[0].code == "name-unsafe"
    assert list(place.root.iterdir()) == []


def test_the_done_file_of_an_earlier_file_is_left_alone_and_told(place):
    place.file(DONE, b"")
    with pytest.raises(Rejected) as caught:
        put(place, first(), never)
    assert caught.value.findings[0].code == "name-occupied"
    assert place.visible == {DONE: b""}
    (place.root / DONE).unlink()
    put(place, first())
    assert place.visible == BOTH


@pytest.mark.parametrize("data", [b"somebody's", b""], ids=["a file", "the done-file of another file"])
def test_another_file_that_takes_its_name_in_between_is_left_alone_and_the_done_file_comes_later(ours, data):
    late = At(f"{ours.kind}.put.done.renamed.before", lambda: ours.file(DONE, data))
    with pytest.raises(Rejected):
        put(ours, first(), faults=late)
    assert ours.visible == {NAME: DATA, DONE: data}
    (ours.root / DONE).unlink()
    put(ours, again(True), never)
    assert (ours.visible, ours.temporary) == (BOTH, [])


# --- the table of earlier attempts, a row each -----------------------------------------------------------------------


def test_the_file_published_and_its_done_file_not_yet_has_that_made_up_for(ours):
    ours.file(NAME)
    ours.file(SIGN, b"")
    put(ours, again(True), never)
    assert (ours.visible, ours.temporary) == (BOTH, [])


def test_a_file_that_was_taken_before_its_done_file_still_gets_it(ours):
    ours.file(SIGN, b"")
    put(ours, again(True), never)
    assert (ours.visible, ours.temporary) == ({DONE: b""}, [])


def test_both_names_used_up_means_that_both_were_published_and_taken(ours):
    put(ours, again(True), never)
    assert ours.visible == {}


def test_both_names_used_up_in_a_folder_without_our_marker_is_not_believed(place):
    assert "does not prove" in reason(put, place, again(True), never)


def test_both_published_and_the_answer_lost_publishes_nothing_again(ours):
    ours.file(NAME)
    ours.file(DONE, b"")
    put(ours, again(True), never)
    assert (ours.visible, ours.temporary) == (BOTH, [])


def test_staged_and_there_is_renamed_and_so_is_its_done_file(ours):
    ours.file(TEMP)
    ours.file(SIGN, b"")
    put(ours, again(True), never)
    assert (ours.visible, ours.temporary) == (BOTH, [])


def test_not_staged_and_there_is_written_again_with_its_done_file(ours):
    ours.file(TEMP)
    ours.file(SIGN, b"")
    put(ours, again(False))
    assert (ours.visible, ours.temporary) == (BOTH, [])


def test_a_done_file_stopped_between_link_and_unlink_was_published(ours):
    ours.file(NAME)
    ours.file(SIGN, b"")
    (ours.root / DONE).hardlink_to(ours.root / SIGN)
    put(ours, again(True), never)
    assert (ours.visible, ours.temporary) == (BOTH, [])


def test_a_file_that_somebody_published_for_us_gets_its_done_file(ours):
    ours.file(NAME)
    said = []
    put(ours, again(False), lambda _: said.append(ours.temporary))
    assert said == [[SIGN.replace(f"{TOKEN}.1", "freshfreshfresh1.2")]]
    assert (ours.visible, ours.temporary) == (BOTH, [])


def test_what_was_staged_before_the_folder_wanted_done_files_is_written_again_with_one(ours):
    ours.file(TEMP)
    put(ours, again(True))
    assert (ours.visible, ours.temporary) == (BOTH, [])


def test_the_done_file_is_called_as_the_folder_says_now(ours):
    ours.file(NAME)
    ours.file(SIGN, b"")
    put(ours, again(True), never, done="{stem}.go")
    assert (ours.visible, ours.temporary) == ({NAME: DATA, "ORD-1.go": b""}, [])


def test_two_holders_of_one_staged_file_publish_its_done_file_once(ours):
    for point in ("renamed.before", "renamed.after", "done.renamed.before"):
        other = At(f"{ours.kind}.put.{point}", lambda: put(ours, again(True), never))
        put(ours, first(), faults=other)
        assert (ours.visible, ours.temporary) == (BOTH, []), point
        take(ours, at_once=True)


# --- crashes -----------------------------------------------------------------------------------------------------------

TOKENS = (TOKEN, "freshfreshfresh1", "third00000000000")


def points(place):
    trail = Trail()
    put(place, first(), faults=trail)
    empty(place)
    return trail.points


def empty(place):
    for path in place.root.iterdir():
        path.unlink()


def take(place, *, at_once):
    """Have the warehouse take what it sees: at once, or as it should, once the done-file is there."""
    seen = place.visible
    assert DONE not in seen or NAME in seen or at_once
    if not (at_once or DONE in seen):
        return []
    for name in seen:
        (place.root / name).unlink()
    return sorted(seen.items())


def attempt(staged):
    """Give the next attempt after earlier ones, each with its own token."""
    earlier = tuple(Attempt(n, TOKENS[n - 1], one) for n, one in enumerate(staged, 1))
    return Outgoing(NAME, DATA, attempt=len(staged) + 1, token=TOKENS[len(staged)], earlier=earlier)


def crash(place, outgoing, dies, book):
    """Put in a child that dies at a point; say whether it had staged."""
    book.unlink(missing_ok=True)
    staged = lambda _: book.write_text("staged")  # noqa: E731
    assert in_child(lambda: put(place, outgoing, staged, Trail(dies))) in (9, 0)
    return book.exists()


def told(place, staged, sightings, at_once):
    put(place, attempt(staged))
    return sorted([*sightings, *take(place, at_once=at_once)])


@pytest.mark.sweep
@pytest.mark.parametrize("at_once", [False, True], ids=["as it should", "at once"])
def test_a_crash_at_each_point_and_a_redo_give_one_file_and_one_done_file(place, tmp_path_factory, at_once):
    book = tmp_path_factory.mktemp("book") / "staged"
    assert {"done.temp", "done.renamed"} <= {one.partition(".put.")[2].rpartition(".")[0] for one in points(place)}
    for dies in range(len(points(place))):
        staged = [crash(place, attempt([]), dies, book)]
        sightings = take(place, at_once=at_once)
        assert told(place, staged, sightings, at_once) == sorted(BOTH.items()), dies
        assert place.temporary == []
        empty(place)


@pytest.mark.sweep
@pytest.mark.parametrize("at_once", [False, True], ids=["as it should", "at once"])
def test_a_crash_at_each_point_of_the_redo_too(place, tmp_path_factory, at_once):
    book = tmp_path_factory.mktemp("book") / "staged"
    count = len(points(place))
    sparse = 23 if place.settings else 13
    for one, two in ((one, two) for one in range(count) for two in range(count + 2) if (one + two) % sparse == 0):
        staged, sightings = [], []
        for dies in (one, two):
            staged.append(crash(place, attempt(staged), dies, book))
            sightings += take(place, at_once=at_once)
        assert told(place, staged, sightings, at_once) == sorted(BOTH.items()), (one, two)
        assert place.temporary == []
        empty(place)


@pytest.mark.sweep
@pytest.mark.parametrize("start", ["damaged", "without"])
def test_a_crash_at_each_point_over_what_cannot_be_used_as_it_is(folder_place, tmp_path_factory, start):
    """What was staged is damaged, or was staged before the folder wanted done-files: it is written again."""
    book = tmp_path_factory.mktemp("book") / "staged"
    for dies in range(len(points(folder_place)) + 4):
        (folder_place.root / ".translator-earlier").touch()
        folder_place.file(TEMP, DATA[:-1] if start == "damaged" else DATA)
        if start == "damaged":
            folder_place.file(SIGN, b"")
        staged = [True, crash(folder_place, attempt([True]), dies, book)]
        sightings = take(folder_place, at_once=True)
        assert told(folder_place, staged, sightings, at_once=True) == sorted(BOTH.items()), dies
        assert folder_place.temporary == []
        empty(folder_place)
