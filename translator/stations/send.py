"""send: appears whole or not at all, never twice. Three commits: *begun*, *staged*, *sent*.

*begun* precedes the first byte; needs are asked once more, and if they are not met the documents go back to write.
What cannot be staged (a POST) and was begun without an end is unknown: it goes to settle, which asks the other side.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from typing import Final

from translator.config.routes import lane_of, looks_of
from translator.config.site import Route
from translator.core import jsontext
from translator.core.finding import Finding, Rejected, Unavailable, Unknown
from translator.core.work import End, Hold, Station
from translator.documents.kind import kinds
from translator.endpoints.endpoint import Attempt, Endpoint, InTurns, Outgoing, Receipt, Torn, in_turns
from translator.endpoints.publish import MAYBE_TAKEN
from translator.endpoints.turns import SMALL, Asked, Turns
from translator.ledger.attempts import AttemptRow
from translator.ledger.book import Book
from translator.ledger.documents import Stored
from translator.ledger.interchanges import Interchange
from translator.ledger.work import Work
from translator.stations import acks, follows, landed, levels, restored, streams, tidy, turned
from translator.stations.errand import LEASE, Carry, Errand, House, Staging
from translator.stations.patience import failed, postpone
from translator.stations.write import outdated, unmet

FIRST_LOOK = 5.0  # seconds until what was sent is first looked for
_TORN: Final = frozenset(Torn) - {Torn.NONE}
TAKEN_BEFORE: Final = {"evidence": "refused as one that Amazon has already"}


@dataclass(frozen=True, slots=True)
class _Sending:
    house: House
    work: Work
    endpoint: Endpoint
    interchange: Interchange
    outgoing: Outgoing
    documents: tuple[Stored, ...]


def begin(house: House, book: Book, works: Sequence[Work]) -> list[Errand]:
    """Begin each: the fenced *begun* shares the commit of the claim. What all are about is asked for at once."""
    works = streams.ready(house, book, works)
    numbers = [int(work.subject) for work in works]
    files = book.interchanges.by_id(numbers)
    attempts, documents = book.attempts.by_interchange(numbers), book.documents.by_interchange(numbers)
    doubt = book.reconciling.doubt()
    ready = [
        (work, files[number], attempts[number], documents[number])
        for work, number in zip(works, numbers, strict=True)
        if _is_ready(house, book, work, files.get(number), attempts[number], documents[number])
        and not (doubt and restored.doubtful(book, work, files[number], documents[number], doubt))
    ]
    data = book.bodies.by_id(file.body for _, file, _, _ in ready)
    places = {file.endpoint for _, file, _, _ in ready}
    homes = {place: book.bookmarks.get(place) if house.endpoints[place].stages else "" for place in places}
    return [
        _begin(house, book, work, file, tries, tuple(inside), data[file.body], homes[file.endpoint])
        for work, file, tries, inside in ready
    ]


def _is_ready(
    house: House,
    book: Book,
    work: Work,
    file: Interchange | None,
    attempts: Sequence[AttemptRow],
    documents: Sequence[Stored],
) -> bool:
    """Tell whether a file may be put; else its row is held, ended, or goes on elsewhere."""
    endpoint = house.endpoints.get(file.endpoint) if file else None
    if file is None or endpoint is None or house.site.route_named(work.route) is None:
        if file is None or file.is_twin or not turned.back_to_write(house, book, work):
            asked = file is not None and not file.is_twin and not file.later and turned.may_have_left(attempts)
            plain = Hold("mapping", f"{work.route} is no longer listed in the site")
            book.work.hold(work, restored.left_behind(work) if asked else plain)
        return False
    if not (file.later or file.is_twin or turned.may_have_left(attempts)) and _unwanted(house, book, file, documents):
        _back(house, book, work, file, documents)
        return False
    if kinds()[file.kind].level and not turned.may_have_left(attempts) and levels.overtaken(house, book, file):
        book.work.end(work)
        return False
    open_ = [attempt for attempt in attempts if attempt.ended is None]
    if open_ and not endpoint.stages:
        _unknown(house, book, work, file, "begun, and its end is not known", open_[-1].number, "died")
        return False
    return True


def _begin(
    house: House,
    book: Book,
    work: Work,
    file: Interchange,
    attempts: Sequence[AttemptRow],
    documents: tuple[Stored, ...],
    data: bytes,
    home: str,
) -> Errand:
    token = house.chance.token()
    endpoint = house.endpoints[file.endpoint]
    number = book.attempts.begin(file.id, token, attempts, home)
    earlier = tuple(Attempt(one.number, one.token, one.staged is not None, one.home) for one in attempts)
    started = house.clock.monotonic()
    first = partial(_half, house, started)
    torn = next((Torn(one.outcome) for one in reversed(attempts) if one.outcome in _TORN), Torn.NONE)
    outgoing = Outgoing(file.name, data, number, token, earlier, file.kind, file.path, file.about, first, home, torn)
    sending = _Sending(house, work, endpoint, file, outgoing, documents)
    if in_turns(endpoint) and len(data) <= SMALL:
        return Carry((work,), partial(_putting, sending, endpoint), partial(_record, sending), endpoint)
    return Carry((work,), partial(_put, sending), partial(_record, sending))


def _unwanted(house: House, book: Book, file: Interchange, documents: Sequence[Stored]) -> bool:
    """Tell whether one has ended or was cancelled, a need is not met any more, or what was needed was made anew since."""
    return any(
        one.end is not None
        or turned.overtaken(book, one)
        or unmet(house, book, one)
        or outdated(house, book, one, file.at)
        for one in documents
    )


def _back(house: House, book: Book, work: Work, interchange: Interchange, documents: Sequence[Stored]) -> None:
    """Send documents back to write: nothing has left yet."""
    for stored in documents:
        if stored.end is None:
            follows.to_write_or_wait(house, book, stored)
    landed.settle_all(book, interchange)
    book.work.end(work)
    tidy.soon(book, interchange.endpoint)


Put = Receipt | Rejected | Unknown | Unavailable


def _put(sending: _Sending, staging: Staging) -> Put:
    try:
        sending.outgoing.first()
        return sending.endpoint.put(sending.outgoing, lambda home: _staging(sending, staging, home)())
    except (Rejected, Unknown, Unavailable) as answer:
        return answer


def _putting(sending: _Sending, endpoint: InTurns, staging: Staging) -> Turns[Put]:
    try:
        sending.outgoing.first()
        return (yield from endpoint.putting(sending.outgoing, partial(_staging, sending, staging)))
    except (Rejected, Unavailable) as answer:
        return answer


def _staging(sending: _Sending, staging: Staging, home: str) -> Asked:
    """Ask for *staged*; what is given raises where the claim is lost, or it took too long."""
    began, news = sending.house.clock.monotonic(), home if home != sending.outgoing.home else ""
    committed = staging(sending.work, sending.interchange, sending.outgoing.attempt, news)

    def staged() -> None:
        committed()
        _half(sending.house, began)

    return staged


def _half(house: House, started: float) -> None:
    if house.clock.monotonic() - started > LEASE / 2:
        raise Unavailable("half of the lease is over")


def _record(sending: _Sending, book: Book, answer: Put) -> None:
    if isinstance(answer, Receipt):
        _sent(sending, book, answer)
    elif isinstance(answer, Unknown):
        _unknown(sending.house, book, sending.work, sending.interchange, answer.reason, sending.outgoing.attempt)
    elif isinstance(answer, Rejected):
        _refused(sending, book, answer.findings)
    else:
        _later(sending, book, answer)


def _sent(sending: _Sending, book: Book, receipt: Receipt) -> None:
    house, interchange = sending.house, sending.interchange
    book.attempts.end(interchange.id, sending.outgoing.attempt, "sent", receipt.text)
    if receipt.home and receipt.home != sending.outgoing.home:
        book.bookmarks.put(interchange.endpoint, receipt.home)
    _next_of_stream(sending, book)
    if interchange.is_twin:
        _sent_again(sending, book)
        return
    if following := _following(book, interchange):
        book.work.add(Station.SEND, sending.work.route, str(following), lane=sending.work.lane)
        book.work.end(sending.work)
        return
    route = house.site.route_named(sending.work.route)
    look = route.look if route else 0.0
    for stored in sending.documents:
        follows.tell(book, stored, "sent", {"file": interchange.name})
        if not look:
            book.documents.end(stored.id, End.ACCEPTED)
    if receipt.data and route:
        _brought(sending, book, route, receipt.data)
    elif look and route:
        due = house.now() + min(look, FIRST_LOOK)
        to_settle(house, book, route, interchange, due, receipt)
    else:
        landed.settle_all(book, interchange)
    book.work.end(sending.work)


def _next_of_stream(sending: _Sending, book: Book) -> None:
    if sending.house.site.keeps_order(sending.interchange.endpoint):
        streams.gone(book, sending.work)


def _sent_again(sending: _Sending, book: Book) -> None:
    """Note that a file went once more. What follows from it followed from the first one, and is looked for there."""
    for stored in sending.documents:
        book.events.note(follows.subject(stored), f"{stored.kind} sent again", {"file": sending.interchange.name})
    book.interchanges.settle(sending.interchange.id)
    book.work.end(sending.work)


def _brought(sending: _Sending, book: Book, route: Route, data: bytes) -> None:
    """Take in what the answer brought, as if it had been fetched: the answer is the sign as well."""
    house, interchange = sending.house, sending.interchange
    operation = kinds()[interchange.kind].operation
    came = operation.brings if operation else ""
    if operation and operation.named:
        answer, asked = jsontext.decode(data), jsontext.decode(sending.outgoing.data)
        data = jsontext.encode(operation.named(answer, asked))
    endpoint = f"{route.account}/{came}"
    name = f"{came}-{interchange.about or interchange.id}.json"
    stored = book.interchanges.add_in(endpoint, name, house.chance.token(), data)
    book.work.add(Station.READ, endpoint, str(stored.id))
    landed.accepted(house, book, interchange, "accepted", came=came)


def to_settle(
    house: House, book: Book, route: Route, interchange: Interchange, due: float, receipt: Receipt | None
) -> None:
    """Have it looked for, in the lane of what is asked: its transaction, or where its effect shows."""
    account = house.site.accounts.get(route.partner)
    lane = lane_of(account, _question(interchange, receipt)) if account else looks_of(route.partner)
    hold = acks.waiting(route, interchange.id) if route.acked else None
    book.work.add(Station.SETTLE, route.name, str(interchange.id), lane=lane, due=due, hold=hold)


def _question(interchange: Interchange, receipt: Receipt | None) -> str:
    operation = kinds()[interchange.kind].operation
    if receipt is not None:
        return "getTransactionStatus"
    shows = kinds()[operation.brings].fetch if operation and operation.brings else None
    return shows.one if shows else "getOrder"


def put_again(book: Book, route: Route, interchange: Interchange) -> None:
    """Put the same bytes once more."""
    book.work.add(Station.SEND, route.name, str(interchange.id), lane=route.lane)


def _following(book: Book, interchange: Interchange) -> int | None:
    """Give the next file of its set: each is sent when the one before it was, and the last one says that all were."""
    parts = book.contents.parts(interchange.id) if interchange.part else []
    return parts[interchange.part] if interchange.part < len(parts) else None


def _unknown(
    house: House, book: Book, work: Work, interchange: Interchange, reason: str, number: int, outcome: str = "unknown"
) -> None:
    """Leave it to settle: it looks after the time Amazon needs to show an effect. `died`: its holder did."""
    route = house.site.route_named(work.route)
    book.attempts.end(interchange.id, number, outcome)
    for stored in book.documents.lying_in(interchange.id):
        book.events.note(follows.subject(stored), f"{stored.kind} unknown", {"reason": reason})
    if route:
        to_settle(house, book, route, interchange, house.now() + settle_of(house, route, interchange), None)
    book.work.end(work)


def settle_of(house: House, route: Route, interchange: Interchange) -> float:
    """Say how long Amazon needs until an effect shows: as its operation says, unless the site does."""
    account, operation = house.site.accounts.get(route.partner), kinds()[interchange.kind].operation
    return (account.settle if account else 0.0) or (operation.settle if operation else 0.0)


def _refused(sending: _Sending, book: Book, findings: Sequence[Finding]) -> None:
    """The other side refused these bytes: a name that is taken is for a person, all else rejects the documents."""
    asked = findings[0].code == MAYBE_TAKEN
    book.attempts.end(sending.interchange.id, sending.outgoing.attempt, Torn.ASKED if asked else "refused")
    reason = "; ".join(finding.text for finding in findings[:2])
    if sending.endpoint.stages:
        book.work.hold(sending.work, Hold("person", restored.question(sending.work, reason) if asked else reason))
        return
    if taken_before(book, sending.interchange, findings):
        landed.accepted(sending.house, book, sending.interchange, "accepted", TAKEN_BEFORE)
    else:
        reject_all(sending.house, book, sending.interchange, findings)
    book.work.end(sending.work)


def taken_before(book: Book, interchange: Interchange, findings: Sequence[Finding]) -> bool:
    """Tell whether a refusal proves that the same bytes, of which nobody knew the outcome, were taken before."""
    operation = kinds()[interchange.kind].operation
    unsure = any(one.outcome.startswith(("unknown", "died")) for one in book.attempts.of(interchange.id))
    if operation is None or not operation.twice or not unsure:
        return False
    return any(re.search(operation.twice, f"{finding.code} {finding.text}") for finding in findings)


def reject_all(house: House, book: Book, interchange: Interchange, findings: Sequence[Finding]) -> None:
    """Reject every document of an interchange; of a level, the items that are at fault."""
    if kinds()[interchange.kind].level:
        levels.refused(house, book, interchange, findings)
    for stored in book.documents.lying_in(interchange.id):
        follows.rejected(house, book, stored, findings)
    landed.settle_all(book, interchange)


def _later(sending: _Sending, book: Book, error: Unavailable) -> None:
    """Nothing was published (or what was staged tells next time): try again when the lane opens."""
    stages = sending.endpoint.stages
    attempt = next(a for a in book.attempts.of(sending.interchange.id) if a.number == sending.outgoing.attempt)
    if error.sort == "torn":
        book.attempts.end(sending.interchange.id, sending.outgoing.attempt, Torn.DIED)
    elif not (stages and attempt.staged is not None):
        book.attempts.end(sending.interchange.id, sending.outgoing.attempt, "unavailable")
    failed(sending.house, book, sending.work, error)
    postpone(sending.house, book, sending.work, error)
