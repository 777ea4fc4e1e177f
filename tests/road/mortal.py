"""A warm parent of short lives: each goes along the road over a hurried clock, and dies by SIGKILL at a fault point.

It reads a line of JSON for each life: `death`, the number of the fault point it dies at (0: at none), and `goals`, what
has to be so before it ends by itself; `here`: it is lived in the parent itself, which ends each thread of it, so that what
a process does once is done. Answers with how it ended, and how many points it passed.

A goal is `["stage", number, stage]`, `["file", name]` (a file of the warehouse's that was read), `["forgotten", number]`, or
`["rotated", digest]` (another master key than that one is in force, alone), and for all of them: nothing waits but the turns
of the sources, and files that lie where nobody takes them.
"""

import functools
import gc
import json
import mmap
import os
import signal
import sys
import threading
import time
import traceback
from hashlib import sha256
from pathlib import Path
from types import SimpleNamespace

from tests.road import road
from tests.road.road import Road
from tests.road.warm import _import_all, _share_trust, remember_mappings
from tests.world import Shifted, World
from translator.cli.behind.forgetting import rotated
from translator.ledger import master, sqlite
from translator.service import forgetting
from translator.service.ports import SystemChance
from translator.stations.life import ASKED

NUMBER = 8  # bytes: how far the clock is ahead; how many points were passed
LONGEST = 600.0  # seconds that pass at once
PATIENCE = 300.0  # seconds of this machine's clock that a life may take


class Ahead(Shifted):
    """A clock that is moved on for all processes that have the same file open.

    What is skipped and how many points were passed are written apart, each at once: who counts points turns no time back.
    """

    def __init__(self, path):
        with path.open("r+b" if path.exists() else "w+b") as file:
            file.truncate(2 * NUMBER)
            self._cells = memoryview(mmap.mmap(file.fileno(), 2 * NUMBER)).cast("d")

    @property
    def _ahead(self):
        return self._cells[0]

    def skip(self, seconds):
        self._cells[0] += seconds

    @property
    def passed(self):
        return int(self._cells[1])

    @passed.setter
    def passed(self, count):
        self._cells[1] = count


class Mortal:
    """Fault points of which one is the last."""

    def __init__(self, clock, death):
        self._clock, self._death, self._one = clock, death, threading.Lock()
        self.names = []

    def reach(self, point):
        with self._one:
            self._clock.passed += 1
            self.names.append(point)
            if self._clock.passed == self._death:
                os.kill(os.getpid(), signal.SIGKILL)
                time.sleep(60)


class Life(Road):
    """The road without its warehouses: these live elsewhere."""

    @staticmethod
    def chance(*_):
        return SystemChance()

    def __init__(self, site, clock, points):
        master = World.master.__get__(SimpleNamespace(site=site))
        self.world = SimpleNamespace(site=site, where=site / "ledger.db", warehouses={}, master=master)
        self.clock, self.points = clock, points
        self._open()

    def until(self, goals, most=PATIENCE):
        """Go on until the goals are reached; where nothing is under way, time passes until something is due."""
        end = time.monotonic() + most
        while time.monotonic() < end:
            if self.pump.turn() or self.pump._inbox.qsize():
                continue
            if self.pump._flying:
                self.pump._wait(0.05)
            elif self.is_over(goals):
                return True
            elif not self._done(goals):
                self.clock.skip(min(max(self.pump._due(), 0.01), LONGEST))
        return False

    def _done(self, goals):
        """Do what a goal asks of the service itself, where that is not reached; tell whether anything was done."""
        missing = [(what, name) for what, name, *_ in goals if what in _DOING and not self._reached(what, name)]
        for what, name in missing:
            _DOING[what](self, name)
        return bool(missing)

    def _forget(self, number):
        """Forget an order, as if its time were over."""
        site = self.pump.house.site
        forgetting._each(self.ledger, site, [("us", number)], lambda: None)
        assert forgetting.forget(self.ledger, site, trusted=True, patience=10).left == 0

    def _rotate(self, _):
        assert rotated(self.world.site, self.points)[1:] == (True, True)

    def is_over(self, goals):
        """Tell whether nothing waits but the turns of the sources, and files that nobody takes; nor rests what many died over."""
        if not all(self._reached(*goal) for goal in goals):
            return False
        with self.look() as book:
            rows = book.work.find()
        others = [row for row in rows if row.station != "collect" or row.state == "held" or _asks_for_a_paper(row)]
        return all(row.station == "settle" and row.route.endswith(("/answers", "/labels")) for row in others)

    def told(self, number):
        with self.look() as book:
            return [(event.name, event.detail) for event in book.events.of(f"us {number}")]

    def _reached(self, what, name, stage=""):
        if what == "stage":
            return self.stage(name) == stage
        if what == "rotated":
            text = self.world.master()
            return master.is_single(text) and sha256(text.reveal().encode()).hexdigest() != name
        if what == "forgotten":
            with self.look() as book:
                return all(not one.seal for one in book.personal.of("us", name)) and not book.personal.waiting(1)
        with self.look() as book:
            query = "SELECT count(*) FROM event JOIN interchange i ON subject = 'interchange ' || i.id WHERE i.name = ?"
            query += " AND event.name IN ('read', 'duplicate', 'rejected')"
            return book._connection.exec_driver_sql(query, (name,)).scalar() > 0


