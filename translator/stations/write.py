"""write: ask what a document needs, complete it from what is stored; one, several or a batch → bytes with a name.

What it needs is not there: held, with the sign it awaits. A document from Amazon that a mapping cannot write is held
with its clock and tried again when the mapping or a table changes. A WMS's document at fault is rejected, with an
answer. Numbers are read before and taken in the commit; if the race was lost, it is written again.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from functools import partial

from translator.config.site import Route
from translator.core import jsontext
from translator.core.document import Document, File, Tree, sign
from translator.core.finding import Finding, Rejected, errors
from translator.core.tree import at
from translator.core.work import End, Hold, Station
from translator.documents.kind import Asked, Kind, kinds
from translator.ledger.book import Book
from translator.ledger.documents import Stored
from translator.ledger.stock import Level
from translator.ledger.trouble import Conflict, NameTaken
from translator.ledger.work import Work
from translator.stations import follows
from translator.stations.context import LedgerContext
from translator.stations.errand import Errand, House, Think
from translator.translation import Translation, batches, placed
from translator.translation import write as translate

LEVEL = 1000  # items of one inventory update (Amazon publishes no maximum; 413 exists)


@dataclass(frozen=True, slots=True)
class _Written:
    """What thinking made of one or several documents: files, or why there are none."""

    files: tuple[File, ...] = ()
    path: str = ""
    numbers: tuple[tuple[str, int, int], ...] = ()
    faults: tuple[Finding, ...] = ()
    hold: Hold | None = None
    trees: tuple[Tree, ...] = ()
    notes: tuple[Finding, ...] = field(default=())


@dataclass(frozen=True, slots=True)
class _Writing:
    house: House
    route: Route
    works: tuple[Work, ...]
    documents: tuple[Stored, ...]


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
            book.work.hold(work, Hold("mapping", f"no route {name} in the site"))
        return []
    levels = [work for work in works if work.subject.startswith("level:")]
    ready = [pair for work in works if work not in levels and (pair := _ready(house, book, work))]
    errands: list[Errand] = [errand for work in levels if (errand := _level(house, book, route, work))]
    return errands + [_think(house, route, group) for group in _groups(house, route, ready)]


def _groups(house: House, route: Route, ready: list[tuple[Work, Stored]]) -> list[list[tuple[Work, Stored]]]:
    if not route.mapping:
        return [[pair] for pair in ready]
    documents = [Document(stored.kind, stored.tree, stored.about or stored.key) for _, stored in ready]
    return [[ready[place] for place in group] for group in batches(house.site.translations[route.mapping], documents)]


def _ready(house: House, book: Book, work: Work) -> tuple[Work, Stored] | None:
    stored = book.documents.get(int(work.subject.removeprefix("document:")))
    if stored is None or stored.end is not None:
        book.work.end(work)
        return None
    hold = _cancelled(book, stored) or unmet(book, stored)
    if isinstance(hold, Hold):
        book.work.hold(work, hold)
        return None
    if hold is End.SUPERSEDED:
        follows.supersede(book, stored)
        book.work.end(work)
        return None
    return work, stored


def _cancelled(book: Book, stored: Stored) -> Hold | End | None:
    """Ask whether Amazon cancelled the order: an acknowledgement is then moot, a confirmation is for a person."""
    if not stored.about or stored.kind == "cancellation":
        return None
    order = book.documents.newest("order", stored.account, stored.about)
    if order is None or at(order.tree, "orderDetails.orderStatus") != "CANCELLED":
        return None
    if follows.moot(book, stored):
        return End.SUPERSEDED
    return Hold("person", "the order was cancelled at Amazon")


def unmet(book: Book, stored: Stored) -> Hold | None:
    """Give the hold for the first need of a document that has no sign yet; None: all are met."""
    for need in kinds()[stored.kind].needs:
        awaited = sign(need.kind, stored.account, stored.about or stored.key, need.fact)
        if not book.events.has(awaited):
            return Hold(awaited, f"needs {need.kind} {need.fact}", need.seconds, need.then)
    return None


def _think(house: House, route: Route, group: list[tuple[Work, Stored]]) -> Think:
    writing = _Writing(house, route, tuple(work for work, _ in group), tuple(stored for _, stored in group))
    go = partial(_by_mapping if route.mapping else _for_amazon, writing)
    return Think(writing.works, go, partial(_record, writing))


def _by_mapping(writing: _Writing, book: Book) -> _Written:
    translation = writing.house.site.translations[writing.route.mapping]
    context = _context(writing, book)
    documents = [Document(stored.kind, stored.tree, stored.about) for stored in writing.documents]
    try:
        made = translate(translation, documents, context)
    except Rejected as error:
        return _Written(faults=error.findings, hold=_cannot(translation, error.findings))
    if errors(made.findings):
        return _Written(faults=tuple(errors(made.findings)), hold=_cannot(translation, errors(made.findings)))
    return _Written(files=made.files, numbers=tuple(context.taken()), notes=made.findings)


def _cannot(translation: Translation, findings: Sequence[Finding]) -> Hold:
    first = findings[0]
    more = f" (and {len(findings) - 1} more)" if len(findings) > 1 else ""
    return Hold(
        "mapping", f"{translation.file.name} cannot write it: {first.text}{more} [{first.rule or first.data or ''}]"
    )


def _context(writing: _Writing, book: Book) -> LedgerContext:
    system = writing.house.site.systems[writing.route.partner]
    now = writing.house.clock.now()
    return LedgerContext(book, now, system.account, system.name, system.settings, system.warehouses)


def _for_amazon(writing: _Writing, book: Book) -> _Written:
    """Complete one document from the stored order, check it by Amazon's rules, and make its body."""
    (stored,) = writing.documents
    kind = kinds()[stored.kind]
    order = book.documents.newest("order", stored.account, stored.about)
    document = _complete(writing, kind, stored, order.tree if order else None)
    faults = errors(document.findings)
    if not faults and kind.lacking and order:
        lines = kind.lacking(document.tree, order.tree)
        if lines:
            word = "line" if len(lines) == 1 else "lines"
            more = sign(stored.kind, stored.account, stored.key, "more")
            return _Written(hold=Hold(more, f"waits for {word} {', '.join(lines)}"))
    if not faults and kind.check:
        faults = errors(placed(kind.check(document.tree), document))
    if faults:
        return _Written(faults=tuple(faults))
    return _body(kind, [document.tree], f"{stored.kind}-{stored.key}-{stored.revision}.json", document.findings)


