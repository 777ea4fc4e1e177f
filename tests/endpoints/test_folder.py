"""What only a folder of this machine has: hard links, modes, the system's errors, a rename with or without its call."""

import errno
import os
import re
import stat
import subprocess
from dataclasses import replace

import pytest

from tests.endpoints.transport import DATA, NAME, At, Clock, Trail, again, fetched, first, never, reason
from translator.core.finding import Rejected, Unavailable
from translator.endpoints import files as files_module
from translator.endpoints.endpoint import Endpoint, Put, Seen, Verdict
from translator.endpoints.files import LocalFiles
from translator.endpoints.folder import Folder
from translator.endpoints.options import Options


@pytest.fixture
def place(folder_place):
    return folder_place


def test_a_folder_is_an_endpoint(place):
    endpoint: Endpoint = place.endpoint()
    assert endpoint.stages
    endpoint.close()


def test_a_hard_link_to_a_file_of_ours_is_not_read(place, tmp_path):
    (tmp_path / "ledger.db").write_bytes(b"state")
    (place.root / NAME).hardlink_to(tmp_path / "ledger.db")
    listing = place.endpoint(quiet=0).list("")
    assert (listing.complete, listing.waiting) == ((), {NAME: "waiting because it has 2 names (hard links)"})
    found = (place.root / NAME).stat()
    seen = Seen(NAME, f"{found.st_size} {found.st_mtime_ns} {found.st_ino}", found.st_size)
    assert "hard links" in reason(place.endpoint().fetch, seen)


def test_a_fifo_that_takes_the_place_of_a_file_does_not_hold_us(place):
    endpoint = place.endpoint()
    file = place.file(NAME)
    seen = place.seen(endpoint)
    file.unlink()
    os.mkfifo(file)
    assert "FIFO" in reason(endpoint.fetch, seen)


def test_a_folder_swapped_for_a_link_between_list_and_fetch_gives_nothing(place, tmp_path):
    endpoint = place.endpoint()
    place.file(NAME)
    seen = place.seen(endpoint)
    (tmp_path / "etc").mkdir()
    (tmp_path / "etc" / NAME).write_bytes(DATA)
    place.root.rename(tmp_path / "away")
    place.root.symlink_to(tmp_path / "etc")
    assert "changed" in reason(endpoint.fetch, seen)


def test_an_archive_that_is_a_link_is_not_followed(place, tmp_path):
    (tmp_path / "elsewhere").mkdir()
    (place.root / ".archive").symlink_to(tmp_path / "elsewhere")
    place.file(NAME)
    endpoint = place.endpoint()
    assert "not" in reason(endpoint.dispose, place.seen(endpoint))
    assert place.visible == {NAME: DATA}


def test_a_swapped_file_of_the_same_size_and_time_is_another_file(place):
    endpoint = place.endpoint()
    file = place.file(NAME)
    seen = place.seen(endpoint)
    found = file.stat()
    place.file(NAME, b"z" * len(DATA))
    os.utime(file, ns=(found.st_mtime_ns, found.st_mtime_ns))
    assert "changed" in reason(endpoint.fetch, seen)


def test_an_empty_folder_on_another_file_system_than_the_last_file_was_put_on_is_not_written_into(place):
    """The service was started anew, and the share is not mounted."""
    was = place.endpoint().put(first(), lambda _: None).home
    for path in place.root.iterdir():
        path.unlink()
    elsewhere = replace(first(), home=re.sub(r"on \d+", "on 1", was))
    assert "another file system than before" in reason(place.endpoint().put, elsewhere, never)
    assert list(place.root.iterdir()) == []
    place.endpoint().put(replace(first(), home=was), lambda _: None)
    (place.root / NAME).unlink()
    place.endpoint().put(elsewhere, lambda _: None)  # it bears our mark: it is ours, mounted anew
    assert NAME in place.visible


def test_files_have_the_mode_the_site_wants_whatever_the_umask(place):
    before = os.umask(0o077)
    try:
        place.endpoint(mode=0o664).put(first(), lambda _: None)
    finally:
        os.umask(before)
    assert stat.S_IMODE((place.root / NAME).stat().st_mode) == 0o664


