"""Full updates: the newest whole one is Amazon's stock, and a broken one changes nothing until a person approves it."""

import json

import pytest

from tests.cli.command import run, run_json
from tests.road.conftest import LOCAL
from tests.road.road import BOTH
from tests.road.test_settle_ends import Shut
from tests.world import orders_of
from translator.cli.behind.inventory import inventory_of, levels_of

TAKEN = ("settle", f"{LOCAL.called}/in/answers/answers")  # nobody takes them there
STOCK = f"mappings/{LOCAL.called}/stock.yaml"
MAPPING = """\
reads: inventory_update
format: fixed
file: "{kind}{{word}}.TXT"
records:
  H: {{fields: {{code: {{len: 1, is: H}}, full: {{len: 5}}}}}}
  D: {{times: 0.., fields: {{code: {{len: 1, is: D}}, house: {{len: 4}}, sku: {{len: 8}}, qty: {{len: 6, type: integer}}}}}}
{trailer}
documents:
  group: house
  warehouseId: house
  isFullUpdate: H.full
  items:
    each: D
    vendorProductIdentifier: sku
    buyerProductIdentifier: {{text: B000000001}}
    availableQuantity: {{amount: qty}}
"""
TRAILER = "  T: {fields: {code: {len: 1, is: T}, rows: {len: 6, type: integer, equals: count(D)}}}"


class Shop:
    """A warehouse whose files are full updates, and Amazon's stock of it."""

    def __init__(self, world, road):
        self.world, self.road, self.files = world, road, 0

    def lay(self, levels, **more):
        self.put(levels, **more)
        self.road.until(lambda: not self.world.visible(LOCAL, "out/stock"))

    def put(self, levels, full="true", name="", house="EWR1", cut=0, more=()):
        self.files += 1
        pairs = levels.items() if isinstance(levels, dict) else levels
        rows = [f"D{house}{sku:8}{level:6}" for sku, level in pairs] + list(more)
        lines = [f"H{full:5}", *rows[: len(rows) - cut], f"T{len(rows):6}"]
        lines = lines if self.trailer else lines[:-1]
        self.world.place(LOCAL, "out/stock", name or f"S{self.files:03}.TXT", "\n".join([*lines, ""]))

    def give(self, levels, **more):
        self.lay(levels, **more)
        self.quiet()

    def quiet(self):
        self.road.until(lambda: all(row[3] == "held" or row[:2] == TAKEN for row in self.road.rows()), within=900)

    @property
    def at_amazon(self):
        found = self.world.amazon.state()["inventory"].get("EWR1", {})
        return {sku: level["amount"] for sku, level in found.items()}

    def held(self):
        return inventory_of(self.world.site)["held"]

    def answered(self):
        return "".join(path.read_text() for path in self.world.folder(LOCAL, "in/answers").glob("*.csv"))

    def ends(self):
        return self.ends_of("inventory_update")

    def ends_of(self, kind):
        with self.road.look() as book:
            query = f"SELECT \"end\" FROM document WHERE kind = '{kind}' ORDER BY id"
            return [str(end) for end in book._connection.exec_driver_sql(query).scalars()]


@pytest.fixture
def shop(opened):
    return _shop(opened)


def _shop(opened, trailer=TRAILER, said="", orders=()):
    def change(world):
        world.edit(STOCK, lambda _: MAPPING.format(kind="S", trailer=trailer))
        world.edit(
            "translator.yaml",
            lambda text: text.replace("    place:", f"    stock: {{{said}}}\n    place:") if said else text,
        )

    catalogue = {f"SKU{n:03}": "B000000001" for n in range(1_005)}
    shop = Shop(*opened(orders=list(orders), change=change, catalogue=catalogue))
    shop.trailer = bool(trailer)
    return shop


def levels(count, amount=5, first=0):
    return {f"SKU{n:03}": amount + n for n in range(first, first + count)}


