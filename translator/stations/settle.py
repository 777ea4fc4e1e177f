"""settle: the positive sign, per document: looked for, never presumed. Waiting is not failing.

One look answers for all that was put into one place. An outcome that is unknown is settled by evidence, or by one
identical repeat, then by a person; a level is never repeated: a fresh one is built from what is wanted now.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import Any

from translator.config.site import Route
from translator.core.document import sign
from translator.core.finding import Finding, Unavailable
from translator.core.tree import at
from translator.core.work import Hold, Station
from translator.documents.kind import Operation, kinds
from translator.endpoints.endpoint import Endpoint, Looked, Put, Receipt, Verdict
from translator.ledger.attempts import AttemptRow
from translator.ledger.book import Book
from translator.ledger.documents import Stored
from translator.ledger.interchanges import Interchange
from translator.ledger.work import Work
from translator.stations import acks, follows, landed, levels, restored
from translator.stations.errand import Carry, Errand, House
from translator.stations.landed import settle_all
from translator.stations.send import TAKEN_BEFORE, put_again, reject_all, taken_before

LOOKS = (5.0, 15.0, 30.0, 60.0, 120.0, 300.0)  # between looks at a transaction (reference §9), then always the last
LONG = 1800.0  # a transaction that still processes after so long is for a person
ONCE = 2  # puts of the same bytes, where the first ended unknown
NOT_TAKEN = "file not taken"  # what is told of a file that lies too long
DEATHS = 6  # puts whose holder died over them: each was looked for before the next


@dataclass(frozen=True, slots=True)
class _Look:
    house: House
    route: Route
    works: tuple[Work, ...]
    interchanges: tuple[Interchange, ...]
    ages: tuple[float, ...]  # seconds since each was put


def begin(house: House, book: Book, works: Sequence[Work]) -> list[Errand]:
    """Look once for all rows of one folder; at Amazon, where each look is a call, one by one."""
    by_route: dict[str, list[Work]] = defaultdict(list)
    for work in works:
        by_route[work.route].append(work)
    return [errand for name, rows in by_route.items() for errand in _route(house, book, name, rows)]


def _route(house: House, book: Book, name: str, works: Sequence[Work]) -> list[Errand]:
    route = house.site.route_named(name)
    endpoint = house.endpoints.get(route.endpoint) if route else None
    if route is None or endpoint is None:
        for work in works:
            book.work.hold(work, restored.unlisted(work))
        return []
    if route.acked:
        acks.settle(house, book, route, works)
        return []
    files = book.interchanges.by_id(int(work.subject) for work in works)
    interchanges = tuple(files[number] for work in works if (number := int(work.subject)) in files)
    attempts = book.attempts.by_interchange(files)
    puts = [_put_of(book, interchange, attempts[interchange.id]) for interchange in interchanges]
    ages = tuple(house.now() - put_at(interchange, attempts[interchange.id]) for interchange in interchanges)
    look = _Look(house, route, tuple(works), interchanges, ages)
    if endpoint.stages:
        return [_errand(look, endpoint, puts)]
    return [_errand(one, endpoint, [put]) for one, put in zip(_apart(look), puts, strict=True)]


def _apart(look: _Look) -> list[_Look]:
    rows = zip(look.works, look.interchanges, look.ages, strict=True)
    return [replace(look, works=(work,), interchanges=(one,), ages=(age,)) for work, one, age in rows]


def _errand(look: _Look, endpoint: Endpoint, puts: Sequence[Put]) -> Errand:
    slow = [not endpoint.stages and age > LONG for age in look.ages]
    return Carry(look.works, lambda _: _looked(endpoint, puts, slow), partial(_record, look))


def _put_of(book: Book, interchange: Interchange, attempts: Sequence[AttemptRow]) -> Put:
    """Name what to look for: its receipt; where there is none, the effect itself."""
    receipts = [Receipt(attempt.receipt) for attempt in attempts if attempt.outcome.startswith("sent")]
    receipt = receipts[-1] if receipts else None
    evidence, before = _evidence(book, interchange), _before_it(book, interchange)
    return Put(interchange.name, receipt, interchange.kind, interchange.about, evidence, before)


def put_at(interchange: Interchange, attempts: Sequence[AttemptRow]) -> float:
    """Say when it was put: an outage before that is not the other side's delay."""
    return max((one.ended or one.begun for one in attempts), default=interchange.at)


