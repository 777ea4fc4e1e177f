"""Keys of what belongs to people: one for each order, in a store of its own (`keystore`), wrapped by the master key.

Promises: a key is on the disk before anything is sealed with it, since keys are made ahead, many in one commit; a seal
binds what it holds to its place, so that rows cannot be exchanged; what is destroyed opens nothing any more. In trouble:
KeyGone, where a key is missing that nobody destroyed, or what it sealed was changed: never an empty value;
Misconfigured, where the store or the master key is another one than the ledger's.
"""

from __future__ import annotations

import hmac
import os
from collections import deque
from collections.abc import Iterable, Iterator
from threading import RLock
from typing import Final

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from translator.core.finding import Finding, Misconfigured
from translator.core.ports import Clock, Faults
from translator.ledger.keystore import FIRST, Store
from translator.ledger.master import BYTES, NONCE, Master, Wrapping, foreign, missing, wrapping
from translator.ledger.trouble import KeyGone, Sealed

PLAIN: Final = 0  # the seal of what is nobody's
ANEW: Final = -1  # asks for a key of its own
AHEAD: Final = 256  # keys made in one commit
LATELY: Final = 8192  # keys kept in memory
ROUND: Final = 1000  # keys wrapped anew in one commit
_PRINT: Final = "the keys of this ledger"


