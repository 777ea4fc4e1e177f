"""Levels, not flows: per account, warehouse and SKU what is wanted, what was sent, what the other side accepted.

The newest want wins. A SKU whose last part is in flight is never sent; a level that was refused is not sent again until
it is wanted anew; after an unknown outcome nothing is taken as accepted, so that a fresh part is built.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from sqlalchemy import and_, bindparam, case, exists, or_, select, true, update
from sqlalchemy.dialects.postgresql import insert

from translator.core.document import Tree
from translator.ledger.schema import ONE, differs, stock, unmet, wanting
from translator.ledger.spoken import Spoken
from translator.ledger.trouble import Conflict


@dataclass(frozen=True, slots=True)
class Level:
    """The level of one SKU. `item` is what is wanted, as the other side is told."""

    account: str
    warehouse: str
    sku: str
    wanted: int
    item: Tree
    document: int
    at: float
    sent: int | None
    accepted: int | None
    part: int | None
    refused: bool


_NEW: Final = insert(stock)
_NEWER: Final = or_(
    _NEW.excluded.at > stock.c.at,
    and_(_NEW.excluded.at == stock.c.at, _NEW.excluded.document >= stock.c.document),
)
_WANT: Final = _NEW.on_conflict_do_update(
    index_elements=["account", "warehouse", "sku"],
    set_={name: _NEW.excluded[name] for name in ("wanted", "item", "document", "at")} | {"refused": False},
    where=_NEWER,
)
_WANTING: Final = insert(wanting).on_conflict_do_nothing()
_ALL: Final = select(*(stock.c[name] for name in Level.__slots__))
_PLACE: Final = and_(stock.c.account == bindparam("whose"), stock.c.warehouse == bindparam("place"))
_SKU: Final = and_(_PLACE, stock.c.sku == bindparam("which"))
_DIFFERING: Final = _ALL.where(differs, _PLACE).order_by(stock.c.at, stock.c.sku).limit(bindparam("most"))
_GET: Final = _ALL.where(_SKU)
_SEND: Final = (
    update(stock)
    .where(_SKU, stock.c.part.is_(None))
    .values(part=bindparam("carrier"), sent=bindparam("level"), sent_item=bindparam("told"))
)
_PART: Final = stock.c.part == bindparam("carrier")
_LAND: Final = update(stock).where(stock.c.part.is_not(None), _PART)
_ACCEPTED: Final = _LAND.values(part=None, accepted=stock.c.sent, accepted_item=stock.c.sent_item, refused=False)
_REFUSED: Final = _LAND.values(
    part=None, refused=case((stock.c.item.is_not_distinct_from(stock.c.sent_item), true()), else_=stock.c.refused)
)
_REFUSED_SKU: Final = _REFUSED.where(stock.c.sku == bindparam("which"))
_UNKNOWN: Final = _LAND.values(part=None, accepted=None, accepted_item=None)
_REFUSALS: Final = (
    select(stock.c.document, stock.c.sku)
    .where(unmet, stock.c.refused.is_(True))
    .order_by(stock.c.document, stock.c.sku)
)
_WANTED: Final = stock.c.document == wanting.c.document
_DONE: Final = (
    select(wanting.c.document)
    .where(
        ~exists(select(stock.c.sku).where(unmet, _WANTED)),
        ~exists(select(stock.c.sku).where(stock.c.part.is_not(None), _WANTED)),  # it may bring another level yet
    )
    .order_by(wanting.c.document)
)
_DOUBT: Final = update(stock).where(_SKU).values(refused=True)
_OF_PART: Final = _ALL.where(stock.c.part.is_not(None), _PART).order_by(stock.c.sku)
_STANDS: Final = select(stock.c.sku).where(_PLACE, stock.c.document == bindparam("which")).suffix_with(ONE)


class Stock:
    """The levels of the book."""

    def __init__(self, connection: Spoken) -> None:
        self._connection = connection

    def want(
        self, account: str, warehouse: str, items: Mapping[str, tuple[int, Tree]], document: int, at: float
    ) -> None:
        """Set the levels a document wants; where a newer document wanted otherwise, that stands."""
        self._connection.execute(_WANTING, {"document": document})
        place = {"account": account, "warehouse": warehouse, "document": document, "at": at}
        rows = [{**place, "sku": sku, "wanted": level, "item": item} for sku, (level, item) in items.items()]
        if rows:
            self._connection.execute(_WANT, rows)

    def doubt(self, account: str, warehouse: str, skus: Iterable[str]) -> None:
        """Send no level of these SKUs until one is wanted anew: what is wanted contradicts itself."""
        rows = [{"whose": account, "place": warehouse, "which": sku} for sku in skus]
        if rows:
            self._connection.execute(_DOUBT, rows)

    def differing(self, account: str, warehouse: str, most: int) -> list[Level]:
        """Give what is wanted otherwise than accepted and may be sent now, the longest wanted first."""
        asked = {"whose": account, "place": warehouse, "most": most}
        return [Level(*row) for row in self._connection.execute(_DIFFERING, asked)]

    def get(self, account: str, warehouse: str, sku: str) -> Level | None:
        """Give the level of one SKU."""
        row = self._connection.execute(_GET, {"whose": account, "place": warehouse, "which": sku}).one_or_none()
        return None if row is None else Level(*row)

    def send(self, levels: Sequence[Level], interchange: int) -> None:
        """Note that these levels, as they were given, go out in a part. Raises Conflict where one is in flight."""
        rows = [
            {
                "whose": level.account,
                "place": level.warehouse,
                "which": level.sku,
                "carrier": interchange,
                "level": level.wanted,
                "told": level.item,
            }
            for level in levels
        ]
        if rows and self._connection.execute(_SEND, rows).rowcount != len(rows):
            raise Conflict("a part is in flight already")

    def accepted(self, interchange: int) -> None:
        """Note that a part was accepted."""
        self._connection.execute(_ACCEPTED, {"carrier": interchange})

    def refused(self, interchange: int, skus: Iterable[str] | None = None) -> None:
        """Note that a part, or some SKUs of it, were refused."""
        if skus is None:
            self._connection.execute(_REFUSED, {"carrier": interchange})
            return
        rows: list[dict[str, Any]] = [{"carrier": interchange, "which": sku} for sku in sorted(set(skus))]
        if rows:
            self._connection.execute(_REFUSED_SKU, rows)

    def unknown(self, interchange: int) -> None:
        """Note that nobody knows what became of a part: its levels are sent afresh."""
        self._connection.execute(_UNKNOWN, {"carrier": interchange})

    def of_part(self, interchange: int) -> list[Level]:
        """Give the levels whose part is in flight in this interchange."""
        return [Level(*row) for row in self._connection.execute(_OF_PART, {"carrier": interchange})]

    def documents_done(self) -> list[int]:
        """Give the documents, not ended yet, all of whose wants are accepted or superseded, and nothing of it in flight."""
        return list(self._connection.execute(_DONE).scalars())

    def stands(self, account: str, warehouse: str, document: int) -> bool:
        """Tell whether any level is still as this document wanted it; False: all of it is superseded."""
        asked = {"whose": account, "place": warehouse, "which": document}
        return self._connection.execute(_STANDS, asked).first() is not None

    def refusals(self) -> list[tuple[int, str]]:
        """Give the documents and SKUs whose wanted level stands refused."""
        return [(document, sku) for document, sku in self._connection.execute(_REFUSALS)]
