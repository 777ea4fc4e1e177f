"""The statements that move a row of work, each built once, from the table of states (`core.work.MOVES`).

A move that is not in the table cannot be built. `row` and `token` are the fence: an old claim touches nothing.
"""

from __future__ import annotations

from typing import Any, Final

from sqlalchemy import (
    ColumnElement,
    Float,
    Text,
    and_,
    bindparam,
    case,
    cast,
    delete,
    exists,
    func,
    not_,
    or_,
    select,
    update,
)
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.sql.dml import Update

from translator.core.work import HOLDERS, MOVES, REST, RESTS, State, Station
from translator.ledger.schema import ONE, event, lane, listed, signed, waits, work, worker

SOONER: Final = "sooner"  # what a deferred row does when the door it failed at opens

COLUMNS: Final = tuple(column for column in work.c if column.name not in ("queue", "worker"))
_FREE: Final[dict[str, Any]] = {"claim": "", "until": None}
_QUIET: Final[dict[str, Any]] = {"awaits": "", "give_up": None, "then": ""}


def _in(states: tuple[State, ...]) -> ColumnElement[bool]:
    """Give the condition that a row is in one of the states.

    Several are said by those it is not in: SQLite would walk the index of states, and pass over the few ids it is given.
    """
    if len(states) == 1:
        return waits(states[0])
    return and_(*(not_(waits(state)) for state in State if state not in states))


def step(before: tuple[State, ...], after: State, *where: ColumnElement[bool], **values: Any) -> Update:
    """Build the statement of one move; a move that is not in the table of states cannot be built."""
    if any(after not in MOVES[state] for state in before):
        raise AssertionError(f"{before} -> {after} is no move")
    return update(work).where(_in(before), *where).values(state=str(after), since=bindparam("now"), **values)


_MINE: Final = and_(work.c.id == bindparam("row"), work.c.claim == bindparam("token"))
_OF_THESE: Final = work.c.id.in_(listed("rows"))
_LAPSED: Final = work.c.until <= bindparam("before")
_SEEN: Final = exists(select(worker.c.name).where(worker.c.name == work.c.worker, worker.c.seen > bindparam("alive")))
# On a shared book: its worker was not seen for long. What may be on its way out waits for its lease all the same.
_FORSAKEN: Final = and_(waits(State.ACTIVE), or_(_LAPSED, and_(work.c.station != str(Station.SEND), not_(_SEEN))))
_OUTLIVED: Final = work.c.holders >= HOLDERS - 1
_REST: Final = case(
    *((work.c.holders >= n, REST * 2.0 ** (n - HOLDERS + 1)) for n in range(HOLDERS + RESTS - 1, HOLDERS - 1, -1)),
    else_=REST,
)
_SIGNED: Final = exists(select(event.c.id).where(signed, event.c.sign == work.c.awaits))
_RELEASED: Final[dict[str, Any]] = {"due": bindparam("now"), "attempts": 0, "holders": 0, **_QUIET}

CLAIM: Final = step(
    (State.INCOMING, State.DEFERRED),
    State.ACTIVE,
    _OF_THESE,
    claim=bindparam("token"),
    worker=bindparam("who"),
    until=bindparam("ends"),
    attempts=work.c.attempts + 1,
).returning(*COLUMNS)
AGAIN: Final = step(
    (State.ACTIVE,),
    State.INCOMING,
    _MINE,
    due=bindparam("when"),
    reason=bindparam("why"),
    attempts=0,
    holders=0,
    give_up=None,
    then="",
    **_FREE,
)
DEFER: Final = step(
    (State.ACTIVE,),
    State.DEFERRED,
    _MINE,
    due=bindparam("when"),
    reason=bindparam("why"),
    give_up=bindparam("ends"),
    then=bindparam("after"),
    holders=0,
    **_FREE,
)
HOLD: Final = step(
    (State.ACTIVE,),
    State.HELD,
    _MINE,
    reason=bindparam("why"),
    awaits=bindparam("sign"),
    give_up=bindparam("ends"),
    then=bindparam("after"),
    holders=0,
    **_FREE,
)


def _lapse(lapsed: ColumnElement[bool]) -> Update:
    return step((State.ACTIVE,), State.INCOMING, lapsed, holders=work.c.holders + 1, **_FREE)


