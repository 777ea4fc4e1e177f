"""What `purge` and `keys` do: with the ledger at hand, or with the store of keys alone."""

from __future__ import annotations

import base64
import json
import os
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing, contextmanager, nullcontext
from pathlib import Path
from socket import gethostname
from typing import Final

from translator.cli.behind.book import asking, looking
from translator.cli.moves import operator
from translator.config.ground import read_ground
from translator.config.site import Ground
from translator.core.address import Address
from translator.core.finding import Finding, Misconfigured, Place, Unavailable, counted
from translator.core.ports import Faults, NoFaults
from translator.core.private import Private
from translator.instance import Taken, lock
from translator.ledger import master
from translator.ledger.keys import Keys, lost
from translator.ledger.keystore import FIRST, Store, keys_path
from translator.ledger.ledger import KEYS, Ledger
from translator.ledger.workers import Worker
from translator.service import environment, forgetting
from translator.service.forgetting import LONG, Told
from translator.service.master import changing, file_of, master_of, write
from translator.service.overdue import too_old
from translator.service.ports import SystemChance, SystemClock
from translator.service.whereabouts import ledger_of

PAGE: Final = 5000
PART: Final = ".keys.part"  # a copy until it is whole
LAY_OUT: Final = (
    "`translator keys new` prints one: its line goes before the old one, on each machine that shares the ledger"
)


def forget(root: Path, *, trusted: bool) -> Told:
    """Forget what is due. Raises Taken where a service has the ledger."""
    site = read_ground(root)
    with Ledger.open(ledger_of(site), SystemClock(), SystemChance(), master=master_of(site)) as ledger:
        with ledger.look() as book:
            environment.fits(book, site)
        return forgetting.forget_all(ledger, site, operator(), trusted=trusted)


def rotated(root: Path, faults: Faults | None = None) -> tuple[int, bool, bool]:
    """Wrap all keys by a new master key; give how many, whether the old one was replaced, and whether nothing that it

    wrapped is left in a journal.

    Raises Misconfigured where a person lays the new one out, and did not yet; Taken where another does it now.
    """
    site = read_ground(root)
    is_there(site)
    path = _ours(site)
    with changing(path) if path else nullcontext():
        count, is_wiped = _rotated(site, path, faults or NoFaults())
    _note(root, "keys rotated", count)
    return count, path is not None, is_wiped


def _rotated(site: Ground, path: Path | None, points: Faults) -> tuple[int, bool]:
    if path is not None:
        _replace(path, master.before(master.new(), master_of(site)()), points)
    elif master.is_single(master_of(site)()):
        raise Misconfigured(
            [Finding("master-key-single", "there is no new master key beside the old one", hint=LAY_OUT)]
        )
    with _store(site) as store, closing(Keys(store, master_of(site), SystemClock(), points)) as keys:
        count = anew = keys.rewrap()
        while anew:  # those that were made meanwhile, until there are none: then the old one is not needed
            anew = keys.rewrap()
            count += anew
        is_wiped = keys.wipe(LONG)
    if path is not None:
        _replace(path, master.newest(master_of(site)()), points)
    return count, is_wiped


def _replace(path: Path, text: Private[str], faults: Faults) -> None:
    faults.reach("master.written.before")
    write(path, text)
    faults.reach("master.written.after")


def _ours(site: Ground) -> Path | None:
    """Give the file of the master key that we may replace; None: a person does, here or on each machine that shares it."""
    return None if isinstance(ledger_of(site), Address) else file_of(site.master_key)


