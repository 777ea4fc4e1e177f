"""How files get their names on servers of every sort: never over another file, unless the site has chosen that risk."""

from dataclasses import replace

import paramiko
import pytest

from tests.endpoints.transport import DATA, NAME, Place, again, first, never, reason
from tests.sftp_faults.server import PASSWORD, USER, FaultServer
from translator.core.finding import Rejected
from translator.core.private import Private
from translator.endpoints.sftp import Server, Settings
from translator.endpoints.sftp.ability import Ability, Renames, ability


@pytest.fixture
def renameless(other_sshd):
    """An OpenSSH server on which a plain rename is not allowed."""
    return other_sshd("ForceCommand internal-sftp -P rename")


@pytest.fixture
def at(tmp_path):
    """Give a place on a server, with settings changed."""
    made = []

    def place(settings, **other):
        root = tmp_path / "wms"
        root.mkdir(exist_ok=True)
        made.append(Place(root, replace(settings, **other)))
        return made[-1]

    yield place
    for one in made:
        one.close()


@pytest.fixture(params=["openssh", "bare", "overwrites"])
def odd(request, tmp_path):
    """Servers of other sorts, over the same directory."""
    server = FaultServer(tmp_path, request.param).start()
    yield server
    server.stop()


def login(server):
    return Settings(server.host, USER, server.fingerprint, server.port, password=Private(PASSWORD), reply=5.0)


def tried(settings, root):
    server = Server(settings)
    try:
        with server.session() as session:
            return ability(session, f"{root}/.one.tmp", f"{root}/.two.tmp")
    finally:
        server.close()


def test_what_openssh_can_do_is_found_and_nothing_is_left_of_it(tmp_path, sshd):
    assert tried(sshd.settings, tmp_path) == Ability(Renames.REFUSES, posix_rename=True, syncs=True)
    assert list(tmp_path.iterdir()) == []


def test_what_other_servers_can_do_is_found(tmp_path, odd):
    renames = Renames.REPLACES if odd.personality == "overwrites" else Renames.REFUSES
    offers = odd.personality == "openssh"
    assert tried(login(odd), "") == Ability(renames, posix_rename=offers, syncs=offers)
    assert list(tmp_path.iterdir()) == []


def test_a_server_without_a_plain_rename_is_found(tmp_path, renameless):
    assert tried(renameless.settings, tmp_path) == Ability(Renames.NONE, posix_rename=True, syncs=True)
    assert tried(replace(renameless.settings, posix=True), tmp_path).renames is Renames.NONE
    assert list(tmp_path.iterdir()) == []


def test_where_there_is_no_plain_rename_nothing_is_published_and_the_choice_is_told(at, renameless):
    place = at(renameless.settings)
    told = reason(place.endpoint().put, first(), lambda _: None)
    assert "posix-rename@openssh.com" in told
    assert "rename: posix" in told
    assert place.visible == {}


def test_the_site_may_choose_the_other_rename_and_what_was_staged_before_goes_on(at, renameless):
    place = at(renameless.settings)
    reason(place.endpoint().put, first(), lambda _: None)
    chosen = at(renameless.settings, posix=True)
    chosen.endpoint().put(again(True), never)
    assert (chosen.visible, chosen.temporary) == ({NAME: DATA}, [])


def test_the_other_rename_is_looked_before_as_well(at, renameless):
    place = at(renameless.settings, posix=True)
    place.file(NAME, b"somebody else's")
    with pytest.raises(Rejected):
        place.endpoint().put(first(), never)
    assert place.visible == {NAME: b"somebody else's"}


def test_the_other_rename_is_not_used_where_the_server_does_not_offer_it(tmp_path, odd):
    place = Place(tmp_path, replace(login(odd), posix=True))
    endpoint = place.endpoint()
    endpoint.path = "/"
    try:
        if odd.personality != "openssh":
            assert "offers no posix-rename@openssh.com" in reason(endpoint.put, first(), lambda _: None)
    finally:
        place.close()


def test_openssh_alone_is_not_asked_whether_anything_is_there_before_its_plain_rename(tmp_path, sshd, odd, monkeypatch):
    assert refuses(sshd.settings)
    assert not refuses(replace(sshd.settings, posix=True))
    assert refuses(login(odd)) is (odd.personality == "openssh")
    monkeypatch.setattr(paramiko.Transport, "_CLIENT_ID", "OpenSSH_9.2p1")  # another program behind its name
    assert refuses(login(odd)) is (odd.personality == "openssh")


def refuses(settings):
    server = Server(settings)
    try:
        with server.session() as session:
            return session.refuses
    finally:
        server.close()


@pytest.mark.parametrize("comes", ["before", "once it is staged"])
def test_a_rename_that_would_replace_is_not_asked_for_where_a_file_lies(tmp_path, odd, comes):
    def lies(_):
        (tmp_path / NAME).write_bytes(b"somebody else's")

    if comes == "before":
        lies("")
    place = Place(tmp_path, login(odd))
    endpoint = place.endpoint()
    endpoint.path = "/"
    try:
        with pytest.raises(Rejected):
            endpoint.put(first(), never if comes == "before" else lies)
    finally:
        place.close()
    assert (tmp_path / NAME).read_bytes() == b"somebody else's"


def test_a_server_that_offers_to_sync_and_cannot_gets_its_files(tmp_path, odd, monkeypatch):
    monkeypatch.setattr("tests.sftp_faults.server._FSYNC", "not what it offers")
    place = Place(tmp_path, login(odd))
    endpoint = place.endpoint()
    endpoint.path = "/"
    try:
        endpoint.put(first(), lambda _: None)
    finally:
        place.close()
    assert (place.visible, place.temporary) == ({NAME: DATA}, [])
