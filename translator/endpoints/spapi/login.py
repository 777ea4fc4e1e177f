"""Login with Amazon (LWA): the plain tokens of a process, by client id and refresh token.

Promises: one exchange at a time for each; accounts that share client id and refresh token share its token, kept until
a few minutes before its end and forgotten when Amazon denies it. Secrets are read anew for each exchange, so a rotated
one needs no restart. In trouble: Unavailable, whose reason names the credential to mend, never its value; a credential
that Amazon refuses is not tried again at once for each call that waits.
"""

from __future__ import annotations

import re
import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, datetime
from hashlib import sha256
from typing import Any, Final
from urllib.parse import urlencode

from translator.core.finding import Misconfigured, Rejected, Unavailable
from translator.core.jsontext import decode
from translator.core.ports import Clock
from translator.core.private import Private
from translator.core.tree import at
from translator.endpoints.spapi.answers import LONG, asked
from translator.endpoints.spapi.hosts import Hosts
from translator.endpoints.spapi.wire import Answer, Call, Wire

Secret = Callable[[], Private[str]]
ONCE: Final = 15.0  # seconds for which a refusal answers all who ask: one refusal is one try
EARLY: Final = 300.0  # seconds before its end a token is renewed
LIFE: Final = 180  # days after which Amazon takes a client secret no more
WARNED: Final = 30  # days before that a person is to hear of it
FORM: Final = "application/x-www-form-urlencoded;charset=UTF-8"
AUTHORISE: Final = (
    "add the role Direct-to-Consumer Shipping (Restricted), "
    "let the vendor authorise again, and use the new refresh token"
)
_TOKEN: Final = re.compile(r"[\x21-\x7e]{1,4096}")
_FAULTS: Final = {
    "invalid_grant": "the refresh token is wrong, revoked, or of another client id",
    "invalid_client": "the client id or the client secret is wrong, or the secret was rotated or is older than 180 days",
    "unauthorized_client": "the client id may not use a refresh token",
    "unsupported_grant_type": "the refresh token cannot be used with this client id",
    "invalid_request": "the client id, client secret or refresh token is empty or malformed",
    "invalid_scope": "the client id has no such right",
}
_REFUSED: Final = ("invalid_grant", "invalid_client", "unauthorized_client")  # who we are, whatever is asked


@dataclass(frozen=True, slots=True)
class Credentials:
    """What a person was given for an account; the secrets by reference."""

    client_id: str
    client_secret: Secret
    refresh_token: Secret


@dataclass(frozen=True, slots=True)
class Held:
    """A token, and until when (monotonic) it is used."""

    token: Private[str]
    until: float


@dataclass(slots=True)
class _Shelf:
    lock: threading.Lock = field(default_factory=threading.Lock)
    held: Held | None = None