@BOTH
def test_what_a_full_update_leaves_out_is_zero_at_amazon(opened, kept):
    shop = _shop(opened)
    shop.give(levels(30))
    assert shop.at_amazon == levels(30)
    shop.give(levels(28))
    assert shop.at_amazon == levels(28) | {"SKU028": 0, "SKU029": 0}
    bodies = [one["body"]["inventory"] for one in shop.world.amazon.state()["submissions"]]
    assert [len(body["items"]) for body in bodies] == [30, 2]
    assert not any(body["isFullUpdate"] for body in bodies)
    assert shop.ends() == ["accepted", "accepted"]


def test_a_partial_update_leaves_alone_what_it_does_not_name(shop):
    shop.give(levels(30))
    shop.give({"SKU001": 77}, full="false")
    assert shop.at_amazon == levels(30) | {"SKU001": 77}


def test_a_truncated_file_changes_nothing(shop):
    shop.give(levels(30))
    shop.give(levels(30), cut=12)
    assert shop.at_amazon == levels(30)


@BOTH
def test_a_full_update_that_leaves_much_out_is_held_until_it_is_approved(opened, kept):
    shop = _shop(opened)
    shop.give(levels(30))
    shop.give(levels(15))
    assert shop.at_amazon == levels(30)
    (file,) = shop.held()
    told = file["warehouses"]["EWR1"]
    assert told["why"] == [
        "15 of 30 SKUs that Amazon sells would be set to zero (10 % are let through)",
        "585 units would become 180 (50 % less are let through)",
        "it names 15 SKUs, usually there are 30 (20 % fewer are let through)",
    ]
    assert told["most"][0] == ["SKU029", 34, 0]
    assert shop.road.held("`translator approve")
    assert shop.road.ask("approve", file["file"]) == (True, "S002.TXT goes on as it is")
    shop.quiet()
    assert shop.at_amazon == levels(15) | dict.fromkeys(levels(15, first=15), 0)
    assert shop.held() == []


def test_what_is_held_is_superseded_by_a_newer_full_update(shop):
    shop.give(levels(30))
    shop.give(levels(15))
    shop.give(levels(30, amount=9))
    assert shop.at_amazon == levels(30, amount=9)
    assert (shop.held(), shop.road.rows()) == ([], [])


@pytest.mark.parametrize("full", ["true", "false"])
def test_what_is_held_is_superseded_when_newer_ones_spoke_of_each_of_its_warehouses(shop, full):
    shop.world.edit("translator.yaml", lambda text: text.replace("{EWR1: ", "{EWR2: America/New_York, EWR1: ", 1))
    shop.world.edit(
        STOCK,
        lambda text: text.replace("isFullUpdate: H.full", "isFullUpdate: \"'true' if house == 'EWR1' else H.full\""),
    )
    shop.road.reload()
    shop.give(levels(30))
    shop.give(levels(15), full=full, more=["DEWR2SKU001      12"])  # held for what it does to EWR1
    (file,) = shop.held()
    shop.give(levels(30, amount=9))
    assert shop.at_amazon == levels(30, amount=9)
    assert [one["number"] for one in shop.held()] == [file["number"]]
    shop.give({"SKU001": 13}, house="EWR2")
    assert shop.held() == []


@BOTH
def test_a_held_partial_file_is_superseded_by_newer_ones_that_name_all_it_sets(opened, kept):
    shop = _shop(opened)
    shop.give(levels(30))
    shop.give(dict.fromkeys(levels(20), 0), full="false")
    (first,) = shop.held()
    shop.give(dict.fromkeys(levels(20), 0) | levels(10, first=20, amount=2), full="false")  # held as well
    (second,) = shop.held()
    assert first["number"] < second["number"]
    shop.give(levels(29, amount=9), full="false")
    assert [one["number"] for one in shop.held()] == [second["number"]]  # SKU029 it alone sets
    shop.give({"SKU029": 8}, full="false")
    assert (shop.held(), shop.road.rows()) == ([], [])
    assert shop.at_amazon == levels(29, amount=9) | {"SKU029": 8}


