"""What names a folder takes: A.txt that is a.txt there, and names that are no longer than DOS has them."""

import pytest

from tests.road.conftest import LOCAL
from tests.world import orders_of


def names(said):
    def change(world):
        old = "in/orders: [orders.yaml, cancels.yaml]"
        new = f'in/orders: {{mappings: [orders.yaml, cancels.yaml], names: "{said}"}}'
        world.edit("translator.yaml", lambda text: text.replace(old, new))

    return change


def numbered(*numbers):
    made = orders_of((LOCAL,), len(numbers))
    return [order | {"purchaseOrderNumber": number} for order, number in zip(made, numbers, strict=True)]


def orders_seen(world):
    return sorted(world.visible(LOCAL))


def test_two_orders_whose_numbers_differ_in_capitals_only_are_both_kept(opened, taking):
    world, road = opened(orders=numbered("abc", "ABC"), change=names("caseless"))
    road.until(lambda: orders_seen(world))
    road.go(60)
    (one,) = orders_seen(world)  # the other would replace it, or be taken for it
    assert any("is on its way" in reason for reason in road.reasons())
    taking(world)
    road.until(lambda: orders_seen(world), within=300)
    (other,) = orders_seen(world)
    assert {one, other} == {"ORD-abc.csv", "ORD-ABC.csv"}
    taken = taking(world)
    assert b"abc" in taken["ORD-abc.csv"]
    assert b"ABC" in taken["ORD-ABC.csv"]


def test_where_nothing_is_said_capitals_tell_names_apart(opened):
    world, road = opened(orders=numbered("abc", "ABC"))
    road.until(lambda: orders_seen(world) == ["ORD-ABC.csv", "ORD-abc.csv"])


def test_a_name_that_is_too_long_for_the_folder_is_held_and_nothing_is_cut_off(opened):
    world, road = opened(orders=numbered("A123", "A1234567"), change=names("8.3"))
    road.until(lambda: road.held("longer than the folder takes"))
    road.until(lambda: orders_seen(world) == ["ORD-A123.csv"])
    world.edit(f"mappings/{LOCAL.called}/orders.yaml", lambda text: text.replace('"ORD-{{', '"{{'))
    road.reload()
    road.until(lambda: "A1234567.csv" in orders_seen(world))


@pytest.mark.parametrize("number", ["CON", "nul", "LPT1"])
def test_a_number_that_windows_keeps_for_a_device_is_held_as_a_name(opened, number):
    def bare(world):
        world.edit(f"mappings/{LOCAL.called}/orders.yaml", lambda text: text.replace('"ORD-{{', '"{{'))

    world, road = opened(orders=numbered(number), change=bare)
    road.until(lambda: road.held("Windows keeps it for a device"))
    assert orders_seen(world) == []
