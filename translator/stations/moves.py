"""The operator's moves: hold, release, retry, reject. A move is a row; the service carries it out, once, in one commit.

`target` is a row's number, a purchase order number (`us:PO` where several accounts know it) or a file's name (`*`: any
letters); `retry` takes the name of a partner as well. What cannot be done is answered in words, never half done.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from typing import Final

from translator.core.finding import Finding, Unavailable
from translator.core.work import End, Hold, State, Station
from translator.documents.kind import kinds
from translator.ledger.book import Book
from translator.ledger.bookmarks import Carried
from translator.ledger.documents import Stored
from translator.ledger.events import MOVE
from translator.ledger.moves import Move
from translator.ledger.steps import SOONER
from translator.ledger.trouble import Broken
from translator.ledger.work import Work
from translator.stations import (
    again,
    decisions,
    follows,
    levels,
    life,
    lookups,
    nightly,
    patience,
    restored,
    streams,
    stuck,
    tidy,
    turned,
)
from translator.stations.errand import House

PURGE: Final = "purge"  # the move, and its event, by which the service hears of it
NOTED: Final = ("copied", "keys rotated", "keys copied", "keys restored")  # done by the command; for the record
COPIES: Final = "copies of keys"  # the bookmark: machines and folders, the latest first
FOLDERS: Final = 20  # that are remembered
COMPARED: Final = nightly.COMPARED  # done by the command, written down here
GIVEN_UP: Final = "given up by an operator"
AS_BEFORE: Final = "as before"  # what becomes of what waited for a sign, or to be settled, when an operator held it
SILENT: Final = "sent"  # and, since its row is held, without a word of what became of it
UNCERTAIN: Final = ("unknown", "died")  # ends of an attempt that nobody knows the effect of


def apply(house: House, book: Book, waiting: Sequence[Move]) -> list[tuple[int, str, bool]]:
    """Carry out what is asked, each once even over a crash; give what to answer when this is committed."""
    return [_once(house, book, move, waiting[0].id) for move in waiting]


def _once(house: House, book: Book, move: Move, oldest: int) -> tuple[int, str, bool]:
    carried = book.applied.outcome(move.id)
    outcome, ok = (carried.outcome, carried.ok) if carried else _safely(house, book, move)
    if carried is None:
        book.applied.note(Carried(move.id, outcome, ok), oldest)
        about = str(move.arguments.get("target") or ("all that failed" if move.arguments.get("failed") else ""))
        book.audit.note(move.by, f"move {move.verb}", about, {"move": move.id, "ok": ok})
    return move.id, outcome, ok


def _safely(house: House, book: Book, move: Move) -> tuple[str, bool]:
    """A move that fails by our own fault changes nothing, and says so."""
    book.catch_up()  # what waits is not of this move
    try:
        with book.apart():
            return _apply(house, book, move)
    except (Broken, Unavailable):
        raise
    except Exception as error:  # noqa: BLE001 (our own fault: told, the rest goes on)
        return f"our fault: {type(error).__name__}; nothing was changed", False


def _apply(house: House, book: Book, move: Move) -> tuple[str, bool]:
    if move.verb in decisions.VERBS:
        return decisions.carried(house, book, move)
    if move.verb in again.VERBS:
        return again.carried(house, book, move)
    if move.verb == COMPARED:
        return _compared(book, move)
    if move.verb in lookups.VERBS:
        return lookups.carried(house, book, move)
    if move.verb in NOTED:
        _copied_to(book, move)
        return "noted", True
    if move.verb in restored.VERBS:
        return restored.carried(house, book, move, _meant(house, book, move) if move.verb == "arrived" else ())
    if move.verb == PURGE:
        book.events.note(f"{MOVE}{move.id}", PURGE, {"by": move.by, "trusted": bool(move.arguments.get("trusted"))})
        return "the service forgets now what is due; its log and `translator show audit` say what", True
    verb = VERBS.get(move.verb)
    if verb is None:
        return f"no move '{move.verb}'", False
    target = str(move.arguments.get("target", ""))
    if move.verb == "retry" and target in {*house.site.systems, *house.site.accounts}:
        return _partner(house, book, move, target)
    number, known = decisions.named(house, book, target)
    if len(known) > 1 and not _row_named(book, target):
        return decisions.which(number, known), False
    works = _failed(book) if move.arguments.get("failed") else _targets(house, book, target, number, known)
    if not works:
        return "nothing waits under that number or name (translator files lists what does)", False
    works, passed = _meant_of(move.verb, works) if not _row_named(book, target) else (works, [])
    done = [*(verb(house, book, work, move) for work in works), *(_still(move.verb, work) for work in passed)]
    detail = {"by": move.by, "rows": [work.id for work in works], "reason": _why(move)}
    book.events.note(f"{MOVE}{move.id}", move.verb, detail)
    well = all if move.verb == "hold" else any  # what is half held goes on
    return "; ".join(said for said, _ in done), well(ok for _, ok in done)


def _compared(book: Book, move: Move) -> tuple[str, bool]:
    result = json.loads(str(move.arguments.get("result", "{}")))
    return f"{nightly.written(book, move.by, result)} out", True


def _copied_to(book: Book, move: Move) -> None:
    """Remember where copies of the keys lie: old ones are told."""
    place = [str(move.arguments.get("host", "")), str(move.arguments.get("folder", ""))]
    if all(place):
        known = [one for one in json.loads(book.bookmarks.get(COPIES) or "[]") if one != place]
        book.bookmarks.put(COPIES, json.dumps([place, *known][:FOLDERS]))


def _meant(house: House, book: Book, move: Move) -> list[Work]:
    target = str(move.arguments.get("target", ""))
    return _targets(house, book, target, *decisions.named(house, book, target))


def _partner(house: House, book: Book, move: Move, name: str) -> tuple[str, bool]:
    """Try a partner now, though his door is closed or stopped."""
    if not patience.once_more(house, book, name):
        return f"{name} is not kept waiting: nothing is closed there", False
    book.events.note(f"{MOVE}{move.id}", move.verb, {"by": move.by, "partner": name})
    return f"{name} is tried again now", True


def _targets(house: House, book: Book, target: str, number: str, accounts: Sequence[str]) -> list[Work]:
    if row := _row_named(book, target):
        return [row]
    if rows := [row for id in again.waiting(book, target) if (row := book.work.get(id))]:
        return rows
    documents = [stored.id for account in accounts for stored in book.documents.about(account, number)]
    found = [row for document in documents for row in _rows_of(book, document)]
    for work in book.work.find(station=Station.READ):
        waits = _awaits_order(work, number) and (not accounts or _account_of(house, work) in accounts)
        if waits or follows.tells(work, documents):
            found.append(work)
    return list({work.id: work for work in found}.values())


def _awaits_order(work: Work, number: str) -> bool:
    """Tell a part of a file that waits for the order of this number; other rows at read have a document's behind the colon."""
    file, _, awaited = work.subject.partition(":")
    return file.isdigit() and awaited == number


