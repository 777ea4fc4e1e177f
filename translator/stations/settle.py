"""settle: the positive sign, per document: looked for, never presumed. Waiting is not failing.

One look answers for all that was put into one place. An outcome that is unknown is settled by evidence, or by one
identical repeat, then by a person; a level is never repeated: a fresh one is built from what is wanted now.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial

from translator.config.site import Route
from translator.core.finding import Finding
from translator.core.work import End, Hold, Station
from translator.documents.kind import kinds
from translator.endpoints.endpoint import Looked, Put, Receipt, Verdict
from translator.ledger.book import Book
from translator.ledger.interchanges import Interchange
from translator.ledger.work import Work
from translator.stations import follows
from translator.stations.errand import Carry, Errand, House
from translator.stations.send import documents_of, reject_all

LOOKS = (5.0, 15.0, 30.0, 60.0, 120.0, 300.0)  # between looks at a transaction (reference §9), then always the last
LONG = 1800.0  # a transaction that still processes after so long is for a person
ONCE = 2  # puts of the same bytes, where the first ended unknown
DEATHS = 6  # puts whose holder died over them: each was looked for before the next


@dataclass(frozen=True, slots=True)
class _Look:
    house: House
    route: Route
    works: tuple[Work, ...]
    interchanges: tuple[Interchange, ...]


def begin(house: House, book: Book, works: Sequence[Work]) -> list[Errand]:
    """Look once for all rows of one route."""
    by_route: dict[str, list[Work]] = defaultdict(list)
    for work in works:
        by_route[work.route].append(work)
    return [errand for name, rows in by_route.items() if (errand := _route(house, book, name, rows))]


def _route(house: House, book: Book, name: str, works: Sequence[Work]) -> Errand | None:
    route = house.site.route_named(name)
    endpoint = house.endpoints.get(route.endpoint) if route else None
    if route is None or endpoint is None:
        for work in works:
            book.work.hold(work, Hold("mapping", f"no route {name} in the site"))
        return None
    interchanges = tuple(found for work in works if (found := book.interchanges.get(int(work.subject))))
    puts = [_put_of(house, book, interchange) for interchange in interchanges]
    look = _Look(house, route, tuple(works), interchanges)
    return Carry(look.works, lambda _: endpoint.look(puts), partial(_record, look))


def _put_of(house: House, book: Book, interchange: Interchange) -> Put:
    """Name what to look for: its receipt; without one, or when it tells nothing for too long, the effect itself."""
    sent = [attempt for attempt in book.attempts.of(interchange.id) if attempt.outcome == "sent"]
    stuck = not house.endpoints[interchange.endpoint].stages and house.now() - interchange.at > LONG
    receipt = Receipt(sent[-1].receipt) if sent and not stuck else None
    return Put(interchange.name, receipt, interchange.kind, interchange.about, _evidence(book, interchange))


def _evidence(book: Book, interchange: Interchange) -> str:
    """Name the order's status that proves the effect; a rejecting acknowledgement has another than an accepting one."""
    operation = kinds()[interchange.kind].operation
    if operation is None:
        return ""
    stored = documents_of(book, interchange.id)
    return operation.evidence(stored[0].tree) if operation.evidence and stored else operation.read_back


def _record(look: _Look, book: Book, answers: Sequence[Looked]) -> None:
    for work, interchange, looked in zip(look.works, look.interchanges, answers, strict=True):
        book.work.check(work)
        _one(look, book, work, interchange, looked)


def _one(look: _Look, book: Book, work: Work, interchange: Interchange, looked: Looked) -> None:
    if looked.verdict is Verdict.ACCEPTED:
        _accepted(look, book, work, interchange)
    elif looked.verdict is Verdict.REFUSED:
        reject_all(look.house, book, interchange, looked.findings or (_refusal(looked),))
        book.work.end(work)
        _level_again(look, book, interchange)
    elif looked.verdict is Verdict.NOT_THERE or _level_lost(book, interchange, looked):
        _not_there(look, book, work, interchange, looked)
    elif looked.verdict is Verdict.CANNOT_TELL and all(
        follows.moot(book, one) for one in documents_of(book, interchange.id)
    ):
        _moot(book, work, interchange)
    else:
        _wait(look, book, work, interchange, looked)


