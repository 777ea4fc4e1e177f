"""The master key: it wraps every other key, and stands in a credential or a file of its own, never beside what it wraps.

A text of one key a line, each 32 bytes in Base64; the first is the one that wraps, the others still unwrap, so that a
new one can be taken into use while the service runs. It is read anew each time: what is seldom needed need not stay.
In trouble: Misconfigured, that names what is wrong and never a key.
"""

from __future__ import annotations

import base64
import binascii
import os
from collections.abc import Callable
from dataclasses import dataclass
from hashlib import sha256
from typing import Final, NoReturn

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from translator.core.finding import Finding, Misconfigured
from translator.core.private import Private

Master = Callable[[], Private[str]]  # reads the text
BYTES: Final = 32
NONCE: Final = 12
MARK: Final = 8  # bytes that tell which master key wrapped
HINT: Final = "`translator keys new` makes one; put the old one back where it was lost"


@dataclass(frozen=True, slots=True, repr=False)
class Wrapping:
    """The master keys, the newest first."""

    keys: tuple[tuple[bytes, AESGCM], ...]  # each with its mark

    @property
    def mark(self) -> bytes:
        """Give the mark of the one that wraps."""
        return self.keys[0][0]

    def wrap(self, id: int, key: bytes) -> bytes:
        """Wrap the key of this number."""
        mark, newest = self.keys[0]
        nonce = os.urandom(NONCE)
        return mark + nonce + newest.encrypt(nonce, key, _number(id))

    def unwrap(self, id: int, wrapped: bytes) -> bytes | None:
        """Give a key; None: none of these wrapped it."""
        found = next((one for mark, one in self.keys if wrapped.startswith(mark)), None)
        if found is None:
            return None
        try:
            return found.decrypt(wrapped[MARK : MARK + NONCE], wrapped[MARK + NONCE :], _number(id))
        except InvalidTag:
            return None


def wrapping(text: Private[str]) -> Wrapping:
    """Read the master keys. Raises Misconfigured."""
    lines = [line.strip() for line in text.reveal().splitlines() if line.strip()]
    keys = [_key(line) for line in lines]
    if not keys:
        _malformed("is empty")
    return Wrapping(tuple((_mark(key), AESGCM(key)) for key in keys))


def new() -> Private[str]:
    """Make a master key, as a line of the text."""
    return Private(base64.b64encode(os.urandom(BYTES)).decode() + "\n")


def before(line: Private[str], text: Private[str]) -> Private[str]:
    """Give the text with a newer key."""
    return Private(line.reveal() + text.reveal())


def newest(text: Private[str]) -> Private[str]:
    """Give the text without the older keys."""
    return Private(next(line for line in text.reveal().splitlines() if line.strip()) + "\n")


def is_single(text: Private[str]) -> bool:
    """Tell a text of one key alone. Raises Misconfigured."""
    return len(wrapping(text).keys) == 1


def foreign(hint: str = HINT) -> Misconfigured:
    """Say that the master key is not the one that wrapped."""
    text = "the master key is another one than the keys of this ledger were wrapped with"
    return Misconfigured([Finding("master-key-other", text, hint=hint)])


def _key(line: str) -> bytes:
    try:
        key = base64.b64decode(line, validate=True)
    except (binascii.Error, ValueError):
        _malformed("is no Base64")
    if len(key) != BYTES:
        _malformed(f"has not {BYTES} bytes")
    return key


def _malformed(what: str) -> NoReturn:
    raise Misconfigured([Finding("master-key-malformed", f"the master key {what}", hint=HINT)])


def _mark(key: bytes) -> bytes:
    return sha256(b"the mark of a master key" + key).digest()[:MARK]


def _number(id: int) -> bytes:
    return b"key %d" % id


def missing() -> Private[str]:
    """Stand for a master key where nothing is to be sealed or opened. Raises Misconfigured."""
    raise Misconfigured([Finding("master-key-missing", "no master key was given", hint=HINT)])
