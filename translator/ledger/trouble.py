"""What may go wrong with the book, said without values.

The database's own exceptions do not leave the ledger: what may pass becomes `Unavailable`, what must stop the service
`Broken`. Anything else is our fault and stays as it is, with its parameters hidden.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

from sqlalchemy.exc import DBAPIError

from translator.core.finding import Unavailable

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


class Taken(Exception):
    """Another service has this ledger: exit code 75."""


class Lost(Exception):
    """The claim is not the current one: what its holder found is dropped."""


class Broken(Exception):
    """The disk or the file failed: the service stops at once and does not try again."""


class NameTaken(Exception):
    """An unsettled interchange of this endpoint has the name."""


class Conflict(Exception):
    """Somebody was quicker: look again and decide again."""


def grave(error: BaseException) -> bool:
    """Tell trouble of the disk, the file or a lock: it stops the whole commit, whoever met it."""
    return isinstance(error, DBAPIError) and _code(error) in _PASSING | _STOPPING


def _code(error: DBAPIError) -> int:
    return int(getattr(error.orig, "sqlite_errorcode", 1)) & 0xFF


@contextmanager
def told() -> Iterator[None]:
    """Tell the database's trouble in the house's words."""
    try:
        yield
    except DBAPIError as error:
        code = _code(error)
        if code in _STOPPING:
            raise Broken(f"ledger: {_STOPPING[code]}") from None
        if code in _PASSING:
            raise Unavailable(f"the ledger {_PASSING[code]}") from None
        raise
