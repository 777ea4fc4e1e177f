"""What the benchmarks compare is the same work: contenders give equal files, and a floor notices what ours notices."""

from __future__ import annotations

import json

import pytest

from benchmarks import report, road, translate, travel
from benchmarks.orders import bodies, encoded, pages, trees

ORDERS = bodies(60)


@pytest.mark.parametrize("format", translate.FLOORS)
def test_ours_and_the_floor_write_the_same_files(format):
    mapping = translate.loaded(f"orders-{format}")
    contenders = [translate.FLOORS[format], translate.by_mapping(mapping), translate.by_convert(mapping)]
    assert translate.differing(contenders, ORDERS) == 0


def test_orders_are_as_large_as_announced_and_hold_what_is_measured():
    found = trees(500)
    assert 2_800 <= sum(len(encoded(tree)) for tree in found) / 500 <= 3_400
    details = [tree["orderDetails"] for tree in found]
    assert {len(one["items"]) for one in details} == {1, 2, 3, 4}
    assert any(one["shipToParty"]["name"] == "xxxxx" for one in details)


@pytest.mark.parametrize("format", ["csv", "fixed"])
@pytest.mark.parametrize(
    "path, value",
    [
        (("shipmentDetails", "shipMethod"), "NEW_METHOD"),
        (("shipToParty", "countryCode"), "LONG"),
        (("items", 0, "netPrice", "amount"), "1.005"),
        (("customerOrderNumber",), "9" * 60),
        (("orderDate",), "yesterday"),
        (("items", 0, "title"), {"en": "Lamp"}),
        (("sellingParty", "partyId"), ["ACMEG"]),
    ],
)
def test_the_floor_refuses_what_the_mapping_refuses(format, path, value):
    tree = json.loads(ORDERS[0])
    place = tree["orderDetails"]
    for name in path[:-1]:
        place = place[name]
    place[path[-1]] = value
    body = encoded(tree)
    with pytest.raises((ValueError, KeyError)):
        translate.FLOORS[format](body)
    with pytest.raises(IndexError):  # no file
        translate.by_mapping(translate.loaded(f"orders-{format}"))(body)


def test_the_road_gives_the_floors_files(tmp_path):
    road.lay(tmp_path, pages(6, 2))
    run = road.travel(tmp_path)
    assert run.files == dict(map(translate.FLOORS["csv"], bodies(6)))
    assert run.ended == 6


def test_the_batch_holds_the_same_columns_and_rows_as_a_file_per_order(tmp_path):
    alone, together = translate.loaded("orders-csv").file, translate.loaded("orders-csv-batch").file
    assert [field.name for field in together.records[0].fields] == [field.name for field in alone.records[0].fields]
    road.lay(tmp_path, pages(6, 2))
    run = road.travel(tmp_path, "orders-csv-batch")
    expected = dict(map(translate.FLOORS["csv"], bodies(6)))
    assert travel.differing_rows(run.files, expected, len(run.files), exact=True) == 0
    assert all(data.startswith(b"ORDER,CUSTOMER_ORDER,") for data in run.files.values())
    assert run.ended == 6
    assert len(run.files) <= 3


def test_a_row_lost_changed_or_there_twice_and_a_file_too_many_are_seen():
    expected = dict(map(translate.FLOORS["csv"], bodies(3)))
    data = b"".join(expected.values())

    def differ(found: bytes, files: int = 1) -> int:
        return travel.differing_rows({"all.csv": found}, expected, files, exact=True)

    lines = data.splitlines(keepends=True)
    assert differ(data) == 0
    assert differ(b"".join(lines[:-1])) == 1
    assert differ(data + lines[-1]) == 1
    assert differ(data.replace(b",USD,", b",EUR,", 1)) == 2
    assert differ(data, files=2) == 1


def test_the_table_shows_each_peer_and_only_a_goal_is_missed():
    told = {
        "row": 4,
        "variant": "",
        "what": "10 files",
        "differing outputs": {"translator": 0},
        "orders per second": {
            "translator": 20.0,
            "bots-ediint 3.3.1": 10.0,
            "bots-ediint 3.3.1, a file as one message": 40.0,
        },
        "times as fast": 2.0,
        "times as fast as bots-ediint 3.3.1, a file as one message": 0.5,
        "goal": 15.0,
    }
    assert report._by_road(told) == [
        "| 4 | 10 files | 20.0 | 10.0 | 2.0 | ≥ 15 |",
        "| 4 | 10 files; Bots: a file as one message | 20.0 | 40.0 | 0.5 | – |",
    ]
    assert report.missed([told]) == ["row 4, 10 files: 2.0 × as fast, the goal is 15.0"]
    assert report.missed([told | {"goal": None, "variant": "one file per order"}]) == []
