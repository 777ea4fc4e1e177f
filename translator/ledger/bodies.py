"""Bytes in pieces of one MiB. What was committed ahead and is named by nothing is dropped when the book is opened."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from hashlib import sha256
from typing import Any, Final

from sqlalchemy import bindparam, delete, insert, select, update

from translator.ledger.schema import body, chunk, listed, unsealed
from translator.ledger.spoken import Spoken

PIECE: Final = 1 << 20


@dataclass(frozen=True, slots=True)
class Spooled:
    """Bytes on their way into the book: small ones at hand, large ones in pieces committed ahead (`body`)."""

    size: int
    hash: str
    data: bytes = b""
    body: int | None = None


_NEW: Final = insert(body)
_PIECE: Final = insert(chunk)
_WHICH: Final = body.c.id == bindparam("which")
_SEAL: Final = update(body).where(_WHICH).values(sealed=True)
_MEASURE: Final = update(body).where(_WHICH).values(size=bindparam("bytes"), hash=bindparam("digest"))
_DROP: Final = delete(body).where(_WHICH)
_ORPHANS: Final = delete(body).where(unsealed, body.c.at < bindparam("before"))
_CHUNK: Final = select(chunk.c.data).where(chunk.c.body == bindparam("which"), chunk.c.number == bindparam("n"))
_CHUNKS: Final = (
    select(chunk.c.body, chunk.c.data).where(chunk.c.body.in_(listed("ids"))).order_by(chunk.c.body, chunk.c.number)
)


class Bodies:
    """The bytes of the book."""

    def __init__(self, connection: Spoken, now: float) -> None:
        self._connection = connection
        self._now = now

    def add(self, data: bytes, hash: str = "") -> int:
        """Store bytes; give the id that the same commit must name. `hash`: where it is known already."""
        row = {"size": len(data), "hash": hash or sha256(data).hexdigest(), "sealed": True, "at": self._now}
        added = self._new(row)
        for number, start in enumerate(range(0, len(data), PIECE)):
            self.piece(added, number, data[start : start + PIECE])
        return added

    def begin(self) -> int:
        """Begin a body whose pieces are committed ahead."""
        row = {"size": 0, "hash": "", "sealed": False, "at": self._now}
        return self._new(row)

    def _new(self, row: dict[str, Any]) -> int:
        return self._connection.add(_NEW, row)

    def piece(self, id: int, number: int, data: bytes) -> None:
        """Store one piece."""
        self._connection.later(_PIECE, {"body": id, "number": number, "data": data})

    def measure(self, id: int, size: int, hash: str) -> None:
        """Write down the size and the hash of a body that is whole."""
        self._connection.execute(_MEASURE, {"which": id, "bytes": size, "digest": hash})

    def seal(self, id: int) -> bool:
        """Keep a body that was committed ahead, since it is named now; tell whether it was there."""
        return self._connection.execute(_SEAL, {"which": id}).rowcount == 1

    def read(self, id: int) -> bytes:
        """Give the bytes."""
        return b"".join(self.chunks(id))

    def by_id(self, ids: Iterable[int]) -> dict[int, bytes]:
        """Give the bytes of several."""
        found: dict[int, bytes] = dict.fromkeys(ids, b"")
        for whose, data in self._connection.execute(_CHUNKS, {"ids": json.dumps(list(found))}):
            found[whose] += data
        return found

    def chunks(self, id: int) -> Iterator[bytes]:
        """Give the bytes in pieces, one in memory at a time."""
        number = 0
        while (data := self._connection.execute(_CHUNK, {"which": id, "n": number}).scalar()) is not None:
            yield data
            if len(data) < PIECE:  # only the last is shorter
                return
            number += 1

    def drop(self, id: int) -> None:
        """Forget the bytes."""
        self._connection.drop(_DROP, id)

    def drop_orphans(self, before: float) -> int:
        """Forget what was committed ahead before then and is named by nothing; give how many."""
        return self._connection.execute(_ORPHANS, {"before": before}).rowcount


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
