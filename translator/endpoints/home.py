"""Whether a folder of this machine is still the one it was: an unmounted share is not an emptied folder.

Promise: once a folder was used, an empty one on another file system is not believed to be the same. In trouble: Unavailable,
with what to do. A folder that bore a mark of ours, or was written into, is known again after a restart, too, by what `told` and
`known` gave; any other is believed as it is found first.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from translator.core.finding import Unavailable
from translator.endpoints.names import MARKER
from translator.endpoints.options import ARCHIVE

_TOLD = "on "


@dataclass(slots=True)
class Home:
    """The device a folder was on when it was used last."""

    device: str = ""

    def recall(self, told: str) -> None:
        """Take up what an earlier process told."""
        if not self.device and told.startswith(_TOLD):
            self.device = told.removeprefix(_TOLD)

    def was(self, told: str) -> None:
        """Take up what is known of the last file that was put there, whatever was looked at since."""
        if told.startswith(_TOLD):
            self.device = told.removeprefix(_TOLD)

    def enter(self, device: int, names: Callable[[], Iterable[str]]) -> None:
        """Raise Unavailable where this is another file system, and nothing in it."""
        if self.device not in ("", str(device)) and not any(True for _ in names()):
            raise Unavailable(
                "another file system than before is there, and it is empty "
                "(mount what belongs there; or, if it is the right folder, make an empty file of any name in it)"
            )
        self.device = str(device)

    def known(self) -> str:
        """Say what is to be known after a restart of a folder that was written into."""
        return f"{_TOLD}{self.device}"

    def told(self, names: Iterable[str]) -> str:
        """Say what is to be known after a restart: nothing of a folder that bears no mark of ours."""
        return self.known() if any(name == ARCHIVE or name.startswith(MARKER) for name in names) else ""
