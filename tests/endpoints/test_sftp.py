"""What only SFTP has: the server's key, logging in, time-outs, connections that break; against a real OpenSSH server."""

import socket
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import replace

import pytest
from paramiko import sftp as wire

from tests.endpoints import sftp_sshd
from tests.endpoints.transport import DATA, NAME, At, Clock, again, fetched, first, reason, trouble
from translator.core.finding import Misconfigured, Unavailable
from translator.core.private import Private
from translator.endpoints.endpoint import Endpoint
from translator.endpoints.host_keys import pinned
from translator.endpoints.sftp import Server, Session
from translator.endpoints.sftp.channel import Channel
from translator.endpoints.sftp.packets import Packets
from translator.endpoints.sftp.settings import Settings
from translator.endpoints.sftp.transport import Transport
from translator.endpoints.sftp_folder import SftpFolder, joined


@pytest.fixture
def place(sftp_place):
    return sftp_place


def at(settings, path="/"):
    return SftpFolder(Server(settings), str(path), Clock())


def test_an_sftp_folder_is_an_endpoint(place):
    endpoint: Endpoint = place.endpoint()
    assert endpoint.stages


# --- the server's key --------------------------------------------------------------------------------------------------


def test_input_66_a_wrong_host_key_is_refused_before_we_log_in_and_the_offered_one_is_named(sshd, place):
    other = "SHA256:AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"
    endpoint = at(replace(sshd.settings, host_key=other, user="nobody-we-know"), place.root)
    why = reason(endpoint.list, "")
    assert "not the pinned host key" in why
    assert sshd.fingerprint("ed25519") in why
    assert "login" not in why


@pytest.mark.parametrize("sort", ["ed25519", "ecdsa", "rsa"])
def test_a_line_of_known_hosts_pins_a_key_of_any_type(sshd, place, sort):
    endpoint = at(replace(sshd.settings, host_key=sshd.known_host(sort)), place.root)
    assert endpoint.list("").complete == ()
    endpoint.close()


def test_two_keys_may_be_pinned_while_one_is_changed(sshd, place):
    both = "SHA256:AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA\n" + sshd.fingerprint()
    endpoint = at(replace(sshd.settings, host_key=both), place.root)
    endpoint.list("")
    endpoint.close()


@pytest.mark.parametrize(
    "text", ["", "  \n", "# a comment", "hello", "host ssh-ed25519 !!!", "host ssh-ed25519", "MD5:aa:bb"]
)
def test_without_a_pinned_key_nothing_is_ever_connected(sshd, text):
    with pytest.raises(Misconfigured) as caught:
        Server(replace(sshd.settings, host_key=text))
    assert caught.value.findings[0].code == "sftp-host-key"


def test_a_fingerprint_and_a_line_of_the_same_key_are_the_same(sshd):
    assert pinned(sshd.known_host())[0].fingerprint == pinned(sshd.fingerprint())[0].fingerprint


# --- logging in --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("sort", ["ed25519", "ecdsa", "rsa"])
def test_keys_of_every_type_log_in(sshd, place, sort):
    endpoint = at(sshd.with_key(sort), place.root)
    endpoint.list("")
    endpoint.close()


def test_a_key_with_a_passphrase_logs_in(sshd, place):
    endpoint = at(sshd.with_key("phrase", passphrase=Private("secret words")), place.root)
    endpoint.list("")
    endpoint.close()


def test_every_ecdsa_key_that_ssh_keygen_writes_is_read(sshd, tmp_path):
    for number in range(12):  # paramiko alone refuses half of them
        sftp_sshd.keygen(tmp_path / f"key{number}", "ecdsa")
        Server(replace(sshd.settings, key=Private((tmp_path / f"key{number}").read_text())))


@pytest.mark.parametrize("phrase", [None, Private("wrong words")])
def test_a_key_without_its_passphrase_is_a_misconfiguration_that_shows_nothing(sshd, phrase):
    with pytest.raises(Misconfigured) as caught:
        Server(sshd.with_key("phrase", passphrase=phrase))
    assert "words" not in str(caught.value)


