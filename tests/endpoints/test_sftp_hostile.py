"""Servers that are hostile, broken or hung: each is let go in time, with bounds on what it makes us keep.

Input 66 (reliability-security §3.9) is here, in test_sftp.py, test_sftp_login.py and test_openssh_in_trouble.py, by number.
"""

import os
import signal
import socket
import struct
import subprocess
import threading
import time
import tracemalloc
from contextlib import suppress
from dataclasses import replace
from pathlib import Path

import paramiko
import pytest
from paramiko.buffered_pipe import PipeTimeout
from paramiko.common import MSG_GLOBAL_REQUEST

from tests.endpoints.ssh_server import Raw, ssh
from tests.endpoints.test_watch import until
from tests.endpoints.transport import DATA, Clock, fetched, reason
from translator.core.finding import Unavailable
from translator.endpoints.options import Options
from translator.endpoints.sftp import Server
from translator.endpoints.sftp.channel import Channel
from translator.endpoints.sftp.inbox import AHEAD, Dropped, Inbox
from translator.endpoints.sftp.link import Link
from translator.endpoints.sftp.transport import Transport
from translator.endpoints.sftp_folder import SftpFolder

MIB = 1024 * 1024
SOON = 30.0  # every other wait is twice as long, and what is to be met is a second: no machine is so busy


@pytest.fixture
def serve():
    made = []

    def start(raw):
        made.append(raw)
        return raw

    yield start
    for raw in made:
        raw.stop()


def used(server, act=lambda session: session.entries("/")):
    """Use a channel; give the reason of what went wrong, once it is sure that it took neither time nor room."""
    tracemalloc.start()
    began = time.monotonic()

    def go():
        with server.session() as session:
            act(session)

    try:
        why = reason(go)
    except OSError as error:
        why = str(error)
    assert time.monotonic() - began < SOON
    assert tracemalloc.get_traced_memory()[1] < 24 * MIB
    tracemalloc.stop()
    server.close()
    return why


# --- before a word of SSH is understood ---------------------------------------------------------------------------------


def test_input_66_a_greeting_of_10_megabytes_is_not_listened_to(serve):
    sent = []

    def talk(raw, link):
        for _ in range(160):
            link.sendall(b"x" * 65536)
            sent.append(1)

    assert "no connection" in used(Server(serve(Raw(talk)).settings()))
    assert len(sent) < 160


def test_input_66_a_greeting_of_10_megabytes_in_short_lines_is_not_listened_to(serve):
    assert "no connection" in used(
        Server(serve(Raw(lambda raw, link: link.sendall(b"hello\r\n" * 1_500_000))).settings())
    )


def test_a_greeting_that_drips_is_let_go_in_time(serve):
    def talk(raw, link):
        while not raw.stopped.wait(0.1):
            link.sendall(b"S")

    assert used(Server(serve(Raw(talk)).settings(connect=1.0)))


@pytest.mark.parametrize("length", [2**31, 2**32 - 4, 300_000, 0])
def test_input_66_a_packet_of_any_claimed_length_is_not_waited_for(serve, length):
    def talk(raw, link):
        link.sendall(b"SSH-2.0-odd\r\n" + struct.pack(">I", length))
        while not raw.stopped.is_set():
            link.sendall(b"\0" * 65536)

    assert used(Server(serve(Raw(talk)).settings()))


def test_a_server_whose_connection_is_never_taken_is_let_go_in_time():
    with socket.socket() as full:
        full.bind(("127.0.0.1", 0))
        full.listen(0)
        waiting = [socket.socket() for _ in range(4)]
        for one in waiting:
            one.setblocking(False)
            one.connect_ex(full.getsockname())
        settings = replace(Raw(lambda raw, link: None).settings(connect=1.0), port=full.getsockname()[1])
        assert "no answer in time" in used(Server(settings))
        for one in waiting:
            one.close()


# --- the algorithms -----------------------------------------------------------------------------------------------------


