"""Amazon, the ledger and a warehouse's lists, side by side: what is in one and not in the other.

Looks only. Amazon is asked for the orders of the last seven days, as the service asks, over a connection of its own;
nothing of it is stored but what is out, with numbers of orders and never a person.
"""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, Final

from translator.config.site import Account, Comparing, Site
from translator.core import jsontext
from translator.core.differences import Difference, Known, Told, with_amazon, with_warehouse
from translator.core.document import Tree
from translator.core.finding import Finding, Misconfigured, Place, Rejected
from translator.core.ports import Clock
from translator.core.timeline import fold, moment
from translator.core.tree import at
from translator.documents.kind import kinds
from translator.documents.lines import amount_ordered, lines_of
from translator.documents.values import iso
from translator.endpoints.spapi import Orders
from translator.ledger.book import Book
from translator.ledger.ledger import Ledger
from translator.service.compared_stock import stock_compared
from translator.service.places import account_of, rules_of
from translator.stations.errand import House
from translator.stations.nightly import COMPARED

WINDOW: Final = timedelta(days=7)  # what Amazon gives in one window
REACH: Final = timedelta(days=60)  # orders known before are over
MOST: Final = 4_000_000  # bytes of a warehouse's list
KEPT: Final = 500  # rows that are written down
_NUMBER: Final = re.compile(r"[A-Za-z0-9]{1,32}")
COLUMNS: Final = ("side", "account", "warehouse", "about", "what", "there", "here", "clock", "due")
Rows = list[dict[str, str]]
Answers = Mapping[str, Mapping[str, Told]]  # of each account, by order
Lists = Mapping[str, Sequence[str]]  # the numbers that each warehouse system lists


def nightly(ledger: Ledger, house: House, comparing: Comparing) -> dict[str, Any]:
    """Compare as a site says, in a worker; give what is to be written down. Raises Unavailable."""
    try:
        listed = all_listed(comparing.open)
        told = asked(house.site, house.clock)
        with ledger.look() as book:
            rows = all_compared(house.site, book, house.clock, told, listed, comparing.stock)
        if comparing.table:
            lay(comparing.table, rows)
    except (Misconfigured, Rejected) as error:
        return _failed(error.findings[0])
    except OSError as error:
        name = Path(str(error.filename or "?")).name
        return _failed(Finding("compare-file", f"{name}: {error.strerror or type(error).__name__}"))
    return result_of({*comparing.open, *comparing.stock}, rows)


def _failed(finding: Finding) -> dict[str, Any]:
    place = f"{finding.data.file}: " if finding.data else ""
    return {**result_of((), []), "failed": f"{place}{finding.text} ({finding.code})"}


def result_of(systems: Iterable[str], rows: Rows) -> dict[str, Any]:
    """Give what is written down of a comparison."""
    return {"sides": ["Amazon", *sorted(systems)], "out": len(rows), "rows": rows[:KEPT]}


def asked(site: Site, clock: Clock) -> Answers:
    """Ask Amazon for the orders of each account; before the ledger is looked at, since it may take long. Raises Unavailable."""
    return {account.name: dict(_told(site, account, clock)) for account in site.accounts.values()}


def all_listed(lists: Mapping[str, Path]) -> Lists:
    """Read the lists of open orders; before Amazon is asked, so that a bad one is told at once. Raises Rejected, OSError."""
    return {name: numbers_in(path) for name, path in lists.items()}


def all_compared(site: Site, book: Book, clock: Clock, told: Answers, lists: Lists, stocks: Mapping[str, Path]) -> Rows:
    """Compare with what Amazon told, and with the lists and stock files of systems. Raises Rejected, OSError."""
    return [*compared(site, book, clock, told, lists), *stock_compared(site, book, clock, stocks)]


def lay(path: Path, rows: Rows) -> None:
    """Lay the rows into a file as CSV, whole at once."""
    path.parent.mkdir(parents=True, exist_ok=True)
    beside = path.with_name(f".{path.name}.part")
    beside.write_bytes(as_csv(rows))
    beside.replace(path)