def test_the_same_directory_proves_itself_even_when_the_marker_was_cleaned_away(place):
    endpoint = place.endpoint()
    receipt = endpoint.put(first(), lambda _: None)
    for path in place.root.iterdir():
        path.unlink()
    [looked] = endpoint.look([Put(NAME, receipt)])
    assert looked.verdict is Verdict.ACCEPTED


def test_a_marker_that_was_cleaned_away_is_left_anew_in_the_same_directory(place):
    endpoint = place.endpoint()
    for name in ("ORD-1.csv", "ORD-2.csv"):
        endpoint.put(first(name=name), lambda _: None)
        [mark] = place.markers
        (place.root / mark).unlink()
    assert set(place.visible) == {"ORD-1.csv", "ORD-2.csv"}


def test_a_folder_that_is_looked_at_before_it_is_listed_does_not_forget_its_marker(place):
    told = place.endpoint().put(first(), lambda _: None).home
    restarted = place.endpoint()
    restarted.look([])
    assert restarted.list(told).bookmark == told


def test_a_put_that_fails_does_not_forget_the_marker_that_another_one_left_meanwhile(place):
    files = Meanwhile()
    endpoint = Folder(str(place.root), files, place.clock)
    place.file(NAME, b"somebody else's")
    files.act = lambda: endpoint.put(first(name="ORD-2.csv"), lambda _: None)
    with pytest.raises(Rejected):
        endpoint.put(first(), never)
    place.root.rename(place.root.with_name("away"))
    place.root.mkdir()
    assert "mount the right folder" in reason(endpoint.put, first(name="ORD-3.csv"), never)


class Meanwhile(LocalFiles):
    """Something else happens while a name is looked at for the first time."""

    act = None

    def entry(self, folder, name):
        act, self.act = self.act, None
        if act:
            act()
        return super().entry(folder, name)


@pytest.mark.parametrize("taken", [False, True])
def test_a_file_renamed_by_an_attempt_that_could_not_sync_the_folder_is_synced_by_the_next(place, taken):
    files = Unsynced()
    endpoint = Folder(str(place.root), files, place.clock)
    assert "input/output error" in reason(endpoint.put, first(), lambda _: None)
    if taken:
        (place.root / NAME).unlink()
    assert "input/output error" in reason(endpoint.put, again(True), never)
    files.renamed = False  # the disk is well again
    endpoint.put(again(True), never)
    assert place.visible == ({} if taken else {NAME: DATA})


class Opened(LocalFiles):
    """Counts the folders that are opened."""

    folders = 0

    def folder(self, path):
        self.folders += 1
        return super().folder(path)

    def below(self, folder, name):
        self.folders += 1
        return super().below(folder, name)


@pytest.mark.parametrize("archive", ["archive", "delete"])
def test_what_was_disposed_of_is_on_the_disk_once_it_is_settled_where_it_lies_before_where_it_lay(place, archive):
    files = Watched()
    endpoint = Folder(str(place.root), files, place.clock, Options(archive=archive))
    for name in (NAME, "ORD-2.csv"):
        place.file(name)
        endpoint.dispose(place.seen(endpoint, name))
    endpoint.settled()
    below = [path.stat().st_ino for path in (*place.root.glob(".archive/*"), *place.root.glob(".archive"))]
    assert files.synced == [*below, place.root.stat().st_ino]
    endpoint.settled()
    assert len(files.synced) == len(below) + 1  # there is nothing more to settle


def test_what_could_not_be_settled_is_settled_the_next_time_though_it_is_gone(place):
    files = Unsynced()
    endpoint = Folder(str(place.root), files, place.clock)
    place.file(NAME)
    seen = place.seen(endpoint)
    endpoint.dispose(seen)
    for one in (endpoint, Folder(str(place.root), files, place.clock)):  # and after a restart
        one.list("")
        one.dispose(seen)
        assert "input/output error" in reason(one.settled)
    files.renamed = False  # the disk is well again
    one.settled()


class Watched(LocalFiles):
    """Remembers which folders and files were synced."""

    def __init__(self):
        self.synced = []

    def sync(self, descriptor):
        self.synced.append(os.fstat(descriptor).st_ino)


class Unsynced(LocalFiles):
    """A disk that cannot sync a folder once a file was renamed."""

    renamed = False

    def rename(self, folder, name, target, final):
        super().rename(folder, name, target, final)
        self.renamed = True

    def sync(self, descriptor):
        if self.renamed and stat.S_ISDIR(os.fstat(descriptor).st_mode):
            raise OSError(errno.EIO, "")
        super().sync(descriptor)


