"""A warehouse that speaks X12 on the road: orders go out with numbers of the ledger's, what it ships and has comes back."""

from dataclasses import replace
from datetime import timedelta

from tests.formats.interchanges import st, x12
from tests.road.conftest import LOCAL
from tests.world import orders_of

EDI = replace(LOCAL, preset="x12", more="    partner: {edi_id: ACMEGOODS, wms_id: RENOWMS, usage: P}\n")
NAMES = {
    "[orders.yaml, cancels.yaml]": "[940.yaml, 940-cancel.yaml]",
    "      in/answers: answers.yaml\n": "",
    "ship.yaml": "945.yaml",
    "stock.yaml": "846.yaml",
}


def named(world):
    """Say in the site how the mappings of this preset are called."""

    def change(text):
        for old, new in NAMES.items():
            text = text.replace(old, new)
        return text

    world.edit("translator.yaml", change)


def made(count):
    found = orders_of((EDI,), count)
    for one in found:
        one["orderDetails"]["shipmentDetails"]["shipMethod"] = "UPS_GR_RES"
    return found


def shipped(order, control, day):
    lines = []
    for number, item in enumerate(order["orderDetails"]["items"], 1):
        amount = item["orderedQuantity"]["amount"]
        lines += [
            f"LX*{number}",
            f"MAN*CP*1Z{number:05d}",
            f"W12*CC*{amount}*{amount}*****{item['vendorProductIdentifier']}",
        ]
        lines += [f"N9*LI*{item['itemSequenceNumber']}"]
    return st(f"W06*F*{order['purchaseOrderNumber']}*{day:%Y%m%d}", "W27*M*UPSN", *lines, control=control)


def numbers(files):
    """Give ISA13, GS06 and the orders of each file, in the order of their names."""
    found = []
    for name in sorted(files):
        segments = [one.strip().split("*") for one in files[name].decode().split("~")]
        control, group = (next(one[at] for one in segments if one[0] == tag) for tag, at in (("ISA", 13), ("GS", 6)))
        found.append((int(control), int(group), sorted(one[2] for one in segments if one[0] == "W05")))
    return found


def test_orders_go_out_numbered_by_the_ledger_and_their_945_confirms_them(opened, taking):
    first, second, third = made(3)
    world, road = opened(systems=(EDI,), orders=[first, second], change=named)
    road.until(lambda: sum(len(one[2]) for one in numbers(taking(world, EDI))) == 2)
    before = numbers(taking(world, EDI))
    world.amazon.add_orders([third])
    road.until(lambda: sum(len(one[2]) for one in numbers(taking(world, EDI))) == 3)
    after = numbers(taking(world, EDI))
    assert [one[:2] for one in after] == [(number, number) for number in range(1, len(after) + 1)]
    assert after[: len(before)] == before
    day = road.clock.now() - timedelta(days=1)
    world.place(EDI, "out/ship", "SW1.edi", x12(shipped(first, "0001", day), shipped(third, "0002", day)))
    for one in (first, third):
        number = one["purchaseOrderNumber"]
        road.until(lambda number=number: road.ends("shipment_confirmation", number) == ["accepted"])
    assert road.ends("shipment_confirmation", second["purchaseOrderNumber"]) == []


def test_a_945_whose_transaction_counts_wrong_waits_for_a_person_and_its_neighbour_is_confirmed(opened, taking):
    first, second = made(2)
    world, road = opened(systems=(EDI,), orders=[first, second], change=named)
    road.until(lambda: sum(len(one[2]) for one in numbers(taking(world, EDI))) == 2)
    day = road.clock.now() - timedelta(days=1)
    wrong = shipped(first, "0001", day).replace("SE*", "SE*9")
    world.place(EDI, "out/ship", "SW1.edi", x12(wrong, shipped(second, "0002", day)))
    road.until(lambda: road.ends("shipment_confirmation", second["purchaseOrderNumber"]) == ["accepted"])
    assert road.held("segments from ST to SE")  # it has no answer files: a person is asked
    assert "submitShipmentConfirmations" in world.amazon.state()["effects"]
    assert first["purchaseOrderNumber"] not in world.amazon.state()["effects"]["submitShipmentConfirmations"]
