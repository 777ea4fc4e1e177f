"""File events wake the service early; whatever is lost, the scan finds."""

import logging
import threading

import pytest

from tests.endpoints.transport import Place, first
from translator.endpoints.watch import Watch


class Woken:
    def __init__(self):
        self.event = threading.Event()

    def __call__(self):
        self.event.set()

    def within(self, seconds):
        woken = self.event.wait(seconds)
        self.event.clear()
        return woken


@pytest.fixture
def watching(tmp_path):
    woken = Woken()
    watch = Watch([str(tmp_path)], woken)
    watch.start()
    assert woken.within(1)  # at the start, in any case
    yield woken
    watch.stop()


def test_a_file_that_is_written_wakes(watching, tmp_path):
    (tmp_path / "a.csv").write_text("x")
    assert watching.within(3)


def test_a_file_that_is_renamed_in_or_taken_wakes(watching, tmp_path):
    (tmp_path / ".a").write_text("x")
    assert not watching.within(1.2)
    (tmp_path / ".a").rename(tmp_path / "a.csv")
    assert watching.within(3)
    watching.within(1.2)
    (tmp_path / "a.csv").unlink()
    assert watching.within(3)


def test_our_own_looking_and_reading_does_not_wake(watching, tmp_path):
    (tmp_path / "a.csv").write_text("x")
    while watching.within(1.2):
        pass
    list(tmp_path.iterdir())
    (tmp_path / "a.csv").read_text()
    Place(tmp_path).endpoint().list("")
    assert not watching.within(1.2)


def test_our_own_put_wakes_at_most_for_the_file_itself(watching, tmp_path):
    Place(tmp_path).endpoint().put(first(), lambda: None)
    assert watching.within(3)


def test_lost_events_wake(watching):
    logging.getLogger("watchdog.observers.inotify_c").warning("Inotify queue overflowed; filesystem events were lost")
    assert watching.within(1)


def test_a_folder_that_cannot_be_watched_is_named_and_left_to_the_scan(tmp_path):
    woken = Woken()
    watch = Watch([str(tmp_path), str(tmp_path / "missing")], woken)
    watch.start()
    assert watch.blind == (str(tmp_path / "missing"),)
    assert woken.within(1)
    (tmp_path / "a.csv").write_text("x")
    assert woken.within(3)
    watch.stop()


def test_a_watch_that_was_never_started_may_be_stopped(tmp_path):
    Watch([str(tmp_path)], Woken()).stop()
