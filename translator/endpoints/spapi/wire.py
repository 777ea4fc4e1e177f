"""One HTTP exchange, tried once: what came back, or that nothing came and whether the request had begun.

Promises: no redirect is followed, nothing is repeated, a body is at most `Limits.body` bytes after unpacking, all of it
ends by `Limits.total`, and no token or body is ever part of a reason or a repr. In trouble it answers with a value
(`Lost`, or an `Answer` whose body is None); it raises nothing but what `Call.first` does.
"""

from __future__ import annotations

import zlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from http.cookiejar import DefaultCookiePolicy
from typing import Any, Final
from urllib.parse import urlsplit

import httpcore
import httpx

from translator.core.ports import Clock, Faults
from translator.core.private import Private
from translator.endpoints.spapi.hosts import user_agent
from translator.endpoints.spapi.network import Network, Transport
from translator.endpoints.spapi.skew import Skew

NOTHING: Final = Private(b"")
TROUBLE: Final = (
    httpcore.TimeoutException,
    httpcore.NetworkError,
    httpcore.ProtocolError,
    httpx.HTTPError,
    httpx.StreamError,
    OSError,
)
FIRST_BYTE: Final = "http11.send_request_headers.started"


@dataclass(frozen=True, slots=True)
class Limits:
    """How long and how much, all finite: seconds, bytes, connections."""

    connect: float = 10.0
    read: float = 30.0
    write: float = 30.0
    total: float = 60.0
    body: int = 20_000_000
    connections: int = 32


@dataclass(frozen=True, slots=True)
class Call:
    """One request. `name` is what it is for, and its fault point: get, post, token."""

    name: str
    method: str
    url: str
    token: Private[str] | None = None
    media: str = ""
    body: Private[bytes] = NOTHING
    first: Callable[[], None] | None = None  # called directly before the first byte; may raise Unavailable


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back. `body` None: it broke off, was too large or could not be unpacked, as `flaw` says."""

    status: int
    headers: Mapping[str, str] = field(repr=False)
    body: bytes | None = field(repr=False)
    flaw: str = ""


@dataclass(frozen=True, slots=True)
class Lost:
    """Nothing came back. `begun`: a byte of the request may have reached the other side."""

    reason: str
    begun: bool


class Wire:
    """One long-lived client for one account."""

    def __init__(self, limits: Limits, faults: Faults, clock: Clock) -> None:
        self.skew = Skew(clock)
        self._limits = limits
        self._faults = faults
        self._clock = clock
        self._network = Network()
        self._client = httpx.Client(
            transport=Transport(self._network, limits.connections),
            trust_env=False,
            follow_redirects=False,
            timeout=httpx.Timeout(limits.read, connect=limits.connect, write=limits.write, pool=limits.connect),
            headers={"user-agent": user_agent(), "accept": "application/json", "accept-encoding": "gzip"},
        )
        self._client.cookies.jar.set_policy(DefaultCookiePolicy(allowed_domains=[]))

    def ask(self, call: Call) -> Answer | Lost:
        """Ask once."""
        self._faults.reach(f"spapi.{call.name}.before")
        begun = self._clock.monotonic()
        with self._network.within(self._limits.total):
            answer = self._exchange(call)
        if isinstance(answer, Answer):
            self.skew.hear(answer.headers, self._clock.monotonic() - begun)
        self._faults.reach(f"spapi.{call.name}.after")
        return answer

    def close(self) -> None:
        """Let go of the connections."""
        self._client.close()

    def _exchange(self, call: Call) -> Answer | Lost:
        begun: list[str] = []

        def trace(event: str, _: Mapping[str, Any]) -> None:
            if event == FIRST_BYTE:
                if call.first:
                    call.first()
                begun.append(event)

        try:
            with self._client.stream(
                call.method, call.url, headers=_headers(call), content=_content(call), extensions={"trace": trace}
            ) as response:
                return self._read(response)
        except TROUBLE as trouble:
            return Lost(f"{urlsplit(call.url).hostname}: {_reason(trouble)}", bool(begun))

    def _read(self, response: httpx.Response) -> Answer:
        headers = {name.lower(): value for name, value in response.headers.items()}
        try:
            body = _body(response, self._limits.body)
        except TROUBLE as trouble:
            return Answer(response.status_code, headers, None, f"the answer broke off: {_reason(trouble)}")
        except (zlib.error, _Unreadable) as trouble:
            flaw = str(trouble) if isinstance(trouble, _Unreadable) else "the answer is no gzip"
            return Answer(response.status_code, headers, None, flaw)
        return Answer(response.status_code, headers, body)


class _Unreadable(Exception):
    pass


def _headers(call: Call) -> dict[str, str]:
    headers = {"content-type": call.media} if call.media else {}
    return headers if call.token is None else headers | {"x-amz-access-token": call.token.reveal()}


def _content(call: Call) -> bytes | None:
    return None if call.method == "GET" else call.body.reveal()  # a GET with a Content-Length is a cause of 400


def _body(response: httpx.Response, most: int) -> bytes:
    coding = response.headers.get("content-encoding", "identity").strip().lower()
    if coding not in ("identity", "gzip"):
        raise _Unreadable("the answer has an encoding that was not asked for")
    unpack = zlib.decompressobj(zlib.MAX_WBITS | 16) if coding == "gzip" else None
    body = bytearray()
    for piece in response.iter_raw():
        body += unpack.decompress(piece, most + 1 - len(body)) if unpack else piece  # a bomb goes off to the limit only
        if len(body) > most:
            raise _Unreadable(f"the answer is larger than {most} bytes")
    if unpack and not unpack.eof:
        raise _Unreadable("the answer broke off inside its gzip")
    return bytes(body)


def _reason(trouble: Exception) -> str:
    """Say what happened without the library's words: these may quote what was sent. A failed connect sent nothing."""
    if isinstance(trouble, httpcore.ConnectError):
        return f"cannot connect ({''.join(filter(str.isprintable, str(trouble)))[:160]})"
    if isinstance(trouble, (httpcore.ConnectTimeout, httpcore.PoolTimeout)):
        return "no connection in time"
    if isinstance(trouble, httpcore.TimeoutException):
        return "no answer in time"
    return f"the connection broke ({type(trouble).__name__})"
