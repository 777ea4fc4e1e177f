"""Lists by pages: which orders, labels, slips and invoices a window, a filter and a token show.

Promises: pages follow creation date and number, so what appears between two pages moves nothing else; a token is good only with
the very parameters it was given for. In trouble (a parameter missing, unknown, twice, or out of its range) 400.
"""

import base64
import hashlib
import heapq
import json
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, TypeVar
from urllib.parse import parse_qsl
from uuid import uuid4

from translator.simulator.access import refused
from translator.simulator.known import STATUSES, KnownOrder
from translator.simulator.rules import moment

NAMES = frozenset("shipFromPartyId limit createdAfter createdBefore sortOrder nextToken".split())
ORDER_NAMES = NAMES | {"status", "includeDetails"}
WINDOW = timedelta(days=7)
REACH = timedelta(days=183)
MARK = b"\xfb\xef\xbe"
"""Base64 of these is `++++`: a client that does not percent-encode its token is found out."""

T = TypeVar("T")
Place = tuple[datetime, str]


@dataclass(frozen=True, slots=True)
class Entry:
    """What a list shows of one order: it, or a paper that was made for it at a time of its own."""

    created: datetime
    order: KnownOrder

    @property
    def place(self) -> Place:
        return self.created, self.order.number


@dataclass(frozen=True, slots=True)
class Question:
    after: datetime
    before: datetime
    warehouse: str | None
    limit: int
    descending: bool
    digest: str
    position: Place | None
    """Where the last page ended."""
    status: str | None = None
    details: bool = True


@dataclass(frozen=True, slots=True)
class Page:
    orders: list[KnownOrder]
    token: str | None


def question(query: str, now: datetime, names: frozenset[str] = NAMES) -> Question:
    given = _parameters(query, names)
    after, before = _date(given, "createdAfter"), _date(given, "createdBefore")
    if not timedelta(0) <= before - after <= WINDOW:
        raise _invalid("createdBefore must lie at most 7 days after createdAfter")
    if after < now - REACH:
        raise _invalid("createdAfter must lie within the last six months")
    digest = _digest(given)
    return Question(
        after,
        before,
        given.get("shipFromPartyId"),
        _limit(given.get("limit", "100")),
        _choice(given, "sortOrder", {"ASC": False, "DESC": True}, False),
        digest,
        _position(given["nextToken"], digest) if given.get("nextToken") else None,
        _choice(given, "status", {status: status for status in STATUSES}, None),
        _choice(given, "includeDetails", {"true": True, "false": False}, True),
    )


def page(
    asked: Question, entries: Iterable[Entry], most: int, keep: Callable[[KnownOrder], bool], fate: str = ""
) -> Page:
    """The next entries inside the window, of those whose order is to be kept; a fault may lead the token astray."""
    found = (entry for entry in entries if _matches(asked, entry) and keep(entry.order))
    size = min(asked.limit, most)
    first = heapq.nlargest if asked.descending else heapq.nsmallest
    rest = first(size + 1, found, key=lambda entry: entry.place)
    token = _token(asked, rest[size - 1].place) if len(rest) > size else None
    return Page([entry.order for entry in rest[:size]], _astray(asked, fate) or token)


def _astray(asked: Question, fate: str) -> str:
    """A token that leads to this page again; empty: no fault asks for one."""
    if fate == "page_loop":
        return _token(asked, asked.position)
    return _token(asked, asked.position, uuid4().hex) if fate == "page_again" else ""


def _matches(asked: Question, entry: Entry) -> bool:
    return (
        asked.after <= entry.created <= asked.before
        and asked.warehouse in (None, entry.order.warehouse)
        and _beyond(asked, entry)
    )


def _beyond(asked: Question, entry: Entry) -> bool:
    if asked.position is None:
        return True
    return entry.place < asked.position if asked.descending else entry.place > asked.position


def _parameters(query: str, names: frozenset[str]) -> dict[str, str]:
    pairs = parse_qsl(query, keep_blank_values=True, errors="replace")
    given = dict(pairs)
    if len(given) < len(pairs) or not given.keys() <= names:
        raise _invalid("a query parameter is unknown or repeated")
    return given


def _date(given: dict[str, str], name: str) -> datetime:
    date = moment(given.get(name, ""))
    if date is None:
        raise _invalid(f"{name} is required, as a date-time with a zone")
    return date


def _limit(text: str) -> int:
    if not (text.isascii() and text.isdigit() and len(text) <= 3 and 1 <= int(text) <= 100):
        raise _invalid("limit must be a number from 1 to 100")
    return int(text)


def _choice(given: dict[str, str], name: str, choices: Mapping[str, T], default: T) -> T:
    if name not in given:
        return default
    if given[name] not in choices:
        raise _invalid(f"{name} must be one of {', '.join(choices)}")
    return choices[given[name]]


def _digest(given: dict[str, str]) -> str:
    others = sorted((name, value) for name, value in given.items() if name != "nextToken")
    return hashlib.sha256(json.dumps(others).encode()).hexdigest()[:16]


def _token(asked: Question, place: Place | None, salt: str = "") -> str:
    """What leads to the page behind a place; None: to the first one."""
    created, number = (place[0].isoformat(), place[1]) if place else ("", "")
    content = MARK + json.dumps([asked.digest, created, number, salt]).encode()
    return base64.b64encode(content + b" " * (1 - len(content) % 3)).decode()


def _position(token: str, digest: str) -> Place | None:
    try:
        whose, created, number, _ = _decoded(token)
        place = (datetime.fromisoformat(created), str(number)) if created else None
    except (ValueError, TypeError):
        raise _invalid("could not decode your NextToken") from None
    if whose != digest:
        raise _invalid("the other parameters are not those that the NextToken was given for")
    return place


def _decoded(token: str) -> Any:
    content = base64.b64decode(token, validate=True)
    return json.loads(content.removeprefix(MARK))


def _invalid(reason: str) -> Exception:
    return refused(400, "InvalidInput", f"The request is invalid: {reason}.")
