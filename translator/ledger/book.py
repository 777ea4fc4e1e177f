"""The book as one transaction sees it: the acts, by noun. `now` is the time of the whole transaction."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager
from typing import TypeVar

from sqlalchemy import Connection

from translator.core.ports import Chance
from translator.ledger.attempts import Attempts
from translator.ledger.audit import Audit
from translator.ledger.bodies import Bodies
from translator.ledger.bookmarks import Applied, Bookmarks, Numbers
from translator.ledger.claims import Turns
from translator.ledger.configurations import Configurations
from translator.ledger.contents import Contents
from translator.ledger.controls import Controls
from translator.ledger.counts import Counts
from translator.ledger.documents import Documents
from translator.ledger.events import Events
from translator.ledger.interchanges import Interchanges
from translator.ledger.keys import Keys
from translator.ledger.lanes import Lanes
from translator.ledger.lookups import Lookups
from translator.ledger.personal import Personal
from translator.ledger.products import Products
from translator.ledger.pruning import Pruning
from translator.ledger.reconciling import Reconciling
from translator.ledger.spoken import Spoken
from translator.ledger.stock import Stock
from translator.ledger.trouble import Broken, grave
from translator.ledger.work import WorkRows
from translator.ledger.workers import Workers

T = TypeVar("T")
R = TypeVar("R")


class Book:
    """All acts on the ledger, in one transaction."""

    def __init__(
        self, connection: Spoken, now: float, turns: Turns, chance: Chance, keys: Keys, worker: str = ""
    ) -> None:
        self._connection = connection
        self.now = now
        self.lanes = Lanes(connection, now, worker)
        self.work = WorkRows(connection, now, self.lanes, turns, chance, worker)
        self.workers = Workers(connection, now)
        self.events = Events(connection, now, self.work)
        self.bodies = Bodies(connection, now, keys)
        self.interchanges = Interchanges(connection, now, self.bodies)
        self.documents = Documents(connection, now, keys)
        self.products = Products(connection)
        self.contents = Contents(connection)
        self.controls = Controls(connection)
        self.personal = Personal(connection, now, self.documents, self.contents, self.interchanges, self.bodies)
        self.attempts = Attempts(connection, now)
        self.bookmarks = Bookmarks(connection)
        self.numbers = Numbers(self.bookmarks)
        self.applied = Applied(self.bookmarks)
        self.audit = Audit(connection, now, self.bookmarks)
        self.pruning = Pruning(connection, self.bookmarks)
        self.reconciling = Reconciling(connection, now, self.bookmarks)
        self.began = False  # something begins with this commit that the world will see
        self.stock = Stock(connection)
        self.counts = Counts(connection)
        self.lookups = Lookups(connection, now)
        self.configurations = Configurations(connection, now, self.bookmarks)

    @property
    def connection(self) -> Connection:
        """Give the connection itself, for what is asked of the database and not of the book."""
        return self._connection.connection

    def apart(self) -> AbstractContextManager[object]:
        """Set a part of the commit apart: an exception takes back this part alone, if it is caught outside of it."""
        return self._connection.apart()

    def together(
        self, items: Sequence[T], act: Callable[[Sequence[T]], list[R]], failed: Callable[[T, Exception], None]
    ) -> list[R]:
        """Do something with all items in one part of the commit; if that fails, with each in a part of its own.

        So what fails spoils nothing else, and what does not is written at once. The act may thus be done twice: it must
        change nothing but the book. `failed` is told of each item that failed alone, its part taken back. Trouble of the
        ledger itself is nobody's: it is raised, and stops the commit.
        """
        self.catch_up()  # what waits is not theirs
        try:
            with self._connection.hoping(len(items) > 1), self.apart():
                return act(items)
        except Broken:
            raise
        except Exception as error:
            if grave(error):
                raise
            if len(items) > 1:
                return [made for item in items for made in self.together([item], act, failed)]
            failed(items[0], error)
            return []

    def catch_up(self) -> None:
        """Write what waits for others of its kind. Raises what took back the whole commit, where anything did."""
        self._connection.catch_up()
        self._connection.stand()
