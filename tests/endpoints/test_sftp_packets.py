"""Packets under AES-GCM: what paramiko's own packets make of them, and what a hostile peer may do."""

import socket
import struct
import threading
import time

import paramiko
import pytest
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from paramiko.packet import Packetizer

from translator.endpoints.sftp.inbox import Inbox
from translator.endpoints.sftp.link import Link
from translator.endpoints.sftp.packets import DATA, LEFT, Packets
from translator.endpoints.sftp.transport import Transport

KEY, NONCE = b"k" * 16, b"fix." + b"\0" * 7 + b"\xfe"
HOW = {"block_engine": AESGCM(KEY), "block_size": 16, "mac_engine": None, "mac_size": 16, "mac_key": None, "aead": True}
SIZES = (1, 2, 10, 11, 12, 13, 100, 32_768)


class Payload:
    def __init__(self, data):
        self.data = data

    def asbytes(self):
        return self.data


@pytest.fixture
def pair():
    """Ours and paramiko's, with the same key each way."""
    near, far = socket.socketpair()
    ours, theirs = Packets(Link(near, stall=5.0)), Packetizer(far)
    for one in (ours, theirs):
        one.set_outbound_cipher(**HOW, iv_out=NONCE)
        one.set_inbound_cipher(**HOW, iv_in=NONCE)
    late = threading.Timer(60.0, lambda: (ours.close(), theirs.close()))  # a read without an answer waits for ever
    late.start()
    yield ours, theirs
    late.cancel()
    ours.close()
    theirs.close()


def payload_of(size):
    return Payload(bytes([94]) + b"x" * (size - 1))


def test_paramiko_reads_what_we_seal_and_we_read_what_it_seals(pair):
    for sender, reader in (pair, pair[::-1]):
        for size in SIZES:
            sender.send_message(payload_of(size))
            sort, message = reader.read_message()
            assert (sort, message.asbytes()) == (94, b"x" * (size - 1))


def test_packets_that_were_left_are_sent_before_the_next_and_in_their_order(pair):
    ours, theirs = pair
    assert ours.leave(b"\x5eone")
    assert ours.leave(b"\x5etwo")
    ours.send_message(Payload(b"\x14key exchange"))
    assert [theirs.read_message()[0] for _ in range(3)] == [94, 94, 20]


def test_no_more_is_left_to_others_than_a_slow_wire_takes_in_time(pair):
    ours, theirs = pair
    assert ours.leave(b"x" * LEFT)
    assert not ours.leave(b"x")
    ours.flush()
    assert theirs.read_message()[0] == ord("x")
    assert ours.leave(b"x")


def test_many_threads_that_send_at_once_lose_and_mix_nothing(pair):
    ours, theirs = pair

    def talk(name):
        for number in range(200):
            payload = bytes([94, name, number])
            if ours.leave(payload):
                ours.flush()
            else:
                ours.send_message(Payload(payload))

    talking = [threading.Thread(target=talk, args=(name,)) for name in range(8)]
    for one in talking:
        one.start()
    found = [theirs.read_message()[1].asbytes() for _ in range(8 * 200)]
    for one in talking:
        one.join()
    for name in range(8):
        assert [one[1] for one in found if one[0] == name] == list(range(200))


def test_what_is_left_while_another_packet_is_on_its_way_is_sent_after_it(pair, monkeypatch):
    ours, theirs = pair
    held, send = threading.Event(), ours.write_all

    def slow(data):
        if len(data) > 1000:  # the long one stands in a full wire, until the short one was left
            assert held.wait(60.0)
        send(data)

    monkeypatch.setattr(ours, "write_all", slow)
    sending = threading.Thread(target=ours.send_message, args=(payload_of(LEFT),))
    sending.start()
    while not ours._sending.locked():
        pass
    assert ours.leave(b"\x5eshort")
    ours.flush()
    held.set()
    sending.join(60.0)
    theirs._Packetizer__socket.settimeout(0.1)
    assert theirs.read_message()[0] == 94
    assert theirs.read_message()[1].asbytes() == b"short"


