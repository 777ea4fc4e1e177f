"""The SSH connection of paramiko, with what we hold safe, and no more: old algorithms only where a site allows them.

Promise: no CBC, SHA-1, MD5 unless allowed by name; checksums of the "encrypt then MAC" sort only beside a strict key
exchange (CVE-2023-48795). In trouble: paramiko's exceptions; `offered` says what the server had to offer.
"""

from __future__ import annotations

import hashlib
import logging
import threading
from collections.abc import Iterable
from typing import Any, ClassVar, Final

import paramiko
from cryptography.hazmat.primitives import hashes
from paramiko.kex_gex import KexGexSHA256
from paramiko.kex_group14 import KexGroup14SHA256
from paramiko.ssh_exception import IncompatiblePeer

from translator.endpoints.old_algorithms import OLD, Part
from translator.endpoints.sftp.inbox import Inbox
from translator.endpoints.sftp.packets import Packets

logging.getLogger("paramiko").setLevel(logging.CRITICAL + 1)  # what goes wrong is told by us, without a server's words

RSA: Final = ("rsa-sha2-512", "rsa-sha2-256")
_CIPHERS: Final = (
    "aes128-gcm@openssh.com",
    "aes256-gcm@openssh.com",
    "aes128-ctr",
    "aes192-ctr",
    "aes256-ctr",
)
_MACS: Final = (
    "hmac-sha2-256",
    "hmac-sha2-512",
    "hmac-sha2-256-etm@openssh.com",
    "hmac-sha2-512-etm@openssh.com",
)


class Sha1Group14(KexGroup14SHA256):
    """The key exchange of servers before 2016."""

    name = "diffie-hellman-group14-sha1"
    hash_algo = hashlib.sha1


class Sha1Exchange(KexGexSHA256):
    """The same with a group that the server chooses."""

    name = "diffie-hellman-group-exchange-sha1"
    hash_algo = hashlib.sha1


class Sha1Rsa(paramiko.RSAKey):
    """An RSA key whose signatures may be made with SHA-1."""

    HASHES: ClassVar[Any] = {**paramiko.RSAKey.HASHES, "ssh-rsa": hashes.SHA1}  # type: ignore[misc]