def _moot(book: Book, work: Work, interchange: Interchange) -> None:
    """Ask no further what became of an acknowledgement whose order was cancelled."""
    for stored in documents_of(book, interchange.id):
        follows.supersede(book, stored)
    book.interchanges.settle(interchange.id)
    book.work.end(work)


def _level_lost(book: Book, interchange: Interchange, looked: Looked) -> bool:
    """Tell a level whose fate nobody can tell: nothing shows it, and it is never waited for."""
    sent = any(attempt.outcome == "sent" for attempt in book.attempts.of(interchange.id))
    return looked.verdict is Verdict.CANNOT_TELL and kinds()[interchange.kind].level and not sent


def _refusal(looked: Looked) -> Finding:
    return Finding("refused", looked.reason or "the other side refused it and gave no reason")


def _accepted(look: _Look, book: Book, work: Work, interchange: Interchange) -> None:
    fact = "taken" if look.route.mapping else "accepted"
    for stored in documents_of(book, interchange.id):
        book.documents.end(stored.id, End.ACCEPTED)
        follows.tell(book, stored, fact, {"file": interchange.name})
    if kinds()[interchange.kind].level:
        _level_accepted(look, book, interchange)
    book.interchanges.settle(interchange.id)
    book.work.end(work)


def _level_accepted(look: _Look, book: Book, interchange: Interchange) -> None:
    book.stock.accepted(interchange.id)
    account, _, warehouse = interchange.about.partition(":")
    book.events.note(f"{account} {warehouse}", f"{interchange.kind} accepted", {"file": interchange.name})
    for number in book.stock.documents_done():
        book.documents.end(number, End.ACCEPTED)
        if stored := book.documents.get(number):
            follows.tell(book, stored, "accepted")
    _level_again(look, book, interchange)


def _level_again(look: _Look, book: Book, interchange: Interchange) -> None:
    if not kinds()[interchange.kind].level:
        return
    account, _, warehouse = interchange.about.partition(":")
    if book.stock.differing(account, warehouse, 1):
        book.work.add(Station.WRITE, look.route.name, f"level:{account}:{warehouse}")


def _not_there(look: _Look, book: Book, work: Work, interchange: Interchange, looked: Looked) -> None:
    """The other side shows no effect: one identical repeat, then a person; a level is built afresh."""
    kind = kinds()[interchange.kind]
    attempts = book.attempts.of(interchange.id)
    outcomes = [attempt.outcome for attempt in attempts]
    again = "sent" not in outcomes and outcomes.count("unknown") < ONCE and outcomes.count("died") < DEATHS
    if kind.level:
        book.stock.unknown(interchange.id)
        book.interchanges.settle(interchange.id)
        book.work.end(work)
        _level_again(look, book, interchange)
    elif kind.operation and kind.operation.repeat and again:
        book.work.end(work)
        book.work.add(Station.SEND, look.route.name, str(interchange.id), lane=look.route.lane)
    else:
        book.work.hold(work, Hold("person", looked.reason or "no effect is shown, after one repeat"))


def _wait(look: _Look, book: Book, work: Work, interchange: Interchange, looked: Looked) -> None:
    now = look.house.now()
    if look.route.mapping:
        book.work.again(work, now + look.route.look, looked.reason)
        return
    if now - interchange.at > 2 * LONG:
        book.work.hold(
            work, Hold("person", looked.reason or "still processing after an hour, and the order does not tell")
        )
        return
    book.work.again(work, now + _next_look(now - interchange.at), looked.reason)


def _next_look(age: float) -> float:
    return next((pause for pause in LOOKS if age < pause), LOOKS[-1])
