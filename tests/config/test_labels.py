"""Who asks for labels, who knows the boxes, and whose carriers they are: what a site lists must agree."""

import pytest

from tests.config.test_agreement import line_of, site, system, told
from translator.config.site import Labelling

LABEL = """\
writes: shipping_label
format: bytes
each: label in shipping_label.labelData
file: "{{ shipping_label.purchaseOrderNumber }}-{{ loop.index }}.{{ shipping_label.labelFormat }}"
"""
STOCK = """\
writes: inventory_update
format: csv
file: stock.csv
each: item in inventory_update.items
fields: {SKU: {maybe: item.vendorProductIdentifier}}
"""
ODD = """\
reads: {kind}
format: csv
fields: {{ORDER: {{}}}}
documents: {{each: row, about: {{order: ORDER}}}}
"""
OWN = {
    "labels.yaml": LABEL,
    "more.yaml": LABEL,
    "packs.yaml": (
        "reads: label_request\nformat: csv\nheader: true\nfields: {ORDER: {}, BOX: {}}\n"
        "documents: {group: ORDER, about: {order: ORDER}, containers: {group: BOX, containerIdentifier: BOX}}\n"
    ),
    "scans.yaml": (
        "reads: shipment_status\nformat: csv\nheader: true\nfields: {ORDER: {}, PARCEL: {}, CODE: {}}\n"
        "documents: {each: row, about: {order: ORDER}, statusUpdateDetails: {trackingNumber: PARCEL, statusCode: CODE}}\n"
    ),
}
LABELS = "in/orders: [orders.yaml, cancels.yaml]\n      in/labels: labels.yaml"
PACKS = "out/ship: ship.yaml\n      out/packs: packs.yaml"
SCANS = "out/ship: ship.yaml\n      out/scans: scans.yaml"


def made(**more):
    return site(system(**more), own=OWN).systems["newark"]


def test_labels_are_for_one_box_on_the_ship_day_where_nothing_is_said():
    assert made(to=LABELS).label == Labelling()


def test_what_is_said_about_labels():
    words = '    label: {methods: [AMZL_*, USPS_ATS_*], day: accepted, at: "06:00", boxes: single}\n'
    label = made(to=LABELS, more=words).label
    assert (label.methods, label.day, label.at.hour, label.boxes) == (("AMZL_*", "USPS_ATS_*"), "accepted", 6, "single")


def test_a_pack_file_says_what_is_in_which_box():
    assert made(to=LABELS, from_=PACKS).label.boxes == "file"


@pytest.mark.parametrize(
    "boxes, from_, hint", [("file", "out/ship: ship.yaml", "label_request"), ("single", PACKS, "packs.yaml")]
)
def test_boxes_that_nobody_or_somebody_else_says_are_told(boxes, from_, hint):
    wrong = system(to=LABELS, from_=from_, more=f"    label: {{boxes: {boxes}}}\n")
    ((code, file, line, text),) = told(wrong, own=OWN)
    assert (code, file, line) == ("site-label", "translator.yaml", line_of(wrong, "label:"))
    assert hint in text


def test_labels_that_are_asked_for_and_written_nowhere_are_told():
    wrong = system(from_=PACKS)
    ((code, _, line, text),) = told(wrong, own=OWN)
    assert (code, line) == ("site-label", line_of(wrong, "from:"))
    assert "packs.yaml" in text
    assert "shipping_label" in text


def test_a_label_is_written_once():
    wrong = system(to=f"{LABELS}\n      print: more.yaml")
    ((code, _, line, text),) = told(wrong, own=OWN)
    assert (code, line) == ("site-writers", line_of(wrong, "print:"))
    assert "labels.yaml in in/labels" in text


def test_who_says_where_parcels_are_has_carriers_of_its_own():
    assert made(from_=SCANS).carrier == "own"
    assert made(from_=SCANS, more="    carrier: own\n").carrier == "own"


def test_amazons_carriers_need_nobody_to_say_where_parcels_are():
    wrong = system(from_=SCANS, more="    carrier: amazon\n")
    ((code, _, line, text),) = told(wrong, own=OWN)
    assert (code, line) == ("site-carrier", line_of(wrong, "carrier:"))
    assert "scans.yaml" in text


def test_what_amazon_takes_is_never_written_into_a_file():
    own = OWN | {"stock-out.yaml": STOCK}
    wrong = system(to=f"{LABELS}\n      in/stock: stock-out.yaml")
    assert [one[0] for one in told(wrong, own=own)] == ["site-way"]


@pytest.mark.parametrize("kind", ["shipping_label", "packing_slip", "customer_invoice", "container_label"])
def test_what_amazon_gives_is_never_read_out_of_one(kind):
    own = OWN | {"odd.yaml": ODD.format(kind=kind)}
    found = told(system(from_="out/ship: ship.yaml\n      out/odd: odd.yaml"), own=own)
    assert ("site-way", True) in [(one[0], "comes from Amazon" in one[3]) for one in found]