def test_a_held_file_that_is_given_up_changes_nothing(shop):
    shop.give(levels(30))
    shop.give(levels(15))
    ok, _ = shop.road.ask("reject", shop.held()[0]["row"])
    assert ok
    shop.quiet()
    assert shop.at_amazon == levels(30)


def test_only_a_file_that_is_held_can_be_approved(shop):
    shop.give(levels(30))
    assert shop.road.ask("approve", "S001.TXT") == (False, "S001.TXT is not held for what it does to the stock")


def test_a_partial_update_that_sets_much_to_zero_is_held_too(shop):
    shop.give(levels(30))
    shop.give(dict.fromkeys(levels(30), 0), full="false")
    assert shop.at_amazon == levels(30)
    assert len(shop.held()) == 1


def test_a_file_that_cannot_prove_that_it_is_whole_may_leave_nothing_out(opened):
    shop = _shop(opened, trailer="")
    shop.give(levels(30))
    shop.give(levels(29))
    assert shop.at_amazon == levels(30)
    (file,) = shop.held()
    assert file["warehouses"]["EWR1"]["why"] == ["1 SKU with stock is missing, and nothing in it says that it is whole"]
    shop.give(levels(30, amount=6))
    assert shop.at_amazon == levels(30, amount=6)


def test_the_thresholds_are_the_site_s(opened):
    shop = _shop(opened, said="zeroed: 60%, units: 90%, shrunk: 60%")
    shop.give(levels(30))
    shop.give(levels(15))
    assert shop.held() == []
    assert shop.at_amazon["SKU020"] == 0


def test_one_bad_item_stops_the_full_update_and_is_answered(shop):
    shop.give(levels(30))
    shop.give(levels(30, amount=9) | {"SKU003": -4})
    assert shop.at_amazon == levels(30)
    assert shop.ends() == ["accepted", "rejected"]
    shop.road.until(lambda: shop.world.visible(LOCAL, "in/answers"))


@pytest.mark.parametrize("house", ["    ", "EWR9"])
def test_what_is_of_no_warehouse_of_ours_stops_the_full_updates_beside_it(shop, house):
    shop.give(levels(30))
    rest = {sku: level for sku, level in levels(30, amount=9).items() if sku != "SKU003"}
    shop.give(rest, more=[f"D{house}SKU003      12"])
    assert shop.at_amazon == levels(30)
    shop.road.until(lambda: "full-update-lacking" in shop.answered())
    shop.give(rest | {"SKU003": 12})
    assert shop.at_amazon == levels(30, amount=9)


def test_what_is_of_no_warehouse_of_ours_stops_no_partial_update(shop):
    shop.give(levels(30), full="false")
    shop.give(levels(29, amount=9), full="false", more=["D    SKU029      99"])
    assert shop.at_amazon == levels(29, amount=9) | {"SKU029": 34}


def test_the_newest_full_update_wins_whatever_is_read_last(shop):
    shop.give(levels(30))
    shop.give(levels(15))  # held
    (file,) = shop.held()
    shop.give({"SKU001": 50}, full="false")  # newer than what is held
    assert shop.road.ask("approve", file["number"])[0]
    shop.quiet()
    assert shop.at_amazon == levels(15) | dict.fromkeys(levels(15, first=15), 0) | {"SKU001": 50}
    shop.give(levels(28, amount=7))
    with shop.road.ledger.commit() as book:
        book.work.add("read", f"{LOCAL.called}/out/stock", str(file["number"]))  # the old one, read again
    shop.quiet()
    assert shop.at_amazon == levels(28, amount=7) | {"SKU028": 0, "SKU029": 0}
    assert shop.ends()[-1] == "superseded"


def test_of_files_that_came_at_once_the_last_one_stands_though_the_first_is_approved_after_it(shop):
    shop.give(levels(30))
    shop.put(dict.fromkeys(levels(30), 0), full="false")  # held
    shop.give(levels(29, amount=9), full="false")
    (file,) = shop.held()
    assert shop.road.ask("approve", file["number"])[0]
    shop.quiet()
    assert shop.at_amazon == levels(29, amount=9) | {"SKU029": 0}


