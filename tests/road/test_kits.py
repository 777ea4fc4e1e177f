"""A warehouse with items of its own and kits: orders go out as its lines, its files come back as Amazon's."""

import csv
import io

from tests.road.conftest import LOCAL
from tests.road.road import BOTH, an_hour_ago
from tests.world import orders_of
from translator.cli.behind.inventory import levels_of
from translator.cli.behind.products import products_of

TABLES = f"mappings/{LOCAL.called}/tables"
ITEMS = "ITEM,SKU,PACK\nTWIN,00123-BLU,2\n00123-BLU,00123-BLU,1\n"
KITS = "KIT,SKU,QUANTITY\n8806098286500,BODY,1\n8806098286500,LID,2\n"
SEEN = [("1", "TWIN", "2"), ("201", "BODY", "1"), ("202", "LID", "2"), ("3", "TOW-6", "2")]


def with_tables(items=ITEMS, kits=KITS, asins="", more=""):
    def change(world):
        tables = {"items": items, "kits": kits, "asins": asins}
        for name, text in tables.items():
            if text:
                (world.site / TABLES / f"{name}.csv").write_text(text)
        listed = ", ".join(f"{name}: {name}" for name, text in tables.items() if text)
        said = f"    products: {{{listed}}}\n{more}    place:"
        world.edit("translator.yaml", lambda text: text.replace("    place:", said))

    return change


def an_order():
    return orders_of((LOCAL,), 2)[1]


def rows_of(taken):
    (data,) = taken.values()
    return list(csv.DictReader(io.StringIO(data.decode())))


def lines_of(rows):
    return [(str(int(row["LINE"])), row["SKU"], row["QTY"]) for row in rows]


def lay_ship(world, road, name, rows):
    number, lines = rows
    text = "ORDER,LINE,QTY,CARTON,TRACKING,METHOD,LBS,SHIPPED\r\n"
    for line, amount, carton in lines:
        text += f"{number},{line},{amount},{carton},1Z{carton},UPG,1.25,{an_hour_ago(road)}\r\n"
    world.place(LOCAL, "out/ship", name, text)


def sent_out(opened, taking, and_then=lambda world: None, **tables):
    order, change = an_order(), with_tables(**tables)
    world, road = opened(orders=[order], change=lambda world: (change(world), and_then(world)))
    road.until(lambda: world.visible(LOCAL))
    rows = rows_of(taking(world))
    number = order["purchaseOrderNumber"]
    road.until(lambda: "accepted" in road.ends("acknowledgement", number))
    return world, road, number, rows


def confirmed(world):
    (body,) = [one["body"] for one in world.amazon.state()["submissions"] if "shipmentConfirmations" in one["body"]]
    return body["shipmentConfirmations"][0]


def test_a_kit_goes_out_as_components_and_is_confirmed_when_all_of_them_are_shipped(opened, taking):
    world, road, number, rows = sent_out(opened, taking)
    assert lines_of(rows) == SEEN
    lay_ship(world, road, "SHIP1.csv", (number, [("1", 2, "A"), ("201", 1, "A"), ("3", 2, "A")]))
    road.until(lambda: any("waits for line 202 (LID of kit 8806098286500, line 2)" in one for one in road.reasons()))
    lay_ship(world, road, "SHIP2.csv", (number, [("202", 2, "B")]))
    road.until(lambda: road.ends("shipment_confirmation", number)[-1:] == ["accepted"])
    sent = confirmed(world)
    assert [(one["itemSequenceNumber"], one["shippedQuantity"]["amount"]) for one in sent["items"]] == [
        (1, 4),
        (2, 1),
        (3, 2),
    ]
    pieces = [line["pieceNumber"] for box in sent["containers"] for line in box["packedItems"] if "pieceNumber" in line]
    assert pieces == [1, 2]
    assert "TWIN" not in str(sent)


