"""Levels that landed: what an accepted, refused or lost part means for what is wanted, and which documents end by it.

Items stand alone: where a refusal names some of them, only these wait until they are wanted anew; where it names none, the
one that is at fault is found by halves. What landed without being accepted is built afresh from what is wanted now; the same
part is never sent again. Where that goes on for an hour, and Amazon says of none what became of it, it is told.
"""

from __future__ import annotations

import json
import re
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import replace
from itertools import chain
from typing import Final

from translator.core.document import Tree
from translator.core.finding import Finding
from translator.core.private import shown
from translator.core.work import End, Hold, Station
from translator.documents.lines import ASIN, SKU
from translator.ledger.book import Book
from translator.ledger.interchanges import Interchange
from translator.ledger.stock import Level
from translator.stations import follows
from translator.stations.errand import House

MOST: Final = 1000  # items of one inventory update (Amazon publishes no maximum; 413 exists)
TRIES: Final = 16  # parts refused without a name, none accepted between; ten leave one item of the longest
OBSOLETE: Final = "isObsolete"
NO_ITEM: Final = "amazon-INVALID_ITEM_ID"
NAMES: Final = (SKU, ASIN)
THEIRS: Final = "amazon-INTERNAL_SERVER_ERROR"  # a failure of Amazon's own: nothing is wrong with what was sent
PAUSE: Final = 300.0  # seconds until what failed so is built afresh
VAIN: Final = 3600.0  # seconds without an answer to what was sent of a warehouse, until that is told
IN_VAIN: Final = "stock sent in vain"  # what is told
_HALVED: Final = "stock halved"  # and account, warehouse
_WORD: Final = re.compile(r"[A-Za-z0-9_-]+(?:[./][A-Za-z0-9_-]+)*")  # an identifier as a finding shows it


def accepted(house: House, book: Book, interchange: Interchange) -> None:
    """Take a part as accepted."""
    book.stock.accepted(interchange.id)
    _answered(book, interchange)
    _taken(book, interchange)
    _note(book, interchange, "accepted", {"file": interchange.name})
    _landed(house, book, interchange)


def lost(house: House, book: Book, interchange: Interchange) -> None:
    """Take a part as lost: nobody can tell what became of it."""
    _in_vain(book, interchange)
    book.stock.unknown(interchange.id)
    book.interchanges.settle(interchange.id)
    _landed(house, book, interchange)


def overtaken(house: House, book: Book, interchange: Interchange) -> bool:
    """Take back a part of which nothing has left, where a level in it is wanted otherwise by now: a fresh one is written."""
    if not book.stock.overtaken(interchange.id):
        return False
    book.stock.freed(interchange.id)
    book.interchanges.settle(interchange.id)
    _note(book, interchange, "overtaken", {"file": interchange.name})
    _landed(house, book, interchange)
    return True


def given_up(account: str, warehouse: str) -> Hold:
    """Have what a person gave up wait until a file says something of its warehouse, or he releases it."""
    return Hold(_anew(account, warehouse), "given up: it waits for the next stock file")


def anew(book: Book, account: str, warehouse: str) -> None:
    """Let go on what was given up: a file wants the levels of the warehouse anew."""
    book.work.release(_anew(account, warehouse))
    if _halving(book, account, warehouse)[1]:
        _halve(book, account, warehouse, MOST, 0)


def vain(book: Book, account: str, warehouse: str) -> float | None:
    """Say since when Amazon says of nothing that was sent of a warehouse what became of it; None: it does."""
    text = book.bookmarks.get(_unanswered(account, warehouse))
    return min(float(text), book.now) if text else None


def most(book: Book, account: str, warehouse: str) -> int:
    """Say how many items the next part may have: fewer, one part after the other, while one is looked for that is at fault."""
    return _halving(book, account, warehouse)[0]


def told(book: Book, account: str, warehouse: str, items: list[Level]) -> list[Tree]:
    """Give the items as they are told: what was gone for good, or may be, and comes without a word on that, is back."""
    silent = [level.sku for level in items if OBSOLETE not in level.item]
    before = book.stock.accepted_as(account, warehouse, silent) if silent else {}
    back = {sku for sku, item in before.items() if item is None or item.get(OBSOLETE)}
    return [{**level.item, OBSOLETE: False} if level.sku in back else level.item for level in items]


def refused(house: House, book: Book, interchange: Interchange, findings: Sequence[Finding]) -> None:
    """Refuse the items that the findings name; the others are sent afresh.

    Where they name none, it is the items without an ASIN, if Amazon did not know an item; else one that is found by halves.
    """
    if findings and all(finding.code == THEIRS for finding in findings):
        _in_vain(book, interchange)
        book.stock.unknown(interchange.id)
        _note(book, interchange, "failed", {"file": interchange.name})
        _landed(house, book, interchange, house.now() + PAUSE)
        return
    _answered(book, interchange)
    part = book.stock.of_part(interchange.id)
    naming = _naming(findings, {name for level in part for name in _names(level) if " " in name})
    named = _named(part, naming) or _unknown(part, findings)
    if not named and _place(interchange)[1] not in naming and _is_halved(book, interchange, len(part)):
        book.stock.unknown(interchange.id)
        _note(book, interchange, "halved", {"findings": [finding.as_json() for finding in findings]})
        _landed(house, book, interchange)
        return
    if not named and len(part) == 1:
        findings = [replace(one, text=f"{shown(part[0].sku)}: {one.text}") for one in findings]
        naming = _naming(findings, ())
    book.stock.refused(interchange.id, named or None)
    book.stock.unknown(interchange.id)  # what is left of the part
    _note(book, interchange, "rejected", {"findings": [finding.as_json() for finding in findings]})
    general = _general(part, naming)
    for number, levels in _standing(part, book.stock.refusals()).items():
        if (stored := book.documents.get(number)) and stored.end is None:
            theirs = (naming.get(name, ()) for level in levels for name in _names(level))
            follows.rejected(house, book, stored, list(dict.fromkeys(chain(chain.from_iterable(theirs), general))))
    _landed(house, book, interchange)


