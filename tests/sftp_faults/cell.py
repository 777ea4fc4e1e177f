"""One cell: a delivery or a pick-up over SFTP that meets one fault, and what became of it."""

import random
import socket
from collections import Counter
from dataclasses import dataclass, replace

from tests.endpoints import promises
from tests.sftp_faults.server import LATE, PASSWORD, USER, Board
from translator.core.private import Private
from translator.endpoints.sftp import Server
from translator.endpoints.sftp.settings import Settings
from translator.endpoints.sftp_folder import SftpFolder

SLOW = ("hang", "late")
PATIENT = {"connect": 20.0, "login": 20.0, "reply": 20.0}
QUICK = {"connect": 0.5, "login": 0.5, "reply": 0.5}
BUSY = {"connect": 8.0, "login": 8.0, "reply": 8.0}  # the same on a machine that is


@dataclass(frozen=True)
class Case:
    """Which cell. `at`: the number of the request; None: the step is a phase of connecting."""

    flow: str  # delivery, pick-up
    personality: str
    mid: bool  # the second of two files, over a connection in use
    taking: bool  # the warehouse takes a file the moment it sees it
    step: str
    fault: str
    at: int | None = None
    storm: int = 0  # a seed: many requests go wrong, attempt after attempt
    done: bool = False  # each file has a done-file
    cut: tuple = ()  # which way, and after how many bytes of a connection, it breaks
    busy: bool = False  # this machine is: who waits no longer than he must waits longer

    @property
    def hurried(self):
        """Tell whether it waits no longer than it must, since somebody never answers."""
        return self.fault in SLOW or (self.at is None and not self.storm)

    def __str__(self):
        told = [self.flow, self.personality, "mid-batch" if self.mid else "fresh", "taking" if self.taking else ""]
        told += ["done-file" if self.done else ""]
        return f"{', '.join(filter(None, told))}: {self.step} × {self.fault}"


class Scene(promises.Scene):
    """A folder on the server. Files are short where each byte may be the last."""

    def __init__(self, server, folder, case):
        most = 2_000 if case.cut else None
        super().__init__(server.root, folder, case.flow, mid=case.mid, taking=case.taking, done=case.done, most=most)
        self.case = case
        self.last_struck = promises.MOST - 1 if case.storm else 1
        self.board = server.board = Board(self.look)
        waits = (BUSY if case.busy else QUICK) if case.hurried else PATIENT
        self.board.late = LATE * waits["reply"] / QUICK["reply"]
        fingerprint = server.fingerprint
        self.settings = Settings(
            server.host, USER, fingerprint, server.port, password=Private(PASSWORD), keepalive=0, **waits
        )
        self.connection = Server(self.settings)
        self.endpoint = SftpFolder(self.connection, f"/{folder}", self.clock, self.options)

    def begin(self):
        self.board.lies = True

    def strike(self):
        if self.case.storm:
            self.board.storm(random.Random(self.case.storm))
            return
        if self.case.at is not None:
            self.board.strike(self.case.at, self.case.fault)
            return
        self.connection.close()
        if self.case.cut:
            self.board.cut = self.case.cut
            return
        if (self.case.step, self.case.fault) == ("connect", "refuse"):
            self._unused = socket.socket()  # bound, and nobody listens
            self._unused.bind(("127.0.0.1", 0))
            self.endpoint.server = Server(replace(self.settings, port=self._unused.getsockname()[1]))
            return
        self.board.strike_phase(self.case.step, self.case.fault)

    def relent(self):
        """Let the fault be over; tell if it never struck."""
        if not self.board.struck:
            self.wrong.append("the fault never struck")
        self.board.relent()
        if self.case.cut:
            self.connection.close()
        if self.endpoint.server is not self.connection:
            self._unused.close()
            self.endpoint.server = self.connection

    def close(self):
        self.endpoint.close()


def judged(server, folder, case, expected):
    """Run the cell; give what is wrong, the class that was seen, and how often anybody looked."""
    scene = Scene(server, folder, case)
    try:
        seen = scene.played(scene.strike, scene.relent)
    finally:
        scene.close()
    wrong = list(dict.fromkeys(scene.wrong))
    if expected and seen != (wanted := _wanted(case, expected)):
        wrong.append(f"{seen}, not {wanted}")
    return [f"{case}: {one}" for one in wrong], seen, scene.looks


def _wanted(case, expected):
    if case.at is None:
        return expected.of_phase(case.flow)
    fault = "cut" if case.fault == "dead" else case.fault  # it is all the same to what was asked
    return expected.class_of(case.flow, case.step, fault, case.personality, case.mid)


def passed(server, folder, flow):
    """Do it once in peace; give how many bytes passed each way."""
    scene = Scene(server, folder, Case(flow, server.personality, False, False, "", "", cut=("in", 10**9)))
    try:
        scene.played(scene.strike)
        return dict(scene.board.passed)
    finally:
        scene.close()


def steps(server, folder, flow, personality, mid, done=False):
    """Do it once in peace; give the steps that can be struck, name and number of the request, and what is wrong already."""
    scene = Scene(server, folder, Case(flow, personality, mid, False, "", "", done=done))
    trace = []
    try:
        scene.played(lambda: scene.board.strike(-1, ""), lambda: _told(scene.board, trace))
        return list(_steps(trace)), [f"{flow}, {personality}, in peace: {one}" for one in dict.fromkeys(scene.wrong)]
    finally:
        scene.close()


def _told(board, trace):
    """Keep what was asked in the first attempt."""
    trace.extend(() if trace else board.trace)
    board.relent()


def _steps(trace):
    """Name each request; of a run of equal ones that read or write, the first and the last."""
    runs, names = [], Counter()
    for at, label in enumerate(trace):
        if runs and runs[-1][0] == label and label.startswith(("READ", "WRITE")):
            runs[-1][2] = at
        else:
            runs.append([label, at, at])
    for label, first, last in runs:
        names[label] += 1
        name = label if names[label] == 1 else f"{label} {names[label]}"
        yield name, first
        if last > first:
            yield f"{name}, last", last
