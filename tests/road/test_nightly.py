"""Where a site gives an hour for it, all sides are compared once a night by the service itself, over deaths and outages."""

from datetime import datetime, timedelta

import pytest

from tests.road.test_label_deaths import die
from translator.cli.behind.alarms import _compared
from translator.config.site import Comparing
from translator.service.compared import kept
from translator.stations.nightly import OWN, following

DAY = 86_400.0


@pytest.fixture
def nightly(opened, tmp_path):
    """Open a world whose site has all compared within some minutes, with a list of what its warehouse has open."""
    listed = tmp_path / "open.csv"
    listed.write_text("ORDER\nStrange1\n")

    def open_(text='compare: {{at: "{at:%H:%M}", csv: reports/out.csv, open: {{plain-csv: {listed}}}}}\n'):
        def change(world):
            at = world.clock.now() + timedelta(minutes=3)
            world.edit("translator.yaml", lambda before: text.format(at=at, listed=listed) + before)

        return (*opened(orders=[], change=change), listed)

    return open_


def rows(road):
    with road.look() as book:
        return book.work.find(subject=OWN)


def names(road):
    with road.look() as book:
        return [event.name for event in book.events.of("service") if event.name.startswith("comparison")]


def result(road):
    with road.look() as book:
        return kept(book), [alarm["what"] for alarm in _compared(book)]


def night(road):
    """Let the night come, and be over."""
    before = len(names(road))
    road.clock.skip(max(0.0, rows(road)[0].due - road.clock.now().timestamp()))
    road.until(lambda: len(names(road)) > before, within=900)


def test_what_is_out_is_an_event_an_alarm_and_a_file_each_night(nightly):
    world, road, listed = nightly()
    road.go(2)
    assert names(road) == []
    (waiting,) = rows(road)
    night(road)
    found, alarms = result(road)
    assert [(row["about"], row["what"]) for row in found["rows"]] == [("Strange1", "unknown here")]
    assert (found["by"], alarms) == ("service", ["orders that two sides do not agree on"])
    assert (
        (world.site / "reports/out.csv").read_text().splitlines()[1].startswith("plain-csv,us,,Strange1,unknown here")
    )
    (again,) = rows(road)
    assert again.due - waiting.due in (DAY, DAY + 3600, DAY - 3600)
    listed.write_text("")
    night(road)
    assert names(road) == ["comparison out", "comparison agrees"]
    assert result(road)[1] == []


def test_after_a_death_in_the_middle_it_is_done_again(nightly):
    _, road, _ = nightly()
    road.clock.skip(200)
    road.until(lambda: [row for row in rows(road) if row.state == "active"])
    die(road)
    road._open()
    assert names(road) == []
    road.until(lambda: names(road), within=900)
    road.go(60)
    assert names(road) == ["comparison out"]


def test_while_amazon_is_away_it_waits(nightly):
    world, road, _ = nightly()
    world.amazon.stop()
    road.clock.skip(200)
    road.until(lambda: rows(road)[0].attempts > 1, within=900)
    assert names(road) == []
    world.amazon.start()
    road.until(lambda: names(road), within=900)
    assert names(road) == ["comparison out"]


@pytest.mark.parametrize(
    "text, said", [("ORDER\n../x\n", "list-number"), (None, "compare-file")], ids=["no number", "absent"]
)
def test_a_list_that_cannot_be_read_is_told_and_read_the_next_night(nightly, text, said):
    world, road, listed = nightly()
    listed.unlink() if text is None else listed.write_text(text)
    world.amazon.stop()  # it is not asked before the list is read
    night(road)
    world.amazon.start()
    found, alarms = result(road)
    assert said in found["failed"]
    assert alarms == ["could not be done"]
    listed.write_text("")
    night(road)
    assert names(road) == ["comparison refused", "comparison agrees"]


def test_without_an_hour_nothing_is_compared_and_another_hour_counts_from_now_on(nightly):
    world, road, _ = nightly("")
    assert rows(road) == []
    for at in ("01:00", "02:00"):
        world.write_site()
        world.edit("translator.yaml", lambda text, at=at: f'compare: {{at: "{at}"}}\n{text}')
        road.reload()
    assert [row.route for row in rows(road)] == [f"{OWN}/01:00 UTC", f"{OWN}/02:00 UTC"]
    road.clock.skip(DAY)
    road.until(lambda: len(rows(road)) == 1)
    assert [row.route for row in rows(road)] == [f"{OWN}/02:00 UTC"]


@pytest.mark.parametrize(
    "now, then",
    [
        ("2026-03-08T05:00:00Z", "2026-03-08T07:30:00Z"),  # that hour is skipped there: an hour later by its clocks
        ("2026-03-08T08:00:00Z", "2026-03-09T06:30:00Z"),
        ("2026-11-01T05:29:00Z", "2026-11-01T07:30:00Z"),
        ("2026-11-01T07:30:00Z", "2026-11-02T07:30:00Z"),
    ],
    ids=["skipped", "after it", "day of 25 hours", "at the very hour"],
)
def test_the_hour_is_that_of_its_zone(now, then):
    comparing = Comparing(at=datetime.fromisoformat("2026-01-01T02:30:00").time(), zone="America/New_York")
    assert following(comparing, datetime.fromisoformat(now)) == datetime.fromisoformat(then)
