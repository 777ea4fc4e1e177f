"""What is late or about to be: each running clock of each open order, files that nobody takes or that did not come, who

cannot be reached, what a person must decide, secrets that grow old.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, Final

from translator.cli import say
from translator.cli.behind.book import looking
from translator.config.ground import read_ground
from translator.config.read import read_site
from translator.config.site import Site
from translator.core.finding import Finding, Misconfigured, counted, errors
from translator.core.timeline import Running, fold, running, stage
from translator.core.work import State, Station
from translator.endpoints.spapi.login import LIFE, WARNED, expiry
from translator.instance import SITE
from translator.ledger.book import Book
from translator.service.agreed import taken_in
from translator.service.compared import kept
from translator.service.overdue import overdue
from translator.service.reserve import space
from translator.service.whereabouts import ledger_of
from translator.stations import expected, levels, patience
from translator.stations.settle import put_at

REACH: Final = timedelta(days=190)  # orders known before are over, or nobody can do anything about them any more
AWAY: Final = timedelta(minutes=15)  # a partner, or one folder of it, that is away for so long is told
AWAITED: Final = {
    "person": "a person must decide",
    "mapping": "an edit is needed",
}  # what a row waits for -> what to do
SOON: Final = timedelta(hours=4)  # a clock that ends within is told before it is late


def alarms_of(root: Path) -> list[dict[str, Any]]:
    """Give everything that is late, or will be within four hours, the most late first."""
    now = datetime.now(UTC)
    with looking(read_ground(root)) as book:
        site, faults = _site(book, root)
        late = sorted(_clocks(book, now), key=lambda row: str(row["due"]))
        partners = list(_partners(book, now))
        rows = [
            *_put_back(book),
            *late,
            *_files(book, site, now),
            *_expected(book, site, now),
            *_stock(book, site, now),
            *partners,
            *_folders(book, site, now, {row["about"] for row in partners}),
            *_decisions(book),
            *_compared(book),
            *_secrets(site, now),
            *_personal(book, site),
        ]
    return [*_edit(faults, now), *_disk(site, now), *rows]


def _site(book: Book, root: Path) -> tuple[Site, Sequence[Finding]]:
    """Give the site; where its files cannot be used now, the one that the service goes on by, and what is wrong with them."""
    try:
        return read_site(root), ()
    except Misconfigured as error:
        site = taken_in(book, root)
        if site is None:
            raise
        return site, errors(error.findings)


def _edit(faults: Sequence[Finding], now: datetime) -> Iterator[dict[str, Any]]:
    for first in faults[:1]:
        more = f", and {len(faults) - 1} more" if len(faults) > 1 else ""
        yield {
            "about": "the files of the site",
            "what": "cannot be used: the service goes on by the last good ones",
            "due": say.moment(now.timestamp()),
            "how": f"{first.code} in {first.rule.file if first.rule else SITE}{more}",
            "stands": "translator check",
        }


def _disk(site: Site, now: datetime) -> Iterator[dict[str, Any]]:
    where = ledger_of(site)
    there = space(where.parent, site.reserve) if isinstance(where, Path) else None
    if there and there.is_short():
        yield {
            "about": "the ledger's disk",
            "what": "nearly full: nothing new is taken in",
            "due": say.moment(now.timestamp()),
            "how": str(there),
            "stands": "make room; it goes on by itself",
        }


def _put_back(book: Book) -> Iterator[dict[str, Any]]:
    """Give the ledger that was put back, as long as nothing is sent since."""
    doubt = book.reconciling.doubt()
    if doubt and book.reconciling.lasts():
        since = say.moment(doubt.since)
        words = f"since {since}: {doubt.why}"
        yield {
            "about": "the ledger",
            "what": "was put back: nothing is sent",
            "due": since,
            "how": words,
            "stands": "translator reconcile",
        }


def _clocks(book: Book, now: datetime) -> Iterator[dict[str, Any]]:
    for subject in book.events.subjects("order known", (now - REACH).timestamp()):
        line = fold(book.events.of(subject))
        for clock in running(line):
            if clock.due <= now + SOON:
                yield _row(f"order {subject}", clock, now, stage(line))


def _row(about: str, clock: Running, now: datetime, stands: str) -> dict[str, Any]:
    left = clock.due - now
    words = f"late by {_span(-left)}" if left < timedelta(0) else f"within {_span(left)}"
    return {
        "about": about,
        "what": clock.name,
        "due": say.moment(clock.due.timestamp()),
        "how": words,
        "stands": stands,
    }


def _files(book: Book, site: Site, now: datetime) -> Iterator[dict[str, Any]]:
    """Give the files that nobody took for too long, the oldest first."""
    routes = {route.name: route for route in site.routes if route.late}
    works = {int(work.subject): work for work in book.work.find(station=Station.SETTLE) if work.route in routes}
    files, attempts = book.interchanges.by_id(works), book.attempts.by_interchange(works)
    put = {number: put_at(file, attempts[number]) for number, file in files.items()}
    for number in sorted(files, key=put.__getitem__):
        route = routes[works[number].route]
        clock = Running(
            "not acknowledged" if route.acked else "not taken", datetime.fromtimestamp(put[number] + route.late, UTC)
        )
        if clock.due <= now:
            yield _row(f"file {files[number].name}", clock, now, route.endpoint)


def _expected(book: Book, site: Site, now: datetime) -> Iterator[dict[str, Any]]:
    """Give the folders into which no file came in time."""
    for source in (one for one in site.sources if one.expect):
        since = expected.last(book, source)
        if since is not None and (due := expected.due(site, source, since)) <= now:
            clock = Running(expected.NO_FILE, due)
            yield _row(f"folder {source.endpoint}", clock, now, f"the last one: {say.moment(since)}")


def _stock(book: Book, site: Site, now: datetime) -> Iterator[dict[str, Any]]:
    """Give the warehouses of whose levels Amazon does not say for long that it took them."""
    for system in site.systems.values():
        for code in system.warehouses:
            since = levels.vain(book, system.account, code)
            if since is not None and (due := datetime.fromtimestamp(since + levels.VAIN, UTC)) <= now:
                clock = Running(levels.IN_VAIN, due)
                yield _row(f"warehouse {system.account} {code}", clock, now, "translator show inventory")


def _partners(book: Book, now: datetime) -> Iterator[dict[str, Any]]:
    """Give who cannot be reached, and who is not asked any more until a person has looked."""
    for lane in book.lanes.troubled():
        door, since = lane.stands, datetime.fromtimestamp(lane.stands.since, UTC)
        if door.is_stopped or now - since >= AWAY:
            yield {
                "about": f"partner {lane.name.partition('/')[0]}",
                "what": "stopped: a person must look" if door.is_stopped else "cannot be reached",
                "due": say.moment(door.since),
                "how": f"since {_span(now - since)}",
                "stands": door.reason,
            }


def _folders(book: Book, site: Site, now: datetime, told: Collection[str]) -> Iterator[dict[str, Any]]:
    """Give the folders that cannot be looked at for long, though their partner is well: nothing of theirs is late."""
    for work in book.work.find(station=Station.COLLECT):
        partner = work.route.partition("/")[0]
        if (
            not patience.is_turn(work)
            or work.give_up is None
            or partner not in site.systems
            or f"partner {partner}" in told
        ):
            continue
        since = datetime.fromtimestamp(work.give_up - patience.LIFE, UTC)
        if now - since >= AWAY:
            yield {
                "about": f"folder {work.route}",
                "what": "cannot be looked at",
                "due": say.moment(since.timestamp()),
                "how": f"since {_span(now - since)}",
                "stands": work.reason,
            }


def _decisions(book: Book) -> Iterator[dict[str, Any]]:
    held = book.work.find(state=State.HELD)
    for awaited, what in AWAITED.items():
        asked = [work for work in held if work.awaits == awaited]
        if asked:
            since = say.moment(min(work.since for work in asked))
            words = f"{counted(len(asked), 'row')} since {since}"
            yield {"about": "held rows", "what": what, "due": since, "how": words, "stands": "translator show held"}


def _compared(book: Book) -> Iterator[dict[str, Any]]:
    found = kept(book)
    if failed := found.get("failed"):
        yield {
            "about": "the last comparison",
            "what": "could not be done",
            "due": say.moment(found["at"]),
            "how": failed,
            "stands": "translator show compared",
        }
    elif found.get("out"):
        since = say.moment(found["at"])
        yield {
            "about": "the last comparison",
            "what": "orders that two sides do not agree on",
            "due": since,
            "how": f"{found['out']} out",
            "stands": "translator show compared",
        }


def _secrets(site: Site, now: datetime) -> Iterator[dict[str, Any]]:
    for account in site.accounts.values():
        made = account.rotated or account.client_secret.since()
        left = expiry(made, now) if made else LIFE
        if left <= WARNED:
            due = now.date() + timedelta(days=left)
            yield {
                "about": f"account {account.name}",
                "what": "client secret",
                "due": str(due),
                "how": f"{counted(left, 'day')} left" if left > 0 else "Amazon takes it no more",
                "stands": "rotate it",
            }


def _personal(book: Book, site: Site) -> Iterator[dict[str, Any]]:
    for late in overdue(book, site):
        due = datetime.fromtimestamp(late.due, UTC)
        row = _row(late.about, Running(late.what, due), datetime.fromtimestamp(book.now, UTC), late.do)
        yield row | {"how": f"{row['how']}: {late.count}"}


def _span(time: timedelta) -> str:
    hours, rest = divmod(int(time.total_seconds()), 3600)
    return f"{hours // 24} d {hours % 24} h" if hours >= 48 else f"{hours} h {rest // 60} min"