def test_what_was_approved_to_be_zero_is_not_asked_about_again_where_amazon_refuses_it(shop):
    shop.world.edit(STOCK, lambda text: text.replace("{text: B000000001}", "sku"))
    shop.road.reload()
    catalogue = shop.world.amazon.market.account.catalogue
    catalogue |= {sku: sku for sku in levels(30)}
    shop.give(levels(30))
    for sku in levels(15, first=15):
        del catalogue[sku]  # Amazon sells it no more, and takes no level of it
    shop.give(levels(15) | dict.fromkeys(levels(15, first=15), 0))
    (file,) = shop.held()
    assert shop.road.ask("approve", file["number"])[0]
    shop.quiet()
    assert shop.at_amazon == levels(30)
    shop.give(levels(15, amount=9) | dict.fromkeys(levels(15, first=15), 0))
    assert shop.held() == []
    assert shop.at_amazon == levels(30) | levels(15, amount=9)
    shop.give(dict.fromkeys(levels(30), 0))
    assert [file["warehouses"]["EWR1"]["zeroed"] for file in shop.held()] == [15]


def test_a_full_update_that_says_a_sku_twice_far_apart_is_answered_with_that(shop):
    shop.give([*levels(1_005, amount=3).items(), ("SKU001", 99)])  # the last stands in a part of its own
    shop.road.until(lambda: shop.world.visible(LOCAL, "in/answers"))
    assert (shop.at_amazon, shop.ends()) == ({}, ["rejected"])
    assert "S001.TXT,1007,EWR1,/items/5,sku-twice,'SKU001' stands again" in shop.answered()


def test_what_was_not_sent_yet_is_overtaken_by_a_newer_file(shop):
    amazon = Shut(shop.road, "inventory_update")
    shop.lay(levels(30))
    shop.road.until(lambda: "unavailable" in shop.road.attempts("inventory_update"))
    shop.lay(levels(30, amount=9))
    shop.road.go(5)
    amazon.shut = False
    shop.road.until(lambda: shop.at_amazon == levels(30, amount=9), within=900)
    sent = [json.loads(data)["inventory"]["items"] for data in amazon.posted]
    assert [item["availableQuantity"]["amount"] for items in sent for item in items][:3] == [9, 10, 11]
    assert sum(map(len, sent)) == 30


# --- how much is offered ---------------------------------------------------------------------------------------------


def test_rules_keep_some_back_and_the_sum_is_told(opened):
    shop = _shop(opened, said="reserve: 2, percent: 50%, zero: [SKU002]")
    shop.give({"SKU001": 12, "SKU002": 9, "SKU003": 1})
    assert shop.at_amazon == {"SKU001": 4, "SKU002": 0, "SKU003": 0}
    (level,) = levels_of(shop.world.site, "SKU001")
    assert level["sum"] == "WMS 12 − offered 50 % 6 − reserve 2 = 4"
    assert level["stands"] == "Amazon accepted it"
    assert levels_of(shop.world.site, "SKU099") == []


def test_a_sku_said_twice_with_one_level_is_no_contradiction_under_rules(opened):
    shop = _shop(opened, said="reserve: 2")
    shop.lay([*levels(1_005, amount=3).items(), ("SKU001", 4)], full="false")  # the last stands in a part of its own
    shop.quiet()
    assert shop.at_amazon["SKU001"] == 2
    assert shop.world.visible(LOCAL, "in/answers") == []


