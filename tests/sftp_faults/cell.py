"""One cell: a delivery or a pick-up that meets one fault, driven as the stations drive it, and all that must not be.

A cell answers with what is wrong, in words; it does not stop at the first.
"""

import hashlib
import random
import socket
from collections import Counter
from dataclasses import dataclass, replace

from tests.endpoints.transport import Clock
from tests.sftp_faults.server import PASSWORD, USER, Board
from translator.core.finding import Rejected, Unavailable
from translator.core.private import Private
from translator.endpoints.endpoint import Attempt, Outgoing, Put, Verdict
from translator.endpoints.options import Options
from translator.endpoints.sftp import Server
from translator.endpoints.sftp.settings import Settings
from translator.endpoints.sftp_folder import SftpFolder

MOST = 4  # attempts
QUIET = 30.0
FIRST, SECOND = "ORD-1.csv", "ORD-2.csv"
BYTES = {name: (f"ORDER;{name}\r\n" * 8_000).encode() for name in (FIRST, SECOND)}
FOREIGN = (".ORD-2.csv.otherother00001.1.tmp", ".else.writing")  # temporary names of somebody else
SLOW = ("hang", "late")
PATIENT = {"connect": 20.0, "login": 20.0, "reply": 20.0}
QUICK = {"connect": 0.5, "login": 0.5, "reply": 0.5}


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
    cut: tuple = ()  # which way, and after how many bytes of a connection, it breaks

    def __str__(self):
        told = [self.flow, self.personality, "mid-batch" if self.mid else "fresh", "taking" if self.taking else ""]
        return f"{', '.join(filter(None, told))}: {self.step} × {self.fault}"


class Scene:
    """A folder of its own on the server, and what anybody saw in it."""

    def __init__(self, server, folder, case):
        self.case = case
        self.server = server
        self.folder = server.root / folder
        self.taken = server.root / f"{folder}-taken"
        self.folder.mkdir()
        self.taken.mkdir()
        for name in FOREIGN:
            (self.folder / name).write_bytes(b"somebody else's")
        self.sightings = {}  # (name, inode) -> hashes seen
        self.wrong = []
        self.stored = Counter()
        self.given = {}
        self.board = server.board = Board(self._look)
        self.clock = Clock()
        waits = QUICK if case.fault in SLOW or case.at is None else PATIENT
        fingerprint = server.fingerprint
        self.settings = Settings(
            server.host, USER, fingerprint, server.port, password=Private(PASSWORD), keepalive=0, **waits
        )
        self.connection = Server(self.settings)
        self.endpoint = SftpFolder(self.connection, f"/{folder}", self.clock, Options(quiet=QUIET))

    def data(self, name):
        """Give the bytes of a file: few where each byte may be the last."""
        return BYTES[name][:2_000] if self.case.cut else BYTES[name]

    def _look(self):
        """See what a warehouse sees: names that are not hidden, whole files, and the sources that are still there."""
        for path in self.folder.iterdir():
            if not path.name.startswith(".") and self.case.flow == "delivery":
                self._see(path)
        for name, data in self.given.items():
            path = self.folder / name
            if not self.stored[name] and not (path.exists() and path.read_bytes() == data):
                self.wrong.append(f"{name} was put away before it was stored")

    def _see(self, path):
        inode, data = path.stat().st_ino, path.read_bytes()
        self.sightings.setdefault((path.name, inode), set()).add(hashlib.sha256(data).hexdigest())
        if data != self.data(path.name):
            self.wrong.append(f"{path.name} was seen with {len(data)} bytes of {len(self.data(path.name))}")
        if self.case.taking:
            path.rename(self.taken / f"{path.name}.{inode}")

    @property
    def last_struck(self):
        """Give the number of the attempt after which all is well."""
        return MOST - 1 if self.case.storm else 1

    def shown(self, name):
        return sum(one == name for one, _ in self.sightings)

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
            self.connection.settings = replace(self.settings, port=self._unused.getsockname()[1])
            return
        self.board.strike_phase(self.case.step, self.case.fault)

    def relent(self):
        """Let the fault be over; tell if it never struck."""
        if not self.board.struck:
            self.wrong.append("the fault never struck")
        self.board.relent()
        if self.case.cut:
            self.connection.close()
        if self.connection.settings is not self.settings:
            self._unused.close()
            self.connection.settings = self.settings

    def close(self):
        self.endpoint.close()


