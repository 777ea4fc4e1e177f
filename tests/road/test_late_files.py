"""A file that lies too long is told once; it is over when it is taken."""

from tests.road.conftest import LOCAL

TOLD = "file not taken"


def told(road):
    with road.look() as book:
        return [event.detail["endpoint"] for event in book.events.since(0) if event.name == TOLD]


def sent(road):
    return any(row[0] == "settle" and row[1].startswith(f"{LOCAL.called}/in/orders") for row in road.rows())


def late(said):
    def change(world):
        world.edit("translator.yaml", lambda text: text.replace("    wait:", f"    late: {said}\n    wait:"))

    return change


def test_a_file_that_nobody_takes_is_told_once_and_still_waited_for(opened, taking):
    world, road = opened(change=late("1h"))
    road.until(lambda: sent(road))
    road.clock.skip(3500)
    road.go(30)
    assert told(road) == []
    road.clock.skip(200)
    road.go(30)
    assert told(road) == [f"{LOCAL.called}/in/orders"]
    road.clock.skip(7200)
    road.go(30)
    taking(world)
    road.until(lambda: not sent(road))
    assert len(told(road)) == 1


def test_a_file_that_lies_for_less_than_four_hours_is_not_late_unless_the_site_says_so(opened):
    _, road = opened()
    road.until(lambda: sent(road))
    road.clock.skip(4 * 3600 - 60)
    road.go(30)
    assert told(road) == []
    road.clock.skip(60)
    road.go(30)
    assert len(told(road)) == 1


def test_a_folder_that_nobody_empties_may_say_that_nothing_is_late(opened):
    _, road = opened(change=late("0s"))
    road.until(lambda: sent(road))
    road.clock.skip(1e6)
    road.go(30)
    assert told(road) == []
