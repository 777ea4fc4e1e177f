"""Where a warehouse system's files lie, and where secrets stand: never the secrets themselves."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Final

from translator.config import words
from translator.config.site import LocalPlace, Reference, SftpPlace
from translator.mapping.strict import Entries, Keys
from translator.mapping.words import names

_FINGERPRINT: Final = re.compile(r"SHA256:[A-Za-z0-9+/]{43}=?")


def place_of(root: Path, k: Keys) -> LocalPlace | SftpPlace:
    """Take `place`: a folder of this machine, or of an SFTP server."""
    place = k.keys("place", "in 'place'")
    if place is None:
        k.fault(
            "site-place",
            "'place' is missing",
            k.place(),
            "place: {folder: /srv/wms} or {sftp: host, user: …, host_key: …}",
        )
        return LocalPlace(root)
    place.known = names(words.SFTP if place.has("sftp") else words.FOLDER)
    made = _sftp(root, place) if place.has("sftp") else LocalPlace(root / place.required("folder"))
    place.done()
    return made


def _sftp(root: Path, k: Keys) -> SftpPlace:
    host_key = k.required("host_key")
    if host_key and not _FINGERPRINT.fullmatch(host_key):
        k.fault("host-key", "this is no fingerprint", k.place("host_key"), "SHA256:… as `ssh-keygen -lf` prints it")
    if not k.has("key", "password"):
        k.fault("site-login", "neither 'key' nor 'password'", k.place(), "key: {credential: newark-key}")
    return SftpPlace(
        host=k.required("sftp"),
        port=k.whole("port", 22, 1, 65535) or 22,
        user=k.required("user"),
        host_key=host_key,
        key=secret(root, k, "key") if k.has("key") else None,
        password=secret(root, k, "password") if k.has("password") else None,
        root=k.text("root", "."),
        calls=k.whole("calls", 4, 1, 8) or 4,
    )


def secret(root: Path, k: Keys, name: str) -> Reference:
    """Take where a secret stands."""
    node = k.node(name)
    hint = f"{name}: {{credential: {name.replace('_', '-')}}} (or file: …, env: …)"
    if not isinstance(node, Entries):
        text = f"'{name}' must say where the secret stands, never hold it" if node else f"'{name}' is missing"
        k.fault("secret-reference", text, node.rule if node else k.place(), hint)
        return Reference("file", "", root, k.place(name))
    inner = Keys(node, k.findings, f"in '{name}'")
    how = next((word for word in names(words.SECRET) if inner.has(word)), "")
    if not how:
        k.fault("secret-reference", f"'{name}' names no place", node.rule, hint)
    what = inner.text(how) if how else ""
    inner.done(names(words.SECRET))
    return Reference(how or "file", what, root, node.rule)  # type: ignore[arg-type]