def test_orders_that_the_warehouse_has_not_taken_are_taken_off(opened, taking):
    (order,) = orders_of((LOCAL,), 1)
    (line, *_) = order["orderDetails"]["items"]
    order["orderDetails"]["items"] = [line]
    line |= {"vendorProductIdentifier": "SKU001", "buyerProductIdentifier": "B000000001"}
    line["orderedQuantity"] = {"amount": 3, "unitOfMeasure": "Each"}
    shop = _shop(opened, said="reserve: 2, unseen: true", orders=[order])
    shop.road.until(lambda: shop.world.visible(LOCAL, "in/orders"))
    shop.lay({"SKU001": 12})
    shop.road.until(lambda: shop.at_amazon == {"SKU001": 7})
    assert levels_of(shop.world.site, "SKU001")[0]["sum"] == "WMS 12 − open 3 − reserve 2 = 7"
    taking(shop.world)
    shop.road.until(lambda: shop.ends_of("order") == ["accepted"])
    shop.lay({"SKU001": 12})
    shop.road.until(lambda: shop.at_amazon == {"SKU001": 10})


def test_what_was_gone_for_good_is_back_where_a_later_file_says_nothing_of_that(opened):
    shop, gone = _shop(opened), "    isObsolete: {text: true}\n"
    shop.world.edit(STOCK, lambda text: text.replace("    availableQuantity", f"{gone}    availableQuantity"))
    shop.road.reload()
    shop.give({"SKU001": 0})
    assert shop.world.amazon.state()["inventory"]["EWR1"]["SKU001"] == {"amount": 0, "isObsolete": True}
    shop.world.edit(STOCK, lambda text: text.replace(gone, ""))
    shop.road.reload()
    shop.give({"SKU001": 4})
    assert shop.world.amazon.state()["inventory"]["EWR1"]["SKU001"] == {"amount": 4, "isObsolete": False}
    items = [one["body"]["inventory"]["items"] for one in shop.world.amazon.state()["submissions"]]
    assert items[-1][0]["isObsolete"] is False


@pytest.mark.parametrize("lost", [0, 1], ids=["the word that it is gone", "the word that it is back"])
def test_what_is_back_is_said_to_be_back_also_after_an_answer_that_was_lost(opened, lost):
    shop, gone = _shop(opened), "    isObsolete: {text: true}\n"
    shop.world.edit(STOCK, lambda text: text.replace("    availableQuantity", f"{gone}    availableQuantity"))
    shop.road.reload()
    for number, level in enumerate((0, 4)):
        if number == lost:
            shop.world.amazon.fail("stuck", "submitInventoryUpdate")
        shop.lay({"SKU001": level})
        shop.road.go(20)
        shop.world.edit(STOCK, lambda text: text.replace(gone, ""))
        shop.road.reload()
    shop.road.clock.skip(1900)
    shop.quiet()
    items = [one["body"]["inventory"]["items"] for one in shop.world.amazon.state()["submissions"]]
    assert (len(items), items[-1][0]["availableQuantity"]["amount"]) == (2 + lost, 4)
    assert items[-1][0].get("isObsolete") is False


# --- what a person sees ----------------------------------------------------------------------------------------------


def test_a_held_file_is_shown_with_what_it_would_do_and_a_level_with_its_sum(opened):
    shop = _shop(opened, said="reserve: 1")
    shop.give(levels(30))
    shop.give(levels(15))
    number = shop.held()[0]["number"]
    said = run("show", "inventory", "-C", shop.world.site).stdout
    assert f"S002.TXT (file {number}) is held:" in said
    assert "EWR1: 15 of 30 SKUs that Amazon sells would be set to zero" in said
    assert ["SKU029", "33", "0"] in [line.split() for line in said.splitlines()]
    assert f"translator approve {number} lets it go on" in said
    (stock,) = run_json("show", "inventory", "-C", shop.world.site)["warehouses"]
    assert (stock["SKUs"], stock["units"], stock["to send"], stock["refused"]) == (30, 555, 0, 0)
    said = run("explain", "stock", "SKU003", "-C", shop.world.site).stdout
    assert said == "us EWR1: WMS 8 − reserve 1 = 7; Amazon accepted it\n"
    assert run("explain", "stock", "SKU999", "-C", shop.world.site, code=1)
