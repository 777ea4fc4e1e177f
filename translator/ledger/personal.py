"""What is personal in the book, and how it is forgotten: first the rows, then the keys, and that they are gone is seen.

Promises: one commit takes all that is personal of an order out of the book and notes the keys that sealed it; from then on
they open nothing here, and what opens copies of the book is destroyed next (`waiting`, `destroyed`): the keys wait until
nothing is left of them in their store, its journal neither, so after a crash they still do. What is left tells numbers,
lines, states and days.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from typing import Any, Final

from sqlalchemy import LargeBinary, bindparam, delete, exists, func, select, union, update

from translator.core.document import Tree
from translator.documents.private import FORGOTTEN, forgotten
from translator.ledger.bodies import Bodies
from translator.ledger.contents import Contents
from translator.ledger.documents import Documents, Stored
from translator.ledger.interchanges import Interchanges
from translator.ledger.keys import PLAIN
from translator.ledger.packed import packed
from translator.ledger.schema import (
    body,
    document,
    forgetting,
    interchange,
    kept,
    listed,
    sealed,
    sealed_body,
)
from translator.ledger.spoken import Spoken
from translator.ledger.trouble import KeyGone


@dataclass(frozen=True, slots=True)
class Holding:
    """A document that holds something personal: of which order, or of itself."""

    document: int
    account: str
    order: str
    at: float


_SEALED: Final = (
    select(document.c.id, document.c.account, document.c.key, document.c.about, document.c.at)
    .where(sealed, document.c.id > bindparam("after"))
    .order_by(document.c.id)
    .limit(bindparam("most"))
)
_other = document.alias()
_whose: Final = func.coalesce(func.nullif(document.c.about, ""), document.c.key)
_LATE: Final = (  # led by what is sealed, which is young; the other way round it would be each by each
    select(document.c.account, _whose)
    .where(
        sealed,
        exists(
            select(_other.c.id).where(
                _other.c.account == document.c.account, _other.c.key == _whose, _other.c.forgotten.is_not(None)
            )
        ),
    )
    .distinct()
)
_ARRIVED: Final = (
    select(interchange.c.id, interchange.c.endpoint, interchange.c.body)
    .join(body, interchange.c.body == body.c.id)
    .where(sealed_body, interchange.c.direction == "in", body.c.at <= bindparam("before"))
    .order_by(body.c.id)
    .limit(bindparam("most"))
)
_FORGET: Final = (
    update(document)
    .where(document.c.id == bindparam("which"))
    .values(
        tree=bindparam("left", type_=LargeBinary),
        kept=bindparam("nothing", type_=LargeBinary),
        findings=bindparam("said", type_=LargeBinary),
        seal=PLAIN,
        forgotten=bindparam("now"),
    )
)
_NOTE_KEY: Final = forgetting.insert().from_select(
    ["seal", "at"],
    select(document.c.seal, bindparam("now", type_=document.c.at.type)).where(
        document.c.id == bindparam("which"),
        sealed,
        document.c.seal.not_in(select(forgetting.c.seal)),
    ),
)
_SEALS: Final = union(select(document.c.seal).where(sealed), select(body.c.seal).where(sealed_body))
_NAMES: Final = delete(kept).where(kept.c.account == bindparam("whose"), kept.c.key == bindparam("called"))
_WAITING: Final = (
    select(forgetting.c.seal)
    .where(forgetting.c.seal > bindparam("after"))
    .order_by(forgetting.c.seal)
    .limit(bindparam("most"))
)
_SINCE: Final = select(func.min(forgetting.c.at))
_DESTROYED: Final = delete(forgetting).where(forgetting.c.seal.in_(listed("ids")))


class Personal:
    """What is personal in the book."""

    def __init__(
        self,
        connection: Spoken,
        now: float,
        documents: Documents,
        contents: Contents,
        interchanges: Interchanges,
        bodies: Bodies,
    ) -> None:
        self._connection = connection
        self._now = now
        self._documents = documents
        self._contents = contents
        self._interchanges = interchanges
        self._bodies = bodies

    def held(self, after: int, most: int) -> list[Holding]:
        """Give the next documents that hold something personal, by their number."""
        rows = self._connection.execute(_SEALED, {"after": after, "most": most})
        return [Holding(id, account, about or key, at) for id, account, key, about, at in rows]

    def late(self) -> list[tuple[str, str]]:
        """Give the forgotten orders about which something personal came afterwards."""
        return [(account, order) for account, order in self._connection.execute(_LATE)]

    def of(self, account: str, order: str) -> list[Stored]:
        """Give the documents of an order, or the one of a number of its own."""
        return self._documents.about(account, order)

    def files(self, stored: Iterable[Stored]) -> list[int]:
        """Give the files that documents came in, or lie in."""
        found = (number for one in stored for number in self._files_of(one))
        return list(dict.fromkeys(found))

    def _files_of(self, one: Stored) -> Iterator[int]:
        if one.interchange is not None:
            yield one.interchange
        yield from (number for number, _ in self._contents.where(one.id))

    def forget(self, account: str, order: str) -> None:
        """Forget what is personal of an order, in its documents and in every file that it came or went in."""
        stored = self.of(account, order)
        for file in self._interchanges.by_id(self.files(stored)).values():
            self._bodies.forget(file.body)
        for one in stored:
            if one.seal:
                self._connection.execute(_NOTE_KEY, {"which": one.id, "now": self._now})
                row = {"which": one.id, "left": packed(_left(one)), "nothing": packed({}), "said": packed(_said(one))}
                self._connection.execute(_FORGET, row | {"now": self._now})
        self._connection.execute(_NAMES, {"whose": account, "called": order})
        self._documents.changed()

    def arrived(self, before: float, most: int) -> list[Any]:
        """Give files that came in before then, and whose bytes are sealed: number, where from, body."""
        return self._connection.execute(_ARRIVED, {"before": before, "most": most}).all()

    def forget_arrived(self, before: float, most: int) -> list[tuple[int, str]]:
        """Forget the bytes of files that came in before then; give their numbers, and where they came from."""
        found = self.arrived(before, most)
        for one in found:
            self._bodies.forget(one.body)
        return [(one.id, one.endpoint) for one in found]

    def seals(self) -> list[int]:
        """Give the keys that something is sealed with."""
        return self._connection.execute(_SEALS).scalars()

    def waiting(self, most: int, after: int = 0) -> list[int]:
        """Give keys that are to be destroyed, or of which something may still lie in a journal, by their number."""
        return self._connection.execute(_WAITING, {"most": most, "after": after}).scalars()

    def waits_since(self) -> float | None:
        """Say since when keys wait to be destroyed for good; None: none does."""
        found: float | None = self._connection.execute(_SINCE).scalar()
        return found

    def destroyed(self, keys: Iterable[int]) -> int:
        """Note that keys are gone, and nothing is left of them; give of how many that was not known."""
        return self._connection.execute(_DESTROYED, {"ids": json.dumps(list(keys))}).rowcount


def _said(one: Stored) -> list[Tree]:
    """Give what is left of what was found wrong: codes and places, since a sentence may quote what stood in a wrong column."""
    return [replace(finding, text=FORGOTTEN, hint="").as_json() for finding in one.findings]


def _left(one: Stored) -> Tree:
    try:
        return forgotten(one.kind, one.tree)
    except KeyGone:  # it was lost before its time
        return {}
