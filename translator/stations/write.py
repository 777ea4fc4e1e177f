"""write: ask what a document needs, complete it from what is stored; one, several or a batch → bytes with a name.

What it needs is not there: held, with the sign it awaits. A document from Amazon that a mapping cannot write is held
with its clock and tried again when the mapping or a table changes. A WMS's document at fault is rejected, with an
answer. Numbers are read before and taken in the commit; if the race was lost, it is written again.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from contextlib import nullcontext
from functools import partial

from translator.config.site import Route
from translator.core.document import Document, Tree, sign
from translator.core.finding import Finding
from translator.core.tree import at
from translator.core.work import End, Hold, State, Station
from translator.documents.kind import Asked, Need, kinds
from translator.documents.portions import as_json
from translator.ledger.book import Book
from translator.ledger.contents import part_of
from translator.ledger.documents import Stored
from translator.ledger.keys import PLAIN
from translator.ledger.stock import Level
from translator.ledger.trouble import Conflict, NameTaken
from translator.ledger.work import Work
from translator.stations import acks, conditions, follows, invoices, levels, life, seen, turned
from translator.stations.errand import Errand, House, Think
from translator.stations.making import Parts, Writing, Written, asked, body_of, made, seal_of
from translator.translation import batches

BUSY = 30.0  # seconds until a name that is taken is asked for again


def begin(house: House, book: Book, works: Sequence[Work]) -> list[Errand]:
    """Take the rows, route by route; a route that batches takes several at once."""
    by_route: dict[str, list[Work]] = defaultdict(list)
    for work in works:
        by_route[work.route].append(work)
    return [errand for name, rows in by_route.items() for errand in _route(house, book, name, rows)]


def _route(house: House, book: Book, name: str, works: Sequence[Work]) -> list[Errand]:
    route = house.site.route_named(name)
    if route is None:
        for work in works:
            _elsewhere(house, book, work)
        return []
    stock = [work for work in works if work.subject.startswith("level:")]
    others = [work for work in works if not work.subject.startswith("level:")]
    found = book.documents.by_id(map(_number, others))
    ready = [pair for work in others if (pair := _ready(house, book, work, found.get(_number(work))))]
    errands: list[Errand] = [errand for work in stock if (errand := _level(house, book, route, work))]
    system = house.site.systems.get(route.partner)
    plain = system is not None and seen.plainly(book, system)
    return errands + [_think(house, route, group, plain) for group in _groups(house, route, ready)]


def _number(work: Work) -> int:
    return int(work.subject.removeprefix("document:"))


def _groups(house: House, route: Route, ready: list[tuple[Work, Stored]]) -> list[list[tuple[Work, Stored]]]:
    if not route.mapping:
        return [[pair] for pair in ready]
    documents = [Document(stored.kind, stored.tree, stored.about or stored.key) for _, stored in ready]
    return [[ready[place] for place in group] for group in batches(house.site.translations[route.mapping], documents)]


def _ready(house: House, book: Book, work: Work, stored: Stored | None) -> tuple[Work, Stored] | None:
    if stored is None or stored.end is not None or life.unasked(house, book, stored):
        book.work.end(work)
        return None
    if verdict := turned.overtaken(book, stored):
        turned.end_overtaken(house, book, work, stored, verdict)
        return None
    if hold := unmet(house, book, stored) or invoices.twice(book, stored):
        _hasten(house, book, stored, hold)
        book.work.hold(work, hold)
        return None
    return work, stored


def _elsewhere(house: House, book: Book, work: Work) -> None:
    """Move a row whose route is not in the site: its mapping was moved, or its warehouse was not listed yet."""
    kind, _, number = work.subject.partition(":")
    stored = book.documents.get(int(number)) if kind == "document" else None
    if stored is None:
        book.work.hold(work, Hold("mapping", f"no route {work.route} in the site"))
    elif stored.end is None and follows.moot(book, stored):
        turned.end_overtaken(house, book, work, stored, End.SUPERSEDED)
    elif stored.end is not None or life.unasked(house, book, stored) or life.routed(house, book, stored):
        book.work.end(work)
    else:
        book.work.hold(work, follows.nowhere(stored))


def unmet(house: House, book: Book, stored: Stored) -> Hold | None:
    """Give the hold for the first need of a document that has no sign yet; None: all are met."""
    if hold := _undecided(house, book, stored):
        return hold
    for need in _needs(house, book, stored):
        awaited = sign(need.kind, stored.account, stored.about or stored.key, need.fact)
        if not book.events.has(awaited):
            if book.events.has(sign(need.kind, stored.account, stored.about or stored.key, follows.REFUSED)):
                return Hold("person", f"the order was refused: its {need.kind} says so")
            return Hold(awaited, f"needs {need.kind} {need.fact}", need.seconds, need.then)
        if kinds()[need.kind].fetch and _is_asked_again(book, stored, need.kind):
            return Hold(awaited, f"the {need.kind.replace('_', ' ')} is asked for again")
    return None


def _hasten(house: House, book: Book, stored: Stored, hold: Hold) -> None:
    """Ask at once for what waits for the ship day, once the warehouse says that the goods have left."""
    if stored.about and hold.awaits == sign(life.LABEL, stored.account, stored.about, "known"):
        life.hasten_label(house, book, stored.account, stored.about)


def unneeded(house: House, book: Book) -> None:
    """Let go what waits for something that its site asks for no more: a label, where no warehouse takes labels any longer."""
    asked = {f"{need.kind} " for kind in kinds().values() for need in kind.needs if need.where}
    held = book.work.find(station=Station.WRITE, state=State.HELD)
    works = [work for work in held if work.awaits.startswith(tuple(asked)) and work.subject.startswith("document:")]
    found = book.documents.by_id(map(_number, works))
    for work in works:
        stored = found.get(_number(work))
        hold = unmet(house, book, stored) if stored else None
        if hold is None or hold.awaits != work.awaits:
            book.work.release_row(work.id)


def outdated(house: House, book: Book, stored: Stored, written: float) -> bool:
    """Tell whether what Amazon made anew came since a document was written: a label with another tracking number."""
    made = (_newest(book, stored, need.kind) for need in _needs(house, book, stored) if kinds()[need.kind].fetch)
    return any(one is not None and one.at >= written for one in made)


def _needs(house: House, book: Book, stored: Stored) -> Iterator[Need]:
    for need in kinds()[stored.kind].needs:
        if (need.unless and need.unless(stored.tree)) or (need.where and not _is_needed(house, book, stored, need)):
            continue
        if need.shown and _is_shown(book, stored, need.shown):
            continue
        yield need


def _is_shown(book: Book, stored: Stored, status: str) -> bool:
    """Tell whether the order stands where it stands at Amazon once the need was met, by whomever."""
    order = book.documents.newest("order", stored.account, stored.about)
    return order is not None and at(order.tree, follows.STATUS) == status


def _is_asked_again(book: Book, stored: Stored, kind: str) -> bool:
    """Tell whether the newest request for something is younger than what is here of it and can be used."""
    made = _newest(book, stored, kind)
    asks = [one.name for one in kinds().values() if one.operation and one.operation.brings == kind]
    asked = [one for name in asks for one in book.documents.about(stored.account, stored.about, name)]
    return made is not None and any(one.id > made.id and one.end in (None, End.ACCEPTED) for one in asked)


def _newest(book: Book, stored: Stored, kind: str) -> Stored | None:
    """Give the newest of what Amazon made for the order that can be used; its order itself is never made anew."""
    found = book.documents.about(stored.account, stored.about, kind) if kind != "order" else []
    usable = [one for one in found if one.end is not End.REJECTED]
    return usable[-1] if usable else None


def _undecided(house: House, book: Book, stored: Stored) -> Hold | None:
    """Keep from Amazon what a file says of an order that a person has not decided upon."""
    if kinds()[stored.kind].operation is None or stored.interchange is None:
        return None
    order = book.documents.newest("order", stored.account, stored.about)
    return life.undecided(house, book, order) if order else None


def _is_needed(house: House, book: Book, stored: Stored, need: Need) -> bool:
    order = book.documents.newest("order", stored.account, stored.about or stored.key)
    return order is not None and conditions.holds(house.site, need.where, order)


def _think(house: House, route: Route, group: list[tuple[Work, Stored]], plain: bool) -> Think:  # noqa: FBT001
    writing = Writing(house, route, tuple(work for work, _ in group), tuple(stored for _, stored in group), plain)
    return Think(writing.works, partial(made, writing), partial(_record, writing))


def _record(writing: Writing, book: Book, parts: Parts) -> None:
    mine = book.work.mine(writing.works) if len(writing.works) > 1 else writing.works  # one alone is fenced by its end
    if len(mine) < len(writing.works):  # one was taken off the road meanwhile: the others are written without it
        for work in mine:
            book.work.again(work, writing.house.now(), "its file was to hold what is not to be written any more")
        return
    for part, written in parts:
        _part(part, book, written)


def _part(writing: Writing, book: Book, written: Written) -> None:
    if written.hold:
        _held(writing, book, written.hold, written.faults)
    elif written.faults:
        _reject(writing, book, written)
    else:
        _file(writing, book, written)


def _held(writing: Writing, book: Book, hold: Hold, faults: Sequence[Finding]) -> None:
    for work, stored in zip(writing.works, writing.documents, strict=True):
        if faults:
            detail = {"reason": hold.reason, "findings": [finding.as_json() for finding in faults]}
            book.events.note(follows.subject(stored), f"{stored.kind} held", detail)
        elif hold.awaits == "person":
            told = {"reason": hold.reason}
            book.events.note(follows.subject(stored), f"{stored.kind} held", told, asked(stored, hold.reason))
        book.work.hold(work, hold)


def _reject(writing: Writing, book: Book, written: Written) -> None:
    for work, stored in zip(writing.works, writing.documents, strict=True):
        follows.rejected(writing.house, book, stored, written.faults)
        book.work.end(work)


def _file(writing: Writing, book: Book, written: Written) -> None:
    several = len(written.numbers) + len(written.files) > 1
    try:
        with (
            book.apart() if several else nullcontext()
        ):  # numbers and files, or neither; one alone leaves nothing behind
            for name, first, count in written.numbers:
                book.numbers.take(name, first, count)
            interchanges = [_out(writing, book, written, number) for number in range(len(written.files))]
    except Conflict:
        _later(writing, book, 0.0, "another file took its numbers first: written again")
        return
    except NameTaken:
        _later(writing, book, BUSY, "another file of this name is on its way: written again when that is gone")
        return
    book.work.add(Station.SEND, writing.route.name, str(interchanges[0]), lane=writing.route.lane)
    ways = [(interchange, part_of(writing.route.name, number)) for number, interchange in enumerate(interchanges)]
    notes = [finding.as_json() for finding in written.notes]
    told = {"file": written.files[0].name, "mapping": written.mapping, "findings": notes}
    told = {name: value for name, value in told.items() if value}
    for place, (work, stored) in enumerate(zip(writing.works, writing.documents, strict=True)):
        for interchange, way in ways:
            book.contents.add(interchange, stored.id, place, way)
        lines = {}
        if portions := written.portions.get(stored.id):
            seen.noted(book, writing.route.partner)
            lines = {seen.LINES: as_json(portions)}
        follows.tell(book, stored, "written", told | lines)
        book.work.end(work)


def _later(writing: Writing, book: Book, seconds: float, reason: str) -> None:
    for work in writing.works:
        book.work.defer(work, seconds, reason)


def _out(writing: Writing, book: Book, written: Written, number: int) -> int:
    file = written.files[number]
    if writing.route.names != "any" and book.interchanges.waits_alike(writing.route.endpoint, file.name):
        raise NameTaken("a file whose name differs in capital and small letters only is on its way")
    about = writing.documents[0].about or writing.documents[0].key if len(writing.documents) == 1 else ""
    interchange = book.interchanges.add_out(
        writing.route.endpoint,
        file.name,
        file.data,
        mapping=writing.route.mapping,
        configuration=writing.house.site.hash,
        kind=writing.route.kind,
        path=written.path,
        about=about,
        part=number + 1 if len(written.files) > 1 else 0,
        seal=seal_of(writing.documents),
    )
    if writing.route.acked:
        acks.noted(writing.house, book, writing.route, interchange.id, file.name, file.data)
    return interchange.id


def _level(house: House, book: Book, route: Route, work: Work) -> Think | None:
    """One row per warehouse writes what differs from what was accepted, never an item whose last part is unsettled."""
    _, account, warehouse = work.subject.split(":", 2)
    items = book.stock.differing(account, warehouse, levels.most(book, account, warehouse))
    if not items:
        levels.done(book)
        book.work.end(work)
        return None
    tree: Tree = {
        "warehouseId": warehouse,
        "isFullUpdate": False,
        "items": levels.told(book, account, warehouse, items),
    }
    writing = Writing(house, route, (work,), ())
    return Think(
        (work,),
        partial(_level_body, writing, tree, account),
        partial(_level_record, writing, account, warehouse, items),
    )


def _level_body(writing: Writing, tree: Tree, account: str, book: Book) -> Written:
    kind = kinds()[writing.route.kind]
    now = writing.house.clock.now()
    skus = [item.get("vendorProductIdentifier", "") for item in tree["items"]]
    system = writing.house.site.system_of(account, tree["warehouseId"])
    table = system.assortment.asins if system else {}
    asins = book.products.asins(account, skus) | {sku: table[sku] for sku in skus if sku in table}
    asked = Asked(now=now, vendor=writing.house.site.accounts[account].vendor, asins=asins)
    document = kind.complete(Document(kind.name, tree), asked) if kind.complete else Document(kind.name, tree)
    mark = writing.house.chance.token()[:6]  # several parts may be of one moment
    name = f"{kind.name}-{tree['warehouseId']}-{now:%Y%m%dT%H%M%S}-{mark}.json"
    return body_of(kind, [document.tree], name, ())


def _level_record(
    writing: Writing, account: str, warehouse: str, items: list[Level], book: Book, written: Written
) -> None:
    (work,) = writing.works
    book.work.check(work)
    file = written.files[0]
    try:
        interchange = book.interchanges.add_out(
            writing.route.endpoint,
            file.name,
            file.data,
            kind=writing.route.kind,
            path=written.path,
            about=f"{account}:{warehouse}",
            seal=PLAIN,
        )
    except NameTaken:
        _later(writing, book, 0.0, "another part took its name: written again")
        return
    book.stock.send(items, interchange.id)
    book.work.add(Station.SEND, writing.route.name, str(interchange.id), lane=writing.route.lane)
    book.work.end(work)
    if levels.most(book, account, warehouse) == levels.MOST and book.stock.differing(account, warehouse, 1):
        book.work.add(Station.WRITE, writing.route.name, work.subject)