def _looked(endpoint: Endpoint, puts: Sequence[Put], slow: Sequence[bool]) -> list[Looked]:
    """Ask for all at once; where one still waits after long, look closer."""
    looked = zip(puts, slow, endpoint.look(puts), strict=True)
    return [
        _closer(endpoint, put, one) if late and one.verdict is Verdict.WAITING else one for put, late, one in looked
    ]


def _closer(endpoint: Endpoint, put: Put, looked: Looked) -> Looked:
    """Ask for one alone; where its transaction still tells nothing, for its effect. Both silent: nobody can tell."""
    try:
        (told,) = endpoint.look([put])
        if told.verdict is Verdict.WAITING and put.receipt:
            (told,) = endpoint.look([replace(put, receipt=None)])
    except Unavailable:
        return looked  # it was not asked: that says nothing
    return replace(told, verdict=Verdict.CANNOT_TELL) if told.verdict is Verdict.WAITING else told


def _evidence(book: Book, interchange: Interchange) -> str:
    """Name the order's status that proves the effect; a rejecting acknowledgement has another than an accepting one."""
    operation = kinds()[interchange.kind].operation
    if operation is None:
        return ""
    stored = book.documents.lying_in(interchange.id) if operation.evidence else []
    return operation.evidence(stored[0].tree) if operation.evidence and stored else operation.read_back


def _before_it(book: Book, interchange: Interchange) -> frozenset[str]:
    """Give the tracking numbers that Amazon's label of the order had before another one was asked for."""
    operation = kinds()[interchange.kind].operation
    if operation is None or not operation.brings:
        return frozenset()
    inside = book.documents.lying_in(interchange.id)
    there = book.documents.about(inside[0].account, inside[0].about, operation.brings) if inside else []
    before = [label.tree for label in there if label.id < inside[0].id]
    packages = at(before[-1], "labelData", []) if before else []
    return frozenset(number for one in packages if (number := at(one, "trackingNumber")))


def _record(look: _Look, book: Book, answers: Sequence[Looked]) -> None:
    """Write down what became of each; one that was let go meanwhile keeps none of the others."""
    mine = {work.id for work in book.work.mine(look.works)}
    for work, interchange, age, looked in zip(look.works, look.interchanges, look.ages, answers, strict=True):
        if work.id in mine:
            _one(look, book, work, interchange, age, looked)


def _one(look: _Look, book: Book, work: Work, interchange: Interchange, age: float, looked: Looked) -> None:
    kind = kinds()[interchange.kind]
    if looked.verdict is Verdict.ACCEPTED:
        _accepted(look, book, work, interchange)
    elif looked.verdict is Verdict.REFUSED and taken_before(book, interchange, looked.findings):
        _accepted(look, book, work, interchange, TAKEN_BEFORE)
    elif looked.verdict is Verdict.REFUSED:
        reject_all(look.house, book, interchange, looked.findings or (_refusal(looked),))
        book.work.end(work)
    elif looked.verdict is not Verdict.WAITING and kind.level:
        levels.lost(look.house, book, interchange)
        book.work.end(work)
    elif looked.verdict is not Verdict.WAITING and _is_moot(book, interchange):
        _moot(book, work, interchange)
    elif looked.verdict is not Verdict.WAITING and not look.route.mapping and not _sent(book, interchange):
        _unknown(look, book, work, interchange, age, looked)
    else:
        _wait(look, book, work, age, looked)


def _sent(book: Book, interchange: Interchange) -> bool:
    """Tell what the other side has taken in: that its effect is not there yet is not final."""
    return any(attempt.outcome == "sent" for attempt in book.attempts.of(interchange.id))


def _is_moot(book: Book, interchange: Interchange) -> bool:
    documents = book.documents.lying_in(interchange.id)
    return bool(documents) and all(follows.moot(book, stored) for stored in documents)


def _moot(book: Book, work: Work, interchange: Interchange) -> None:
    """Ask no further what became of what nobody awaits any more, and never repeat it."""
    for stored in book.documents.lying_in(interchange.id):
        follows.supersede(book, stored)
    settle_all(book, interchange)
    book.work.end(work)


