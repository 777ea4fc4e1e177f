"""The service as it lives: run the pump, put edits in force, tell what happens, stop in good order.

Promises: ready is said when the ledger is open and the site in force; the watchdog is answered from the control loop
alone; a broken edit leaves the last good site in force; asked to stop, it claims no more, finishes what flies, and
lets go. In trouble: Broken, where the disk or the file failed: it stops at once and does not say that it stops in good order.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import partial
from pathlib import Path
from typing import Final

from translator import __version__
from translator.config.site import Site
from translator.core.finding import Finding, Misconfigured, Unavailable
from translator.endpoints.endpoint import Endpoint
from translator.endpoints.porter.lines import Porter
from translator.instance import Taken
from translator.ledger.events import Event
from translator.ledger.ledger import Ledger
from translator.ledger.trouble import Broken
from translator.observe import log
from translator.service import agreed, environment, forgetting, journal, places, whereabouts
from translator.service.notices import Daily, notices, unforgotten
from translator.service.notify import Supervisor, reloading
from translator.service.reload import Edits
from translator.service.reserve import may_take
from translator.service.shadow import site_of
from translator.service.signals import Asked
from translator.service.watching import Watching
from translator.stations.lookups import CHANGED
from translator.stations.moves import PURGE
from translator.stations.pump import Pump

KEPT: Final = 300.0  # seconds that connections of an earlier site are kept for what still flies over them
TELL: Final = 1.0  # seconds between looks at what happened
NOTICE: Final = 60.0  # seconds between looks at what a person should hear of
ROOM: Final = 5.0  # seconds between looks at the disk
AGREE: Final = 1.0  # seconds between looks at what other machines put in force
FORGET: Final = 3600.0  # seconds between looks for what is to be forgotten
AGAIN: Final = 300.0  # seconds until keys are wiped again, where a reader of their store was in the way
QUIET: Final = 30.0  # seconds between words to a supervisor that has no watchdog


@dataclass(slots=True)
class _Old:
    """Places of an earlier site, not yet let go."""

    endpoints: Mapping[str, Endpoint]
    until: float


@dataclass(slots=True)
class Life:
    """One service over an open ledger, from *ready* to *stopped*."""

    root: Path
    ledger: Ledger
    pump: Pump
    asked: Asked
    supervisor: Supervisor
    edits: Edits  # since before the site was read: what was edited while we began counts
    porter: Porter | None = None  # who carries for the folders of this machine
    told: int = 0  # the event told last
    closed: Mapping[str, float] = field(default_factory=dict)  # the lanes told last not to be open, and until when
    pinged: float = float("-inf")
    heard: float = float("-inf")
    noticed: float = float("-inf")
    compared: float = float("-inf")
    forgets: float = float("-inf")
    trusted: bool = False  # a person said that the clock is right
    measured: float = float("-inf")
    away: str = ""  # why nothing can be committed, as it was told last
    declined: str = ""  # what is in force for the others, and cannot be used here
    daily: Daily = field(default_factory=Daily)
    stopping: bool = False
    old: list[_Old] = field(default_factory=list)
    watching: Watching | None = None

    def live(self, *, once: bool) -> None:
        """Run until asked to stop; with `once`, until nothing is due any more."""
        self._begin()
        try:
            self._run(once=once)
        finally:
            self._unwatch()
        self._end()

    def _begin(self) -> None:
        self.pump.house.alive = self._alive
        self._limit(self.pump.house.site)
        self.pump.open()
        with self.ledger.look() as book:
            self.told = book.events.last()
        self._look_at_disk(self.pump.house.clock.monotonic())
        self._note("service started", {"version": __version__, "site": self.pump.house.site.hash})
        self._tell_events()
        self._ready()

    def _run(self, *, once: bool) -> None:
        if once:
            self.pump.once(self._is_stopping)
            self._forget(self.pump.house.clock.monotonic())
            return
        self._watch(self.pump.house.site)
        self.pump.run(self._is_stopping, self._beat)

    def _end(self) -> None:
        self._note("service stopped", {})
        self._tell_events()
        for endpoints in (self.pump.house.endpoints, *(old.endpoints for old in self.old)):
            places.close(endpoints.values())

    def _is_stopping(self) -> bool:
        if self.asked.stop and not self.stopping:
            self.stopping = True
            self.supervisor.tell("STOPPING=1", "STATUS=finishing what is under way")
            log().info("stopping")
        return self.asked.stop

    def _beat(self) -> None:
        """Do what belongs between two turns; called by the control loop alone."""
        now = self.pump.house.clock.monotonic()
        self._tell_away()
        self._ping(now)
        self._look_at_disk(now)
        if now - self.heard >= TELL:
            self.heard = now
            self._tell_events()
        self._tell_notices(now)
        if self.watching:
            self.watching.tell()
        self._let_go(now)
        self._agree(now)
        self._forget(now)
        if self.asked.take_reload() or self.edits.settled(now):
            self._reload(now)

    def _tell_away(self) -> None:
        """Say, once, that nothing can be committed, and that it can again."""
        if self.pump.away != self.away:
            self.away = self.pump.away
            if self.away:
                log().warning("waiting for the ledger", why=self.away)
            else:
                log().info("the ledger is there again")

    def _forget(self, now: float) -> None:
        """Forget what is personal and whose time is over."""
        if now < self.forgets:
            return
        site, trusted, self.trusted = self.pump.house.site, self.trusted, False
        try:
            told = forgetting.forget(self.ledger, site, trusted=trusted, alive=self._alive)
        except Unavailable:
            self.forgets = now + AGAIN  # the road does not wait each time for whoever has the keys' store
            raise
        except (Broken, Taken):
            raise
        except Exception as error:  # noqa: BLE001 - a fault of ours in forgetting must not end what runs
            log().exception("fault")
            told = forgetting.Told(refused=f"our fault: {type(error).__name__}")
            self._note("nothing forgotten", {"reason": told.refused})
        if told.refused:
            log().warning("nothing is forgotten", why=told.refused)
        if told.left:
            log().warning("keys are not wiped", count=told.left)
        self.forgets = now if told.more else now + (AGAIN if told.left else FORGET)

    def _alive(self) -> None:
        """Tell within a long turn that it goes on: a file of millions of records is read in one."""
        now = self.pump.house.clock.monotonic()
        self.ledger.alive()
        self.pump.keep()
        if now - self.pinged >= (self.supervisor.every or QUIET):
            self.pinged = now
            self.supervisor.tell("WATCHDOG=1")

    def _ready(self) -> None:
        self.supervisor.tell("READY=1", f"MAINPID={os.getpid()}", f"STATUS={self._status()}")

    def _ping(self, now: float) -> None:
        if now - self.pinged >= (self.supervisor.every or QUIET):
            self.pinged = now
            self.supervisor.tell("WATCHDOG=1", f"STATUS={self._status()}")

    def _status(self) -> str:
        if self.pump.away:
            return self.pump.away
        try:
            with self.ledger.look() as book:
                counts = book.work.counts()
        except Unavailable as error:
            return str(error)
        held = sum(number for (_, state), number in counts.items() if state == "held")
        turns = sum(number for (station, _), number in counts.items() if station == "collect")
        return f"{sum(counts.values()) - held - turns} under way, {held} held"

    def _reload(self, now: float) -> None:
        self.supervisor.tell(*reloading())
        self.edits.trying()
        try:
            if read := self._read(self._edited):
                agreed.enforce(self.ledger, read[0])
                self._furnish(*read, now)
        except Unavailable:
            self.asked.reload = True  # when the ledger is there again
            raise
        self._ready()

    def _edited(self) -> Site | None:
        """Read the site anew; None where it was edited meanwhile."""
        site = site_of(self.root, self.pump.house.site.shadow, agreed.laid(self.ledger))
        return site if self.edits.standing() else None

    def _agree(self, now: float) -> None:
        """Take what another machine put in force."""
        if self.ledger.database.alone or now - self.compared < AGREE:
            return
        self.compared = now
        there = agreed.differs(self.ledger, self.pump.house.site)
        if not there or there == self.declined:
            return
        if read := self._read(partial(agreed.taken, self.ledger, self.root)):
            self._furnish(*read, now)
        self.declined = "" if read else there

    def _read(self, make: Callable[[], Site | None]) -> tuple[Site, Mapping[str, Endpoint]] | None:
        """Make the site anew; None where there is none, or it is refused: whatever comes, what is in force stays."""
        house = self.pump.house
        try:
            site = make()
            if site is None:
                return None
            return self._fitting(site), places.endpoints_of(site, house.clock, house.faults, self.porter)
        except Unavailable:
            raise
        except Misconfigured as error:
            self._refuse(error.findings)
        except Exception as error:  # noqa: BLE001 - a fault of ours in reading must not end what runs
            log().exception("fault")
            self._refuse([Finding("site-unreadable", f"the site cannot be read ({type(error).__name__})")])
        return None

    def _fitting(self, site: Site) -> Site:
        if site.ledger != self.pump.house.site.ledger:
            raise Misconfigured(
                [Finding("ledger-moved", "another ledger is used from the next start on", hint="restart the service")]
            )
        with self.ledger.look() as book:
            environment.fits(book, site)
        return site

    def _furnish(self, site: Site, endpoints: Mapping[str, Endpoint], now: float) -> None:
        house = self.pump.house
        self._limit(site)
        self.pump.furnish(replace(house, site=site, endpoints=endpoints))
        self.old.append(_Old(house.endpoints, now + KEPT))
        self._watch(site)
        self._note("configuration in force", {"site": site.hash})

    def _refuse(self, findings: tuple[Finding, ...] | list[Finding]) -> None:
        """Say what is wrong, and go on with what is in force."""
        for finding in findings:
            place = finding.rule or finding.data
            log().error(
                "configuration refused", code=finding.code, file=place and place.file, line=place and place.line
            )
        self._note("configuration refused", {"findings": [finding.as_json() for finding in findings]})

    def _look_at_disk(self, now: float) -> None:
        """Take in nothing more while the ledger's disk is nearly full; what is there goes on."""
        where = whereabouts.ledger_of(self.pump.house.site)
        if not isinstance(where, Path) or now - self.measured < ROOM:
            return
        self.measured = now
        may = may_take(where.parent, self.pump.house.site.reserve, taking=self.pump.intake)
        if may != self.pump.intake:
            self._note("disk has room again" if may else "disk nearly full", {})
            self.pump.intake = may

    def _limit(self, site: Site) -> None:
        with self.ledger.commit() as book:
            for limits in places.lanes_of(site):
                book.lanes.put(limits.name, limits.rate, limits.burst, limits.calls, limits.door, limits.each)

    def _note(self, name: str, detail: dict[str, object]) -> None:
        with self.ledger.commit() as book:
            book.events.note("service", name, detail)

    def _tell_events(self) -> None:
        more = True
        while more:
            with self.ledger.look() as book:
                events, lanes = book.events.since(self.told, journal.MOST), book.lanes.all()
            self._tell(events)
            more = len(events) == journal.MOST
        self.closed = journal.tell_closed(lanes, self.closed, self.pump.house.now())

    def _tell(self, events: Sequence[Event]) -> None:
        for event in events:
            journal.tell(event)
            self.told = event.id
            if event.name == CHANGED:
                self.asked.reload = True
            if event.name == PURGE:
                self.forgets, self.trusted = float("-inf"), bool(event.detail.get("trusted"))

    def _tell_notices(self, now: float) -> None:
        """Say what ends soon, or is wrong around us: once a day while it lasts."""
        if now - self.noticed < NOTICE:
            return
        self.noticed, house = now, self.pump.house
        with self.ledger.look() as book:
            late = list(unforgotten(book, house.site))
        for notice in (*notices(house.site, house.endpoints, house.clock.now()), *late):
            if self.daily.fresh(notice, house.clock.now().date()):
                log().warning(notice.name, **notice.facts())

    def _watch(self, site: Site) -> None:
        """Let file events give an endpoint its turn early."""
        self._unwatch()
        self.watching = Watching(whereabouts.local_folders(site), self.pump.wake)

    def _unwatch(self) -> None:
        if self.watching:
            self.watching.stop()

    def _let_go(self, now: float) -> None:
        for old in [old for old in self.old if old.until <= now]:
            places.close(old.endpoints.values())
            self.old.remove(old)
