"""Connect to a server, look whom we talk to, log in: in this order.

Promise: the server's key is pinned and checked before any secret leaves us, a jump host's as well; a password is given
once, to a server that asks for it alone; every wait has an end. In trouble: Unavailable, which says its sort where time
alone does not mend it.
"""

from __future__ import annotations

import io
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from typing import Final

import paramiko
from paramiko.ssh_exception import IncompatiblePeer

from translator.core.finding import Unavailable
from translator.core.private import Private
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
_WAYS: Final = {"publickey": "a key", "password": "a password", "keyboard-interactive": "answers to questions"}
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
        raise Unavailable(f"{error.reason} through {known.jump.settings}", sort=error.sort) from None


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
        raise Unavailable(f"{settings}: {_disagreed(transport)}", sort="away") from None
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
                else "none of its own is known here"
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
    """Show what the server wants to see: the key, then the password where there is one; some want both."""
    ways = _ways(settings, transport)
    transport.signing()  # what the server says of itself has come by now
    refused = False
    if key and "publickey" in ways:
        transport.shown = f"our key ({key.get_name()})"
        further = _tried(settings, transport, lambda: transport.auth_publickey(settings.user, key))
        refused, ways = further is None, ways if further is None else further
    if settings.password and not transport.is_authenticated():
        transport.shown = "the password" if refused or not key else f"{transport.shown} and the password"
        show = _password(settings, transport, settings.password, ways)
        refused |= show is not None and _tried(settings, transport, show) is None
    if not transport.is_authenticated():
        raise Unavailable(f"{settings}: {_no_login(transport.shown, ways, refused=refused)}", sort="login")


def _no_login(shown: str, ways: frozenset[str], *, refused: bool) -> str:
    """Say why nobody is logged in, and what to do; of a server's own words none but those that are known."""
    if refused:
        hint = f"it was shown {shown}: mend user, key or password, or have its owner look at the account"
        return f"the server refused the login ({hint})"
    takes = " or ".join(called for way, called in _WAYS.items() if way in ways) or "nothing that is known here"
    return f"the server wants more than we have to log in (it takes {takes}: give it that, or ask its owner)"


def _ways(settings: Settings, transport: Transport) -> frozenset[str]:
    """Ask in which ways one may log in: nothing is shown to a server that has no use for it."""
    try:
        with _answered(settings, transport):
            return frozenset(transport.auth_none(settings.user))
    except paramiko.BadAuthenticationType as error:
        return frozenset(error.allowed_types)
    except paramiko.AuthenticationException:
        return frozenset()


def _password(
    settings: Settings, transport: Transport, password: Private[str], ways: frozenset[str]
) -> Callable[[], list[str]] | None:
    """Say how the password is given: as such, or as the answer to the one question that a server has instead."""
    if "password" in ways:
        return lambda: transport.auth_password(settings.user, password.reveal(), fallback=False)
    if "keyboard-interactive" in ways:
        return lambda: _interactively(settings, transport, _Asked(password))
    return None


def _interactively(settings: Settings, transport: Transport, asked: _Asked) -> list[str]:
    try:
        return transport.auth_interactive(settings.user, asked.answer)
    except paramiko.SSHException:
        if asked.too_much:
            raise Unavailable(f"{settings}: the server asks for more than the password", sort="login") from None
        raise


def _tried(settings: Settings, transport: Transport, show: Callable[[], list[str]]) -> frozenset[str] | None:
    """Show it; give what the server wants to see beside, or None where it was refused."""
    try:
        with _answered(settings, transport):
            return frozenset(show())
    except paramiko.AuthenticationException:
        return None


@contextmanager
def _answered(settings: Settings, transport: Transport) -> Iterator[None]:
    """Tell an answer from none: paramiko calls a link that broke, or a time that is over, a refusal."""
    until = time.monotonic() + settings.login
    try:
        yield
    except paramiko.AuthenticationException:
        if time.monotonic() >= until:
            raise TimeoutError from None
        if not transport.is_active() and not transport.dismissed:
            raise EOFError from None
        raise


class _Asked:
    """Answers a server's questions: the password to one hidden prompt, once; to anything else nothing."""

    def __init__(self, password: Private[str]) -> None:
        self._password: Private[str] | None = password
        self.too_much = False

    def answer(self, title: str, instructions: str, prompts: list[tuple[str, bool]]) -> list[str]:
        """Answer one round of questions."""
        if not prompts:
            return []
        if len(prompts) > 1 or prompts[0][1] or self._password is None:
            self.too_much = True
            raise paramiko.SSHException("more than the password")
        password, self._password = self._password, None
        return [password.reveal()]


def _our_key(settings: Settings) -> paramiko.PKey | None:
    key = private_key(settings)
    return _SORTS[key.type].from_private_key(io.StringIO(key.text)) if key else None
