"""asking: what Amazon has about one order, asked for again and again: of papers until they are there, of the order always."""

from __future__ import annotations

from functools import partial
from typing import Final

from translator.core.work import Station
from translator.endpoints.endpoint import Seen
from translator.ledger.book import Book
from translator.stations import life
from translator.stations.errand import Carry, Errand
from translator.stations.fetching import Turn

PAUSES: Final = (
    5.0,
    15.0,
    30.0,
    60.0,
    120.0,
    300.0,
)  # between questions for what is not there yet, then always the last


def ask(turn: Turn, book: Book) -> Errand | None:
    """Ask for what there is about one order, as long as something is expected of it."""
    number = turn.work.subject.removeprefix(life.ASKED)
    if not life.watched(book, turn.source.account, number, turn.source.kind):
        book.work.end(turn.work)
        return None
    return Carry(
        (turn.work,), lambda _: b"".join(turn.endpoint.fetch(Seen(number, ""))), partial(_answered, turn, number)
    )


def _answered(turn: Turn, number: str, book: Book, data: bytes) -> None:
    """Store what came. An order is asked for again and again; of all else, what is not there yet."""
    source, house = turn.source, turn.house
    if data:
        name = f"{source.kind}-{number}.json"
        interchange = book.interchanges.add_in(source.endpoint, name, house.chance.token(), data, brief=True)
        book.work.add(Station.READ, source.endpoint, str(interchange.id))
    if source.kind == "order":
        book.work.again(turn.work, house.now() + house.site.accounts[source.account].sweep)
    elif data or (source.kind == life.LABEL and life.unlabelled(house, book, source.account, number)):
        book.work.end(turn.work)
    else:
        pause = PAUSES[min(turn.work.attempts, len(PAUSES)) - 1]
        book.work.defer(turn.work, pause, f"Amazon has no {source.kind.replace('_', ' ')} yet")
