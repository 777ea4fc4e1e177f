"""The site that all services of a shared ledger work by: it lies in the ledger, and each takes it from there.

Promises: an edit on any machine is in force on all of them within seconds; a machine whose files are older than what the
others work by takes theirs when it starts. In trouble: Misconfigured, where what is in force cannot be used here (a
secret that this machine has not); a service that runs goes on by what it has.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from socket import gethostname

from translator.config.read import site_of
from translator.config.site import Site
from translator.core.finding import Finding, Misconfigured
from translator.ledger.book import Book
from translator.ledger.ledger import Ledger
from translator.mapping.overlay import Laid


def laid(ledger: Ledger) -> dict[str, list[Laid]]:
    """Give the rows that operators laid over tables, by the files of these."""
    with ledger.look() as book:
        return book.lookups.laid()


def begin(ledger: Ledger, site: Site) -> Site:
    """Say which site a service begins with: its own, put in force; or what others work by, where ours was so before."""
    with ledger.commit() as book:
        others = [worker for worker in book.workers.alive() if worker.name != ledger.worker]
        if not (others and _is_older(book, site)):
            _put_in_force(book, site)
            return site
    return taken(ledger, site.root)


def _is_older(book: Book, site: Site) -> bool:
    """Tell whether these files were in force, and others are now."""
    in_force = book.configurations.in_force()
    return in_force not in ("", site.hash) and book.configurations.get(site.hash) is not None


def enforce(ledger: Ledger, site: Site) -> None:
    """Put an edit in force, for all."""
    with ledger.commit() as book:
        _put_in_force(book, site)


def _put_in_force(book: Book, site: Site) -> None:
    before, texts = book.configurations.in_force(), site.texts
    book.configurations.enforce(site.hash, texts)
    if before != site.hash:
        earlier = book.configurations.get(before) or {}
        changed = sorted(name for name in {*earlier, *texts} if earlier.get(name) != texts.get(name))
        book.audit.note(f"service on {gethostname()}", "configuration", site.hash, {"before": before, "files": changed})


def differs(ledger: Ledger, site: Site) -> str:
    """Give the hash of what is in force, where a service does not work by it; empty: it does."""
    with ledger.look() as book:
        in_force = book.configurations.in_force()
    return "" if in_force == site.hash else in_force


def taken(ledger: Ledger, root: Path) -> Site:
    """Make the site of what lies in the ledger. Raises Misconfigured."""
    with ledger.look() as book:
        in_force = book.configurations.in_force()
        files = book.configurations.get(in_force) or {}
    return _made(root, in_force, files)


def taken_in(book: Book, root: Path) -> Site | None:
    """Make the site of what lies in a book; None: no service began yet. Raises Misconfigured."""
    in_force = book.configurations.in_force()
    return _made(root, in_force, book.configurations.get(in_force) or {}) if in_force else None


def _made(root: Path, in_force: str, files: Mapping[str, str]) -> Site:
    seen: dict[str, bytes] = {}

    def fetch(name: str) -> bytes | None:
        if name not in files:
            return None
        seen[name] = files[name].encode()
        return seen[name]

    site = site_of(root, fetch, seen)
    if site.hash != in_force:
        text = "the files of another machine cannot be used as they lie in the ledger"
        raise Misconfigured([Finding("configuration-unlike", text, hint="are all of them UTF-8?")])
    return site
