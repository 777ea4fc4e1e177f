"""The life of an order is a fold over its events: how far it is, and which clocks run."""

from dataclasses import dataclass, field, fields
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from translator.core.timeline import (
    CLOCKS,
    DATED,
    MARKS,
    MEANT,
    STAGES,
    UNDONE,
    Timeline,
    after,
    fold,
    over,
    running,
    stage,
)

START = datetime(2026, 12, 1, 8, 0, tzinfo=UTC)
SHIP_BY = "2026-12-03T00:00:00Z"


@dataclass(frozen=True)
class Event:
    name: str
    at: datetime | float = START
    detail: dict = field(default_factory=dict)


def story(*names):
    """One event an hour; `("order known", {...})` has a detail."""
    pairs = [(name, {}) if isinstance(name, str) else name for name in names]
    return [Event(name, START + timedelta(hours=n), detail) for n, (name, detail) in enumerate(pairs)]


KNOWN = ("order known", {"ship_by": SHIP_BY})
LIFE = [
    (KNOWN, "known", {"acknowledge", "ship-by"}),
    ("order written", "written", {"acknowledge", "ship-by"}),
    ("order sent", "sent", {"acknowledge", "ship-by"}),
    ("order taken", "taken", {"acknowledge", "ship-by"}),
    ("acknowledgement sent", "acknowledging", {"acknowledge", "ship-by"}),
    ("acknowledgement accepted", "acknowledged", {"ship-by"}),
    ("shipment_confirmation known", "shipped", {"confirm"}),
    ("shipment_confirmation sent", "confirming", {"confirm"}),
    ("shipment_confirmation accepted", "confirmed", set()),
]


@pytest.mark.parametrize("steps", range(len(LIFE) + 1))
def test_the_life_of_an_order_step_by_step(steps):
    line = fold(story(*(name for name, _, _ in LIFE[:steps])))
    _, word, clocks = LIFE[steps - 1] if steps else (None, "unknown", set())
    assert stage(line) == word
    assert {one.name for one in running(line)} == clocks
    assert over(line) is (steps == len(LIFE))


def test_clocks_say_when_they_are_due():
    line = fold(story(KNOWN))
    assert [(one.name, one.due) for one in running(line)] == [
        ("acknowledge", START + timedelta(hours=24)),
        ("ship-by", datetime(2026, 12, 3, tzinfo=UTC)),
    ]


def test_the_nearest_clock_comes_first():
    line = fold(story(("order known", {"ship_by": "2026-12-01T12:00:00Z"})))
    assert [one.name for one in running(line)] == ["ship-by", "acknowledge"]


def test_four_hours_run_from_when_the_goods_left_not_from_when_we_heard():
    told = ("shipment_confirmation known", {"shippedDate": "2026-12-01T03:00:00-05:00"})
    (clock,) = running(fold(story(KNOWN, "acknowledgement accepted", told)))
    assert (clock.name, clock.due) == ("confirm", datetime(2026, 12, 1, 12, 0, tzinfo=UTC))
    beside = ("shipment_confirmation shipped", {"at": "2026-12-01T07:00:00Z"})
    line = fold(story(KNOWN, "acknowledgement accepted", "shipment_confirmation known", beside))
    assert running(line)[0].due == datetime(2026, 12, 1, 11, 0, tzinfo=UTC)
    assert running(fold(story("shipment_confirmation known")))[0].due == START + timedelta(hours=4)


@pytest.mark.parametrize(
    "last, word",
    [
        (("acknowledgement accepted", {"code": "03"}), "refused"),
        (("shipment_confirmation accepted", {"shipmentStatus": "FLOOR_DENIAL"}), "denied"),
        ("order superseded", "superseded"),
        ("order closed", "closed"),
        ("order shipped", "confirmed"),
    ],
)
def test_each_end_stops_every_clock(last, word):
    line = fold(story(KNOWN, "order sent", last))
    assert stage(line) == word
    assert running(line) == []
    assert over(line)


