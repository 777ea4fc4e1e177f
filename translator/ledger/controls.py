"""The control numbers in what was sent to an EDI partner: his acknowledgement names a file by nothing else."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from sqlalchemy import bindparam, select
from sqlalchemy.dialects.postgresql import insert

from translator.ledger.schema import control
from translator.ledger.spoken import Spoken

_ADD: Final = insert(control).on_conflict_do_nothing()
_OF: Final = (
    select(control.c.interchange)
    .where(control.c.name == bindparam("called"))
    .order_by(control.c.interchange.desc())
    .suffix_with("LIMIT 1")
)


class Controls:
    """The control numbers of the book's interchanges."""

    def __init__(self, connection: Spoken) -> None:
        self._connection = connection

    def add(self, interchange: int, names: Iterable[str]) -> None:
        """Note by what an interchange is named."""
        for name in names:
            self._connection.later(_ADD, {"interchange": interchange, "name": name})

    def newest(self, name: str) -> int | None:
        """Give the last interchange of a name: numbers begin anew some day."""
        found = self._connection.execute(_OF, {"called": name}).scalar()
        return None if found is None else int(found)
