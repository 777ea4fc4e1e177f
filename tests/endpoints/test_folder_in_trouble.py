"""Real trouble of a local folder: full disks, no inodes, read-only, across mounts, not permitted, unmounted.

The trouble strikes in the middle of a delivery or a pick-up and goes away; the promises hold as in promises.py. Each runs in
a child with mounts of its own, or as a user whom permissions bind.
"""

import os
import stat
import tempfile
from contextlib import suppress
from pathlib import Path

import pytest

from tests.endpoints.own_mounts import NOBODY, as_nobody, bind, in_own_mounts, mount, remount, unmount
from tests.endpoints.promises import FIRST, QUIET, Scene
from tests.endpoints.spoilt import Spoilt
from tests.endpoints.transport import reason
from translator.endpoints.endpoint import Outgoing, Put
from translator.endpoints.folder import Folder

PAGE = 4096
FLOWS = pytest.mark.parametrize("flow", ["delivery", "pick-up"])
MID = pytest.mark.parametrize("mid", [False, True], ids=["fresh", "mid-batch"])


def scene_of(root, name, *, path=None, **story):
    scene = Scene(root, name, **story)
    scene.endpoint = Folder(str(path or scene.folder), Spoilt(scene.look), scene.clock, scene.options)
    return scene


def played(scene, strike, relent):
    """Play it; give what is wrong, and the class of the attempt that was struck."""
    seen = scene.played(strike, relent)
    return [list(dict.fromkeys(scene.wrong)), seen]


