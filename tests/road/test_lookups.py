"""A row laid over a table while the service runs: what waited for it goes on, and who did it is known."""

import pytest

from tests.road.conftest import LOCAL
from tests.road.road import BOTH
from tests.road.test_kits import an_order, at_amazon, lay_stock, lines_of, rows_of, sent_out, with_tables
from tests.world import orders_of
from translator.cli.behind.lookups import at_odds, exported, written
from translator.cli.behind.lookups import rows_of as shown_rows
from translator.config.read import read_site
from translator.core.finding import Rejected

METHODS = f"mappings/{LOCAL.called}/tables/ship_methods.csv"
TABLE = f"{LOCAL.called}/ship_methods"


def without_method(world):
    world.edit(METHODS, lambda text: "\n".join(text.splitlines()[:1]) + "\nNONE,N,N\n")


def lay(road, key, value, table=TABLE, reason="new carrier"):
    answer = road.ask_with("lookup set", target=table, key=key, value=value, reason=reason)
    road.reload()
    return answer


@BOTH
def test_an_order_that_waits_for_a_row_goes_on_when_an_operator_lays_it(opened, kept):
    order = orders_of((LOCAL,), 1)[0]
    method = order["orderDetails"]["shipmentDetails"]["shipMethod"]
    world, road = opened(orders=[order], change=without_method)
    road.until(lambda: any("ship_methods" in one for one in road.reasons()))
    assert lay(road, method, "UPG,Ground")[0]
    road.until(lambda: world.visible(LOCAL))
    with road.look() as book:
        (entry,) = book.lookups.all()
        acts = [(one.who, one.act, one.about) for one in book.audit.latest(9)]
        assert book.audit.verify().flaw == ""
    assert (entry.key, entry.rest, entry.by, entry.reason) == ((method,), ("UPG", "Ground"), "tester", "new carrier")
    assert ("tester", "move lookup set", TABLE) in acts


def test_where_a_row_comes_from_is_shown_and_what_the_file_says_otherwise(opened):
    world, road = opened(change=without_method)
    lay(road, "NONE", "X,Y")
    lay(road, "MORE", "M,N")
    rows = [(*list(row.values())[:4], row["by"], row["file says"]) for row in shown_rows(world.site, TABLE)]
    assert rows == [("NONE", "X", "Y", "operator", "tester", "NONE,N,N"), ("MORE", "M", "N", "operator", "tester", "")]
    data = exported(world.site, TABLE)
    written(world.site, TABLE, data)
    assert [row["from"] for row in shown_rows(world.site, TABLE)] == ["both", "both"]
    assert road.ask_with("lookup drop", target=TABLE, key="MORE")[0]
    assert [row["from"] for row in shown_rows(world.site, TABLE)] == ["both", "line 3"]
    with pytest.raises(Rejected, match="no table 'nowhere/items'"):
        exported(world.site, "nowhere/items")


def test_a_row_that_the_table_or_the_site_cannot_take_is_refused_and_nothing_is_laid(opened):
    _, road = opened(orders=0, change=with_tables())
    items = f"{LOCAL.called}/items"
    for key, value, words in [
        ("TWIN", "00123-BLU", "3 cells"),
        ("TWIN", "00123-BLU,none", "no whole number"),
        ("BOX", "8806098286500,2", "stands among the items"),
        ("BOX", "A\x00,2", "3 cells"),
        ("", "A,2", "KEY holds nothing"),
        ("X" * 201, "A,2", "200 letters"),
    ]:
        ok, said = lay(road, key, value, table=items)
        assert not ok
        assert words in said
    assert not lay(road, "A", "B", table="nowhere/items")[0]
    ok, said = road.ask_with("lookup set", target=f"{LOCAL.called}/kits", key="8806098286500", value="LID,4")
    assert "2 rows begin so" in said
    with road.look() as book:
        assert book.lookups.all() == []


def test_a_laid_row_sends_nothing_whose_count_is_in_doubt(opened, taking):
    world, road, _, _ = sent_out(opened, taking, asins="SKU,ASIN\nTOW-6,B0SIMKTL17\n")
    lay_stock(world, road, "STOCK1.csv", [("BODY", 2), ("LID", 6)])
    lay_stock(world, road, "STOCK2.csv", [("BODY", 9), ("LID", 0), ("LID", 2)])
    assert lay(road, "LID", "B0SIM00123", table=f"{LOCAL.called}/asins")[0]
    road.go(60)
    assert at_amazon(world) == {"8806098286500": 2}


def test_of_two_rows_that_cannot_stand_together_the_second_is_refused_though_the_first_is_not_in_force_yet(opened):
    _, road = opened(orders=0, change=with_tables())
    rows = [("items", "CRATE", "TOW-6,3"), ("kits", "CRATE", "LID,4")]
    first, second = (
        road.moves.ask("lookup set", {"target": f"{LOCAL.called}/{name}", "key": key, "value": value}, "tester")
        for name, key, value in rows
    )
    road.until(lambda: road.moves.get(second).answered is not None)
    assert road.moves.get(first).ok
    assert not road.moves.get(second).ok
    assert "the kit 'CRATE' stands among the items" in road.moves.get(second).outcome
    road.reload()


def test_an_alias_that_an_operator_lays_is_how_the_next_order_goes_out(opened, taking):
    world, road = opened(orders=[an_order()], change=with_tables(items="ITEM,SKU,PACK\nTRIO,00123-BLU,3\n"))
    road.until(lambda: any("no whole number" in one for one in road.reasons()))
    assert lay(road, "FOUR", "00123-BLU,4", table=f"{LOCAL.called}/items")[0]
    road.until(lambda: world.visible(LOCAL))
    assert lines_of(rows_of(taking(world)))[0] == ("1", "FOUR", "1")


@pytest.mark.parametrize(
    "table, key, value, row",
    [
        ("items", "FOUR", "00123-BLU,4", "FOUR,00123-BLU,4"),
        ("items", "FOUR", "00123-BLU,4", "FOUR,TOW-6,9"),
        ("items", "FOUR", "00123-BLU,4", "VIER,00123-BLU,4"),
        ("items", "FOUR,00123-BLU", "4", "FOUR,TOW-6,9"),
        ("kits", "8806098286500,BOLT", "4", "8806098286500,BOLT,3"),
    ],
)
def test_a_laid_row_holds_whatever_its_file_says_later_and_check_says_so(opened, table, key, value, row):
    world, road = opened(orders=0, change=with_tables())
    name = f"{LOCAL.called}/{table}"
    assert lay(road, key, value, table=name)[0]
    world.edit(f"mappings/{LOCAL.called}/tables/{table}.csv", lambda text: f"{text}{row}\n")
    road.reload()
    laid = tuple(f"{key},{value}".split(","))
    site = road.pump.house.site
    rows = site.files[f"mappings/{LOCAL.called}/tables/{table}.csv"].decode().split()
    assert rows.count(",".join(laid)) == 1
    told = [(one.code, one.rule.line) for one in at_odds(read_site(world.site))]
    assert told == ([] if row == ",".join(laid) else [("lookup-laid", len(rows))])
    assert exported(world.site, name).decode().split() == rows
    if told:
        assert row in [one["file says"] for one in shown_rows(world.site, name)]
