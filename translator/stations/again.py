"""What a person says of files: to read or send the same bytes once more, or to let go on what the gate of stock holds.

Reading again makes no document go on twice: what went on is known, and a duplicate; what was rejected is tried by the
mappings in force now. Sending again is for a file that the warehouse lost: another file of the same bytes, in a new
round of what lies in it. What follows from the first one is not followed by this one too. In trouble: answered in words.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from fnmatch import fnmatchcase
from typing import Final

from translator.config.site import Route
from translator.core.work import End, State, Station
from translator.ledger.book import Book
from translator.ledger.contents import part_of
from translator.ledger.documents import Stored
from translator.ledger.events import MOVE
from translator.ledger.interchanges import Interchange
from translator.ledger.moves import Move
from translator.ledger.trouble import Forgotten, NameTaken
from translator.stations import snapshots
from translator.stations.errand import House
from translator.stations.settle import NOT_TAKEN

MOST: Final = 1000  # files of one move
LATEST: Final = 100_000  # files that are looked through for a name
Answer = tuple[str, bool]


def carried(house: House, book: Book, move: Move) -> Answer:
    """Carry it out for the files that the move names: by number, or by name; `*` stands for any letters."""
    verb, direction, failed = VERBS[move.verb]
    target = str(move.arguments.get("target", ""))
    files = failed(book) if move.arguments.get("failed") else found(book, target, direction)
    if not files:
        return ("nothing failed" if not target else f"no file of this number or name went {direction} here"), False
    if len(files) > MOST:
        return f"more than {MOST:,} files have such a name: say which", False
    said = [_said(verb, house, book, file) for file in files]
    done = [file.id for file, (_, ok) in zip(files, said, strict=True) if ok]
    if done:
        detail = {"by": move.by, "reason": str(move.arguments.get("reason", "")), "files": done}
        book.events.note(f"{MOVE}{move.id}", move.verb, detail)
    return "; ".join(words for words, _ in said), bool(done)


def _said(verb: Callable[[House, Book, Interchange], Answer], house: House, book: Book, file: Interchange) -> Answer:
    try:
        book.bodies.seal_of(file.body)
    except Forgotten:
        return f"{file.name}: its bytes were forgotten, since their time was over", False
    return verb(house, book, file)


def found(book: Book, target: str, direction: str) -> list[Interchange]:
    """Give the files of a number or name, the oldest first."""
    if is_number(target):
        one = book.interchanges.get(int(target))
        return [one] if one and one.direction == direction else []
    numbers = [id for id, name in book.interchanges.names(direction, LATEST) if fnmatchcase(name, target)]
    files = book.interchanges.by_id(numbers[: MOST + 1])
    return [files[number] for number in sorted(files)]


def is_number(target: str) -> bool:
    """Tell the number of a row or a file from a name."""
    return target.isdecimal() and len(target) < 19  # as many digits as the ledger counts


def _reoffer(house: House, book: Book, file: Interchange) -> Answer:
    source = house.site.source(file.endpoint)
    if source is None or not source.mappings:
        return f"{file.name}: its folder is not listed in the site", False
    waiting = book.work.find(station=Station.READ, route=file.endpoint)
    if rows := [row for row in waiting if row.subject.partition(":")[0] == str(file.id)]:
        return f"{file.name} is not read to its end yet: row {rows[0].id} waits (translator retry {rows[0].id})", False
    book.work.add(Station.READ, file.endpoint, str(file.id))
    return f"{file.name} is read again", True


def _approve(house: House, book: Book, file: Interchange) -> Answer:
    rows = [work for work, _ in snapshots.held(book, file.endpoint) if work.subject == str(file.id)]
    if not rows:
        return f"{file.name} is not held for what it does to the stock", False
    book.events.note(f"interchange {file.id}", snapshots.APPROVED, {"file": file.name})
    book.work.release_row(rows[0].id)
    return f"{file.name} goes on as it is", True


def _resend(house: House, book: Book, file: Interchange) -> Answer:
    route = _route(house, file)
    if route is None:
        return f"{file.name}: no mapping of the site writes it any more", False
    if book.work.find(station=Station.SEND, subject=str(file.id)):
        return f"{file.name} was not sent yet", False
    if not any(attempt.outcome == "sent" for attempt in book.attempts.of(file.id)):
        return f"{file.name} was never sent", False
    book.interchanges.settle(file.id)  # its name is needed; whether it is taken is looked for all the same
    try:
        twin = book.interchanges.add_out(
            file.endpoint,
            file.name,
            book.bodies.read(file.body),
            mark=f"again {file.id}",
            mapping=file.mapping,
            configuration=file.configuration,
            kind=file.kind,
            path=file.path,
            about=file.about,
            seal=book.bodies.seal_of(file.body),
        )
    except NameTaken:
        return f"another file of the name {file.name} is on its way", False
    for one in book.contents.of(file.id):
        book.contents.add(twin.id, one.document, one.place, part_of(route.name, max(0, file.part - 1)))
    book.work.add(Station.SEND, route.name, str(twin.id), lane=route.lane)
    return f"{file.name} is sent again, as file {twin.id}", True


def _route(house: House, file: Interchange) -> Route | None:
    ways = (route for route in house.site.routes if route.mapping and route.endpoint == file.endpoint)
    return next((route for route in ways if (route.mapping, route.kind) == (file.mapping, file.kind)), None)


def waiting(book: Book, target: str) -> Sequence[int]:
    """Give the numbers of the rows that wait for files of a name."""
    stations = (Station.READ, Station.SEND, Station.SETTLE)
    rows = [row for station in stations for row in book.work.find(station=station)]
    numbers = {row.id: int(first) for row in rows if (first := row.subject.partition(":")[0]).isdigit()}
    files = book.interchanges.by_id(set(numbers.values()))
    return [id for id, number in numbers.items() if number in files and fnmatchcase(files[number].name, target)]


def _rejected(book: Book) -> list[Interchange]:
    """Give the files out of which a document was rejected that waits for a person, unless it came since and went on."""
    rows = [work.subject for work in book.work.find(station=Station.READ, state=State.HELD)]
    numbers = [int(number) for subject in rows for word, _, number in [subject.partition(":")] if word == "rejected"]
    stored = [one for one in book.documents.by_id(numbers).values() if not _came_since(book, one)]
    return _files(book, (one.interchange for one in stored if one.interchange))


def _came_since(book: Book, stored: Stored) -> bool:
    newest = book.documents.newest(stored.kind, stored.account, stored.key)
    return newest is not None and newest.end is not End.REJECTED


def _not_taken(book: Book) -> list[Interchange]:
    """Give the files that are told as not taken, and still are not."""
    rows = [work.subject for work in book.work.find(station=Station.SETTLE)]
    return _files(book, (int(number) for number in rows if book.events.has(f"{NOT_TAKEN}: {number}")))


def _files(book: Book, numbers: Iterable[int]) -> list[Interchange]:
    files = book.interchanges.by_id(set(numbers))
    return [files[number] for number in sorted(files)]


_Verb = tuple[Callable[[House, Book, Interchange], Answer], str, Callable[[Book], list[Interchange]]]
VERBS: Final[Mapping[str, _Verb]] = {
    "reoffer": (_reoffer, "in", _rejected),
    "resend": (_resend, "out", _not_taken),
    "approve": (_approve, "in", lambda _: []),
}
