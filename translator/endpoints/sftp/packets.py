"""Packets of SSH, with bounds on what a peer claims; those under AES-GCM in fewer steps than paramiko takes.

Each system call lets another thread run, and each lock may let one wait: both cost more than the cipher. So the packets that
came together are cut apart without a further call, and a thread that finds another one sending leaves its packet to that one.
What comes on a channel goes to who awaits it, past the loop of paramiko.
Promise: what goes over the wire is what paramiko would send (RFC 5647), in the order of its locks, and new keys are asked
for as early; what is not AES-GCM is left to it. In trouble: what breaks a transport.
"""

from __future__ import annotations

import os
import struct
import threading
from collections.abc import Callable
from typing import Any, Final

import paramiko
from paramiko.common import MSG_CHANNEL_DATA
from paramiko.packet import Packetizer

from translator.endpoints.sftp.inbox import Inbox
from translator.endpoints.sftp.link import Link

PACKET: Final = 262_144  # bytes of the longest packet, as OpenSSH has it
GREETING: Final = 65_536  # bytes before the server has said that it speaks SSH
LEFT: Final = 32_768  # bytes that are left to another thread: more would wait for a slow wire while their answer is due
DATA: Final = struct.Struct(
    ">BII"
)  # how a packet of a channel's data begins: its sort, the number of the channel, the length
_NOISE: Final = 4_096
_BLOCK: Final = 16  # bytes of the cipher; of its checksum as well
_LENGTH: Final = struct.Struct(">I")
_HEAD: Final = struct.Struct(">IB")


