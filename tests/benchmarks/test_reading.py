"""What rows 5 and 6 compare is the same work: equal bodies, and the floor notices what ours notices."""

from __future__ import annotations

from itertools import pairwise

import pytest

from benchmarks import reading, report, shipped, stock
from benchmarks.translate import loaded

SHIPPED, ORDERS = shipped.made(40)


def test_ours_and_the_floor_make_the_same_confirmations():
    assert (
        reading.differing(shipped.by_hand(SHIPPED, ORDERS), reading.confirmations(loaded("ship"), SHIPPED, ORDERS)) == 0
    )


def test_some_orders_stand_in_two_places_of_the_file():
    data, orders = shipped.made(400)
    numbers = [line[:12] for line in data.decode().splitlines()]
    turns = sum(one != other for one, other in pairwise(numbers)) + 1
    assert turns > len(orders)


def test_ours_and_by_hand_make_the_same_updates(tmp_path):
    path = tmp_path / "stock.xml"
    items = stock.laid(path, 800_000)
    assert stock.turned_over(path) == items > 2 * stock.EACH
    assert reading.differing(stock.by_hand(path), reading.updates(loaded("stock"), path)) == 0


def test_bodies_of_one_side_alone_are_seen():
    assert reading.differing([b"1", b"2"], [b"2", b"3", b"1"]) == 1


FIRST = SHIPPED.splitlines(keepends=True)[0]


@pytest.mark.parametrize(
    "start, text",
    [(0, b"D999999 "), (12, b"0099"), (16, b"OTHER"), (36, b"0000000"), (36, b"0099999"), (36, b"00000x1"),
     (63, b" " * 22), (85, b"NOPE"), (93, b"0000x1000"), (102, b"20261331"), (102, b"20261231"), (116, b"x0001")],
)  # fmt: skip
def test_the_floor_refuses_what_the_mapping_refuses(start, text):
    data = FIRST[:start] + text + FIRST[start + len(text) :]
    with pytest.raises((ValueError, KeyError)):
        list(shipped.by_hand(data, ORDERS))
    with pytest.raises(ValueError):
        list(reading.confirmations(loaded("ship"), data, ORDERS))


@pytest.mark.parametrize(
    "was, now", [('<Available unit="EA">', '<Available unit="EA">x'), ('"EA"', '"KG"'), ("Z</C", "T</C")]
)
def test_the_hand_that_reads_stock_refuses_what_the_mapping_leaves_out(tmp_path, was, now):
    path = tmp_path / "stock.xml"
    stock.laid(path, 100)
    path.write_text(path.read_text("utf-8").replace(was, now), "utf-8")
    with pytest.raises(ValueError):
        list(stock.by_hand(path))
    with pytest.raises(ValueError):
        list(reading.updates(loaded("stock"), path))


def test_the_table_shows_files_and_memory_and_what_is_missed():
    row = {
        "row": 6, "what": "a file", "items": 5, "differing outputs": 0, "mapping ÷ floor": 2.5, "goal": 1.8,
        "items per second": {"floor": 5_000, "mapping": 2_000}, "by hand ÷ floor": 2.1,
        "MB of memory": 40.5, "MB goal": 30.0,
    }  # fmt: skip
    assert report._by_file(row) == "| 6 | a file | 2.5 | ≤ 1.8 | 2.1 | 2,000 | 5,000 | 40.5 | ≤ 30 |"
    assert report.missed([row]) == [
        "row 6, a file: 2.5 × the floor, the goal is 1.8",
        "row 6, a file: 40.5 MB of memory, the goal is 30.0",
    ]