class Noted(LocalFiles):
    """Notes what is done to the disk, in order."""

    def __init__(self):
        self.acts = []

    def write(self, file, data):
        self.acts.append("write")
        super().write(file, data)

    def sync(self, descriptor):
        self.acts.append("sync folder" if stat.S_ISDIR(os.fstat(descriptor).st_mode) else "sync file")
        super().sync(descriptor)

    def rename(self, folder, name, target, final):
        self.acts.append("rename")
        super().rename(folder, name, target, final)


def test_bytes_and_name_are_on_the_disk_before_staged_is_said_and_the_final_name_before_it_is_sent(place):
    files = Noted()
    Folder(str(place.root), files, place.clock).put(first(), lambda _: files.acts.append("staged"))
    assert files.acts[-6:] == ["write", "sync file", "sync folder", "staged", "rename", "sync folder"]


def test_the_disk_is_told_to_write_before_it_is_waited_for(place, monkeypatch):
    told = []
    monkeypatch.setattr(files_module, "_sync_file_range", lambda *range_: told.append(range_[1:]))
    place.endpoint().put(first(), lambda _: None)
    assert told == [(0, 0, 2)] * 2  # the marker file, and this one
    monkeypatch.setattr(files_module, "_sync_file_range", None)  # a system that has no such call
    place.endpoint().put(first(name="other.csv"), lambda _: None)
    assert place.visible == {NAME: DATA, "other.csv": DATA}


def test_the_steps_of_a_put_are_all_named(place):
    trail = Trail()
    place.endpoint(trail).put(first(), lambda _: None)
    steps = [
        f"folder.put.{name}.{side}"
        for name in ("settled", "staged", "renamed", "synced")
        for side in ("before", "after")
    ]
    assert trail.points[-8:] == steps
    inner = [f"folder.put.{name}.{side}" for name in ("written", "fsynced") for side in ("before", "after")]
    assert trail.points[-14:-8] == ["folder.put.temp.before", *inner, "folder.put.temp.after"]


# --- renaming without replacing ----------------------------------------------------------------------------------------


@pytest.fixture(params=["renameat2", "link and unlink"])
def renaming(request, monkeypatch):
    if request.param != "renameat2":
        monkeypatch.setattr(files_module, "_renameat2", None)


def renamed(root, name, final):
    files = LocalFiles()
    folder = files.folder(str(root))
    try:
        files.rename(folder, name, folder, final)
    finally:
        files.close(folder)


def test_a_rename_gives_the_other_name(renaming, tmp_path):
    (tmp_path / "a").write_text("a")
    renamed(tmp_path, "a", "b")
    assert [path.name for path in tmp_path.iterdir()] == ["b"]


def test_a_rename_never_replaces(renaming, tmp_path):
    (tmp_path / "a").write_text("a")
    (tmp_path / "b").write_text("b")
    with pytest.raises(FileExistsError):
        renamed(tmp_path, "a", "b")
    assert sorted(path.read_text() for path in tmp_path.iterdir()) == ["a", "b"]


def test_a_rename_of_nothing_says_so(renaming, tmp_path):
    with pytest.raises(FileNotFoundError):
        renamed(tmp_path, "a", "b")


def test_a_file_system_that_does_not_know_the_call_gets_link_and_unlink(monkeypatch, tmp_path):
    def unknown(*_):
        files_module.ctypes.set_errno(errno.EINVAL)
        return -1

    monkeypatch.setattr(files_module, "_renameat2", unknown)
    (tmp_path / "a").write_text("a")
    renamed(tmp_path, "a", "b")
    assert [path.name for path in tmp_path.iterdir()] == ["b"]


def test_a_folder_that_its_file_system_cannot_sync_is_used_all_the_same():
    files = LocalFiles()
    folder = files.folder("/proc")
    with pytest.raises(OSError, match="Invalid argument"):
        os.fsync(folder)
    files.sync(folder)
    files.close(folder)


def test_a_whole_put_works_without_the_call(monkeypatch, place):
    monkeypatch.setattr(files_module, "_renameat2", None)
    place.endpoint().put(first(), lambda _: None)
    assert (place.visible, place.temporary) == ({NAME: DATA}, [])


