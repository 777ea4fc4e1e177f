"""Business documents: tree, where it was read, end. A key that comes again is the next revision.

An order can be found by its number, by the customer's number for it, and by what mappings kept with it. What is asked
for is never repeated in an exception: it may be personal. Trees that may tell of a person lie sealed with the key of
their order, and what an order can be found by lies as a word that tells nothing (`Keys.blind`).
"""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable, Mapping, Sequence
from functools import partial
from typing import Any, Final, TypedDict, Unpack, cast

from msgspec import Struct
from msgspec.structs import replace
from sqlalchemy import (
    LargeBinary,
    Select,
    Text,
    and_,
    bindparam,
    delete,
    func,
    select,
    type_coerce,
    union,
    update,
)
from sqlalchemy.dialects.postgresql import insert

from translator.core.document import Tree
from translator.core.finding import Finding, Place, finding_from_json
from translator.core.work import End
from translator.documents.private import forgotten, is_private
from translator.ledger.keys import PLAIN, Keys
from translator.ledger.packed import Leaves, Named, packed, unpacked
from translator.ledger.remembered import Remembered
from translator.ledger.schema import ONE, concerning, content, document, kept, listed, open_ended, sealed, wanting
from translator.ledger.spoken import Spoken

_ORDER: Final = "order"  # the kind that others are about, and where the customer's number for it stands
_DETAILS: Final = "orderDetails"
_CUSTOMERS: Final = "customerOrderNumber"


class Stored(Struct, frozen=True):  # very many are made: a dataclass takes four times as long
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
    kept: Mapping[str, str] = {}
    about: str = ""
    end: End | None = None
    findings: tuple[Finding, ...] = ()
    at: float = 0.0
    ended: float | None = None
    seal: int = PLAIN
    forgotten: float | None = None  # when what was personal in it was

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
    for name in Stored.__struct_fields__
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
_ENDING: Final = update(document).where(open_ended).values(end=bindparam("how"), ended=bindparam("now"))
_END: Final = _ENDING.where(document.c.id.in_(listed("values")))
_END_FOR: Final = _ENDING.where(_WHICH).values(findings=bindparam("found", type_=LargeBinary))
_WANTS_NO_MORE: Final = delete(wanting).where(wanting.c.document.in_(listed("values")))
_RETREE: Final = (
    update(document).where(_WHICH).values(tree=bindparam("leaves", type_=LargeBinary), seal=bindparam("with"))
)
_SEAL_OF: Final = (  # of the order, which has the first key of its number
    select(document.c.seal)
    .where(_ACCOUNT, document.c.key == bindparam("called"), document.c.kind == _ORDER, sealed)
    .suffix_with(ONE)
)

_KEEP: Final = insert(kept).on_conflict_do_nothing()
_WHOSE: Final = kept.c.account == bindparam("whose")
_UNKEEP: Final = delete(kept).where(_WHOSE, kept.c.key == bindparam("called"), kept.c.name == bindparam("by"))
_FITS: Final = (
    select(kept.c.key)
    .where(_WHOSE, kept.c.name == bindparam("by"), kept.c.value == bindparam("is"))
    .distinct()
    .suffix_with("LIMIT 2")
)


_HIDDEN: Final = "\nkey"  # in place of the name of what an order can be found by
_NONE: Final = packed([])
KEPT: Final = "\nkept"  # behind the place of a document: of what is kept with it
_NOTHING: Final = packed({})
_UNSAID: Final[More] = {"warehouse": "", "partner": "", "interchange": None, "about": "", "end": None}