def test_input_66_a_server_without_strict_key_exchange_is_refused_the_checksums_that_need_it(serve):
    def prepare(transport):
        transport.get_security_options().digests = ["hmac-sha2-256-etm@openssh.com"]
        transport.get_security_options().ciphers = ["aes128-ctr"]

    assert "strict key exchange" in used(Server(serve(ssh(prepare=prepare, strict_kex=False)).settings()))


def test_a_server_without_strict_key_exchange_is_taken_where_nothing_depends_on_it(serve):
    server = Server(serve(ssh(subsystem=lambda sftp: (sftp.greet(), sftp.hear()), strict_kex=False)).settings())
    with server.session():
        assert not server.transport.agreed_on_strict_kex
    server.close()


# --- SFTP that is none --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("length", [2**31, 2**24, 0])
def test_input_66_an_answer_of_any_claimed_length_is_not_waited_for(serve, length):
    def talk(sftp):
        sftp.greet()
        sftp.hear()
        sftp.channel.sendall(struct.pack(">I", length))
        while True:
            sftp.channel.sendall(b"\0" * 32768)

    assert "no connection" in used(Server(serve(ssh(subsystem=talk)).settings()))


def test_an_answer_that_drips_is_let_go_in_time(serve):
    def talk(sftp):
        sftp.greet()
        sftp.hear()
        for byte in struct.pack(">I", 1000) + b"\0" * 1000:
            sftp.channel.sendall(bytes([byte]))
            time.sleep(0.1)

    assert "no answer in time" in used(Server(serve(ssh(subsystem=talk)).settings(reply=2.0)))


def listing(piece):
    """Serve a folder whose listing is this, again and again."""

    def talk(sftp):
        sftp.greet()
        while True:
            code, number, _ = sftp.hear()
            answers = {4: (101, struct.pack(">I", 0)), 11: (102, struct.pack(">I", 1) + b"h")}
            sort, rest = answers.get(code, (104, piece))
            sftp.say(sort, number + rest)

    return talk


def test_a_listing_without_an_end_is_given_up(serve, monkeypatch):
    monkeypatch.setattr("translator.endpoints.sftp.session.MOST", 20)
    why = used(Server(serve(ssh(subsystem=listing(struct.pack(">I", 0)))).settings()))
    assert "its listing has no end" in why


NO_ATTRIBUTES = struct.pack(">I", 0)


def a_name(name, attributes=NO_ATTRIBUTES):
    return struct.pack(">I", len(name)) + name + struct.pack(">I", 0) + attributes


@pytest.mark.parametrize(
    "piece",
    [
        struct.pack(">I", 2**32 - 1),
        struct.pack(">I", 2) + a_name(b"a"),
        struct.pack(">I", 1) + a_name(b"a", struct.pack(">II", 0x80000000, 2**32 - 1)),
        struct.pack(">I", 3) + a_name(b"a") + a_name(b"b", struct.pack(">II", 0x80000000, 5)) + a_name(b"c"),
        struct.pack(">I", 1) + a_name(b"a", struct.pack(">II", 2, 0)),
    ],
    ids=["no names", "a name too few", "attributes", "attributes that swallow a name", "half an owner"],
)
def test_a_listing_that_has_fewer_names_than_it_claims_is_not_taken_for_the_whole_folder(serve, piece):
    assert "no connection: its answers make no sense" in used(Server(serve(ssh(subsystem=listing(piece))).settings()))


def test_a_piece_of_a_file_that_is_longer_than_asked_breaks_the_connection(serve):
    def talk(sftp):
        sftp.greet()
        while True:
            code, number, _ = sftp.hear()
            data = struct.pack(">I", 200) + b"x" * 200
            sftp.say(*((102, number + struct.pack(">I", 1) + b"h") if code == 3 else (103, number + data)))

    assert "no connection" in used(Server(serve(ssh(subsystem=talk)).settings()), lambda it: list(it.read("/a", 100)))


ASKED = {
    11: lambda session: session.entries("/"),
    7: lambda session: session.entry("/a"),
    3: lambda session: list(session.read("/a", 100)),
    8: lambda session: session.write("/a", b"x"),
}


