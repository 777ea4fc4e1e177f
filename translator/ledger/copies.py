"""A copy of a book in a file, made while the service runs, and one put back in its place.

Promises: a copy is of one moment, has been inspected, and appears under its name whole and on the disk, or not at all.
What is put back takes the place of the old book in one rename, and the old one is kept beside it; it knows that it is
older than the world. In trouble: Misconfigured where a name is taken or a file is no copy; Taken; Broken, Unavailable.
"""

from __future__ import annotations

import os
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from pathlib import Path
from typing import Any, Final

from translator.core.finding import Finding, Misconfigured, Place, Unavailable
from translator.core.ports import Chance, Clock
from translator.instance import lock
from translator.ledger import sqlite
from translator.ledger.ledger import Ledger
from translator.ledger.trouble import Broken, opening

PAGES: Final = 1000  # of one step
PAUSE: Final = 0.001  # seconds between steps: others come in
TORN: Final = (
    20  # times that a copy may begin anew since somebody wrote (rollback journal); then it keeps writers waiting
)
RESTORED: Final = "the ledger was restored from a copy"
_BESIDE: Final = ("-wal", "-shm", "-journal")


def copy(ledger: Path, target: Path) -> int:
    """Copy a book to a file that is not there yet; give its size."""
    with opening("the copy"):
        there = target.exists()
    if there:
        raise Misconfigured([Finding("copy-exists", "this file is there already", Place(str(target)))])
    part = target.with_name(f".{target.name}.part")
    with _written("the copy"):
        try:
            _copied(ledger, part)
            _inspected(part, target)
            _rename(part, target)
        finally:
            part.unlink(missing_ok=True)
    return target.stat().st_size


def restore(copied: Path, ledger: Path, clock: Clock, chance: Chance, who: str) -> Path | None:
    """Put a copy in the place of a book that no service has; give where the old one lies now, if there was one."""
    with opening("the copy"):
        there = copied.is_file()
    if not there:
        raise Misconfigured([Finding("copy-absent", "there is no such file", Place(str(copied)))])
    with opening():
        ledger.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        owner = ledger.parent.stat().st_uid
    if owner != os.geteuid():
        text = f"the ledger's folder is of another user (uid {owner}): the service could not write what is put back"
        hint = "sudo -u translator translator restore …"
        raise Misconfigured([Finding("copy-owner", text, Place(str(ledger.parent)), hint=hint)])
    held = lock(ledger.parent)
    part = ledger.with_name(f".{ledger.name}.part")
    try:
        with _written("the ledger"):
            _whole(copied, part)
            old = _set_aside(ledger, clock)
            _rename(part, ledger)
    finally:
        with suppress(OSError):
            part.unlink(missing_ok=True)
        os.close(held)
    with Ledger.open(ledger, clock, chance) as opened, opened.commit() as book:
        if not book.reconciling.lasts():
            book.reconciling.begin(RESTORED)
        book.reconciling.because(RESTORED)
        book.audit.note(who, "restore", copied.name)
    return old


@contextmanager
def _written(what: str) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise Unavailable(f"{what} cannot be written: {(error.strerror or 'error').lower()}") from None


def _whole(copied: Path, part: Path) -> None:
    """Copy a copy, and inspect it. Raises Broken, which says that it is the copy: the ledger itself may be well."""
    try:
        _copied(copied, part)
        _inspected(part, copied)
    except Broken:
        raise Broken(f"{copied} is a damaged copy: take another; the ledger is as it was") from None


def _copied(source: Path, target: Path) -> None:
    """Copy page by page. In WAL mode it is one look, which keeps nobody waiting."""
    target.unlink(missing_ok=True)
    os.close(os.open(target, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600))
    driver = sqlite.driver()
    try:
        with closing(_opened(source)) as old, closing(_opened(target)) as new:
            old.execute("BEGIN")
            if old.execute("PRAGMA journal_mode").fetchone()[0] == "wal":
                old.execute("SELECT count(*) FROM sqlite_master").fetchone()  # from here on it looks at one moment
                old.backup(new, pages=PAGES, sleep=0)
            else:
                old.execute("COMMIT")
                _in_steps(old, new)
            new.execute("PRAGMA journal_mode = DELETE")
    except driver.Error as error:
        _told(error)


def _in_steps(old: Any, new: Any) -> None:
    """Copy beside a writer that it would keep waiting: step by step, anew where somebody wrote; at last in one go."""
    seen = [float("inf"), 0]

    def progress(_: int, remaining: int, __: int) -> None:
        seen[1] += remaining > seen[0]
        seen[0] = remaining
        if seen[1] > TORN:
            raise _Torn
        time.sleep(PAUSE)

    try:
        old.backup(new, pages=PAGES, progress=progress, sleep=PAUSE)
    except _Torn:
        old.backup(new)


class _Torn(Exception):
    pass


def _inspected(path: Path, named: Path) -> None:
    """Inspect a copy. `named`: what a person calls it."""
    driver = sqlite.driver()
    try:
        with closing(_opened(path)) as raw:
            well = raw.execute("PRAGMA quick_check(1)").fetchone()[0] == "ok"
            tables = {name for (name,) in raw.execute("SELECT name FROM sqlite_master WHERE type = 'table'")}
    except driver.Error as error:
        _told(error)
    if not well:
        raise Broken("ledger: the file is damaged")
    if not {"alembic_version", "work"} <= tables:
        raise Misconfigured([Finding("copy-unlike", "this is no copy of a ledger", Place(str(named)))])


def _opened(path: Path) -> Any:
    address = f"file:{sqlite.escaped(path)}?mode=rw"
    return sqlite.driver().connect(address, uri=True, isolation_level=None, timeout=sqlite.BUSY)


def _told(error: Any) -> None:
    """Say in the house's words what went wrong with a copy."""
    code = int(getattr(error, "sqlite_errorcode", 1)) & 0xFF
    if code in (11, 26):
        raise Broken("ledger: the file is damaged") from None
    raise Unavailable(f"the copy cannot be made: {error}") from None


def _set_aside(ledger: Path, clock: Clock) -> Path | None:
    """Keep the old book under another name, and its journals: they must not be taken for the new one's."""
    if not ledger.exists():
        return None
    with suppress(sqlite.driver().Error), closing(_opened(ledger)) as raw:
        raw.execute("PRAGMA journal_mode = DELETE")  # whole in one file, if it is well
    old = ledger.with_name(f"{ledger.name}.before-{clock.now():%Y%m%dT%H%M%SZ}")
    old.hardlink_to(ledger)  # before: where that cannot be, the ledger keeps its journals
    for ending in _BESIDE:
        with suppress(FileNotFoundError):
            Path(f"{ledger}{ending}").rename(f"{old}{ending}")
    return old


def _rename(part: Path, target: Path) -> None:
    _synced(part)
    part.replace(target)
    _synced(target.parent)


def _synced(path: Path) -> None:
    descriptor = os.open(path, os.O_RDONLY | os.O_CLOEXEC)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
