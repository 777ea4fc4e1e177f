"""A share that comes and goes under a folder we write into, deaths and new starts between: told as sent is in the share.

Drawn stories: what is put, struck, taken, mounted and started anew, in any order. Below the mount point there may lie a
marker of a time before; there is no second file system here, so that the marker alone has to prove the folder.
"""

import random
import tempfile
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from tests.endpoints.spoilt_sweep import memory
from tests.endpoints.transport import Clock
from tests.sftp_faults.server import HONEST, PASSWORD, USER, FaultServer
from translator.core.finding import Unavailable
from translator.core.private import Private
from translator.endpoints.endpoint import Attempt, Outgoing
from translator.endpoints.files import LocalFiles
from translator.endpoints.folder import Folder
from translator.endpoints.options import Options
from translator.endpoints.sftp import Server
from translator.endpoints.sftp.settings import Settings
from translator.endpoints.sftp_folder import SftpFolder

STEPS = 60


class Death(BaseException):
    pass


@dataclass
class Story:
    root: Path
    seed: int
    remembers: bool = True  # what was told of the place when something was staged there last, and at each attempt
    often: float = 0.0  # how often a fault point is deadly
    home: str = ""
    staged: str = ""  # what was told of the place at this attempt
    mounted: bool = True
    attempts: dict = field(default_factory=dict)  # by name
    told: set = field(default_factory=set)  # as sent
    taken: list = field(default_factory=list)

    def __post_init__(self):
        self.dice = random.Random(self.seed)
        self.done = "{stem}.ok" if self.seed % 2 else ""
        self.point, self.share, self.below = (self.root / name for name in ("wms", "share", "below"))
        self.point.mkdir()
        self.below.mkdir()
        if self.dice.random() < 0.7:
            (self.below / ".translator-ofthetimebefore").touch()
        self.start()

    def reach(self, point):
        if self.home and self.dice.random() < self.often:  # where nothing was staged yet, any folder is believed
            raise Death(point)

    def start(self):
        self.endpoint = Folder(str(self.point), LocalFiles(), Clock(), Options(done=self.done), self)

    def turn(self):
        """Mount the share, or unmount it."""
        away, back = (self.share, self.below) if self.mounted else (self.below, self.share)
        self.point.rename(away)
        back.rename(self.point)
        self.mounted = not self.mounted

    def take(self):
        for path in sorted((self.point if self.mounted else self.share).glob("ORD*.csv")):
            if not self.done or path.with_suffix(".ok").exists():
                self.taken.append((path.name, path.read_bytes()))
                path.unlink()
                path.with_suffix(".ok").unlink(missing_ok=True)

    def put(self, name):
        earlier = self.attempts.setdefault(name, [])
        number, home = len(earlier) + 1, self.home if self.remembers else ""
        self.staged = ""
        token = f"token{name[3:-4]:0>6}{number:04}"
        outgoing = Outgoing(name, name.encode(), number, token, tuple(earlier), home=home)
        try:
            self.home = self.endpoint.put(outgoing, self.stage).home
            self.told.add(name)
        except Unavailable:
            pass
        except Death:
            self.start()
        earlier.append(Attempt(number, token, bool(self.staged), self.staged if self.remembers else ""))

    def stage(self, home):
        self.staged = self.home = home

    def step(self):
        act = self.dice.choices((self.start, self.turn, self.take, self.begin, self.go_on), (15, 15, 20, 15, 35))[0]
        act()

    def begin(self):
        self.attempts[f"ORD{len(self.attempts)}.csv"] = []

    def go_on(self):
        if waiting := sorted(self.attempts.keys() - self.told):
            self.put(self.dice.choice(waiting))

    def played(self):
        """Play it, then let all be well; give what the warehouse took, and what lies below the mount point."""
        self.often = 0.3
        self.put("ORD0.csv")
        self.often = 0.04
        for _ in range(STEPS):
            self.step()
        self.often = 0.0
        if not self.mounted:
            self.turn()
        self.start()
        for name in sorted(self.attempts):
            if name not in self.told:
                self.put(name)
        self.take()
        return sorted(self.taken), [path.name for path in self.below.iterdir() if not path.name.startswith(".")]


class OverSftp(Story):
    """The same folder, behind a server."""

    server = None

    def start(self):
        if self.server is None:
            self.server = FaultServer(self.root, HONEST[self.seed % len(HONEST)]).start()
            login = {"password": Private(PASSWORD), "keepalive": 0}
            host, port = self.server.host, self.server.port
            self.connection = Server(Settings(host, USER, self.server.fingerprint, port, **login))
        self.endpoint = SftpFolder(self.connection, "/wms", Clock(), Options(done=self.done), self)

    def played(self):
        try:
            return super().played()
        finally:
            self.connection.close()
            self.server.stop()


def wrong(seed, story=Story, **how):
    with tempfile.TemporaryDirectory(dir=memory()) as root:
        told = story(Path(root), seed, **how)
        taken, below = told.played()
        return below or taken != [(name, name.encode()) for name in sorted(told.attempts)]


@pytest.mark.parametrize("part", range(4))
def test_each_file_is_taken_once_out_of_the_share_and_none_lies_below_its_mount_point(part):
    assert [seed for seed in range(part * 40, part * 40 + 40) if wrong(seed)] == []


def test_nor_over_sftp():
    assert [seed for seed in range(24) if wrong(seed, OverSftp)] == []


@pytest.mark.parametrize("story", [Story, OverSftp])
def test_it_sees_a_folder_that_is_believed_whatever_marker_it_bears(story):
    assert [seed for seed in range(8) if wrong(seed, story, remembers=False)]