@pytest.mark.parametrize(
    "answer", [(101, struct.pack(">I", 0)), (101, struct.pack(">I", 1)), (104, struct.pack(">I", 0))]
)
@pytest.mark.parametrize("odd", ASKED, ids=["OPENDIR", "LSTAT", "OPEN", "FSTAT"])
def test_ok_the_end_or_something_else_where_a_handle_or_attributes_are_due_breaks_the_connection(serve, odd, answer):
    def talk(sftp):
        sftp.greet()
        while True:
            code, number, _ = sftp.hear()
            if code == odd:
                sftp.say(answer[0], number + answer[1])
            elif code == 3:
                sftp.say(102, number + struct.pack(">I", 1) + b"h")
            else:
                sftp.say(101, number + struct.pack(">I", 1 if code == 5 else 0))

    assert "no connection" in used(Server(serve(ssh(subsystem=talk)).settings()), ASKED[odd])


@pytest.mark.parametrize("answer", [(101, b""), (101, b"\0\0\0"), (102, struct.pack(">I", 1) + b"h"), (104, b"")])
def test_a_change_that_is_not_answered_by_a_whole_status_is_none(serve, answer):
    def talk(sftp):
        sftp.greet()
        while True:
            _, number, _ = sftp.hear()
            sftp.say(answer[0], number + answer[1])

    why = used(Server(serve(ssh(subsystem=talk)).settings()), lambda session: session.rename("/a", "/b"))
    assert "no connection" in why


def test_a_handle_that_is_cut_short_breaks_the_connection(serve):
    def talk(sftp):
        sftp.greet()
        while True:
            _, number, _ = sftp.hear()
            sftp.say(102, number + struct.pack(">I", 2) + b"h")

    assert "no connection" in used(Server(serve(ssh(subsystem=talk)).settings()))


def test_a_server_that_answers_before_it_was_asked_is_not_used(serve):
    def talk(sftp):
        sftp.greet()
        sftp.say(101, struct.pack(">II", 1, 0))
        sftp.hear()

    assert used(Server(serve(ssh(subsystem=talk)).settings()))


def test_ok_where_attributes_are_due_is_no_name_that_is_there(serve):
    def talk(sftp):
        sftp.greet()
        while True:
            code, number, _ = sftp.hear()
            if code == 3:
                sftp.say(102, number + struct.pack(">I", 1) + b"h")
            else:
                sftp.say(101, number + struct.pack(">I", 0))

    why = used(Server(serve(ssh(subsystem=talk)).settings()), lambda session: session.begin("/a", ["/b"]))
    assert "no connection" in why


def without(untold, root, refused=""):
    """Serve this folder, with listings that leave out a part; of one file nothing is told."""

    class Far(paramiko.SFTPServerInterface):
        def list_folder(self, path):
            found = [paramiko.SFTPAttributes.from_stat(one.lstat(), one.name) for one in root.iterdir()]
            for one in found:
                setattr(one, untold, None)
            return found

        def lstat(self, path):
            if path.lstrip("/") == refused:
                return paramiko.SFTP_PERMISSION_DENIED
            return paramiko.SFTPAttributes.from_stat((root / path.lstrip("/")).lstat())

        def open(self, path, flags, attr):
            handle = paramiko.SFTPHandle(flags)
            handle.readfile = (root / path.lstrip("/")).open("rb")
            return handle

    return ssh(subsystem=Far)


@pytest.mark.parametrize("untold", ["st_mtime", "st_size"])
def test_what_a_listing_does_not_tell_of_a_file_is_asked_for(serve, tmp_path, untold):
    (tmp_path / "S1.csv").write_bytes(DATA)
    endpoint = SftpFolder(Server(serve(without(untold, tmp_path)).settings()), "", Clock(), Options(quiet=0))
    (seen,) = endpoint.list("").complete
    assert fetched(endpoint, seen) == DATA
    endpoint.close()