@pytest.mark.parametrize(
    "text", ["", "rubbish", "-----BEGIN OPENSSH PRIVATE KEY-----\nAAAA\n-----END OPENSSH PRIVATE KEY-----\n"]
)
def test_what_is_no_key_is_a_misconfiguration(sshd, text):
    with pytest.raises(Misconfigured):
        Server(replace(sshd.settings, key=Private(text)))


def test_a_login_that_is_refused_is_unavailable_and_shows_no_secret(sshd, place, tmp_path):
    sftp_sshd.keygen(tmp_path / "stranger", "ed25519")
    settings = replace(sshd.settings, key=Private((tmp_path / "stranger").read_text()), password=Private("hunter2"))
    why = reason(at(settings, place.root).list, "")
    assert "refused the login" in why
    assert "hunter2" not in why
    assert "hunter2" not in repr(settings)


def test_trouble_that_time_alone_does_not_mend_says_its_sort(sshd, place, tmp_path):
    sftp_sshd.keygen(tmp_path / "stranger", "ed25519")
    stranger = replace(sshd.settings, key=Private((tmp_path / "stranger").read_text()))
    mistaken = replace(sshd.settings, host_key="SHA256:AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA")
    absent = replace(sshd.settings, port=1)
    assert [trouble(at(one, place.root).list, "") for one in (stranger, mistaken, absent)] == [
        "login",
        "host-key",
        "away",
    ]


# --- connections that break --------------------------------------------------------------------------------------------


def test_a_server_that_is_not_there_is_unavailable(sshd):
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    assert "refused" in reason(at(replace(sshd.settings, port=port)).list, "")
    assert "not known" in reason(at(replace(sshd.settings, host="nowhere.invalid")).list, "")


@pytest.mark.parametrize("says", [b"", b"SSH-2.0-mute\r\n", b"220 FTP ready\r\n" * 3, b"\x00" * 5000])
def test_a_server_that_says_nothing_or_rubbish_is_let_go_in_time(sshd, says):
    def speak():
        connection, _ = listener.accept()
        connection.sendall(says)
        stop.wait(120)
        connection.close()

    stop = threading.Event()
    with socket.create_server(("127.0.0.1", 0)) as listener:
        threading.Thread(target=speak, daemon=True).start()
        settings = replace(sshd.settings, port=listener.getsockname()[1], connect=1.0)
        began = time.monotonic()
        assert reason(at(settings).list, "")
        assert time.monotonic() - began < 60
    stop.set()


def test_a_connection_that_died_is_made_anew(place):
    endpoint = place.endpoint()
    endpoint.list("")
    place.servers[-1]._transport.close()
    endpoint.put(first(), lambda _: None)
    assert place.visible == {NAME: DATA}


class Proxy:
    """Passes bytes on until told to cut, or to swallow what the server says."""

    def __init__(self, port):
        self.port, self.listener = port, socket.create_server(("127.0.0.1", 0))
        self.mute, self.pairs = False, []
        threading.Thread(target=self._accept, daemon=True).start()

    def _accept(self):
        while True:
            try:
                inner, _ = self.listener.accept()
            except OSError:
                return
            outer = socket.create_connection(("127.0.0.1", self.port))
            self.pairs += [inner, outer]
            threading.Thread(target=self._pass, args=(inner, outer), daemon=True).start()
            threading.Thread(target=self._pass, args=(outer, inner, True), daemon=True).start()

    def _pass(self, source, sink, answers=False):
        try:
            while data := source.recv(65536):
                if not (answers and self.mute):
                    sink.sendall(data)
        except OSError:
            pass

    def cut(self):
        for one in self.pairs:
            with suppress(OSError):
                one.shutdown(socket.SHUT_RDWR)
            one.close()
        self.pairs.clear()