# --- the system's errors -----------------------------------------------------------------------------------------------


class Failing(LocalFiles):
    """The file system, with one verb that fails."""

    def __init__(self, verb, code):
        self.failing, self.code = verb, code

    def __getattribute__(self, name):
        if name == object.__getattribute__(self, "__dict__").get("failing"):

            def fail(*_):
                raise OSError(self.code, os.strerror(self.code))

            return fail
        return object.__getattribute__(self, name)


@pytest.mark.parametrize(
    "code", [errno.ENOSPC, errno.EDQUOT, errno.EIO, errno.EACCES, errno.EROFS, errno.ESTALE, errno.EMFILE]
)
@pytest.mark.parametrize("verb", ["folder", "create", "write", "sync", "rename", "entry", "names"])
def test_whatever_fails_in_a_put_is_unavailable_and_the_next_attempt_mends_it(place, verb, code):
    staged = []
    broken = Folder(str(place.root), Failing(verb, code), Clock())
    with pytest.raises(Unavailable) as caught:
        broken.put(first(), lambda _: staged.append(1))
    assert str(place.root) in caught.value.reason
    assert place.visible in ({}, {NAME: DATA})
    place.endpoint().put(again(bool(staged)), lambda _: None)
    assert (place.visible, place.temporary) == ({NAME: DATA}, [])


def test_a_folder_that_is_kept_open_is_opened_once_for_all_its_files_and_is_closed_afterwards(place):
    files = Opened()
    endpoint = Folder(str(place.root), files, place.clock)
    names = [f"ORD-{number}.csv" for number in range(5)]
    for name in names:
        place.file(name)
    seen = [place.seen(endpoint, name) for name in names]
    before, files.folders = len(os.listdir("/proc/self/fd")), 0
    with endpoint.kept():
        assert [b"".join(endpoint.fetch(one)) for one in seen] == [DATA] * 5
        for one in seen:
            endpoint.dispose(one)
        endpoint.settled()
    assert (files.folders, place.visible) == (3, {})  # itself, the archive, the day
    assert len(os.listdir("/proc/self/fd")) == before
    assert len(list(place.root.glob(".archive/*/*"))) == 5


def test_a_folder_that_cannot_be_kept_open_is_told_by_each_file(place):
    endpoint = place.endpoint()
    place.file(NAME)
    seen = place.seen(endpoint)
    place.root.rename(place.root.with_name("away"))
    with endpoint.kept():
        assert "no such folder" in reason(lambda: b"".join(endpoint.fetch(seen)))


def test_no_descriptor_is_left_open(place):
    before = len(os.listdir("/proc/self/fd"))
    for _ in range(20):
        endpoint = place.endpoint(At("folder.put.written.before", lambda: 1 / 0))
        with pytest.raises(ZeroDivisionError):
            endpoint.put(first(), lambda _: None)
        for path in place.root.iterdir():
            path.unlink()
        reason(endpoint.fetch, Seen("nothing.csv", "", 1))
    assert len(os.listdir("/proc/self/fd")) == before


def test_a_full_disk_leaves_no_partial_file(small_disk):
    why = reason(small_disk.endpoint().put, first(b"x" * 2_000_000), lambda _: None)
    assert "the disk is full" in why
    assert (small_disk.visible, small_disk.temporary) == ({}, [])
    small_disk.endpoint().put(first(), lambda _: None)
    assert small_disk.visible == {NAME: DATA}


def test_an_empty_mount_point_is_not_the_folder(small_disk):
    receipt = small_disk.endpoint().put(first(), lambda _: None)
    subprocess.run(["umount", small_disk.root], check=True)
    [looked] = small_disk.endpoint().look([Put(NAME, receipt)])
    subprocess.run(["mount", "-t", "tmpfs", "tmpfs", small_disk.root], check=True)
    assert looked.verdict is Verdict.CANNOT_TELL


def test_many_files_are_each_read_once(place):
    for number in range(300):
        place.file(f"{number}.csv", b"%d" % number)
    endpoint = place.endpoint(quiet=0)
    read = []
    while found := endpoint.list("").complete:
        for seen in found[:100]:
            read.append(fetched(endpoint, seen))
            endpoint.dispose(seen)
    assert sorted(read, key=int) == [b"%d" % number for number in range(300)]