def _failed(book: Book) -> list[Work]:
    """Give all rows that failed: those a person or a mapping is to mend, and those that are tried again later."""
    held = [
        work
        for work in book.work.find(state=State.HELD)
        if work.awaits in ("person", "mapping") and not restored.asks(work)
    ]
    return [*held, *(work for work in book.work.find(state=State.DEFERRED) if work.then == SOONER)]


def _meant_of(verb: str, works: Sequence[Work]) -> tuple[list[Work], list[Work]]:
    """Part what several rows are let go on by from those beside them that wait for a sign: nobody named those."""
    signed = [work for work in works if _awaits_sign(work)]
    others = [work for work in works if not _awaits_sign(work) and (verb != "release" or work.state == State.HELD)]
    return (others, signed) if verb in ("release", "retry") and others else (list(works), [])


def _awaits_sign(work: Work) -> bool:
    return work.state == State.HELD and work.awaits not in ("person", "mapping")


def _still(verb: str, work: Work) -> tuple[str, bool]:
    return f"row {work.id} is left as it is: {work.reason} (`translator {verb} {work.id}` lets it go on)", False


def _account_of(house: House, work: Work) -> str:
    source = house.site.source(work.route)
    return source.account if source else ""


def _row_named(book: Book, target: str) -> Work | None:
    return book.work.get(int(target)) if again.is_number(target) else None


def _rows_of(book: Book, document: int) -> list[Work]:
    found = book.work.find(subject=f"document:{document}")
    for interchange, _ in book.contents.where(document):
        found += [
            work for work in book.work.find(subject=str(interchange)) if work.station in (Station.SEND, Station.SETTLE)
        ]
    return found


def _why(move: Move) -> str:
    return str(move.arguments.get("reason", ""))


