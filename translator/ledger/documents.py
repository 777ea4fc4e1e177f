"""Business documents: tree, where it was read, end. A key that comes again is the next revision.

An order can be found by its number, by the customer's number for it, and by what mappings kept with it. What is asked
for is never repeated in an exception: it may be personal.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Final, TypedDict, Unpack, cast

from sqlalchemy import LargeBinary, Select, Text, and_, bindparam, delete, func, select, type_coerce, union, update
from sqlalchemy.dialects.postgresql import insert

from translator.core.document import Tree
from translator.core.finding import Finding, Place, finding_from_json
from translator.core.work import End
from translator.ledger.packed import Leaves, packed, unpacked
from translator.ledger.remembered import Remembered
from translator.ledger.schema import ONE, concerning, content, document, kept, listed, open_ended, wanting
from translator.ledger.spoken import Spoken

_ORDER: Final = "order"  # the kind that others are about, and where the customer's number for it stands
_DETAILS: Final = "orderDetails"
_CUSTOMERS: Final = "customerOrderNumber"


@dataclass(frozen=True, slots=True)
class Stored:
    """A document as it lies in the book."""

    id: int
    kind: str
    account: str
    key: str
    revision: int
    leaves: Leaves
    warehouse: str = ""
    partner: str = ""
    interchange: int | None = None
    records: tuple[Place, ...] = ()  # where it was read
    kept: Mapping[str, str] = field(default_factory=dict)
    about: str = ""
    end: End | None = None
    findings: tuple[Finding, ...] = ()
    at: float = 0.0
    ended: float | None = None

    @property
    def tree(self) -> Tree:
        """Give its tree."""
        tree: Tree = self.leaves.tree
        return tree

    def with_tree(self, tree: Tree) -> Stored:
        """Give the same document with another tree."""
        return replace(self, leaves=Leaves.of(tree))


class More(TypedDict, total=False):
    """What may be said of a document beside its key and tree."""

    warehouse: str
    partner: str
    interchange: int | None
    records: Sequence[Place]
    kept: Mapping[str, str] | None
    about: str
    findings: Sequence[Finding]
    end: End | None


_PACKED: Final = {"leaves": "tree", "records": "records", "kept": "kept", "findings": "findings"}  # taken as they lie
_COLUMNS: Final = tuple(
    type_coerce(document.c[_PACKED[name]], LargeBinary).label(name) if name in _PACKED else document.c[name]
    for name in Stored.__slots__
)
_ALL: Final[Select[Any]] = select(*_COLUMNS).order_by(document.c.id)
_WHICH: Final = document.c.id == bindparam("which")
_ACCOUNT: Final = document.c.account == bindparam("whose")
_KEY: Final = and_(document.c.kind == bindparam("sort"), _ACCOUNT, document.c.key == bindparam("called"))
_LAST: Final = select(func.coalesce(func.max(document.c.revision), 0)).where(_KEY)
_ADD: Final = insert(document).values({_PACKED[name]: bindparam(name, type_=LargeBinary) for name in _PACKED})
_GET: Final = _ALL.where(_WHICH)
_FOUND: Final = select(document.c.findings).where(_WHICH)
_OF_SEVERAL: Final = _ALL.where(
    document.c.id.in_(
        union(
            select(document.c.id).where(concerning, _ACCOUNT, document.c.about.in_(listed("keys", Text))),
            select(document.c.id).where(_ACCOUNT, document.c.key.in_(listed("keys", Text))),
        )
    )
)
_NEWEST: Final = _ALL.order_by(None).where(_KEY).order_by(document.c.revision.desc()).suffix_with(ONE)
_READ_FROM: Final = _ALL.where(document.c.interchange == bindparam("source"))
_SEVERAL: Final = _ALL.order_by(None).where(document.c.id.in_(listed("ids")))
_LYING: Final = (
    select(*_COLUMNS, content.c.interchange.label("file"))
    .join(content, content.c.document == document.c.id)
    .where(content.c.interchange.in_(listed("ids")))
    .order_by(content.c.interchange, content.c.place)
)
_NAMED: Final = union(  # two indexes, one each
    select(document.c.id).where(concerning, _ACCOUNT, document.c.about == bindparam("called")),
    select(document.c.id).where(_ACCOUNT, document.c.key == bindparam("called")),
)
_ABOUT: Final = _ALL.where(document.c.id.in_(_NAMED))
_ABOUT_KIND: Final = _ABOUT.where(document.c.kind == bindparam("sort"))
_OPEN: Final = _ALL.where(open_ended)
_OPEN_KIND: Final = _OPEN.where(document.c.kind == bindparam("sort"))
_END: Final = update(document).where(_WHICH, open_ended).values(end=bindparam("how"), ended=bindparam("now"))
_END_FOR: Final = _END.values(findings=bindparam("found", type_=LargeBinary))
_WANTS_NO_MORE: Final = delete(wanting).where(wanting.c.document == bindparam("which"))
_RETREE: Final = update(document).where(_WHICH).values(tree=bindparam("leaves", type_=LargeBinary))

_KEEP: Final = insert(kept).on_conflict_do_nothing()
_WHOSE: Final = kept.c.account == bindparam("whose")
_UNKEEP: Final = delete(kept).where(_WHOSE, kept.c.key == bindparam("called"), kept.c.name == bindparam("by"))
_KEPT: Final = select(kept.c.name, kept.c.value).where(_WHOSE, kept.c.key == bindparam("called")).order_by(kept.c.id)
_FITS: Final = (
    select(kept.c.key)
    .where(_WHOSE, kept.c.name == bindparam("by"), kept.c.value == bindparam("is"))
    .distinct()
    .suffix_with("LIMIT 2")
)


_NONE: Final = packed([])
_UNSAID: Final[More] = {"warehouse": "", "partner": "", "interchange": None, "about": "", "end": None}


class Documents:
    """The documents of the book."""

    def __init__(self, connection: Spoken, now: float) -> None:
        self._connection = connection
        self._now = now
        self._remembered = Remembered[Stored](connection)

    def foresee(self, account: str, keys: Iterable[str]) -> None:
        """Look up at once what stands under several keys: in this commit each is then told from memory."""
        found = {key: list[Stored]() for key in keys}
        for stored in self._list(_OF_SEVERAL, whose=account, keys=json.dumps(list(found))):
            for key in {stored.key, stored.about} & found.keys():
                found[key].append(stored)
        self._remembered.take(account, found)

    def add(
        self,
        kind: str,
        account: str,
        key: str,
        tree: Tree,
        **more: Unpack[More],
    ) -> Stored:
        """Store a document as the next revision of its key; one that is given an end has ended at birth."""
        revision = self._last(kind, account, key) + 1
        leaves = Leaves.of(tree)
        said = _said(more, self._now)
        row = {"kind": kind, "account": account, "key": key, "revision": revision, "leaves": leaves.packed, **said}
        row |= {
            "records": _packed(said["records"]),
            "kept": packed(said["kept"]),
            "findings": _packed(said["findings"]),
        }
        added = self._connection.add(_ADD, row)
        self._index(kind, account, key, revision, tree)
        self._keep(account, said["about"] or key, said["kept"])
        stored = Stored(added, kind, account, key, revision, leaves, **said)
        self._remembered.add(stored)
        return stored

    def _last(self, kind: str, account: str, key: str) -> int:
        if self._remembered.under(account, key) is not None:
            newest = self.newest(kind, account, key)
            return newest.revision if newest else 0
        return cast("int", self._connection.execute(_LAST, _key(kind, account, key)).scalar_one())

    def newest(self, kind: str, account: str, key: str) -> Stored | None:
        """Give the last revision of a key."""
        if (seen := self._remembered.under(account, key)) is not None:
            return next((one for one in reversed(seen) if (one.kind, one.key) == (kind, key)), None)
        row = self._connection.execute(_NEWEST, _key(kind, account, key)).one_or_none()
        return None if row is None else _stored(row)

    def get(self, id: int) -> Stored | None:
        """Give one document."""
        row = self._connection.execute(_GET, {"which": id}).one_or_none()
        return None if row is None else _stored(row)

    def of_interchange(self, id: int) -> list[Stored]:
        """Give the documents that were read from an interchange."""
        return self._list(_READ_FROM, source=id)

    def lying_in(self, interchange: int) -> list[Stored]:
        """Give the documents that were written into an interchange, by place."""
        return self.by_interchange([interchange])[interchange]

    def by_interchange(self, ids: Iterable[int]) -> dict[int, list[Stored]]:
        """Give the documents that were written into each of several interchanges, by place."""
        found: dict[int, list[Stored]] = {id: [] for id in ids}
        for *row, file in self._connection.execute(_LYING, {"ids": json.dumps(list(found))}):
            found[file].append(_stored(row))
        return found

    def by_id(self, ids: Iterable[int]) -> dict[int, Stored]:
        """Give several documents at once."""
        rows = self._connection.execute(_SEVERAL, {"ids": json.dumps(list(ids))})
        return {row.id: _stored(row) for row in rows}

    def about(self, account: str, key: str, kind: str | None = None) -> list[Stored]:
        """Give the order of this number and all that is about it, in the order they came."""
        if (seen := self._remembered.under(account, key)) is not None:
            return [one for one in seen if kind in (None, one.kind)]
        if kind is None:
            return self._list(_ABOUT, whose=account, called=key)
        return self._list(_ABOUT_KIND, whose=account, called=key, sort=kind)

    def open(self, kind: str | None = None) -> list[Stored]:
        """Give the documents that have no end yet."""
        return self._list(_OPEN) if kind is None else self._list(_OPEN_KIND, sort=kind)

    def _list(self, query: Select[Any], **asked: Any) -> list[Stored]:
        return [_stored(row) for row in self._connection.execute(query, asked)]

    def end(self, id: int, end: End, findings: Sequence[Finding] = ()) -> None:
        """Write the end of a document, with what was found. The first end stands."""
        row = {"which": id, "how": str(end), "now": self._now}
        self._remembered.forget()
        if findings:
            known = self._connection.execute(_FOUND, {"which": id}).scalar() or ()
            found = dict.fromkeys((*map(finding_from_json, known), *findings))
            self._connection.execute(_END_FOR, row | {"found": _packed(found)})
        else:
            self._connection.later(_END, row)
        self._connection.later(_WANTS_NO_MORE, {"which": id})

    def retree(self, id: int, tree: Tree) -> None:
        """Replace the tree of a document."""
        self._remembered.forget()
        self._connection.execute(_RETREE, {"which": id, "leaves": Leaves.of(tree).packed})
        row = self.get(id)
        if row is not None:
            self._index(row.kind, row.account, row.key, row.revision + 1, tree)

    def keep(self, account: str, key: str, name: str, value: str) -> None:
        """Remember a value with an order: it can be found by it. Several values of one name are all remembered."""
        self._keep(account, key, {name: value})

    def kept(self, account: str, key: str) -> dict[str, str]:
        """Give what is remembered with an order, of each name the last."""
        return dict(self._connection.execute(_KEPT, {"whose": account, "called": key}).all())

    def find_order(self, account: str, by: str, value: str) -> Stored | None:
        """Find the one order of this number (`by` empty), or called so, or with this value kept with it.

        Raises LookupError if several fit.
        """
        if not by:
            return self.newest(_ORDER, account, value)
        fits = self._connection.execute(_FITS, {"whose": account, "by": by, "is": value}).scalars()
        if len(fits) > 1:
            raise LookupError("several orders fit")
        return self.newest(_ORDER, account, fits[0]) if fits else None

    def _keep(self, account: str, key: str, values: Mapping[str, str]) -> None:
        for name, value in values.items():
            self._connection.later(_KEEP, {"account": account, "key": key, "name": name, "value": value})

    def _index(self, kind: str, account: str, key: str, revision: int, tree: Tree) -> None:
        """Let an order be found by what it is called beside its number."""
        names = called(kind, tree)
        if revision > 1 and names:
            old = [{"whose": account, "called": key, "by": name} for name in names]
            self._connection.execute(_UNKEEP, old)
        self._keep(account, key, names)


def called(kind: str, tree: Tree) -> dict[str, str]:
    """Give what an order is called beside its number, by whom."""
    details = tree.get(_DETAILS) if kind == _ORDER else None
    value = details.get(_CUSTOMERS) if isinstance(details, dict) else None
    return {_CUSTOMERS: value} if value and isinstance(value, str) else {}


def _said(more: More, now: float) -> dict[str, Any]:
    """Give what was handed over as it is kept: whole, unchangeable, with the times."""
    return {
        **_UNSAID,
        **more,
        "records": tuple(more.get("records", ())),
        "kept": dict(more.get("kept") or {}),
        "findings": tuple(more.get("findings", ())),
        "at": now,
        "ended": None if more.get("end") is None else now,
    }


def _key(kind: str, account: str, key: str) -> dict[str, str]:
    return {"sort": kind, "whose": account, "called": key}


def _packed(values: Iterable[Finding | Place]) -> bytes:
    return packed([value.as_json() for value in values])


def _stored(row: Sequence[Any]) -> Stored:
    """Make a document of a row, whose columns are its fields."""
    *start, packed_tree, warehouse, partner, source, records, kept, about, end, findings, at, ended = row
    places = () if records == _NONE else tuple(Place(**place) for place in unpacked(records))
    found = () if findings == _NONE else tuple(map(finding_from_json, unpacked(findings)))
    ended_so = None if end is None else End(end)
    middle = (Leaves(packed_tree), warehouse, partner, source, places, unpacked(kept), about)
    values: list[Any] = [*start, *middle, ended_so, found, at, ended]
    return Stored(*values)
