"""A delivery and a pick-up, driven as the stations drive them, into or out of a folder in which a fault may strike.

A scene answers with what is wrong, in words; it does not stop at the first. Whoever makes one gives it an endpoint, and has
`look` called wherever something may have changed: what it has seen is all that anybody could have seen.
"""

import hashlib
from collections import Counter
from contextlib import suppress

from tests.endpoints.transport import Clock
from translator.core.finding import Rejected, Unavailable
from translator.endpoints.endpoint import Attempt, Outgoing, Put, Settled, Torn, Verdict
from translator.endpoints.options import Options

MOST = 4  # attempts
QUIET = 30.0
FIRST, SECOND = "ORD-1.csv", "ORD-2.csv"
BYTES = {name: (f"ORDER;{name}\r\n" * 8_000).encode() for name in (FIRST, SECOND)}
FOREIGN = (".ORD-2.csv.otherother00001.1.tmp", ".else.writing")  # temporary names of somebody else
DONE = ".done"


class Scene:
    """A folder of its own, and what anybody saw in it.

    `flow`: delivery or pick-up; `mid`: the second of two files; `taking`: the warehouse takes a file the moment it sees it;
    `done`: each file has a done-file; `archive`: what becomes of what was read; `most`: bytes of a file.
    """

    def __init__(self, root, name, flow, *, mid=False, taking=False, done=False, archive="archive", most=None):
        self.flow, self.mid, self.taking, self.done, self.archive, self.most = flow, mid, taking, done, archive, most
        self.folder, self.taken = root / name, root / f"{name}-taken"
        self.folder.mkdir()
        self.taken.mkdir()
        for other in FOREIGN:
            (self.folder / other).write_bytes(b"somebody else's")
        self.options = Options(quiet=QUIET, done="{name}" + DONE if done else "", archive=archive)
        self.clock = Clock()
        self.endpoint = None
        self.last_struck = 1  # the attempt after which all is well
        self.sightings = {}  # (name, inode) -> hashes seen
        self.last = None  # what was put last
        self.torn = False  # the server died in its rename, the last time it was away
        self.looks = 0
        self.wrong = []
        self.stored = Counter()
        self.given = {}

    @property
    def file(self):
        return SECOND if self.mid else FIRST

    def data(self, name):
        return b"" if name.endswith(DONE) else BYTES[name][: self.most]

    def shown(self, name):
        return sum(one == name for one, _ in tuple(self.sightings))

    def begin(self):
        """Prepare for the file that is struck."""

    def look(self):
        """See what a warehouse sees: names that are not hidden, whole files, and the sources that are still there."""
        self.looks += 1
        if self.flow == "delivery":
            for path in sorted(
                self.folder.iterdir(), reverse=True
            ):  # a done-file before its file: it is never the first
                if not path.name.startswith("."):
                    self._see(path)
        for name, data in tuple(self.given.items()):
            if not self._lies(name, data) and not self.stored[name]:  # in this order: another thread may put it away
                self.wrong.append(f"{name} was put away before it was stored")

    def _see(self, path):
        try:
            inode, data = path.stat().st_ino, path.read_bytes()
        except FileNotFoundError:
            return
        self.sightings.setdefault((path.name, inode), set()).add(hashlib.sha256(data).hexdigest())
        if data != self.data(path.name):
            self.wrong.append(f"{path.name} was seen with {len(data)} bytes of {len(self.data(path.name))}")
        if path.name.endswith(DONE) and not self.shown(path.name.removesuffix(DONE)) and not self._beside(path):
            self.wrong.append(f"{path.name} was seen before its file")
        if self.taking:
            path.rename(self.taken / f"{path.name}.{inode}")

    def _beside(self, path):
        return path.with_name(path.name.removesuffix(DONE)).exists()

    def _lies(self, name, data):
        try:
            return (self.folder / name).read_bytes() == data
        except FileNotFoundError:
            return False

    def played(self, strike=lambda: None, relent=lambda: None):
        """Play it, struck in the middle and then let be; give the class of the attempt that was struck."""
        return (delivered if self.flow == "delivery" else picked_up)(self, strike, relent)


# --- delivery


def delivered(scene, strike, relent):
    """Put the file, or the second of two, as often as it takes; give the class of the attempt that was struck."""
    if scene.mid:
        _put(scene, FIRST, lambda: None)
    scene.begin()
    strike()
    seen, receipt = _put(scene, scene.file, relent)
    scene.look()
    _published_once(scene, {FIRST, scene.file})
    _looked(scene, receipt)
    return seen