@pytest.mark.parametrize("untold", ["st_mtime", "st_size"])
def test_a_file_of_which_the_server_tells_nothing_waits_and_the_others_do_not(serve, tmp_path, untold):
    for name in ("S1.csv", "S2.csv"):
        (tmp_path / name).write_bytes(DATA)
    server = Server(serve(without(untold, tmp_path, refused="S1.csv")).settings())
    endpoint = SftpFolder(server, "", Clock(), Options(quiet=0))
    listing = endpoint.list("")
    assert [seen.name for seen in listing.complete] == ["S2.csv"]
    assert listing.waiting == {"S1.csv": "waiting because its server does not say what it is: permission denied"}
    assert fetched(endpoint, listing.complete[0]) == DATA
    endpoint.close()


def test_what_many_files_are_is_asked_for_at_once(serve, tmp_path, monkeypatch):
    for number in range(33):
        (tmp_path / f"S{number}.csv").write_bytes(DATA)
    flights, sent = [], Channel.sent
    monkeypatch.setattr(Channel, "sent", lambda self, *asked: (flights.append(len(asked)), sent(self, *asked))[1])
    endpoint = SftpFolder(Server(serve(without("st_mtime", tmp_path)).settings()), "", Clock(), Options(quiet=0))
    assert len(endpoint.list("").complete) == 33
    assert flights[-3:] == [16, 16, 1]
    endpoint.close()


def test_what_a_server_says_beside_the_answers_is_not_kept(serve):
    def talk(sftp):
        sftp.greet()
        while True:
            sftp.channel.sendall_stderr(b"warning\n" * 100)
            code, number, _ = sftp.hear()
            sftp.say(
                *((102, number + struct.pack(">I", 1) + b"h") if code == 11 else (101, number + struct.pack(">I", 1)))
            )

    server = Server(serve(ssh(subsystem=talk)).settings())
    with server.session() as session:
        assert session.entries("/") == []
    server.close()


def test_a_peer_that_takes_nothing_is_let_go():
    near, far = socket.socketpair()
    near.settimeout(0.1)
    link = Link(near, stall=0.5)
    began = time.monotonic()

    def send():
        while True:
            with suppress(TimeoutError):
                link.send(b"x" * MIB)

    with pytest.raises(ConnectionAbortedError):
        send()
    assert time.monotonic() - began > 0.5
    assert far.recv(1)
    far.close()


def answer_of(size):
    return struct.pack(">I", size) + b"x" * size


