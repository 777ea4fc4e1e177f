"""The whole matrix: every operation at every fault, several operations at once, since most of the time is waiting."""

import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor

from tests.endpoints.spapi_scripted import leaked
from tests.matrix.cell import Heard, World, judged
from tests.matrix.expected import Expected
from tests.matrix.faults import cells
from tests.matrix.operations import OPERATIONS

AT_ONCE = 6
LONGEST = 2.5  # seconds of a cell: its deadlines are all shorter than half a second


class Sweep:
    """What came of it: what is wrong, in words; the class seen in each cell; how long it took."""

    def __init__(self, authority, version="2021-12-28", kept=False, operations=OPERATIONS, only=()):
        self.expected = Expected()
        self._only = only  # these faults; none: all
        self.operations = [one for one in operations if version in one.versions]
        self.wrong = []
        self.seen = {}  # (operation, fault, applied) -> class
        self.exchanges = 0
        self.slowest = 0.0
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
        """Give the matrix to read: a line for each fault, a column for each operation, a letter for each cell."""
        names = [operation.name for operation in self.operations]
        rows = dict.fromkeys((fault, applied) for _, fault, applied in self.seen)
        lines = [f"{'':4}{'│ ' * place}{name}" for place, name in enumerate(names)]
        for fault, applied in rows:
            letters = [self.expected.letter(self.seen[name, fault, applied]) for name in names]
            happened = {True: "applied", False: "not applied", None: ""}[applied]
            lines.append(f"    {' '.join(letters)}   {fault}{f', {happened}' if happened else ''}")
        legend = ", ".join(f"{letter} {name}" for letter, name in self.expected.letters().items())
        return "\n".join([*lines, "", f"    {legend}"])
