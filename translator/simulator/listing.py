"""getOrders: which orders a window, a filter and a token show.

Promises: pages follow creation date and number, so an order that appears between two pages moves no other; a token is good only
with the very parameters it was given for. In trouble (a parameter missing, unknown, twice, or out of its range) 400.
"""

import base64
import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, TypeVar
from urllib.parse import parse_qsl

from translator.simulator.access import refused
from translator.simulator.known import STATUSES, KnownOrder
from translator.simulator.rules import moment

NAMES = frozenset(
    "shipFromPartyId status limit createdAfter createdBefore sortOrder nextToken includeDetails".split(),
)
WINDOW = timedelta(days=7)
REACH = timedelta(days=183)
MARK = b"\xfb\xef\xbe"
"""Base64 of these is `++++`: a client that does not percent-encode its token is found out."""

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Question:
    after: datetime
    before: datetime
    warehouse: str | None
    status: str | None
    limit: int
    descending: bool
    details: bool
    digest: str
    position: tuple[str, str] | None
    """The creation date and number of the last order that was given."""


@dataclass(frozen=True, slots=True)
class Page:
    orders: list[KnownOrder]
    token: str | None


def question(query: str, now: datetime) -> Question:
    given = _parameters(query)
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
        _choice(given, "status", {status: status for status in STATUSES}, None),
        _limit(given.get("limit", "100")),
        _choice(given, "sortOrder", {"ASC": False, "DESC": True}, False),
        _choice(given, "includeDetails", {"true": True, "false": False}, True),
        digest,
        _position(given["nextToken"], digest) if given.get("nextToken") else None,
    )


def page(asked: Question, orders: Iterable[KnownOrder], now: datetime, most: int) -> Page:
    found = [order for order in orders if _matches(asked, order, now)]
    found.sort(key=_place, reverse=asked.descending)
    rest = [order for order in found if _beyond(asked, order)]
    size = min(asked.limit, most)
    token = _token(asked, rest[size - 1]) if len(rest) > size else None
    return Page(rest[:size], token)


def _matches(asked: Question, order: KnownOrder, now: datetime) -> bool:
    status = order.shown(now)
    return (
        status is not None
        and asked.after <= order.created <= asked.before
        and asked.warehouse in (None, order.warehouse)
        and asked.status in (None, status)
    )


def _place(order: KnownOrder) -> tuple[str, str]:
    return order.created.isoformat(timespec="microseconds"), order.number


def _beyond(asked: Question, order: KnownOrder) -> bool:
    if asked.position is None:
        return True
    return _place(order) < asked.position if asked.descending else _place(order) > asked.position


def _parameters(query: str) -> dict[str, str]:
    pairs = parse_qsl(query, keep_blank_values=True, errors="replace")
    given = dict(pairs)
    if len(given) < len(pairs) or not given.keys() <= NAMES:
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


def _token(asked: Question, last: KnownOrder) -> str:
    content = MARK + json.dumps([asked.digest, *_place(last)]).encode()
    return base64.b64encode(content + b" " * (1 - len(content) % 3)).decode()


def _position(token: str, digest: str) -> tuple[str, str]:
    try:
        whose, created, number = _decoded(token)
    except ValueError:
        raise _invalid("could not decode your NextToken") from None
    if whose != digest:
        raise _invalid("the other parameters are not those that the NextToken was given for")
    return created, number


def _decoded(token: str) -> Any:
    content = base64.b64decode(token, validate=True)
    return json.loads(content.removeprefix(MARK))


def _invalid(reason: str) -> Exception:
    return refused(400, "InvalidInput", f"The request is invalid: {reason}.")
