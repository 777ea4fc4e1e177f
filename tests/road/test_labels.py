"""Labels and packing slips: asked for on the day, fetched, whole, in the warehouse's folder; and what hangs on them."""

import pytest

from tests.road.conftest import LOCAL
from tests.road.road import ship_csv, shipment
from tests.road.test_decisions import ask
from tests.world import orders_of

LABELS = """\
writes: shipping_label
format: bytes
each: label in shipping_label.labelData
file: "{{ shipping_label.purchaseOrderNumber }}-{{ label.trackingNumber }}.{{ shipping_label.labelFormat | lower }}"
"""
SLIPS = """\
writes: packing_slip
format: bytes
file: "{{ packing_slip.purchaseOrderNumber }}.pdf"
"""
DAY = 86400.0
SOON = 6 * DAY


def furnish(world, label="{day: accepted}"):
    """Let the warehouse take labels and packing slips."""
    folder = world.site / "mappings" / LOCAL.called
    (folder / "labels.yaml").write_text(LABELS)
    (folder / "slips.yaml").write_text(SLIPS)
    world.folder(LOCAL, "in/print").mkdir()
    listed = "    to:\n      in/print: [labels.yaml, slips.yaml]\n"
    world.edit("translator.yaml", lambda text: text.replace("    to:\n", f"    label: {label}\n{listed}"))


@pytest.fixture
def labelled(opened):
    """Open a world whose one order wants a label."""

    def open_(label="{day: accepted}", order=None, **settings):
        (made,) = orders = orders_of((LOCAL,), 1)
        made["orderDetails"]["shipmentDetails"] |= order or {}
        world, road = opened(orders=orders, change=lambda world: furnish(world, label), **settings)
        return world, road, made["purchaseOrderNumber"]

    return open_


def printed(world):
    return {name: (world.folder(LOCAL, "in/print") / name).read_bytes() for name in world.visible(LOCAL, "in/print")}


def labels_made(world, number):
    return world.amazon.state()["effects"].get("createShippingLabels", {}).get(number, 0)


def test_a_label_comes_after_the_acknowledgement_and_lies_whole_in_the_folder(labelled):
    world, road, number = labelled()
    road.until(lambda: printed(world))
    ((name, data),) = printed(world).items()
    assert name.startswith(number)
    assert data.startswith((b"\x89PNG", b"^XA"))
    events = road.events(number)
    assert events.index("acknowledgement accepted") < events.index("label_request sent")
    assert labels_made(world, number) == 1
    assert road.stage(number) == "labelled"


def test_a_label_is_asked_for_on_the_day_the_order_has_to_leave_and_not_before(labelled):
    world, road, number = labelled("{day: ship, at: '05:30'}")
    road.until(lambda: "acknowledgement accepted" in road.events(number))
    road.go(60)
    assert labels_made(world, number) == 0
    with road.look() as book:
        (row,) = [work for work in book.work.find(station="write") if "label" in work.route]
    required = world.amazon.state()["orders"][number]["body"]["orderDetails"]["shipmentDetails"]["shipmentDates"]
    assert 0 < row.due - road.clock.now().timestamp() < SOON
    assert required["requiredShipDate"][:10] == road.clock.now().fromtimestamp(row.due).astimezone().strftime(
        "%Y-%m-%d"
    )
    road.clock.skip(row.due - road.clock.now().timestamp())
    road.until(lambda: printed(world))


def test_a_ship_file_asks_for_the_label_before_its_day_and_is_confirmed_with_its_tracking_number(labelled):
    world, road, number = labelled("{day: ship}")
    road.until(lambda: "acknowledgement accepted" in road.events(number))
    order = world.amazon.state()["orders"][number]["body"]
    world.place(LOCAL, "out/ship", "SHIP1.csv", ship_csv(road.clock, shipment(order)))
    road.until(lambda: road.stage(number) == "confirmed", within=600)
    assert labels_made(world, number) == 1
    ((name, _),) = printed(world).items()
    (sent,) = [one for one in world.amazon.state()["submissions"] if one["operation"] == "submitShipmentConfirmations"]
    (box,) = sent["body"]["shipmentConfirmations"][0]["containers"]
    assert box["trackingNumber"] in name


