"""A file is laid anew under its name at any moment of its pick-up, and we die at any other: no bytes are put away unread.

Drawn stories, in a folder and over SFTP. What the warehouse itself replaces before anybody saw it may go unread.
"""

import random
import tempfile
from collections import Counter
from contextlib import ExitStack, suppress
from pathlib import Path

import pytest

from tests.endpoints.spoilt_sweep import memory
from tests.endpoints.transport import Clock
from tests.sftp_faults.server import PASSWORD, USER, FaultServer
from translator.core.finding import Unavailable
from translator.core.private import Private
from translator.endpoints.files import LocalFiles
from translator.endpoints.folder import Folder
from translator.endpoints.options import Options
from translator.endpoints.sftp import Server
from translator.endpoints.sftp.settings import Settings
from translator.endpoints.sftp_folder import SftpFolder

TURNS = 15
NAME = "STOCK.csv"


class Death(BaseException):
    pass


class Story:
    def __init__(self, root, seed, server=None):
        self.dice, self.clock, self.server = random.Random(seed), Clock(), server
        self.root, self.folder = root, root / "out"
        self.folder.mkdir()
        self.archive = self.dice.choice(("archive", "delete"))
        self.deadly, self.busy = 0.05, 0.12  # how often, at a fault point
        self.laid, self.replaced, self.read, self.undisposed = 0, set(), Counter(), []
        self.start()

    def start(self):
        options = Options(quiet=0, archive=self.archive)
        if self.server:
            self.endpoint = SftpFolder(self.server, "/out", self.clock, options, self)
        else:
            self.endpoint = Folder(str(self.folder), LocalFiles(), self.clock, options, self)

    def reach(self, point):
        if self.dice.random() < self.busy:
            self.lay()
        if self.dice.random() < self.deadly:
            raise Death(point)

    def lay(self):
        """Lay the next version: each has another size, by which it is known."""
        self.laid += 1
        made = self.folder / ".writing"
        made.write_bytes(b"x" * self.laid)
        with suppress(FileNotFoundError):
            self.replaced.add((self.folder / NAME).stat().st_size)
        made.rename(self.folder / NAME)

    def turn(self):
        """Do as the stations do."""
        self.clock.step(1)
        self.dispose()
        known = {(seen.name, seen.mark) for seen in self.undisposed}
        for seen in self.endpoint.list("").complete:
            if (seen.name, seen.mark) not in known:
                with suppress(Unavailable):  # changed while it was fetched
                    self.read[len(b"".join(self.endpoint.fetch(seen)))] += 1
                    self.undisposed.append(seen)
        self.dispose()

    def dispose(self):
        for seen in list(self.undisposed):
            with suppress(Unavailable):
                self.endpoint.dispose(seen)
                self.undisposed.remove(seen)

    def wrong(self):
        for _ in range(TURNS):
            if self.dice.random() < 0.5:
                self.lay()
            try:
                self.turn()
            except Death:
                self.start()
        self.deadly = self.busy = 0.0
        for _ in range(4):
            self.turn()
        lost = {version for version in range(1, self.laid + 1) if not self.read[version]} - self.replaced
        put_away = {path.stat().st_size for path in self.folder.glob(".archive/*/*")}
        left = [path.name for path in self.folder.iterdir() if path.name != ".archive"]
        return [*lost, *left, *(put_away - set(self.read)), *(size for size, times in self.read.items() if times > 1)]


def told(seeds, *, over_sftp):
    """Give what went wrong in the stories of these seeds."""
    found = {}
    for seed in seeds:
        with ExitStack() as stack:
            root = Path(stack.enter_context(tempfile.TemporaryDirectory(dir=memory())))
            server = None
            if over_sftp:
                served = FaultServer(root).start()
                stack.callback(served.stop)
                where = (served.host, USER, served.fingerprint, served.port)
                server = Server(Settings(*where, password=Private(PASSWORD), keepalive=0))
                stack.callback(server.close)
            if wrong := Story(root, seed, server).wrong():
                found[seed] = wrong
    return found


@pytest.mark.sweep
@pytest.mark.parametrize("over_sftp", [False, True])
def test_no_bytes_are_put_away_unread_and_none_are_read_twice(over_sftp):
    assert told(range(30 if over_sftp else 400), over_sftp=over_sftp) == {}


@pytest.mark.parametrize("over_sftp", [False, True])
def test_it_sees_what_is_put_away_without_being_looked_at(monkeypatch, over_sftp):
    monkeypatch.setattr(Folder, "_still", lambda self, folder, name, mark: True)
    monkeypatch.setattr(SftpFolder, "_put_away", lambda self, session, name, mark, left: None)
    assert told(range(6 if over_sftp else 100), over_sftp=over_sftp)