class Logins:
    """The plain tokens of one process."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._shelves: dict[str, _Shelf] = {}
        self._refused: dict[bytes, tuple[float, str]] = {}  # what was sent -> when, and why it was refused

    def held(self, key: str, now: float, exchange: Callable[[], Held]) -> Held:
        """Give the token of a key: the one there is, or a fresh one."""
        shelf = self._shelf(key)
        with shelf.lock:
            if shelf.held is None or now >= shelf.held.until:
                shelf.held = exchange()
            return shelf.held

    def once(self, sent: bytes, now: float) -> None:
        """Raise the refusal of the very same credentials, where that is hardly over."""
        when, why = self._refused.get(sent, (now - ONCE, ""))
        if now - when < ONCE:
            raise Unavailable(why, LONG, sort="login")

    def refuse(self, sent: bytes, now: float, why: str) -> Unavailable:
        """Remember that these credentials were refused."""
        self._refused[sent] = now, why
        return Unavailable(why, LONG, sort="login")

    def drop(self, key: str, token: Private[str]) -> None:
        """Forget a token, unless it was renewed meanwhile."""
        shelf = self._shelf(key)
        with shelf.lock:
            if shelf.held and shelf.held.token is token:
                shelf.held = None

    def _shelf(self, key: str) -> _Shelf:
        with self._lock:
            return self._shelves.setdefault(key, _Shelf())


class Login:
    """How one account logs in."""

    def __init__(self, wire: Wire, hosts: Hosts, credentials: Credentials, clock: Clock, logins: Logins) -> None:
        self._wire = wire
        self._hosts = hosts
        self._credentials = credentials
        self._clock = clock
        self._logins = logins
        self._held: Held | None = None
        self._key = ""

    def token(self) -> Private[str]:
        """Give the plain token. Raises Unavailable."""
        now = self._clock.monotonic()
        if self._held is None or now >= self._held.until:
            self._key = self._digest()
            self._held = self._logins.held(self._key, now, lambda: held(self._exchange, PLAIN, self._clock))
        return self._held.token

    def forget(self) -> None:
        """Drop the token that Amazon denied."""
        if self._held is not None:
            self._logins.drop(self._key, self._held.token)
            self._held = None

    def holds(self, token: Private[str]) -> bool:
        """Tell whether this is the token in use."""
        return self._held is not None and self._held.token is token

    def _digest(self) -> str:
        parts = (self._hosts.login, self._credentials.client_id, read(self._credentials.refresh_token, "refresh token"))
        return sha256("\n".join(parts).encode("utf-8", "surrogatepass")).hexdigest()

    def _exchange(self) -> Any:
        form = Private(urlencode(self._form()).encode())
        sent, now = sha256(form.reveal()).digest(), self._clock.monotonic()
        self._logins.once(sent, now)
        answer = self._wire.ask(Call("token", "POST", f"{self._hosts.login}/auth/o2/token", media=FORM, body=form))
        if isinstance(answer, Answer) and answer.status in (400, 401, 403):
            error = _error(answer)
            why = f"LWA refuses: {f'{error}: {_FAULTS[error]}' if error in _FAULTS else f'status {answer.status}'}"
            raise self._logins.refuse(sent, now, why) if error in _REFUSED else Unavailable(why, LONG)
        try:
            return asked(answer).tree
        except Rejected as refused:
            raise Unavailable(f"LWA refuses: {refused.findings[0]}", LONG) from None

    def _form(self) -> dict[str, str]:
        return {
            "grant_type": "refresh_token",
            "refresh_token": read(self._credentials.refresh_token, "refresh token"),
            "client_id": self._credentials.client_id,
            "client_secret": read(self._credentials.client_secret, "client secret"),
        }


PLAIN: Final = ("access_token", "expires_in")
RESTRICTED: Final = ("restrictedDataToken", "expiresIn")


def held(exchange: Callable[[], Any], names: tuple[str, str], clock: Clock) -> Held:
    """Keep a token until shortly before its end, counted from before it was asked for."""
    now = clock.monotonic()
    tree = exchange()
    value, seconds = at(tree, names[0]), at(tree, names[1])
    if not isinstance(value, str) or not _TOKEN.fullmatch(value) or type(seconds) is not int or seconds <= 0:
        raise Unavailable(f"Amazon's answer holds no usable {names[0]}")
    return Held(Private(value), now + seconds - min(EARLY, seconds / 2))


def expiry(rotated: date, now: datetime) -> int:
    """Give the days that Amazon still takes a client secret which was made on this day."""
    return LIFE - (now.date() - rotated).days


def read(secret: Secret, name: str) -> str:
    """Read a secret. Raises Unavailable, which names it."""
    try:
        return secret().reveal().strip()
    except (OSError, ValueError, Misconfigured) as trouble:
        raise Unavailable(f"the {name} cannot be read ({type(trouble).__name__})", LONG) from None


def _error(answer: Answer) -> str:
    """Give OAuth's word for what is at fault; its sentence may quote a secret."""
    try:
        error = at(decode(answer.body or b""), "error")
    except Rejected:
        return ""
    return error if isinstance(error, str) else ""