def _complete(writing: _Writing, kind: Kind, stored: Stored, order: Tree | None) -> Document:
    document = Document(stored.kind, stored.tree, stored.about, stored.records, kept=stored.kept)
    account = writing.house.site.accounts[stored.account]
    system = writing.house.site.systems.get(stored.partner)
    settings = system.settings if system else {}
    asked = Asked(
        now=writing.house.clock.now(), vendor=account.vendor, order=order, kept=stored.kept, settings=settings
    )
    made = kind.complete(document, asked) if kind.complete else document
    return replace(made, findings=placed(made.findings, document))


def _body(kind: Kind, trees: list[Tree], name: str, notes: Sequence[Finding]) -> _Written:
    operation = kind.operation
    if operation is None or operation.body is None:
        raise LookupError(f"{kind.name} has no operation")
    path = operation.path_of(trees[0]) if operation.path_of else operation.path
    file = File(name, jsontext.encode(operation.body(trees)), "application/json")
    return _Written(files=(file,), path=path, trees=tuple(trees), notes=tuple(notes))


def _record(writing: _Writing, book: Book, written: _Written) -> None:
    for work in writing.works:
        book.work.check(work)
    if written.hold:
        _held(writing, book, written.hold, written.faults)
    elif written.faults:
        _reject(writing, book, written)
    else:
        _file(writing, book, written)


