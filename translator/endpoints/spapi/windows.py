"""Which window of creation dates to ask for next: pure arithmetic over a cursor.

Promises: the windows, each of at most seven days, cover everything from the start to now − lag without a hole, however
long the outage (Amazon reaches back 180 days); each poll overlaps the last, and once per `sweep` the last
seven days are read again, for orders that appear late under an old date and for cancellations. The cursor moves past a window only
when its last page has come. In trouble (a page that repeats itself) it says so; a window that has brought no page for an
hour is begun again, whatever Amazon answers to its token.
"""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass, replace
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from typing import Any, Final

from translator.core.jsontext import encode

LONGEST: Final = timedelta(days=7)
REACH: Final = timedelta(days=180)
AGAIN: Final = timedelta(minutes=15)  # until a window may be begun again once more: as long as a refusal shuts the door
OLD: Final = timedelta(hours=1)  # a token is good for so long: Amazon may answer an older one with a fault of its own
SLACK: Final = timedelta(hours=12)  # a window under way may grow so much older: six months are 181 days at least
PAGES: Final = 10_000  # of one window: a million orders a week


@dataclass(frozen=True, slots=True)
class Rules:
    """How to poll: where it starts, how far it stays behind now, how much is read again, and how often seven days of it.

    Orders of the seven days before the start are read as well: they are stored, and what becomes of them is decided later.
    """

    start: datetime | None = None
    lag: timedelta = timedelta(minutes=2)
    overlap: timedelta = timedelta(hours=1)
    sweep: timedelta = timedelta(hours=6)


@dataclass(frozen=True, slots=True)
class Window:
    """A window under way: the token of its next page, and what is remembered of those before (Brent's cycle finding)."""

    after: str
    before: str
    token: str = ""
    pages: int = 0
    kept: str = ""  # digest of the token after page 1, 2, 4, 8…
    last: str = ""  # digest of what the last page held
    again: str = ""  # when it was begun again, since Amazon did not know its token any more
    came: str = ""  # when its token came; empty: nobody knows


@dataclass(frozen=True, slots=True)
class Cursor:
    """`through`: everything until here was read. `swept`: when the last sweep began; `back`: `through` at that time."""

    through: str
    swept: str
    back: str = ""
    window: Window | None = None


def first(rules: Rules, now: datetime) -> Cursor:
    """Give the cursor of an account never polled: from seven days before its start, or before now."""
    return Cursor(text(_floor(rules, now, now)), text(now))


def planned(cursor: Cursor, rules: Rules, now: datetime) -> Cursor:
    """Give the cursor with a window under way: the one it has, or the next; without one where there is nothing to ask."""
    if cursor.window and moment(cursor.window.after) >= now - REACH - SLACK:
        return replace(cursor, window=_young(cursor.window, now))
    until = now - rules.lag
    if moment(cursor.through) > now:  # our clock ran ahead, and nobody knows what was there to be seen
        cursor = Cursor(text(until), text(until - rules.sweep))
    floor, through = _floor(rules, now, now - REACH + LONGEST), min(moment(cursor.through), until)
    if _sweep_due(cursor, rules, now) and through > floor:
        cursor = replace(cursor, swept=text(now), back=cursor.through)
        return _opened(cursor, max(through - LONGEST, floor), through)
    after = max(through - min(rules.overlap, LONGEST / 2), floor)  # a window has to get ahead
    return _opened(cursor, after, min(after + LONGEST, until))


def turned(cursor: Cursor, token: str, held: str, now: datetime) -> Cursor | None:
    """Give the cursor after a page came whose next token is this one; None where the pages go in a circle."""
    window = cursor.window
    if window is None:
        return cursor
    if not token:
        return replace(cursor, through=max(cursor.through, window.before), window=None)
    if token == window.token or digest(token) == window.kept or window.pages >= PAGES or (held and held == window.last):
        return None
    pages = window.pages + 1
    kept = digest(token) if pages & (pages - 1) == 0 else window.kept
    return replace(cursor, window=replace(window, token=token, pages=pages, kept=kept, last=held, came=text(now)))


def restarted(cursor: Cursor, now: datetime) -> Cursor | None:
    """Give the cursor at the first page of its window again; None where there is no token, or it was done just now."""
    window = cursor.window
    if window is None or not window.token or (window.again and now - AGAIN < moment(window.again) <= now):
        return None
    return replace(cursor, window=Window(window.after, window.before, again=text(now)))


def more(cursor: Cursor, rules: Rules, now: datetime) -> bool:
    """Tell whether there is something to ask at once: a page, or a further window of a catch-up or sweep."""
    return cursor.window is not None or cursor.through < text(now - rules.lag)


def written(cursor: Cursor) -> str:
    """Give the cursor as a bookmark."""
    return encode(asdict(cursor)).decode()


def read(bookmark: str) -> Cursor:
    """Read back what `written` gave."""
    tree: dict[str, Any] = json.loads(
        bookmark
    )  # our own words: the door for others' would compose the letters of a token
    return Cursor(**tree | {"window": Window(**tree["window"]) if tree["window"] else None})


def digest(value: str) -> str:
    """Give a short mark of a text."""
    return sha256(value.encode("utf-8", "surrogatepass")).hexdigest()[:16]


def text(time: datetime) -> str:
    """Write a time as Amazon takes it in a query: UTC, whole seconds, Z."""
    return f"{time.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}"


def moment(written: str) -> datetime:
    """Read a time of a cursor."""
    return datetime.strptime(written, "%Y-%m-%dT%H:%M:%SZ").replace(tzinfo=UTC)


def _young(window: Window, now: datetime) -> Window:
    """Give a window at its first page again where its token is old, or came long after now: then the clock was ahead."""
    if not window.came or abs(now - moment(window.came)) < OLD:
        return window
    return Window(window.after, window.before, again=window.again)


def _floor(rules: Rules, now: datetime, otherwise: datetime) -> datetime:
    """Give the oldest time to ask for: seven days before the start, or before what stands for it, within the reach."""
    return max((rules.start or otherwise) - LONGEST, now - REACH)


def _sweep_due(cursor: Cursor, rules: Rules, now: datetime) -> bool:
    """Tell whether it is time; two sweeps never follow each other without getting ahead between."""
    swept = moment(cursor.swept)
    return cursor.back != cursor.through and not swept <= now < swept + rules.sweep


def _opened(cursor: Cursor, after: datetime, before: datetime) -> Cursor:
    window = Window(text(after), text(before))
    return replace(cursor, window=window if window.after < window.before else None)