def _refusal(looked: Looked) -> Finding:
    return Finding("refused", looked.reason or "the other side refused it and gave no reason")


def _accepted(
    look: _Look, book: Book, work: Work, interchange: Interchange, detail: dict[str, Any] | None = None
) -> None:
    if before := _before(book, interchange):
        book.work.add(Station.SETTLE, look.route.name, str(before), lane=work.lane)
        book.work.end(work)
        return
    landed.accepted(look.house, book, interchange, "taken" if look.route.mapping else "accepted", detail)
    book.work.end(work)


def _before(book: Book, interchange: Interchange) -> int | None:
    """Give the file of its set that was sent before it: all of them are taken, or none is."""
    return book.contents.parts(interchange.id)[interchange.part - 2] if interchange.later else None


def _unknown(look: _Look, book: Book, work: Work, interchange: Interchange, age: float, looked: Looked) -> None:
    """Nothing says that it was sent: what its operation says is to be done (reliability-security §2.2)."""
    operation = kinds()[interchange.kind].operation
    shown = operation is not None and bool(
        operation.read_back or (operation.brings and kinds()[operation.brings].fetch)
    )
    if operation is None or (looked.verdict is Verdict.CANNOT_TELL and shown):
        _wait(look, book, work, age, looked)
    elif age < (believed := _believed(look, operation)):
        book.work.again(work, look.house.now() + min(_next_look(age), believed - age + 1), looked.reason)
    elif _repeats(book, interchange, operation):
        book.work.end(work)
        put_again(book, look.route, interchange)
    elif operation.blind:
        _accepted(look, book, work, interchange, {"unverified": True})
    else:
        reason = looked.reason or "no effect is shown, after one repeat"
        hint = f"`translator retry {work.id}` sends the same once more"
        book.work.hold(work, Hold("person", reason if shown else f"{reason}: {hint}"))


def _believed(look: _Look, operation: Operation) -> float:
    """Say from when on it is believed that no effect shows: a site that says its own time means it for all."""
    account = look.house.site.accounts.get(look.route.partner)
    return 0.0 if account and account.settle else operation.believed


def _repeats(book: Book, interchange: Interchange, operation: Operation) -> bool:
    """Tell whether the same bytes may go once more: after what died or was lost so often, or once a person said so."""
    outcomes = [attempt.outcome for attempt in book.attempts.of(interchange.id)]
    uncertain = outcomes.count("unknown"), outcomes.count("died")
    if not operation.repeat:
        return uncertain == (0, 0)  # a person asked for it: `moves` forgave what was uncertain
    if operation.brings and any(
        _seen(book, stored, operation.brings) for stored in book.documents.lying_in(interchange.id)
    ):
        return False  # what is printed would be replaced
    return uncertain[0] < ONCE and uncertain[1] < DEATHS


def _seen(book: Book, stored: Stored, kind: str) -> bool:
    """Tell whether the warehouse may have what this request brought; what was there before is to be replaced."""
    came = any(one.id > stored.id for one in book.documents.about(stored.account, stored.about, kind))
    return came and book.events.has(sign(kind, stored.account, stored.about, "sent"))


def _wait(look: _Look, book: Book, work: Work, age: float, looked: Looked) -> None:
    now = look.house.now()
    if look.route.late and age > look.route.late:
        _late(look, book, work)
    if look.route.mapping:
        book.work.again(work, now + look.route.look, looked.reason)
    elif age > 2 * LONG and looked.verdict is not Verdict.WAITING:
        hint = f": `translator retry {work.id}` looks for half an hour more, then sends the same once more"
        shown = "" if looked.verdict is Verdict.CANNOT_TELL else hint
        reason = looked.reason or "the order does not tell"
        book.work.hold(work, Hold("person", f"unsettled after an hour: {reason}{shown}"))
    else:
        book.work.again(work, now + _next_look(age), looked.reason)


def _late(look: _Look, book: Book, work: Work) -> None:
    """Tell once that a file is not taken; it is over when it is."""
    told = f"{NOT_TAKEN}: {work.subject}"
    if not book.events.has(told):
        book.events.note(f"interchange {work.subject}", NOT_TAKEN, {"endpoint": look.route.endpoint}, told)


def _next_look(age: float) -> float:
    return next((pause for pause in LOOKS if age < pause), LOOKS[-1])
