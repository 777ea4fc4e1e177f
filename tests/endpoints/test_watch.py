"""File events wake the service early; whatever is lost, the scan finds."""

import logging
import os
import queue
import subprocess
import sys
import threading
import time

import pytest

from tests.endpoints.transport import Place, first
from translator.endpoints.mounts import far
from translator.endpoints.watch import Watch

SOON = 60.0  # seconds: what is told is told long before, on the busiest machine


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
    watch = Watch({str(tmp_path): woken}, look=0.1)
    watch.start()
    assert woken.within(SOON)  # at the start, in any case
    yield woken
    watch.stop()


def test_a_file_that_is_written_wakes(watching, tmp_path):
    (tmp_path / "a.csv").write_text("x")
    assert watching.within(SOON)


def test_a_file_that_is_renamed_in_or_taken_wakes(watching, tmp_path):
    (tmp_path / ".a").write_text("x")
    assert not watching.within(1.2)
    (tmp_path / ".a").rename(tmp_path / "a.csv")
    assert watching.within(SOON)
    watching.within(1.2)
    (tmp_path / "a.csv").unlink()
    assert watching.within(SOON)


def test_news_does_not_wait_behind_a_file_that_is_moved_away(tmp_path):
    """watchdog looks half a second for where that went; each file that we archive would hold up the next."""
    told = queue.SimpleQueue()
    (tmp_path / "in").mkdir()
    watch = Watch({str(tmp_path / "in"): lambda: told.put(time.monotonic())})
    (tmp_path / "in" / "old.csv").write_text("x")
    watch.start()
    try:
        time.sleep(0.2)
        assert any(_waited(tmp_path, told) < 0.25 for _ in range(60))  # the quickest counts: a busy machine is not ours
    finally:
        watch.stop()


def _waited(folder, told):
    """Give how long the news of a file takes that is written after another one was moved away."""
    (folder / "in" / "old.csv").rename(folder / "archived.csv")
    while not told.empty():
        told.get()
    begun = time.monotonic()
    (folder / "in" / "old.csv").write_text("x")
    return told.get(timeout=SOON) - begun


def test_our_own_looking_and_reading_does_not_wake(watching, tmp_path):
    (tmp_path / "a.csv").write_text("x")
    while watching.within(1.2):
        pass
    list(tmp_path.iterdir())
    (tmp_path / "a.csv").read_text()
    Place(tmp_path).endpoint().list("")
    assert not watching.within(1.2)


def test_our_own_put_wakes_at_most_for_the_file_itself(watching, tmp_path):
    Place(tmp_path).endpoint().put(first(), lambda _: None)
    assert watching.within(SOON)


def test_lost_events_wake(watching):
    logging.getLogger("watchdog.observers.inotify_c").warning("Inotify queue overflowed; filesystem events were lost")
    assert watching.within(SOON)


def test_a_folder_that_cannot_be_watched_is_named_and_left_to_the_scan(tmp_path):
    woken = Woken()
    watch = Watch({str(tmp_path): woken, str(tmp_path / "missing"): woken})
    watch.start()
    assert watch.blind == {str(tmp_path / "missing"): "it is not there"}
    assert woken.within(SOON)
    (tmp_path / "a.csv").write_text("x")
    assert woken.within(SOON)
    watch.stop()


def test_a_watch_that_was_never_started_may_be_stopped(tmp_path):
    Watch({str(tmp_path): Woken()}).stop()


# --- folders that go and come


@pytest.fixture
def folder(tmp_path):
    (tmp_path / "wms").mkdir()
    return tmp_path / "wms"


@pytest.fixture
def watched(folder):
    woken = Woken()
    watch = Watch({str(folder): woken}, look=0.05)
    watch.start()
    assert woken.within(SOON)
    yield watch, woken
    watch.stop()


def until(true):
    end = time.monotonic() + SOON
    while not true():
        assert time.monotonic() < end
        time.sleep(0.01)


@pytest.mark.parametrize("goes", [lambda folder: folder.rmdir(), lambda folder: folder.rename(folder.with_name("old"))])
def test_a_folder_that_goes_and_comes_again_is_watched_again_and_looked_into_at_once(watched, folder, goes):
    watch, woken = watched
    goes(folder)
    until(lambda: watch.blind == {str(folder): "it is not there"})
    woken.within(0.5)
    folder.mkdir()
    assert woken.within(SOON)
    until(lambda: watch.blind == {})
    while woken.within(0.3):
        pass
    (folder / "a.csv").write_text("x")
    assert woken.within(SOON)


