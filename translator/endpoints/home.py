"""Whether a folder is still the one it was: an unmounted share is not an emptied folder.

Promise: once a folder of this machine was used, an empty one on another file system is not believed to be the same; nor is,
on a server, one in which nothing is left where our archive or marker was; and
the marker file that a folder bore when a file was last staged there is the one that has to prove it, after a restart,
too: by what `told` and `known` gave. A folder that the site names otherwise than then is believed as it is found first,
and so is one nobody has told of. In trouble: Unavailable, with what to do.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass, field
from threading import Lock
from urllib.parse import quote

from translator.core.finding import Unavailable
from translator.endpoints.endpoint import Outgoing
from translator.endpoints.names import MARKER
from translator.endpoints.options import ARCHIVE


@dataclass(slots=True)
class Home:
    """What is known of a folder from the last time it was used. `place`: as the site names it."""

    place: str
    device: str = ""  # it was on
    bearer: str = ""  # the identity of the folder that bore the marker
    marker: str = ""  # the marker file of ours in it
    ours: bool = False  # it bore our archive or marker
    marking: Lock = field(default_factory=Lock, repr=False)  # who has it leaves a marker, where there is none
    _word: str = field(init=False)  # for the place

    def __post_init__(self) -> None:
        self._word = quote(self.place)

    def recall(self, told: str) -> None:
        """Take up what an earlier process told, where this one knows nothing yet."""
        known = self.device, self.bearer, self.marker
        self.was(told)
        self.device, self.bearer, self.marker = (
            now or then for now, then in zip(known, (self.device, self.bearer, self.marker), strict=True)
        )

    def was(self, told: str) -> None:
        """Take up what is known of the last file that was put there, whatever was looked at since."""
        said = _said(told)
        if said.get("in") == self._word:
            self.ours = True
            self.device = said.get("on", self.device)
            self.bearer = said.get("at", self.bearer)
            self.marker = said.get("by", self.marker)

    def before(self, outgoing: Outgoing) -> None:
        """Take up what is known of the place when something is put there: since the last file, or an earlier attempt."""
        self.was(outgoing.home)
        for attempt in reversed(outgoing.earlier):
            self.recall(attempt.home)

    def bears(self, marker: str, bearer: str = "") -> None:
        """Note the marker file that a folder was seen to bear, and which folder that is, as far as it is known."""
        self.marker, self.bearer = marker or self.marker, bearer or self.bearer

    def enter(self, device: int, names: Callable[[], Iterable[str]]) -> None:
        """Raise Unavailable where this is another file system, and nothing in it."""
        if self.device not in ("", str(device)) and not any(True for _ in names()):
            raise Unavailable(
                "another file system than before is there, and it is empty "
                "(mount what belongs there; or, if it is the right folder, make an empty file of any name in it)"
            )
        self.device = str(device)

    def listed(self, names: Collection[str]) -> str:
        """Say what is to be known after a restart, too. Raises Unavailable where all is gone, and ours with it."""
        if self.ours and not names:
            raise Unavailable(
                "it is empty, and what we left in it is gone, too "
                "(mount what belongs there; or, if it is the right folder, make an empty file of any name in it)"
            )
        return self.told(names)

    def known(self) -> str:
        """Say what is to be known after a restart of a folder that was written into."""
        said = {"in": self._word, "on": self.device, "at": self.bearer, "by": self.marker}
        return " ".join(f"{word} {value}" for word, value in said.items() if value)

    def told(self, names: Iterable[str]) -> str:
        """Say what is to be known after a restart: nothing of a folder that bears no mark of ours."""
        if any(name == ARCHIVE or name.startswith(MARKER) for name in names):
            self.ours = True
            return self.known()
        return ""


def bore(told: str) -> str:
    """Give the marker file of the folder that this tells of, wherever that was; empty where it does not say."""
    return _said(told).get("by", "")


def _said(told: str) -> dict[str, str]:
    words = told.split()
    return dict(zip(words[::2], words[1::2], strict=False))
