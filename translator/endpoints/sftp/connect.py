"""Connect to a server, look whom we talk to, log in: in this order.

Promise: the server's key is pinned and checked before any secret leaves us; every wait has an end. In trouble: Unavailable.
"""

from __future__ import annotations

import io
import socket
from contextlib import ExitStack, suppress
from typing import Final

import paramiko

from translator.core.finding import Unavailable
from translator.endpoints.sftp.broken import lost
from translator.endpoints.sftp.settings import HostKey, Settings, private_key

_SORTS: Final[dict[str, type[paramiko.PKey]]] = {
    "ed25519": paramiko.Ed25519Key,
    "ecdsa": paramiko.ECDSAKey,
    "rsa": paramiko.RSAKey,
}
_RSA: Final = ("rsa-sha2-512", "rsa-sha2-256")


def connect(settings: Settings, pins: tuple[HostKey, ...], key: paramiko.PKey | None) -> paramiko.Transport:
    """Connect, check the server's key, log in: in this order."""
    with lost(settings):
        link = socket.create_connection((settings.host, settings.port), timeout=settings.connect)
        link.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        transport = paramiko.Transport(link)
        with ExitStack() as undo:
            undo.callback(transport.close)
            _shake(settings, transport, pins)
            _login(settings, transport, key)
            transport.set_keepalive(settings.keepalive)
            undo.pop_all()
    return transport


def _shake(settings: Settings, transport: paramiko.Transport, pins: tuple[HostKey, ...]) -> None:
    """Agree on a cipher, and look whom we talk to."""
    transport.banner_timeout = transport.handshake_timeout = settings.connect
    transport.auth_timeout = settings.login
    transport.channel_timeout = settings.reply
    _prefer(transport, pins)
    transport.start_client(timeout=settings.connect)
    _check(settings, pins, transport.get_remote_server_key())


def _prefer(transport: paramiko.Transport, pins: tuple[HostKey, ...]) -> None:
    """Ask for the key types that are pinned: a server that has several shows one of them."""
    types = [name for pin in pins if pin.type for name in (_RSA if pin.type == "ssh-rsa" else (pin.type,))]
    if types and all(pin.type for pin in pins):
        transport.get_security_options().key_types = tuple(dict.fromkeys(types))


def _check(settings: Settings, pins: tuple[HostKey, ...], offered: paramiko.PKey) -> None:
    if offered.fingerprint not in {pin.fingerprint for pin in pins}:
        raise Unavailable(
            f"{settings}: this is not the pinned host key: the server offered {offered.get_name()} {offered.fingerprint} "
            "(if its owner confirms the new key, or it is another of its keys, put this fingerprint into host_key)",
            sort="host-key",
        )


def _login(settings: Settings, transport: paramiko.Transport, key: paramiko.PKey | None) -> None:
    """Show the key, then the password where there is one: some servers want both."""
    try:
        if key:
            with suppress(*([paramiko.AuthenticationException] if settings.password else [])):
                transport.auth_publickey(settings.user, key)
        if settings.password and not transport.is_authenticated():
            transport.auth_password(settings.user, settings.password.reveal())
    except paramiko.AuthenticationException:
        raise Unavailable(f"{settings}: the server refused the login", sort="login") from None
    if not transport.is_authenticated():
        raise Unavailable(f"{settings}: the server wants more than we have to log in", sort="login")


def our_key(settings: Settings) -> paramiko.PKey | None:
    """Read our own key, ready to be shown. Raises Misconfigured."""
    key = private_key(settings)
    return _SORTS[key.type].from_private_key(io.StringIO(key.text)) if key else None
