"""A stock file much like the one before it: only what differs is read, and Amazon has what the whole file says."""

import random

import pytest

from tests.road.conftest import LOCAL
from tests.road.road import BOTH

SKUS = [f"SKU{number:03}" for number in range(300)]
ASIN = "B000000001"
OTHER = "B0UNKNOWN1"


class Shop:
    """Partial updates in CSV, a line each, of two warehouses."""

    def __init__(self, world, road):
        self.world, self.road, self.files = world, road, 0

    def again(self, number):
        """Have a file read once more."""
        with self.road.ledger.commit() as book:
            book.work.add("read", f"{LOCAL.called}/out/stock", str(number))
        self.road.until(lambda: self.road.rows() == [], within=900)

    def give(self, *pairs, house="EWR1", lines=()):
        self.files += 1
        rows = [f"{house},{sku},{ASIN},{level}" for sku, level in pairs]
        self.world.place(
            LOCAL, "out/stock", f"STOCK{self.files}.csv", "\n".join(["WAREHOUSE,SKU,ASIN,QTY", *rows, *lines, ""])
        )
        self.road.until(lambda: not self.world.visible(LOCAL, "out/stock"))
        self.road.until(lambda: all("in/answers" in row[1] or row[3] == "held" for row in self.road.rows()), within=900)

    @property
    def at_amazon(self):
        return {sku: one["amount"] for sku, one in self.world.amazon.state()["inventory"]["EWR1"].items()}

    def read(self):
        """Give how many lines of each file were passed over; None: all of it was read."""
        with self.road.look() as book:
            query = "SELECT id FROM interchange WHERE direction = 'in' ORDER BY id"
            numbers = list(book._connection.exec_driver_sql(query).scalars())
            told = [
                [event.detail for event in book.events.of(f"interchange {number}") if event.name == "read"]
                for number in numbers
            ]
        return [detail.get("passed over") for (*_, detail) in told]


@pytest.fixture
def shop(opened):
    return _shop(opened)


def _shop(opened, stock="", edits=None, skus=SKUS):
    def change(world):
        for path in world.root.rglob("stock.yaml"):
            text = path.read_text()
            for old, new in (edits or {}).items():
                text = text.replace(old, new)
            path.write_text(text)
        if stock:
            world.edit(
                "translator.yaml", lambda text: text.replace("    place:", f"    stock: {{{stock}}}\n    place:")
            )

    return Shop(*opened(orders=[], change=change, catalogue=dict.fromkeys(skus, ASIN)))


@BOTH
def test_only_the_lines_that_differ_are_read(opened, kept):
    shop = _shop(opened)
    first = dict.fromkeys(SKUS, 5)
    shop.give(*first.items())
    second = first | {"SKU007": 50, "SKU290": 4}
    rows = list(second.items())
    random.Random(1).shuffle(rows)
    shop.give(*rows)
    shop.give(*rows)
    assert shop.read() == [None, 298, 300]
    assert shop.at_amazon == second
    sizes = [len(one["body"]["inventory"]["items"]) for one in shop.world.amazon.state()["submissions"]]
    assert sizes == [300, 2]


def test_a_sku_that_is_new_or_left_out_is_no_difference_to_the_others(shop):
    shop.give(*dict.fromkeys(SKUS[:100], 5).items())
    shop.give(*dict.fromkeys(SKUS[1:101], 5).items())
    assert shop.read() == [None, 99]
    assert shop.at_amazon == dict.fromkeys(SKUS[:101], 5)


def test_a_sku_that_stands_twice_is_found_though_one_line_is_as_before(shop):
    shop.give(*dict.fromkeys(SKUS[:50], 5).items())
    shop.give(*dict.fromkeys(SKUS[:50], 5).items(), ("SKU003", 9))
    assert shop.read() == [None, None]
    shop.road.until(lambda: shop.world.visible(LOCAL, "in/answers"))
    assert shop.at_amazon["SKU003"] == 5


def test_a_sku_that_stands_twice_far_apart_is_sent_by_no_equal_file_either(opened):
    skus = [f"SKU{number:04}" for number in range(1_005)]
    shop = Shop(*opened(orders=[], catalogue=dict.fromkeys(skus, ASIN)))
    for _ in range(2):
        shop.give(*dict.fromkeys(skus, 6).items(), ("SKU0003", 9))  # the last stands in a part of its own
    assert shop.read() == [None, None]
    assert "SKU0003" not in shop.at_amazon


@pytest.mark.parametrize("first, last", [((5, 9), (7,)), ((7,), (5, 9))])
def test_of_a_sku_that_stands_three_times_near_and_far_no_level_is_sent(opened, first, last):
    skus = [f"SKU{number:04}" for number in range(1_005)]
    shop = Shop(*opened(orders=[], catalogue=dict.fromkeys([*skus, "THRICE"], ASIN)))
    thrice = [[("THRICE", level) for level in some] for some in (first, last)]
    shop.give(*thrice[0], *dict.fromkeys(skus, 6).items(), *thrice[1])  # the last stand in a part of their own
    assert shop.at_amazon == dict.fromkeys(skus, 6)


def test_a_bad_row_is_told_in_each_file_it_stands_in(shop):
    bad = f"EWR1,SKU099,{ASIN},-3"
    for level in (5, 6):
        shop.give(*dict.fromkeys(SKUS[:50], level).items(), lines=[bad])
    assert shop.read() == [None, None]