class Packets(Packetizer):
    """Packets of a length that is believed only when it is small, after a greeting that is small, too."""

    def __init__(self, socket: Link) -> None:
        super().__init__(socket)  # type: ignore[arg-type]
        self._link = socket
        self.inbox_of: Callable[[int], Inbox | None] = lambda channel: None
        self._greeting = 0
        self._complete = False
        self._out: _Seal | None = None  # None: not AES-GCM
        self._in: _Seal | None = None
        self._sending = threading.Lock()
        self._guard = threading.Lock()
        self._left: list[bytes] = []  # to whoever is sending
        self._size = 0

    def set_outbound_cipher(self, *args: Any, **how: Any) -> None:
        """Change the keys of what is sent."""
        super().set_outbound_cipher(*args, **how)
        self._out = _Seal(how["block_engine"], how["iv_out"]) if how["aead"] else None

    def set_inbound_cipher(self, *args: Any, **how: Any) -> None:
        """Change the keys of what comes."""
        super().set_inbound_cipher(*args, **how)
        self._in = _Seal(how["block_engine"], how["iv_in"]) if how["aead"] else None

    def complete_handshake(self) -> None:
        """Stop the clock of the handshake: paramiko asks for it at each packet."""
        if not self._complete:
            self._complete = True
            super().complete_handshake()

    def send_message(self, data: Any) -> None:
        """Send one packet, after those that were left."""
        if self._out is None:
            super().send_message(data)
            return
        with self._sending:
            self._send(self._out, [*self._taken(), data.asbytes()])
        self.flush()  # what was left meanwhile

    def leave(self, payload: bytes) -> bool:
        """Leave one packet to whoever flushes next; tell whether there is room for it."""
        with self._guard:
            if self._out is None or self._size + len(payload) > LEFT:
                return False
            self._left.append(payload)
            self._size += len(payload)
            return True

    def flush(self) -> None:
        """Send what was left, unless somebody is sending, who does it then."""
        while self._left and self._sending.acquire(blocking=False):
            try:
                if (left := self._taken()) and self._out:
                    self._send(self._out, left)
            finally:
                self._sending.release()

    def read_message(self) -> tuple[int, paramiko.Message]:
        """Read one packet."""
        return self._read(self._in) if self._in else super().read_message()

    def read_all(self, n: int, check_rekey: bool = False) -> bytes:  # noqa: FBT001, FBT002 - paramiko's own
        """Read so many bytes."""
        if n > PACKET:
            raise paramiko.SSHException("a packet that is too long")
        held = self._link.held(n) if self._in else b""
        data: bytes = held or super().read_all(n, check_rekey)
        return data

    def _taken(self) -> list[bytes]:
        with self._guard:
            left, self._left, self._size = self._left, [], 0
        return left

    def _send(self, seal: _Seal, payloads: list[bytes]) -> None:
        self.write_all(b"".join([seal.packet(payload) for payload in payloads]))
        self._renew(seal)

    def _read(self, seal: _Seal) -> tuple[int, paramiko.Message]:
        payload = self._opened(seal)
        while (inbox := self._inbox(payload)) is not None:
            inbox.feed(payload[DATA.size :])
            payload = self._opened(seal)
        message = paramiko.Message(payload[1:])
        message.seqno = seal.packets - 1
        return payload[0], message

    def _opened(self, seal: _Seal) -> bytes:
        head = self.read_all(_BLOCK, check_rekey=True)
        payload = seal.payload(head, self.read_all(_LENGTH.unpack_from(head)[0] + 4))
        self._renew(seal)
        return payload

    def _inbox(self, payload: bytes) -> Inbox | None:
        """Say where it goes directly: the data of a channel, unless paramiko has to see to it or to new keys first."""
        if payload[0] != MSG_CHANNEL_DATA or len(payload) < DATA.size or self.need_rekey():
            return None
        _, channel, size = DATA.unpack_from(payload)
        return self.inbox_of(channel) if size == len(payload) - DATA.size else None

    def _renew(self, seal: _Seal) -> None:
        """Have new keys agreed on when these have served enough; a peer that never does is let go."""
        if seal.packets < self.REKEY_PACKETS and seal.bytes < self.REKEY_BYTES:
            return
        if seal.bytes > self.REKEY_BYTES + self.REKEY_BYTES_OVERFLOW_MAX:
            raise paramiko.SSHException("no new keys are agreed on")
        if not self.need_rekey():
            self._trigger_rekey()  # type: ignore[attr-defined]

    def _read_timeout(self, timeout: float) -> bytes:
        self._greeting += 128
        if self._greeting > GREETING:
            raise paramiko.SSHException("a greeting that is too long")
        data: bytes = super()._read_timeout(timeout)  # type: ignore[misc]
        return data


class _Seal:
    """One way of the connection under AES-GCM: its key, the number that no two packets share, and how much it carried."""

    __slots__ = ("_engine", "_fixed", "_noise", "_number", "bytes", "packets")

    def __init__(self, engine: Any, nonce: bytes) -> None:
        self._engine = engine
        self._fixed, self._number = nonce[:4], int.from_bytes(nonce[4:], "big")
        self._noise = b""
        self.packets = self.bytes = 0

    def packet(self, payload: bytes) -> bytes:
        """Seal one: its length is seen, and vouched for."""
        padding = 3 + _BLOCK - (len(payload) + 4) % _BLOCK
        head = _HEAD.pack(len(payload) + padding + 1, padding)
        if len(self._noise) < padding:
            self._noise = os.urandom(_NOISE)
        noise, self._noise = self._noise[:padding], self._noise[padding:]
        sealed: bytes = self._engine.encrypt(self._nonce(len(payload)), head[4:] + payload + noise, head[:4])
        return head[:4] + sealed

    def payload(self, head: bytes, rest: bytes) -> bytes:
        """Open one, of which the first block was read before the rest."""
        opened: bytes = self._engine.decrypt(self._nonce(len(rest)), head[4:] + rest, head[:4])
        return opened[1 : len(opened) - opened[0]]

    def _nonce(self, size: int) -> bytes:
        nonce = self._fixed + self._number.to_bytes(8, "big")
        self._number = (self._number + 1) % 2**64
        self.packets += 1
        self.bytes += size
        return nonce