def done(book: Book) -> None:
    """End the documents that nothing is wanted of any more: superseded where something newer is wanted of every item."""
    for number in book.stock.documents_done():
        stored = book.documents.get(number)
        if stored is None:
            continue
        end = End.ACCEPTED if book.stock.stands(stored.account, stored.warehouse, number) else End.SUPERSEDED
        book.documents.end(number, end)
        follows.tell(book, stored, str(end))


def _naming(findings: Sequence[Finding], long: Collection[str]) -> dict[str, list[Finding]]:
    """Give the findings by each word that they say, each once. `long`: names of several words."""
    naming: dict[str, list[Finding]] = defaultdict(list)
    for finding in dict.fromkeys(findings):
        for word in {"", *_WORD.findall(finding.text), *(name for name in long if _says(finding.text, name))}:
            naming[word].append(finding)
    return naming


def _says(text: str, name: str) -> bool:
    return name in text and re.search(rf"(?<![\w-]){re.escape(name)}(?![\w-])", text) is not None


def _names(level: Level) -> list[str]:
    return [level.sku, *(str(level.item[name]) for name in NAMES if level.item.get(name))]


def _named(levels: Iterable[Level], naming: Mapping[str, list[Finding]]) -> list[str]:
    """Give the SKUs that findings name by either of their names."""
    return [level.sku for level in levels if not naming.keys().isdisjoint(_names(level))]


def _general(part: Sequence[Level], naming: Mapping[str, list[Finding]]) -> list[Finding]:
    """Give the findings that name no item of the part: they may mean each."""
    names = chain.from_iterable(map(_names, part))
    special = {id(finding) for name in names for finding in naming.get(name, ())}
    return [finding for finding in naming.get("", ()) if id(finding) not in special]


def _standing(part: Sequence[Level], refusals: Iterable[tuple[int, str]]) -> dict[int, list[Level]]:
    """Give the levels of the part that stand refused, by the document that wants them."""
    wanted = {(level.document, level.sku): level for level in part}
    standing: dict[int, list[Level]] = defaultdict(list)
    for one in refusals:
        if level := wanted.get(one):
            standing[level.document].append(level)
    return standing


def _unknown(levels: Iterable[Level], findings: Sequence[Finding]) -> list[str]:
    """Give the SKUs without an ASIN, where Amazon did not know an item whose name is not to be seen."""
    if not any(finding.code == NO_ITEM for finding in findings):
        return []
    return [level.sku for level in levels if not level.item.get(ASIN)]


def _landed(house: House, book: Book, interchange: Interchange, due: float | None = None) -> None:
    """End what is done by it, and have written what still differs."""
    done(book)
    account, warehouse = _place(interchange)
    route = house.site.route(interchange.kind, account)
    if route is not None and book.stock.differing(account, warehouse, 1):
        book.work.add(Station.WRITE, route.name, f"level:{account}:{warehouse}", due=due)


def _note(book: Book, interchange: Interchange, fact: str, detail: dict[str, object]) -> None:
    account, warehouse = _place(interchange)
    book.events.note(f"{account} {warehouse}", f"{interchange.kind} {fact}", {"warehouse": warehouse} | detail)


def _in_vain(book: Book, interchange: Interchange) -> None:
    """Tell once that it is so for long; it is over with the next answer."""
    account, warehouse = _place(interchange)
    since = vain(book, account, warehouse)
    if since is None:
        book.bookmarks.put(_unanswered(account, warehouse), repr(book.now))
        return
    told = f"{IN_VAIN}: {account} {warehouse} {since}"
    if book.now - since >= VAIN and not book.events.has(told):
        book.events.note(f"{account} {warehouse}", IN_VAIN, {"warehouse": warehouse}, told)


def _answered(book: Book, interchange: Interchange) -> None:
    account, warehouse = _place(interchange)
    if vain(book, account, warehouse) is not None:
        book.bookmarks.put(_unanswered(account, warehouse), "")


def _unanswered(account: str, warehouse: str) -> str:
    return f"{IN_VAIN} {account} {warehouse}"


def _is_halved(book: Book, interchange: Interchange, count: int) -> bool:
    """Have the items of a part that was refused go again, half of them at first; not one alone, nor where it finds none."""
    length, tries = _halving(book, *_place(interchange))
    if tries == TRIES or (count < 2 and length == MOST):
        return False
    length = min(length, max(count // 2, 1)) if tries + 1 < TRIES else MOST
    _halve(book, *_place(interchange), length, tries + 1)
    return count > 1


def _taken(book: Book, interchange: Interchange) -> None:
    length, tries = _halving(book, *_place(interchange))
    if tries or length < MOST:
        _halve(book, *_place(interchange), min(length * 2, MOST), 0)


def _halving(book: Book, account: str, warehouse: str) -> tuple[int, int]:
    """Give how many items a part may have, and how many were refused without a name since one was accepted."""
    length, tries = json.loads(book.bookmarks.get(f"{_HALVED} {account} {warehouse}") or f"[{MOST}, 0]")
    return length, tries


def _halve(book: Book, account: str, warehouse: str, length: int, tries: int) -> None:
    book.bookmarks.put(f"{_HALVED} {account} {warehouse}", json.dumps([length, tries]))


def _anew(account: str, warehouse: str) -> str:
    return f"stock {account} {warehouse} wanted anew"


def _place(interchange: Interchange) -> tuple[str, str]:
    account, _, warehouse = interchange.about.partition(":")
    return account, warehouse
