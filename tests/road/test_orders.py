"""What Amazon sends that a warehouse cannot take as it is: held with its clock, visible, and the others go on."""

import json
import re
import time
from dataclasses import replace

import pytest

from tests.road.conftest import LOCAL
from tests.road.road import BOTH, Road
from tests.world import CSV, XML, orders_of
from translator.core.finding import Misconfigured

pytestmark = BOTH

LOCAL_XML = replace(XML, when="known", ways=None)


def number_of(order):
    return order["purchaseOrderNumber"]


def test_an_unknown_ship_method_holds_the_order_until_the_table_is_mended(opened):
    odd, other = orders = orders_of((LOCAL,), 2)
    odd["orderDetails"]["shipmentDetails"]["shipMethod"] = "MULE_TRAIN"
    world, road = opened(orders=orders)
    road.until(lambda: world.visible(LOCAL) == [f"ORD-{number_of(other)}.csv"] and road.held("cannot write it"))
    road.clock.skip(3 * 24 * 3600)
    road.go(5)
    assert road.stage(number_of(odd)) not in ("rejected", "closed")
    assert road.held("ship_methods")
    world.edit("mappings/plain-csv/tables/ship_methods.csv", lambda text: text + "MULE_TRAIN,MUL,by mule\n")
    road.reload()
    road.until(lambda: len(world.visible(LOCAL)) == 2)
    assert "MUL" in (world.folder(LOCAL, "in/orders") / f"ORD-{number_of(odd)}.csv").read_text("utf-8")


def test_an_order_placed_at_a_time_without_a_zone_is_written_as_one_of_utc(opened):
    (order,) = orders_of((LOCAL,), 1)
    world, road = opened(orders=[order])
    world.amazon.spoilt += [("purchaseOrders", lambda data: re.sub(rb'("orderDate": ?"[^"]+)Z"', rb'\1"', data))] * 99
    road.until(lambda: world.visible(LOCAL) == [f"ORD-{number_of(order)}.csv"])
    road.go(20)
    assert road.rows() == [row for row in road.rows() if row[0] == "settle"]


@pytest.mark.parametrize("never", ["0001-01-01T00:00:00Z", "9999-12-31T23:59:59Z"])
def test_a_ship_date_of_no_real_year_holds_its_own_order_and_no_other_of_its_page(opened, never):
    odd, good = orders = orders_of((LOCAL,), 2)
    odd["orderDetails"]["shipmentDetails"]["shipmentDates"]["requiredShipDate"] = never
    _, road = opened(orders=orders)
    road.until(lambda: "order sent" in road.events(good["purchaseOrderNumber"]))
    road.until(lambda: road.held("is not in the years 1900 to 2199"))
    assert not road.held("our fault")


def test_truncated_json_loses_no_order(opened):
    orders = orders_of((LOCAL,), 4)
    world, road = opened(orders=orders)
    world.amazon.spoilt += [("purchaseOrders", lambda data: data[: len(data) // 2])] * 2
    road.until(lambda: len(world.visible(LOCAL)) == 4, within=600)
    assert world.amazon.spoilt == []


@pytest.mark.parametrize("number", ["../../x", "/etc/x", "..", "a/b", "CON", "-rf", "A\nB"])
def test_a_dangerous_order_number_is_visible_as_rejected_and_nothing_is_written_outside(opened, number, tmp_path):
    odd, other = orders_of((LOCAL,), 2)
    world, road = opened(orders=[other])
    odd["purchaseOrderNumber"] = number
    world.amazon.spoilt.append(("purchaseOrders", lambda data: _with_order(data, odd)))
    road.until(lambda: f"ORD-{number_of(other)}.csv" in world.visible(LOCAL))
    road.go(10)
    harmless = {f"ORD-{number_of(other)}.csv", "ORD-CON.csv"}  # behind ORD- it is one safe name
    assert set(world.visible(LOCAL)) <= harmless
    assert [path for path in tmp_path.rglob("*x*") if path.name in ("x", "x.csv")] == []
    assert number == "CON" or road.reasons("read")


def _with_order(data, order):
    page = json.loads(data)
    orders = page.get("orders") or page["payload"]["orders"]
    orders.insert(0, order)
    return json.dumps(page).encode()


def test_a_wrong_host_key_sends_nothing_and_the_other_systems_go_on(opened):
    far = replace(CSV, when="known", ways=None)
    orders = orders_of((far, LOCAL_XML), 4)
    wrong = "SHA256:" + "A" * 43

    def mistrust(world):
        world.host_key = wrong
        world.write_site()

    world, road = opened((far, LOCAL_XML), orders, change=mistrust)
    road.until(lambda: len(world.visible(LOCAL_XML)) == 2)
    road.go(10)
    assert [path for path in world.folder(far).rglob("*") if path.is_file()] == []
    with road.look() as book:
        (whose, door), events = book.lanes.door("plain-csv/look"), book.events.of("lane plain-csv/place")
    assert (whose, door.is_stopped, "host key" in door.reason) == ("plain-csv/place", True, True)
    assert [event.name for event in events] == ["host key refused"]
    world.host_key = ""
    world.write_site()
    road.reload()
    road.until(lambda: len(world.visible(far)) == 2, within=900)


EVIL = {
    "power": "{{ 9**(9**9) }}",
    "endless": "{% for a in range(100000) %}{% for b in range(100000) %}{% endfor %}{% endfor %}",
    "large": "{{ 'a' * 200000000 }}",
    "padded": "{{ '%200000000d' % 1 }}",
    "doubling": "{% set ns = namespace(t='a') %}{% for a in range(40) %}{% set ns.t = ns.t ~ ns.t %}{% endfor %}{{ ns.t }}",
    "recursive": "{% macro m() %}{{ m() }}{% endmacro %}{{ m() }}",
}


@pytest.mark.parametrize("evil", EVIL)
def test_an_evil_template_holds_its_order_within_two_seconds_and_the_others_go_on(opened, evil):
    evils = replace(LOCAL_XML, name="evil", code="EVL1")
    orders = orders_of((evils, LOCAL), 4)

    def spoil(world):
        world.edit(
            "mappings/evil/orders.yaml", lambda text: text.replace("plain-xml/order.xml.j2", "plain-xml/evil.xml.j2")
        )
        (world.site / "templates/plain-xml/evil.xml.j2").write_text(f"<Order>{EVIL[evil]}</Order>")

    world, road = opened((evils, LOCAL), orders, change=spoil, road=False)
    began = time.process_time()
    road = _road_or_refusal(world)
    if road is None:  # refused at load
        assert time.process_time() - began < 12
        return
    try:
        spent = 0.0
        while (
            len(world.visible(LOCAL)) < 2
            or sum("evil/orders.yaml cannot write it" in why for why in road.reasons("write")) < 2
        ):
            before = time.process_time()
            road.step()
            spent = max(spent, time.process_time() - before)
            assert time.process_time() - began < 60, road.rows()
        assert spent < 3 * 2 * 2.0  # two such orders in one turn, on a machine three times as slow
        assert world.visible(evils) == []
    finally:
        road.close()


def _road_or_refusal(world):
    try:
        return Road(world)
    except Misconfigured:
        return None


def test_an_order_that_comes_again_unchanged_is_written_once(opened):
    world, road = opened(orders=3)
    road.until(lambda: len(world.visible(LOCAL)) == 3)
    road.go(30)
    with road.look() as book:
        query = "SELECT count(*) FROM interchange WHERE kind = 'order'"
        assert book._connection.exec_driver_sql(query).scalar() == 3
    assert max(world.amazon.state()["served"].values()) > 3
