"""Levels, not flows: per account, warehouse and SKU what is wanted, what was sent, what the other side accepted.

The newest file wins: the one that came last, by its number, since several may come at one time, and a clock may be put
back. A SKU whose last part is in flight is never sent; a level that was refused is not sent again until it is wanted anew;
after an unknown outcome nothing is taken as accepted, so that a fresh part is built.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from operator import itemgetter
from typing import Any, Final

from sqlalchemy import Text, and_, bindparam, case, delete, exists, func, or_, select, true, update
from sqlalchemy.dialects.postgresql import insert

from translator.core.document import Tree
from translator.ledger.schema import ONE, differs, listed, product, stock, unmet, wanting
from translator.ledger.spoken import Spoken
from translator.ledger.trouble import Conflict


@dataclass(frozen=True, slots=True)
class Level:
    """The level of one SKU. `item` is what is wanted, as the other side is told; `steps`: how it was made of what was said."""

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
    steps: Sequence[tuple[str, int]] | None = None

    @property
    def said(self) -> int:
        """Give what the warehouse said it has."""
        return self.steps[0][1] if self.steps else self.wanted


@dataclass(frozen=True, slots=True)
class Sums:
    """The levels of a warehouse, added up over the SKUs that the other side was told of.

    `skus`: those with stock, as they were told last; `units`: what they have. `zeroed`: of these, wanted at zero; `left`:
    the units that are wanted of all of them.
    """

    skus: int
    zeroed: int
    units: int
    left: int


@dataclass(frozen=True, slots=True)
class Shelf:
    """How a warehouse stands: its SKUs, their units, how many differ, are in flight, are refused; since when."""

    account: str
    warehouse: str
    skus: int
    units: int
    differing: int
    in_flight: int
    refused: int
    at: float


_NEW: Final = insert(stock)
_NEWER: Final = or_(
    _NEW.excluded.file > stock.c.file,
    and_(_NEW.excluded.file == stock.c.file, _NEW.excluded.document >= stock.c.document),
)
_WANT: Final = _NEW.on_conflict_do_update(
    index_elements=["account", "warehouse", "sku"],
    set_={name: _NEW.excluded[name] for name in ("wanted", "item", "document", "file", "at", "steps")}
    | {"refused": False},
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
_ACCEPTED: Final = _LAND.values(part=None, accepted=stock.c.sent, accepted_item=stock.c.sent_item)
_REFUSED: Final = _LAND.values(
    part=None, refused=case((stock.c.item.is_not_distinct_from(stock.c.sent_item), true()), else_=stock.c.refused)
)
_REFUSED_SKU: Final = _REFUSED.where(stock.c.sku == bindparam("which"))
_FREED: Final = _LAND.values(part=None)
_OVERTAKEN: Final = (
    select(stock.c.sku)
    .where(stock.c.part.is_not(None), _PART, stock.c.item.is_distinct_from(stock.c.sent_item))
    .suffix_with(ONE)
)
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
_TOLD: Final = case(  # what the other side has, as far as anybody knows
    (stock.c.refused.is_(True), stock.c.accepted),
    (stock.c.part.is_not(None), stock.c.sent),
    else_=func.coalesce(stock.c.accepted, stock.c.sent),
)
_SUMS: Final = select(
    func.count(case((_TOLD > 0, 1))),
    func.count(case((and_(_TOLD > 0, stock.c.wanted == 0), 1))),
    func.coalesce(func.sum(_TOLD), 0),
    func.coalesce(func.sum(case((_TOLD.is_not(None), stock.c.wanted))), 0),
).where(_PLACE, or_(stock.c.wanted != 0, stock.c.sku.not_in(listed("before", Text))))
_ZEROED: Final = select(stock.c.sku).where(
    _PLACE, stock.c.wanted == 0, _TOLD > 0, stock.c.item.is_not_distinct_from(stock.c.sent_item)
)
_WORST: Final = (
    select(stock.c.sku, _TOLD, stock.c.wanted)
    .where(_PLACE, stock.c.wanted != _TOLD)
    .order_by(stock.c.wanted - _TOLD, stock.c.sku)
    .limit(bindparam("most"))
)
_OF: Final = _ALL.where(_PLACE, stock.c.sku.in_(listed("which", Text)))
_ANEW: Final = (
    update(stock)
    .where(_PLACE, unmet, stock.c.refused.is_(True), stock.c.item.is_not_distinct_from(stock.c.sent_item))
    .values(refused=False)
)
_EVERYWHERE: Final = _ALL.where(stock.c.sku == bindparam("which")).order_by(stock.c.account, stock.c.warehouse)
_TAKEN: Final = select(stock.c.sku, stock.c.accepted_item).where(
    _PLACE, stock.c.sent_item.is_not(None), stock.c.sku.in_(listed("which", Text))
)
_LONE: Final = (
    _ALL.where(~exists(select(product.c.sku).where(product.c.account == stock.c.account, product.c.sku == stock.c.sku)))
    .order_by(stock.c.account, stock.c.warehouse, stock.c.sku)
    .limit(bindparam("most"))
)
_UNSAID: Final = (
    _ALL.where(
        _PLACE,
        stock.c.document < bindparam("first"),
        stock.c.file <= bindparam("file"),
        stock.c.sku > bindparam("after"),
        stock.c.wanted != 0,
    )
    .order_by(stock.c.sku)
    .limit(bindparam("most"))
)
_SHELVES: Final = (
    select(
        stock.c.account,
        stock.c.warehouse,
        func.count(),
        func.coalesce(func.sum(stock.c.wanted), 0),
        func.count(case((differs, 1))),
        func.count(stock.c.part),
        func.count(case((and_(unmet, stock.c.refused.is_(True)), 1))),
        func.max(stock.c.at),
    )
    .group_by(stock.c.account, stock.c.warehouse)
    .order_by(stock.c.account, stock.c.warehouse)
)
_SAID: Final = (
    select(stock.c.sku).where(_PLACE, stock.c.file == bindparam("file")).order_by(stock.c.sku).limit(bindparam("most"))
)
_SINCE: Final = select(stock.c.sku).where(
    _PLACE, stock.c.sku.in_(listed("which", Text)), stock.c.file > bindparam("file")
)
_ROWS: Final = select(stock).where(_PLACE, stock.c.sku.in_(listed("which", Text)))
_DROP: Final = delete(stock).where(_SKU)
_ADD: Final = insert(stock)
_STANDS: Final = select(stock.c.sku).where(_PLACE, stock.c.document == bindparam("which")).suffix_with(ONE)


class Stock:
    """The levels of the book."""

    def __init__(self, connection: Spoken) -> None:
        self._connection = connection

    def want(
        self,
        account: str,
        warehouse: str,
        items: Mapping[str, tuple[int, Tree]],
        document: int,
        file: int,
        at: float,
        steps: Mapping[str, Sequence[tuple[str, int]]] | None = None,
    ) -> None:
        """Set the levels a document wants; where a newer file wanted otherwise, that stands.

        `steps`: of what is not wanted as it was said, how it was made.
        """
        self._connection.execute(_WANTING, {"document": document})
        place = {"account": account, "warehouse": warehouse, "document": document, "file": file, "at": at}
        made = steps or {}
        rows = [
            {**place, "sku": sku, "wanted": level, "item": item, "steps": made.get(sku)}
            for sku, (level, item) in items.items()
        ]
        if rows:
            self._connection.execute(_WANT, rows)

    def rename(self, account: str, warehouse: str, names: Mapping[str, str]) -> None:
        """Take what is wanted by one name for what is wanted by another, which is the same product's: the newest of the two.

        Where there were two, nobody knows which of them the other side has.
        """
        asked = {"whose": account, "place": warehouse, "which": json.dumps([*names, *names.values()])}
        rows = {row.sku: row._asdict() for row in self._connection.execute(_ROWS, asked)}
        for name, other in names.items():
            if (mine := rows.get(name)) is None:
                continue
            theirs = rows.get(other)
            for sku in (name, other) if theirs else (name,):
                self._connection.execute(_DROP, {"whose": account, "place": warehouse, "which": sku})
            self._connection.execute(_ADD, _merged(mine, theirs) | {"sku": other})

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

    def of(self, account: str, warehouse: str, skus: Iterable[str]) -> dict[str, Level]:
        """Give the levels of these SKUs that there are."""
        asked = {"whose": account, "place": warehouse, "which": json.dumps(list(skus))}
        found = (Level(*row) for row in self._connection.execute(_OF, asked))
        return {level.sku: level for level in found}

    def anew(self, account: str, warehouse: str) -> None:
        """Want once more what was refused in a warehouse; what contradicts itself was not sent, and goes on waiting."""
        self._connection.execute(_ANEW, {"whose": account, "place": warehouse})

    def everywhere(self, sku: str) -> list[Level]:
        """Give the levels of a SKU in all warehouses."""
        return [Level(*row) for row in self._connection.execute(_EVERYWHERE, {"which": sku})]

    def accepted_as(self, account: str, warehouse: str, skus: Iterable[str]) -> dict[str, Tree | None]:
        """Give what the other side accepted last of those of these SKUs that were sent; None: nobody knows what it has."""
        asked = {"whose": account, "place": warehouse, "which": json.dumps(list(skus))}
        return dict(self._connection.execute(_TAKEN, asked).all())

    def unsaid(self, account: str, warehouse: str, first: int, file: int, most: int, after: str = "") -> list[Level]:
        """Give the levels above zero that older documents than `first` want, by SKU; none that a newer `file` wants."""
        asked = {"whose": account, "place": warehouse, "first": first, "file": file, "most": most, "after": after}
        return [Level(*row) for row in self._connection.execute(_UNSAID, asked)]

    def said(self, account: str, warehouse: str, file: int, most: int) -> list[str]:
        """Give the SKUs whose level is as a file wants it."""
        asked = {"whose": account, "place": warehouse, "file": file, "most": most}
        return list(self._connection.execute(_SAID, asked).scalars())

    def said_since(self, account: str, warehouse: str, skus: Iterable[str], file: int) -> list[str]:
        """Give those of these SKUs whose level is as a newer file wants it."""
        asked = {"whose": account, "place": warehouse, "which": json.dumps(sorted(skus)), "file": file}
        return list(self._connection.execute(_SINCE, asked).scalars())

    def without_asin(self, most: int) -> list[Level]:
        """Give levels whose SKU no order named; a file may have said its ASIN."""
        return [Level(*row) for row in self._connection.execute(_LONE, {"most": most})]

    def sums(self, account: str, warehouse: str, zeroed: Iterable[str] = ()) -> Sums:
        """Add up the levels of a warehouse: what the other side was told, and what is wanted.

        `zeroed`: SKUs that were sent as zero in vain: where they are wanted so still, they do not count.
        """
        asked = {"whose": account, "place": warehouse, "before": json.dumps(list(zeroed))}
        return Sums(*map(int, self._connection.execute(_SUMS, asked).one()))

    def zeroed(self, account: str, warehouse: str) -> list[str]:
        """Give the SKUs that were sent as zero in vain: they are wanted so, and the other side has what it had before."""
        return list(self._connection.execute(_ZEROED, {"whose": account, "place": warehouse}).scalars())

    def worst(self, account: str, warehouse: str, most: int) -> list[tuple[str, int, int]]:
        """Give the SKUs whose level falls most, with what the other side was told and what is wanted."""
        asked = {"whose": account, "place": warehouse, "most": most}
        return [(sku, int(told), int(wanted)) for sku, told, wanted in self._connection.execute(_WORST, asked)]

    def shelves(self) -> list[Shelf]:
        """Give how each warehouse stands."""
        return [
            Shelf(account, warehouse, skus, int(units), differing, flying, refused, at)
            for account, warehouse, skus, units, differing, flying, refused, at in self._connection.execute(_SHELVES)
        ]

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

    def overtaken(self, interchange: int) -> bool:
        """Tell whether a level of a part is wanted otherwise by now."""
        return self._connection.execute(_OVERTAKEN, {"carrier": interchange}).first() is not None

    def freed(self, interchange: int) -> None:
        """Note that a part will never be sent: the other side has what it had before."""
        self._connection.execute(_FREED, {"carrier": interchange})

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


def _merged(mine: dict[str, Any], theirs: dict[str, Any] | None) -> dict[str, Any]:
    """Make one row of two of one product. What is in flight stays so: nothing is sent before it has landed."""
    if theirs is None:
        return mine
    flying = mine if mine["part"] is not None else theirs
    sent = {name: flying[name] for name in ("part", "sent", "sent_item")}
    return max(mine, theirs, key=itemgetter("file", "document")) | sent | {"accepted": None, "accepted_item": None}
