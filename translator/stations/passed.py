"""passed: a stock file much like the one before it in its folder: of the two only the lines that differ are read.

Promise: what is wanted then is what the whole file would have set. So it is done only where each line stands alone, nothing
else has set these levels since or waits to, the mappings and the site are the same, and the file before was without fault;
anything odd among the lines that differ, and the whole file is read. Lines that are passed over want their levels anew, as
they stand.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

from translator.core.document import Document
from translator.core.finding import Rejected
from translator.core.work import State, Station
from translator.documents.inventory_update import item_name
from translator.documents.kind import kinds
from translator.ledger.book import Book
from translator.ledger.interchanges import Interchange
from translator.ledger.trouble import Forgotten, KeyGone
from translator.mapping.context import Context
from translator.stations.arrivals import Reading
from translator.stations.shelves import FULL, File
from translator.translation import Apart, Ruled, Translation, apart, read, ruled

_LAST: Final = "last"  # the file that said something of a warehouse last
_NEWEST: Final = "newest"  # of those that did, the one that came last


@dataclass(frozen=True, slots=True)
class Passed:
    """What a file says otherwise than the one before it, and the warehouses of that one. `same`: lines passed over."""

    like: int
    same: int
    warehouses: tuple[str, ...]
    documents: tuple[Document, ...]

    def __len__(self) -> int:
        return len(self.documents)

    def __iter__(self) -> Iterator[Document]:
        return iter(self.documents)


def passed(reading: Reading, book: Book, context: Context) -> Passed | None:
    """Read only what differs from the file before; None: the whole file is to be read."""
    translation, before = reading.translation, _before(reading, book)
    older = book.interchanges.get(before["file"]) if before else None
    rule = ruled(translation) if translation and older else None
    if translation is None or older is None or rule is None:
        return None
    house, header = reading.house, rule.header
    told = _apart(reading, book, older, rule)
    if told is None or told.same < told.came.count(b"\n"):  # it is no snapshot like the one before
        return None
    house.alive()
    came = _documents(translation, told.came, reading.interchange.name, context, header=header)
    gone = _documents(translation, told.gone, older.name, context, header=header)
    if came is None or gone is None or _contradicts(reading, book, came, gone):
        return None
    found = tuple(document.but(records=()) for document in came)  # their lines are not those of the file
    return Passed(older.id, told.same, tuple(before["warehouses"]), found)


def stands(reading: Reading, book: Book, found: Passed) -> bool:
    """Tell whether the file that was compared with is still the one before."""
    return _before(reading, book).get("file") == found.like


def remember(file: File, book: Book, found: Passed | None) -> None:
    """Remember which file spoke last of each warehouse, and whether the next one may be compared with this one."""
    account, this = file.account, file.reading.interchange
    codes = {code for code, shelf in file.shelves.items() if shelf.documents}.union(found.warehouses if found else ())
    late = any(_is_late(file, book, code) for code in codes.union(file.shelves))
    for code in codes:
        told = mark(book, account, code)
        told |= {_LAST: this.id, _NEWEST: max(this.id, told.get(_NEWEST, 0))}
        if found:
            told |= {"at": file.at, "file": this.id}  # older files say nothing of what was passed over
        put_mark(book, account, code, told)
    like: dict[str, Any] = {}
    if file.clean and not late and not any(shelf.full for shelf in file.shelves.values()):
        like = {"file": this.id, "warehouses": sorted(codes), **_ways(file.reading)}
    book.bookmarks.put(_name(file.reading), json.dumps(like))


def _is_late(file: File, book: Book, code: str) -> bool:
    """Tell whether a newer file spoke of a warehouse before: what this one says is then not all that stands."""
    told = mark(book, file.account, code)
    return bool(told.get(_NEWEST, 0) > file.reading.interchange.id or told.get("at", 0) > file.at)


def mark(book: Book, account: str, warehouse: str) -> dict[str, Any]:
    """Give what is remembered of the files of a warehouse."""
    found: dict[str, Any] = json.loads(book.bookmarks.get(f"stock {account} {warehouse}") or "{}")
    return found


def put_mark(book: Book, account: str, warehouse: str, told: Mapping[str, Any]) -> None:
    """Remember this of the files of a warehouse."""
    book.bookmarks.put(f"stock {account} {warehouse}", json.dumps(told))


def _before(reading: Reading, book: Book) -> dict[str, Any]:
    """Give the file before, if nothing but it set what it set; else nothing."""
    system = reading.house.site.systems[reading.source.partner]
    found: dict[str, Any] = json.loads(book.bookmarks.get(_name(reading)) or "{}")
    if (
        not found
        or system.rules.unseen
        or not system.assortment.plain
        or reading.only
        or found["file"] >= reading.interchange.id
    ):
        return {}
    if any(found[name] != said for name, said in _ways(reading).items()):
        return {}
    account = reading.source.account
    marks = [mark(book, account, code) for code in found["warehouses"]]
    alone = all(told.get(_LAST) == found["file"] for told in marks) and not _waits(reading, book)
    return found if alone and all(told.get("at", 0) <= reading.interchange.at for told in marks) else {}


def _waits(reading: Reading, book: Book) -> bool:
    """Tell whether an older file is still to be read, or held: of what this one does not name it has the say."""
    beside = book.work.find(station=Station.READ, route=reading.interchange.endpoint)
    rows = [*beside, *book.work.find(station=Station.READ, state=State.HELD)]
    return any(work.subject.isdigit() and int(work.subject) < reading.interchange.id for work in rows)


def _name(reading: Reading) -> str:
    return f"stock file {reading.interchange.endpoint}"


def _ways(reading: Reading) -> Mapping[str, str]:
    """Say by what a file is read, and its levels made."""
    return {"site": reading.house.site.hash, "mapping": reading.translation.stamp if reading.translation else ""}


def _apart(reading: Reading, book: Book, older: Interchange, rule: Ruled) -> Apart | None:
    """Give the lines that differ; None: they cannot be told, or the older file was forgotten meanwhile."""
    old, new = (_alive(reading, book, one) for one in (older, reading.interchange))
    try:
        return apart(old, new, rule)
    except (Forgotten, KeyGone):
        return None


def _alive(reading: Reading, book: Book, one: Interchange) -> Iterator[bytes]:
    for chunk in book.bodies.chunks(one.body):
        reading.house.alive()
        yield chunk


def _documents(
    translation: Translation, data: bytes, name: str, context: Context, *, header: bool
) -> list[Document] | None:
    """Read lines; None: something is to be said about one of them."""
    if data.count(b"\n") == header:
        return []
    try:
        found = list(read(translation, [data], name, context))
    except Rejected:
        return None
    odd = any(one.findings or one.awaits or not _is_partial(one) or not _has_skus(one) for one in found)
    return None if odd else found


def _is_partial(document: Document) -> bool:
    return kinds()[document.kind].level and str(document.tree.get(FULL, "false")).lower() == "false"


def _has_skus(document: Document) -> bool:
    """Tell that no item waits for another line to say by which SKU its ASIN is known."""
    return all(item.get("vendorProductIdentifier") for item in document.tree.get("items", ()))


def _contradicts(reading: Reading, book: Book, came: list[Document], gone: list[Document]) -> bool:
    """Tell whether a SKU came that is known and did not stand in a line that is gone: it may stand twice in the file."""
    before = {pair for document in gone for pair in _names(document)}
    after = [pair for document in came for pair in _names(document)]
    new: dict[str, list[str]] = {}
    for code, name in set(after) - before:
        new.setdefault(code, []).append(name)
    twice = len(set(after)) < len(after)
    return twice or any(book.stock.of(reading.source.account, code, names) for code, names in new.items())


def _names(document: Document) -> list[tuple[str, str]]:
    code = str(document.tree.get("warehouseId", ""))
    return [(code, item_name(item)) for item in document.tree.get("items", ())]
