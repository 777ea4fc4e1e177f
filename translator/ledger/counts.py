"""What a warehouse counted of its own items, where levels are made of them: packs, components of kits.

The newest file wins, as for levels: the one that came last, by its number. An item that it named with two counts is in doubt
until a file names it with one.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Final

from sqlalchemy import and_, bindparam, func, select, update
from sqlalchemy.dialects.postgresql import insert

from translator.ledger.schema import counted
from translator.ledger.spoken import Spoken

_NEW: Final = insert(counted)
_PUT: Final = _NEW.on_conflict_do_update(
    index_elements=["account", "warehouse", "item"],
    set_={name: _NEW.excluded[name] for name in ("amount", "file", "doubted")},
    where=_NEW.excluded.file >= counted.c.file,
)
_PLACE: Final = and_(counted.c.account == bindparam("whose"), counted.c.warehouse == bindparam("place"))
_DOUBT: Final = (
    update(counted)
    .where(_PLACE, counted.c.item == bindparam("which"), counted.c.file <= bindparam("newest"))
    .values(file=bindparam("newest"), doubted=True)
)
_DOUBTED: Final = select(counted.c.item).where(_PLACE, counted.c.doubted)
_UNSAID: Final = (
    update(counted)
    .where(_PLACE, counted.c.file < bindparam("newest"))
    .values(amount=0, file=bindparam("newest"), doubted=False)
)
_NEWEST: Final = select(func.max(counted.c.file)).where(_PLACE)
_OF: Final = select(counted.c.item, counted.c.amount).where(_PLACE)


class Counts:
    """The counts of the book."""

    def __init__(self, connection: Spoken) -> None:
        self._connection = connection

    def put(self, account: str, warehouse: str, items: Mapping[str, int], file: int) -> None:
        """Note what a file says of items; where a newer file said otherwise, that stands."""
        place = {"account": account, "warehouse": warehouse, "file": file, "doubted": False}
        if rows := [{**place, "item": item, "amount": amount} for item, amount in items.items()]:
            self._connection.execute(_PUT, rows)

    def doubt(self, account: str, warehouse: str, items: Iterable[str], file: int) -> None:
        """Note that a file names items with two counts each; what was never counted stays so."""
        place = {"whose": account, "place": warehouse, "newest": file}
        if rows := [{**place, "which": item} for item in items]:
            self._connection.execute(_DOUBT, rows)

    def doubted(self, account: str, warehouse: str) -> set[str]:
        """Give the items that were named last with two counts."""
        return set(self._connection.execute(_DOUBTED, {"whose": account, "place": warehouse}).scalars())

    def left_out(self, account: str, warehouse: str, file: int) -> None:
        """Take as gone what a file that names everything left out: what only older files named."""
        self._connection.execute(_UNSAID, {"whose": account, "place": warehouse, "newest": file})

    def of(self, account: str, warehouse: str) -> dict[str, int]:
        """Give what was counted of each item."""
        asked = {"whose": account, "place": warehouse}
        return {item: int(amount) for item, amount in self._connection.execute(_OF, asked)}

    def newest(self, account: str, warehouse: str) -> int:
        """Give the newest file that said anything of these items; 0: none did."""
        return int(self._connection.execute(_NEWEST, {"whose": account, "place": warehouse}).scalar() or 0)
