"""The power is cut while files are archived or deleted: what was not synced comes back, and nothing is read twice.

Drawn stories over a folder whose renames and removals are undone by a cut, unless the folder they were made in was synced.
"""

import os
import random
import tempfile
from collections import Counter
from contextlib import suppress
from pathlib import Path

import pytest

from tests.endpoints.spoilt_sweep import memory
from tests.endpoints.transport import Clock
from translator.core.finding import Unavailable
from translator.endpoints.files import LocalFiles
from translator.endpoints.folder import Folder
from translator.endpoints.options import Options

TURNS = 12


class Cut(BaseException):
    pass


class Volatile(LocalFiles):
    """A disk that keeps of a folder's names what was synced. What was removed lies aside until then."""

    def __init__(self, aside):
        self._aside = aside
        self._loose = []  # where it was, where it is now: the last act last

    def rename(self, folder, name, target, final):
        super().rename(folder, name, target, final)
        self._loose.append((_path(folder) / name, _path(target) / final))

    def remove(self, folder, name):
        aside = self._aside / f"{len(list(self._aside.iterdir()))}"
        os.link(name, aside, src_dir_fd=folder)
        super().remove(folder, name)
        self._loose.append((_path(folder) / name, aside))

    def sync(self, descriptor):
        self._loose = [one for one in self._loose if one[0].parent != _path(descriptor)]

    def cut(self):
        for was, now in reversed(self._loose):
            now.rename(was)
        self._loose = []


def _path(descriptor):
    return Path(os.readlink(f"/proc/self/fd/{descriptor}"))


class Story:
    def __init__(self, root, seed, *, settles=True):
        self.dice = random.Random(seed)
        self.folder, aside = root / "out", root / "aside"
        self.folder.mkdir()
        aside.mkdir()
        self.files, self.clock, self.often, self.settles = Volatile(aside), Clock(), 0.05, settles
        self.archive = self.dice.choice(("archive", "delete"))
        self.read, self.undisposed, self.laid = Counter(), [], 0
        self.start()

    def start(self):
        self.endpoint = Folder(str(self.folder), self.files, self.clock, Options(quiet=0, archive=self.archive), self)

    def reach(self, point):
        if self.dice.random() < self.often:
            raise Cut(point)

    def lay(self):
        """Lay some files, each of other bytes."""
        for _ in range(self.dice.randrange(4)):
            self.laid += 1
            made = self.folder / ".writing"
            made.write_bytes(b"%d" % self.laid)
            made.rename(self.folder / f"S{self.laid}.csv")

    def turn(self):
        """Do as the stations do."""
        self.dispose()
        known = {(seen.name, seen.mark) for seen in self.undisposed}
        for seen in self.endpoint.list("").complete:
            if (seen.name, seen.mark) not in known:
                self.read[b"".join(self.endpoint.fetch(seen))] += 1
                self.undisposed.append(seen)
        self.dispose()

    def dispose(self):
        gone = []
        for seen in self.undisposed:
            with suppress(Unavailable):
                self.endpoint.dispose(seen)
                gone.append(seen)
        if self.settles:
            self.endpoint.settled()
        self.undisposed = [seen for seen in self.undisposed if seen not in gone]

    def played(self):
        for _ in range(TURNS):
            self.lay()
            try:
                self.turn()
            except Cut:
                self.files.cut()
                self.start()
            if self.dice.random() < 0.2:  # between two turns
                self.files.cut()
                self.start()
        self.often = 0.0
        for _ in range(2):
            self.turn()
        return self.read


def wrong(seed, **how):
    with tempfile.TemporaryDirectory(dir=memory()) as root:
        story = Story(Path(root), seed, **how)
        return story.played() != {b"%d" % number: 1 for number in range(1, story.laid + 1)}


@pytest.mark.parametrize("part", range(2))
def test_each_file_is_read_once(part):
    assert [seed for seed in range(part * 100, part * 100 + 100) if wrong(seed)] == []


def test_it_sees_names_that_are_not_synced():
    assert [seed for seed in range(20) if wrong(seed, settles=False)]
