"""A warm parent of short lives: each goes along the road over a hurried clock, and dies by SIGKILL at a fault point.

On standard input, a line of JSON for each life: `death`, the number of the fault point it dies at (0: at none), and
`goals`, what has to be so before it ends by itself. Answers with how it ended, and how many points it passed.

A goal is `["stage", number, stage]` or `["file", name]` (a file of the warehouse's that was read), and for all of
them: nothing waits but the turns of the sources, and files that lie where nobody takes them.
"""

import gc
import json
import mmap
import os
import signal
import struct
import subprocess
import sys
import threading
import time
import traceback
from pathlib import Path
from types import SimpleNamespace

from tests.road.road import Road
from tests.road.warm import _import_all, _share_trust, remember_mappings
from tests.world import Shifted, World
from translator.service import SystemChance

ROOT = Path(__file__).parents[2]
CELL = struct.Struct("dQ")  # how far the clock is ahead; how many points were passed
LONGEST = 60.0  # seconds of this machine's clock


class Ahead(Shifted):
    """A clock that is moved on for all processes that have the same file open."""

    def __init__(self, path):
        with path.open("r+b" if path.exists() else "w+b") as file:
            file.truncate(CELL.size)
            self._cell = mmap.mmap(file.fileno(), CELL.size)

    @property
    def _ahead(self):
        return CELL.unpack_from(self._cell)[0]

    def skip(self, seconds):
        CELL.pack_into(self._cell, 0, self._ahead + seconds, self.passed)

    @property
    def passed(self):
        return CELL.unpack_from(self._cell)[1]

    @passed.setter
    def passed(self, count):
        CELL.pack_into(self._cell, 0, self._ahead, count)


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

    def is_over(self, goals):
        if self.pump._flying or self.pump._inbox.qsize() or not all(self._reached(*goal) for goal in goals):
            return False
        with self.look() as book:
            others = [work for work in book.work.find() if work.station != "collect"]
        return all(work.station == "settle" and work.route.endswith(("/answers", "/labels")) for work in others)

    def told(self, number):
        with self.look() as book:
            return [(event.name, event.detail) for event in book.events.of(f"us {number}")]

    def _reached(self, what, name, stage=""):
        if what == "stage":
            return self.stage(name) == stage
        with self.look() as book:
            query = "SELECT count(*) FROM event JOIN interchange i ON subject = 'interchange ' || i.id WHERE i.name = ?"
            query += " AND event.name IN ('read', 'duplicate', 'rejected')"
            return book._connection.exec_driver_sql(query, (name,)).scalar() > 0


def main():
    _import_all()
    remember_mappings()
    _share_trust()
    site, clock = Path(sys.argv[1]), Ahead(Path(sys.argv[2]))
    from translator.config.read import read_site

    read_site(site)
    gc.collect()
    gc.freeze()
    print("warm", flush=True)
    for line in sys.stdin:
        asked = json.loads(line)
        clock.passed = 0
        child = os.fork()
        if not child:
            try:
                _live(site, clock, **asked)
            except BaseException:  # a death on purpose is not among them
                traceback.print_exc()
            finally:
                sys.stderr.flush()
                os._exit(99)
        status = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
        print(json.dumps({"status": status, "passed": clock.passed}), flush=True)


def _live(site, clock, death, goals, names=""):
    points = Mortal(clock, death)
    end = time.monotonic() + LONGEST
    life = Life(site, clock, points)
    while not life.is_over(goals):
        if time.monotonic() > end:
            said = [(life.stage(goal[1]), life.told(goal[1])) for goal in goals]
            print("not at its end:", life.rows(), said, file=sys.stderr, flush=True)
            os._exit(98)
        life.step()
    if names:
        Path(names).write_text(json.dumps(points.names))
    os._exit(0)


class Lives:
    """The warm parent, as a test uses it."""

    def __init__(self, world, clock_path):
        self.world, self.clock_path = world, clock_path

    def __enter__(self):
        command = [sys.executable, "-m", "tests.road.mortal", str(self.world.site), str(self.clock_path)]
        self.log = (self.world.root / "lives.log").open("ab")
        self.process = subprocess.Popen(
            command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=self.log, text=True
        )
        assert self.process.stdout.readline().strip() == "warm", self.said()
        return self

    def __exit__(self, *_):
        self.process.stdin.close()
        self.process.wait(10)
        self.log.close()

    def live(self, goals, death=0, names=""):
        """Live until the goals are reached, or a death; tell whether it died, and how many points it passed."""
        self.process.stdin.write(json.dumps({"death": death, "goals": goals, "names": names}) + "\n")
        self.process.stdin.flush()
        told = json.loads(self.process.stdout.readline())
        assert told["status"] in (0, -signal.SIGKILL), (told, self.said())
        return told["status"] != 0, told["passed"]

    def said(self):
        return (self.world.root / "lives.log").read_text("utf-8", "replace")[-3000:]


if __name__ == "__main__":
    main()
