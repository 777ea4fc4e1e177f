"""The control numbers of what an EDI partner sends: one that is left out or comes again is told, of each sender by himself."""

import re
from dataclasses import replace

import pytest

from tests.formats.interchanges import st, x12
from tests.road.test_acks import EDI, answering, fa, named_so
from tests.road.test_contrl import ORDERS, contrl
from translator.cli.behind.held import rows_held
from translator.stations.answering import GAP

SAID = re.compile(r"interchange (\d+) of (\w+) (?:has (not) come|came (again))")
WEST = replace(EDI, name="west", code="RNO4")
FOLDERS = {"FA": "out/acks", "TA": "out/acks"}


@pytest.fixture
def listening(opened):
    """Open the road to warehouses that are answered, by default to one; nothing is ordered."""

    def open_(*systems):
        def change(world):
            answering(world)
            for system in systems:
                world.folder(system, "in/acks").mkdir(parents=True, exist_ok=True)

        return opened(systems=systems or (EDI,), orders=[], change=change)

    return open_


def stock(number, units=5, sender="RENO"):
    """Give an 846, in an interchange of its own."""
    body = st("BIA*25*SI", "N1*WH**92*EWR1", "LIN*1*VN*S1", f"QTY*33*{units}", set="846")
    return named_so(x12(body), f"{number:09d}", "IB").replace("*ZZ*RENO      ", f"*ZZ*{sender:10}")


def all_stock(number, units):
    """Give an 846 of all there is of fifteen SKUs."""
    lines = [line for sku in range(15) for line in (f"LIN*{sku + 1}*VN*S{sku}", f"QTY*33*{units}")]
    body = st("BIA*00*SI", "N1*WH**92*EWR1", *lines, set="846")
    return named_so(x12(body), f"{number:09d}", "IB")


def told(road):
    """Give what is held about numbers: whose number, and what of it."""
    found = (SAID.match(reason) for reason in road.reasons("read"))
    return sorted(" ".join(filter(None, (one[2], one[1], one[3], one[4]))) for one in found if one)


def come(world, road, to=EDI, **files):
    """Let files come, one after the other, under these names; each is read."""
    for name, text in files.items():
        world.place(to, FOLDERS.get(name[:2], "out/stock"), f"{name}.edi", text)
        road.go(10)


def test_of_very_many_that_are_missing_the_newest_are_remembered(listening, monkeypatch):
    monkeypatch.setattr("translator.stations.answering.KEPT", 2)
    world, road = listening()
    come(world, road, IB7=stock(7), IB10=stock(10), IB13=stock(13))
    come(world, road, IB12=stock(12))
    assert told(road) == ["RENO 11 not", "RENO 8 not", "RENO 9 not"]


def test_numbers_that_are_left_out_or_come_again_are_told_until_they_are_there(listening):
    world, road = listening()
    come(world, road, IB7=stock(7), IB10=stock(10))
    assert road.held("interchange 8 of RENO has not come: 10 came after 7")
    assert told(road) == ["RENO 8 not", "RENO 9 not"]
    come(world, road, IB8=stock(8))
    assert told(road) == ["RENO 9 not"]
    come(world, road, IB11=stock(11), IB8a=stock(8, 6))
    assert told(road) == ["RENO 8 again", "RENO 9 not"]
    assert road.held("interchange 8 of RENO came again, in other bytes: IB8a.edi")
    come(world, road, IB8b=stock(8, 7))
    assert told(road) == ["RENO 8 again", "RENO 8 again", "RENO 9 not"]


def test_what_is_told_of_numbers_is_listed_among_what_is_held(listening):
    world, road = listening()
    come(world, road, IB7=stock(7), IB9=stock(9), IB9a=stock(9, 6))
    rows = [row for row in rows_held(world.site) if SAID.match(row["reason"])]
    assert sorted((row["about"], row["waits for"]) for row in rows) == [("IB9a.edi", "person"), ("x12", "person")]


def test_their_acknowledgements_take_numbers_as_all_does_that_they_send(listening):
    world, road = listening()
    come(world, road, IB7=stock(7), FA8=fa("AK1*OW*4711", "AK9*A*1*1*1", control="000000008"), IB9=stock(9))
    ta1 = named_so(x12(), "000000010", "FA").split("GS*")[0]
    come(world, road, TA10=f"{ta1}TA1*000004711*261201*1800*A*000~IEA*0*000000010~", IB11=stock(11))
    assert told(road) == []
    come(world, road, FA13=fa("AK1*OW*4712", "AK9*A*1*1*1", control="000000013"))
    assert told(road) == ["RENO 12 not"]
    assert len(world.visible(EDI, "in/acks")) == 3  # and are answered by nothing


