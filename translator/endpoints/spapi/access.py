"""Who may ask: Login with Amazon (LWA) tokens, and restricted data tokens (RDT) for what holds customers' data.

Promises: a token is fetched when it is needed, one exchange at a time, kept until a few minutes before its end, and
forgotten when Amazon denies it; secrets are read anew for each exchange, so a rotated one needs no restart. In
trouble: Unavailable, whose reason names the credential that a person has to mend, never its value.
"""

from __future__ import annotations

import re
import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Final
from urllib.parse import urlencode

from translator.core.finding import Misconfigured, Rejected, Unavailable
from translator.core.jsontext import decode, encode
from translator.core.ports import Clock
from translator.core.private import Private
from translator.core.tree import at
from translator.endpoints.spapi.answers import DENIALS, LONG, asked
from translator.endpoints.spapi.hosts import Hosts
from translator.endpoints.spapi.wire import Answer, Call, Lost, Wire

Secret = Callable[[], Private[str]]
EARLY: Final = 300.0  # seconds before its end a token is renewed
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


@dataclass(frozen=True, slots=True)
class Credentials:
    """What a person was given for an account; the secrets by reference."""

    client_id: str
    client_secret: Secret
    refresh_token: Secret


@dataclass(frozen=True, slots=True)
class Resource:
    """What holds customers' data: a method and a path; a part in braces stands for any one part."""

    method: str
    path: str

    def holds(self, method: str, path: str) -> bool:
        """Tell whether a call is one of these."""
        wanted, given = self.path.split("/"), path.split("/")
        return (
            method == self.method
            and len(wanted) == len(given)
            and all(part == other or part.startswith("{") for part, other in zip(wanted, given, strict=True))
        )


@dataclass(frozen=True, slots=True)
class _Held:
    token: Private[str]
    until: float


class Access:
    """The tokens of one account."""

    def __init__(
        self, wire: Wire, hosts: Hosts, credentials: Credentials, resources: Sequence[Resource], clock: Clock
    ) -> None:
        self._wire = wire
        self._hosts = hosts
        self._credentials = credentials
        self._resources = tuple(resources)
        self._clock = clock
        self._lock = threading.Lock()
        self._plain: _Held | None = None
        self._restricted: _Held | None = None

    def token(self, method: str, path: str) -> Private[str]:
        """Give the token that opens a path. Raises Unavailable."""
        with self._lock:
            if any(resource.holds(method, path) for resource in self._resources):
                return self._restricted_token()
            return self._plain_token()

    def forget(self, token: Private[str]) -> None:
        """Drop a token that Amazon denied, and what hangs on it, unless it was renewed meanwhile."""
        with self._lock:
            if any(held and held.token is token for held in (self._plain, self._restricted)):
                self._plain = self._restricted = None

    def _plain_token(self) -> Private[str]:
        if self._plain is None or self._stale(self._plain):
            self._plain = self._held(self._log_in, "access_token", "expires_in")
        return self._plain.token

    def _restricted_token(self) -> Private[str]:
        if self._restricted is None or self._stale(self._restricted):
            self._restricted = self._held(self._restrict, "restrictedDataToken", "expiresIn")
        return self._restricted.token

    def _stale(self, held: _Held) -> bool:
        return self._clock.monotonic() >= held.until

    def _held(self, exchange: Callable[[], Any], token: str, expires: str) -> _Held:
        """Keep a token until shortly before its end, counted from before it was asked for."""
        now = self._clock.monotonic()
        try:
            tree = exchange()
        except Rejected as refused:
            raise Unavailable(f"Amazon gives no {token}: {refused.findings[0]}; {AUTHORISE}", LONG) from None
        value, seconds = at(tree, token), at(tree, expires)
        if not isinstance(value, str) or not _TOKEN.fullmatch(value) or type(seconds) is not int or seconds <= 0:
            raise Unavailable(f"Amazon's answer holds no usable {token}")
        return _Held(Private(value), now + seconds - min(EARLY, seconds / 2))

    def _log_in(self) -> Any:
        form = Private(urlencode(self._form()).encode())
        answer = self._wire.ask(Call("token", "POST", f"{self._hosts.login}/auth/o2/token", media=FORM, body=form))
        if isinstance(answer, Answer) and answer.status in (400, 401, 403):
            raise Unavailable(f"LWA refuses: {_fault(answer)}", LONG)
        return asked(answer).tree

    def _form(self) -> dict[str, str]:
        return {
            "grant_type": "refresh_token",
            "refresh_token": _read(self._credentials.refresh_token, "refresh token"),
            "client_id": self._credentials.client_id,
            "client_secret": _read(self._credentials.client_secret, "client secret"),
        }

    def _restrict(self) -> Any:
        answer = self._ask_restricted()
        if isinstance(answer, Answer) and answer.status in DENIALS:
            self._plain = None
            answer = self._ask_restricted()
        return asked(answer).tree

    def _ask_restricted(self) -> Answer | Lost:
        wanted = [{"method": resource.method, "path": resource.path} for resource in self._resources]
        url = f"{self._hosts.api}/tokens/2021-03-01/restrictedDataToken"
        body = Private(encode({"restrictedResources": wanted}))  # no dataElements: they are for sellers
        return self._wire.ask(Call("token", "POST", url, self._plain_token(), "application/json", body))


def _read(secret: Secret, name: str) -> str:
    try:
        return secret().reveal().strip()
    except (OSError, ValueError, Misconfigured) as trouble:
        raise Unavailable(f"the {name} cannot be read ({type(trouble).__name__})", LONG) from None


def _fault(answer: Answer) -> str:
    """Name the credential at fault by OAuth's word for it; its sentence may quote a secret."""
    try:
        error = at(decode(answer.body or b""), "error")
    except Rejected:
        error = None
    if not isinstance(error, str) or error not in _FAULTS:
        return f"status {answer.status}"
    return f"{error}: {_FAULTS[error]}"
