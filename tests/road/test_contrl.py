"""A warehouse that speaks EDIFACT says by a CONTRL what became of our orders: of the interchange, and of each message."""

from dataclasses import replace
from itertools import pairwise

import pytest

from tests.road.conftest import LOCAL
from tests.road.test_acks import refused, taken
from tests.road.test_segments import made
from translator.stations import acks

ORDERS = replace(
    LOCAL,
    preset="edifact",
    more='    partner: {edi_id: "5412345000013", wms_id: "4012345500004"}\n    late: 1h\n',
)


def contrl(world):
    """List the acknowledgement of EDIFACT."""
    changes = {
        "      in/answers: answers.yaml\n": "",
        "ship.yaml": "desadv.yaml",
        "stock.yaml": "invrpt.yaml",
        "    from:": "    from:\n      out/acks: contrl.yaml",
    }

    def change(text):
        for old, new in changes.items():
            text = text.replace(old, new)
        return text

    world.edit("translator.yaml", change)


@pytest.fixture
def sent(opened, taking):
    """Open the road, and send two orders in one file; give world, road, its name and reference, and each order with its message."""
    orders = made(2)
    world, road = opened(systems=(ORDERS,), orders=orders, change=contrl)
    road.until(lambda: len(world.visible(ORDERS, "in/orders")) == 1)
    ((name, data),) = taking(world, ORDERS).items()
    segments = [one.split("+") for one in data.decode("latin-1").replace("\r\n", "").split("'")]
    reference = next(one[5] for one in segments if one[0] == "UNB")
    messages = {bgm[2]: unh[1] for unh, bgm in pairwise(segments) if unh[0] == "UNH"}
    road.until(lambda: any(acks.WAITS in reason for reason in road.reasons("settle")))
    return world, road, (name, reference), [(one, messages[one["purchaseOrderNumber"]]) for one in orders]


def say(world, reference, action, *segments, number=41):
    """Send a CONTRL: what it says of the interchange, and of its messages."""
    body = ["UNH+1+CONTRL:D:3:UN", f"UCI+{reference}+5412345000013:14+4012345500004:14+{action}", *segments]
    head = f"UNB+UNOC:3+4012345500004:14+5412345000013:14+261201:1900+{number}"
    text = [head, *body, f"UNT+{len(body) + 1}+1", f"UNZ+1+{number}", ""]
    world.place(ORDERS, "out/acks", f"CONTRL{number}.edi", "'".join(text))


def ucm(message, action):
    return f"UCM+{message}+ORDERS:D:96A:UN:EAN008+{action}"


def fate(road, order):
    return "taken" if taken(road, order) else "refused" if refused(road, order) else "waits"


JUDGED = {  # what is said of the interchange, of the first and the second message -> what becomes of the two orders
    "7 takes all that is not named": ("7", None, None, "taken", "taken"),
    "7 of each": ("7", "7", "7", "taken", "taken"),
    "7, and 4 of the first": ("7", "4+29", None, "refused", "taken"),
    "7, and 4 of the second": ("7", "7", "4+29", "taken", "refused"),
    "7, and 4 of each": ("7", "4+13", "4+29", "refused", "refused"),
    "4 refuses all that is not named": ("4+29", None, None, "refused", "refused"),
    "8 says that it came, no more": ("8", None, None, "waits", "waits"),
}


@pytest.mark.parametrize("what", JUDGED)
def test_orders_become_what_a_contrl_says_of_their_interchange_and_of_each_message(sent, what):
    world, road, (name, reference), ((one, first), (other, second)) = sent
    whole, *said, become, became = JUDGED[what]
    lines = [ucm(message, action) for message, action in zip((first, second), said, strict=True) if action]
    say(world, reference.zfill(9), whole, *lines[::-1])
    road.go(20)
    assert [fate(road, one), fate(road, other)] == [become, became]
    refusals = [action for action in (whole, *said) if action and action.startswith("4")]
    reasons = [f"{ORDERS.called} refused it in {name}: code {action.removeprefix('4+')}" for action in refusals]
    assert {reason for *_, reason in road.rows() if acks.WAITS not in reason} == set(reasons)


def test_a_message_is_refused_with_segment_element_and_component_as_a_person_counts_them(sent):
    world, road, (name, reference), ((one, first), _) = sent
    say(world, reference, "7", ucm(first, "4"), "UCS+6+12", "UCD+12+4:1", "UCD+39+2")
    road.until(lambda: refused(road, one))
    assert road.held(f"refused it in {name}: element-03-01 of segment 6 (12), element-01 of segment 6 (39)")


def test_a_contrl_that_refuses_a_message_which_is_none_of_ours_is_for_a_person_and_takes_nothing(sent):
    world, road, (name, reference), orders = sent
    say(world, reference, "7", ucm("4711", "4+12"))
    road.until(lambda: road.held(f"did not take all of {name}, and does not say which"))
    assert [fate(road, one) for one, _ in orders] == ["waits", "waits"]


def test_a_contrl_decides_after_one_that_only_says_that_the_interchange_came(sent):
    world, road, (_, reference), orders = sent
    say(world, reference, "8")
    road.go(20)
    say(world, reference, "7", number=42)
    road.until(lambda: all(taken(road, one) for one, _ in orders))
    say(world, reference, "8", number=43)
    road.go(20)
    assert road.rows() == []


def test_a_contrl_that_judges_otherwise_later_is_for_a_person_and_takes_nothing_back(sent):
    world, road, (name, reference), orders = sent
    say(world, reference, "7")
    road.until(lambda: all(taken(road, one) for one, _ in orders))
    say(world, reference, "4+26", number=42)
    road.until(lambda: road.held(f"judges {name} otherwise now: rejected"))
    assert not any(refused(road, one) for one, _ in orders)


def test_a_contrl_about_an_interchange_that_is_none_of_ours_is_for_a_person_and_settles_nothing(sent):
    world, road, (_, reference), orders = sent
    say(world, f"{reference}7", "7")
    road.until(lambda: road.held(f"no file of ours is edifact {reference}7"))
    assert [fate(road, one) for one, _ in orders] == ["waits", "waits"]