class Transport(paramiko.Transport):
    """One connection. `pins`: fingerprints of the keys it may show, now and whenever keys are changed under way; `old`:

    what this server is allowed beyond what is safe.
    """

    _kex_info: Final = {
        **paramiko.Transport._kex_info,  # type: ignore[attr-defined]  # noqa: SLF001
        Sha1Group14.name: Sha1Group14,
        Sha1Exchange.name: Sha1Exchange,
    }
    _key_info: Final = {**paramiko.Transport._key_info, "ssh-rsa": Sha1Rsa}  # type: ignore[attr-defined]  # noqa: SLF001

    packetizer: Packets
    clear_to_send_lock: threading.Lock
    clear_to_send: threading.Event
    active: bool
    _expected_packet: tuple[int, ...]
    remote_cipher: str
    local_cipher: str
    remote_mac: str
    local_mac: str
    agreed_on_strict_kex: bool
    server_extensions: dict[str, bytes]
    remote_version: str
    host_key: paramiko.PKey

    def __init__(self, link: Any, pins: Iterable[str], old: Iterable[str] = ()) -> None:
        super().__init__(link, packetizer_class=Packets)
        self.daemon = True
        self.inboxes: dict[int, Inbox] = {}  # of the channels, by their numbers
        self.packetizer.inbox_of = self._inbox_of
        self.pins = frozenset(pins)
        self.stranger: paramiko.PKey | None = None  # the host key that was shown and is not pinned
        self.old = tuple(old)
        self.offered: dict[Part, list[str]] = {}
        self.shown = "nothing"  # what the login was taken by
        self.dismissed = False  # the server said good-bye; else the link broke
        allowed = self.get_security_options()
        allowed.ciphers = (*_CIPHERS, *self._allowed("cipher"))
        allowed.digests = (*_MACS, *self._allowed("mac"))
        allowed.kex = (*allowed.kex, *self._allowed("kex"))
        allowed.key_types = (*allowed.key_types, *self._allowed("key"))

    def asked(self, types: Iterable[str]) -> None:
        """Ask for host keys of these types only: a server that has several shows one of them."""
        wanted = [name for type in types for name in self._signed(type)]
        self.get_security_options().key_types = tuple(dict.fromkeys(wanted))

    def asks(self, part: Part) -> tuple[str, ...]:
        """Say which algorithms this server may use."""
        asks = {"kex": self.preferred_kex, "key": self.preferred_keys}
        return tuple(asks.get(part) or (self.preferred_ciphers if part == "cipher" else self.preferred_macs))

    def signing(self) -> None:
        """Sign with SHA-1 where that is allowed and the server does not say that it can do better."""
        if "ssh-rsa" in self.old and not self.server_extensions.get("server-sig-algs"):
            self._preferred_pubkeys = ("ssh-rsa", *paramiko.Transport._preferred_pubkeys)  # type: ignore[attr-defined]  # noqa: SLF001
        elif "ssh-rsa" in self.old:
            self._preferred_pubkeys = (*paramiko.Transport._preferred_pubkeys, "ssh-rsa")  # type: ignore[attr-defined]  # noqa: SLF001

    def agreed(self) -> dict[Part, str]:
        """Say which algorithms are in use."""
        mac = "" if "gcm" in self.remote_cipher else self.remote_mac
        kex = next(name for name in self.preferred_kex if name in self.offered["kex"])
        return {"kex": kex, "key": self.host_key_type or "", "cipher": self.remote_cipher, "mac": mac}

    def _signed(self, type: str) -> tuple[str, ...]:
        return (*RSA, *(one for one in self._allowed("key") if one == type)) if type == "ssh-rsa" else (type,)

    def _allowed(self, part: Part) -> tuple[str, ...]:
        return tuple(name for name in self.old if OLD[name].part == part)

    def _verify_key(self, host_key: bytes, sig: bytes) -> None:
        super()._verify_key(host_key, sig)  # type: ignore[misc]
        if self.host_key.fingerprint not in self.pins:
            self.stranger = self.host_key
            raise paramiko.SSHException("not the pinned host key")

    def say(self, payload: bytes) -> None:
        """Send what belongs to a channel: with paramiko, each thread waits here until the one before it has sent its own."""
        with self.clear_to_send_lock:  # between the first and the last packet of a key exchange it must not be sent
            left = self.active and self.clear_to_send.is_set() and self.packetizer.leave(payload)
        if left:
            self.packetizer.flush()
        else:
            super()._send_user_message(paramiko.Message(payload))  # type: ignore[misc]

    def _send_user_message(self, data: paramiko.Message) -> None:
        self.say(data.asbytes())

    def _inbox_of(self, channel: int) -> Inbox | None:
        """Say where that goes which came on a channel; while a key exchange awaits its own packets, paramiko has to judge it."""
        return None if self._expected_packet else self.inboxes.get(channel)

    def _parse_disconnect(self, m: paramiko.Message) -> None:
        self.dismissed = True
        super()._parse_disconnect(m)  # type: ignore[misc]

    def _parse_kex_init(self, m: paramiko.Message) -> None:
        said = super()._really_parse_kex_init(paramiko.Message(m.asbytes()))  # type: ignore[misc]
        self.offered = {
            "kex": said["kex_algo_list"],
            "key": said["server_key_algo_list"],
            "cipher": said["server_encrypt_algo_list"],
            "mac": said["server_mac_algo_list"],
        }
        super()._parse_kex_init(m)  # type: ignore[misc]
        sealed = all("gcm" in cipher for cipher in (self.local_cipher, self.remote_cipher))
        late = "-etm@" in f"{self.local_mac} {self.remote_mac}"
        if late and not sealed and not self.agreed_on_strict_kex:
            raise IncompatiblePeer("no strict key exchange")