def compared(site: Site, book: Book, clock: Clock, told: Answers, lists: Lists) -> Rows:
    """Compare each account with what Amazon told of it, and each system of which there is a list with that."""
    rows: Rows = []
    for account in site.accounts.values():
        known = dict(_known(book, account.name, clock.now()))
        found = with_amazon(told[account.name], known, clock.now() - WINDOW, clock.now())
        rows += [_row("Amazon", account.name, one, known) for one in found]
        for name, numbers in lists.items():
            system = site.systems[name]
            if system.account == account.name:
                theirs = {number: one for number, one in known.items() if one.warehouse in system.warehouses}
                found = with_warehouse(set(numbers), theirs, clock.now())
                rows += [_row(name, account.name, one, known) for one in found]
    return rows


def numbers_in(path: Path) -> list[str]:
    """Read the order numbers of a list, one a line, the first cell of it. Raises Rejected where a line holds none."""
    with path.open("rb") as file:
        data = file.read(MOST + 1)
    if len(data) > MOST:
        raise Rejected([Finding("list-large", f"more than {MOST:,} bytes", Place(path.name))])
    found = []
    for number, line in enumerate(data.decode("utf-8-sig", "replace").splitlines(), start=1):
        cell = re.split(r"[,;|\t]", line)[0].strip().strip('"')
        if number == 1 and not re.search("[0-9]", cell):
            continue  # a header
        if _NUMBER.fullmatch(cell):
            found.append(cell)
        elif cell:
            hint = "one order number a line, in the first cell"
            raise Rejected([Finding("list-number", "that is no order number", Place(path.name, number), hint=hint)])
    return found


def as_csv(rows: Rows) -> bytes:
    """Write the rows as CSV."""
    text = io.StringIO(newline="")
    writer = csv.DictWriter(text, COLUMNS)
    writer.writeheader()
    writer.writerows(rows)
    return text.getvalue().encode()


def kept(book: Book) -> dict[str, Any]:
    """Give the last comparison that the service has written down; empty: there is none."""
    text = book.bookmarks.get(COMPARED)
    found: dict[str, Any] = json.loads(text) if text else {}
    return found


def _told(site: Site, account: Account, clock: Clock) -> Iterator[tuple[str, Told]]:
    connection = account_of(account, clock)
    now = clock.now()
    rules = replace(rules_of(account), start=max(account.start or now, now))  # a long time ago: its last days alone
    orders = Orders(connection, rules)
    try:
        bookmark, more = "", True
        while more:
            listing = orders.list(bookmark)
            bookmark, more = listing.bookmark, listing.more
            for seen in listing.complete:
                for tree, _ in kinds()["order"].split(jsontext.decode(seen.data or b"{}")):  # type: ignore[misc]
                    if not site.is_anothers(account.name, str(at(tree, "orderDetails.sellingParty.partyId", ""))):
                        yield str(tree.get("purchaseOrderNumber", "")), _as_told(tree)
    finally:
        orders.close()


def _as_told(tree: Tree) -> Told:
    return Told(str(at(tree, "orderDetails.orderStatus", "")), _placed(tree), _units(tree))


def _known(book: Book, account: str, now: datetime) -> Iterator[tuple[str, Known]]:
    for subject in book.events.subjects("order known", (now - REACH).timestamp()):
        name, _, number = subject.partition(" ")
        stored = book.documents.newest("order", account, number) if name == account else None
        if stored is not None:
            line = fold(book.events.of(subject))
            yield number, Known(line, _placed(stored.tree), _units(stored.tree), stored.warehouse)


def _placed(tree: Tree) -> datetime | None:
    return moment(at(tree, "orderDetails.orderDate", ""))


def _units(tree: Tree) -> int:
    return sum(amount_ordered(line) or 0 for line in lines_of(tree))


def _row(side: str, account: str, one: Difference, known: Mapping[str, Known]) -> dict[str, str]:
    here = known.get(one.order)
    return {
        "side": side,
        "account": account,
        "warehouse": here.warehouse if here else "",
        "about": one.order,
        "what": one.what,
        "there": one.one,
        "here": one.other,
        "clock": one.clock,
        "due": iso(one.due.replace(microsecond=0)) if one.due else "",
    }
