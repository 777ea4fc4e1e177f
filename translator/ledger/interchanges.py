"""Files and API bodies as they were on the wire: exact bytes, name, hash.

One that came in is known by its endpoint, its name, what was seen of it, and its hash; one that goes out by its
endpoint and name, as long as it is not settled.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import Any, Final, TypedDict, Unpack

from msgspec import Struct
from sqlalchemy import Select, Text, and_, bindparam, cast, delete, exists, func, not_, or_, select, update
from sqlalchemy.dialects.postgresql import insert

from translator.core.work import End, Station
from translator.ledger.bodies import Bodies, Spooled, spooled
from translator.ledger.keys import ANEW
from translator.ledger.schema import ONE, arrived, document, interchange, listed, undisposed, unsettled, work
from translator.ledger.spoken import Spoken
from translator.ledger.trouble import Conflict, NameTaken


class Interchange(Struct, frozen=True):  # very many are made: a dataclass takes four times as long
    """A file or an API body. `configuration`: the hash of the mapping files it was written by. `part`: its number among

    files that were written together and are sent one after the other, from 1; 0: it stands alone.
    """

    id: int
    direction: str
    endpoint: str
    name: str
    mark: str
    hash: str
    size: int
    body: int
    mapping: str
    kind: str
    path: str
    about: str
    at: float
    disposed: float | None
    settled: float | None
    configuration: str
    part: int

    @property
    def later(self) -> bool:
        """Tell a file that leaves only when another one has left."""
        return self.part > 1

    @property
    def is_twin(self) -> bool:
        """Tell a file that went out before, and goes once more since a person said so."""
        return self.direction == "out" and bool(self.mark)


class More(TypedDict, total=False):
    """What may be said of an interchange beside its name and bytes. `seal`, `brief`: as `Bodies.add` takes them."""

    mapping: str
    kind: str
    path: str
    about: str
    configuration: str
    part: int
    seal: int
    brief: bool


_EMPTY: Final[dict[str, Any]] = {
    **dict.fromkeys(("mark", "mapping", "kind", "path", "about", "configuration"), ""),
    "disposed": None,
    "settled": None,
    "part": 0,
}
_ADD: Final = insert(interchange).on_conflict_do_nothing()
_ALL: Final[Select[Any]] = select(*(interchange.c[name] for name in Interchange.__struct_fields__)).order_by(
    interchange.c.id
)
_WHICH: Final = interchange.c.id == bindparam("which")
_WHERE: Final = interchange.c.endpoint == bindparam("place")
_GET: Final = _ALL.where(_WHICH)
_SEVERAL: Final = _ALL.order_by(None).where(interchange.c.id.in_(listed("ids")))
_MARKS: Final = select(interchange.c.name, interchange.c.mark).where(
    arrived, _WHERE, interchange.c.name.in_(listed("names", Text))
)
_NAMES: Final = (
    select(interchange.c.id, interchange.c.name)
    .where(interchange.c.direction == bindparam("way"))
    .order_by(interchange.c.id.desc())
    .limit(bindparam("most"))
)
_SUBJECT: Final = cast(interchange.c.id, Text)
_GIVEN_UP: Final = and_(document.c.kind == "unread", document.c.end == str(End.CLOSED))  # before it was read
_LED_ON: Final = exists(document.c.id).where(
    document.c.interchange == interchange.c.id,
    or_(document.c.end.is_(None), and_(document.c.end != str(End.REJECTED), not_(_GIVEN_UP))),
)
_PART_UNREAD: Final = exists(work.c.id).where(  # about one order
    work.c.station == str(Station.READ),
    work.c.route == interchange.c.endpoint,
    work.c.subject > _SUBJECT + ":",
    work.c.subject < _SUBJECT + ";",
)
_BEFORE: Final = select(interchange.c.id).where(
    arrived, _WHERE, interchange.c.hash == bindparam("digest"), interchange.c.id < bindparam("before")
)
_WENT_ON: Final = _BEFORE.where(or_(_LED_ON, _PART_UNREAD)).suffix_with(ONE)  # asked apart: each by its own index
_ALIKE: Final = select(interchange.c.id).where(unsettled, _WHERE, func.lower(interchange.c.name) == bindparam("called"))
_UNDISPOSED: Final = _ALL.where(undisposed, _WHERE)
_THESE: Final = interchange.c.id.in_(listed("values"))
_DISPOSED: Final = update(interchange).where(_THESE).values(disposed=bindparam("now"))
_SETTLE: Final = update(interchange).where(_THESE).values(settled=bindparam("now"))
_FORGET: Final = delete(interchange).where(_THESE)


class Interchanges:
    """The interchanges of the book."""

    def __init__(self, connection: Spoken, now: float, bodies: Bodies) -> None:
        self._connection = connection
        self._now = now
        self._bodies = bodies

    def add_in(self, endpoint: str, name: str, mark: str, data: bytes, **more: Unpack[More]) -> Interchange:
        """Store what came in. Raises Conflict where exactly this is known."""
        return self.add_in_spooled(endpoint, name, mark, spooled(data), **more)

    def add_in_spooled(self, endpoint: str, name: str, mark: str, bytes_: Spooled, **more: Unpack[More]) -> Interchange:
        """Store what came in through `Ledger.spool`. Raises Conflict where exactly this is known."""
        added = self._add(dict(more, direction="in", endpoint=endpoint, name=name, mark=mark), bytes_)
        if added is None:
            raise Conflict("exactly this is known already")
        return added

    def add_out(self, endpoint: str, name: str, data: bytes, mark: str = "", **more: Unpack[More]) -> Interchange:
        """Store what is to go out. `mark`: it went before, and a person had it sent again. Raises NameTaken."""
        said = dict(more, direction="out", endpoint=endpoint, name=name, mark=mark)
        added = self._add(said, spooled(data))
        if added is None:
            raise NameTaken("an unsettled interchange of this endpoint has the name")
        return added

    def names(self, direction: str, most: int) -> list[tuple[int, str]]:
        """Give number and name of what came in or goes out, the newest first."""
        return [tuple(row) for row in self._connection.execute(_NAMES, {"way": direction, "most": most})]

    def waits_alike(self, endpoint: str, name: str) -> bool:
        """Tell whether a name that differs in capital and small letters only is unsettled at an endpoint."""
        asked = {"place": endpoint, "called": name.lower()}
        return self._connection.execute(_ALIKE, asked).first() is not None

    def _body(self, bytes_: Spooled, seal: int, brief: bool) -> int:  # noqa: FBT001  (as it was said)
        if bytes_.body is None:
            return self._bodies.add(bytes_.data, bytes_.hash, seal, brief=brief)
        if not self._bodies.name(bytes_.body):
            raise Conflict("the bytes committed ahead are gone")
        return bytes_.body

    def _add(self, said: dict[str, Any], bytes_: Spooled) -> Interchange | None:
        body = self._body(bytes_, said.pop("seal", ANEW), said.pop("brief", False))
        row: dict[str, Any] = _EMPTY | said
        row |= {"hash": bytes_.hash, "size": bytes_.size, "body": body, "at": self._now}
        added = self._connection.add_new(_ADD, row)
        if added is None:
            self._bodies.drop(body)
            return None
        return Interchange(id=added, **row)

    def marks(self, endpoint: str, names: Iterable[str]) -> set[tuple[str, str]]:
        """Give what was seen under any of these names: each with its mark."""
        asked = {"place": endpoint, "names": json.dumps(list(names))}
        return {(name, mark) for name, mark in self._connection.execute(_MARKS, asked)}

    def before(self, one: Interchange) -> list[int]:
        """Give the numbers of the files that brought the same bytes before."""
        return self._connection.execute(_BEFORE, _alike(one)).scalars()

    def went_on(self, one: Interchange) -> bool:
        """Tell whether its bytes came before and led on: to a document that is not rejected, or to what waits for its order.

        What a person gave up before it was read led to nothing.
        """
        return self._connection.execute(_WENT_ON, _alike(one)).scalar() is not None

    def disposed(self, id: int) -> None:
        """Note that the source is disposed of."""
        self._connection.later_to(_DISPOSED, id, {"now": self._now})

    def undisposed(self, endpoint: str) -> list[Interchange]:
        """Give all whose source is still to be disposed of."""
        return [Interchange(*row) for row in self._connection.execute(_UNDISPOSED, {"place": endpoint})]

    def settle(self, id: int) -> None:
        """Note that it is settled: its name is free again."""
        self._connection.later_to(_SETTLE, id, {"now": self._now})

    def by_id(self, ids: Iterable[int]) -> dict[int, Interchange]:
        """Give several at once."""
        rows = self._connection.execute(_SEVERAL, {"ids": json.dumps(list(ids))})
        return {row.id: Interchange(*row) for row in rows}

    def get(self, id: int) -> Interchange | None:
        """Give one."""
        row = self._connection.execute(_GET, {"which": id}).one_or_none()
        return None if row is None else Interchange(*row)

    def forget(self, one: Interchange) -> None:
        """Drop it with its bytes; the documents read from it stay."""
        self._connection.drop(_FORGET, one.id)
        self._bodies.destroy_key(one.body)  # what came in has a key of its own
        self._bodies.drop(one.body)


def _alike(one: Interchange) -> dict[str, Any]:
    return {"place": one.endpoint, "digest": one.hash, "before": one.id}
