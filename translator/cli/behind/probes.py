"""What `doctor` tries, one after the other; each answers with what it saw, and what to do where that is not well."""

from __future__ import annotations

import secrets
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from translator.cli.check import secrets as references
from translator.config.read import read_site
from translator.config.site import Account, LocalPlace, SftpPlace, Site, System
from translator.core.finding import Misconfigured, Rejected, Unavailable
from translator.ledger.sqlite import chosen, driver, safe
from translator.service import places
from translator.service.ports import SystemClock


@dataclass(frozen=True, slots=True)
class Probe:
    """What was tried, whether it is well, what was seen, and what to do."""

    what: str
    well: bool
    said: str
    do: str = ""

    def as_json(self) -> dict[str, Any]:
        return asdict(self)


def probes(root: Path) -> Iterator[Probe]:
    """Try everything. Raises Misconfigured where the site itself is wrong."""
    site = read_site(root)
    yield Probe("site", True, f"{len(site.sources)} sources, {len(site.routes)} routes")
    yield from _ledger(site)
    yield from _secrets(site)
    for system in site.systems.values():
        yield from _place(system)
    for account in site.accounts.values():
        yield from _amazon(account)


def _tried(what: str, go: Callable[[], str]) -> Probe:
    """Try one thing; the reasons of these exceptions are made to be shown."""
    try:
        return Probe(what, True, go())
    except Unavailable as error:
        reason, _, hint = error.reason.partition(" (")
        return Probe(what, False, reason, hint.rstrip(")"))
    except (Misconfigured, Rejected) as error:
        first = error.findings[0]
        return Probe(what, False, f"{first.code}: {first.text}", first.hint)


def _ledger(site: Site) -> Iterator[Probe]:
    path = places.ledger_path(site)
    version = driver().sqlite_version_info
    mode = "WAL and FULL" if chosen("auto") == "wal" else "rollback journal and EXTRA"
    text = f"SQLite {'.'.join(map(str, version))}, {mode}"
    do = "" if safe(version) else "install pysqlite3: it brings an SQLite that is safe in WAL mode, which is quicker"
    yield Probe("SQLite", True, text, do)
    if not path.parent.is_dir():
        yield Probe("ledger", False, f"{path.parent}: no such folder", "create it for the service's user")
        return
    yield _tried("ledger", lambda: _opened(site, path))
    yield _tried(f"folder of the ledger {path.parent}", lambda: _written(path.parent))


def _opened(site: Site, path: Path) -> str:
    from translator.cli.behind.book import looking

    if not path.exists():
        return f"{path}: not there yet; the service makes it at its first start"
    with looking(site) as book:
        counts = book.work.counts()
    return f"{path}: {sum(counts.values())} rows wait, {sum(n for (_, state), n in counts.items() if state == 'held')} of them held"


def _secrets(site: Site) -> Iterator[Probe]:
    for reference in references(site):
        yield _tried(f"secret {reference.how} {reference.what}", lambda reference=reference: _secret(reference))  # type: ignore[misc]


def _secret(reference: Any) -> str:
    return "it is there" if reference.read().reveal().strip() else "it is there, and empty"


def _place(system: System) -> Iterator[Probe]:
    folders = {folder: folder in system.to for folder in dict.fromkeys([*system.to, *system.from_])}
    if isinstance(system.place, LocalPlace):
        for folder in folders:
            path = system.place.root / folder
            yield _tried(f"{system.name}: {path}", lambda path=path: _written(path))  # type: ignore[misc]
        return
    yield from _server(system, system.place, list(folders))


def _written(folder: Path) -> str:
    """Write a hidden file and remove it: what sending does, and archiving."""
    path = folder / f".translator-doctor-{secrets.token_hex(6)}.tmp"
    try:
        path.write_bytes(b"")
        path.unlink()
    except FileNotFoundError:
        raise Unavailable("no such folder (create it, or mount what belongs there)") from None
    except OSError as error:
        what = (error.strerror or "it cannot be written").lower()
        raise Unavailable(f"{what} (give the service's user the right to write there)") from None
    return "readable and writable"


def _server(system: System, place: SftpPlace, folders: list[str]) -> Iterator[Probe]:
    what = f"{system.name}: sftp://{place.user}@{place.host}:{place.port}"
    try:
        server = places.server_of(place)
    except Misconfigured as error:
        yield Probe(what, False, f"{error.findings[0].code}: {error.findings[0].text}", error.findings[0].hint)
        return
    try:
        yield (login := _tried(what, lambda: _logged_in(server)))
        for folder in folders if login.well else ():
            path = places.below(place.root, folder)
            yield _tried(f"{what} {path}", lambda path=path: _written_there(server, path))  # type: ignore[misc]
    finally:
        server.close()


def _logged_in(server: Any) -> str:
    with server.session():
        return "the pinned key is shown, the login taken"


def _written_there(server: Any, folder: str) -> str:
    name = f"{folder}/.translator-doctor-{secrets.token_hex(6)}.tmp"
    try:
        with server.session() as session:
            session.write(name, b"")
            session.remove(name)
    except OSError as error:
        raise Unavailable(
            f"{type(error).__name__} (create the folder; let {server.settings.user} write there)"
        ) from None
    return "readable and writable"


def _amazon(account: Account) -> Iterator[Probe]:
    what = f"Amazon {account.name}"
    made = None
    try:
        made = places.account_of(account, SystemClock())
        yield _tried(f"{what}: LWA token, restricted data token, getOrders", lambda: _orders(made))
    except Misconfigured as error:
        yield Probe(what, False, f"{error.findings[0].code}: {error.findings[0].text}", error.findings[0].hint)
    finally:
        if made is not None:
            made.close()


def _orders(account: Any) -> str:
    """Ask for the orders of one minute: that needs LWA's token, the restricted token and the role, and moves nothing."""
    end = datetime.now(UTC) - timedelta(minutes=5)
    form = "%Y-%m-%dT%H:%M:%SZ"
    query = {"createdAfter": f"{end - timedelta(minutes=1):{form}}", "createdBefore": f"{end:{form}}", "limit": "1"}
    account.ask(account.path("orders", "purchaseOrders"), query)
    return "all three are given"
