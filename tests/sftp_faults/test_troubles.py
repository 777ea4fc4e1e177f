"""What else a server may do: a quota, files that grow, clocks that jump, names that attack, keys renewed, no answer at all."""

import socket
import time
from contextlib import ExitStack, contextmanager
from dataclasses import replace

import pytest

from tests.endpoints.promises import FIRST, QUIET
from tests.endpoints.transport import reason
from tests.sftp_faults.cell import Case, Scene
from tests.sftp_faults.server import FaultServer
from translator.core.finding import Unavailable
from translator.endpoints.sftp import Server
from translator.endpoints.sftp.transport import Transport

FLOWS = pytest.mark.parametrize("flow", ["delivery", "pick-up"])
MID = pytest.mark.parametrize("mid", [False, True], ids=["fresh", "mid-batch"])


@pytest.fixture
def server(tmp_path):
    server = FaultServer(tmp_path).start()
    yield server
    server.stop()


@contextmanager
def scene_of(server, flow, mid=False):
    scene = Scene(server, "wms", Case(flow, "openssh", mid, False, "", "", at=0))
    try:
        yield scene
    finally:
        scene.close()


# --- a quota -----------------------------------------------------------------------------------------------------------


@MID
@pytest.mark.parametrize("left", [0, 1, 32_768, 100_000, 135_999])
def test_a_quota_that_is_used_up_is_told_and_the_file_follows_once_there_is_room(server, mid, left):
    with scene_of(server, "delivery", mid) as scene:
        seen = scene.played(lambda: setattr(scene.board, "quota", left), lambda: setattr(scene.board, "quota", None))
        assert (scene.wrong, seen) == ([], "redone")
        scene.board.quota = 0
        outgoing = replace(scene.last, name="ORD-3.csv", attempt=1, token="token00000000003", earlier=())
        assert "quota exceeded" in reason(scene.endpoint.put, outgoing, lambda _: None)


# --- a file that grows -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("when", ["OPENDIR folder", "LSTAT file", "OPEN file", "READ file", "CLOSE file"])
@pytest.mark.parametrize("skew", [0, 3_600, -3_600])
def test_a_file_that_grows_just_then_is_not_taken_before_it_stands_still(server, when, skew):
    """Whatever the server's clock says."""
    with scene_of(server, "pick-up") as scene:
        scene.board.skew = skew
        file, whole = scene.folder / FIRST, scene.data(FIRST)
        pieces = [whole[start : start + 40_000] for start in range(40_000, len(whole), 40_000)]

        def grow(label):
            if label == when and pieces and file.exists():
                with file.open("ab") as out:
                    out.write(pieces.pop(0))

        file.write_bytes(whole[:40_000])
        read = []
        scene.board.meanwhile = grow
        for _ in range(12):
            for seen in scene.endpoint.list("").complete:
                read += whole_of(scene, seen)
            scene.clock.step(QUIET)
        assert pieces == []
        assert read
        assert set(read) == {whole}


def whole_of(scene, seen):
    try:
        return [b"".join(scene.endpoint.fetch(seen))]
    except Unavailable:
        return []


@FLOWS
@pytest.mark.parametrize("skew", [3_600, -3_600])
def test_a_server_whose_clock_jumps_by_an_hour_neither_loses_nor_doubles_a_file(server, flow, skew):
    with scene_of(server, flow, mid=True) as scene:
        scene.played(lambda: setattr(scene.board, "skew", skew), lambda: setattr(scene.board, "skew", 0))
        assert scene.wrong == []


# --- a share behind it that is not mounted ---------------------------------------------------------------------------------


def test_what_was_not_put_away_is_not_gone_where_the_server_lost_its_share(server):
    with scene_of(server, "pick-up") as scene:
        (scene.folder / FIRST).write_bytes(b"8 bytes.")
        scene.endpoint.list("")
        scene.clock.step(QUIET)
        [seen] = scene.endpoint.list("").complete
        scene.folder.rename(server.root / "share")
        scene.folder.mkdir()
        assert "mount what belongs there" in reason(scene.endpoint.dispose, seen)
        scene.folder.rmdir()
        (server.root / "share").rename(scene.folder)
        scene.endpoint.dispose(seen)
        scene.endpoint.dispose(seen)
        assert [path.name for path in scene.folder.glob(".archive/*/*")] == [FIRST]


# --- names that attack (reliability-security §3.9, inputs 7 and 8) --------------------------------------------------------

HOSTILE = [
    b"../../etc/passwd",
    b"/etc/passwd",
    b"..\\..\\boot.ini",
    b"a/b.csv",
    b"./a.csv",
    b"a\x00b.csv",
    b"a\r\nb.csv",
    b"\x1b[2J.csv",
    b"\xff\xfe.csv",
    b"caf\xe9.csv",
    b"a\xe2\x80\xaegpj.csv",
    b"~root",
    b"C:a.csv",
    b"file:///etc/passwd",
    b"CON.csv",
    b"x" * 5_000,
]


def test_names_that_attack_are_refused_and_never_asked_for_and_the_others_go_on(server):
    with scene_of(server, "pick-up") as scene:
        (scene.folder / "good.csv").write_bytes(b"8 bytes.")
        scene.board.names = [*HOSTILE, b".", b"..", b"good.csv"]
        scene.endpoint.list("")
        scene.clock.step(QUIET)
        listing = scene.endpoint.list("")
        assert [one.name for one in listing.complete] == ["good.csv"]
        told = [name for name in HOSTILE if not name.startswith(b".")]  # those are hidden: passed over
        assert len(listing.waiting) == len(told), sorted(listing.waiting)
        assert all(name.isascii() and name.isprintable() for name in listing.waiting)
        assert all(why.startswith("refused because of its name") for why in listing.waiting.values())


def test_a_name_that_is_listed_twice_is_taken_once(server):
    with scene_of(server, "pick-up") as scene:
        scene.board.names = [b"a.csv", b"b.csv", b"a.csv"]
        scene.endpoint.list("")
        scene.clock.step(QUIET)
        assert sorted(one.name for one in scene.endpoint.list("").complete) == ["a.csv", "b.csv"]


# --- keys, and no answer at all ------------------------------------------------------------------------------------------


@FLOWS
def test_session_keys_renewed_by_either_side_in_the_middle_disturb_nothing(server, flow, monkeypatch):
    exchanges, verify = [], Transport._verify_key
    monkeypatch.setattr(Transport, "_verify_key", lambda *args: (exchanges.append(1), verify(*args))[1])
    server.renewing = 30_000
    with scene_of(server, flow, mid=True) as scene:
        assert scene.played() == "through"
        assert scene.wrong == []
    assert len(exchanges) > 1


def test_a_server_that_never_takes_the_connection_is_given_up_in_time(server):
    with scene_of(server, "delivery") as scene, ExitStack() as full:
        hole = full.enter_context(socket.create_server(("127.0.0.1", 0), backlog=0))
        for _ in range(4):  # fill what is kept of those that knock: all others are dropped
            knock = full.enter_context(socket.socket())
            knock.setblocking(False)
            knock.connect_ex(hole.getsockname())
        scene.endpoint.server = Server(replace(scene.settings, port=hole.getsockname()[1], connect=1.0))
        begun = time.monotonic()
        assert "no answer in time" in reason(scene.endpoint.list, "")
        assert 0.5 < time.monotonic() - begun < 4