class Keys:
    """The keys of one ledger."""

    def __init__(self, store: Store, master: Master | None, clock: Clock, faults: Faults) -> None:
        self._store = store
        self._master = master or missing
        self._clock = clock
        self._faults = faults
        self._one = RLock()
        self._ahead: deque[int] = deque()
        self._lately: dict[int, AESGCM] = {}
        self._names = b""  # the key of `blind`
        self._known: Wrapping | None = None

    def begin(self) -> None:
        """Make the store where it is new."""
        if self._master is not missing:
            self._store.begin(lambda first: self._made(first, 1, {}))

    def print(self) -> str:
        """Say which store this is, in a word that tells nothing of its keys. Raises Misconfigured where it is lost."""
        return self.blind(_PRINT)[:16]

    def print_of(self, first: bytes) -> str:
        """Say of which store a wrapped first key is, as `print` says it of this one. Raises Misconfigured."""
        return _blinded(_unwrapped(wrapping(self._master()), FIRST, first), _PRINT)[:16]

    @property
    def are_there(self) -> bool:
        """Tell whether anything can be sealed: a master key was handed in."""
        return self._master is not missing

    def fresh(self) -> int:
        """Give the number of a key that seals nothing yet."""
        with self._one:
            if not self._ahead:
                self._faults.reach("keys.made.before")
                made: dict[int, bytes] = {}
                self._store.add(self._clock.now().timestamp(), lambda first: self._made(first, AHEAD, made))
                self._faults.reach("keys.made.after")
                for id, key in made.items():  # not before they are on the disk: their numbers may be another's by now
                    self._keep(id, key)
                self._ahead.extend(made)
            return self._ahead.popleft()

    def seal(self, id: int, data: bytes, place: str) -> bytes:
        """Seal what lies at a place."""
        nonce = os.urandom(NONCE)
        return nonce + self._key(id).encrypt(nonce, data, place.encode())

    def open(self, id: int, data: bytes, place: str) -> bytes:
        """Open what was sealed for a place. Raises KeyGone."""
        try:
            return self._key(id).decrypt(data[:NONCE], data[NONCE:], place.encode())
        except InvalidTag:
            raise KeyGone(f"what was sealed with key {id} is not what lies there") from None

    def blind(self, text: str) -> str:
        """Give a word by which a text is found again, and that tells nothing of it."""
        if not self._names:
            self._names = self._unwrapped(FIRST)
        return _blinded(self._names, text)

    def destroy(self, ids: Iterable[int]) -> None:
        """Destroy keys: what they sealed opens nowhere any more."""
        gone = set(ids)
        self._faults.reach("keys.destroyed.before")
        self._store.destroy(gone)
        for id in gone:
            self._lately.pop(id, None)
        self._faults.reach("keys.destroyed.after")

    def wipe(self, patience: float) -> bool:
        """Leave nothing of what was destroyed in the journal of the store, or in dead rows; tell whether that is so.

        `patience`: seconds that a reader may be in the way.
        """
        self._faults.reach("keys.wiped.before")
        done = self._store.wipe(patience)
        self._faults.reach("keys.wiped.after")
        return done

    def let_go(self) -> None:
        """Keep no key in memory any more: another service may have destroyed it."""
        with self._one:
            self._lately.clear()

    def rewrap(self) -> int:
        """Wrap every key anew that an older master key wrapped; give how many."""
        newest = wrapping(self._master())
        count = after = 0
        while some := self._store.some(after, ROUND):
            old = [(id, data) for id, data in some if not data.startswith(newest.mark)]
            anew = {id: newest.wrap(id, _unwrapped(newest, id, data)) for id, data in old}
            if anew:
                self._faults.reach("keys.rewrapped.before")
                self._store.rewrap(anew)
                self._faults.reach("keys.rewrapped.after")
            count, after = count + len(anew), some[-1][0]
        return count

    def close(self) -> None:
        """Let go of them."""
        with self._one:
            self._lately.clear()
            self._ahead.clear()
            self._store.close()

    def _made(self, first: int, count: int, made: dict[int, bytes]) -> Iterator[tuple[int, bytes]]:
        """Make keys. The master key is read inside the commit: none is wrapped by one that was replaced before it."""
        newest = self._wrapping()
        if first != FIRST:
            _fits(newest, self._store.get(FIRST))
        self._known = newest
        for id in range(first, first + count):
            key = os.urandom(BYTES)
            if id != FIRST:
                made[id] = key
            yield id, newest.wrap(id, key)

    def _key(self, id: int) -> AESGCM:
        found = self._lately.get(id)
        return found or self._keep(id, self._unwrapped(id))

    def _keep(self, id: int, key: bytes) -> AESGCM:
        if len(self._lately) >= LATELY:
            with self._one:
                for old in list(self._lately)[: LATELY // 4]:
                    self._lately.pop(old, None)
        kept = self._lately[id] = AESGCM(key)
        return kept

    def _unwrapped(self, id: int) -> bytes:
        data = self._store.get(id)
        if data is None and id == FIRST:
            raise lost()
        if data is None:
            raise KeyGone(f"key {id} is not in the store of keys")
        known = self._known or self._wrapping()
        key = known.unwrap(id, data)
        if key is None:  # it may have been replaced since
            known = self._wrapping()
            key = _unwrapped(known, id, data)
        self._known = known
        return key

    def _wrapping(self) -> Wrapping:
        """Read the master key anew. Raises Misconfigured; Sealed where it was there before: then it is waited for."""
        try:
            return wrapping(self._master())
        except Misconfigured as error:
            if self._known is None:
                raise
            raise Sealed(f"the ledger cannot seal: {error.findings[0].code}: {error.findings[0].text}") from None


def _fits(known: Wrapping, first: bytes | None) -> None:
    """Raise Sealed where a master key opens nothing that the others opened: what it wrapped would open beside none of that."""
    if first is not None and known.unwrap(FIRST, first) is None:
        raise Sealed(f"the ledger cannot seal: {foreign().findings[0].text}")


def _blinded(names: bytes, text: str) -> str:
    return hmac.digest(names, text.encode(), "sha256").hex()[:32]


def _unwrapped(known: Wrapping, id: int, data: bytes) -> bytes:
    key = known.unwrap(id, data)
    if key is None:
        raise foreign()
    return key


def lost() -> Misconfigured:
    """Say that the store of keys is not the ledger's."""
    text = "the store of keys is not the one this ledger was written with"
    hint = "`translator keys restore` puts its newest copy back; without it nothing personal can be read"
    return Misconfigured([Finding("keys-lost", text, hint=hint)])
