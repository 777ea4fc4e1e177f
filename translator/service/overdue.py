"""What should have been forgotten by now, and is not: orders and files, keys that are not destroyed for good, copies of keys.

Promises: tells days, counts and folders of ours, never of whom. Copies are looked for where `translator keys backup` laid
them on this machine, as far as the service heard of it; what was copied elsewhere nobody here knows.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from socket import gethostname
from typing import Final

from translator.config.site import Ground
from translator.ledger.book import Book
from translator.stations import forgetting
from translator.stations.moves import COPIES as NOTED

PURGE: Final = "not forgotten"
KEYS: Final = "keys not destroyed"
COPIES: Final = "copies of keys too old"
DAY: Final = 86_400.0  # seconds after its time was over that an order may still be there: the service looks each hour
LAG: Final = 2 * 3600.0  # seconds until keys are gone for good: until the next look, and as long as a reader may take
NAMES: Final = "keys-*.jsonl"
_STAMP: Final = "keys-%Y%m%dT%H%M%S"


@dataclass(frozen=True, slots=True)
class Overdue:
    """One thing that should be gone. `due`: since when; `count`: how many at least; `do`: what a person does about it."""

    what: str
    about: str
    due: float
    count: int
    do: str


def overdue(book: Book, site: Ground) -> Iterator[Overdue]:
    """Give what should be gone, and is not."""
    before = book.now - site.keep
    if count := _due(book, before - DAY):
        do = "see that the service runs, and its log; is the clock right: translator purge --trust-clock"
        yield Overdue(PURGE, "personal data", book.now - DAY, count, do)
    since = book.personal.waits_since()
    if since is not None and since + LAG <= book.now:
        do = "see that the service runs; end whoever reads the store of keys, a copy or a shell: it is wiped by itself then"
        yield Overdue(KEYS, "personal data", since + LAG, len(book.personal.waiting(1000)), do)
    for folder in copied_to(book):
        if old := too_old(folder, site.key_backups, book.now):
            do = "remove them, or make a new copy there: translator keys backup removes the old ones"
            yield Overdue(COPIES, str(folder), min(made(one) for one in old) + site.key_backups, len(old), do)


def _due(book: Book, before: float) -> int:
    """Count orders and files whose time was over by then: of orders those of the first page that has some."""
    after: int | None = 0
    while after is not None:
        page = forgetting.page(book, after, before)
        if page.orders:
            return len(page.orders)
        after = page.after
    return len(book.personal.arrived(before, 1))


def copied_to(book: Book) -> list[Path]:
    """Give the folders of this machine that copies of the keys were laid into."""
    return [Path(folder) for host, folder in json.loads(book.bookmarks.get(NOTED) or "[]") if host == gethostname()]


def made(path: Path) -> float:
    """Say when a copy of keys was made: by its name, or by the file where that is older; a copy of a copy is no younger."""
    at = path.stat().st_mtime
    with suppress(ValueError):
        at = min(at, datetime.strptime(path.stem, _STAMP).replace(tzinfo=UTC).timestamp())
    return at


def too_old(folder: Path, keep: float, now: float) -> list[Path]:
    """Give the copies of keys in a folder that are older than they may be; none where it cannot be looked at."""
    with suppress(OSError):
        return [one for one in sorted(folder.glob(NAMES)) if now - made(one) > keep]
    return []
