"""snapshots: what becomes of the levels that a file says: looked at as a whole, then all of it is wanted, or nothing.

Items stand alone: a bad one is answered, the others go on. A full update names every SKU of its warehouse: what it leaves
out is wanted at zero, and one bad item stops it; so does what is of no warehouse of its sender, since it may be of it. What
would empty a warehouse is held for a person (`documents.stock_gate`) until it is approved, given up, or newer files say all
that it says. Of one warehouse the newest full update wins: an older file, read later, changes nothing.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from typing import Any, Final

from translator.core.document import Document, Tree
from translator.core.finding import Finding, Place, errors
from translator.core.private import shown
from translator.core.work import End, Hold, State, Station
from translator.documents.inventory_update import KIND, by_asin, contradicted, named
from translator.documents.kind import Kind, kinds
from translator.documents.lines import ASIN, SKU
from translator.documents.stock_gate import HISTORY, Change, objections
from translator.documents.types import coerce
from translator.ledger.book import Book
from translator.ledger.documents import Stored
from translator.ledger.work import Work
from translator.stations import follows, levels
from translator.stations.arrivals import Reading, added, place, read_by
from translator.stations.follows import UNREAD
from translator.stations.items import apart, derive, is_whole
from translator.stations.passed import Passed, mark, put_mark, remember
from translator.stations.shelves import (
    ALIKE,
    FULL,
    File,
    Shelf,
    alike,
    asked,
    assortment_of,
    checked,
    offer,
    once,
    with_level,
)
from translator.stations.spool import Spool
from translator.translation import placed, tells_its_end

ANY: Final = ""  # in place of a warehouse: it may be of any
APPROVED: Final = "approved"
UNKNOWN: Final = "asin-unknown"
TWICE: Final = "sku-twice"
DOUBTED: Final = "held by the gate"
LONE: Final = "by ASIN"  # a file named something of the warehouse by its ASIN alone
SHOWN: Final = 20  # SKUs of a difference that are written down
BATCH: Final = 1000
NAMED: Final = 100_000  # SKUs of a held file that are written down


class _Back(Exception):
    """What a file would do is not done."""


def taken(reading: Reading, book: Book, documents: Collection[Document] | Spool | Passed) -> Hold | None:
    """Take in what a file says; a hold: a person has to approve it, and nothing of it is wanted."""
    file = File(reading)
    while True:
        try:
            with book.apart():
                _all(file, book, documents)
                if file.faults.keys() - file.stopped or any(shelf.why for shelf in file.shelves.values()):
                    for shelf in file.shelves.values():
                        shelf.names = book.stock.said(file.account, shelf.code, file.number, NAMED + 1)
                    raise _Back
        except _Back:
            if not file.faults.keys() - file.stopped:
                return _doubted(file, book)
            # once more, without the warehouses that are at fault
            file = File(reading, frozenset(file.faults), faults=file.faults)
            continue
        break
    _supersede_held(file, book)
    for shelf in file.shelves.values():
        _remember(file, book, shelf)
    remember(file, book, documents if isinstance(documents, Passed) else None)
    return None


def _all(file: File, book: Book, documents: Iterable[Document]) -> None:
    for number, document in enumerate(documents):
        file.reading.house.alive()
        kind = kinds().get(document.kind)
        if kind is None or not kind.level or _is_nameless(kind, document):
            file.clean = False
            if kind is None or kind.level:
                file.lost.add(ANY)
            place(file.reading, book, document, number)
        else:
            _part(file, book, kind, document)
    if isinstance(documents, Passed):
        for code in documents.warehouses:
            book.stock.anew(file.account, code)
            levels.anew(book, file.account, code)
            if code not in file.shelves:
                file.shelves[code] = Shelf(code)
                _same(file, book, code)
    for shelf in file.shelves.values():
        if shelf.full and shelf.documents and not file.lost.isdisjoint((shelf.code, ANY)):
            file.faults.setdefault(shelf.code, [_lacking(file, shelf.code)])
        _complete(file, book, shelf)
    levels.done(book)  # what Amazon has already, by other files, is never written
    for code in file.stopped:
        _refused(file, book, file.faults[code])


def _same(file: File, book: Book, code: str) -> None:
    """Note that a file says of a warehouse what the one before it said."""
    tree: Tree = {"warehouseId": code, FULL: False, "items": []}
    stored = added(file.reading, book, KIND, Document(KIND.name, tree))
    book.documents.end(stored.id, End.DUPLICATE)
    follows.tell(book, stored, "duplicate", {"file": file.reading.interchange.name})


def _is_nameless(kind: Kind, document: Document) -> bool:
    return document.rejected and not kind.key(document.tree)


# --- one document: a warehouse, or a part of it ----------------------------------------------------------------------


def _part(file: File, book: Book, kind: Kind, document: Document) -> None:
    """Want what a document says of its items."""
    reading = file.reading
    code = kind.warehouse(document.tree) if kind.warehouse else ""
    shelf = file.shelves.setdefault(code, Shelf(code))
    known = asked(reading, book, document)
    document, counts = apart(file, shelf, document, known.asins) if code in _ours(file) else (document, {})
    plain = kind.plainly(document, known) if kind.plainly else None
    made = plain or (kind.complete(document, known) if kind.complete else document)
    counts = {} if is_whole(errors(made.findings[len(document.findings) :])) else counts
    made = checked(reading, kind, made, () if plain or not kind.check else kind.check(made.tree))
    made = made.but(findings=(*made.findings, *placed(alike(reading, book, made), made)))
    full = document.tree.get(FULL) is True or made.tree.get(FULL) is True
    if code not in file.stopped:
        _rename(file, book, shelf, made.tree.get("items", []))
        made = once(file, book, shelf, made, _twice(document, made, known.asins))
    file.clean &= all(finding.code in (UNKNOWN, ALIKE) for finding in made.findings)
    if errors(made.findings):
        file.lost.add(code if code in _ours(file) else ANY)
    if code in file.stopped:
        return
    if full and errors(made.findings):
        file.faults.setdefault(code, []).append(
            made.but(findings=placed(made.findings, document, by=reading.translation))
        )
    else:
        stored = added(reading, book, kind, made.but(findings=placed(made.findings, document, by=reading.translation)))
        _want(file, book, shelf, stored, made, counts, full=full)


def _twice(document: Document, made: Document, asins: Mapping[str, str]) -> Collection[str]:
    """Give the SKUs of which a document says two levels, and which are left out of what was made of it."""
    if not any(finding.code == TWICE for finding in errors(made.findings)):
        return ()
    return contradicted(named(coerce(document.kind, document.tree)[0], asins))


def _ours(file: File) -> Collection[str]:
    return file.reading.house.site.systems[file.reading.source.partner].warehouses


def _want(
    file: File, book: Book, shelf: Shelf, stored: Stored, made: Document, counts: Mapping[str, int], *, full: bool
) -> None:
    reading = file.reading
    items = made.tree.get("items", [])
    if not items and not counts:
        follows.rejected(reading.house, book, stored, stored.findings, reading.interchange.id)
        return
    if _is_old(file, book, shelf):
        book.documents.end(stored.id, End.SUPERSEDED)
        follows.tell(book, stored, "superseded", read_by(reading) | {"reason": "a newer file was read before"})
        return
    follows.tell(book, stored, "known", read_by(reading) | {"items": len(items) + len(counts)})
    shelf.counted |= counts
    if not shelf.documents:
        shelf.zeroed = book.stock.zeroed(file.account, shelf.code)
    offer(file, book, shelf, stored, made.tree)
    shelf.documents.append(stored)
    shelf.full |= full
    shelf.size += len(items) + len(counts)
    if faults := errors(stored.findings):
        follows.answer_to(reading.house, book, stored, faults, reading.interchange.id)


def _rename(file: File, book: Book, shelf: Shelf, items: Iterable[Tree]) -> None:
    """Have one level of a product that files name by its SKU, and by its ASIN alone; that any did is remembered."""
    told = mark(book, file.account, shelf.code)
    if any(SKU not in item for item in items) and not told.get(LONE):
        put_mark(book, file.account, shelf.code, told | {LONE: True})
    elif told.get(LONE):
        pairs = {item[SKU]: item[ASIN] for item in items if SKU in item and ASIN in item}
        book.stock.rename(file.account, shelf.code, by_asin(pairs))


def _is_old(file: File, book: Book, shelf: Shelf) -> bool:
    """Tell whether a newer file spoke of all of the warehouse: what a full update left out, or was passed over, stands."""
    newest = mark(book, file.account, shelf.code)
    return "file" in newest and newest["file"] > file.number


# --- the file as a whole ---------------------------------------------------------------------------------------------


def _complete(file: File, book: Book, shelf: Shelf) -> None:
    """Want zero of what a full update leaves out, ask the gate, and have the difference written."""
    if shelf.documents:
        levels.anew(book, file.account, shelf.code)
        derive(file, book, shelf)
        missing = _missing(file, book, shelf) if shelf.full else 0
        if not _is_approved(file, book):
            _judge(file, book, shelf, missing)
    route = file.reading.house.site.route(KIND.name, file.account)
    if route is not None and book.stock.differing(file.account, shelf.code, 1):
        book.work.add(Station.WRITE, route.name, f"level:{file.account}:{shelf.code}")


def _missing(file: File, book: Book, shelf: Shelf) -> int:
    first, last, after, count = shelf.documents[0].id, shelf.documents[-1].id, "", 0
    while unsaid := book.stock.unsaid(file.account, shelf.code, first, file.number, BATCH, after):
        _rename(file, book, shelf, [level.item for level in unsaid])
        left = {one.sku for one in book.stock.unsaid(file.account, shelf.code, first, file.number, BATCH, after)}
        zeros = {level.sku: (0, with_level(level.item, 0)) for level in unsaid if level.sku in left}
        book.stock.want(file.account, shelf.code, zeros, last, file.number, file.at)
        after, count = unsaid[-1].sku, count + len(zeros)
        file.reading.house.alive()
    return count


def _judge(file: File, book: Book, shelf: Shelf, missing: int) -> None:
    reading, sums = file.reading, book.stock.sums(file.account, shelf.code, shelf.zeroed)
    change = Change(sums.skus, sums.zeroed, sums.units, sums.left, missing, shelf.size if shelf.full else 0)
    gate = reading.house.site.systems[reading.source.partner].gate
    sizes = mark(book, file.account, shelf.code).get("sizes", ())
    shelf.why = list(objections(gate, change, sizes, proven=_is_proven(reading)))
    if shelf.why:
        shelf.change = change
        shelf.worst = book.stock.worst(file.account, shelf.code, SHOWN)


def _is_proven(reading: Reading) -> bool:
    """Tell whether something says that a file is whole: its trailer, its form, a file beside it, the other files of its set."""
    house, (system, _, folder) = reading.house, reading.interchange.endpoint.partition("/")
    said = house.site.systems[system].from_[folder].complete if system in house.site.systems else None
    beside = said is not None and bool(said.done or said.ends)
    return beside or len(reading.files) > 1 or (reading.translation is not None and tells_its_end(reading.translation))


def _is_approved(file: File, book: Book) -> bool:
    return any(event.name == APPROVED for event in book.events.of(_subject(file)))


def _subject(file: File) -> str:
    return f"interchange {file.reading.interchange.id}"


def _remember(file: File, book: Book, shelf: Shelf) -> None:
    """Remember a full update that was taken in, and how many SKUs it named."""
    if not (shelf.full and shelf.documents):
        return
    sizes = [*mark(book, file.account, shelf.code).get("sizes", ()), shelf.size][-HISTORY:]
    told = mark(book, file.account, shelf.code)
    told |= {"at": file.at, "file": file.number, "sizes": sizes}
    put_mark(book, file.account, shelf.code, told)


# --- what does not go on ---------------------------------------------------------------------------------------------


def _refused(file: File, book: Book, documents: Iterable[Document]) -> None:
    """Reject what a full update with a fault says of a warehouse: what it does not say would be zero."""
    reading = file.reading
    for document in documents:
        made = document.but(tree={**document.tree, "items": []})
        stored = added(reading, book, kinds()[document.kind], made)
        follows.rejected(reading.house, book, stored, document.findings, reading.interchange.id)


def _lacking(file: File, code: str) -> Document:
    """Say of a full update that it may lack what stands elsewhere in its file, in what is at fault."""
    name = file.reading.interchange.name
    text = f"what could not be taken elsewhere in this file may be of {shown(code)}: its full update may lack it"
    hint = "mend what else is answered of this file, and send all of it again"
    found = Finding("full-update-lacking", text, Place(file=name), hint=hint)
    return Document(KIND.name, {"warehouseId": code, FULL: True}, findings=(found,))


def _doubted(file: File, book: Book) -> Hold:
    """Hold a file that a person has to approve, and write down what it would do."""
    name = file.reading.interchange.name
    doubted = [shelf for shelf in file.shelves.values() if shelf.why]
    reason = f"{name}: " + "; ".join(f"{shelf.code}: {why}" for shelf in doubted for why in shelf.why)
    detail = {
        "file": name,
        "reason": reason,
        "warehouses": {
            shelf.code: {**(shelf.change.as_json() if shelf.change else {}), "why": shelf.why, "most": shelf.worst}
            for shelf in doubted
        },
        "full": sorted(shelf.code for shelf in file.shelves.values() if shelf.full),
        "said": sorted(shelf.code for shelf in file.shelves.values() if shelf.documents),
        "names": _names(file),
    }
    _supersede_held(file, book)
    book.events.note(_subject(file), DOUBTED, detail)
    return Hold("person", f"{reason}; `translator approve {file.reading.interchange.id}` lets it go on")


def _names(file: File) -> dict[str, list[str]]:
    """Give the SKUs that it would set; none where they are too many, or made of others."""
    shelves = file.shelves.values()
    few = sum(len(shelf.names) for shelf in shelves) <= NAMED
    return {shelf.code: shelf.names for shelf in shelves} if few and assortment_of(file.reading).plain else {}


def _supersede_held(file: File, book: Book) -> None:
    """End the older files that wait for a person, and of which nothing would stand.

    Of a full update: of each of its warehouses a newer one has spoken. Of others: newer files name each SKU that they set.
    """
    ours = {shelf.code for shelf in file.shelves.values() if shelf.full and shelf.documents}
    for work, detail in held(book, file.reading.work.route):
        number = int(work.subject)
        older = book.interchanges.get(number)
        if older is None or older.id >= file.number:
            continue
        said = detail.get("said", detail["warehouses"])
        newer = ours.union(code for code in said if mark(book, file.account, code).get("file", 0) > number)
        if newer.issuperset(said) if detail["full"] else _all_said(file, book, number, detail.get("names")):
            reason = f"{file.reading.interchange.name} is newer"
            book.events.note(f"interchange {number}", "superseded", {"file": older.name, "reason": reason})
            made = book.documents.add(UNREAD, file.account, f"{older.name} {number}", {}, interchange=number)
            book.documents.end(made.id, End.SUPERSEDED)
            book.work.remove(work.station, work.route, work.subject)


def _all_said(file: File, book: Book, number: int, names: Mapping[str, list[str]] | None) -> bool:
    """Tell whether this file, which may be held itself, and others since name all that an older one sets."""
    left = [
        (code, {*skus} - {*file.shelves[code].names} if code in file.shelves else {*skus})
        for code, skus in (names or {}).items()
    ]
    return bool(names) and all(
        skus == {*book.stock.said_since(file.account, code, skus, number)} for code, skus in left if skus
    )


def held(book: Book, route: str | None = None) -> Iterator[tuple[Work, Mapping[str, Any]]]:
    """Give the rows of the files that the gate holds, with what it wrote down of each."""
    for work in book.work.find(station=Station.READ, route=route, state=State.HELD):
        if work.subject.isdigit():
            told = [event for event in book.events.of(f"interchange {work.subject}") if event.name == DOUBTED]
            if told:
                yield work, told[-1].detail