_DOING = {"forgotten": Life._forget, "rotated": Life._rotate}


def _asks_for_a_paper(work):
    """Tell whether a row asks Amazon for the packing slip of an order: it ends once the slip came."""
    return work.subject.startswith(ASKED) and "slip" in work.route


def warm():
    """Do what any process does once: all that is forked after it finds it done. To be called while there is one thread."""
    _import_all()
    remember_mappings()
    _share_trust()
    _share_statements()
    road.read_site = functools.cache(road.read_site)


def _share_statements():
    """Keep the engines, and with them each statement as it was compiled once."""
    sqlite.reader, sqlite.writer = functools.cache(sqlite.reader), functools.cache(sqlite.writer)


def _parent(site, clock, asked, answers):
    """Answer each line with how the life ended that it asks for, and how many points it passed."""
    for line in asked:
        wanted = json.loads(line)
        clock.passed = 0
        status = (_here if wanted.pop("here") else _forked)(site, clock, **wanted)
        answers.write(json.dumps({"status": status, "passed": clock.passed}) + "\n")
        answers.flush()


def _here(*life, **wanted):
    """Live in this process, and end each thread of it."""
    _go(*life, **wanted).close()
    for thread in threading.enumerate():
        if thread is not threading.current_thread():
            thread.join(120)
    assert threading.active_count() == 1, threading.enumerate()
    gc.collect()
    gc.freeze()
    return 0


def _forked(*life, **wanted):
    child = os.fork()
    if child:
        return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
    try:
        _go(*life, **wanted)
        os._exit(0)
    except BaseException:  # a death on purpose is not among them
        traceback.print_exc()
    finally:
        sys.stderr.flush()
        os._exit(99)


def _go(site, clock, death, goals, names):
    points = Mortal(clock, death)
    life = Life(site, clock, points)
    if not life.until(goals):
        said = [(life.stage(goal[1]), life.told(goal[1])) for goal in goals]
        print("not at its end:", life.rows(), said, file=sys.stderr, flush=True)
        os._exit(98)
    if names:
        Path(names).write_text(json.dumps(points.names))
    return life


class Lives:
    """The warm parent, as a test uses it; it is forked at once, so that has to come before any thread."""

    def __init__(self, site, clock, log):
        self._log = log
        (asked, self._ask), (self._hear, answers) = os.pipe(), os.pipe()
        self._child = os.fork()
        if self._child:
            os.close(asked), os.close(answers)
            self._ask, self._hear = os.fdopen(self._ask, "w"), os.fdopen(self._hear)
            return
        try:
            os.close(self._ask), os.close(self._hear)
            os.dup2(os.open(log, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600), 2)
            _parent(site, clock, os.fdopen(asked), os.fdopen(answers, "w"))
        except BaseException:
            traceback.print_exc()
        finally:
            sys.stderr.flush()
            os._exit(0)

    def close(self):
        self._ask.close()
        os.waitpid(self._child, 0)
        self._hear.close()

    def live(self, goals, death=0, names="", here=False):
        """Live until the goals are reached, or a death; tell whether it died, and how many points it passed.

        `here`: in the parent itself, so that what it does once is done for all that are forked after it.
        """
        print(json.dumps({"death": death, "goals": goals, "names": names, "here": here}), file=self._ask, flush=True)
        told = json.loads(self._hear.readline() or "{}")
        assert told.get("status") in (0, -signal.SIGKILL), (told, self.said())
        return told["status"] != 0, told["passed"]

    def said(self):
        return self._log.read_text("utf-8", "replace")[-3000:]
