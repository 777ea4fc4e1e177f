"""What a site says about an SFTP server, and which keys it pins.

Promise: without a pinned host key there is no connection. In trouble: Misconfigured, never with a part of a secret.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any, Final

from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, rsa

from translator.core.finding import Finding, Misconfigured
from translator.core.private import Private

_TYPES: Final = ("ssh-ed25519", "ecdsa-sha2-nistp256", "ecdsa-sha2-nistp384", "ecdsa-sha2-nistp521", "ssh-rsa")


@dataclass(frozen=True, slots=True)
class Settings:
    """Where a server is, who we are there, and how long each wait may be, in seconds."""

    host: str
    user: str
    host_key: str  # "SHA256:…" or a line of known_hosts; several lines while a key is being changed
    port: int = 22
    key: Private[str] | None = None  # the text of the private key file
    passphrase: Private[str] | None = None
    password: Private[str] | None = None
    connect: float = 15.0
    login: float = 30.0
    reply: float = 30.0  # for each answer, and for a free channel
    keepalive: int = 30
    channels: int = 4  # small servers get 1

    def __str__(self) -> str:
        return f"sftp://{self.user}@{self.host}:{self.port}"


@dataclass(frozen=True, slots=True)
class HostKey:
    """A pinned key: its fingerprint, and its type where known."""

    fingerprint: str
    type: str = ""


def pinned(text: str) -> tuple[HostKey, ...]:
    """Read the pinned keys. Raises Misconfigured: without one nothing is ever connected."""
    lines = [line.strip() for line in text.splitlines() if line.strip() and not line.lstrip().startswith("#")]
    keys = tuple(_host_key(line) for line in lines)
    if not keys:
        raise misconfigured("host-key", "no host key is pinned", "ask the server's owner for its SHA256:… fingerprint")
    return keys


def _host_key(line: str) -> HostKey:
    if line.startswith("SHA256:"):
        return HostKey(line.split(maxsplit=1)[0].rstrip("="))
    words = line.split()
    place = next((number for number, word in enumerate(words[:-1]) if word in _TYPES), None)
    try:
        blob = base64.b64decode(words[place + 1], validate=True) if place is not None else b""
    except binascii.Error:
        blob = b""
    if place is None or not blob:
        raise misconfigured("host-key", "this is no host key", "give SHA256:… or a whole line of known_hosts")
    digest = base64.b64encode(hashlib.sha256(blob).digest()).decode().rstrip("=")
    return HostKey(f"SHA256:{digest}", words[place])


@dataclass(frozen=True, slots=True)
class PlainKey:
    """Our own key, unlocked, in a form that paramiko reads: kept no longer than it takes."""

    type: str
    text: str = field(repr=False)


def private_key(settings: Settings) -> PlainKey | None:
    """Read our own key, whatever its type. Raises Misconfigured, never with a part of the key.

    By cryptography, and handed on in the oldest form: paramiko 5.1 itself refuses half of all ECDSA keys that
    ssh-keygen writes ("Invalid key curve identifier").
    """
    if settings.key is None:
        return None
    phrase = settings.passphrase.reveal().encode() if settings.passphrase else None
    for read in (serialization.load_ssh_private_key, serialization.load_pem_private_key):
        with suppress(ValueError, TypeError, UnsupportedAlgorithm):
            return _plain(read(settings.key.reveal().encode(), phrase))
    hint = "an Ed25519, ECDSA or RSA key as ssh-keygen writes it, and its passphrase if it has one"
    raise misconfigured("key", f"the private key for {settings.host} cannot be read", hint)


def _plain(key: Any) -> PlainKey:
    if isinstance(key, ed25519.Ed25519PrivateKey):
        return PlainKey("ed25519", _text(key, serialization.PrivateFormat.OpenSSH))
    if isinstance(key, ec.EllipticCurvePrivateKey):
        return PlainKey("ecdsa", _text(key, serialization.PrivateFormat.TraditionalOpenSSL))
    if isinstance(key, rsa.RSAPrivateKey):
        return PlainKey("rsa", _text(key, serialization.PrivateFormat.TraditionalOpenSSL))
    raise TypeError


def _text(key: Any, form: serialization.PrivateFormat) -> str:
    data: bytes = key.private_bytes(serialization.Encoding.PEM, form, serialization.NoEncryption())
    return data.decode("ascii")


def misconfigured(code: str, text: str, hint: str) -> Misconfigured:
    """Say what is wrong with the settings of a server."""
    return Misconfigured([Finding(f"sftp-{code}", text, hint=hint)])
