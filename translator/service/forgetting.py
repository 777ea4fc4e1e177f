"""Forget what is personal and whose time is over: rows, keys, journals, and what still lies in folders of ours.

Promises: an order at a time, a few commits each, so that nothing stalls; keys are destroyed when nothing in the book needs
them any more, and seen to be gone; done again after a crash until all of it is done. What lies on a warehouse's server is
the warehouse's. In trouble: a suspect clock forgets nothing, and says so.
"""

from __future__ import annotations

import re
import shutil
from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, date, datetime
from hashlib import sha256
from itertools import islice
from pathlib import Path
from socket import gethostname
from typing import Final

from translator.config.site import Ground, LocalPlace
from translator.core.finding import counted
from translator.endpoints.options import ARCHIVE
from translator.endpoints.whole import done_of
from translator.ledger.interchanges import Interchange
from translator.ledger.ledger import Ledger
from translator.service.whereabouts import local_folders
from translator.stations import forgetting
from translator.stations.forgetting import Order

MOST: Final = 100  # orders of one go: the road waits meanwhile
KEYS: Final = 1000  # destroyed at once
BRIEF, LONG = 0.5, 10.0  # seconds that a reader of the keys' store is waited for: while the road stands; by a command
FILES: Final = 200  # forgotten in one commit
_DAY: Final = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")


@dataclass(frozen=True, slots=True)
class Told:
    """What was forgotten. `refused`: why nothing was; `more`: there is more to do.

    `keys`: of which nothing is left; `left`: keys that are destroyed, and may still be read in the journal of their store.
    """

    orders: int = 0
    files: int = 0
    keys: int = 0
    refused: str = ""
    more: bool = False
    left: int = 0


def _nobody() -> None:
    """Tell nobody."""


def forget(
    ledger: Ledger,
    site: Ground,
    who: str = "",
    *,
    trusted: bool = False,
    alive: Callable[[], None] = _nobody,
    patience: float = BRIEF,
) -> Told:
    """Forget what is due, and destroy its keys; note who asked. `patience`: seconds that a reader of keys is waited for."""
    with ledger.commit() as book:
        refused = forgetting.suspect(book, trusted=trusted)
        before = book.now - site.keep
    if refused:
        keys, left = _destroyed(ledger, patience)
        told = Told(refused=refused, keys=keys, left=left)
        _note(ledger, who, told, ())
        return told
    orders = _orders(ledger, site, before, alive)
    files = _files(ledger, before, alive)
    _reasons(ledger, before, alive)
    keys, left = _destroyed(ledger, patience)
    told = Told(len(orders), files, keys, more=len(orders) >= MOST, left=left)
    _archives(site, datetime.fromtimestamp(before, UTC).date())
    _note(ledger, who, told, orders)
    ledger.wipe(patience)  # what is left there is sealed, and its key gone
    return told


def forget_all(ledger: Ledger, site: Ground, who: str = "", *, trusted: bool = False) -> Told:
    """Forget all that is due, where nothing else is done meanwhile."""
    orders = files = keys = 0
    while True:
        told = forget(ledger, site, who, trusted=trusted and not orders)
        orders, files, keys = orders + told.orders, files + told.files, keys + told.keys
        if not told.more:
            last = _finished(ledger, who) if told.left else Told()
            return Told(orders, files, keys + last.keys, told.refused, left=last.left)


def _finished(ledger: Ledger, who: str) -> Told:
    """Wait for whoever reads the keys' store, and wipe it then."""
    keys, left = _destroyed(ledger, LONG)
    told = Told(keys=keys, left=left)
    _note(ledger, who, told, ())
    return told


def _orders(ledger: Ledger, site: Ground, before: float, alive: Callable[[], None]) -> list[Order]:
    done: list[Order] = []
    after: int | None = 0
    while after is not None and len(done) < MOST:
        with ledger.look() as book:
            page = forgetting.page(book, after, before)
        done += _each(ledger, site, page.orders, alive)
        after = page.after
    with ledger.look() as book:
        late = list(islice(forgetting.late(book, before), MOST))
    return [*done, *_each(ledger, site, late, alive)]


