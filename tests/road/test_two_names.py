"""A product that one stock file names by its SKU, and another by its ASIN alone, has one level: the newest."""

import pytest

from tests.road.conftest import LOCAL
from tests.road.road import BOTH
from tests.road.test_passed import Shop as Files
from translator.config.read import read_site
from translator.service.compared_stock import stock_compared
from translator.simulator.faults import Fault

HEADER = "WAREHOUSE,SKU,ASIN,QTY,FULL"
PAIRS = {f"SKU{number}": f"B00000000{number}" for number in range(6)}


class Shop(Files):
    def lay(self, *lines, full="false"):
        self.files += 1
        rows = [f"EWR1,{line},{full}" for line in lines]
        self.world.place(LOCAL, "out/stock", f"STOCK{self.files}.csv", "\n".join([HEADER, *rows, ""]))
        self.road.until(lambda: not self.world.visible(LOCAL, "out/stock"))

    def give(self, *lines, full="false"):
        self.lay(*lines, full=full)
        self.road.until(lambda: all("in/answers" in row[1] or row[3] == "held" for row in self.road.rows()), within=900)

    def known(self, *skus):
        with self.road.ledger.commit() as book:
            for sku in skus:
                book.products.note("us", sku, PAIRS[sku])

    def ends(self):
        with self.road.look() as book:
            return list(book._connection.exec_driver_sql('SELECT "end" FROM document ORDER BY id').scalars())

    def rows(self):
        with self.road.look() as book:
            return list(book._connection.exec_driver_sql("SELECT sku FROM stock ORDER BY sku").scalars())


@pytest.fixture
def shop(opened):
    def change(world):
        edits = {
            "SKU:       {required: true}": "SKU:       {}",
            "{type: integer, required: true}": "{type: integer}\n  FULL:      {}",
            "vendorProductIdentifier: SKU": "vendorProductIdentifier: {maybe: SKU}",
            "  items:": "  isFullUpdate: FULL\n  items:",
        }
        for old, new in edits.items():
            world.edit(f"mappings/{LOCAL.called}/stock.yaml", lambda text, old=old, new=new: text.replace(old, new))

    return Shop(*opened(orders=[], change=change, catalogue=PAIRS))


def test_the_newest_level_stands_by_whichever_name(shop):
    shop.known("SKU1")
    shop.give("SKU1,B000000001,0")
    shop.give(",B000000001,3")
    assert shop.at_amazon == {"SKU1": 3}
    shop.give("SKU1,B000000001,0")
    assert shop.at_amazon == {"SKU1": 0}
    assert shop.rows() == ["SKU1"]


@BOTH
def test_a_level_by_asin_is_that_of_the_sku_once_a_file_says_both(shop, kept):
    shop.give("SKU1,B000000001,0", "SKU2,B000000002,7")
    shop.give(",B000000001,3")  # no order has told yet whose ASIN it is
    assert shop.at_amazon == {"SKU1": 3, "SKU2": 7}
    shop.give("SKU1,B000000001,0")
    assert shop.at_amazon == {"SKU1": 0, "SKU2": 7}
    assert shop.rows() == ["SKU1", "SKU2"]
    assert shop.ends() == ["accepted", "accepted", "accepted"]


def test_a_level_by_asin_is_that_of_the_sku_once_an_order_says_so(shop):
    shop.give(",B000000001,3")
    shop.known("SKU1")
    shop.give(",B000000001,4")
    assert shop.at_amazon == {"SKU1": 4}
    assert shop.rows() == ["SKU1"]


def test_a_full_update_by_asin_leaves_out_nothing_that_was_named_by_sku(shop):
    shop.give("SKU1,B000000001,5", "SKU2,B000000002,6", full="true")
    shop.give(",B000000001,4", ",B000000002,3", full="true")
    assert shop.at_amazon == {"SKU1": 4, "SKU2": 3}


def test_one_file_that_says_two_levels_by_two_names_is_sent_with_neither(shop):
    shop.give("SKU1,B000000001,5", ",B000000001,3", "SKU2,B000000002,6")
    assert shop.at_amazon == {"SKU2": 6}


def test_an_asin_of_two_skus_is_none_of_them(shop):
    shop.give("SKU1,B000000001,5", "SKU2,B000000001,6", ",B000000001,7")
    assert shop.rows() == ["B000000001", "SKU1", "SKU2"]


def test_a_level_that_is_on_its_way_by_the_other_name_lands_before_the_next_is_sent(shop):
    shop.give("SKU1,B000000001,5")
    shop.world.amazon.plan([Fault("delayed", operation="submitInventoryUpdate", seconds=60)])
    shop.lay(",B000000001,3")
    shop.road.until(lambda: len(shop.world.amazon.state()["submissions"]) == 2)
    shop.give("SKU1,B000000001,0")
    assert shop.at_amazon == {"SKU1": 0}


def test_a_stock_file_by_asin_is_compared_with_the_level_of_its_sku(shop, tmp_path):
    shop.known("SKU1")
    shop.give(",B000000001,3")
    path = tmp_path / "stock.csv"
    path.write_text(f"{HEADER}\nEWR1,,B000000001,3,false\n")
    with shop.road.look() as book:
        site = read_site(shop.world.site)
        assert list(stock_compared(site, book, shop.road.clock, {LOCAL.called: path})) == []