def filled(root, left):
    """Fill a disk but for so many pages."""
    with (root / "filler").open("wb", buffering=0) as file, suppress(OSError):
        while True:
            file.write(b"x" * PAGE)
    with (root / "filler").open("r+b") as file:
        file.truncate(max(0, (root / "filler").stat().st_size // PAGE - left) * PAGE)


def emptied(root):
    for path in [*root.glob("filler*")]:
        path.unlink()


# --- a full disk -------------------------------------------------------------------------------------------------------


@FLOWS
@MID
def test_a_disk_that_is_full_but_for_some_pages_neither_loses_nor_halves_a_file(tmp_path, flow, mid):
    def act():
        mount(tmp_path, size="1m")
        found = []
        for left in (0, 1, 2, 3, 10, 30, 32, 33, 34, 35, 60):  # a file has 34 pages
            scene = scene_of(tmp_path, f"left{left}", flow=flow, mid=mid, most=140_000)
            found.append(played(scene, lambda left=left: filled(tmp_path, left), lambda: emptied(tmp_path)))
            for path in scene.folder.rglob("*"):
                path.is_file() and path.unlink()
        return found

    found = in_own_mounts(act)
    assert [wrong for wrong, _ in found if wrong] == []
    seen = [seen for _, seen in found]
    assert seen[-1] == "through"
    assert seen[:2] == (["redone"] * 2 if flow == "delivery" else ["through"] * 2)


@FLOWS
@MID
@pytest.mark.parametrize("done", [False, True], ids=["", "done-file"])
def test_a_disk_without_inodes_neither_loses_nor_doubles_a_file(tmp_path, flow, mid, done):
    def act():
        found = []
        for left in range(7):
            root = tmp_path / f"{left}"
            root.mkdir()
            mount(root, nr_inodes=40)
            scene = scene_of(root, "wms", flow=flow, mid=mid, done=done)
            found.append(
                played(scene, lambda root=root, left=left: used_up(root, left), lambda root=root: emptied(root))
            )
        return found

    found = in_own_mounts(act)
    assert [wrong for wrong, _ in found if wrong] == []
    seen = [seen for _, seen in found]
    assert seen[-1] == "through"
    assert seen[0] == ("redone" if flow == "delivery" else "through" if mid else "kept")


def used_up(root, left):
    """Use up all inodes but some."""
    with suppress(OSError):
        for number in range(1000):
            (root / f"filler{number}").touch()
    for path in sorted(root.glob("filler*"))[:left]:
        path.unlink()


# --- read-only, and across mounts --------------------------------------------------------------------------------------


@FLOWS
@MID
def test_a_disk_that_turns_read_only_is_told_and_the_rest_follows_once_it_is_writable(tmp_path, flow, mid):
    def act():
        mount(tmp_path)
        scene = scene_of(tmp_path, "wms", flow=flow, mid=mid)
        return played(scene, lambda: remount(tmp_path, read_only=True), lambda: remount(tmp_path, read_only=False))

    assert in_own_mounts(act) == [[], "redone" if flow == "delivery" else "kept"]


@MID
def test_an_archive_on_another_file_system_keeps_the_file_where_it_is(tmp_path, mid):
    def act():
        scene = scene_of(tmp_path, "wms", flow="pick-up", mid=mid)
        archive = scene.folder / ".archive"

        def strike():
            archive.mkdir(exist_ok=True)
            mount(archive)

        found = played(scene, strike, lambda: unmount(archive))
        (scene.folder / "next.csv").write_bytes(b"x")
        scene.endpoint.list("")
        scene.clock.step(QUIET)
        [seen] = scene.endpoint.list("").complete
        strike()
        return [*found, reason(scene.endpoint.dispose, seen)]

    wrong, seen, why = in_own_mounts(act)
    assert (wrong, seen) == ([], "kept")
    assert ".archive in it has to be on the same file system" in why


# --- permissions -------------------------------------------------------------------------------------------------------


@pytest.fixture
def of_nobody():
    """A directory that nobody may use, in all the rights of the word."""
    with tempfile.TemporaryDirectory() as root:
        if os.getuid() == 0:
            os.chown(root, NOBODY, NOBODY)
        yield Path(root)


@MID
@pytest.mark.parametrize("mode", [0o000, 0o400, 0o500, 0o300, 0o200, 0o100], ids=oct)
@FLOWS
def test_a_folder_whose_rights_were_taken_away_is_told_and_the_rest_follows_once_they_are_back(
    of_nobody, flow, mid, mode
):
    def act():
        assert os.getuid() != 0
        scene = scene_of(of_nobody, "wms", flow=flow, mid=mid)
        scene.endpoint._files._look = lambda: None  # nobody may look, either
        return played(scene, lambda: scene.folder.chmod(mode), lambda: scene.folder.chmod(0o700))

    wrong, seen = as_nobody(act)
    assert wrong == []
    assert seen in ("redone", "kept")


@MID
def test_a_file_that_we_may_not_read_waits_and_the_others_do_not(of_nobody, mid):
    def act():
        scene = scene_of(of_nobody, "wms", flow="pick-up", mid=mid)
        file = scene.folder / scene.file
        mode = stat.S_IMODE
        return [
            *played(scene, lambda: file.chmod(0), lambda: file.exists() and file.chmod(0o600)),
            [oct(mode(path.stat().st_mode)) for path in scene.folder.glob(f".archive/*/{scene.file}")][-1],
        ]

    assert as_nobody(act) == [[], "redone", "0o600"]


# --- an unmounted share ------------------------------------------------------------------------------------------------


def shared(root, **story):
    """A scene in a share with a file system of its own; give it, how to unmount the share, and how to mount it again."""
    store, point = root / "store", root / "mounted"
    store.mkdir()
    point.mkdir()
    mount(store)
    scene = scene_of(store, "wms", path=point, **story)
    bind(scene.folder, point)
    return scene, (lambda: unmount(point)), (lambda: any(point.iterdir()) or bind(scene.folder, point))


@pytest.mark.parametrize("flow, mid", [("delivery", True), ("pick-up", False), ("pick-up", True)])
def test_a_share_that_is_not_mounted_gets_and_loses_nothing(tmp_path, flow, mid):
    def act():
        scene, away, back = shared(tmp_path, flow=flow, mid=mid)
        found = played(scene, away, back)
        unmount(tmp_path / "mounted")
        return [*found, sorted(path.name for path in (tmp_path / "mounted").iterdir())]

    assert in_own_mounts(act) == [[], "redone", []]


def test_what_lies_in_a_share_that_is_not_mounted_is_not_taken(tmp_path):
    def act():
        scene, away, back = shared(tmp_path, flow="delivery")
        receipt = scene.endpoint.put(Outgoing(FIRST, b"x", 1, "token00000000001"), lambda _: None)
        away()
        restarted = Folder(scene.endpoint.path, Spoilt(), scene.clock, scene.options)
        told = [reason(lambda: scene.endpoint.look([Put(FIRST, receipt)])), verdict(restarted, receipt)]
        back()
        return [*told, verdict(scene.endpoint, receipt), verdict(restarted, receipt)]

    why, *verdicts = in_own_mounts(act)
    assert "another file system than before is there" in why
    assert verdicts == ["cannot tell", "waiting", "waiting"]


def verdict(endpoint, receipt):
    [found] = endpoint.look([Put(FIRST, receipt)])
    return str(found.verdict)


def test_a_source_that_was_read_from_is_known_again_after_a_restart(tmp_path):
    def act():
        scene, away, back = shared(tmp_path, flow="pick-up")
        scene.played()
        bookmark = scene.endpoint.list("").bookmark
        away()
        restarted = Folder(scene.endpoint.path, Spoilt(), scene.clock, scene.options)
        why = reason(lambda: restarted.list(bookmark))
        back()
        return [scene.wrong, why, len(restarted.list(bookmark).waiting)]

    wrong, why, waiting = in_own_mounts(act)
    assert (wrong, waiting) == ([], 0)
    assert "another file system than before is there" in why


def test_a_source_that_was_not_put_away_before_its_share_was_unmounted_is_not_gone(tmp_path):
    def act():
        scene, away, back = shared(tmp_path, flow="pick-up")
        (scene.folder / FIRST).write_bytes(b"x")
        scene.endpoint.list("")
        scene.clock.step(QUIET)
        [seen] = scene.endpoint.list("").complete
        away()
        unmounted = reason(scene.endpoint.dispose, seen)
        back()
        scene.endpoint.dispose(seen)
        return [unmounted, [path.name for path in scene.folder.glob(".archive/*/*")]]

    [unmounted, archived] = in_own_mounts(act)
    assert "mount" in unmounted
    assert archived == [FIRST]