def _held(writing: _Writing, book: Book, hold: Hold, faults: Sequence[Finding]) -> None:
    for work, stored in zip(writing.works, writing.documents, strict=True):
        if faults:
            detail = {"reason": hold.reason, "findings": [finding.as_json() for finding in faults]}
            book.events.note(follows.subject(stored), f"{stored.kind} held", detail)
        book.work.hold(work, hold)


def _reject(writing: _Writing, book: Book, written: _Written) -> None:
    for work, stored in zip(writing.works, writing.documents, strict=True):
        follows.rejected(writing.house, book, stored, written.faults)
        book.work.end(work)


def _file(writing: _Writing, book: Book, written: _Written) -> None:
    try:
        for name, first, count in written.numbers:
            book.numbers.take(name, first, count)
        interchanges = [_out(writing, book, file, written) for file in written.files]
    except Conflict:
        for work in writing.works:
            book.work.defer(work, 0.0, "another file took its numbers first: written again")
        return
    except NameTaken:
        for work in writing.works:
            book.work.hold(work, Hold("person", "another file of this name is on its way"))
        return
    for place, (work, stored) in enumerate(zip(writing.works, writing.documents, strict=True)):
        for number, interchange in enumerate(interchanges):
            name = writing.route.name if number == 0 else f"{writing.route.name} {number}"
            book.contents.add(interchange, stored.id, place, book.contents.rounds(name, stored.id) + 1, name)
        notes = [finding.as_json() for finding in written.notes]
        follows.tell(book, stored, "written", {"file": written.files[0].name} | ({"findings": notes} if notes else {}))
        book.work.end(work)


def _out(writing: _Writing, book: Book, file: File, written: _Written) -> int:
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
    )
    book.work.add(Station.SEND, writing.route.name, str(interchange.id), lane=writing.route.lane)
    return interchange.id


def _level(house: House, book: Book, route: Route, work: Work) -> Think | None:
    """One row per warehouse writes what differs from what was accepted, never an item whose last part is unsettled."""
    _, account, warehouse = work.subject.split(":", 2)
    items = book.stock.differing(account, warehouse, LEVEL)
    if not items:
        book.work.end(work)
        return None
    tree: Tree = {"warehouseId": warehouse, "isFullUpdate": False, "items": [item.item for item in items]}
    writing = _Writing(house, route, (work,), ())
    return Think(
        (work,),
        partial(_level_body, writing, tree, account),
        partial(_level_record, writing, account, warehouse, items),
    )


def _level_body(writing: _Writing, tree: Tree, account: str, book: Book) -> _Written:
    kind = kinds()[writing.route.kind]
    now = writing.house.clock.now()
    asins = book.products.asins(account, [item.get("vendorProductIdentifier", "") for item in tree["items"]])
    asked = Asked(now=now, vendor=writing.house.site.accounts[account].vendor, asins=asins)
    document = kind.complete(Document(kind.name, tree), asked) if kind.complete else Document(kind.name, tree)
    return _body(kind, [document.tree], f"{kind.name}-{tree['warehouseId']}-{now:%Y%m%dT%H%M%S%f}.json", ())


def _level_record(
    writing: _Writing, account: str, warehouse: str, items: list[Level], book: Book, written: _Written
) -> None:
    (work,) = writing.works
    book.work.check(work)
    file = written.files[0]
    interchange = book.interchanges.add_out(
        writing.route.endpoint,
        file.name,
        file.data,
        kind=writing.route.kind,
        path=written.path,
        about=f"{account}:{warehouse}",
    )
    book.stock.send(items, interchange.id)
    book.work.add(Station.SEND, writing.route.name, str(interchange.id), lane=writing.route.lane)
    book.work.end(work)
    if book.stock.differing(account, warehouse, 1):
        book.work.add(Station.WRITE, writing.route.name, work.subject)