def test_a_line_is_read_as_it_was_written_though_the_tables_changed_since(opened, taking):
    world, road, number, rows = sent_out(opened, taking)
    world.edit(f"{TABLES}/kits.csv", lambda _: "KIT,SKU,QUANTITY\n8806098286500,OTHER,3\n")
    world.edit(f"{TABLES}/items.csv", lambda _: "ITEM,SKU,PACK\nFOUR,00123-BLU,4\n")
    road.reload()
    lay_ship(world, road, "SHIP1.csv", (number, [(line, amount, "A") for line, _, amount in lines_of(rows)]))
    road.until(lambda: road.ends("shipment_confirmation", number) == ["accepted"])
    assert [one["shippedQuantity"]["amount"] for one in confirmed(world)["items"]] == [4, 1, 2]


def test_more_components_than_the_kit_has_are_refused_in_the_words_of_the_warehouse(opened, taking):
    world, road, number, _ = sent_out(opened, taking)
    lay_ship(world, road, "SHIP1.csv", (number, [("1", 2, "A"), ("201", 1, "A"), ("202", 3, "A"), ("3", 2, "A")]))
    road.until(lambda: road.ends("shipment_confirmation", number) == ["rejected"])
    assert not any("shipmentConfirmations" in one["body"] for one in world.amazon.state()["submissions"])


def test_an_order_that_is_no_whole_number_of_packs_waits_for_the_table(opened, taking):
    order = an_order()
    world, road = opened(orders=[order], change=with_tables(items="ITEM,SKU,PACK\nTRIO,00123-BLU,3\n"))
    road.until(lambda: any("no whole number" in one for one in road.reasons()))
    world.edit(f"{TABLES}/items.csv", lambda _: ITEMS)
    road.reload()
    road.until(lambda: world.visible(LOCAL))
    assert lines_of(rows_of(taking(world))) == SEEN


def test_a_cancelled_order_is_told_by_the_lines_of_its_order_file(opened, taking):
    world, road, number, _ = sent_out(opened, taking)
    world.edit(f"{TABLES}/kits.csv", lambda _: "KIT,SKU,QUANTITY\n8806098286500,OTHER,3\n")
    road.reload()
    world.amazon.cancel(number)
    road.until(lambda: world.visible(LOCAL))
    (name,) = world.visible(LOCAL)
    told = (world.folder(LOCAL, "in/orders") / name).read_text()
    assert "OTHER" not in told


def lay_stock(world, road, name, levels, more=""):
    text = "WAREHOUSE,SKU,ASIN,QTY\r\n" + "".join(f"EWR1,{sku},,{amount}\r\n" for sku, amount in levels)
    world.place(LOCAL, "out/stock", name, text + more)
    road.until(lambda: not world.visible(LOCAL, "out/stock"))
    waiting = [("settle", f"{LOCAL.called}/in/answers/answers"), ("settle", f"{LOCAL.called}/in/orders/orders")]
    road.until(lambda: all(row[3] == "held" or row[:2] in waiting for row in road.rows()), within=900)


def at_amazon(world):
    return {sku: level["amount"] for sku, level in world.amazon.state()["inventory"].get("EWR1", {}).items()}


def findings_of(road):
    with road.look() as book:
        return {finding.code for one in book.documents.open() for finding in one.findings} | {
            finding.code
            for number in range(1, 60)
            if (one := book.documents.get(number)) and one.kind == "inventory_update"
            for finding in one.findings
        }


@BOTH
def test_items_are_added_up_and_kits_made_of_what_their_components_allow(opened, taking, kept):
    world, road, _, _ = sent_out(opened, taking)
    levels = [("TWIN", 5), ("00123-BLU", 3), ("BODY", 4), ("LID", 6), ("TOW-6", 9)]
    lay_stock(world, road, "STOCK1.csv", levels)
    assert at_amazon(world) == {"00123-BLU": 13, "8806098286500": 3, "TOW-6": 9}
    lay_stock(world, road, "STOCK2.csv", [("LID", 3), ("TWIN", 4)])
    assert at_amazon(world) == {"00123-BLU": 11, "8806098286500": 1, "TOW-6": 9}
    sums = {sku: levels_of(world.site, sku)[0]["sum"] for sku in at_amazon(world)}
    assert sums == {
        "00123-BLU": "WMS (00123-BLU 3 × 1, TWIN 4 × 2) 11 = 11",
        "8806098286500": "kit (BODY 4 ÷ 1, LID 3 ÷ 2) 1 = 1",
        "TOW-6": "WMS 9 = 9",
    }


