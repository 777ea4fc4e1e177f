"""The lines of an order as the warehouse has them, and what it shipped of them as Amazon's: there and back."""

from hypothesis import given, settings
from hypothesis import strategies as st

from translator.documents.assortment import Assortment
from translator.documents.containers import packed
from translator.documents.kit_stock import Counted, offered
from translator.documents.portions import as_json, from_json, imploded, lacks, portions_of, seen
from translator.documents.stock_rules import Rules, level_of, written

GOODS = Assortment(
    packs={"CASE-12": ("CUP", 12), "CUP": ("CUP", 1), "BOX-6": ("FORK", 6)},
    kits={"PICNIC": {"CUP": 4, "FORK": 6, "RUG": 1}},
)


def order(*lines):
    items = [
        {
            "itemSequenceNumber": number,
            "buyerProductIdentifier": f"B0{sku}",
            "vendorProductIdentifier": sku,
            "orderedQuantity": {"amount": amount, "unitOfMeasure": "Each"},
            "netPrice": {"currencyCode": "USD", "amount": "2.50"},
        }
        for number, sku, amount in lines
    ]
    return {"purchaseOrderNumber": "D1", "orderDetails": {"items": items}}


def written_lines(tree):
    return [
        (line["itemSequenceNumber"], line["vendorProductIdentifier"], line["orderedQuantity"]["amount"])
        for line in tree["orderDetails"]["items"]
    ]


def out(known, goods=GOODS):
    found = []
    portions = portions_of(known, goods, found)
    return portions, found


def test_a_line_is_ordered_by_the_largest_pack_that_fits_wholly():
    known = order(("1", "CUP", 24), ("2", "CUP", 30), ("3", "PLATE", 5))
    portions, found = out(known)
    assert not found
    assert written_lines(seen(known, portions)) == [("1", "CASE-12", 2), ("2", "CUP", 30), ("3", "PLATE", 5)]
    assert seen(known, portions)["orderDetails"]["items"][0]["netPrice"]["amount"] == "30.00"


def test_a_sku_by_whose_name_the_warehouse_knows_another_is_not_ordered_by_it():
    _, (found,) = out(order(("1", "CASE-12", 1)))
    assert (found.code, found.data.path) == ("item-other", "/orderDetails/items/0/vendorProductIdentifier")
    assert "CUP" in found.text


def test_what_is_no_whole_number_of_packs_is_told_with_its_place():
    _, (found,) = out(order(("1", "PLATE", 1), ("2", "FORK", 8)))
    assert (found.code, found.data.path) == ("pack-remainder", "/orderDetails/items/1/orderedQuantity/amount")
    assert "BOX-6 of 6" in found.text


def test_a_kit_is_ordered_as_its_components_and_their_numbers_tell_its_line():
    known = order(("00001", "PLATE", 1), ("00002", "PICNIC", 3))
    portions, found = out(known)
    assert not found
    tree = seen(known, portions)
    assert written_lines(tree) == [
        ("00001", "PLATE", 1),
        ("00201", "CASE-12", 1),
        ("00202", "BOX-6", 3),
        ("00203", "RUG", 3),
    ]
    part = tree["orderDetails"]["items"][1]
    assert part["kit"]["vendorProductIdentifier"] == "PICNIC"
    assert "buyerProductIdentifier" not in part
    assert part["netPrice"] == {"currencyCode": "USD", "amount": "0.00"}


def test_numbers_of_components_never_meet_those_of_other_lines():
    known = order(("1", "PICNIC", 1), ("101", "PLATE", 1), ("102", "PLATE", 1))
    portions, _ = out(known)
    numbers = [number for number, _, _ in written_lines(seen(known, portions))]
    assert numbers == ["1001", "1002", "1003", "101", "102"]


def test_a_kit_whose_line_has_no_number_is_told():
    _, (found,) = out(order(("0", "PICNIC", 1)))
    assert found.code == "kit-line"


def shipped(*boxes):
    return {
        "purchaseOrderNumber": "D1",
        "items": [],
        "containers": [
            {
                "containerIdentifier": f"C{n}",
                "packedItems": [
                    {"itemSequenceNumber": number, "packedQuantity": {"amount": amount, "unitOfMeasure": "Each"}}
                    for number, amount in box
                ],
            }
            for n, box in enumerate(boxes)
        ],
    }


def test_whole_kits_in_one_container_are_counted_there():
    known = order(("2", "PICNIC", 3))
    portions, _ = out(known)
    back = imploded(shipped([(201, 1), (202, 3), (203, 3)]), portions, known)
    (line,) = back["containers"][0]["packedItems"]
    assert (line["itemSequenceNumber"], line["packedQuantity"]["amount"]) == (2, 3)
    assert line["vendorProductIdentifier"] == "PICNIC"
    assert "pieceNumber" not in line
    assert back["items"][0]["shippedQuantity"]["amount"] == 3


def test_a_kit_in_several_containers_is_a_piece_in_each():
    known = order(("2", "PICNIC", 3))
    portions, _ = out(known)
    back = imploded(shipped([(201, 1)], [(202, 3), (203, 3)]), portions, known)
    lines = [box["packedItems"][0] for box in back["containers"]]
    assert [(line["pieceNumber"], line["packedQuantity"]["amount"]) for line in lines] == [(1, 3), (2, 3)]
    assert packed(back["containers"]) == {"2": 3}