class Documents:
    """The documents of the book."""

    def __init__(self, connection: Spoken, now: float, keys: Keys) -> None:
        self._connection = connection
        self._now = now
        self._keys = keys
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
        said = _said(more, self._now)
        seal = self._seal(kind, account, said["about"] or key, revision)
        place = _place(kind, account, key, revision) if seal else ""
        leaves = Leaves.of(tree, partial(self._sealed, seal, place) if seal else None)
        row = {"kind": kind, "account": account, "key": key, "revision": revision, **said, "seal": seal}
        row |= {
            "leaves": leaves.packed,
            "records": _packed(said["records"]),
            "kept": self._laid(seal, place + KEPT, said["kept"]) if said["kept"] else _NOTHING,
            "findings": _packed(said["findings"]),
        }
        added = self._connection.add(_ADD, row)
        self._index(kind, account, key, revision, tree)
        self._keep(account, said["about"] or key, said["kept"])
        stored = Stored(added, kind, account, key, revision, leaves, **said, seal=seal)
        self._remembered.add(stored)
        return stored

    def _last(self, kind: str, account: str, key: str) -> int:
        if self._remembered.under(account, key) is not None:
            newest = self.newest(kind, account, key)
            return newest.revision if newest else 0
        return cast("int", self._connection.execute(_LAST, _key(kind, account, key)).scalar_one())

    def _seal(self, kind: str, account: str, order: str, revision: int) -> int:
        """Give the key of an order, or a fresh one where it has none yet."""
        if not is_private(kind):
            return PLAIN
        if kind == _ORDER and revision == 1:
            return self._keys.fresh()
        if (seen := self._remembered.under(account, order)) is not None:
            found = next((one.seal for one in seen if one.kind == _ORDER and one.seal), PLAIN)
        else:
            found = int(self._connection.execute(_SEAL_OF, {"whose": account, "called": order}).scalar() or PLAIN)
        return found or self._keys.fresh()

    def _sealed(self, seal: int, place: str, data: bytes) -> bytes:
        return self._keys.seal(seal, data, place)

    def _laid(self, seal: int, place: str, tree: Any) -> bytes:
        return self._sealed(seal, place, packed(tree)) if seal else packed(tree)

    def newest(self, kind: str, account: str, key: str) -> Stored | None:
        """Give the last revision of a key."""
        if (seen := self._remembered.under(account, key)) is not None:
            return next((one for one in reversed(seen) if (one.kind, one.key) == (kind, key)), None)
        row = self._connection.execute(_NEWEST, _key(kind, account, key)).one_or_none()
        return None if row is None else self._stored(row)

    def get(self, id: int) -> Stored | None:
        """Give one document."""
        row = self._connection.execute(_GET, {"which": id}).one_or_none()
        return None if row is None else self._stored(row)

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
            found[file].append(self._stored(row))
        return found

    def by_id(self, ids: Iterable[int]) -> dict[int, Stored]:
        """Give several documents at once."""
        rows = self._connection.execute(_SEVERAL, {"ids": json.dumps(list(ids))})
        return {row.id: self._stored(row) for row in rows}

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
        return [self._stored(row) for row in self._connection.execute(query, asked)]

    def end(self, id: int, end: End, findings: Sequence[Finding] = ()) -> None:
        """Write the end of a document, with what was found. The first end stands."""
        how = {"how": str(end), "now": self._now}
        self._remembered.forget()
        if findings:
            known = self._connection.execute(_FOUND, {"which": id}).scalar() or ()
            found = dict.fromkeys((*map(finding_from_json, known), *findings))
            self._connection.execute(_END_FOR, {"which": id, **how, "found": _packed(found)})
        else:
            self._connection.later_to(_END, id, how)
        self._connection.later_to(_WANTS_NO_MORE, id, {})

    def retree(self, id: int, tree: Tree) -> None:
        """Replace the tree of a document. Of one that was forgotten no more is kept than was left of it."""
        self._remembered.forget()
        row = self.get(id)
        if row is None:
            return
        if row.forgotten is not None:
            left = packed(forgotten(row.kind, tree))
            self._connection.execute(_RETREE, {"which": id, "leaves": left, "with": PLAIN})
            return
        seal = row.seal or self._seal(row.kind, row.account, row.about or row.key, row.revision + 1)
        laid = self._laid(seal, _place(row.kind, row.account, row.key, row.revision), tree)
        self._connection.execute(_RETREE, {"which": id, "leaves": laid, "with": seal})
        self._index(row.kind, row.account, row.key, row.revision + 1, tree)

    def changed(self) -> None:
        """Trust memory no more: documents were changed otherwise than here."""
        self._remembered.forget()

    def keep(self, account: str, key: str, name: str, value: str) -> None:
        """Remember a value with an order: it can be found by it, and is not told. Several of one name are all remembered."""
        self._keep(account, key, {name: value})

    def find_order(self, account: str, by: str, value: str) -> Stored | None:
        """Find the one order of this number (`by` empty), or called so, or with this value kept with it.

        Raises LookupError if several fit.
        """
        if not by:
            return self.newest(_ORDER, account, value)
        asked = {"whose": account, "by": by, "is": self._blind(account, by, value)}
        fits = self._connection.execute(_FITS, asked).scalars()
        if len(fits) > 1:
            raise LookupError("several orders fit")
        return self.newest(_ORDER, account, fits[0]) if fits else None

    def hidden(self, account: str, key: str) -> str:
        """Give the key that stands for one that must not lie in the clear: always the same."""
        return self._blind(account, _HIDDEN, key)

    def _keep(self, account: str, key: str, values: Mapping[str, str]) -> None:
        for name, value in values.items():
            row = {"account": account, "key": key, "name": name, "value": self._blind(account, name, value)}
            self._connection.later(_KEEP, row)

    def _blind(self, account: str, name: str, value: str) -> str:
        return self._keys.blind(f"{account}\n{name}\n{value}")

    def _index(self, kind: str, account: str, key: str, revision: int, tree: Tree) -> None:
        """Let an order be found by what it is called beside its number."""
        names = called(kind, tree)
        if revision > 1 and names:
            old = [{"whose": account, "called": key, "by": name} for name in names]
            self._connection.execute(_UNKEEP, old)
        self._keep(account, key, names)

    def _stored(self, row: Sequence[Any]) -> Stored:
        """Make a document of a row, whose columns are its fields."""
        *start, laid, warehouse, partner, source, records, kept, about, end, findings, at, ended, seal, gone = row
        place = _place(*start[1:]) if seal else ""
        open = partial(self._open, seal, place) if seal else None
        places = () if records == _NONE else tuple(Place(**place) for place in unpacked(records))
        found = () if findings == _NONE else tuple(map(finding_from_json, unpacked(findings)))
        opened = partial(self._open, seal, place + KEPT) if seal else None
        kept_so = {} if kept == _NOTHING else Named(Leaves(kept, None, opened))
        middle = (Leaves(laid, None, open), warehouse, partner, source, places, kept_so, about)
        values: list[Any] = [*start, *middle, None if end is None else End(end), found, at, ended, seal, gone]
        return Stored(*values)

    def _open(self, seal: int, place: str, data: bytes) -> bytes:
        return self._keys.open(seal, bytes(data), place)


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


def _packed(values: Collection[Finding | Place]) -> bytes:
    return packed([value.as_json() for value in values]) if values else _NONE


def _place(kind: str, account: str, key: str, revision: int) -> str:
    """Name the place of a document, to which its seal binds it."""
    return f"document {kind}\n{account}\n{key}\n{revision}"
