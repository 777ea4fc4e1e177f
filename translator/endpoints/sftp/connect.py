"""Connect to a server, look whom we talk to, log in: in this order.

Promise: the server's key is pinned and checked before any secret leaves us, a jump host's as well; a password is given
once, to a server that asks for it alone; every wait has an end. In trouble: Unavailable, which says its sort where time
alone does not mend it.
"""

from __future__ import annotations

import io
import time
from contextlib import ExitStack
from typing import Any, Final

import paramiko
from paramiko.ssh_exception import IncompatiblePeer

from translator.core.finding import Unavailable
from translator.endpoints.host_keys import HostKey, pinned
from translator.endpoints.old_algorithms import OLD, Part
from translator.endpoints.sftp.broken import lost
from translator.endpoints.sftp.link import Link, dial
from translator.endpoints.sftp.settings import Settings, private_key
from translator.endpoints.sftp.transport import Sha1Rsa, Transport

_SORTS: Final[dict[str, type[paramiko.PKey]]] = {
    "ed25519": paramiko.Ed25519Key,
    "ecdsa": paramiko.ECDSAKey,
    "rsa": Sha1Rsa,
}
_PARTS: Final[dict[Part, str]] = {
    "kex": "key exchange",
    "key": "host key",
    "cipher": "cipher",
    "mac": "checksum",
}


class Known:
    """A server's settings, read once: its pinned keys, and the key we show. Raises Misconfigured."""

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        self.pins = pinned(settings.host_key, settings.host, settings.port)
        self.key = _our_key(settings)
        self.jump = Known(settings.jump) if settings.jump else None


def connect(known: Known) -> Transport:
    """Connect, check the server's key, log in."""
    settings = known.settings
    with ExitStack() as undo:
        link = _link(known)
        undo.callback(link.close)
        with lost(settings):
            transport = Transport(link, (pin.fingerprint for pin in known.pins), settings.old)
            undo.callback(transport.close)
            _shake(settings, transport, known.pins)
            _login(settings, transport, known.key)
            transport.set_keepalive(settings.keepalive)
        undo.pop_all()
    return transport


def _link(known: Known) -> Link:
    """Reach the server, through its jump host where it has one."""
    settings = known.settings
    if known.jump is None:
        with lost(settings):
            return dial(settings.host, settings.port, settings.connect, settings.reply)
    jump = connect(known.jump)
    try:
        with lost(settings):
            there = (settings.host, settings.port)
            return Link(
                jump.open_channel("direct-tcpip", there, ("", 0), timeout=settings.connect), settings.reply, jump.close
            )
    except Unavailable as error:
        jump.close()
        raise Unavailable(f"{error.reason} through {known.jump.settings}") from None


def _shake(settings: Settings, transport: Transport, pins: tuple[HostKey, ...]) -> None:
    """Agree on a cipher, and look whom we talk to."""
    transport.banner_timeout = transport.handshake_timeout = settings.connect
    transport.auth_timeout = settings.login
    transport.channel_timeout = settings.reply
    if all(pin.type for pin in pins):
        transport.asked(pin.type for pin in pins)
    try:
        transport.start_client(timeout=settings.connect)
        transport.get_remote_server_key()  # raises where the time is over
    except IncompatiblePeer:
        raise Unavailable(f"{settings}: {_disagreed(transport)}") from None
    except paramiko.SSHException:
        if transport.stranger is None:
            raise
        raise _strange(settings, transport.stranger) from None


def _disagreed(transport: Transport) -> str:
    """Say what the server would have to be allowed; its own words go no further."""
    for part, called in _PARTS.items():
        offered = transport.offered.get(part, [])
        if not set(offered) & set(transport.asks(part)):
            old = [name for name in OLD if name in offered]
            more = (
                f"it has only old ones: until its owner mends that, allow one by old: [{old[0]}]"
                if old
                else "none of its is known here"
            )
            return f"no {called} is agreed on ({more})"
    return "no algorithms are agreed on (the server wants a checksum that is safe beside a strict key exchange only)"


def _strange(settings: Settings, offered: paramiko.PKey) -> Unavailable:
    return Unavailable(
        f"{settings}: this is not the pinned host key: the server offered {offered.get_name()} {offered.fingerprint} "
        "(if its owner confirms the new key, or it is another of its keys, put this fingerprint into host_key)",
        sort="host-key",
    )


def _login(settings: Settings, transport: Transport, key: paramiko.PKey | None) -> None:
    """Show the key, then the password where there is one: some servers want both."""
    transport.signing()
    refused = False
    if key:
        refused = not _tried(settings, transport, lambda: transport.auth_publickey(settings.user, key))
    if settings.password and not transport.is_authenticated():
        refused = not _tried(settings, transport, lambda: _password(settings, transport))
    if not transport.is_authenticated():
        why = "the server refused the login" if refused else "the server wants more than we have to log in"
        raise Unavailable(f"{settings}: {why}", sort="login")


def _tried(settings: Settings, transport: Transport, show: Any) -> bool:
    """Tell whether it was taken; a link that broke, or an answer that did not come, is no refusal."""
    until = time.monotonic() + settings.login
    try:
        show()
    except paramiko.AuthenticationException:
        if time.monotonic() >= until:
            raise TimeoutError from None
        if not transport.is_active() and not transport.dismissed:
            raise EOFError from None
        return False
    return True


def _password(settings: Settings, transport: Transport) -> None:
    """Give the password: as such, or as the answer to the one question that a server has instead."""
    try:
        transport.auth_password(settings.user, _revealed(settings), fallback=False)
    except paramiko.BadAuthenticationType as error:
        if "keyboard-interactive" not in error.allowed_types:
            raise
        asked = _Asked(_revealed(settings))
        try:
            transport.auth_interactive(settings.user, asked.answer)
        except paramiko.SSHException:
            if asked.too_much:
                raise Unavailable(f"{settings}: the server asks for more than the password", sort="login") from None
            raise


def _revealed(settings: Settings) -> str:
    return settings.password.reveal() if settings.password else ""


class _Asked:
    """Answers a server's questions: the password to one hidden prompt, once; to anything else nothing."""

    def __init__(self, password: str) -> None:
        self._password = password
        self.too_much = False

    def answer(self, title: str, instructions: str, prompts: list[tuple[str, bool]]) -> list[str]:
        """Answer one round of questions."""
        if not prompts:
            return []
        if len(prompts) > 1 or prompts[0][1] or not self._password:
            self.too_much = True
            raise paramiko.SSHException("more than the password")
        password, self._password = self._password, ""
        return [password]


def _our_key(settings: Settings) -> paramiko.PKey | None:
    key = private_key(settings)
    return _SORTS[key.type].from_private_key(io.StringIO(key.text)) if key else None
