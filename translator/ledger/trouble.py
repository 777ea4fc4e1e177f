"""What may go wrong with the book, said without values.

The database's own exceptions do not leave the ledger: what may pass becomes `Unavailable`, what must stop the service
`Broken`. Anything else is our fault and stays as it is, with its parameters hidden.
"""

from __future__ import annotations

import errno
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

from sqlalchemy.exc import DBAPIError, OperationalError

from translator.core.finding import Finding, Misconfigured, Unavailable

# Primary result codes of SQLite: https://www.sqlite.org/rescode.html
_PASSING: Final = {
    5: "is locked",
    6: "is locked",
    7: "has no memory left",
    8: "is read-only",
    9: "was interrupted",
    13: "has no space left",
    14: "cannot be opened",
    15: "is locked",
}
_STOPPING: Final = {10: "disk I/O error", 11: "the file is damaged", 26: "the file is no ledger"}
# States of PostgreSQL, by how they begin: https://www.postgresql.org/docs/current/errcodes-appendix.html
_STATES: Final = {
    "08": "cannot be reached",
    "25006": "is read-only",
    "25P03": "took the commit back: it stood still in it",
    "40": "is locked",
    "42501": "may not be used by this login (let it own the database: createdb --owner …)",
    "53": "has no space, memory or connection left",
    "55P03": "is locked",
    "57": "was interrupted",
}
_STOPPED: Final = {"58030": "disk I/O error", "XX001": "the data is damaged", "XX002": "an index is damaged"}


class Lost(Exception):
    """The claim is not the current one: what its holder found is dropped."""


class Broken(Exception):
    """The disk or the file failed: the service stops at once and does not try again."""


class NameTaken(Exception):
    """An unsettled interchange of this endpoint has the name."""


class Conflict(Exception):
    """Somebody was quicker: look again and decide again."""


class Overlap(Exception):
    """One of several rows that were written together was there already: each is tried alone, and that one told."""


class KeyGone(Misconfigured):
    """A key is missing that nobody destroyed, or what it sealed was changed: never taken for an empty value."""

    def __init__(self, text: str) -> None:
        hint = "put the newest copy of the keys back (translator keys restore); was the ledger edited by hand?"
        super().__init__([Finding("key-gone", text, hint=hint)])


class Sealed(Unavailable):
    """The master key that was there when the ledger was opened cannot be read now: nothing can be sealed, whoever asks."""


class Forgotten(Exception):
    """It belonged to a person, and was forgotten when its time was over."""


def grave(error: BaseException) -> bool:
    """Tell trouble of the disk, the file, a lock or the master key: it stops the whole commit, whoever met it."""
    return isinstance(error, Sealed) or (isinstance(error, DBAPIError) and bool(_passing(error) or _stopping(error)))


def _passing(error: DBAPIError) -> str:
    """Say what is wrong with the ledger, where that may pass."""
    if not hasattr(error.orig, "sqlstate"):
        return _PASSING.get(_code(error), "")
    state = getattr(error.orig, "sqlstate", None)
    if state is None:  # said by no server: the connection is gone, or there was none
        return "cannot be reached" if isinstance(error, OperationalError) else ""
    return next((text for start, text in _STATES.items() if state.startswith(start)), "")


def _stopping(error: DBAPIError) -> str:
    """Say what is wrong with the ledger, where the service has to stop."""
    state = getattr(error.orig, "sqlstate", None)
    return _STOPPED.get(state, "") if state else _STOPPING.get(_code(error), "")


def _code(error: DBAPIError) -> int:
    return int(getattr(error.orig, "sqlite_errorcode", 1)) & 0xFF


def shown(error: DBAPIError) -> DBAPIError:
    """Give the trouble without what PostgreSQL quotes of the row that was at fault."""
    orig = error.orig
    if not isinstance(orig, Exception) or not hasattr(orig, "sqlstate"):
        return error
    said = " ".join(filter(None, (orig.sqlstate, orig.diag.table_name, orig.diag.constraint_name)))  # type: ignore[attr-defined]
    bare = type(orig)(said or type(orig).__name__)
    told: DBAPIError = type(error)(
        error.statement, None, bare, hide_parameters=True, connection_invalidated=error.connection_invalidated
    )
    return told


@contextmanager
def opening(what: str = "the ledger") -> Iterator[None]:
    """Tell what keeps us from a ledger's file, or its folder, in the house's words."""
    try:
        yield
    except OSError as error:
        if error.errno == errno.EIO:
            raise Broken("ledger: disk I/O error") from None
        raise Unavailable(f"{what} cannot be opened: {(error.strerror or 'error').lower()}") from None


@contextmanager
def told() -> Iterator[None]:
    """Tell the database's trouble in the house's words."""
    try:
        yield
    except DBAPIError as error:
        if stopping := _stopping(error):
            raise Broken(f"ledger: {stopping}") from None
        if passing := _passing(error):
            raise Unavailable(f"the ledger {passing}") from None
        raise shown(error) from None
