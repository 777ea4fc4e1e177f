"""python -m tests.ledger.released 0.1.0: keep a ledger as this program makes it, with the release that first carries it.

A small one, with something in each of its parts: the text of its three files (the book, its keys, its moves) goes into
`tests/ledger/released/0.1.0/`, and every later program has to bring it on (test_released.py).
"""

from __future__ import annotations

import sqlite3
import sys
import tempfile
from contextlib import closing
from pathlib import Path

from tests.ledger.house import MASTER, CountedChance, StandingClock
from translator.core.work import End, Hold
from translator.ledger import Ledger, Moves, sqlite

KEPT = Path(__file__).with_name("released")
FILES = {"book.sql": "ledger.db", "keys.sql": "ledger.db.keys", "moves.sql": "ledger.db.moves"}
NUMBER, NAME = "D0815", "Jane Roe"
ORDER = {"purchaseOrderNumber": NUMBER, "orderDetails": {"shipToParty": {"name": NAME}}}
DATA = b"ORDER,LINE\r\nD0815,1\r\n"


def opened(folder: Path) -> Ledger:
    return Ledger.open(folder / "ledger.db", StandingClock(), CountedChance(), master=MASTER, journal="rollback")


def make(folder: Path) -> None:
    """Make a small ledger of today."""
    with opened(folder) as ledger, closing(Moves.open(folder / "ledger.db", StandingClock())) as moves:
        with ledger.commit() as book:
            book.configurations.put("cafe", {"translator.yaml": "wms: {}"})
            order = book.documents.add("order", "us", NUMBER, ORDER, warehouse="EWR1")
            told = book.documents.add("acknowledgement", "us", NUMBER, {"purchaseOrderNumber": NUMBER}, about=NUMBER)
            book.documents.end(told.id, End.ACCEPTED)
            file = book.interchanges.add_in("acme/out", "ORDERS.csv", "mark", DATA)
            book.attempts.begin(file.id, "token", [], "")
            book.events.note(f"us {NUMBER}", "order known", {"document": order.id})
            book.lanes.put("acme/place", calls=4)
            book.bookmarks.put("poll", "page 7")
            book.audit.note("ops", "backup", "a copy")
            book.work.add("send", "acme/in", str(file.id), lane="acme/place")
            book.work.add("write", "acme/in", str(order.id), hold=Hold("person", "look at it"))
        moves.ask("retry", {"target": NUMBER}, "ops")


def keep(folder: Path, kept: Path) -> None:
    """Write the text of a ledger's files."""
    kept.mkdir(parents=True)
    for name, file in FILES.items():
        with closing(sqlite3.connect(folder / file)) as raw:  # the standard library's can write it out
            (kept / name).write_text("\n".join(raw.iterdump()) + "\n", encoding="utf-8")


def lay(kept: Path, folder: Path) -> None:
    """Make a ledger's files of their text."""
    for name, file in FILES.items():
        with closing(sqlite.driver().connect(folder / file)) as raw:
            raw.executescript((kept / name).read_text(encoding="utf-8"))
        (folder / file).chmod(0o600)


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as place:
        make(Path(place))
        keep(Path(place), KEPT / sys.argv[1])
