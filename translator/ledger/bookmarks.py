"""Small texts by name: poll cursors, numbers, and the last move that was applied.

Numbers are read before and taken in the commit; who finds them moved writes again.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Final

from sqlalchemy import bindparam, select
from sqlalchemy.dialects.postgresql import insert

from translator.ledger.schema import bookmark
from translator.ledger.spoken import Spoken
from translator.ledger.trouble import Conflict

NUMBER: Final = "number "
_MOVES: Final = "moves"
_NEW: Final = insert(bookmark)
_PUT: Final = _NEW.on_conflict_do_update(index_elements=["name"], set_={"value": _NEW.excluded.value})
_GET: Final = select(bookmark.c.value).where(bookmark.c.name == bindparam("which"))


class Bookmarks:
    """The bookmarks of the book."""

    def __init__(self, connection: Spoken) -> None:
        self._connection = connection

    def get(self, name: str) -> str:
        """Give a bookmark; empty when there is none."""
        return str(self._connection.execute(_GET, {"which": name}).scalar() or "")

    def put(self, name: str, value: str) -> None:
        """Set a bookmark."""
        self._connection.later(_PUT, {"name": name, "value": value})


class Numbers:
    """Numbers that count up, without a gap that was committed."""

    def __init__(self, bookmarks: Bookmarks) -> None:
        self._bookmarks = bookmarks
        self._spoken_for: dict[str, int] = {}  # by sequence: the first number that is not

    def peek(self, name: str) -> int:
        """Give the next number that nobody who looks at this book has spoken for; the first is 1."""
        return self._spoken_for.get(name) or self._next(name)

    def speak_for(self, name: str, first: int, count: int) -> None:
        """Have whoever peeks after this get other numbers: these are to be taken before his are, by a later commit."""
        self._spoken_for[name] = first + count

    def take(self, name: str, first: int, count: int = 1) -> None:
        """Take numbers that were peeked at. Raises Conflict when somebody took them meanwhile, or those before them wait."""
        if self._next(name) != first:
            raise Conflict("the numbers were taken meanwhile")
        self._bookmarks.put(NUMBER + name, str(first + count))

    def _next(self, name: str) -> int:
        return int(self._bookmarks.get(NUMBER + name) or 1)


@dataclass(frozen=True, slots=True)
class Carried:
    """How a move went."""

    move: int
    outcome: str
    ok: bool


class Applied:
    """The last moves that were applied: written in the commit that applied them, so that none is applied twice."""

    def __init__(self, bookmarks: Bookmarks) -> None:
        self._bookmarks = bookmarks

    def note(self, done: Carried, oldest: int) -> None:
        """Note that a move was applied, and how it went. `oldest`: the first of the moves that may lack their answer yet."""
        kept = [one for one in self._last() if one.move >= oldest]
        self._bookmarks.put(_MOVES, json.dumps([(one.move, one.outcome, one.ok) for one in (*kept, done)]))

    def outcome(self, move: int) -> Carried | None:
        """Give how a move went that was applied but perhaps not answered; None: it was not applied yet."""
        last = self._last()
        if not last or max(one.move for one in last) < move:
            return None
        return next((one for one in last if one.move == move), Carried(move, "was carried out earlier", ok=True))

    def _last(self) -> list[Carried]:
        said = json.loads(self._bookmarks.get(_MOVES) or "[]")
        alone = bool(said) and not isinstance(said[0], list)  # as it was written once
        return [Carried(*one) for one in ([said] if alone else said)]
