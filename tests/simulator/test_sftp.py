"""The demo's SFTP server keeps to its directory, and refuses what OpenSSH refuses."""

from contextlib import suppress

import paramiko
import pytest

from tests.endpoints import sftp_sshd
from tests.endpoints.transport import DATA, NAME, Clock, again, fetched, first, reason
from translator.core.private import Private
from translator.endpoints.endpoint import Put, Verdict
from translator.endpoints.options import Options
from translator.endpoints.sftp import Server
from translator.endpoints.sftp.settings import Settings
from translator.endpoints.sftp_folder import SftpFolder
from translator.simulator import sftp as simulator
from translator.simulator.sftp import SftpServer, User


@pytest.fixture
def served(tmp_path):
    root = tmp_path / "root"
    (root / "in" / "orders").mkdir(parents=True)
    (tmp_path / "outside").write_text("secret")
    server = SftpServer(root, {"acme": User("letmein")}).start()
    yield server
    server.stop()


def settings(server, **other):
    known = {"host": "127.0.0.1", "port": server.port, "user": "acme", "host_key": server.fingerprint}
    return Settings(**{**known, "password": Private("letmein"), "reply": 5.0, **other})


@pytest.fixture
def endpoint(served):
    endpoint = SftpFolder(Server(settings(served)), "in/orders", Clock(), Options(quiet=0))
    yield endpoint
    endpoint.close()


@pytest.fixture
def client(served):
    transport = paramiko.Transport(("127.0.0.1", served.port))
    transport.connect(username="acme", password="letmein")
    yield paramiko.SFTPClient.from_transport(transport)
    transport.close()


def test_a_file_goes_in_and_is_taken(endpoint, served):
    receipt = endpoint.put(first(), lambda _: None)
    assert (served.root / "in/orders" / NAME).read_bytes() == DATA
    assert [one.verdict for one in endpoint.look([Put(NAME, receipt)])] == [Verdict.WAITING]
    (served.root / "in/orders" / NAME).unlink()
    assert [one.verdict for one in endpoint.look([Put(NAME, receipt)])] == [Verdict.ACCEPTED]


def test_a_put_again_after_staging_publishes_once(endpoint, served):
    endpoint.put(first(), lambda _: None)
    (served.root / "in/orders" / NAME).unlink()
    endpoint.put(again(True), lambda _: None)
    assert not (served.root / "in/orders" / NAME).exists()


def test_a_file_comes_out_and_is_archived(endpoint, served):
    (served.root / "in/orders/SHIP1.csv").write_bytes(DATA * 1000)
    [seen] = endpoint.list("").complete
    assert fetched(endpoint, seen) == DATA * 1000
    endpoint.dispose(seen)
    assert [path.name for path in (served.root / "in/orders/.archive").glob("*/*")] == ["SHIP1.csv"]


def test_a_rename_over_an_existing_file_is_refused(client, served):
    (served.root / "a").write_text("a")
    (served.root / "b").write_text("b")
    with pytest.raises(OSError):
        client.rename("a", "b")
    assert (served.root / "b").read_text() == "b"


@pytest.mark.parametrize(
    "path", ["../outside", "/../outside", "in/../../outside", "link", "door/outside", "//../outside"]
)
def test_nothing_outside_its_directory_is_read_written_or_removed(client, served, path):
    (served.root / "link").symlink_to(served.root.parent / "outside")
    (served.root / "door").symlink_to(served.root.parent)
    read = []
    for act in (
        lambda: read.append(client.open(path).read()),
        lambda: client.open(path, "w").write("x"),
        lambda: client.rename("in", path),
        lambda: client.remove(path),
        lambda: client.mkdir(path),
    ):
        with suppress(OSError):  # as in any jail, a way up from the top is the top
            act()
    assert read == []
    assert (served.root.parent / "outside").read_text() == "secret"
    assert sorted(served.root.parent.iterdir()) == [served.root.parent / "outside", served.root]


@pytest.mark.parametrize("other", [{"user": "root"}, {"password": Private("wrong")}])
def test_only_who_is_known_gets_in(served, other):
    endpoint = SftpFolder(Server(settings(served, **other)), "in", Clock())
    assert "refused the login" in reason(endpoint.list, "")


def test_a_public_key_gets_in_too(tmp_path):
    sftp_sshd.keygen(tmp_path / "key", "ed25519")
    server = SftpServer(tmp_path, {"acme": User(keys=((tmp_path / "key.pub").read_text(),))}).start()
    mine = settings(server, password=None, key=Private((tmp_path / "key").read_text()))
    endpoint = SftpFolder(Server(mine), "", Clock(), Options(quiet=0))
    assert sorted(one.name for one in endpoint.list("").complete) == ["key", "key.pub"]
    endpoint.close()
    server.stop()


def test_the_host_key_is_kept_where_a_file_is_named(tmp_path):
    prints = set()
    for _ in range(2):
        server = SftpServer(tmp_path, {}, key_file=tmp_path / "host_key")
        prints.add(server.fingerprint)
        assert server.fingerprint.startswith("SHA256:")
        server.stop()
    assert len(prints) == 1


def test_its_known_hosts_line_pins_it(served):
    endpoint = SftpFolder(Server(settings(served, host_key=served.known_host)), "in/orders", Clock())
    assert endpoint.list("").complete == ()
    endpoint.close()


def test_a_server_that_stops_and_starts_on_its_port_is_found_again(tmp_path):
    server = SftpServer(tmp_path, {"acme": User("letmein")}, key_file=tmp_path / "k").start()
    endpoint = SftpFolder(Server(settings(server)), "", Clock(), Options(quiet=0))
    endpoint.list("")
    server.stop()
    again_up = SftpServer(tmp_path, {"acme": User("letmein")}, port=server.port, key_file=tmp_path / "k").start()
    found = {one.name for _ in range(3) for one in _listed(endpoint)}
    assert found == {"k"}
    endpoint.close()
    again_up.stop()


def _listed(endpoint):
    try:
        return endpoint.list("").complete
    except Exception:
        return ()


def test_a_server_that_tells_more_bytes_than_it_has_is_not_believed(endpoint, served, monkeypatch):
    told = simulator._attributes

    def lying(found, name=""):
        attributes = told(found, name)
        attributes.st_size += 10
        return attributes

    monkeypatch.setattr(simulator, "_attributes", lying)
    (served.root / "in/orders/SHIP1.csv").write_bytes(DATA)
    [seen] = endpoint.list("").complete
    assert "changed" in reason(endpoint.fetch, seen)
    assert "another number of bytes" in reason(endpoint.put, first(), lambda _: None)
    assert not (served.root / "in/orders" / NAME).exists()
