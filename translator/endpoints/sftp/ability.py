"""What a server can do, tried on it: whether its rename replaces what is there, and which extensions it offers.

Promise: what is tried concerns empty hidden files of ours alone, and nothing of it is left. In trouble: as of any request.
"""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass
from enum import StrEnum

from translator.endpoints.sftp.answers import Refused
from translator.endpoints.sftp.session import FSYNC, POSIX_RENAME, Session


class Renames(StrEnum):
    """What a plain rename onto a name that is taken does."""

    REFUSES = "refuses to replace what is there"
    REPLACES = "replaces what is there"
    NONE = "cannot be used"


@dataclass(frozen=True, slots=True)
class Ability:
    """What a server can do, as far as it matters to us."""

    renames: Renames
    posix_rename: bool  # offered; it replaces what is there
    syncs: bool  # what we write is on its disk before we go on


def ability(session: Session, first: str, second: str) -> Ability:
    """Try what a server can do, with two hidden files of ours that are not there yet."""
    try:
        for path in (first, second):
            session.write(path, b"")
        return Ability(_renames(session, first, second), POSIX_RENAME in session.offers, FSYNC in session.offers)
    finally:
        if session.in_step:
            for path in (first, second):
                with suppress(FileNotFoundError, PermissionError, Refused):
                    session.remove(path)


def _renames(session: Session, first: str, second: str) -> Renames:
    try:
        session.rename_plainly(first, second)
    except (FileExistsError, PermissionError, Refused):
        pass
    else:
        return Renames.REPLACES
    try:
        session.remove(second)
        session.rename_plainly(first, second)
    except (FileNotFoundError, PermissionError, Refused):
        return Renames.NONE
    return Renames.REFUSES
