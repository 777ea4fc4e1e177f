"""Bytes in pieces of one MiB, each pressed where that helps, and sealed where they may tell of a person.

What was committed ahead and is named by nothing is dropped when the book is opened. What was forgotten is never given as
if it were empty: Forgotten.
"""

from __future__ import annotations

import json
import zlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from hashlib import sha256
from typing import Any, Final

from sqlalchemy import Float, bindparam, delete, insert, select, update
from sqlalchemy.dialects.postgresql import insert as insert_new

from translator.ledger.keys import ANEW, PLAIN, Keys
from translator.ledger.schema import body, chunk, forgetting, listed, sealed_body, unnamed
from translator.ledger.spoken import Spoken
from translator.ledger.trouble import Forgotten

PIECE: Final = 1 << 20
AT_ONCE: Final = 65_536  # bytes of a body that is looked up with others
PRESSED: Final = 4096  # bytes from which on pressing is worth its time
_AS_IT_WAS, _DEFLATED = b"=", b"~"  # the first byte of a piece


@dataclass(frozen=True, slots=True)
class Spooled:
    """Bytes on their way into the book: small ones at hand, large ones in pieces committed ahead (`body`)."""

    size: int
    hash: str
    data: bytes = b""
    body: int | None = None


def spooled(data: bytes) -> Spooled:
    """Give bytes that are at hand."""
    return Spooled(len(data), sha256(data).hexdigest(), data)


_NEW: Final = insert(body)
_PIECE: Final = insert(chunk)
_WHICH: Final = body.c.id == bindparam("which")
_NAME: Final = update(body).where(_WHICH).values(named=True)
_MEASURE: Final = update(body).where(_WHICH).values(size=bindparam("bytes"), hash=bindparam("digest"))
_DROP: Final = delete(body).where(body.c.id.in_(listed("values")))
_ABANDONED: Final = (unnamed, body.c.at < bindparam("before"))
_ORPHANS: Final = delete(body).where(*_ABANDONED)
_SEAL: Final = select(body.c.seal, body.c.forgotten).where(_WHICH)
_CHUNK: Final = select(chunk.c.data).where(chunk.c.body == bindparam("which"), chunk.c.number == bindparam("n"))
_CHUNKS: Final = (
    select(chunk.c.body, chunk.c.number, chunk.c.data, body.c.seal)
    .join(body, body.c.id == chunk.c.body)
    .where(chunk.c.body.in_(listed("ids")))
    .order_by(chunk.c.body, chunk.c.number)
)
_SMALL: Final = _CHUNKS.where(chunk.c.number == 0, body.c.size <= AT_ONCE, body.c.forgotten.is_(None))
_FORGET: Final = update(body).where(_WHICH).values(seal=PLAIN, forgotten=bindparam("now"))
_PIECES: Final = delete(chunk).where(chunk.c.body == bindparam("which"))
_AT: Final = bindparam("now", type_=Float)
_FORGETTING: Final = insert_new(forgetting).on_conflict_do_nothing()
_FORGETTING_THESE: Final = _FORGETTING.from_select(
    ["seal", "at"], select(body.c.seal, _AT).where(sealed_body, body.c.id.in_(listed("values")))
)
_FORGETTING_ORPHANS: Final = _FORGETTING.from_select(
    ["seal", "at"], select(body.c.seal, _AT).where(sealed_body, *_ABANDONED)
)


