"""What is held or deferred, for a person: the row, what it is about, why, and until when."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from translator.cli import say
from translator.cli.behind.book import ground_at, looking
from translator.core.work import State, Station
from translator.ledger.book import Book
from translator.ledger.work import Work
from translator.stations.answering import AGAIN
from translator.stations.follows import TOLD


def rows_held(root: Path, shadow: Path | None = None) -> list[dict[str, Any]]:
    """Give every row that waits for a sign, a person, a mapping, its next try, or for a file to be complete."""
    with looking(ground_at(root, shadow)) as book:
        rows = [*book.work.find(state=State.HELD), *book.work.find(state=State.DEFERRED)]
        looks = [work for work in book.work.find(station=Station.COLLECT, state=State.INCOMING) if work.reason]
        return [_row(book, work) for work in (*rows, *looks)]


def left(root: Path, shadow: Path | None = None) -> list[str]:
    """Say in words what a run leaves behind: what waits, and what is not due yet."""
    with looking(ground_at(root, shadow)) as book:
        held = len(book.work.find(state=State.HELD)) + len(book.work.find(state=State.DEFERRED))
        later = [work.due for work in book.work.find(station=Station.WRITE, state=State.INCOMING)]
    words = [f"{held} held or waiting: translator show held"] if held else []
    return words + ([f"{len(later)} not due yet, the first at {say.moment(min(later))}"] if later else [])


def _row(book: Book, work: Work) -> dict[str, Any]:
    until = work.give_up if work.state == State.HELD else work.due
    return {
        "row": work.id,
        "station": work.station,
        "about": _about(book, work),
        "since": say.moment(work.since),
        "reason": work.reason,
        "waits for": work.awaits or ("its next look" if work.state == State.INCOMING else "its next try"),
        "until": say.moment(until) if until else "",
    }


def _about(book: Book, work: Work) -> str:
    """Name the order or the file a row is about; never what is in it."""
    kind, _, number = work.subject.rpartition(":")
    if work.subject.startswith(AGAIN):
        file = book.interchanges.get(int(work.subject.rpartition(" ")[2]))
        return file.name if file else work.route
    told = kind.partition(":")[0] in ("document", *TOLD) and number.isdecimal()
    if told and (stored := book.documents.get(int(number))):
        return f"{stored.kind} {stored.about or stored.key}"
    first = work.subject.partition(":")[0]
    if work.station != Station.COLLECT and first.isdigit() and (file := book.interchanges.get(int(first))):
        return f"{file.name} {number if kind else ''}".rstrip()
    return work.route