def _put(scene, name, relent):
    earlier, seen, torn = [], "", Torn.NONE
    for number in range(1, MOST + 1):
        staged = []
        outgoing = Outgoing(
            name, scene.data(name), number, f"{name[4]}token0000000{number:02}", tuple(earlier), torn=torn
        )
        scene.last = outgoing
        receipt, why = _tried(scene, outgoing, staged)
        if number == scene.last_struck or receipt or why == "held":
            relent()
        if number == 1:
            told = "through" if receipt else "found" if scene.shown(name) else "redone"
            seen = "held" if why == "held" else told
        if receipt or why == "held":
            return seen, receipt
        earlier.append(Attempt(number, outgoing.token, bool(staged)))
        torn = Torn.DIED if scene.torn else torn
    scene.wrong.append(f"not delivered in {MOST} attempts: {why}")
    return seen, None


def _tried(scene, outgoing, staged):
    try:
        return scene.endpoint.put(outgoing, lambda _: staged.append(True)), ""
    except Unavailable as error:
        scene.torn = error.sort == "torn"
        return None, error.reason
    except Rejected as error:
        scene.wrong.append(f"held: {error.findings[0].code}")
        return None, "held"
    except Exception as error:
        scene.wrong.append(f"an error of ours: {type(error).__name__} {error}")
        return None, type(error).__name__


def _published_once(scene, names):
    for name in names | ({f"{name}{DONE}" for name in names} if scene.done else set()):
        if scene.shown(name) != 1:
            scene.wrong.append(f"{name} was seen {scene.shown(name)} times")
        places = [scene.folder / name, *scene.taken.iterdir()]
        lies = [path for path in places if path.exists() and path.name.removesuffix(f".{path.stat().st_ino}") == name]
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


def _looked(scene, receipt):
    wanted = Verdict.ACCEPTED if scene.taking else Verdict.WAITING
    put = [Put(scene.file, receipt)]
    try:
        [found] = scene.endpoint.look(put)
    except Unavailable:  # the connection broke after all was done
        [found] = scene.endpoint.look(put)
    if found.verdict is not wanted:
        scene.wrong.append(f"looked for, it is {found.verdict}, not {wanted}")


# --- pick-up


def picked_up(scene, strike, relent):
    """Let the source have its turns until the file, or the second of two, is put away; give the class of the struck one."""
    shelf = _Source(scene)
    if scene.mid:
        shelf.give(FIRST)
        shelf.turns(lambda: None)
    scene.begin()
    shelf.give(scene.file)
    strike()
    seen = shelf.turns(relent)
    for each, data in scene.given.items():
        if scene.stored[each] != 1:
            scene.wrong.append(f"{each} was stored {scene.stored[each]} times")
        for name in (each, f"{each}{DONE}") if scene.done else (each,):
            _put_away(scene, name, data if name == each else b"")
    return seen


def _put_away(scene, name, data):
    kept = [
        path.read_bytes()
        for path in (scene.folder / ".archive").glob(f"*/{name}*")
        if path.name.endswith(DONE) == name.endswith(DONE)
    ]
    if kept != ([data] if scene.archive == "archive" else []) or (scene.folder / name).exists():
        scene.wrong.append(f"{name} is not in the archive once, or still lies there")
    left = [path.name for path in scene.folder.iterdir() if path.name.startswith(".") and name in path.name]
    if [one for one in left if one not in FOREIGN]:
        scene.wrong.append(f"hidden names are left: {left}")


class _Source:
    """What a turn of collect does: put away what is stored; list; fetch and store what is new; put it away."""

    def __init__(self, scene):
        self.scene = scene
        self.undisposed = []

    def give(self, name):
        """Have a file stand there long enough to be complete at the next turn."""
        (self.scene.folder / name).write_bytes(self.scene.data(name))
        if self.scene.done:
            (self.scene.folder / f"{name}{DONE}").write_bytes(b"")
        self.scene.given[name] = self.scene.data(name)
        for _ in range(MOST):
            with suppress(Unavailable):  # nothing has struck yet: this machine is slow
                self.scene.endpoint.list("")
                break
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
        gone = []
        for seen in tuple(self.undisposed):
            try:
                self.scene.endpoint.dispose(seen)
            except Unavailable:
                continue
            gone.append(seen)
        if isinstance(self.scene.endpoint, Settled):
            try:
                self.scene.endpoint.settled()
            except Unavailable:
                return
        for seen in gone:
            self.undisposed.remove(seen)
