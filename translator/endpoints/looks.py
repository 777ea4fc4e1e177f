"""Which files of a listing are complete: those that stood unchanged in two looks, long enough apart on our own clock,

and that are whole by all else the site says (whole.py). Promise: a file is never called complete while it grows,
whatever the clock of its server says; what waits says why, and what will not go on by itself says so. The memory of
looks is in memory only: after a restart every file is looked at twice again. In trouble: nothing here fails.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Final, NamedTuple

from translator.core.finding import Unavailable
from translator.endpoints.endpoint import Listing, Seen
from translator.endpoints.names import counted, fits, ignored, spelled, unsafe
from translator.endpoints.options import Options
from translator.endpoints.whole import TAIL, done_of, ends_so, is_done

LATE: Final = 3600.0  # seconds after which what waits is told as stuck
_READ: Final = float("inf")  # no time to wait from
BESIDE: Final = " beside "  # in a mark: what was seen of the file, and of its done-file


class Kind(StrEnum):
    """What stands under a name."""

    FILE = "file"
    FOLDER = "folder"
    LINK = "symbolic link"
    SPECIAL = "FIFO, socket or device"


@dataclass(frozen=True, slots=True)
class Entry:
    """One name in a folder. `mark` is what makes it the same file in the next look.

    `touched`: what changes with every write, even where size and time are put back; 0 where the system does not tell.
    `told`: its system told both size and time. `kept`: why it tells no more of it, where it refuses to.
    """

    name: str
    kind: Kind
    size: int
    changed: float  # seconds, by the clock of the file's system: for order only
    mark: str
    links: int = 1
    touched: int = 0
    told: bool = True
    kept: str = ""


class _Known(NamedTuple):
    mark: str
    touched: int
    since: float  # it is so
    first: float  # the name was seen, since a file of it was taken last; _READ: it is one that is left there


@dataclass(slots=True)
class Looks:
    """What was seen before, by name."""

    options: Options
    known: dict[str, _Known] = field(default_factory=dict)
    unended: dict[str, str] = field(default_factory=dict)  # name -> mark of what was fetched and did not end as it must
    left: dict[str, str] = field(default_factory=dict)  # name -> mark of what was read and is to stay
    missed: set[str] = field(default_factory=set)  # names of what was to be fetched, and was not

    def listing(self, entries: Iterable[Entry], now: float, bookmark: str) -> Listing:
        """Divide what is there now into what is complete and what waits."""
        data, done = self._parted(entries)
        self._remember([*data, *done.values()], now)
        sorting = _Sorting(self, done, now)
        for one in data:
            sorting.take(one)
        return sorting.listing(bookmark)

    @contextmanager
    def fetching(self, seen: Seen) -> Iterator[None]:
        """Note that a file was not to be had, unless it was."""
        self.missed.add(seen.name)
        yield
        self.missed.discard(seen.name)

    def sources(self, seen: Seen) -> list[tuple[str, str]]:
        """Give what goes with a file that was read: not the done-file that speaks of one that is still to be had, too."""
        form = self.options.done
        spoken = {done_of(form, name) for name in tuple(self.missed)} if form else set()
        return [(name, mark) for name, mark in sources(seen, form) if name not in spoken]

    def whole(self, pieces: Iterable[bytes], seen: Seen) -> Iterator[bytes]:
        """Pass the pieces of a file on. Raises Unavailable where it does not end as the site says: then it waits."""
        tail = b""
        for piece in pieces:
            tail = (tail + piece)[-TAIL:] if self.options.ends else b""
            yield piece
        if self.options.ends and not ends_so(tail, self.options.ends):
            self.unended[seen.name] = own(seen)
            raise Unavailable(f"{spelled(seen.name)}: {self._unended()}")

    def took(self, seen: Seen) -> None:
        """Note that a file was taken, or is to stay as it is: what lies under its name later has only begun to wait."""
        stays = self.options.archive == "leave"
        for name, _ in self.sources(seen):
            known = self.known.pop(name, None)
            if known and stays:
                self.known[name] = known._replace(first=_READ)
        if stays:
            self.left[seen.name] = seen.mark

    def _unended(self) -> str:
        return f"waiting because it does not end with a line like {self.options.ends}"

    def _parted(self, entries: Iterable[Entry]) -> tuple[list[Entry], dict[str, Entry]]:
        """Divide into data files and done-files; what is hidden or unfinished is passed over."""
        data, done, form = list[Entry](), dict[str, Entry](), self.options.done
        for one in entries:
            if one.kind is Kind.FOLDER:
                continue
            if form and is_done(form, one.name):
                done[one.name] = one
            elif not ignored(one.name, self.options.ignore):
                data.append(one)
        return data, done

    def _remember(self, found: list[Entry], now: float) -> None:
        before = self.known
        self.known = {}
        for one in found:
            old = before.get(one.name)
            if old and (old.mark, old.touched) == (one.mark, one.touched):
                self.known[one.name] = old
                continue
            first = old.first if old and old.first != _READ else now
            self.known[one.name] = _Known(one.mark, one.touched, now, first)
        self.unended = {name: mark for name, mark in self.unended.items() if name in self.known}
        self.left = {name: mark for name, mark in self.left.items() if name in self.known}
        self.missed &= self.known.keys()

    def why(self, one: Entry, done: dict[str, Entry], now: float) -> tuple[str, float]:
        """Say why a file is not complete, and the seconds until time alone may have it so; no reason where it is."""
        if why := _unready(one, self.options):
            return why, 0.0
        if self.options.done and (name := done_of(self.options.done, one.name)) not in done:
            return f"waiting because {spelled(name)} is not there", 0.0
        if (left := self.known[one.name].since + self.options.quiet - now) > 0:
            return f"waiting because it has not yet stood unchanged for {self.options.quiet:g} s", left
        return (self._unended(), 0.0) if self.unended.get(one.name) == one.mark else ("", 0.0)


class _Sorting:
    """One listing, while it is made."""

    def __init__(self, looks: Looks, done: dict[str, Entry], now: float) -> None:
        self._looks = looks
        self._now = now
        self._complete: list[Entry] = []
        self._waiting: dict[str, str] = {}
        self._stuck: dict[str, str] = {}
        self._rests: list[float] = []
        self._alone = dict(done)  # done-files whose data file is not there
        self._open: set[str] = set()  # done-files of which a data file still waits
        self._done = {name: one for name, one in done.items() if not self._refused(one)}

    def take(self, one: Entry) -> None:
        form = self._looks.options.done
        beside = done_of(form, one.name) if form else ""
        self._alone.pop(beside, None)
        if self._refused(one):
            return
        why, left = self._looks.why(one, self._done, self._now)
        if not why:
            self._complete.append(one)
            return
        self._open.add(beside)
        if left:
            self._rests.append(left)
        self._waits(one, why)

    def listing(self, bookmark: str) -> Listing:
        for name, one in self._alone.items():
            if name in self._done:
                self._waits(one, "waiting because the file it speaks of is not there")
        self._complete.sort(key=lambda one: (one.changed, counted(one.name)))
        left = self._looks.left
        return Listing(
            complete=tuple(seen for seen in self._seen() if left.get(seen.name) != seen.mark),
            waiting=self._waiting,
            stuck=self._stuck,
            bookmark=bookmark,
            again=min(self._rests, default=None),
        )

    def _refused(self, one: Entry) -> bool:
        if why := _refused(one, self._looks.options):
            self._waiting[spelled(one.name)] = self._stuck[spelled(one.name)] = why
        return bool(why)

    def _waits(self, one: Entry, why: str) -> None:
        if self._now - self._looks.known[one.name].first >= LATE:
            self._stuck[one.name] = why = f"{why}, for more than an hour"
        self._waiting[one.name] = why

    def _seen(self) -> Iterable[Seen]:
        """Give what is complete; the last of those that share a done-file takes it along.

        Where all is left, none is taken along: then each file's mark is the same, whoever else shares its done-file.
        """
        form, left = self._looks.options.done, self._done
        if not form:
            return (Seen(one.name, one.mark, one.size) for one in self._complete)
        if self._looks.options.archive == "leave":
            return (_beside(one, left[done_of(form, one.name)]) for one in self._complete)
        found = []
        for one in reversed(self._complete):
            name = done_of(form, one.name)
            found.append(_beside(one, left.pop(name, None) if name not in self._open else None))
        return reversed(found)


def _beside(one: Entry, done: Entry | None) -> Seen:
    return Seen(one.name, f"{one.mark}{BESIDE}{done.mark}" if done else one.mark, one.size)


def own(seen: Seen) -> str:
    """Give what was seen of a file itself, its done-file aside."""
    return seen.mark.partition(BESIDE)[0]


def sources(seen: Seen, form: str) -> list[tuple[str, str]]:
    """Give the names a file came under, with what was seen of each: its own, then its done-file's."""
    mark, _, beside = seen.mark.partition(BESIDE)
    return [(seen.name, mark), *([(done_of(form, seen.name), beside)] if beside and form else [])]


def _refused(entry: Entry, options: Options) -> str:
    """Say why a file is not taken as it is, whatever time passes; empty when it may be."""
    if why := unsafe(entry.name):
        return f"refused because of its name: {why}"
    if entry.kind is not Kind.FILE:
        return f"refused because it is a {entry.kind}"
    return f"refused because it is larger than {options.most:,} bytes" if entry.size > options.most else ""


def _unready(entry: Entry, options: Options) -> str:
    if entry.kept:
        return f"waiting because its server does not say what it is: {entry.kept}"
    if entry.links > 1:
        return f"waiting because it has {entry.links} names (hard links)"
    return "" if entry.size or fits(entry.name, options.empty) else "waiting because it is empty"


def same(entry: Entry, seen: Seen, options: Options) -> None:
    """Raise Unavailable if a file is not, or no longer, what was seen."""
    if why := _refused(entry, options) or _unready(entry, options):
        raise Unavailable(f"{spelled(seen.name)}: {why}")
    if entry.mark != own(seen) or not entry.links:  # no name is left of it: another file has it
        raise changed(seen.name)


def changed(name: str) -> Unavailable:
    """Say that a file is not what was seen: it is looked at anew."""
    return Unavailable(f"{spelled(name)}: changed while it was fetched")