def test_a_part_of_a_kit_is_no_kit_and_what_is_lacking_is_told():
    known = order(("2", "PICNIC", 3))
    portions, _ = out(known)
    assert imploded(shipped([(201, 1), (202, 3)]), portions, known)["items"] == []
    assert lacks(["203"], portions, known) == "line 203 (RUG of kit PICNIC, line 2)"


SKUS = st.sampled_from(["CUP", "FORK", "RUG", "PLATE", "PICNIC", "PAIR"])
WIDE = Assortment(packs={"CASE-12": ("CUP", 12), "CUP": ("CUP", 1)}, kits={"PAIR": {"RUG": 2}, **GOODS.kits})


@settings(max_examples=60, deadline=None)
@given(st.lists(st.tuples(SKUS, st.integers(1, 40)), min_size=1, max_size=8), st.data())
def test_what_is_exploded_and_shipped_whole_implodes_to_what_was_ordered(lines, data):
    known = order(*((str(n), sku, amount) for n, (sku, amount) in enumerate(lines, start=1)))
    portions, found = out(known, WIDE)
    assert not found
    portions = from_json(as_json(portions))
    boxes = [[] for _ in range(data.draw(st.integers(1, 3)))]
    for number, _, amount in written_lines(seen(known, portions)):
        first = data.draw(st.integers(0, amount))
        for part in filter(None, (first, amount - first)):
            data.draw(st.sampled_from(boxes)).append((int(number), part))
    back = imploded(shipped(*boxes), portions, known)
    assert packed(back["containers"]) == {str(n): amount for n, (_, amount) in enumerate(lines, start=1)}


def sums(items, sold=(), goods=GOODS, rules=None, open_=None):
    made = offered(goods, Counted(items, frozenset(sold), open_ or {}), rules or Rules(), "EWR1")
    return {sku: written(steps) for sku, steps in made.items()}


def test_items_of_a_sku_are_added_up_in_their_packs():
    made = sums({"CASE-12": 3, "CUP": 5}, sold=["CUP"])
    assert made == {"CUP": "WMS (CASE-12 3 × 12, CUP 5 × 1) 41 = 41"}


def test_a_kit_is_offered_as_often_as_its_scarcest_part_allows():
    made = sums({"CUP": 40, "BOX-6": 5, "RUG": 9}, sold=["CUP"])
    assert made["PICNIC"] == "kit (CUP 20 ÷ 4, FORK 30 ÷ 6, RUG 9 ÷ 1) 5 = 5"
    assert made["CUP"] == "WMS 40 − kits 20 = 20"
    assert "RUG" not in made  # it has no listing of its own


def test_a_kit_with_a_component_that_was_never_counted_is_not_offered():
    assert sums({"CUP": 40, "RUG": 9}, sold=["CUP"]) == {"CUP": "WMS 40 = 40"}


def test_orders_of_a_kit_that_the_warehouse_has_not_seen_are_taken_off_its_components():
    made = sums({"CUP": 40, "BOX-6": 5, "RUG": 9}, sold=["CUP"], open_={"PICNIC": 2, "CUP": 1})
    assert made["CUP"] == "WMS 40 − open 9 − kits 12 = 19"
    assert made["PICNIC"] == "kit (CUP 15 ÷ 4, FORK 18 ÷ 6, RUG 7 ÷ 1) 3 = 3"


def test_a_kit_that_is_held_at_zero_takes_nothing_from_its_components():
    made = sums({"CUP": 40, "BOX-6": 5, "RUG": 9}, sold=["CUP"], rules=Rules(zero=frozenset({"PICNIC"})))
    assert made == {"PICNIC": "kit 0 = 0", "CUP": "WMS 40 = 40"}


KITS = st.dictionaries(
    st.sampled_from(["K1", "K2", "K3"]),
    st.dictionaries(st.sampled_from("ABCD"), st.integers(1, 5), min_size=1),
    min_size=1,
)


@settings(max_examples=100, deadline=None)
@given(
    KITS,
    st.dictionaries(st.sampled_from(["A", "B", "C", "D", "A-6"]), st.integers(0, 60)),
    st.sets(st.sampled_from("ABCD")),
    st.dictionaries(st.sampled_from(["A", "B", "K1", "K2"]), st.integers(0, 9)),
)
def test_no_unit_is_promised_twice(kits, items, sold, open_):
    goods = Assortment(packs={"A-6": ("A", 6)}, kits=kits)
    made = offered(goods, Counted(items, sold, open_), Rules(), "EWR1")
    levels = {sku: level_of(steps) for sku, steps in made.items()}
    assert all(level >= 0 for level in levels.values())
    for sku in "ABCD":
        units = items.get(sku, 0) + (6 * items.get("A-6", 0) if sku == "A" else 0)
        promised = levels.get(sku, 0) + sum(levels.get(kit, 0) * parts.get(sku, 0) for kit, parts in kits.items())
        waiting = open_.get(sku, 0) + sum(open_.get(kit, 0) * parts.get(sku, 0) for kit, parts in kits.items())
        assert promised <= max(units - waiting, 0)


def test_a_kit_that_was_offered_is_taken_back_when_a_component_was_never_counted():
    goods = Assortment(kits={"KIT": {"A": 1, "B": 1}, "OTHER": {"C": 1}})
    made = offered(goods, Counted({"A": 4}, offered=("KIT", "OTHER")), Rules(), "EWR1")
    assert made == {"KIT": [("kit (B not counted)", 0)]}
