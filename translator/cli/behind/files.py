"""Every file that waits, for a person: where, since when, why, and when it is tried next. Never what is in it.

What waits in a folder to be complete is as it was at the service's last look.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from fnmatch import fnmatchcase
from pathlib import Path
from typing import Any, Final

from translator.cli import say
from translator.cli.behind.book import ground_at, looking
from translator.config.site import Ground
from translator.core.work import State, Station
from translator.ledger.book import Book
from translator.ledger.interchanges import Interchange
from translator.ledger.work import Work
from translator.stations import stuck
from translator.stations.settle import put_at

INCOMPLETE, REFUSED, FETCHED, UNREAD = "not complete", "refused", "fetched", "held: not read"
WRITTEN, SENDING, UNSENT, LATER, UNTAKEN = "written", "being sent", "held: not sent", "tried again", "sent, not taken"
UNSURE: Final = "held: sent, not taken"
FAILED: Final = frozenset({REFUSED, UNREAD, UNSENT, UNSURE, LATER})
FILE: Final = "file "  # begins the subject of a row about one file that was not fetched

Rows = list[dict[str, Any]]


def files_of(root: Path, shadow: Path | None = None) -> Rows:
    """Give every file that waits, folder by folder."""
    ground = ground_at(root, shadow)
    with looking(ground) as book:
        rows = [*_in_folders(ground, book), *_fetched(ground, book), *_written(ground, book)]
    return sorted(rows, key=lambda row: (row["folder"], row["file"] or 0, row["name"]))


def chosen(rows: Rows, where: str, name: str, *, failed: bool) -> Rows:
    """Give those of one partner or folder, of such a name, or that failed."""
    place = where.strip("/")
    return [
        row
        for row in rows
        if (not place or row["folder"] == place or row["folder"].startswith(f"{place}/"))
        and fnmatchcase(row["name"], name)
        and (not failed or row["state"] in FAILED)
    ]


def _row(
    folder: str, name: str, state: str, why: str, work: Work | None = None, file: int | None = None
) -> dict[str, Any]:
    later = work is not None and work.state == State.DEFERRED
    return {
        "folder": folder,
        "file": file or "",
        "row": work.id if work else "",
        "name": name,
        "state": state,
        "since": say.moment(work.since) if work else "",
        "next": say.moment(work.due) if work and later else "",
        "why": why,
    }


def _folders(ground: Ground) -> list[str]:
    """Name the folders that are read out of."""
    return [f"{system.name}/{folder}" for system in ground.systems.values() for folder in system.from_]


def _in_folders(ground: Ground, book: Book) -> Iterator[dict[str, Any]]:
    """Give what lies in the folders that are read out of, and was not fetched."""
    for folder in _folders(ground):
        held: dict[str, Work] = {}
        for work in book.work.find(station=Station.COLLECT, route=folder, state=State.HELD):
            if work.subject.startswith(stuck.STUCK):
                held[work.subject.removeprefix(stuck.STUCK)] = work
            elif work.subject.startswith(FILE):
                name = work.subject.removeprefix(FILE).rpartition(" ")[0]
                yield _row(folder, name, REFUSED, work.reason, work)
        for name, why in stuck.waiting(book, folder).items():
            if name not in held:
                yield _row(folder, name, INCOMPLETE, why)
        for name, work in held.items():
            yield _row(folder, name, REFUSED, work.reason.removeprefix(f"{name}: "), work)


def _fetched(ground: Ground, book: Book) -> Iterator[dict[str, Any]]:
    """Give what came in and is not read to its end."""
    rows = [work for work in book.work.find(station=Station.READ) if _is_theirs(ground, work)]
    for work, file in _with_files(book, rows):
        state = UNREAD if work.state == State.HELD else LATER if work.state == State.DEFERRED else FETCHED
        yield _row(file.endpoint, file.name, state, work.reason, work, file.id)


def _written(ground: Ground, book: Book) -> Iterator[dict[str, Any]]:
    """Give what was written for a warehouse and is not taken, or not sent."""
    doors = {lane.name.partition("/")[0]: lane.stands for lane in book.lanes.troubled()}
    for station in (Station.SEND, Station.SETTLE):
        rows = [work for work in book.work.find(station=station) if _is_theirs(ground, work)]
        found = list(_with_files(book, rows))
        attempts = book.attempts.by_interchange(file.id for _, file in found)
        for work, file in found:
            door = doors.get(file.endpoint.partition("/")[0])
            why = work.reason or (f"waiting because of its partner: {door.reason}" if door else "")
            row = _row(file.endpoint, file.name, _state(work), why, work, file.id)
            if row["state"] == UNTAKEN:  # the row is as old as its last look
                row["since"] = say.moment(put_at(file, attempts[file.id]))
            yield row


def _is_theirs(ground: Ground, work: Work) -> bool:
    """Tell a file of a warehouse, also of one that the site lists no more."""
    return work.route.partition("/")[0] not in ground.accounts


def _state(work: Work) -> str:
    if work.station == Station.SETTLE:
        return UNSURE if work.awaits in ("person", "mapping") else UNTAKEN
    if work.state == State.HELD:
        return UNSENT
    return {State.ACTIVE: SENDING, State.DEFERRED: LATER}.get(work.state, WRITTEN)


def _with_files(book: Book, rows: Sequence[Work]) -> Iterable[tuple[Work, Interchange]]:
    numbered = [(work, int(first)) for work in rows if (first := work.subject.partition(":")[0]).isdigit()]
    files = book.interchanges.by_id({number for _, number in numbered})
    return [(work, files[number]) for work, number in numbered if number in files]
