"""Where a ledger is that several machines share: a database on a server, and what proves that it is the right one.

Promises: the password is kept apart from the address, so that an address can be shown.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final
from urllib.parse import SplitResult, parse_qsl, urlsplit

from translator.core.private import Private

SCHEME: Final = "postgresql"
MAY_SAY: Final = ("host", "sslmode", "sslrootcert", "sslcert", "sslkey")
PROVING: Final = ("verify-full", "verify-ca")  # sslmodes that check who the server is
_NEAR: Final = ("", "localhost", "127.0.0.1", "::1")
_NO_SIGN: Final = re.compile(r"%(?![0-9A-Fa-f]{2})|%00")  # what a server's driver refuses
_NONE: Final = Private("")


@dataclass(frozen=True, slots=True)
class Address:
    """postgresql://user@host:port/database. Its password is never part of it."""

    url: str
    password: Private[str] = _NONE

    @property
    def settings(self) -> dict[str, str]:
        """Give what stands behind the question mark."""
        return dict(parse_qsl(urlsplit(self.url).query))

    @property
    def near(self) -> bool:
        """Tell a server on this machine: its socket, or the loopback address."""
        host = self.settings.get("host", urlsplit(self.url).hostname or "")
        return host in _NEAR or host.startswith("/")


def flaw(url: str) -> tuple[str, str]:
    """Say what is wrong with an address, and what would be right; empty: nothing. The address itself is not repeated."""
    try:
        parts = urlsplit(url)
        port_is_none = parts.port is None or parts.port > 0
    except ValueError:
        return "this is no address", "postgresql://user@host/database"
    if _NO_SIGN.search(url):
        return "a '%' in an address begins a sign", "%25 is a '%' itself"
    if parts.password is not None:
        return (
            "a password stands in the address",
            "ledger: {url: postgresql://user@host/database, password: {credential: ledger}}",
        )
    if parts.scheme != SCHEME or not port_is_none or not parts.username or not _database(parts):
        return "this is no address", "postgresql://user@host/database"
    address = Address(url)
    if unknown := next((name for name in address.settings if name not in MAY_SAY), ""):
        return f"'{unknown}' is not known in an address", f"known: {', '.join(MAY_SAY)}"
    if not address.near and address.settings.get("sslmode", PROVING[0]) not in PROVING:
        return "a server on another machine has to prove who it is", "sslmode=verify-full, or leave it out"
    return "", ""


def _database(parts: SplitResult) -> bool:
    name = parts.path.removeprefix("/")
    return bool(name) and "/" not in name