def _hold(house: House, book: Book, work: Work, move: Move) -> tuple[str, bool]:
    if work.state == State.ACTIVE:
        return f"row {work.id} is being worked on, and is not held: try again", False
    if work.state == State.HELD and work.awaits == "person":  # its question stays: `arrived` and the like answer it
        return f"row {work.id} is held for a person already: {work.reason}", True
    then = AS_BEFORE if _awaits_sign(work) or work.station == Station.SETTLE else "person"
    book.work.rehold(work.id, Hold("person", _why(move) or "held by an operator", then=then))
    return f"row {work.id} is held", True


def _release(house: House, book: Book, work: Work, move: Move) -> tuple[str, bool]:
    if work.state != State.HELD:
        return f"row {work.id} is not held", False
    if restored.is_left_behind(work):  # a person says that it is not there
        turned.written_anew(house, book, work)
        return f"row {work.id} is released: what lies in its file is written anew", True
    if work.then == AS_BEFORE and (hold := _policy(house, book, work)):
        book.work.rehold(work.id, hold)
        return f"row {work.id} {hold.reason}, as before (`translator release {work.id}` lets it go on)", True
    _let_on(house, book, work)
    return f"row {work.id} is released", True


def _policy(house: House, book: Book, work: Work) -> Hold | None:
    """Give what an acknowledgement waited for when an operator held it, if it is not there yet."""
    found = _documents(house, book, work) if work.station == Station.WRITE else []
    about = [one for one in found if one.kind == "acknowledgement" and one.interchange is None and not one.tree]
    order = book.documents.newest("order", about[0].account, about[0].about) if about else None
    return life.policy(house, book, order) if order else None


def _let_on(house: House, book: Book, work: Work) -> None:
    """Release a row; an order that waited for a decision has it by that."""
    book.work.release_row(work.id)
    for stored in _documents(house, book, work) if work.station == Station.WRITE else ():
        if stored.kind == "order":
            life.decided(house, book, stored)


def _retry(house: House, book: Book, work: Work, move: Move) -> tuple[str, bool]:
    if work.state == State.ACTIVE:
        return f"row {work.id} is being worked on", True
    if work.state == State.HELD and (made := _remade(house, book, work)):
        return f"row {work.id}: the {made} is made and sent once more", True
    if follows.tells(work):
        seen = f"`translator release {work.id}` says that you have seen it"
        return f"row {work.id} tells you something, and nothing of it is tried again: {seen}", False
    if work.station == Station.SEND and restored.asks(work):
        return f"row {work.id} is not tried before it is answered: {work.reason}", False
    if work.state == State.HELD:
        _forgive(house, book, work)
        _let_on(house, book, work)
    else:
        book.work.hasten_row(work.id)
    return f"row {work.id} is tried again now", True


def _remade(house: House, book: Book, work: Work) -> str:
    """Make anew what Amazon turned down of ours; empty: it is something else that waits here."""
    told, _, number = work.subject.partition(":")
    stored = book.documents.get(int(number)) if work.station == Station.READ and told == "rejected" else None
    if stored is None or not life.remade(house, book, stored):
        return ""
    book.work.remove(work.station, work.route, work.subject)
    return stored.kind.replace("_", " ")


def _forgive(house: House, book: Book, work: Work) -> None:
    """Let settle look once more and, where still no effect is shown, repeat the same bytes once more: a person said so.

    What Amazon took in and says nothing of is looked for as if it were new: only then it is repeated.
    """
    if work.station != Station.SETTLE:
        return
    route = house.site.route_named(work.route)
    forgiven = (*UNCERTAIN, SILENT) if route and not route.mapping else UNCERTAIN
    for attempt in book.attempts.of(int(work.subject)):
        if attempt.outcome in forgiven:
            book.attempts.end(int(work.subject), attempt.number, f"{attempt.outcome}, retried", attempt.receipt)


def _reject(house: House, book: Book, work: Work, move: Move) -> tuple[str, bool]:
    """Give up a row that is not begun, or that a person has to decide; its documents end, and their sender is answered."""
    if work.state == State.ACTIVE or _begun(book, work):
        return f"row {work.id} is begun: it cannot be given up, only settled", False
    if patience.is_turn(work):
        return f"row {work.id} is what {work.route} is looked at by, again and again: release it, or hold it", False
    if stuck.tells(work):
        return (
            f"row {work.id} tells what lies in {work.route}, and goes by itself: move the file away, or mend it",
            False,
        )
    if mine := _order_in(book, work, move):
        return _reject_in(house, book, work, move, mine)
    book.work.remove(work.station, work.route, work.subject)
    streams.gone(book, work)
    if work.station in (Station.SEND, Station.SETTLE):
        _let_go(house, book, int(work.subject))
        if (file := book.interchanges.get(int(work.subject))) and file.is_twin:
            return f"row {work.id} is given up: the file is not sent again", True
    for stored in _documents(house, book, work):
        _close(house, book, stored, move)
    return f"row {work.id} is given up", True