@pytest.fixture
def proxy(sshd):
    proxy = Proxy(sshd.port)
    yield proxy
    proxy.listener.shutdown(socket.SHUT_RDWR)
    proxy.listener.close()
    proxy.cut()


STEPS = [f"sftp.put.{step}.{side}" for step in ("marker", "temp", "staged", "renamed") for side in ("before", "after")]


@pytest.mark.parametrize("point", STEPS)
def test_a_connection_lost_at_any_step_of_a_put_is_unavailable_and_the_next_attempt_mends_it(place, proxy, point):
    settings = replace(place.settings, port=proxy.listener.getsockname()[1])
    staged = []
    endpoint = SftpFolder(Server(settings), str(place.root), Clock(), faults=At(point, proxy.cut))
    try:
        endpoint.put(first(), lambda _: staged.append(1))
    except Unavailable:
        assert point != "sftp.put.renamed.after"
    assert place.visible in ({}, {NAME: DATA})
    endpoint.close()
    endpoint.put(again(bool(staged)), lambda _: None)
    assert (place.visible, place.temporary) == ({NAME: DATA}, [])
    endpoint.close()


def test_a_lost_reply_to_the_rename_is_unavailable_and_the_file_is_not_put_twice(place, proxy):
    settings = replace(place.settings, port=proxy.listener.getsockname()[1])

    class Late(Session):
        def rename(self, path, final):
            proxy.mute = True
            self._channel._settings = replace(settings, reply=1.0)  # of all answers this one alone does not come
            super().rename(path, final)

    endpoint = SftpFolder(Server(settings), str(place.root), Clock())
    endpoint.list("")
    endpoint.server._idle[-1].__class__ = Late
    assert "in time" in reason(endpoint.put, first(), lambda _: None)
    assert place.visible == {NAME: DATA}
    (place.root / NAME).unlink()  # taken
    proxy.mute = False
    proxy.cut()
    endpoint.put(again(True), lambda _: None)
    assert place.visible == {}
    endpoint.close()


def test_a_pool_of_channels_serves_many_threads_over_one_connection(place):
    endpoint = place.endpoint()
    with ThreadPoolExecutor(16) as pool:
        outgoing = [replace(first(b"%d" % n, f"{n}.csv"), token=f"token{n}") for n in range(200)]
        list(pool.map(lambda one: endpoint.put(one, lambda _: None), outgoing))
    assert place.visible == {f"{n}.csv": b"%d" % n for n in range(200)}
    assert len(place.servers[-1]._idle) <= 4


def test_keys_that_change_all_the_time_while_many_threads_send_disturb_nothing(place, monkeypatch):
    monkeypatch.setattr(Packets, "REKEY_BYTES", 200_000)
    exchanges, verify = [], Transport._verify_key
    monkeypatch.setattr(Transport, "_verify_key", lambda *args: (exchanges.append(1), verify(*args))[1])
    files = {f"{n}.csv": bytes([n]) * (500_000 if n % 3 else 2_000) for n in range(24)}
    endpoint = place.endpoint()
    with ThreadPoolExecutor(4) as pool:
        outgoing = [replace(first(data, name), token=f"token{name}") for name, data in files.items()]
        list(pool.map(lambda one: endpoint.put(one, lambda _: None), outgoing))
    assert place.visible == files
    assert len(exchanges) > 10


def test_a_pool_that_is_busy_for_too_long_is_unavailable(sshd):
    server = Server(replace(sshd.settings, channels=1))
    with server.session(), pytest.raises(Unavailable, match="busy"), server.session(wait=0.2):
        pass
    server.close()


def test_our_own_trouble_while_a_channel_is_lent_costs_no_connection(place):
    endpoint = place.endpoint()
    with pytest.raises(ZeroDivisionError):
        endpoint.put(first(), lambda _: 1 / 0)
    transport = place.servers[-1]._transport
    endpoint.list("")
    assert place.servers[-1]._transport is transport