def test_what_comes_on_a_channel_goes_to_its_inbox_and_what_belongs_to_none_is_handed_on(pair):
    ours, theirs = pair
    inboxes = {3: Inbox()}
    ours.inbox_of = inboxes.get
    answer = b"\0\0\0\4what"
    theirs.send_message(Payload(DATA.pack(94, 3, len(answer)) + answer))
    theirs.send_message(Payload(DATA.pack(94, 4, len(answer)) + answer))
    assert ours.read_message()[1].asbytes() == struct.pack(">II", 4, len(answer)) + answer
    assert inboxes[3].read(100, 1.0) == answer
    theirs.send_message(Payload(DATA.pack(94, 3, len(answer) + 1) + answer))  # it says that it is longer
    theirs.send_message(Payload(b"\x5e\0"))
    assert [ours.read_message()[0] for _ in range(2)] == [94, 94]
    assert len(inboxes[3]) == 0


def test_what_comes_on_a_channel_while_keys_are_agreed_on_is_left_to_paramiko_which_hangs_up():
    near, far = socket.socketpair()
    transport = Transport(Link(near, stall=5.0), [])
    transport.inboxes[3] = Inbox()
    assert transport.packetizer.inbox_of(3) is transport.inboxes[3]
    transport._expect_packet(31)
    assert transport.packetizer.inbox_of(3) is None
    transport.close()
    far.close()


def test_a_packet_that_was_changed_under_way_is_not_read(pair):
    ours, theirs = pair
    near, far = socket.socketpair()
    sealed = Packets(Link(near, stall=5.0))
    sealed.set_outbound_cipher(**HOW, iv_out=NONCE)
    sealed.send_message(payload_of(20))
    data = bytearray(far.recv(1000))
    data[-1] ^= 1
    theirs.write_all(bytes(data))
    with pytest.raises(InvalidTag):
        ours.read_message()
    sealed.close()
    far.close()


@pytest.mark.parametrize("length", [2**32 - 1, 2**31, 262_145])
def test_no_length_that_is_claimed_is_waited_for(pair, length):
    ours, theirs = pair
    theirs.write_all(length.to_bytes(4, "big") + bytes(12))
    with pytest.raises(paramiko.SSHException, match="too long"):
        ours.read_message()


def test_new_keys_are_asked_for_in_time_and_who_never_agrees_is_let_go(pair):
    ours, _ = pair
    ours.REKEY_BYTES, ours.REKEY_BYTES_OVERFLOW_MAX = 1000, 500
    ours.send_message(payload_of(900))
    assert not ours.need_rekey()
    ours.send_message(payload_of(200))
    assert ours.need_rekey()
    with pytest.raises(paramiko.SSHException, match="no new keys"):
        ours.send_message(payload_of(500))


def test_a_wait_that_is_over_is_none_that_failed():
    near, far = socket.socketpair()
    link = Link(near, stall=5.0)
    link.settimeout(0.05)
    with pytest.raises(TimeoutError):
        link.recv(10)
    with pytest.raises(TimeoutError):
        filled(link)
    far.sendall(b"there")
    assert (link.recv(3), link.held(3), link.held(2)) == (b"the", b"", b"re")
    link.close()
    far.close()


def test_a_server_that_sends_one_small_piece_at_a_time_is_told_at_once_that_it_came():
    with socket.create_server(("127.0.0.1", 0)) as server:
        near = socket.create_connection(server.getsockname())
        far, _ = server.accept()
    link, took = Link(near, stall=5.0), []
    while len(took) < 10 or (
        min(took) >= 0.02 and len(took) < 500
    ):  # the quickest counts: the kernel's wait is twice this
        link.send(b"?")
        far.recv(1)
        far.send(b"1")
        far.send(b"2")  # the kernel of the server keeps it until the first has come
        began = time.monotonic()
        assert link.recv(1) + link.recv(1) == b"12"
        took.append(time.monotonic() - began)
    assert min(took) < 0.02
    link.close()
    far.close()


def filled(link):
    while True:
        link.send(b"x" * 1_000_000)
