"""Many cells, several at once, since most of the time is waiting; and the table of what was seen."""

import itertools
import tempfile
import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

from tests.sftp_faults.cell import Case, judged, passed, steps
from tests.sftp_faults.expected import Expected
from tests.sftp_faults.server import HONEST, PERSONALITIES, PHASE_FAULTS, PHASES, REQUEST_FAULTS, FaultServer

AT_ONCE = 8
LONGEST = 120.0  # seconds of a cell
FLOWS = ("delivery", "pick-up")


class Kept:
    """Cells of which only is asked that nothing is lost, doubled or halved: what is wrong, and the classes seen."""

    def __init__(self, cases):
        self.wrong, self.seen, self.looks = [], Counter(), []
        with tempfile.TemporaryDirectory() as root, ThreadPoolExecutor(AT_ONCE) as pool:
            list(pool.map(lambda lane: self._lane(Path(root) / f"{lane}", cases[lane::AT_ONCE]), range(AT_ONCE)))

    def _lane(self, root, cases):
        root.mkdir()
        server = FaultServer(root).start()
        try:
            for number, case in enumerate(cases):
                server.personality = case.personality
                wrong, seen, looks = judged(server, f"cell{number}", case, None)
                self.wrong += wrong
                self.looks.append(looks)
                self.seen[case.flow, seen] += 1
        finally:
            server.stop()


def cuts(part, parts, many):
    """Give cells in which the connection breaks after byte k, each way: k spread over all bytes, others in each part."""
    with tempfile.TemporaryDirectory() as root:
        server = FaultServer(Path(root)).start()
        try:
            bytes_of = {flow: passed(server, flow, flow) for flow in FLOWS}
        finally:
            server.stop()
    return [
        Case(flow, "openssh", False, False, f"cut after byte {k}", way, cut=(way, k))
        for flow, each in bytes_of.items()
        for way, last in each.items()
        for k in (last * (step * parts + part) // (many * parts) for step in range(many))
    ]


def storms(part, many):
    """Give cells in which many requests go wrong, attempt after attempt: `many` of each sort."""
    flows = (("delivery", False), ("delivery", True), ("pick-up", False))
    sorts = itertools.product(HONEST, flows, (False, True), (False, True))
    return [
        Case(flow, personality, mid, taking, f"storm {seed}", "many", storm=seed, done=done)
        for personality, (flow, taking), mid, done in sorts
        for seed in range(part * many + 1, part * many + many + 1)
    ]


class Sweep:
    """What came of it: what is wrong, in words; the class seen in each cell; the steps of each flow."""

    def __init__(
        self,
        personalities=PERSONALITIES,
        flows=FLOWS,
        mids=(False, True),
        taking=(False,),
        only=None,
        done=False,
        faults=REQUEST_FAULTS,
    ):
        self.expected = Expected()
        self.wrong, self.seen, self.steps, self.looks = [], {}, {}, []
        self.slowest = 0.0
        self._faults = faults  # of requests
        self._done = done  # of cells with done-files no class is expected
        self._only = only or (lambda case: True)
        self._numbers = itertools.count(1)
        with tempfile.TemporaryDirectory() as root, ThreadPoolExecutor(AT_ONCE) as pool:
            self._root = Path(root)
            groups = list(itertools.product(personalities, flows, mids, taking))
            list(pool.map(lambda group: self._group(*group), groups))

    def _group(self, personality, flow, mid, taking):
        if taking and flow == "pick-up":
            return
        server = FaultServer(self._folder(), personality).start()
        try:
            found, wrong = steps(server, "peace", flow, personality, mid, self._done)
            self.wrong += wrong
            self.steps[flow, personality, mid] = [name for name, _ in found]
            cells = [(name, fault, at) for name, at in found for fault in self._faults]
            cells += [(phase, fault, None) for phase in PHASES for fault in PHASE_FAULTS]
            for case in (Case(flow, personality, mid, taking, *cell, done=self._done) for cell in cells):
                if self._only(case):
                    self._cell(server, case)
        finally:
            server.stop()

    def _folder(self):
        root = self._root / f"server{next(self._numbers)}"
        root.mkdir()
        return root

    def _cell(self, server, case):
        begun = time.monotonic()
        wrong, seen, looks = self._judged(server, case)
        if wrong and case.hurried:  # its waits are short, and this machine may have been busy
            wrong, seen, looks = self._judged(server, replace(case, busy=True))
        took = time.monotonic() - begun
        if took > LONGEST:
            wrong.append(f"{case}: {took:.1f} s, longer than a cell may take")
        self.slowest = max(self.slowest, took)
        self.wrong += wrong
        self.seen[case] = seen
        self.looks.append(looks)

    def _judged(self, server, case):
        return judged(server, f"cell{next(self._numbers)}", case, None if self._done else self.expected)

    def counts(self):
        """Give how many cells are of each class."""
        return dict(Counter(self.seen.values()).most_common())

    def table(self):
        """Give the matrix to read: a line for each step, a column for each fault; the personalities side by side."""
        lines = []
        for flow in FLOWS:
            names = dict.fromkeys(case.step for case in self.seen if case.flow == flow and case.at is not None)
            lines += self._rows(flow, flow, names, REQUEST_FAULTS)
            lines += self._rows(flow, f"{flow}, connecting", PHASES, PHASE_FAULTS)
        return "\n".join([*lines, ", ".join(f"{letter} {name}" for name, letter in self.expected.classes.items())])

    def _rows(self, flow, title, names, faults):
        rows = [
            " ".join(f"{self._letters(flow, name, fault):{len(fault)}}" for fault in faults) + f"   {name}"
            for name in names
        ]
        return [f"{' '.join(faults)}   {title}", *rows]

    def _letters(self, flow, name, fault):
        found = [seen for case, seen in self.seen.items() if (case.flow, case.step, case.fault) == (flow, name, fault)]
        return "".join(sorted({self.expected.classes.get(seen, "?") for seen in found})) or " "
