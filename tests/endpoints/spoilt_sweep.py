"""Each call of a delivery and of a pick-up to the file system fails, in each way, alone and with all that follow.

Generated: the n-th call, n = 0… until none is struck.
"""

import itertools
import os
import tempfile
from collections import Counter
from contextlib import suppress
from pathlib import Path

from tests.endpoints.promises import Scene
from tests.endpoints.spoilt import CODES, WAYS, Spoilt
from translator.endpoints.folder import Folder

SHORT = 600  # bytes of a file
STORIES = [
    *(
        {"flow": "delivery", "mid": mid, "done": done, "taking": taking}
        for mid, done, taking in itertools.product((False, True), repeat=3)
    ),
    *(
        {"flow": "pick-up", "mid": mid, "done": done, "archive": archive}
        for mid, done, archive in itertools.product((False, True), (False, True), ("archive", "delete"))
    ),
]


class Swept:
    """What is wrong, in words; how many cells there were by verb and by the class of the attempt; how often anybody looked."""

    def __init__(self, story, codes=CODES):
        self.wrong, self.seen, self.looks = [], Counter(), 0
        with tempfile.TemporaryDirectory(dir=memory()) as root:
            self._names = (f"cell{number}" for number in itertools.count())
            for sticky, way, code in itertools.product((False, True), WAYS, codes):
                if way == "half" and story.get("taking"):
                    continue  # what is taken between link and unlink cannot be told from what was never renamed
                for number in itertools.count():
                    if not self._cell(Path(root), story, number, code, sticky=sticky, way=way):
                        break
            self.wrong += [f"left open: {path}" for path in _open_below(root)]

    def _cell(self, root, story, number, code, **how):
        """Play one cell; tell whether there was such a call."""
        scene = scene_of(root, next(self._names), story)
        seen = scene.played(lambda: scene.files.spoil(number, code, **how), scene.files.relent)
        struck = scene.files.struck
        told = f"{story}, call {number} ({struck}), {os.strerror(code)}, {how}"
        self.wrong += [f"{told}: {one}" for one in dict.fromkeys(scene.wrong)]
        self.looks += scene.looks
        if struck:
            self.seen[struck, seen] += 1
        return struck


def scene_of(root, name, story):
    """Make a scene in a folder of this machine."""
    scene = Scene(root, name, most=SHORT, **story)
    scene.files = Spoilt(scene.look)
    scene.endpoint = Folder(str(scene.folder), scene.files, scene.clock, scene.options)
    return scene


def _open_below(root):
    """Give what is open of a directory by this process."""
    found = []
    for descriptor in Path("/proc/self/fd").iterdir():
        with suppress(OSError):
            found.append(os.readlink(descriptor))
    return [path for path in found if path.startswith(root)]


def memory():
    """Name a directory that is in memory, where there is one."""
    return "/dev/shm" if os.access("/dev/shm", os.W_OK) else None
