"""Where the ledger of a site is: a file, or a database on a server that several machines share."""

from __future__ import annotations

from pathlib import Path

from translator.config import words
from translator.config.places import secret
from translator.config.site import Reference
from translator.core.address import SCHEME, flaw
from translator.instance import FILE, USUAL
from translator.mapping.strict import Entries, Keys
from translator.mapping.words import names


def ledger_of(root: Path, top: Keys) -> tuple[str, Reference | None]:
    """Take `ledger`: where it is, and where the password of its server stands."""
    inner = top.keys("ledger", "in 'ledger'", names(words.LEDGER)) if _is_mapping(top) else None
    if inner is None:
        url = top.text("ledger", USUAL)
        _check(top, "ledger", url)
        return url, None
    url = inner.required("url")
    password = secret(root, inner, "password") if inner.has("password") else None
    inner.done()
    if url:
        _check(inner, "url", url)
    if password and url.startswith(FILE):
        inner.fault("ledger-url", "a file has no password", inner.place("password"))
    return url, password


def _is_mapping(top: Keys) -> bool:
    return isinstance(top.entries.get("ledger"), Entries)


def _check(k: Keys, name: str, url: str) -> None:
    scheme = url.partition(":")[0]
    if url.startswith(FILE):
        return
    if scheme != SCHEME:
        k.fault(
            "ledger-url",
            f"'{scheme}:' is no ledger",
            k.place(name),
            f"{FILE}ledger.db, or {SCHEME}://user@host/database",
        )
        return
    wrong, right = flaw(url)
    if wrong:
        k.fault("ledger-url", wrong, k.place(name), right)
