"""Which keys of an SSH server are pinned: fingerprints, lines of known_hosts, or a whole file of them.

Promise: without a pinned key there is no connection, and a revoked key is never one. Lines that name other hosts pin
nothing here; names may be hashed. In trouble: Misconfigured.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
from dataclasses import dataclass
from fnmatch import fnmatchcase
from typing import Final

from translator.core.finding import Finding, Misconfigured

TYPES: Final = ("ssh-ed25519", "ecdsa-sha2-nistp256", "ecdsa-sha2-nistp384", "ecdsa-sha2-nistp521", "ssh-rsa")
_AUTHORITY: Final = "@cert-authority"
_REVOKED: Final = "@revoked"
_SIZE: Final = len(hashlib.sha256().digest())


@dataclass(frozen=True, slots=True)
class HostKey:
    """A pinned key: its fingerprint, and its type where known."""

    fingerprint: str
    type: str = ""


def pinned(text: str, host: str = "", port: int = 22) -> tuple[HostKey, ...]:
    """Read the pinned keys of a host; without a host, those of every line. Raises Misconfigured where none is pinned."""
    keys: list[HostKey] = []
    revoked: set[str] = set()
    authority = False
    for line in (one.strip() for one in text.splitlines()):
        if not line or line.startswith("#"):
            continue
        mark, key = _line(line, host, port)
        authority |= mark == _AUTHORITY
        if key and mark == _REVOKED:
            revoked.add(key.fingerprint)
        elif key and not mark:
            keys.append(key)
    found = tuple(key for key in dict.fromkeys(keys) if key.fingerprint not in revoked)
    if not found:
        raise _none(revoked=bool(keys), authority=authority)
    return found


def _none(*, revoked: bool, authority: bool) -> Misconfigured:
    if revoked:
        return _misconfigured("the pinned host key is revoked", "ask the server's owner for the new one")
    if authority:
        hint = "pin the server's own key beside it: ssh-keyscan shows it, its owner confirms it"
        return _misconfigured("only a certificate authority is named, and certificates are not judged here", hint)
    return _misconfigured("no host key is pinned", "ask the server's owner for its SHA256:… fingerprint")


def _line(line: str, host: str, port: int) -> tuple[str, HostKey | None]:
    """Read one line: its mark, and its key where it is about this host."""
    if line.startswith("SHA256:"):
        return "", HostKey(_fingerprint(line.split(maxsplit=1)[0]))
    words = line.split()
    mark = words.pop(0) if words[0].startswith("@") else ""
    place = next((number for number, word in enumerate(words[:2]) if word in TYPES), None)
    if mark not in ("", _AUTHORITY, _REVOKED) or len(words) < 2:
        raise _no_key()
    if place is None and len(words) > 2 and words[1].startswith(("ssh-", "ecdsa-", "sk-")):
        return mark, None  # a type that is not used any more, or not yet
    if place is None or len(words) <= place + 1:
        raise _no_key()
    if place and host and not _about(words[0], host, port):
        return mark, None
    return mark, HostKey(_digest(words[place + 1]), words[place])


def _digest(text: str) -> str:
    try:
        blob = base64.b64decode(text, validate=True)
    except ValueError:  # no Base64, or no ASCII
        raise _no_key() from None
    if not blob:
        raise _no_key()
    return "SHA256:" + base64.b64encode(hashlib.sha256(blob).digest()).decode().rstrip("=")


def _fingerprint(text: str) -> str:
    said = text.removeprefix("SHA256:").rstrip("=")
    try:
        whole = len(base64.b64decode(said + "=" * (-len(said) % 4), validate=True)) == _SIZE
    except ValueError:
        whole = False
    if not whole:
        raise _no_key()
    return f"SHA256:{said}"


def _about(patterns: str, host: str, port: int) -> bool:
    """Tell whether a line's names take in this host: hashed, with a port, with * and ?, and with ! before a name."""
    name = host.lower() if port == 22 else f"[{host.lower()}]:{port}"
    if patterns.startswith("|1|"):
        return _hashed(patterns, name)
    found = False
    for pattern in patterns.lower().split(","):
        wanted = pattern.removeprefix("!")
        wanted = wanted[1:-4] if wanted.startswith("[") and wanted.endswith("]:22") else wanted
        if fnmatchcase(name, wanted.replace("[", "[[]")):
            if pattern.startswith("!"):
                return False
            found = True
    return found


def _hashed(text: str, name: str) -> bool:
    try:
        salt, digest = (base64.b64decode(part, validate=True) for part in text.split("|")[2:4])
    except ValueError:
        return False
    return hmac.compare_digest(hmac.digest(salt, name.encode(), "sha1"), digest)


def _no_key() -> Misconfigured:
    return _misconfigured("this is no host key", "give SHA256:… or a whole line of known_hosts")


def _misconfigured(text: str, hint: str) -> Misconfigured:
    return Misconfigured([Finding("sftp-host-key", text, hint=hint)])