def _close(house: House, book: Book, stored: Stored, move: Move) -> None:
    book.documents.end(stored.id, End.CLOSED)
    follows.tell(book, stored, "closed", {"reason": GIVEN_UP, "move": move.id})
    turned.given_up(book, stored)
    if stored.interchange is not None:
        findings = [Finding("given-up", _why(move) or GIVEN_UP)]
        follows.answer_to(house, book, stored, findings, stored.interchange)
        follows.answer_others(house, book, stored, findings)
    follows.unopposed(book, stored)


def _order_in(book: Book, work: Work, move: Move) -> list[Stored]:
    """Give what lies of the order that a move names in a file with others; nothing where all of the file is meant."""
    number = str(move.arguments.get("target", "")).rpartition(":")[2]
    inside = book.documents.lying_in(int(work.subject)) if work.station in (Station.SEND, Station.SETTLE) else []
    mine = [stored for stored in inside if number and number in (stored.key, stored.about)]
    return mine if len(mine) < len(inside) else []


def _reject_in(house: House, book: Book, work: Work, move: Move, mine: Sequence[Stored]) -> tuple[str, bool]:
    """Give up an order in a file that has not left: what shares it is written without it."""
    file = book.interchanges.get(int(work.subject))
    if work.station == Station.SETTLE or file is None or file.is_twin:
        return f"row {work.id} is a file with other orders: `translator reject {work.id}` gives up all of it", False
    for stored in mine:
        _close(house, book, stored, move)
    turned.back_to_write(house, book, work)
    return f"row {work.id} is written without it", True


def _begun(book: Book, work: Work) -> bool:
    if work.station == Station.SETTLE:  # who holds it himself has it looked at no more: what left has left
        return work.state != State.HELD or work.awaits != "person" or work.then == AS_BEFORE
    if work.station != Station.SEND:
        return False
    interchange = book.interchanges.get(int(work.subject))
    if interchange is not None and interchange.is_twin and work.state == State.HELD and work.awaits == "mapping":
        return False  # its folder is listed no more: nobody puts it there, and what is in it went before
    if interchange is not None and interchange.later and not interchange.is_twin:
        return True
    return turned.may_have_left(book.attempts.of(int(work.subject)))


def _let_go(house: House, book: Book, number: int) -> None:
    """Free the name of what will not be sent or settled any more; the levels in it are wanted still."""
    interchange = book.interchanges.get(number)
    for part in book.contents.parts(number):
        book.interchanges.settle(part)
    if interchange is not None:
        tidy.soon(book, interchange.endpoint)
    if interchange is None or not kinds()[interchange.kind].level:
        return
    book.stock.unknown(number)
    account, _, warehouse = interchange.about.partition(":")
    if route := house.site.route(interchange.kind, account):
        book.work.add(
            Station.WRITE, route.name, f"level:{account}:{warehouse}", hold=levels.given_up(account, warehouse)
        )


def _documents(house: House, book: Book, work: Work) -> list[Stored]:
    number, _, about = work.subject.partition(":")
    if work.station in (Station.SEND, Station.SETTLE):
        return book.documents.lying_in(int(number))
    if number == "document":
        found = book.documents.get(int(about))
    elif work.station == Station.READ and number.isdigit():
        found = _unread(house, book, work, int(number), about)
    else:
        found = None
    return [] if found is None else [found]


def _unread(house: House, book: Book, work: Work, number: int, about: str) -> Stored | None:
    """Make a document of what was never read, so that it has an end and its sender an answer."""
    source, interchange = house.site.source(work.route), book.interchanges.get(number)
    if source is None or interchange is None:
        return None
    key = f"{interchange.name} {work.subject}"
    partner = source.partner if source.mappings else ""
    return book.documents.add("unread", source.account, key, {}, partner=partner, interchange=number, about=about)


VERBS: Final[dict[str, Callable[[House, Book, Work, Move], tuple[str, bool]]]] = {
    "hold": _hold,
    "release": _release,
    "retry": _retry,
    "reject": _reject,
}
