"""Amazon, the ledger and a warehouse side by side: what is out is listed and written down, and nothing is repaired."""

import json

import pytest

from tests.cli.command import run, run_json
from tests.road.conftest import LOCAL
from tests.world import orders_of
from translator.cli.behind.alarms import _compared
from translator.config.read import read_site
from translator.core.finding import Rejected
from translator.service.compared import as_csv, asked, compared, kept, numbers_in
from translator.service.compared_stock import stock_compared


def number_of(order):
    return order["purchaseOrderNumber"]


def rows(world, road, **lists):
    site, lists = read_site(world.site), {name.replace("_", "-"): one for name, one in lists.items()}
    told = asked(site, road.clock)
    with road.look() as book:
        return compared(site, book, road.clock, told, lists)


@pytest.fixture
def settled(opened, taking):
    """Open a world with two orders that Amazon has as accepted, the files of which were taken an hour ago."""
    orders = orders_of((LOCAL,), 2)
    world, road = opened(orders=orders)

    def done():
        taking(world)
        return all("acknowledgement accepted" in road.events(number_of(order)) for order in orders) and all(
            "order taken" in road.events(number_of(order)) for order in orders
        )

    road.until(done, within=600)
    road.clock.skip(3600)
    return world, road, orders


def test_where_all_agree_nothing_is_out(settled):
    world, road, orders = settled
    assert rows(world, road, plain_csv=[number_of(order) for order in orders]) == []


def test_what_one_side_alone_has_is_out_and_nothing_is_done_about_it(settled):
    world, road, (first, second) = settled
    more = orders_of((LOCAL,), 3)[2]
    world.amazon.add_orders([more])  # the service sleeps
    world.amazon.cancel(number_of(second))
    found = {(row["about"], row["what"]) for row in rows(world, road, plain_csv=[number_of(first), "Strange1"])}
    assert found == {
        (number_of(more), "unknown here"),
        (number_of(second), "CANCELLED at Amazon, not here"),
        (number_of(second), "open here, not at the warehouse"),
        ("Strange1", "unknown here"),
    }
    assert road.stage(number_of(second)) != "cancelled"


def test_an_account_that_began_long_ago_is_asked_for_its_last_days_alone(settled):
    world, road, _ = settled
    start = f"{road.clock.now():%Y-%m-%d}"
    world.edit("translator.yaml", lambda text: text.replace("    region: na", f"    region: na\n    start: {start}"))
    road.clock.skip(70 * 86_400)
    assert rows(world, road) == []


def test_what_was_found_is_written_down_and_is_an_alarm_until_it_agrees_again(settled):
    world, road, (first, _) = settled
    found = rows(world, road, plain_csv=[number_of(first)])
    assert len(found) == 1
    for result in (found, []):
        told = json.dumps({"sides": ["Amazon"], "out": len(result), "rows": result})
        number = road.moves.ask("compared", {"target": "", "result": told}, "tester")
        road.until(lambda number=number: road.moves.get(number).answered is not None)
        with road.look() as book:
            assert (kept(book)["out"], kept(book)["rows"]) == (len(result), result)
            assert len(list(_compared(book))) == len(result)
    with road.look() as book:
        names = [event.name for event in book.events.of("service")]
    assert [name for name in names if name.startswith("comparison")] == ["comparison out", "comparison agrees"]
    assert as_csv(found).decode().splitlines()[1].startswith("plain-csv,us,")


def test_a_list_holds_one_number_a_line_and_what_is_none_is_told(tmp_path):
    path = tmp_path / "open.csv"
    path.write_text("ORDER,STATE\nD1,OPEN\n\nD2;OPEN\n")
    assert numbers_in(path) == ["D1", "D2"]
    path.write_text("ORDER\n../x\n")
    with pytest.raises(Rejected) as told:
        numbers_in(path)
    assert told.value.findings[0].data.line == 2