# --- delivery


def delivered(scene, strike=lambda: None, relent=lambda: None):
    """Put the file, or the second of two, as often as it takes; give the class of the attempt that was struck."""
    if scene.case.mid:
        _put(scene, FIRST, lambda: None)
    name = SECOND if scene.case.mid else FIRST
    scene.board.lies = True
    strike()
    seen, receipt = _put(scene, name, relent)
    _published_once(scene, {FIRST, SECOND} if scene.case.mid else {FIRST})
    _looked(scene, name, receipt)
    return seen


def _put(scene, name, relent):
    earlier, seen = [], ""
    for number in range(1, MOST + 1):
        staged = []
        outgoing = Outgoing(name, scene.data(name), number, f"{name[4]}token0000000{number:02}", tuple(earlier))
        receipt, why = _tried(scene, outgoing, staged)
        if number == scene.last_struck or receipt or why == "held":
            relent()
        if number == 1:
            told = "through" if receipt else "found" if scene.shown(name) else "redone"
            seen = "held" if why == "held" else told
        if receipt or why == "held":
            return seen, receipt
        earlier.append(Attempt(number, outgoing.token, bool(staged)))
    scene.wrong.append(f"not delivered in {MOST} attempts: {why}")
    return seen, None


def _tried(scene, outgoing, staged):
    try:
        return scene.endpoint.put(outgoing, lambda: staged.append(True)), ""
    except Unavailable as error:
        return None, error.reason
    except Rejected as error:
        scene.wrong.append(f"held: {error.findings[0].code}")
        return None, "held"
    except Exception as error:
        scene.wrong.append(f"an error of ours: {type(error).__name__} {error}")
        return None, type(error).__name__


def _published_once(scene, names):
    for name in names:
        if scene.shown(name) != 1:
            scene.wrong.append(f"{name} was seen {scene.shown(name)} times")
        lies = [path for path in (scene.folder / name, *scene.taken.glob(f"{name}.*")) if path.exists()]
        if [path.read_bytes() for path in lies] != [scene.data(name)]:
            scene.wrong.append(f"{name} is not there, or not once, or not whole")
    hidden = sorted(path.name for path in scene.folder.iterdir() if path.name.startswith("."))
    left = [name for name in hidden if name not in FOREIGN and not name.startswith(".translator-")]
    if left:
        scene.wrong.append(f"temporary names are left: {left}")
    if not set(FOREIGN) <= set(hidden):
        scene.wrong.append("a temporary name of somebody else was removed")
    if sum(name.startswith(".translator-") for name in hidden) != 1:
        scene.wrong.append("there is not one mark")


def _looked(scene, name, receipt):
    wanted = Verdict.ACCEPTED if scene.case.taking else Verdict.WAITING
    [found] = scene.endpoint.look([Put(name, receipt)])
    if found.verdict is not wanted:
        scene.wrong.append(f"looked for, it is {found.verdict}, not {wanted}")


# --- pick-up


def picked_up(scene, strike=lambda: None, relent=lambda: None):
    """Let the source have its turns until the file, or the second of two, is put away; give the class of the struck one."""
    shelf = _Source(scene)
    if scene.case.mid:
        shelf.give(FIRST)
        shelf.turns(lambda: None)
    name = SECOND if scene.case.mid else FIRST
    scene.board.lies = True
    shelf.give(name)
    strike()
    seen = shelf.turns(relent)
    for each, data in scene.given.items():
        if scene.stored[each] != 1:
            scene.wrong.append(f"{each} was stored {scene.stored[each]} times")
        kept = [path.read_bytes() for path in (scene.folder / ".archive").glob(f"*/{each}*")]
        if kept != [data] or (scene.folder / each).exists():
            scene.wrong.append(f"{each} is not in the archive once, or still lies there")
    return seen


