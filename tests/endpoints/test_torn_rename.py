"""A server that renames by link and unlink dies between the two, and the warehouse takes the file: is it sent again?

What is left looks as if nothing had been done: the temporary name there, the final one gone.
"""

import os
import signal
from contextlib import contextmanager
from dataclasses import replace

import pytest

from tests.endpoints.test_openssh_in_trouble import sessions
from tests.endpoints.transport import NAME, TEMP, Place, again, first, trouble
from tests.sftp_faults.server import PASSWORD, USER, Board, FaultServer
from tests.sftp_faults.sweep import Sweep
from translator.core.finding import Rejected, Unavailable
from translator.core.private import Private
from translator.endpoints.endpoint import Put, Torn, Verdict
from translator.endpoints.sftp import Settings
from translator.endpoints.sftp.channel import Channel


def moved(place):
    """Take the file as most do: into a folder for what was read."""
    (place.root.parent / "read").mkdir()
    (place.root / NAME).rename(place.root.parent / "read" / NAME)


def deleted(place):
    (place.root / NAME).unlink()


def left(place):
    """Be slow."""


@contextmanager
def of_openssh(tmp_path, sshd, monkeypatch, take):
    """The process of a real server, killed in its rename: all that it did by then, somebody does for it."""
    place = Place(tmp_path / "wms", sshd.settings)
    heard = Channel.heard

    def killed(channel, flight):
        if flight[1][0][0] == 18 and not killed.done:  # SSH_FXP_RENAME: asked, and not yet answered
            killed.done = True
            os.link(place.root / TEMP, place.root / NAME)
            take(place)
            os.kill(sessions(sshd)[-1], signal.SIGKILL)
        return heard(channel, flight)

    def stopped():
        os.kill(sessions(sshd)[-1], signal.SIGSTOP)

    killed.done = False
    monkeypatch.setattr(Channel, "heard", killed)
    yield place, stopped


@contextmanager
def of_tests(tmp_path, take):
    """Our own one, that plays OpenSSH."""
    server = FaultServer(tmp_path).start()
    settings = Settings(server.host, USER, server.fingerprint, server.port, password=Private(PASSWORD), reply=20.0)
    place = Place(tmp_path / "wms", settings)
    place.endpoint = _below_root(place.endpoint)
    takes = [take]
    server.board = Board(lambda: takes and (place.root / NAME).exists() and takes.pop()(place))

    def stopped():
        server.board.strike(0, "torn")

    yield place, stopped
    server.stop()


def _below_root(made):
    def endpoint(*args):
        found = made(*args)
        found.path = "/wms"
        return found

    return endpoint


@pytest.fixture(params=["openssh", "of tests"])
def torn(request, tmp_path, monkeypatch):
    """Give what has a file put by a server that dies in the rename while the warehouse takes it."""
    (tmp_path / "wms").mkdir()
    made = []

    def put(take):
        if request.param == "openssh":
            server = of_openssh(tmp_path, request.getfixturevalue("sshd"), monkeypatch, take)
        else:
            server = of_tests(tmp_path, take)
        made.append(server)
        place, stopped = server.__enter__()
        made.append(place)
        said = []
        endpoint = place.endpoint(_At("sftp.put.renamed.before", stopped))
        assert trouble(endpoint.put, first(), said.append) == "torn"
        assert len(said) == 1
        return place

    yield put
    for server, place in zip(made[::2], made[1::2], strict=True):
        place.close()
        server.__exit__(None, None, None)


class _At:
    def __init__(self, point, act):
        self._point, self._act = point, act

    def reach(self, point):
        if point == self._point:
            self._act()


def next_one(word):
    return replace(again(True), torn=word)


def asked(place, word):
    with pytest.raises(Rejected) as caught:
        place.endpoint().put(next_one(word), never)
    assert (place.visible, place.temporary) == ({}, [TEMP])
    return caught.value.findings[0].code


def never(home):
    raise AssertionError("it is staged already")


def test_a_file_that_still_lies_there_is_found(torn):
    place = torn(left)
    place.endpoint().put(next_one(Torn.DIED), never)
    assert (list(place.visible), place.temporary) == ([NAME], [])


def test_a_file_that_the_warehouse_moved_has_a_second_name_and_is_not_sent_again(torn):
    place = torn(moved)
    endpoint = place.endpoint()
    receipt = endpoint.put(next_one(Torn.DIED), never)
    assert (place.visible, place.temporary) == ({}, [])
    assert [one.verdict for one in endpoint.look([Put(NAME, receipt)])] == [Verdict.ACCEPTED]


def test_of_a_second_name_alone_a_person_is_asked(torn):
    """Nobody knows that the server died; and a copy of the folder may be made of links."""
    assert asked(torn(moved), Torn.NONE) == "maybe-taken"


def test_of_a_server_that_died_in_its_rename_alone_a_person_is_asked(torn):
    assert asked(torn(deleted), Torn.DIED) == "maybe-taken"


def test_in_a_folder_of_this_machine_a_person_is_asked_of_a_second_name_as_well(folder_place):
    """Where its file system knows no rename that refuses to replace, a link and an unlink are all there is."""

    def torn():
        os.link(folder_place.root / TEMP, folder_place.root / NAME)
        moved(folder_place)
        raise OSError

    with pytest.raises(Unavailable):
        folder_place.endpoint(_At("folder.put.renamed.before", torn)).put(first(), lambda _: None)
    assert asked(folder_place, Torn.NONE) == "maybe-taken"


@pytest.mark.parametrize("take", [moved, deleted])
def test_what_a_person_says_is_done(torn, take):
    place = torn(take)
    place.endpoint().put(next_one(Torn.ARRIVED), never)
    assert (place.visible, place.temporary) == ({}, [])


@pytest.mark.parametrize("take", [moved, deleted])
def test_what_a_person_lets_go_on_is_sent(torn, take):
    place = torn(take)
    place.endpoint().put(next_one(Torn.ASKED), never)
    assert (list(place.visible), place.temporary) == ([NAME], [])


def test_a_server_whose_process_dies_before_it_did_anything_delays_a_file_and_in_a_rename_has_a_person_asked():
    """There it cannot be told from one whose file was taken and deleted."""
    swept = Sweep(("openssh",), mids=(False,), only=lambda case: case.at is not None, faults=("dead",))
    assert len(swept.seen) > 30
    assert [one for one in swept.wrong if "delivery, openssh, fresh: RENAME temp × dead: " not in one] == []
    assert any(one.endswith("held: maybe-taken") for one in swept.wrong)