def test_rules_of_stock_hold_for_kits_and_packs(opened, taking):
    world, road, _, _ = sent_out(opened, taking, more="    stock: {reserve: 1, least: 100}\n")
    lay_stock(world, road, "STOCK1.csv", [("TWIN", 5), ("BODY", 4), ("LID", 6)])
    assert at_amazon(world) == {"00123-BLU": 9, "8806098286500": 2}
    assert levels_of(world.site, "8806098286500")[0]["sum"] == "kit (BODY 4 ÷ 1, LID 6 ÷ 2) 3 − reserve 1 = 2"


def test_a_component_that_is_sold_singly_shares_its_stock_with_the_kit(opened, taking):
    kits = "KIT,SKU,QUANTITY\n8806098286500,TOW-6,1\n8806098286500,LID,2\n"
    world, road, _, _ = sent_out(opened, taking, kits=kits)
    lay_stock(world, road, "STOCK1.csv", [("TOW-6", 9), ("LID", 100)])
    assert at_amazon(world) == {"8806098286500": 4, "TOW-6": 5}


def test_a_component_that_a_file_names_by_its_asin_alone_is_counted(opened, taking):
    def by_asin(world):
        edits = {"SKU:       {required: true}": "SKU:       {}", "Identifier: SKU": "Identifier: {maybe: SKU}"}
        for old, new in edits.items():
            world.edit(f"mappings/{LOCAL.called}/stock.yaml", lambda text, old=old, new=new: text.replace(old, new))

    kits = "KIT,SKU,QUANTITY\n8806098286500,TOW-6,1\n8806098286500,LID,2\n"
    world, road, _, _ = sent_out(opened, taking, by_asin, kits=kits)
    lay_stock(world, road, "STOCK1.csv", [("LID", 100)], "EWR1,,B0SIMTOW06,9\r\n")
    assert at_amazon(world) == {"8806098286500": 4, "TOW-6": 5}


def test_an_item_with_two_counts_in_one_file_changes_nothing_that_is_made_of_it(opened, taking):
    world, road, _, _ = sent_out(opened, taking)
    lay_stock(world, road, "STOCK1.csv", [("TWIN", 5), ("TOW-6", 9), ("BODY", 4), ("LID", 6)])
    lay_stock(world, road, "STOCK2.csv", [("LID", 0), ("LID", 2), ("TWIN", 4)])
    assert at_amazon(world) == {"00123-BLU": 8, "TOW-6": 9, "8806098286500": 3}
    assert "sku-twice" in findings_of(road)


def test_a_level_that_waits_since_its_file_contradicts_itself_is_not_said_to_be_refused(opened, taking):
    world, road, _, _ = sent_out(opened, taking)
    lay_stock(world, road, "STOCK1.csv", [("TOW-6", 9), ("BODY", 4), ("LID", 6)])
    for name, body, stands in [
        ("STOCK2.csv", 4, "Amazon accepted it"),
        ("STOCK3.csv", 1, "Amazon has 3: it waits until a file says one level, not two"),
    ]:
        lay_stock(world, road, name, [("LID", 0), ("LID", 2), ("BODY", body)])
        (level,) = levels_of(world.site, "8806098286500")
        assert level["stands"] == stands


