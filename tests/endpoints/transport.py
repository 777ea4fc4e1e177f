"""What the tests of folders and of SFTP share: a clock, a trail of fault points, and the same story told of both places."""

import os
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from tests.clerks import porter
from translator.core.finding import Elsewhere, Unavailable
from translator.core.ports import NoFaults
from translator.endpoints.endpoint import Attempt, Outgoing
from translator.endpoints.files import LocalFiles
from translator.endpoints.folder import Folder
from translator.endpoints.options import Options
from translator.endpoints.porter.folder import PortedFolder
from translator.endpoints.sftp import Server
from translator.endpoints.sftp_folder import SftpFolder

NAME = "ORD-1.csv"
DATA = b"ORDER,SKU\r\n1,ABC\r\n" * 20
TOKEN = "token0000000000a"
TEMP = f".{NAME}.{TOKEN}.1.tmp"
FAULT = (ZeroDivisionError, Elsewhere)  # of ours, here or told by a porter
FRESH = f".{NAME}.freshfreshfresh1.2.tmp"


@dataclass
class Clock:
    ticks: float = 1000.0

    def now(self):
        return datetime(2026, 12, 1, 12, tzinfo=UTC) + timedelta(seconds=self.ticks)

    def monotonic(self):
        return self.ticks

    def step(self, seconds):
        self.ticks += seconds


@dataclass
class Trail:
    """Remembers the points reached, and dies at one of them."""

    dies: int = -1
    points: list = field(default_factory=list)

    def reach(self, point):
        self.points.append(point)
        if len(self.points) - 1 == self.dies:
            os._exit(9)


@dataclass
class At:
    """Does something when a point is first reached: what another process might do just then."""

    point: str
    act: object
    done: bool = False

    def reach(self, point):
        if point == self.point and not self.done:
            self.done = True
            self.act()


@dataclass
class Place:
    """A place under test, beside the real directory behind it."""

    root: Path
    settings: object = None  # of an SFTP server
    clock: Clock = field(default_factory=Clock)
    servers: list = field(default_factory=list)

    @property
    def kind(self):
        return "sftp" if self.settings else "folder"

    def endpoint(self, faults=None, **options):
        options = Options(**{"quiet": 10.0, **options})
        if self.settings is None:
            return Folder(str(self.root), LocalFiles(), self.clock, options, faults or NoFaults())
        self.servers.append(Server(self.settings))
        return SftpFolder(self.servers[-1], str(self.root), self.clock, options, faults or NoFaults())

    def file(self, name, data=DATA, *, by="rename"):
        """Have the warehouse system write a file, by rename unless told."""
        if by == "rename":
            (self.root / ".writing").write_bytes(data)
            (self.root / ".writing").rename(self.root / name)
        else:
            (self.root / name).write_bytes(data)
        return self.root / name

    def seen(self, endpoint, name=NAME):
        """Look twice, far enough apart."""
        endpoint.list("")
        self.clock.step(10)
        return next(one for one in endpoint.list("").complete if one.name == name)

    @property
    def visible(self):
        return {path.name: path.read_bytes() for path in self.root.iterdir() if not path.name.startswith(".")}

    @property
    def temporary(self):
        return sorted(path.name for path in self.root.iterdir() if path.name.endswith(".tmp"))

    @property
    def markers(self):
        return sorted(path.name for path in self.root.iterdir() if path.name.startswith(".translator-"))

    def close(self):
        for server in self.servers:
            server.close()


@dataclass
class PortedPlace(Place):
    """A folder of this machine, through a porter."""

    porters: list = field(default_factory=list)

    def endpoint(self, faults=None, **options):
        self.porters.append(porter(self.clock, faults))
        return PortedFolder(self.porters[-1], str(self.root), Options(**{"quiet": 10.0, **options}))

    def close(self):
        for one in self.porters:
            one.close()


def first(data=DATA, name=NAME):
    return Outgoing(name, data, attempt=1, token=TOKEN)


def again(*staged, data=DATA):
    """Give the next attempt after earlier ones, each staged or not."""
    earlier = tuple(Attempt(n, TOKEN, one) for n, one in enumerate(staged, 1))
    return Outgoing(NAME, data, attempt=len(earlier) + 1, token="freshfreshfresh1", earlier=earlier)


def never():
    raise AssertionError("staged was said, but nothing was staged")


def fetched(endpoint, seen):
    return b"".join(endpoint.fetch(seen))


def reason(act, *args):
    """Give the reason of the Unavailable that this must raise."""
    try:
        result = act(*args)
        if not isinstance(result, str | bytes | None):
            b"".join(result)
    except Unavailable as error:
        return error.reason
    raise AssertionError("it should have been Unavailable")


def trouble(act, *args):
    """Give which sort of Unavailable this raises."""
    with pytest.raises(Unavailable) as caught:
        act(*args)
    return caught.value.sort


def in_child(act):
    """Run in a forked child; give its exit code."""
    child = os.fork()
    if child == 0:
        code = 1
        try:
            act()
            code = 0
        finally:
            os._exit(code)
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
