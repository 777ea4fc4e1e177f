"""The one loop: it claims, decides and commits; threads only carry bytes.

One turn is one commit: what was finished is recorded, what operators asked is done, holds are swept, due rows are
claimed and begun. Between commits, thinking is done here and carrying by workers. In trouble: the world's fault
defers the row and closes its lane; anything else is our own fault: the row is held with its traceback, the rest goes
on; a broken ledger stops the service at once.
"""

from __future__ import annotations

from collections import defaultdict, deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import replace
from functools import partial
from threading import Event
from typing import Any, Final

from translator.core.finding import Unavailable
from translator.core.work import State, Station
from translator.endpoints.turns import ALONG, Asked, side_by_side
from translator.ledger.book import Book
from translator.ledger.interchanges import Interchange
from translator.ledger.ledger import Ledger
from translator.ledger.moves import Moves
from translator.ledger.trouble import Lost, told
from translator.ledger.work import Work
from translator.stations import collect, moves, nightly, outcomes, patience, read, send, settle, streams, tidy, write
from translator.stations.errand import LEASE, Carry, Errand, House, Think, batch_of
from translator.stations.inbox import Finished, Inbox, Item, Staged, Wake, finished

BEGIN: Final = {
    Station.COLLECT: collect.begin,
    Station.READ: read.begin,
    Station.WRITE: write.begin,
    Station.SEND: send.begin,
    Station.SETTLE: settle.begin,
}
WORKERS: Final = 64  # threads of one partner at most
BATCH: Final = 200  # rows of one claim
SWEEP: Final = 60.0  # seconds between sweeps of the holds
PATIENCE: Final = 60.0  # seconds that `once` waits for a file to be complete
PRUNE: Final = 3600.0  # seconds between looks for what ended long ago
VAIN: Final = 2  # turns in which the ledger was away, one after the other, until a service that is to stop lets go
LISTEN: Final = 1.0  # seconds between looks for moves
RENEW: Final = LEASE / 3  # seconds between renewals of what flies
LONGEST: Final = 3600.0  # seconds until what flies is given up: its lease may lapse, another holder takes it