def test_a_folder_over_which_another_is_mounted_is_watched_as_that_one(watched, folder):
    _, woken = watched
    mounted = subprocess.run(["mount", "-t", "tmpfs", "tmpfs", folder], capture_output=True, check=False)
    if mounted.returncode:
        pytest.skip("this machine lets us mount nothing")
    try:
        assert woken.within(SOON)
        while woken.within(0.3):
            pass
        (folder / "a.csv").write_text("x")
        assert woken.within(SOON)
        while woken.within(0.3):
            pass
    finally:
        subprocess.run(["umount", folder], check=True)
    assert woken.within(SOON)


def test_each_folder_wakes_its_own(tmp_path):
    folders = {str(tmp_path / name): Woken() for name in "ab"}
    for path in folders:
        os.mkdir(path)
    watch = Watch(folders)
    watch.start()
    first, second = folders.values()
    assert first.within(SOON)
    assert second.within(SOON)
    while first.within(0.3) or second.within(0.3):
        pass
    (tmp_path / "a" / "x.csv").write_text("x")
    assert first.within(SOON)
    assert not second.within(0.5)
    watch.stop()


@pytest.mark.sweep
def test_a_burst_that_the_system_cannot_tell_whole_wakes(folder):
    """The queue of events is finite; that some are lost is told by the log of the library alone."""
    woken, lost = Woken(), threading.Event()
    watch = Watch({str(folder): woken}, look=60)
    watch.start()
    logger = logging.getLogger("watchdog.observers.inotify_c")
    logger.addFilter(lost_at := lambda record: (lost.set(), woken.event.clear(), True)[-1])
    logger.filters.insert(0, logger.filters.pop())  # before ours, which wakes
    program = (
        "import os, sys\nfor n in range(60_000): os.close(os.open(f'{sys.argv[1]}/f{n}', os.O_CREAT | os.O_WRONLY))"
    )
    try:
        subprocess.run([sys.executable, "-c", program, folder], check=True)
        if not lost.wait(2):
            pytest.skip("this machine tells all 60,000")
        assert woken.within(SOON)
    finally:
        logger.removeFilter(lost_at)
        watch.stop()


# --- file systems whose other users no event tells of

TABLE = r"""
22 1 8:1 / / rw,relatime shared:1 - ext4 /dev/sda1 rw
40 22 0:35 / /srv/wms rw,relatime shared:20 - nfs4 server:/wms rw,vers=4.2
41 40 0:36 / /srv/wms/near rw,relatime - tmpfs tmpfs rw
42 22 0:37 / /srv/with\040blank rw,relatime master:1 shared:2 - cifs //server/x rw
43 22 0:38 / /home/me/share rw - fuse.sshfs me@server:/ rw
44 22 8:2 / /media/stick rw - fuseblk /dev/sdb1 rw
45 22 0:39 / /mnt rw - nfs a:/b rw
46 22 0:40 / /mnt rw - ext4 /dev/sdc rw
a line that is none
"""


@pytest.mark.parametrize(
    "path, sort",
    [
        ("/srv/wms", "nfs4"),
        ("/srv/wms/newark/out", "nfs4"),
        ("/srv/wmsEVIL", ""),
        ("/srv/wms/near/x", ""),
        ("/srv/wms/near/../x", "nfs4"),
        ("/srv/with blank/x", "cifs"),
        ("/home/me/share/x", "fuse.sshfs"),
        ("/media/stick", ""),
        ("/mnt/x", ""),
        ("/", ""),
    ],
)
def test_a_share_is_recognised_by_the_mount_table(tmp_path, path, sort):
    (tmp_path / "mountinfo").write_text(TABLE.lstrip())
    assert far(path, str(tmp_path / "mountinfo")) == sort


def test_without_a_mount_table_nothing_is_far(tmp_path):
    assert far("/srv/wms", str(tmp_path / "none")) == ""


def test_a_folder_on_a_share_is_not_watched_and_says_so(folder, monkeypatch):
    monkeypatch.setattr("translator.endpoints.watch.far", lambda path: "nfs4")
    woken = Woken()
    watch = Watch({str(folder): woken}, look=0.05)
    watch.start()
    assert watch.blind == {str(folder): "it is on nfs4, where events tell of our own changes only"}
    assert woken.within(SOON)
    watch.stop()