def test_a_count_that_no_level_can_have_costs_its_item_only(opened, taking):
    world, road, _, _ = sent_out(opened, taking)
    lay_stock(world, road, "STOCK1.csv", [("TWIN", 5), ("BODY", 4), ("LID", 10**20), ("TOW-6", 9)])
    assert at_amazon(world) == {"00123-BLU": 10, "TOW-6": 9}
    assert "STOCK1.csv,4,EWR1" in "".join(path.read_text() for path in world.folder(LOCAL, "in/answers").glob("*.csv"))


def test_a_sum_that_amazon_could_not_read_is_told_as_the_most_it_can(opened, taking):
    world, road, _, _ = sent_out(opened, taking, items="ITEM,SKU,PACK\n00123-BLU,00123-BLU,1\nTWIN,00123-BLU,1000000\n")
    lay_stock(world, road, "STOCK1.csv", [("TWIN", 5_000), ("TOW-6", 9)])
    assert at_amazon(world) == {"00123-BLU": 999_999_999, "TOW-6": 9}


def test_a_sku_that_only_looks_like_another_is_told_and_never_taken_for_it(opened, taking):
    world, road, _, _ = sent_out(opened, taking)
    lay_stock(world, road, "STOCK1.csv", [("TOW-6", 9), ("T\u041eW-6", 1), ("ＬＩＤ", 5), ("BODY", 4)])
    assert at_amazon(world) == {"TOW-6": 9}
    assert "sku-alike" in findings_of(road)
    told = {row["SKU"]: row["why"] for row in products_of(world.site)}
    assert "it looks like TOW-6, and is another" in told["T\u041eW-6"]
    assert told["8806098286500"] == "a kit that is not offered: LID was never counted"
    assert told["BODY"] == "offered in kits alone: no ASIN is known"
    assert "TOW-6" not in told


def test_an_asin_of_the_table_goes_before_what_orders_told(opened, taking):
    world, road, _, _ = sent_out(opened, taking, asins="SKU,ASIN\nTOW-6,B0SIMKTL17\n")
    lay_stock(world, road, "STOCK1.csv", [("TOW-6", 9)])
    (sent,) = [one["body"] for one in world.amazon.state()["submissions"] if "inventory" in one["body"]]
    assert sent["inventory"]["items"][0]["buyerProductIdentifier"] == "B0SIMKTL17"


def test_a_line_is_read_as_it_was_written_though_the_site_has_no_tables_any_more(opened, taking):
    world, road, number, rows = sent_out(opened, taking)
    world.edit("translator.yaml", lambda text: text.replace("    products: {items: items, kits: kits}\n", ""))
    road.reload()
    lay_ship(world, road, "SHIP1.csv", (number, [(line, amount, "A") for line, _, amount in lines_of(rows)]))
    road.until(lambda: road.ends("shipment_confirmation", number) == ["accepted"])
    assert [one["shippedQuantity"]["amount"] for one in confirmed(world)["items"]] == [4, 1, 2]


def test_a_kit_with_a_component_that_was_never_counted_is_offered_no_more(opened, taking):
    world, road, _, _ = sent_out(opened, taking)
    lay_stock(world, road, "STOCK1.csv", [("BODY", 4), ("LID", 6), ("TOW-6", 1000)])
    assert at_amazon(world) == {"8806098286500": 3, "TOW-6": 1000}
    world.edit(f"{TABLES}/kits.csv", lambda text: text + "8806098286500,BOLT,1\n")
    road.reload()
    lay_stock(world, road, "STOCK2.csv", [("BODY", 4)])
    assert at_amazon(world) == {"8806098286500": 0, "TOW-6": 1000}


def test_a_file_that_is_read_late_changes_the_kits_its_items_are_in(opened, taking):
    world, road, _, _ = sent_out(opened, taking, more="    stock: {least: 1}\n")
    lay_stock(world, road, "STOCK1.csv", [("BODY", 4), ("LID", 6), ("TOW-6", 9)])
    lay_stock(world, road, "STOCK2.csv", [("LID", 0), ("TOW-6", 0)])
    assert road.held("`translator approve")
    lay_stock(world, road, "STOCK3.csv", [("BODY", 5), ("TOW-6", 8)])
    assert at_amazon(world) == {"8806098286500": 3, "TOW-6": 8}
    assert road.ask("approve", "STOCK2.csv")[0]
    road.until(lambda: at_amazon(world) == {"8806098286500": 0, "TOW-6": 8}, within=900)