def test_the_command_asks_amazon_lists_what_is_out_and_leaves_it_to_the_service_to_write_it_down(opened, tmp_path):
    world, road = opened(orders=[])
    road.go(3)
    table, path = tmp_path / "out.csv", tmp_path / "open.txt"
    path.write_text("Strange1\n")
    (row,) = run_json("compare", "-C", world.site, "--open", f"plain-csv={path}", "--csv", table, code=1)
    assert (row["side"], row["about"], row["what"]) == ("plain-csv", "Strange1", "unknown here")
    assert table.read_text().splitlines()[1].startswith("plain-csv,us,,Strange1,unknown here")
    road.until(lambda: run_json("show", "compared", "-C", world.site).get("out") == 1)
    assert "Strange1" in run("show", "compared", "-C", world.site).stdout
    assert "nothing is out" in run("compare", "-C", world.site).stdout
    run("compare", "-C", world.site, "--open", f"nowhere={path}", code=2)
    run("compare", "-C", world.site, "--open", "plain-csv", code=2)
    path.write_text("ORDER\n../x\n")
    world.amazon.stop()
    assert "list-number" in run("compare", "-C", world.site, "--open", f"plain-csv={path}", code=1).stderr
    assert "amazon-away" in run("compare", "-C", world.site, code=1).stderr


def test_a_stock_file_is_held_against_what_was_said_and_what_amazon_was_told(opened, tmp_path):
    world, road = opened(orders=[])
    told = "WAREHOUSE,SKU,ASIN,QTY\n{code},KTL-17-RED,B0SIMKTL17,{kettle}\n{code},00123-BLU,B0SIM00123,5\n"
    world.place(LOCAL, "out/stock", "STOCK1.csv", told.format(code=LOCAL.code, kettle=12))
    road.until(lambda: len(world.amazon.state()["inventory"].get(LOCAL.code, {})) == 2, within=600)
    path = tmp_path / "STOCK9.csv"
    path.write_text(told.format(code=LOCAL.code, kettle=11) + f"{LOCAL.code},NEW-1,,3\n")

    def out():
        with road.look() as book:
            site = read_site(world.site)
            found = stock_compared(site, book, road.clock, {"plain-csv": path})
            return {(row["about"], row["what"], row["there"], row["here"]) for row in found}

    wanted = {("KTL-17-RED", "stock differs", "11", "12"), ("NEW-1", "stock unknown here", "3", "")}
    road.until(lambda: out() == wanted)
    path.write_text("WAREHOUSE,SKU,ASIN,QTY\nEWR1,X,,many\n")
    with pytest.raises(Rejected):
        out()


def test_a_stock_file_by_asins_alone_is_held_against_each_of_them_and_a_bad_amount_is_told(opened, tmp_path):
    def change(world):
        lean = {
            "{required: true}\n  ASIN:": "{}\n  ASIN:",
            "type: integer, ": "",
            "Identifier: SKU": "Identifier: {maybe: SKU}",
        }
        for was, now in lean.items():
            world.edit(f"mappings/{LOCAL.called}/stock.yaml", lambda text, was=was, now=now: text.replace(was, now))

    world, road = opened(orders=[], change=change)
    told = "WAREHOUSE,SKU,ASIN,QTY\n{code},,B0SIMKTL17,{kettle}\n{code},,B0SIM00123,5\n"
    world.place(LOCAL, "out/stock", "STOCK1.csv", told.format(code=LOCAL.code, kettle=12))
    road.until(lambda: len(world.amazon.state()["inventory"].get(LOCAL.code, {})) == 2, within=600)
    path = tmp_path / "STOCK9.csv"

    def out(kettle):
        path.write_text(told.format(code=LOCAL.code, kettle=kettle))
        with road.look() as book:
            found = stock_compared(read_site(world.site), book, road.clock, {"plain-csv": path})
            return {(row["about"], row["what"], row["there"], row["here"]) for row in found}

    road.until(lambda: out(11) == {("B0SIMKTL17", "stock differs", "11", "12")})
    with pytest.raises(Rejected):
        out("many")
