"""Which files of a listing are complete: those that stood unchanged in two looks, long enough apart on our own clock.

Promise: a file is never called complete while it grows, whatever the clock of its server says; what waits says why. The
memory of looks is in memory only: after a restart every file is looked at twice again. In trouble: nothing here fails.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from enum import StrEnum

from translator.core.finding import Unavailable
from translator.endpoints.endpoint import Listing, Seen
from translator.endpoints.names import fits, ignored, spelled, unsafe
from translator.endpoints.options import Options


class Kind(StrEnum):
    """What stands under a name."""

    FILE = "file"
    FOLDER = "folder"
    LINK = "symbolic link"
    SPECIAL = "FIFO, socket or device"


@dataclass(frozen=True, slots=True)
class Entry:
    """One name in a folder. `mark` is what makes it the same file in the next look."""

    name: str
    kind: Kind
    size: int
    changed: float  # seconds, by the clock of the file's system: for order only
    mark: str
    links: int = 1


@dataclass(slots=True)
class Looks:
    """What was seen before: per name its mark, and when this mark was seen first."""

    options: Options
    known: dict[str, tuple[str, float]] = field(default_factory=dict)

    def listing(self, entries: Iterable[Entry], now: float, bookmark: str) -> Listing:
        """Divide what is there now into what is complete and what waits."""
        files = [one for one in entries if one.kind is not Kind.FOLDER and not ignored(one.name, self.options.ignore)]
        refused = {one.name: why for one in files if (why := refusal(one, self.options))}
        found = [one for one in files if one.name not in refused]
        self._remember(found, now)
        rest = {one.name: self._rest(one, now) for one in found}
        complete = sorted((one for one in found if rest[one.name] <= 0), key=lambda one: (one.changed, one.name))
        return Listing(
            complete=tuple(Seen(one.name, one.mark, one.size) for one in complete),
            waiting=self._reasons(refused, rest),
            bookmark=bookmark,
            again=min((left for left in rest.values() if left > 0), default=None),
        )

    def _remember(self, found: list[Entry], now: float) -> None:
        before = self.known
        self.known = {}
        for one in found:
            mark, since = before.get(one.name, ("", now))
            self.known[one.name] = (one.mark, since if mark == one.mark else now)

    def _rest(self, entry: Entry, now: float) -> float:
        return self.known[entry.name][1] + self.options.quiet - now

    def _reasons(self, refused: dict[str, str], rest: dict[str, float]) -> dict[str, str]:
        young = f"waiting because it has not yet stood unchanged for {self.options.quiet:g} s"
        waiting = {name: young for name, left in rest.items() if left > 0}
        return waiting | {spelled(name): why for name, why in refused.items()}


def refusal(entry: Entry, options: Options) -> str:
    """Say why a file is not taken as it is, whatever time passes; empty when it may be."""
    if why := unsafe(entry.name):
        return f"refused because of its name: {why}"
    if entry.kind is not Kind.FILE:
        return f"refused because it is a {entry.kind}"
    if entry.links != 1:
        return f"waiting because it has {entry.links} names (hard links)"
    if entry.size > options.most:
        return f"refused because it is larger than {options.most:,} bytes"
    return "" if entry.size or fits(entry.name, options.empty) else "waiting because it is empty"


def same(entry: Entry, seen: Seen, options: Options) -> None:
    """Raise Unavailable if a file is not, or no longer, what was seen."""
    if why := refusal(entry, options):
        raise Unavailable(f"{spelled(seen.name)}: {why}")
    if entry.mark != seen.mark:
        raise changed(seen.name)


def changed(name: str) -> Unavailable:
    """Say that a file is not what was seen: it is looked at anew."""
    return Unavailable(f"{spelled(name)}: changed while it was fetched")