def billing(world):
    world.folder(LOCAL, "out/bills").mkdir()
    world.edit(
        "translator.yaml",
        lambda text: text.replace("    from:\n", "    from:\n      out/bills: vendor-invoices.yaml\n"),
    )


def lay_bill(world, number, invoice, rows):
    text = "INVOICE,DATE,ORDER,LINE,QTY,PRICE,CURRENCY,TAX_TYPE,TAX_RATE,TAX,FREIGHT,TOTAL\r\n"
    text += "".join(f"{invoice},,{number},{line},{amount},{price},,,,,,\r\n" for line, amount, price in rows)
    world.place(LOCAL, "out/bills", f"INV{invoice}.csv", text)


def test_an_invoice_by_the_lines_of_the_warehouse_goes_out_by_those_of_amazon(opened, taking):
    world, road, number, rows = sent_out(opened, taking, and_then=billing)
    lay_ship(world, road, "SHIP1.csv", (number, [(line, amount, "A") for line, _, amount in lines_of(rows)]))
    road.until(lambda: road.stage(number) == "confirmed")
    lay_bill(world, number, "1", [("1", 2, "10.10"), ("201", 1, 0), ("202", 1, 0), ("3", "", "")])
    road.until(lambda: road.ends("invoice", number) == ["rejected"])
    with road.look() as book:
        (text,) = [
            one.text
            for one in book.documents.about("us", number, "invoice")[0].findings
            if one.code == "invoice-quantity"
        ]
    assert text == "line '00202' ('LID'): 1 invoiced of 2 ordered"
    lay_bill(world, number, "2", [("1", 2, "10.10"), ("201", "", 0), ("202", 2, 0), ("3", "", "")])
    road.until(lambda: road.ends("invoice", number)[-1] == "accepted", within=900)
    (sent,) = [one["body"]["invoices"][0] for one in world.amazon.state()["submissions"] if "invoices" in one["body"]]
    told = [
        (one["itemSequenceNumber"], one["invoicedQuantity"]["amount"], one["netCost"]["amount"])
        for one in sent["items"]
    ]
    assert sorted(told) == [("00001", 4, "5.05"), ("00002", 1, "39.99"), ("00003", 2, "18.00")]


def test_a_doubt_about_a_count_stays_until_a_file_names_the_item_once(opened, taking):
    world, road, _, _ = sent_out(opened, taking)
    lay_stock(world, road, "STOCK1.csv", [("BODY", 2), ("LID", 6)])
    lay_stock(world, road, "STOCK2.csv", [("LID", 0), ("LID", 2)])
    lay_stock(world, road, "STOCK3.csv", [("BODY", 9)])
    assert at_amazon(world) == {"8806098286500": 2}
    lay_stock(world, road, "STOCK4.csv", [("LID", 2)])
    assert at_amazon(world) == {"8806098286500": 1}


def test_a_kit_with_a_component_in_no_whole_pack_is_not_confirmed_without_it(opened):
    order = an_order()
    world, road = opened(orders=[order], change=with_tables(items=f"{ITEMS}LIDS,LID,3\n"))
    number = order["purchaseOrderNumber"]
    road.until(lambda: "accepted" in road.ends("acknowledgement", number))
    lay_ship(world, road, "SHIP1.csv", (number, [("1", 2, "A"), ("201", 1, "A"), ("3", 2, "A")]))
    road.until(lambda: any("no whole number" in row[4] for row in road.rows() if row[1] == "us/shipment_confirmation"))
    road.go(60)
    assert not any("shipmentConfirmations" in one["body"] for one in world.amazon.state()["submissions"])
