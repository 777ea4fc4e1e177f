"""What `doctor` tries, one after the other; each answers with what it saw, and what to do where that is not well."""

from __future__ import annotations

import os
import secrets
from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final

from translator.cli import say
from translator.cli.behind.probe import Probe, tried
from translator.cli.behind.probes_amazon import rights_of
from translator.cli.behind.probes_calendar import calendars
from translator.cli.behind.probes_sftp import server_probes
from translator.cli.check import secrets as references
from translator.config.read import read_site
from translator.config.site import LocalPlace, Site, System
from translator.core.finding import Misconfigured, Unavailable, counted
from translator.core.work import State
from translator.endpoints.folder import kept_by
from translator.endpoints.mounts import far
from translator.instance import FILE, file_of
from translator.ledger.master import is_single
from translator.ledger.postgres import told_by
from translator.ledger.sqlite import chosen, driver, safe
from translator.ledger.trouble import opening
from translator.service import whereabouts
from translator.service.compared import kept
from translator.service.master import is_to_come, master_of
from translator.service.overdue import overdue
from translator.service.reserve import space

OLDER: Final = "there are older ones beside it"


def probes(root: Path) -> Iterator[Probe]:
    """Try everything. Raises Misconfigured where the site itself is wrong."""
    site = read_site(root)
    yield Probe("site", True, f"{len(site.sources)} sources, {len(site.routes)} routes")
    yield from _ledger(site)
    yield from _personal(site)
    yield from _compared(site)
    yield from _secrets(site)
    for system in site.systems.values():
        yield from _place(system)
        yield from calendars(system, datetime.now(UTC))
    for account in site.accounts.values():
        yield from rights_of(account)


def _ledger(site: Site) -> Iterator[Probe]:
    if site.ledger.startswith(FILE):
        yield from _ledger_file(site, file_of(site.root, site.ledger))
        return
    yield tried("ledger's server", lambda: told_by(whereabouts.address_of(site)))
    yield tried("ledger", lambda: _counted(site))


def _counted(site: Site) -> str:
    from translator.cli.behind.book import looking

    try:
        with looking(site) as book:
            counts, workers = book.work.counts(), book.workers.alive()
    except Misconfigured as error:
        if error.findings[0].code != "ledger-absent":
            raise
        return "not there yet; the first service makes it when it starts"
    return f"{_waiting(counts)}; services that live: {len(workers)}"


def _personal(site: Site) -> Iterator[Probe]:
    """Try the master key, and tell what should be gone by now; where the ledger cannot be looked at, that is told already."""
    from translator.cli.behind.book import looking

    key = tried("master key", lambda: _master(site))
    do = "translator keys rotate ends the change; then the older lines go"
    yield replace(key, do=do) if key.said == OLDER else key
    with suppress(Unavailable, Misconfigured), looking(site) as book:
        yield tried("store of keys", lambda: _keys(site))
        yield from (
            Probe(f"{late.about}: {late.what}", False, f"{late.count}", late.do) for late in overdue(book, site)
        )


def _master(site: Site) -> str:
    if is_to_come(site):
        return "not there yet; the service makes it at its first start"
    return "it is there" if is_single(master_of(site)()) else OLDER


def _keys(site: Site) -> str:
    from translator.cli.behind.forgetting import is_there

    is_there(site)
    return "it is the ledger's"


def _compared(site: Site) -> Iterator[Probe]:
    """Tell what the last comparison found, where the site has all sides compared each night."""
    from translator.cli.behind.book import looking

    if site.compare is None:
        return
    with suppress(Unavailable, Misconfigured), looking(site) as book:
        found = kept(book)
        said = found.get("failed") or f"{found['out']} out, at {say.moment(found['at'])}" if found else "none yet"
        well = not (found.get("failed") or found.get("out"))
        yield Probe("last comparison", well, said, "" if well else "translator show compared")


def _waiting(counts: Mapping[tuple[str, State], int]) -> str:
    held = sum(n for (_, state), n in counts.items() if state == State.HELD)
    rows = sum(counts.values())
    return f"{counted(rows, 'row')} {'waits' if rows == 1 else 'wait'}, {held} of them held"


def _ledger_file(site: Site, path: Path) -> Iterator[Probe]:
    version = driver().sqlite_version_info
    mode = "WAL and FULL" if chosen("auto") == "wal" else "rollback journal and EXTRA"
    text = f"SQLite {'.'.join(map(str, version))}, {mode}"
    do = "" if safe(version) else "install pysqlite3: it brings an SQLite that is safe in WAL mode, which is quicker"
    yield Probe("SQLite", True, text, do)
    if lost := _lost(path.parent):
        yield lost
        return
    yield tried("ledger", lambda: _opened(site, path))
    yield tried(f"folder of the ledger {path.parent}", lambda: _written(path.parent))
    if there := space(path.parent, site.reserve):
        do = "make room: below what is to stay (reserve), nothing new is taken in"
        yield Probe("room for the ledger", not there.is_short(), str(there), do if there.is_short(2.0) else "")


def _lost(folder: Path) -> Probe | None:
    """Say why the ledger's folder cannot be there."""
    try:
        if folder.is_dir():
            return None
        if folder.exists():
            return Probe("ledger", False, f"{folder}: this is no folder", "move it away, or name another `ledger`")
    except OSError as error:
        do = "let the service's user into each folder above it, or name another `ledger`"
        return Probe("ledger", False, f"{folder}: {(error.strerror or 'error').lower()}", do)
    return Probe("ledger", False, f"{folder}: no such folder", "create it for the service's user")


def _opened(site: Site, path: Path) -> str:
    from translator.cli.behind.book import looking

    with opening():
        there = path.exists()
    if not there:
        return f"{path}: not there yet; the service makes it at its first start"
    with looking(site) as book:
        counts = book.work.counts()
    return f"{path}: {_waiting(counts)}"


def _secrets(site: Site) -> Iterator[Probe]:
    for reference in references(site):
        yield tried(f"secret {reference.how} {reference.what}", lambda reference=reference: _secret(reference))  # type: ignore[misc]


def _secret(reference: Any) -> str:
    return "it is there" if reference.read().reveal().strip() else "it is there, and empty"


def _place(system: System) -> Iterator[Probe]:
    folders = {one: one in system.to or system.dispose != "leave" for one in dict.fromkeys([*system.to, *system.from_])}
    if isinstance(system.place, LocalPlace):
        for folder, writes in folders.items():
            path, way = system.place.root / folder, _written if writes else _left
            yield tried(f"{system.name}: {path}", lambda path=path, way=way: way(path))  # type: ignore[misc]
        return
    yield from server_probes(system, system.place, folders)


def _left(folder: Path) -> str:
    """List it, no more: nothing is written where what is read is left."""
    try:
        os.scandir(folder).close()
    except OSError as error:
        raise Unavailable(kept_by(error)) from None
    return f"readable; what is read is left there{_polled(folder)}"


def _written(folder: Path) -> str:
    """List it, write a hidden file and remove it: what collecting does, sending, and archiving."""
    path = folder / f".doctor-{secrets.token_hex(6)}.tmp"
    try:
        os.scandir(folder).close()
        path.write_bytes(b"")
        path.unlink()
    except FileNotFoundError:
        raise Unavailable("no such folder (create it, or mount what belongs there)") from None
    except OSError as error:
        raise Unavailable(kept_by(error)) from None
    return f"readable and writable{_polled(folder)}"


def _polled(folder: Path) -> str:
    share = far(str(folder))
    return f"; {share}, so it is polled" if share else ""