def _each(ledger: Ledger, site: Ground, orders: Iterable[Order], alive: Callable[[], None]) -> Iterable[Order]:
    for order in orders:
        with ledger.commit() as book:
            files = forgetting.stop(book, order)
        _leftovers(site, files)  # not before: that a file is gone would be taken for a sign that the warehouse has it
        with ledger.commit() as book:
            forgetting.forget(book, order)
        alive()
    return orders


def _files(ledger: Ledger, before: float, alive: Callable[[], None]) -> int:
    count = 0
    while True:
        with ledger.commit() as book:
            done = forgetting.forget_files(book, before, FILES)
        count += done
        alive()
        if done < FILES:
            return count


def _reasons(ledger: Ledger, before: float, alive: Callable[[], None]) -> None:
    done = FILES
    while done == FILES:
        with ledger.commit() as book:
            done = forgetting.forget_reasons(book, before, FILES)
        alive()


def _destroyed(ledger: Ledger, patience: float) -> tuple[int, int]:
    """Destroy the keys that wait; give of how many nothing is left, and of how many that cannot be said yet.

    They wait until their store was wiped, too: then whoever comes after a crash, or after a reader that was in the way, knows.
    """
    waiting: list[int] = []
    while True:
        with ledger.look() as book:
            some = book.personal.waiting(KEYS, waiting[-1] if waiting else 0)
        if not some:
            break
        ledger.keys.destroy(some)
        waiting += some
    if not ledger.database.alone:
        ledger.keys.let_go()
    # In a file it costs nothing, and what a new master key replaced goes as well.
    wiped = ledger.keys.wipe(patience) if waiting or ledger.database.alone else True
    if not wiped:
        return 0, len(waiting)
    count = 0
    for start in range(0, len(waiting), KEYS):
        with ledger.commit() as book:
            count += book.personal.destroyed(waiting[start : start + KEYS])
    return count, 0


def _note(ledger: Ledger, who: str, told: Told, orders: Iterable[Order]) -> None:
    """Note what was done; keys are counted once nothing is left of them."""
    if not (told.orders or told.files or told.keys):
        return
    who = who or f"service on {gethostname()}"
    detail = {"orders": told.orders, "files": told.files, "keys": told.keys}
    detail |= {"left": told.left} if told.left else {}
    names = sha256("\n".join(sorted(f"{account} {number}" for account, number in orders)).encode()).hexdigest()
    with ledger.commit() as book:
        book.audit.note(who, "purge", counted(told.orders, "order"), {**detail, "hash": names})
        book.events.note("service", "personal data forgotten", detail)


def _leftovers(site: Ground, files: Iterable[Interchange]) -> None:
    """Take away what we laid into a folder of this machine, and nobody took."""
    for file in files:
        folder = _local(site, file.endpoint)
        if file.direction == "out" and folder is not None:
            with suppress(OSError):
                _take_away(folder / file.name, file, _announcing(site, file))


def _take_away(path: Path, file: Interchange, done: str) -> None:
    if path.is_symlink() or not path.is_file() or path.stat().st_size != file.size:
        return
    if sha256(path.read_bytes()).hexdigest() == file.hash:
        if done:
            path.with_name(done).unlink(missing_ok=True)  # first: it never speaks of a file that is not there
        path.unlink()


def _announcing(site: Ground, file: Interchange) -> str:
    """Give the name of a file's done-file; empty: it has none."""
    name, _, folder = file.endpoint.partition("/")
    into = site.systems[name].to.get(folder)
    return done_of(into.done, file.name) if into and into.done else ""


def _local(site: Ground, endpoint: str) -> Path | None:
    name, _, folder = endpoint.partition("/")
    system = site.systems.get(name)
    local = system is not None and isinstance(system.place, LocalPlace) and bool(folder)
    return system.place.root / folder if local and system and isinstance(system.place, LocalPlace) else None


def _archives(site: Ground, before: date) -> None:
    """Take away the days of our archives in folders of this machine that are over."""
    for folder in local_folders(site).values():
        for day in _days(Path(folder) / ARCHIVE):
            if day.name < before.isoformat():
                shutil.rmtree(day, ignore_errors=True)


def _days(archive: Path) -> Iterator[Path]:
    if archive.is_symlink() or not archive.is_dir():
        return
    yield from (day for day in archive.iterdir() if _DAY.fullmatch(day.name) and day.is_dir() and not day.is_symlink())