class Bodies:
    """The bytes of the book."""

    def __init__(self, connection: Spoken, now: float, keys: Keys) -> None:
        self._connection = connection
        self._now = now
        self._keys = keys
        self._foreseen: dict[int, tuple[int, bytes]] = {}

    def foresee(self, ids: Iterable[int]) -> None:
        """Look up at once what is small of several: each is then told from memory, for as long as this book is open."""
        for whose, _, data, seal in self._connection.execute(_SMALL, {"ids": json.dumps(list(ids))}):
            self._foreseen[whose] = seal, data

    def add(self, data: bytes, hash: str = "", seal: int = ANEW, *, brief: bool = False) -> int:
        """Store bytes; give the id that the same commit must name. `hash`: where it is known already.

        `seal`: the key that seals them, where it is not one of their own; PLAIN: they tell of nobody. `brief`: they are
        dropped as soon as they are read, so that pressing them is not worth its time.
        """
        row = {"size": len(data), "hash": hash or sha256(data).hexdigest(), "named": True}
        added, key = self._new(row, seal)
        for number, start in enumerate(range(0, len(data), PIECE)):
            self.piece(added, number, data[start : start + PIECE], key, brief=brief)
        return added

    def begin(self, seal: int = ANEW) -> tuple[int, int]:
        """Begin a body whose pieces are committed ahead; give its id and its seal."""
        return self._new({"size": 0, "hash": "", "named": False}, seal)

    def _new(self, row: dict[str, Any], seal: int) -> tuple[int, int]:
        key = self._keys.fresh() if seal == ANEW else seal
        return self._connection.add(_NEW, row | {"at": self._now, "seal": key}), key

    def piece(self, id: int, number: int, data: bytes, seal: int, *, brief: bool = False) -> None:
        """Store one piece."""
        laid = _AS_IT_WAS + data if brief else _pressed(data)
        if seal:
            laid = self._keys.seal(seal, laid, _place(id, number))
        self._connection.later(_PIECE, {"body": id, "number": number, "data": laid})

    def measure(self, id: int, size: int, hash: str) -> None:
        """Write down the size and the hash of a body that is whole."""
        self._connection.execute(_MEASURE, {"which": id, "bytes": size, "digest": hash})

    def name(self, id: int) -> bool:
        """Keep a body that was committed ahead, since it is named now; tell whether it was there."""
        return self._connection.execute(_NAME, {"which": id}).rowcount == 1

    def seal_of(self, id: int) -> int:
        """Give the seal of a body. Raises Forgotten."""
        row = self._connection.execute(_SEAL, {"which": id}).first()
        if row is not None and row.forgotten is not None:
            raise Forgotten("the bytes were forgotten")
        return PLAIN if row is None else int(row.seal)

    def read(self, id: int) -> bytes:
        """Give the bytes. Raises Forgotten, KeyGone."""
        return b"".join(self.chunks(id))

    def by_id(self, ids: Iterable[int]) -> dict[int, bytes]:
        """Give the bytes of several. Raises Forgotten, KeyGone."""
        found: dict[int, bytes] = {}
        asked = list(ids)
        for whose, number, data, seal in self._connection.execute(_CHUNKS, {"ids": json.dumps(asked)}):
            found[whose] = found.get(whose, b"") + self._laid_open(whose, number, data, seal)
        for id in asked:
            if id not in found:
                self.seal_of(id)
                found[id] = b""
        return found

    def chunks(self, id: int) -> Iterator[bytes]:
        """Give the bytes in pieces, one in memory at a time. Raises Forgotten, KeyGone."""
        if id in self._foreseen:
            seal, data = self._foreseen[id]
            yield self._laid_open(id, 0, data, seal)
            return
        seal, number = self.seal_of(id), 0
        while (laid := self._connection.execute(_CHUNK, {"which": id, "n": number}).scalar()) is not None:
            data = self._laid_open(id, number, laid, seal)
            yield data
            if len(data) < PIECE:  # only the last is shorter
                return
            number += 1

    def _laid_open(self, id: int, number: int, data: bytes, seal: int) -> bytes:
        return _unpressed(self._keys.open(seal, bytes(data), _place(id, number)) if seal else bytes(data))

    def drop(self, id: int) -> None:
        """Drop the bytes."""
        self._connection.drop(_DROP, id)

    def forget(self, id: int) -> None:
        """Forget the bytes, but not that they were there; the key that sealed them is to be destroyed."""
        self.destroy_key(id)
        self._connection.execute(_PIECES, {"which": id})
        self._connection.execute(_FORGET, {"which": id, "now": self._now})

    def destroy_key(self, id: int) -> None:
        """Have the key destroyed that seals these bytes, and all else that it seals."""
        self._connection.before(_FORGETTING_THESE, body, id, {"now": self._now})

    def drop_orphans(self, before: float) -> int:
        """Drop what was committed ahead before then and is named by nothing; give how many."""
        self._connection.execute(_FORGETTING_ORPHANS, {"before": before, "now": self._now})
        return self._connection.execute(_ORPHANS, {"before": before}).rowcount


def _place(id: int, number: int) -> str:
    return f"body {id} {number}"


def _pressed(data: bytes) -> bytes:
    if len(data) >= PRESSED:
        smaller = zlib.compress(data, 1)
        if len(smaller) < len(data):
            return _DEFLATED + smaller
    return _AS_IT_WAS + data


def _unpressed(laid: bytes) -> bytes:
    return zlib.decompress(laid[1:]) if laid[:1] == _DEFLATED else laid[1:]


def pieces(chunks: Iterable[bytes]) -> Iterator[bytes]:
    """Cut or join chunks of any size into pieces."""
    waiting = bytearray()
    for part in chunks:
        waiting += part
        while len(waiting) >= PIECE:
            yield bytes(waiting[:PIECE])
            del waiting[:PIECE]
    if waiting:
        yield bytes(waiting)
