"""The life of one order, folded from its events: how far it is, and which clocks are running.

Nobody owns an order: stations write events, and everyone who asks (board, alarms, `show order`, guards) folds them here.
An event is named `<kind> <fact>`: `order known`, `acknowledgement accepted`. Pure and driven by the tables below; what
is not in them moves nothing. Events are taken in the order given; the first of a name counts until it is undone.

What an event's detail may say: `ship_by`, `carrier: own` (order known), `code` (acknowledgement accepted), `shipmentStatus`
(shipment_confirmation accepted), `at` (shipment_confirmation shipped), `reason` (… held). `order accepted`, `shipped`
and `cancelled` are Amazon's own status that moved, whoever moved it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, fields, replace
from datetime import UTC, datetime, timedelta
from typing import Any, Final, Protocol


class Event(Protocol):
    """What happened to an order: `<kind> <fact>`, when, and what must be known of it (nothing personal)."""

    @property
    def name(self) -> str: ...

    @property
    def at(self) -> datetime | float: ...

    @property
    def detail(self) -> Mapping[str, Any]: ...


@dataclass(frozen=True, slots=True)
class Timeline:
    """When each thing first happened to an order; None: not yet, or undone."""

    known: datetime | None = None
    written: datetime | None = None
    sent: datetime | None = None
    taken: datetime | None = None
    acknowledged: datetime | None = None  # our word is at Amazon
    acknowledgement_accepted: datetime | None = None  # Amazon took it: Success, or the status moved
    refused: datetime | None = None  # it was a reject that Amazon took
    label_asked: datetime | None = None  # our request is at Amazon
    labelled: datetime | None = None  # the label came
    label_sent: datetime | None = None  # the warehouse has it, and may have printed it
    shipped: datetime | None = None  # the warehouse told us
    confirmed: datetime | None = None  # our word is at Amazon
    confirmation_accepted: datetime | None = None
    own_carrier: datetime | None = None  # the vendor tells Amazon where its parcels are
    scanned: datetime | None = None  # the first status of a parcel is at Amazon
    denied: datetime | None = None  # it was a floor denial that Amazon took
    cancelled: datetime | None = None  # at Amazon
    cancellation_sent: datetime | None = None
    cancellation_taken: datetime | None = None
    rejected: datetime | None = None  # Amazon, or a rule, turned down something of ours that is not mended yet
    superseded: datetime | None = None  # cancelled before its file was begun
    closed: datetime | None = None  # by an operator, or ended elsewhere before we saw it
    ship_by: datetime | None = None
    left: datetime | None = None  # when the goods left, as the warehouse says
    held: Mapping[str, str] = field(default_factory=dict)  # kind -> reason


@dataclass(frozen=True, slots=True)
class Clock:
    """A duty: from when it runs, how long, what ends it, and for whom alone it is one."""

    name: str
    starts: str
    hours: float
    ends: tuple[str, ...]
    where: str = ""


@dataclass(frozen=True, slots=True)
class Running:
    """A clock that runs, and when it is due."""

    name: str
    due: datetime


_OVER: Final = ("cancelled", "refused", "denied", "superseded", "closed", "confirmation_accepted")

CLOCKS: Final = (
    Clock("acknowledge", "known", 24, ("acknowledgement_accepted", *_OVER)),  # reference §5
    Clock("label", "label_asked", 0.5, ("labelled", *_OVER)),  # after half an hour a case is opened, reference §6.1
    Clock("ship-by", "ship_by", 0, ("shipped", *_OVER)),  # requiredShipDate, reference §4.3
    Clock("confirm", "left", 4, _OVER),  # within four hours after leaving the warehouse, reference §6.4
    Clock("first scan", "confirmation_accepted", 24, ("scanned",), where="own_carrier"),
)

MARKS: Final[Mapping[str, tuple[str, ...]]] = {
    "order known": ("known",),
    "order written": ("written",),
    "order sent": ("sent",),
    "order taken": ("taken",),
    "order rejected": ("rejected",),
    "order superseded": ("superseded",),
    "order closed": ("closed",),
    # Amazon's status proves an effect, whoever brought it about: Vendor Central, EDI, an answer of ours that was lost.
    "order accepted": ("acknowledgement_accepted",),
    "order shipped": ("acknowledgement_accepted", "confirmation_accepted"),
    "order cancelled": ("cancelled",),
    "cancellation known": ("cancelled",),
    "cancellation sent": ("cancellation_sent",),
    "cancellation taken": ("cancellation_taken",),
    "acknowledgement sent": ("acknowledged",),
    "acknowledgement accepted": ("acknowledgement_accepted",),
    "acknowledgement rejected": ("rejected",),
    "label_request sent": ("label_asked",),
    "label_request rejected": ("rejected",),
    "shipping_label known": ("labelled",),
    "shipping_label sent": ("label_sent",),
    "shipping_label rejected": ("rejected",),
    "shipment_status accepted": ("scanned",),
    "shipment_confirmation known": ("shipped", "left"),  # it has left by the time we hear of it
    "shipment_confirmation more": ("shipped", "left"),
    "shipment_confirmation sent": ("confirmed",),
    "shipment_confirmation accepted": ("confirmation_accepted",),
    "shipment_confirmation rejected": ("rejected",),
}

# What an event's detail makes of it: event, name, the values that change nothing, the marks instead.
MEANT: Final = (
    ("acknowledgement accepted", "code", ("", "00"), ("acknowledgement_accepted", "refused")),  # reference §5
    ("shipment_confirmation accepted", "shipmentStatus", ("", "SHIPPED"), ("denied",)),  # FLOOR_DENIAL, §6.4
    ("order known", "carrier", ("",), ("known", "own_carrier")),
)

# Where an event's detail says the moment itself: event, name, mark.
DATED: Final = (
    ("order known", "requiredShipDate", "ship_by"),
    ("order known", "ship_by", "ship_by"),  # when the last parcel of that day leaves, by the warehouse's calendar
    ("shipment_confirmation known", "shippedDate", "left"),
    ("shipment_confirmation shipped", "at", "left"),
)

UNDONE: Final[Mapping[str, tuple[str, ...]]] = {
    "acknowledgement known": ("rejected",),  # another try: no longer the last word
    "acknowledgement rejected": ("acknowledged",),
    "acknowledgement accepted": ("rejected",),
    "label_request known": ("rejected", "label_asked"),
    "shipping_label known": ("rejected",),
    "shipment_confirmation known": ("rejected",),
    "shipment_confirmation more": ("rejected",),
    "shipment_confirmation rejected": ("shipped", "confirmed", "left"),
    "shipment_confirmation superseded": ("shipped", "confirmed", "left"),
}

STAGES: Final = (  # the first that holds names the stage
    ("denied", "denied"),
    ("confirmation_accepted", "confirmed"),
    ("refused", "refused"),
    ("cancelled", "cancelled"),
    ("superseded", "superseded"),
    ("closed", "closed"),
    ("rejected", "rejected"),
    ("confirmed", "confirming"),
    ("shipped", "shipped"),
    ("labelled", "labelled"),
    ("acknowledgement_accepted", "acknowledged"),
    ("acknowledged", "acknowledging"),
    ("taken", "taken"),
    ("sent", "sent"),
    ("written", "written"),
    ("known", "known"),
)


def fold(events: Iterable[Event]) -> Timeline:
    """Fold the events of one order into its life so far."""
    so_far: dict[str, Any] = {}
    for event in events:
        so_far |= _moved(so_far, event)
    return Timeline(**so_far)


def after(line: Timeline, event: Event) -> Timeline:
    """Give the life of an order after one more event."""
    return replace(line, **_moved({one.name: getattr(line, one.name) for one in fields(line)}, event))


def _moved(so_far: Mapping[str, Any], event: Event) -> dict[str, Any]:
    """Give what an event changes: of a dict, since alarms fold tens of thousands of orders."""
    moved: dict[str, Any] = dict.fromkeys(UNDONE.get(event.name, ()))
    if marks := _marks(event):
        at = moment(event.at)
        moved |= {name: moved.get(name, so_far.get(name)) or at for name in marks}
    moved |= _dates(event)
    moved["held"] = _held(so_far.get("held", {}), event)
    return moved


def stage(line: Timeline) -> str:
    """Give one word for lists."""
    return next((word for name, word in STAGES if getattr(line, name)), "unknown")


def running(line: Timeline) -> list[Running]:
    """Give the clocks that run, the nearest first."""
    clocks = [clock for clock in CLOCKS if _runs(clock, line)]
    due = (Running(clock.name, getattr(line, clock.starts) + timedelta(hours=clock.hours)) for clock in clocks)
    return sorted(due, key=lambda one: one.due)


def _runs(clock: Clock, line: Timeline) -> bool:
    concerns = not clock.where or getattr(line, clock.where)
    return bool(concerns and getattr(line, clock.starts)) and not any(getattr(line, end) for end in clock.ends)


def over(line: Timeline) -> bool:
    """Tell whether nothing more is expected of anyone: a cancelled order that the warehouse has must still hear of it."""
    if line.cancelled and line.sent and not (line.refused or line.denied):
        return bool(line.cancellation_taken)
    return any(getattr(line, name) for name in _OVER)


def _marks(event: Event) -> tuple[str, ...]:
    for name, said, usual, marks in MEANT:
        if event.name == name and str(event.detail.get(said, "")).upper() not in usual:  # a file's word has any case
            return marks
    return MARKS.get(event.name, ())


def _dates(event: Event) -> dict[str, datetime]:
    said = ((mark, moment(event.detail.get(said))) for name, said, mark in DATED if event.name == name)
    return {mark: at for mark, at in said if at}


def _held(held: Mapping[str, str], event: Event) -> Mapping[str, str]:
    """Keep what is held and why, by kind, until something else happens to that kind."""
    kind, _, fact = event.name.partition(" ")
    if fact == "held":
        return {**held, kind: str(event.detail.get("reason", ""))}
    return {other: reason for other, reason in held.items() if other != kind}


def moment(said: object) -> datetime | None:
    """Read a moment: seconds since 1970, or a date-time; in an order without zone, UTC is meant (reference §3)."""
    try:
        if isinstance(said, int | float):
            return datetime.fromtimestamp(said, UTC)
        at = said if isinstance(said, datetime) else datetime.fromisoformat(str(said))
        return at.astimezone(UTC) if at.tzinfo else at.replace(tzinfo=UTC)
    except (ValueError, OverflowError, OSError):
        return None