def test_after_a_file_of_few_skus_all_is_read(shop):
    whole = dict.fromkeys(SKUS[:50], 5)
    shop.give(*whole.items())
    shop.give(("SKU000", 77))
    shop.give(*whole.items())
    assert shop.read() == [None, None, None]
    assert shop.at_amazon == whole


def test_what_was_refused_is_wanted_anew_by_a_line_that_is_passed_over(shop):
    new = [f"EWR1,NEWSKU,{OTHER},6"]
    shop.give(("SKU000", 5), lines=new)
    assert "NEWSKU" not in shop.at_amazon
    shop.world.amazon.market.account.catalogue["NEWSKU"] = OTHER
    shop.give(("SKU000", 5), lines=new)
    assert shop.read() == [None, 2]
    assert shop.at_amazon["NEWSKU"] == 6


def test_a_line_that_is_passed_over_sends_nothing_that_an_older_file_said_twice(opened):
    skus = [f"S{number:05}" for number in range(1_100)]
    shop = _shop(opened, skus=[*skus, "TWICE"])
    shop.give(("TWICE", 3), *dict.fromkeys(skus, 5).items(), ("TWICE", 9))
    for _ in range(2):
        shop.give(*dict.fromkeys(skus, 5).items())
    assert shop.read() == [None, None, 1_100]
    assert "TWICE" not in shop.at_amazon


def test_an_older_file_that_is_read_again_changes_nothing_that_was_passed_over(shop):
    shop.give(*dict.fromkeys(SKUS[:50], 5).items())
    shop.give(*dict.fromkeys(SKUS[:50], 6).items())
    shop.give(*dict.fromkeys(SKUS[:50], 6).items())
    shop.again(1)
    assert shop.at_amazon == dict.fromkeys(SKUS[:50], 6)


def test_a_file_that_is_held_says_what_it_says_though_newer_ones_were_like_the_one_before_it(shop):
    shop.give(*dict.fromkeys(SKUS[:50], 5).items())
    shop.give(*dict.fromkeys(SKUS[50:60], 4).items())
    shop.give(*dict.fromkeys(SKUS[:50], 6).items())
    shop.give(*dict.fromkeys(SKUS[50:60], 0).items())  # held
    shop.give(*(dict.fromkeys(SKUS[:50], 6) | {"SKU007": 7}).items())
    assert shop.road.ask("approve", "STOCK4.csv")[0]
    shop.road.until(lambda: shop.at_amazon["SKU055"] == 0, within=900)
    assert shop.at_amazon["SKU007"] == 7


def test_after_a_file_that_was_forgotten_all_is_read(shop):
    whole = dict.fromkeys(SKUS[:50], 5)
    shop.give(*whole.items())
    with shop.road.ledger.commit() as book:
        book.bodies.forget(book.interchanges.get(1).body)
    for level in (6, 7):
        shop.give(*(whole | {"SKU007": level}).items())
    assert shop.read() == [None, None, 49]
    assert shop.at_amazon["SKU007"] == 7


def test_where_orders_are_taken_off_all_is_read(opened):
    shop = _shop(opened, "unseen: true")
    for _ in range(2):
        shop.give(*dict.fromkeys(SKUS[:50], 5).items())
    assert shop.read() == [None, None]


def test_an_edit_of_the_site_has_all_read(shop):
    shop.give(*dict.fromkeys(SKUS[:50], 5).items())
    shop.world.edit("translator.yaml", lambda text: text.replace("    place:", "    stock: {reserve: 1}\n    place:"))
    shop.road.reload()
    shop.give(*dict.fromkeys(SKUS[:50], 5).items())
    assert shop.read() == [None, None]
    assert shop.at_amazon == dict.fromkeys(SKUS[:50], 4)


def test_after_a_header_that_is_skipped_no_line_is(opened):
    shop = _shop(opened, edits={"header: true": "header: skip"})
    first = dict.fromkeys(SKUS[:50], 5)
    second = first | {"SKU003": 0, "SKU010": 9}
    shop.give(*first.items())
    shop.give(*second.items())
    assert shop.read() == [None, 48]
    assert shop.at_amazon == second


def test_a_newer_file_is_not_compared_with_an_older_one_that_was_read_again(shop):
    first = dict.fromkeys(SKUS[:50], 5) | {"SKU003": 0}
    third = first | {"SKU004": 7}
    shop.give(*first.items())
    shop.give(*(first | {"SKU003": 5}).items())
    shop.again(1)
    shop.give(*third.items())
    assert shop.read()[2] is None
    assert shop.at_amazon == third
    shop.give(*(third | {"SKU005": 1}).items())
    assert shop.read()[3] == 49


def test_where_the_name_of_a_file_says_the_warehouse_all_is_read(opened):
    shop = _shop(
        opened, edits={"  group: WAREHOUSE\n  warehouseId: WAREHOUSE": "  warehouseId: file.word[:0] ~ 'EWR1'"}
    )
    for level in (5, 6):
        shop.give(*(dict.fromkeys(SKUS[:50], 5) | {"SKU003": level}).items())
    assert shop.read() == [None, None]
    assert shop.at_amazon["SKU003"] == 6


def test_a_sku_that_stands_again_far_below_has_all_read(opened):
    skus = [f"S{number:05}" for number in range(1100)]
    shop = _shop(opened, skus=skus)
    for level in (5, 8):
        shop.give(*dict.fromkeys(skus, 5).items(), lines=[f"EWR1,S00003,,{level}"])
    assert shop.read() == [None, None]
    assert shop.at_amazon["S00003"] == 5