def test_what_nobody_reads_is_bounded():
    inbox, dropped = Inbox(), Dropped()
    for _ in range(AHEAD // 32768):
        inbox.feed(answer_of(32764))
        dropped.feed(b"x" * 32768)
    assert len(dropped) == 0
    with pytest.raises(Exception, match="window"):
        inbox.feed(b"x")


def test_who_waits_for_several_answers_gets_them_at_once_and_nothing_of_the_next():
    inbox, got = Inbox(), []
    inbox.wanted = 3
    reading = threading.Thread(target=lambda: got.append(inbox.read(AHEAD, 60.0)))
    reading.start()
    while not inbox._waits:
        time.sleep(0.001)
    whole = answer_of(5) + answer_of(1) + answer_of(300)
    for byte in whole[:-1]:
        inbox.feed(bytes([byte]))
    assert inbox._waits
    inbox.feed(whole[-1:] + answer_of(40)[:7])
    reading.join(60.0)
    assert got == [whole]
    inbox.close()
    assert inbox.read(AHEAD, 60.0) == b""


def test_enough_is_handed_on_though_more_is_awaited():
    inbox = Inbox()
    inbox.wanted = 100
    for _ in range(8):
        inbox.feed(answer_of(32768))
    assert len(inbox.read(AHEAD, 60.0)) == 8 * 32772


def test_each_answer_has_its_time_from_the_one_before_it():
    assert any(waited() > 0.8 for _ in range(20))  # the longest counts: on a busy machine one of them may come too late


def waited():
    """Give how long three answers, each in its time, are read before the fourth is missed."""
    inbox, wait = Inbox(), threading.Event()
    inbox.wanted = 4

    def talk():
        for _ in range(3):
            wait.wait(0.2)
            inbox.feed(answer_of(1))

    talking = threading.Thread(target=talk)
    talking.start()
    began = time.monotonic()
    with pytest.raises(PipeTimeout):
        inbox.read(AHEAD, 0.3)
    took = time.monotonic() - began
    talking.join()
    return took


# --- servers that hang or die -------------------------------------------------------------------------------------------


def below(process):
    """Give the processes below one, the youngest last."""
    children = subprocess.run(["pgrep", "-P", str(process)], capture_output=True, text=True, check=False).stdout.split()
    return [one for child in children for one in (int(child), *below(int(child)))]


def command(process):
    """Give the command line of a process; nothing of one of an earlier test that went meanwhile."""
    with suppress(FileNotFoundError, ProcessLookupError):
        return Path(f"/proc/{process}/cmdline").read_bytes()
    return b""


def signalled(processes, signal):
    for process in processes:
        with suppress(ProcessLookupError):  # of an earlier test, on its way out
            os.kill(process, signal)


@pytest.fixture
def hanging(request, sshd):
    """A server, and a way to stop what serves our connection."""
    server = Server(replace(sshd.settings, reply=getattr(request, "param", 3.0), keepalive=1))
    stopped = []

    def stop():
        stopped.extend(below(sshd.process.pid))
        signalled(stopped, signal.SIGSTOP)

    yield server, stop
    signalled(stopped, signal.SIGCONT)
    server.close()


@pytest.mark.parametrize("size", [10, 30 * MIB])
def test_a_server_that_hangs_while_a_file_is_sent_is_let_go_in_time(hanging, tmp_path, size):
    server, stop = hanging
    data = b"x" * size
    with server.session() as session:
        stop()
        began = time.monotonic()
        with pytest.raises(Unavailable):
            session.write(f"{tmp_path}/x", data)
        assert time.monotonic() - began < SOON


def test_a_server_that_dies_while_nothing_is_said_is_noticed_and_connected_to_anew(sshd, tmp_path):
    server = Server(sshd.settings)
    with server.session():
        first = server.transport
    signalled(below(sshd.process.pid), signal.SIGKILL)
    first.join(60)
    with server.session() as session:
        assert session.entries(str(tmp_path)) == []
        assert server.transport is not first
    server.close()


def test_a_channel_that_the_server_closed_while_nothing_was_said_is_opened_anew_over_the_same_connection(
    sshd, tmp_path
):
    server = Server(sshd.settings)
    with server.session() as one, server.session() as other:
        first, served = server.transport, below(sshd.process.pid)
    signalled([it for it in served if b"internal-sftp" in command(it)], signal.SIGKILL)
    until(lambda: not (one.stands or other.stands))
    with server.session() as session:
        assert session.entries(str(tmp_path)) == []
        assert server.transport is first
    server.close()


def test_a_connection_over_which_nothing_is_said_is_kept_alive(sshd, monkeypatch):
    asked, say = threading.Event(), Transport.say

    def told(self, payload):
        if payload[0] == MSG_GLOBAL_REQUEST:
            asked.set()
        say(self, payload)

    monkeypatch.setattr(Transport, "say", told)
    server = Server(replace(sshd.settings, keepalive=0.05))
    with server.session():
        assert asked.wait(SOON)
    server.close()


@pytest.mark.parametrize("hanging", [60.0], indirect=True)
def test_closing_does_not_wait_for_a_server_that_hangs(hanging):
    server, stop = hanging
    with server.session():
        pass
    stop()
    began = time.monotonic()
    server.close()
    assert time.monotonic() - began < SOON


def test_many_who_wait_while_one_is_refused_are_refused_with_it(serve):
    raw = serve(ssh())
    server = Server(raw.settings(password=None))
    why = []

    def ask():
        try:
            with server.session():
                pass
        except Unavailable as error:
            why.append(error.sort)

    asking = [threading.Thread(target=ask) for _ in range(4)]
    for one in asking:
        one.start()
    for one in asking:
        one.join(SOON)
    assert (why, len(raw.doors)) == (["login"] * 4, 1)