class _Source:
    """What a turn of collect does: put away what is stored; list; fetch and store what is new; put it away."""

    def __init__(self, scene):
        self.scene = scene
        self.undisposed = []

    def give(self, name):
        """Have a file stand there long enough to be complete at the next turn."""
        (self.scene.folder / name).write_bytes(self.scene.data(name))
        self.scene.given[name] = self.scene.data(name)
        self.scene.endpoint.list("")
        self.scene.clock.step(QUIET)

    def turns(self, relent):
        before, seen = sum(self.scene.stored.values()), ""
        for number in range(MOST + 1):
            failed = self._turn()
            stored = sum(self.scene.stored.values()) > before
            if number == self.scene.last_struck - 1:
                relent()
            if number == 0:
                seen = "kept" if stored and self.undisposed else "through" if stored and not failed else "redone"
            if stored and not self.undisposed and number >= 2:  # two more: nothing may come a second time
                return seen
            self.scene.clock.step(QUIET)
        self.scene.wrong.append(f"not picked up in {MOST + 1} turns: {failed}")
        return seen

    def _turn(self):
        try:
            self._dispose()
            listing = self.scene.endpoint.list("")
            known = {(one.name, one.mark) for one in self.undisposed}
            for seen in listing.complete:
                if (seen.name, seen.mark) not in known:
                    self._store(seen, b"".join(self.scene.endpoint.fetch(seen)))
            self._dispose()
        except Unavailable as error:
            return error.reason
        except Exception as error:
            self.scene.wrong.append(f"an error of ours: {type(error).__name__} {error}")
            return "broken"
        return "; ".join(listing.waiting.values())

    def _store(self, seen, data):
        if data != self.scene.data(seen.name):
            self.scene.wrong.append(f"{seen.name} was read with {len(data)} bytes of {len(self.scene.data(seen.name))}")
        self.scene.stored[seen.name] += 1
        self.undisposed.append(seen)

    def _dispose(self):
        for seen in tuple(self.undisposed):
            try:
                self.scene.endpoint.dispose(seen)
            except Unavailable:
                continue
            self.undisposed.remove(seen)


FLOWS = {"delivery": delivered, "pick-up": picked_up}


def judged(server, folder, case, expected):
    """Run the cell; give what is wrong, and the class that was seen."""
    scene = Scene(server, folder, case)
    try:
        seen = FLOWS[case.flow](scene, scene.strike, scene.relent)
    finally:
        scene.close()
    if case.cut or case.storm:
        return [f"{case}: {one}" for one in dict.fromkeys(scene.wrong)], seen
    wanted = (
        expected.of_phase(case.flow)
        if case.at is None
        else expected.class_of(case.flow, case.step, case.fault, case.personality, case.mid)
    )
    wrong = list(dict.fromkeys(scene.wrong))
    if seen != wanted:
        wrong.append(f"{seen}, not {wanted}")
    return [f"{case}: {one}" for one in wrong], seen


def passed(server, folder, flow):
    """Do it once in peace; give how many bytes passed each way."""
    scene = Scene(server, folder, Case(flow, server.personality, False, False, "", "", cut=("in", 10**9)))
    try:
        FLOWS[flow](scene, scene.strike)
        return dict(scene.board.passed)
    finally:
        scene.close()


def steps(server, folder, flow, personality, mid):
    """Do it once in peace; give the steps that can be struck, name and number of the request, and what is wrong already."""
    scene = Scene(server, folder, Case(flow, personality, mid, False, "", ""))
    trace = []
    try:
        FLOWS[flow](scene, lambda: scene.board.strike(-1, ""), lambda: _told(scene.board, trace))
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