def test_openssh_offers_fsync_and_it_is_used(place, sshd):
    server = Server(sshd.settings)
    with server.session() as session:
        asked = []

        class Told(Channel):
            def sent(self, *requests):
                asked.extend(request[:2] for request in requests)
                return super().sent(*requests)

        session._channel.__class__ = Told
        session.write(f"{place.root}/x", b"x")
    server.close()
    verbs = [verb for verb, _ in asked]
    assert (
        verbs.index(wire.CMD_WRITE)
        < asked.index((wire.CMD_EXTENDED, "fsync@openssh.com"))
        < verbs.index(wire.CMD_CLOSE)
    )
    assert (place.root / "x").read_bytes() == b"x"


def test_a_put_takes_three_round_trips_once_its_folder_is_known(place):
    endpoint = place.endpoint()
    endpoint.put(first(name="first.csv"), lambda _: None)
    flights = []

    class Counting(Channel):
        def sent(self, *requests):
            flights.append(len(requests))
            return super().sent(*requests)

    endpoint.server._idle[-1]._channel.__class__ = Counting
    endpoint.put(replace(first(), token="another"), lambda _: None)
    assert len(flights) == 3
    assert place.visible == {"first.csv": DATA, NAME: DATA}


def test_a_full_disk_is_seen_although_the_writes_are_pipelined(small_disk, sshd):
    endpoint = at(sshd.settings, small_disk.root)
    why = reason(endpoint.put, first(b"x" * 2_000_000), lambda _: None)
    assert why.endswith("the server refused: failure (it says no more: look for room, a quota, and rights there)")
    assert (small_disk.visible, small_disk.temporary) == ({}, [])
    endpoint.put(first(), lambda _: None)
    assert small_disk.visible == {NAME: DATA}
    endpoint.close()


@pytest.mark.parametrize("restarted", [False, True])
def test_a_source_in_which_nothing_is_left_where_our_archive_was_is_not_taken_for_emptied(place, restarted):
    endpoint = place.endpoint()
    place.file(NAME)
    endpoint.dispose(place.seen(endpoint))
    bookmark = endpoint.list("").bookmark
    endpoint = place.endpoint() if restarted else endpoint
    assert endpoint.list(bookmark).waiting == {}  # emptied it is, and believed
    share = place.root.rename(place.root.with_name("share"))
    place.root.mkdir()
    assert "mount what belongs there" in reason(lambda: endpoint.list(bookmark))
    place.file("ORD-2.csv")
    assert list(endpoint.list(bookmark).waiting) == ["ORD-2.csv"]
    (place.root / "ORD-2.csv").unlink()
    place.root.rmdir()
    share.rename(place.root)
    assert endpoint.list(bookmark).waiting == {}


def test_an_empty_source_that_never_bore_anything_of_ours_is_empty(place):
    endpoint = place.endpoint(archive="delete")
    place.file(NAME)
    endpoint.dispose(place.seen(endpoint))
    assert endpoint.list(endpoint.list("").bookmark).waiting == {}


def test_files_are_fetched_while_others_are_put(place):
    endpoint = place.endpoint(quiet=0)
    place.file("in.csv", b"z" * 500_000)
    [seen] = endpoint.list("").complete
    pieces = endpoint.fetch(seen)
    next(pieces)
    endpoint.put(first(), lambda _: None)
    assert fetched(endpoint, seen) == b"z" * 500_000


def test_an_empty_path_is_the_folder_where_the_login_lands(sshd):
    server = Server(sshd.settings)
    with server.session() as session:
        assert {one.name for one in session.entries("")} == {one.name for one in session.entries(".")}
    server.close()


def test_paths_are_joined_from_where_the_login_lands():
    assert joined("", "a") == "a"
    assert joined("in/orders/", "a") == "in/orders/a"
    assert joined("/", "a") == "/a"


def test_settings_show_where_and_who_but_no_secret():
    settings = Settings("sftp.example", "acme", "SHA256:x", password=Private("hunter2"))
    assert str(settings) == "sftp://acme@sftp.example:22"
    assert "hunter2" not in repr(settings)
