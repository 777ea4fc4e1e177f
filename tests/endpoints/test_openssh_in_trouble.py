"""A real OpenSSH server in trouble: its connection cut after any byte, its session killed, its disk full, its keys renewed.

A delivery and a pick-up are struck in the middle and let be; somebody hashes all names all the time.
"""

import os
import random
import signal
import threading
import time
from contextlib import suppress
from dataclasses import replace
from functools import partial
from pathlib import Path

import pytest

from tests.endpoints import sftp_sshd
from tests.endpoints.cutting_proxy import CuttingProxy
from tests.endpoints.openssh import SHORT, cut, passed, played, scene_of
from tests.endpoints.transport import At, Trail
from translator.endpoints.sftp import Server
from translator.endpoints.sftp.channel import Channel
from translator.endpoints.sftp.transport import Transport

FLOWS = pytest.mark.parametrize("flow", ["delivery", "pick-up"])
MID = pytest.mark.parametrize("mid", [False, True], ids=["fresh", "mid-batch"])


@pytest.fixture
def proxy(sshd):
    proxy = CuttingProxy(sshd.port)
    yield proxy
    proxy.stop()


# --- the connection is cut ---------------------------------------------------------------------------------------------


@pytest.mark.sweep
@FLOWS
@pytest.mark.parametrize("way", ["in", "out"])
def test_a_connection_cut_after_any_byte_neither_loses_nor_doubles_a_file(tmp_path, sshd, proxy, flow, way):
    last, wrong = passed(tmp_path, proxy, sshd.settings, flow)[way], []
    for k in [*(last * step // 9 for step in range(4, 9)), last - 300, last - 100]:
        wrong += cut(tmp_path, proxy, sshd.settings, flow, way, k)[0]
    assert wrong == []


# --- the server's session is killed ------------------------------------------------------------------------------------


def sessions(sshd):
    """Give the processes that serve our connections, youngest last."""
    children = {}
    for path in Path("/proc").glob("[0-9]*/stat"):
        with suppress(OSError):
            parent = int(path.read_text().rpartition(")")[2].split()[1])
            children.setdefault(parent, []).append(int(path.parent.name))
    found, left = [], [sshd.process.pid]
    while left:
        left = [child for parent in left for child in children.get(parent, [])]
        found += left
    return sorted(found)


def kill(sshd):
    for process in sessions(sshd):
        with suppress(ProcessLookupError):
            os.kill(process, signal.SIGKILL)


def points(tmp_path, sshd, flow):
    trail = Trail()
    scene = scene_of(tmp_path, "points", sshd.settings, trail, flow=flow, most=SHORT)
    assert played(scene) == ([], "through")
    return list(dict.fromkeys(trail.points))


@FLOWS
def test_a_session_killed_at_any_step_neither_loses_nor_doubles_a_file(tmp_path, sshd, flow):
    reached = points(tmp_path, sshd, flow)
    assert len(reached) >= 4
    for number, point in enumerate(reached):
        struck = At(point, lambda: kill(sshd))
        scene = scene_of(tmp_path, f"kill{number}", sshd.settings, struck, flow=flow, most=SHORT)
        wrong, seen = played(scene)
        assert (point, struck.done, wrong) == (point, True, [])
        assert seen in ("redone", "found", "kept", "through")


@pytest.mark.sweep
@FLOWS
@MID
def test_a_session_killed_at_any_moment_neither_loses_nor_doubles_a_file(tmp_path, sshd, flow, mid):
    dice, seen = random.Random(f"{flow} {mid}"), set()
    for number in range(8):
        scene = scene_of(tmp_path, f"kill{number}", sshd.settings, flow=flow, mid=mid)
        killer = threading.Timer(dice.uniform(0.0, 0.02), kill, (sshd,))
        wrong, outcome = played(scene, killer.start, killer.cancel)
        killer.join()
        assert (number, outcome, wrong) == (number, outcome, [])
        seen.add(outcome)
    assert seen


# --- its disk is full, or read-only ------------------------------------------------------------------------------------


@FLOWS
@MID
def test_a_disk_of_the_server_that_is_full_but_for_some_pages_neither_loses_nor_halves_a_file(
    small_disk, sshd, flow, mid
):
    for left in (0, 1, 10, 32, 40):  # a file has 34 pages
        scene = scene_of(small_disk.root, f"left{left}", sshd.settings, flow=flow, mid=mid, most=140_000)
        filler = small_disk.root / "filler"
        wrong, seen = played(scene, partial(filled, filler, left), partial(filler.unlink, missing_ok=True))
        assert (left, wrong) == (left, [])
        assert seen == ("redone" if flow == "delivery" and left < 34 else "through")
        for path in scene.folder.rglob("*"):
            path.is_file() and path.unlink()


def filled(filler, left):
    with filler.open("wb", buffering=0) as file, suppress(OSError):
        while True:
            file.write(b"x" * 4096)
    os.truncate(filler, (filler.stat().st_size // 4096 - left) * 4096)


# --- its keys are renewed in the middle, or are others --------------------------------------------------------------------


@pytest.fixture
def renewing(tmp_path_factory):
    """A server that wants new session keys after every 16 kB."""
    if not sftp_sshd.installed():
        pytest.skip("no OpenSSH server: apt-get install openssh-server (.ci/run does)")
    server = sftp_sshd.start(tmp_path_factory.mktemp("renewing"), "RekeyLimit 16K\n")
    yield server
    server.stop()


@FLOWS
def test_session_keys_that_are_renewed_in_the_middle_of_a_file_disturb_nothing(tmp_path, renewing, flow, monkeypatch):
    exchanges, verify = [], Transport._verify_key
    monkeypatch.setattr(Transport, "_verify_key", lambda *args: (exchanges.append(1), verify(*args))[1])
    scene = scene_of(tmp_path, "wms", renewing.settings, flow=flow, mid=True)
    assert played(scene) == ([], "through")
    assert len(exchanges) > 6


def test_input_66_a_server_that_comes_back_with_another_key_gets_no_file_until_its_own_is_back(
    tmp_path, tmp_path_factory, sshd
):
    other = sftp_sshd.start(tmp_path_factory.mktemp("other"))
    scene = scene_of(tmp_path, "wms", sshd.settings, flow="delivery", mid=True)

    moved = Server(replace(sshd.settings, port=other.port))

    def back():
        scene.endpoint.server = scene.connection

    try:
        assert played(scene, lambda: setattr(scene.endpoint, "server", moved), back) == ([], "redone")
    finally:
        other.stop()


# --- a planted mistake: the observer has to see it -------------------------------------------------------------------------


def test_the_observer_sees_a_file_that_is_written_under_its_final_name(tmp_path, sshd, monkeypatch):
    written = Channel.sent

    def slow(self, *requests):
        time.sleep(0.02)
        return written(self, *requests)

    monkeypatch.setattr("translator.endpoints.publish.temporary", lambda name, token, number: name)
    monkeypatch.setattr(Channel, "sent", slow)
    scene = scene_of(tmp_path, "wms", sshd.settings, flow="delivery")
    assert any("was seen with" in one for one in played(scene)[0])
    assert scene.looks > 10