def copied(root: Path, folder: Path) -> tuple[Path, int, int]:
    """Copy the keys; give the file, how many are in it, and how many older copies were removed."""
    site = read_ground(root)
    is_there(site)
    path, part = folder / time.strftime("keys-%Y%m%dT%H%M%S.jsonl", time.gmtime()), folder / PART
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        part.unlink(missing_ok=True)
        count = _laid(site, part)
        part.rename(path)
    except OSError as error:
        raise Unavailable(f"the copy cannot be written: {(error.strerror or 'error').lower()}") from None
    old = too_old(folder, site.key_backups, time.time())
    for one in old:
        one.unlink()
    _note(root, "keys copied", count, {"host": gethostname(), "folder": str(folder.resolve())})
    return path, count, len(old)


def _laid(site: Ground, path: Path) -> int:
    """Lay all keys into a file, onto the disk; give how many."""
    count = 0
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600)
    with _store(site) as store, os.fdopen(descriptor, "w", encoding="ascii") as file:
        for id, data in _all(store):
            file.write(json.dumps([id, base64.b64encode(data).decode()]) + "\n")
            count += 1
        file.flush()
        os.fsync(file.fileno())
    return count


def put_back(root: Path, file: Path) -> int:
    """Put back the keys that are missing and that something of the ledger is sealed with; give how many.

    Those that are not needed were destroyed: they stay so. Raises Misconfigured where it is no copy, or another ledger's,
    or no ledger there; Taken where a service has it.
    """
    try:
        lines = [json.loads(line) for line in file.read_text(encoding="ascii").splitlines()]
        found = {int(id): base64.b64decode(data, validate=True) for id, data in lines}
    except (ValueError, TypeError):
        raise Misconfigured([Finding("keys-copy", "this is no copy of keys", Place(str(file)))]) from None
    site = read_ground(root)
    with looking(site) as book:
        needed = {FIRST, *book.personal.seals()}
        known, living = book.bookmarks.get(KEYS), book.workers.alive()
    with _alone(site, living), _store(site) as store:
        _is_ours(site, store, file, found, known)
        there = {id for id, _ in _all(store)}
        missing = {id: found[id] for id in needed & found.keys() - there}
        store.put(missing)
    _note(root, "keys restored", len(missing))
    return len(missing)


@contextmanager
def _alone(site: Ground, living: Sequence[Worker]) -> Iterator[None]:
    """Keep services away, or see that there is none."""
    where = ledger_of(site)
    if isinstance(where, Address):
        if living:
            raise Taken(f"{len(living)} services have the ledger: {living[0].place}")
        yield
        return
    held = lock(where.parent)
    try:
        yield
    finally:
        os.close(held)


def _is_ours(site: Ground, store: Store, file: Path, found: Mapping[int, bytes], known: str) -> None:
    """Refuse a copy of another ledger's keys: their numbers may be alike. `known`: what the ledger noted of its own."""
    keys = Keys(store, master_of(site), SystemClock(), NoFaults())
    if FIRST not in found or (known and keys.print_of(found[FIRST]) != known):
        hint = "is it a copy of this ledger's keys? `translator keys backup` of another site writes such files, too"
        raise Misconfigured(
            [Finding("keys-copy-other", "this copy is not of this ledger", Place(str(file)), hint=hint)]
        )


def _note(root: Path, act: str, count: int, more: Mapping[str, str] | None = None) -> None:
    with asking(root) as moves:
        moves.ask(act, {"target": counted(count, "key"), **(more or {})}, operator())


def is_there(site: Ground) -> None:
    """Refuse a store that was lost: its copies are needed, and the master key that opens them. Raises Misconfigured."""
    with looking(site) as book:
        if not book.bookmarks.get(KEYS):
            return
    where = ledger_of(site)
    if isinstance(where, Path) and not keys_path(where).exists():  # who opens it makes it
        raise lost()
    with _store(site) as store:
        if store.get(FIRST) is None:
            raise lost()


@contextmanager
def _store(site: Ground) -> Iterator[Store]:
    with closing(Store(ledger_of(site))) as store:
        yield store


def _all(store: Store) -> Iterator[tuple[int, bytes]]:
    after = 0
    while some := store.some(after, PAGE):
        yield from some
        after = some[-1][0]