def _outlive(lapsed: ColumnElement[bool]) -> Update:
    return step(
        (State.ACTIVE,),
        State.HELD,
        lapsed,
        _OUTLIVED,
        holders=work.c.holders + 1,
        awaits="person",
        give_up=cast(bindparam("now"), Float) + cast(_REST, Float),
        then="again",  # it may have been there by chance: it is tried again by itself, with its count
        reason="outlived three holders",
        **_FREE,
    )


LAPSE: Final = _lapse(_LAPSED)
OUTLIVE: Final = _outlive(_LAPSED)
FORSAKEN: Final = select(work.c.id).where(_FORSAKEN).suffix_with(ONE)
LAPSE_FORSAKEN: Final = _lapse(_FORSAKEN)
OUTLIVE_FORSAKEN: Final = _outlive(_FORSAKEN)
RESTED: Final = step(
    (State.HELD,), State.INCOMING, work.c.id == bindparam("row"), due=bindparam("now"), awaits="", give_up=None, then=""
)
RELEASE: Final = step((State.HELD,), State.INCOMING, work.c.awaits.in_(listed("values", Text)), **_RELEASED)
RELEASE_ROW: Final = step((State.HELD,), State.INCOMING, work.c.id == bindparam("row"), **_RELEASED)
REHOLD: Final = (
    update(work)
    .where(_in((State.INCOMING, State.DEFERRED, State.HELD)), work.c.id == bindparam("row"))
    .values(
        state=str(State.HELD),
        since=bindparam("now"),
        reason=bindparam("why"),
        awaits=bindparam("sign"),
        give_up=bindparam("ends"),
        then=bindparam("after"),
    )
)
_NOW_DUE: Final = (
    update(work)
    .where(_in((State.INCOMING, State.DEFERRED)), work.c.due > bindparam("now"))
    .values(due=bindparam("now"))
)
HASTEN: Final = _NOW_DUE.where(work.c.station == bindparam("at_station"), work.c.route == bindparam("on_route"))
_BEHIND: Final = or_(
    work.c.lane == bindparam("behind"),
    work.c.lane.in_(select(lane.c.name).where(lane.c.door == bindparam("behind"))),
)
WAKE: Final = _NOW_DUE.where(work.c.then == SOONER, _BEHIND)
OUTLIVED: Final = (
    select(*COLUMNS)
    .where(
        _BEHIND,
        or_(
            and_(waits(State.INCOMING), work.c.since <= bindparam("before")),
            and_(waits(State.DEFERRED), work.c.then == SOONER, work.c.give_up <= bindparam("now")),
        ),
    )
    .order_by(work.c.id)
    .limit(bindparam("most"))
)
_NOW: Final = cast(bindparam("now"), Float)
# What a clock that was ahead put off waits as long as it was to, from now on: never too short for what is to be settled.
RIGHT: Final = (
    update(work)
    .where(_in((State.INCOMING, State.DEFERRED, State.HELD)), work.c.since > bindparam("ahead"))
    .values(
        due=case(
            (work.c.due > work.c.since, _NOW + work.c.due - work.c.since), (work.c.due > _NOW, _NOW), else_=work.c.due
        ),
        give_up=case((work.c.give_up > work.c.since, _NOW + work.c.give_up - work.c.since), else_=work.c.give_up),
        since=_NOW,
    )
)
HASTEN_ROW: Final = _NOW_DUE.where(work.c.id == bindparam("row"))
SWEEP: Final = step((State.HELD,), State.INCOMING, _SIGNED, **_RELEASED)

END: Final = delete(work).where(
    waits(State.ACTIVE), work.c.id.in_(listed("values")), work.c.claim == bindparam("token")
)
RENEW: Final = update(work).where(waits(State.ACTIVE), _MINE).values(until=bindparam("ends"))
CLAIMS: Final = select(work.c.id, work.c.claim).where(_OF_THESE)  # only what is active has one
FIRST_LEASE: Final = select(func.min(work.c.until)).where(waits(State.ACTIVE))
OVER: Final = (
    select(*COLUMNS).where(waits(State.HELD), work.c.give_up <= bindparam("now")).order_by(work.c.give_up, work.c.id)
)
ADD: Final = insert(work).on_conflict_do_nothing()
_PLACE: Final = and_(
    work.c.station == bindparam("at_station"),
    work.c.route == bindparam("on_route"),
    work.c.subject == bindparam("of_subject"),
)
REMOVE: Final = delete(work).where(_PLACE)
GET: Final = select(*COLUMNS).where(work.c.id == bindparam("row"))
COUNTS: Final = select(work.c.station, work.c.state, func.count()).group_by(work.c.station, work.c.state)
ALL_TIME: Final = float("inf")