def test_a_ship_file_that_comes_before_the_acknowledgement_asks_for_the_label_after_it(labelled):
    world, road, number = labelled("{day: ship}")
    order = world.amazon.state()["orders"][number]["body"]
    world.place(LOCAL, "out/ship", "SHIP1.csv", ship_csv(road.clock, shipment(order)))
    world.amazon.fail("throttled", "submitAcknowledgement", times=2)
    road.until(lambda: road.held("needs acknowledgement accepted"))
    road.until(lambda: road.stage(number) == "confirmed", within=600)
    assert labels_made(world, number) == 1


def test_a_denial_waits_for_no_label(labelled):
    world, road, number = labelled("{day: ship}")
    road.until(lambda: "acknowledgement accepted" in road.events(number))
    assert ask(road, "deny", number, reason="broken")[0]
    road.until(lambda: road.stage(number) == "denied")
    road.go(60)
    assert labels_made(world, number) == 0
    assert road.ends("label_request", number) == ["superseded"]


def test_a_reply_that_was_lost_does_not_make_a_second_label(labelled):
    world, road, number = labelled()
    world.amazon.fail("applied_then_closed", "createShippingLabels")
    road.until(lambda: printed(world), within=600)
    assert labels_made(world, number) == 1


def test_a_request_that_was_lost_is_made_once_more(labelled):
    world, road, number = labelled()
    world.amazon.fail("closed", "createShippingLabels")
    road.until(lambda: printed(world), within=600)
    assert labels_made(world, number) == 1


def test_where_the_quick_way_is_denied_the_slow_one_is_taken(labelled):
    world, road, number = labelled()
    world.amazon.fail("denied", "createShippingLabels", times=2)
    road.until(lambda: printed(world), within=600)
    assert world.amazon.state()["effects"]["submitShippingLabelRequest"] == {number: 1}


def test_a_label_made_again_after_it_was_printed_is_told_and_goes_out_again(labelled):
    world, road, number = labelled()
    road.until(lambda: printed(world))
    ok, said = ask(road, "relabel", number)
    assert ok, said
    road.until(lambda: len(printed(world)) == 2)
    assert road.held("changed after the warehouse got it")
    assert "shipping_label changed" in road.events(number)


@pytest.mark.parametrize("lost", [1, 2])
def test_the_label_from_before_does_not_prove_that_another_one_was_made(labelled, lost):
    world, road, number = labelled()
    road.until(lambda: printed(world))
    world.amazon.fail("closed", "createShippingLabels", times=lost)
    assert ask(road, "relabel", number)[0]
    if lost > 1:
        road.until(lambda: road.held("Amazon shows the label that was there before"))
        assert road.ask("retry", road.row_of("Amazon shows the label that was there before"))[0]
    road.until(lambda: len(printed(world)) == 2)
    assert labels_made(world, number) == 2


def test_another_label_that_was_made_though_the_answer_was_lost_is_not_made_again(labelled):
    world, road, number = labelled()
    road.until(lambda: printed(world))
    world.amazon.fail("applied_then_closed", "createShippingLabels")
    assert ask(road, "relabel", number)[0]
    road.until(lambda: len(printed(world)) == 2)
    assert labels_made(world, number) == 2


def test_a_label_is_of_no_use_to_a_cancelled_order(labelled):
    world, road, number = labelled("{day: ship}")
    road.until(lambda: "acknowledgement accepted" in road.events(number))
    world.amazon.cancel(number)
    road.until(lambda: "order cancelled" in road.events(number))
    road.go(60)
    assert road.ends("label_request", number) == ["superseded"]
    assert labels_made(world, number) == 0


def test_a_packing_slip_is_fetched_where_the_order_wants_one(labelled):
    world, road, number = labelled(order={"isPslipRequired": True})
    road.until(lambda: f"{number}.pdf" in printed(world))
    assert printed(world)[f"{number}.pdf"].startswith(b"%PDF-")


def test_no_packing_slip_is_asked_for_where_none_is_wanted(labelled):
    world, road, _ = labelled()
    road.until(lambda: printed(world))
    road.go(30)
    assert list(printed(world)) == [name for name in printed(world) if not name.endswith(".pdf")]
    assert "getPackingSlip" not in world.amazon.state()["counts"]


def test_no_label_is_asked_for_where_the_ship_method_is_not_amazons(labelled):
    _, road, number = labelled("{methods: [AMZL_*], day: accepted}")
    road.until(lambda: "acknowledgement accepted" in road.events(number))
    road.go(60)
    assert road.ends("label_request", number) == []