class Pump:
    """Run the road over one ledger."""

    def __init__(self, house: House, ledger: Ledger, asked: Moves, workers: int = WORKERS) -> None:
        self.house = house
        self.house.spool = ledger.spool
        self._ledger = ledger
        self._asked = asked
        self._inbox = Inbox()
        self._workers = workers
        self._pools: dict[str, ThreadPoolExecutor] = {}  # by partner: one that hangs takes nobody else's workers
        self._flying: dict[int, tuple[Carry, float]] = {}  # by identity, with when it set out
        self._thinking: Sequence[Errand] = ()  # what is thought over now
        self._woken: set[str] = set()  # endpoints that were woken while they had their turn: it may have looked before
        self._renewed = float("-inf")
        self._swept = self._pruned = float("-inf")
        self._latest = float("inf")  # the latest time of the book since its clock went back, or the service began
        self._stopped = False
        self._sending = False  # whether the ledger is as it was left: else what may have left is not sent
        self.away = ""  # why the last turn could not be committed
        self.intake = True  # False: the disk is nearly full, so nothing new is taken in
        self._pause = Event()  # set when the loop is gone

    def wake(self, endpoint: str = "") -> None:
        """Look again now: called by watchers from any thread. `endpoint`: it has its turn at once."""
        self._inbox.wake(endpoint)

    def open(self) -> None:
        """Begin: reopen what a dead holder had, and put the site in force: it may have been edited meanwhile."""
        with self._ledger.commit() as book:
            book.work.reopen()
            self._in_force(self.house, book)

    def furnish(self, house: House) -> None:
        """Put a changed site in force; where the ledger cannot take it in now, what was in force stays."""
        with self._ledger.commit() as book:
            self._in_force(house, book)
        self.house = house

    def _in_force(self, house: House, book: Book) -> None:
        """Give new sources their rows; what waited for a mapping is tried again."""
        book.configurations.put(house.site.hash, house.site.texts)
        for source in house.site.sources:
            if source.every:
                book.work.add(Station.COLLECT, source.endpoint, collect.OWN, lane=source.lane)
        tidy.open_all(house, book)
        nightly.due_again(house, book)
        book.work.release("mapping")
        write.unneeded(house, book)
        patience.anew(house, book)

    def run(self, stopping: Callable[[], bool], beat: Callable[[], None]) -> None:
        """Turn until asked to stop; `beat` is called from this loop alone, so a stuck loop misses it."""
        try:
            while not stopping():
                try:
                    busy = self.turn()
                    beat()
                    if not (busy and self._inbox.qsize()):  # a turn for nothing would be a commit for nothing
                        self._wait(LISTEN)
                except Unavailable:  # the ledger is away: nothing is done meanwhile, and nothing forgotten
                    self._pause.wait(LISTEN)
            self.close()
        finally:
            self._pause.set()  # who waits for *staged* must not wait for a loop that is gone

    def once(self, stopping: Callable[[], bool] = lambda: False) -> None:
        """Give each source one turn and carry on until nothing is due, or asked to stop; then stop."""
        self.house = _unhurried(self.house)
        try:
            for source in self.house.site.sources:
                if source.every:
                    self._hasten(source.endpoint)
            patience = self.house.clock.monotonic() + PATIENCE
            while not stopping() and (self.turn() or self._flying or self._soon(patience)):
                if not self._inbox.qsize():
                    self._wait(LISTEN)
            self.close()
        finally:
            self._pause.set()

    def close(self) -> None:
        """Stop claiming; finish what flies, record it and what was thought over, let go.

        Where the ledger stays away, what ended is not recorded: whoever comes next finds it as after a crash.
        """
        self._stopped = True
        vain = 0
        while vain < VAIN and (self._flying or (not vain and self._inbox.qsize())):
            self._inbox.wait(LISTEN)  # what is due meanwhile is for the next service
            vain = 0 if self.turn() or not self._inbox.qsize() else vain + 1
        self._pause.set()  # nobody stages any more
        for pool in self._pools.values():
            pool.shutdown()

    def turn(self) -> bool:
        """Do one turn; tell whether anything was done. Where the ledger cannot commit now, all of it is done again."""
        items = self._inbox.hear()
        before = dict(self._flying), self._renewed, self._swept, self._pruned
        try:
            errands, moved = self._committed(items)
        except Unavailable as error:
            self.away = error.reason
            self._flying, self._renewed, self._swept, self._pruned = before
            for item in items:
                self._inbox.put(item)
            self._pause.wait(LISTEN)
            return False
        self.away = ""
        for item in items:
            if isinstance(item, Staged):
                item.done.set()
        self._dispatch(errands)
        for number, outcome, ok in moved:
            with suppress(Unavailable):  # it is answered at the next turn: that it was carried out stands in the ledger
                self._asked.answer(number, outcome, ok)
        return bool(items or errands or moved)

    def _committed(self, items: list[Item]) -> tuple[list[Errand], list[tuple[int, str, bool]]]:
        waiting = self._asked.waiting()  # before the commit: it asks in one of its own, and others wait for ours
        with self._ledger.commit() as book:
            errands = self._recorded(book, items)
            woken = self._hastened(book, items)
            if staged := [item for item in items if isinstance(item, Staged)]:
                outcomes.staged(self.house, book, staged)
            moved = moves.apply(self.house, book, waiting)
            self._sending = not book.reconciling.lasts()
            went_back = book.now < self._latest - patience.SLACK
            if went_back:
                patience.right(self.house, book)
            self._sweep(book)
            self._renew(book, errands)
            errands += [] if self._stopped else self._claimed(book)
            book.began = bool(errands or items)
            if not book.began:
                self._prune(book)
        self._latest = book.now if went_back else max(self._latest, book.now)
        self._woken = woken
        return errands, moved

    def _recorded(self, book: Book, items: list[Item]) -> list[Errand]:
        """Record what was finished."""
        done = [item for item in items if isinstance(item, Finished)]
        for item in done:
            self._flying.pop(id(item.errand), None)
        return outcomes.recorded(self.house, book, done)

    def _hastened(self, book: Book, items: list[Item]) -> set[str]:
        """Give who was woken its turn; give who has it now, and is to have another."""
        woken = self._woken | {item.endpoint for item in items if isinstance(item, Wake) and item.endpoint}
        busy = {one for one in woken if book.work.find(station=Station.COLLECT, route=one, state=State.ACTIVE)}
        for endpoint in woken - busy:
            book.work.hasten(Station.COLLECT, endpoint)
        return busy

    def _sweep(self, book: Book) -> None:
        now = self.house.clock.monotonic()
        if now - self._swept < SWEEP:
            return
        self._swept = now
        streams.sweep(book)
        patience.sweep(self.house, book)
        for work in book.work.sweep():
            outcomes.over(self.house, book, work)

    def _prune(self, book: Book) -> None:
        """Where nothing else is to do, take away a little of what ended long ago; at the end of it, look again later."""
        now, site = self.house.clock.monotonic(), self.house.site
        if now - self._pruned < PRUNE:
            return
        left = [source.endpoint for source in site.sources if site.leaves(source.endpoint)]
        if not book.pruning.step(book.now - site.history, left):
            self._pruned = now

    def _renew(self, book: Book, setting_out: Iterable[Errand]) -> None:
        """Lengthen the leases of what flies, before a claim takes them for lapsed: a slow link is no dead holder."""
        if 0 <= book.now - self._renewed < RENEW:
            return
        self._renewed = book.now
        now = self.house.clock.monotonic()
        flying = [errand for errand, began in self._flying.values() if now - began < LONGEST]
        for errand in [*flying, *setting_out]:
            for work in errand.works:
                with suppress(Lost):
                    book.work.renew(work, LEASE)

    def _claimed(self, book: Book) -> list[Errand]:
        site = self.house.site
        together = {(str(Station.WRITE), route.name): most for route in site.routes if (most := batch_of(site, route))}
        by_station: dict[str, list[Work]] = defaultdict(list)
        for work in book.work.claim(BATCH, LEASE, together, self._resting()):
            by_station[work.station].append(work)
        errands: list[Errand] = []
        for station, works in by_station.items():
            errands += self._begun(book, Station(station), works)
        return errands

    def _resting(self) -> tuple[str, ...]:
        """Give the stations that have no turn now."""
        resting = {Station.COLLECT: not self.intake, Station.SEND: not self._sending}
        return tuple(station for station, rests in resting.items() if rests)

    def _begun(self, book: Book, station: Station, works: list[Work]) -> list[Errand]:
        self.house.faults.reach(f"{station}.begin.before")
        begin = partial(BEGIN[station], self.house, book)
        return book.together(works, begin, lambda work, error: outcomes.trouble(self.house, book, (work,), error))

    def _dispatch(self, errands: list[Errand]) -> None:
        thinks = [errand for errand in errands if isinstance(errand, Think)]
        carries = [errand for errand in errands if isinstance(errand, Carry)]
        for errand in carries:
            self._flying[id(errand)] = errand, self.house.clock.monotonic()
        for some in _along(carries):
            self._pool_of(some[0]).submit(self._carry, some)
        if thinks:
            self._think(thinks)

    def _think(self, thinks: list[Think]) -> None:
        """Think over what stands now; where the ledger goes away, what is left is tried again later."""
        left = deque(thinks)
        self._thinking = thinks
        try:
            with self._ledger.look() as book:
                book.bodies.foresee(body for think in thinks for body in think.bodies)
                while left:
                    self._inbox.put(finished(left[0], partial(_thought, left[0], book)))
                    left.popleft()
                    self.keep()
        except Unavailable as error:
            for think in left:
                self._inbox.put(Finished(think, error=error))
        finally:
            self._thinking = ()

    def keep(self) -> None:
        """Keep what is in hand while this thinks for long: where several work on the book, another would take it over."""
        renewed = self._renewed
        if self._thinking and self._ledger.worker and self.house.now() - renewed >= RENEW:
            try:
                with self._ledger.commit() as book:
                    self._renew(book, self._thinking)
            except Unavailable:
                self._renewed = renewed

    def _pool_of(self, errand: Carry) -> ThreadPoolExecutor:
        partner = errand.works[0].route.partition("/")[0]
        if partner not in self._pools:
            self._pools[partner] = ThreadPoolExecutor(self._workers, thread_name_prefix=f"carry-{partner}")
        return self._pools[partner]

    def _carry(self, errands: Sequence[Carry]) -> None:
        place = errands[0].along
        if place is None:
            for errand in errands:
                self._inbox.put(finished(errand, partial(errand.go, self._staging)))
            return
        left = dict(enumerate(errands))
        try:
            with place.kept():
                for number, answer, error in side_by_side([errand.go(self._staging) for errand in errands]):
                    self._inbox.put(Finished(left.pop(number), answer, error))
        except Exception as error:  # noqa: BLE001 (else they would fly for ever)
            for errand in left.values():
                self._inbox.put(Finished(errand, error=error))

    def _staging(self, work: Work, interchange: Interchange, number: int, home: str) -> Asked:
        item = Staged(work, interchange, number, home)
        self._inbox.put(item)
        return partial(self._staged, item)

    def _staged(self, item: Staged) -> None:
        while not (item.done.is_set() or self._pause.is_set()):
            item.done.wait(LISTEN)
        if not item.done.is_set():
            raise Unavailable("the service stops")
        if item.lost:
            raise Unavailable("the claim was lost before the rename")
        self.house.faults.reach("send.staged.after")

    def _wait(self, most: float) -> None:
        """Wait for what comes, or is due."""
        self._inbox.wait(min(most, max(0.0, self._due())))

    def _soon(self, patience: float) -> bool:
        """Tell whether something is due, or a source waits only for its second look; what waits on is left waiting."""
        with self._ledger.look() as book:
            due = book.work.next_due(self._resting())
            looks = [
                work.due for work in book.work.find(station=Station.COLLECT) if work.reason and work.state != State.HELD
            ]
        now, left = self.house.now(), patience - self.house.clock.monotonic()
        return (due is not None and due <= now) or any(look <= now + left for look in looks)

    def _due(self) -> float:
        """Give the seconds until something is due."""
        with self._ledger.look() as book:
            due = book.work.next_due(self._resting())
        return float("inf") if due is None else due - self.house.now()

    def _hasten(self, endpoint: str) -> None:
        with self._ledger.commit() as book:
            book.work.hasten(Station.COLLECT, endpoint)


def _along(errands: Iterable[Carry]) -> Iterator[Sequence[Carry]]:
    """Give the errands by the worker that is to carry them: several to one place, where that is possible."""
    places: dict[int, list[Carry]] = defaultdict(list)
    for errand in errands:
        if errand.along is None:
            yield [errand]
        else:
            places[id(errand.along)].append(errand)
    for some in places.values():
        for start in range(0, len(some), ALONG):
            yield some[start : start + ALONG]


def _thought(think: Think, book: Book) -> Any:
    with told():
        return think.go(book)


def _unhurried(house: House) -> House:
    """Let no source have its next turn, and no file its next look, so soon that something is always due."""
    sources = (replace(one, every=max(one.every, PATIENCE)) if one.every else one for one in house.site.sources)
    routes = (
        replace(one, look=max(one.look, PATIENCE)) if one.mapping and one.look else one for one in house.site.routes
    )
    return replace(house, site=replace(house.site, sources=tuple(sources), routes=tuple(routes)))
