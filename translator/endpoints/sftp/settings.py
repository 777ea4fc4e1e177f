"""What a site says about an SFTP server, and the key we show there.

In trouble: Misconfigured, never with a part of a secret.
"""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any, Final

from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, rsa

from translator.core.finding import Finding, Misconfigured
from translator.core.private import Private

CHANNELS: Final = 4


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
    old: tuple[str, ...] = ()  # algorithms that this server is allowed beyond the safe ones
    jump: Settings | None = None  # the server through which this one is reached
    connect: float = 15.0
    login: float = 30.0
    reply: float = 30.0  # for each answer, and for a free channel; how long nothing may be taken from us
    keepalive: int = 30
    posix: bool = False  # rename the way that replaces what is there: by the site's word alone
    channels: int = CHANNELS  # small servers get 1

    def __str__(self) -> str:
        host = f"[{self.host}]" if ":" in self.host else self.host
        return f"sftp://{self.user}@{host}:{self.port}"


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
    text = f"the private key for {settings.host} cannot be read"
    raise Misconfigured([Finding("sftp-key", text, hint=hint)])


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
