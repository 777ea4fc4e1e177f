"""One vendor's account at Amazon: everything that is asked or submitted goes through here.

Promises: one try for each call, and one more only after 401 or 403 with fresh tokens (nothing was done then). Safe for
several threads. In trouble: Unavailable, Rejected (Amazon's refusal, masked) and, from `submit` alone, Unknown.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Final
from urllib.parse import quote, urlencode

from translator.core.ports import Clock, Faults, NoFaults
from translator.core.private import Private
from translator.endpoints.spapi.access import Access, restricted
from translator.endpoints.spapi.answers import DENIALS, Body, asked, submitted
from translator.endpoints.spapi.hosts import Hosts
from translator.endpoints.spapi.login import Credentials, Login, Logins
from translator.endpoints.spapi.wire import Answer, Call, Limits, Lost, Wire

_PATH: Final = re.compile(r"(?:/(?!\.\.?(?:/|$))[A-Za-z0-9._~%-]+)+")

First = Callable[[], None] | None  # called directly before the first byte leaves


class Account:
    """A connection to Amazon for one vendor account, with its tokens."""

    def __init__(
        self,
        hosts: Hosts,
        credentials: Credentials,
        clock: Clock,
        faults: Faults | None = None,
        limits: Limits | None = None,
        version: str = "2021-12-28",
        logins: Logins | None = None,
    ) -> None:
        self.version = version
        self.sandbox = hosts.sandbox
        self._hosts = hosts
        self._wire = Wire(limits or Limits(), NoFaults() if faults is None else faults, clock)
        login = Login(self._wire, hosts, credentials, clock, logins or Logins())
        self._access = Access(self._wire, hosts, login, restricted(version), clock)

    def log_in(self) -> None:
        """Get the plain token, as every call does that is not restricted. Raises Unavailable."""
        self.open("GET", "/")

    def open(self, method: str, path: str) -> None:
        """Get the token that opens a path, and ask nothing. Raises Unavailable."""
        self._access.token(method, path)

    def ask(self, path: str, query: Mapping[str, str] | None = None) -> Body:
        """GET: give what came, where it can be used. Raises Unavailable or Rejected."""
        return asked(self.get(path, query))

    def get(self, path: str, query: Mapping[str, str] | None = None) -> Answer | Lost:
        """GET: give the answer itself. Raises Unavailable where there is no token."""
        return self._call("get", "GET", path, query or {})

    def submit(self, path: str, data: bytes, first: First = None) -> str:
        """POST these bytes: give the transaction id. Raises Unavailable, Rejected or Unknown."""
        return submitted(self.post(path, data, first))

    def post(self, path: str, data: bytes, first: First = None) -> Answer | Lost:
        """POST these bytes: give the answer itself. Raises Unavailable where there is no token, and what `first` does."""
        return self._call("post", "POST", path, {}, Private(data), first)

    def path(self, api: str, *parts: str) -> str:
        """Give a path of this account's version: `orders`, `purchaseOrders`, number."""
        return "/".join([f"/vendor/directFulfillment/{api}/{self.version}", *(quote(part, safe="") for part in parts)])

    def skew(self) -> float | None:
        """Say how many seconds our clock is ahead of Amazon's; None where no answer has told yet."""
        return self._wire.skew.seconds

    def now(self) -> datetime:
        """Give the time, put right where our clock is wrong by more than a minute."""
        return self._wire.skew.now()

    def close(self) -> None:
        """Let go of connections."""
        self._wire.close()

    def _call(
        self,
        name: str,
        method: str,
        path: str,
        query: Mapping[str, str],
        body: Private[bytes] | None = None,
        first: First = None,
    ) -> Answer | Lost:
        token = self._access.token(method, _checked(path))
        url = f"{self._hosts.api}{path}" + (f"?{urlencode(query, quote_via=quote, safe='')}" if query else "")
        media = "application/json" if body else ""
        answer = self._wire.ask(Call(name, method, url, token, media, body or Private(b""), first))
        if isinstance(answer, Lost) or answer.status not in DENIALS:
            return answer
        self._access.forget(token)
        return self._wire.ask(
            Call(name, method, url, self._access.token(method, path), media, body or Private(b""), first)
        )


def _checked(path: str) -> str:
    """Our own fault where it is no path: it must not lead to another host or operation."""
    if not _PATH.fullmatch(path):
        raise ValueError("a path of Amazon's API is plain parts, percent-encoded")
    return path