def test_a_cancelled_order_is_over_when_the_warehouse_has_heard_of_it():
    line = fold(story(KNOWN, "order sent", "order cancelled", "cancellation known"))
    assert (stage(line), running(line), over(line)) == ("cancelled", [], False)
    assert over(fold(story(KNOWN, "order sent", "order cancelled", "cancellation taken")))
    assert over(fold(story(KNOWN, "order cancelled")))


def test_a_rejected_acknowledgement_lets_the_clock_run_and_another_try_mends_it():
    events = story(KNOWN, "acknowledgement sent", "acknowledgement rejected")
    line = fold(events)
    assert stage(line) == "rejected"
    assert line.acknowledged is None
    assert "acknowledge" in {one.name for one in running(line)}
    mended = fold(events + story("acknowledgement known", "acknowledgement sent"))
    assert stage(mended) == "acknowledging"


def test_a_rejected_confirmation_brings_the_ship_by_clock_back():
    line = fold(
        story(KNOWN, "acknowledgement accepted", "shipment_confirmation known", "shipment_confirmation rejected")
    )
    assert stage(line) == "rejected"
    assert [one.name for one in running(line)] == ["ship-by"]


def test_what_completes_a_confirmation_after_a_part_was_rejected_lets_its_clock_run_again():
    line = fold(
        story(
            KNOWN,
            "acknowledgement accepted",
            "shipment_confirmation known",
            "shipment_confirmation rejected",
            "shipment_confirmation more",
        )
    )
    assert stage(line) == "shipped"
    assert [one.name for one in running(line)] == ["confirm"]


def test_amazons_own_status_is_evidence():
    line = fold(story(KNOWN, "order accepted"))
    assert stage(line) == "acknowledged"
    assert [one.name for one in running(line)] == ["ship-by"]


def test_the_first_of_a_name_counts():
    line = fold(story("order known", "order sent", "order sent"))
    assert line.sent == START + timedelta(hours=1)


def test_what_is_held_says_why_until_something_happens_to_it():
    held = fold(story(KNOWN, ("order held", {"reason": "ship method unknown"})))
    assert held.held == {"order": "ship method unknown"}
    assert after(held, Event("order written")).held == {}
    assert after(held, Event("acknowledgement known")).held == held.held


def test_seconds_since_1970_are_moments_too():
    assert fold([Event("order known", START.timestamp())]).known == START


def test_a_date_without_zone_is_utc_and_a_date_that_is_none_starts_no_clock():
    assert fold(story(("order known", {"ship_by": "2026-12-03T00:00:00"}))).ship_by == datetime(2026, 12, 3, tzinfo=UTC)
    for bad in ("", "soon", None, "9999-12-31T23:59:59-05:00"):
        assert fold(story(("order known", {"ship_by": bad}))).ship_by is None


def test_the_tables_name_only_what_there_is():
    names = {one.name for one in fields(Timeline)}
    marks = {mark for entry in MARKS.values() for mark in entry}
    undone = {mark for entry in UNDONE.values() for mark in entry}
    meant = {mark for *_, entry in MEANT for mark in entry}
    assert marks | undone | meant | {mark for *_, mark in DATED} | {name for name, _ in STAGES} <= names
    assert {clock.starts for clock in CLOCKS} | {end for clock in CLOCKS for end in clock.ends} <= names


KINDS = ["order", "cancellation", "acknowledgement", "shipment_confirmation", "label"]
FACTS = ["known", "written", "begun", "sent", "taken", "accepted", "rejected", "held", "superseded", "closed", "more"]
EVENTS = st.lists(st.tuples(st.sampled_from(KINDS), st.sampled_from(FACTS)).map(" ".join), max_size=20)


@given(EVENTS)
def test_any_history_has_a_stage_and_what_is_over_has_no_clock(names):
    line = fold(story(*names))
    assert stage(line)
    assert not (over(line) and running(line))


@given(EVENTS)
def test_folding_on_is_folding_all(names):
    events = story(*names)
    line = fold(events[: len(events) // 2])
    for event in events[len(events) // 2 :]:
        line = after(line, event)
    assert line == fold(events)