@pytest.mark.parametrize("after, missing", [(7 + GAP, GAP - 1), (7 + GAP + 1, 0), (1, 0)])
def test_a_1_or_more_than_twenty_at_once_are_a_new_beginning(listening, after, missing):
    world, road = listening()
    come(world, road, IB7=stock(7), IBa=stock(after), IBb=stock(after + 1))
    assert len(told(road)) == missing


def test_what_came_before_the_first_that_was_seen_is_not_said_to_come_again(listening):
    world, road = listening()
    come(world, road, IB40=stock(40), IB39=stock(39), IB41=stock(41))
    assert told(road) == []
    come(world, road, IB7=stock(7), IB8=stock(8), IB10=stock(10))  # more than twenty before: they began anew
    assert told(road) == ["RENO 9 not"]
    come(world, road, IB7b=stock(7, 6))
    assert told(road) == ["RENO 7 again", "RENO 9 not"]


def test_a_file_that_waits_for_approval_has_come_and_is_answered_once(listening):
    world, road = listening()
    come(world, road, IB1=all_stock(1, 5), IB2=all_stock(2, 0))
    assert road.held("lets it go on")
    assert len(world.visible(EDI, "in/acks")) == 2
    come(world, road, IB3=stock(3))
    assert told(road) == []
    assert road.ask("approve", "IB2.edi")[0]
    road.go(10)
    assert len(world.visible(EDI, "in/acks")) == 3
    assert told(road) == []


def test_a_number_that_comes_again_in_the_same_bytes_says_nothing(listening):
    world, road = listening()
    come(world, road, IB1=stock(1), IB2=stock(2), IB3=stock(3))
    come(world, road, IB2b=stock(2), IB1b=stock(1), IB4=stock(4))
    assert told(road) == []


def test_what_was_missing_before_a_new_beginning_leaves_no_gap_when_it_is_reached(listening):
    world, road = listening()
    come(world, road, IB2=stock(2), IB4=stock(4))
    assert told(road) == ["RENO 3 not"]
    come(world, road, **{f"IB{number}b": stock(number, 9) for number in (1, 2, 3, 4)})
    assert told(road) == []


def test_the_groups_of_an_interchange_have_one_number(listening):
    world, road = listening()
    one = stock(7)
    group = one[one.index("GS*") : one.index("IEA*")]
    other = group.replace("*3*X*", "*4*X*").replace("GE*1*3", "GE*1*4")
    come(world, road, IB7=one.replace(group, group + other).replace("IEA*1", "IEA*2"), IB8=stock(8))
    assert len(world.visible(EDI, "in/acks")) == 3
    assert told(road) == []


def test_each_sender_of_each_partner_counts_by_himself(listening):
    world, road = listening(EDI, WEST)
    come(world, road, IB7=stock(7), IB100=stock(100, sender="RENOB"))
    come(world, road, to=WEST, IB10=stock(10), IB12=stock(12))
    come(world, road, IB8=stock(8), IB102=stock(102, sender="RENOB"))
    assert told(road) == ["RENO 11 not", "RENOB 101 not"]


def levels(number, units=5):
    """Give an INVRPT, in an interchange of its own."""
    body = ("BGM+35+I1+9", "DTM+137:20261201:102", "NAD+WH+EWR1::92", "LIN+1", "PIA+5+S1:SA", f"QTY+145:{units}:PCE")
    text = (f"UNB+UNOC:3+RENO:14+5412345000013:14+261201:1900+{number}", "UNH+1+INVRPT:D:96A:UN:EAN005", *body)
    return "'".join([*text, f"CNT+2:{units}", f"UNT+{len(body) + 3}+1", f"UNZ+1+{number}", ""])


def test_interchanges_of_edifact_are_counted_too(opened):
    def change(world):
        contrl(world)
        world.folder(ORDERS, "in/acks").mkdir(parents=True, exist_ok=True)
        world.edit(
            "translator.yaml", lambda text: text.replace("    from:", "      in/acks: contrl-out.yaml\n    from:")
        )

    world, road = opened(systems=(ORDERS,), orders=[], change=change)
    come(world, road, to=ORDERS, INVRPT40=levels(40), INVRPT42=levels(42))
    assert told(road) == ["RENO 41 not"]
    come(world, road, to=ORDERS, INVRPT42b=levels(42, 6), INVRPT41=levels(41))
    assert told(road) == ["RENO 42 again"]
    odd = {f"INVRPT{number}": levels(number) for number in ("A43", "123456789012345")}  # no numbers that are counted
    come(world, road, to=ORDERS, **odd, INVRPT44=levels(44))
    assert told(road) == ["RENO 42 again", "RENO 43 not"]
