"""stuck: what lies in a folder and does not go on by itself, held where a person sees it (`translator show held`).

A name that is not safe, a symbolic link, a file that is too large; and what waited, or was not to be fetched, for long.
The row goes by itself when
the file is gone or goes on; `release` has it looked at again. In trouble: of very many, the first have rows.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping
from itertools import islice
from typing import Final

from translator.core.work import Hold, State, Station
from translator.endpoints.looks import LATE
from translator.ledger.book import Book
from translator.ledger.work import Work

STUCK: Final = "stuck "  # begins the subject of such a row
MOST: Final = 100  # rows of one folder
SHOWN: Final = 200  # names of one folder that are kept to be shown


def told(book: Book, endpoint: str, found: Mapping[str, str]) -> None:
    """Hold what was found stuck; let go of the rows of what is not any more."""
    rows = {row.subject: row for row in book.work.find(station=Station.COLLECT, route=endpoint, state=State.HELD)}
    theirs = {subject.removeprefix(STUCK) for subject in rows if subject.startswith(STUCK)}
    for name in theirs - found.keys():
        book.work.remove(Station.COLLECT, endpoint, f"{STUCK}{name}")
    fresh = [name for name in found if name not in theirs]
    for name in fresh[: MOST - len(theirs & found.keys())]:
        book.work.add(Station.COLLECT, endpoint, f"{STUCK}{name}", hold=Hold("person", f"{name}: {found[name]}"))
        book.events.note(f"{endpoint} {name}", "file stuck", {"endpoint": endpoint, "reason": found[name]})


def tells(work: Work) -> bool:
    """Tell a row of what lies in a folder and is not taken: it stands as long as that lies there."""
    return work.station == Station.COLLECT and work.subject.startswith(STUCK)


def noted(book: Book, endpoint: str, waits: Mapping[str, str]) -> None:
    """Keep what waits in a folder, and why, for those who look (`translator files`)."""
    text = json.dumps(dict(islice(waits.items(), SHOWN)), ensure_ascii=False) if waits else ""
    if text != book.bookmarks.get(_name(endpoint)):
        book.bookmarks.put(_name(endpoint), text)


def waiting(book: Book, endpoint: str) -> dict[str, str]:
    """Give what waited in a folder when it was looked at last: by name, why."""
    text = book.bookmarks.get(_name(endpoint))
    found: dict[str, str] = json.loads(text) if text else {}
    return found


def unfetched(book: Book, endpoint: str, why: Mapping[str, str]) -> None:
    """Keep what was not to be fetched in a turn, why, and since when that is so."""
    before = _unfetched(book, endpoint)
    known = {name: min(since, book.now) for name, (since, _) in before.items()}  # a clock may have been ahead
    after = {name: (known.get(name, book.now), why[name]) for name in islice(why, SHOWN)}
    if after != before:
        book.bookmarks.put(_key(endpoint), json.dumps(after, ensure_ascii=False) if after else "")


def late(book: Book, endpoint: str, there: Collection[str]) -> dict[str, str]:
    """Give what lies there and was not to be fetched for an hour: by name, why."""
    return {
        name: f"{why}, for more than an hour"
        for name, (since, why) in _unfetched(book, endpoint).items()
        if name in there and book.now - since >= LATE
    }


def _unfetched(book: Book, endpoint: str) -> dict[str, tuple[float, str]]:
    text = book.bookmarks.get(_key(endpoint))
    return {name: (since, why) for name, (since, why) in json.loads(text).items()} if text else {}


def _key(endpoint: str) -> str:
    return f"unfetched {endpoint}"


def _name(endpoint: str) -> str:
    return f"waiting {endpoint}"
