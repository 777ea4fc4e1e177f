"""The whole matrix: every operation at every fault, several operations at once, since most of the time is waiting."""

import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor

from tests.endpoints.spapi_scripted import leaked
from tests.matrix.cell import Heard, World, judged
from tests.matrix.expected import Expected
from tests.matrix.faults import bomb, cells
from tests.matrix.operations import OPERATIONS
from tests.matrix.table import legend, table

AT_ONCE = 6
LONGEST = 60.0  # seconds of a cell: its deadlines are half a second, or eight where the machine is slow


class Sweep:
    """What came of it: what is wrong, in words; the class seen in each cell; how long it took."""

    def __init__(self, authority, version="2021-12-28", kept=False, operations=OPERATIONS, only=(), again=True):
        self.expected = Expected()
        self._only = only  # these faults; none: all
        self._again = again  # where so short a deadline may have met a busy machine
        self.operations = [one for one in operations if version in one.versions]
        self.wrong = []
        self.seen = {}  # (operation, fault, applied) -> class
        self.exchanges = 0
        self.slowest = 0.0
        bomb()  # made once, before anybody waits for it
        begun = time.monotonic()
        with Heard() as heard, ThreadPoolExecutor(AT_ONCE) as pool:
            list(pool.map(lambda one: self._operation(one, version, authority, kept), self.operations))
        self.seconds = time.monotonic() - begun
        self.wrong += [f"logged: {secret}" for secret in leaked("\n".join(heard.lines))]

    def _operation(self, operation, version, authority, kept):
        world = World(operation, version, authority, kept)
        try:
            for name, applied, faults in cells(world.canary.url):
                if self._only and name not in self._only:
                    continue
                begun = time.monotonic()
                wrong, seen = judged(world, self.expected, name, applied, faults)
                if wrong and self._again and any(fault.quick for fault in faults):
                    world.busy = True
                    wrong, seen = judged(world, self.expected, name, applied, faults)
                    world.busy = False
                took = time.monotonic() - begun
                if took > LONGEST:
                    wrong.append(f"{operation.name} × {name}: {took:.1f} s, longer than a cell may take")
                self.slowest = max(self.slowest, took)
                self.wrong += wrong
                self.seen[operation.name, name, applied] = seen
                self.exchanges += len(faults)
            self.wrong += [f"{operation.name}: {crash}" for crash in world.amazon.state()["crashes"]]
        finally:
            world.close()

    def counts(self):
        """Give how many cells are of each class."""
        return dict(Counter(self.seen.values()).most_common())

    def table(self):
        """Give the matrix to read, as it was seen."""
        cells = dict.fromkeys((fault, applied) for _, fault, applied in self.seen)
        happened = {True: ", applied", False: ", not applied", None: ""}
        rows = [
            (f"{fault}{happened[applied]}", {one.name: self.seen[one.name, fault, applied] for one in self.operations})
            for fault, applied in cells
        ]
        return f"{table(self.expected, self.operations, rows)}\n{legend(self.expected)}"
