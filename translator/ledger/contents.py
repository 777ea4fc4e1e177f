"""Which documents lie in which interchange, where, in which round, and what the other side said of each."""

from __future__ import annotations

from typing import Final, NamedTuple

from sqlalchemy import and_, bindparam, func, insert, select, update

from translator.ledger.schema import content, routed
from translator.ledger.spoken import Spoken


class Content(NamedTuple):
    """One document in an interchange."""

    place: int
    document: int
    verdict: str


PART: Final = "\x1f"  # between a route and the number of a file of its set
_ROUND: Final = (
    select(func.coalesce(func.max(content.c.round), 0) + 1)
    .where(routed, content.c.route == bindparam("way"), content.c.document == bindparam("which"))
    .correlate(None)
    .scalar_subquery()
)
_ADD: Final = insert(content).values(route=bindparam("way"), document=bindparam("which"), round=_ROUND)
_IN: Final = content.c.interchange == bindparam("whose")
_ABOUT: Final = content.c.document == bindparam("which")
_OF: Final = select(content.c.place, content.c.document, content.c.verdict).where(_IN).order_by(content.c.place)
_WHERE: Final = select(content.c.interchange, content.c.round).where(_ABOUT).order_by(content.c.interchange)
_first: Final = content.alias("first")
_PARTS: Final = (
    select(content.c.interchange, content.c.route, _first.c.route)
    .select_from(content.join(_first, and_(content.c.document == _first.c.document, content.c.round == _first.c.round)))
    .where(_first.c.interchange == bindparam("whose"), _first.c.place == 0)
)
_VERDICT: Final = update(content).where(and_(_IN, _ABOUT)).values(verdict=bindparam("said"))


def part_of(route: str, number: int) -> str:
    """Name the way of a file that is one of several: the first has the route's own name."""
    return f"{route}{PART}{number}" if number else route


def _way(route: str) -> str:
    return route.rpartition(PART)[0] or route


def _part(route: str) -> int:
    way, _, number = route.rpartition(PART)
    return int(number) if way else 0


class Contents:
    """The contents of the book's interchanges."""

    def __init__(self, connection: Spoken) -> None:
        self._connection = connection

    def add(self, interchange: int, document: int, place: int, route: str = "") -> None:
        """Note that the document lies there. On a route it opens the next round: the first time it is written, a re-send."""
        self._connection.later(_ADD, {"interchange": interchange, "place": place, "way": route, "which": document})

    def of(self, interchange: int) -> list[Content]:
        """Give what lies in an interchange, by place."""
        return [Content(*row) for row in self._connection.execute(_OF, {"whose": interchange})]

    def parts(self, interchange: int) -> list[int]:
        """Give the files that were written together, in their order; one that was written alone is its only part."""
        rows = self._connection.execute(_PARTS, {"whose": interchange}).all()
        found = {_part(way): number for number, way, mine in rows if _way(way) == _way(mine)}
        return [found[part] for part in sorted(found)] or [interchange]

    def where(self, document: int) -> list[tuple[int, int]]:
        """Give the interchanges a document lies in, with the round."""
        return [(place, round) for place, round in self._connection.execute(_WHERE, {"which": document})]

    def verdict(self, interchange: int, document: int, verdict: str) -> None:
        """Write down what the other side said of a document."""
        self._connection.execute(_VERDICT, {"whose": interchange, "which": document, "said": verdict})
