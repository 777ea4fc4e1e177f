"""What the benchmarks compare is the same work: contenders give equal files, and a floor notices what ours notices."""

from __future__ import annotations

import json

import pytest

from benchmarks import road, translate
from benchmarks.orders import bodies, encoded, pages, trees

ORDERS = bodies(60)


@pytest.mark.parametrize("format", translate.FLOORS)
def test_ours_and_the_floor_write_the_same_files(format):
    mapping = translate.loaded(format)
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
        translate.by_mapping(translate.loaded(format))(body)


def test_the_road_gives_the_floors_files(tmp_path):
    road.lay(tmp_path, pages(6, 2))
    run = road.travel(tmp_path)
    assert run.files == dict(map(translate.FLOORS["csv"], bodies(6)))
    assert run.ended == 6
