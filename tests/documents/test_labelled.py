"""A confirmation where Amazon made the labels: the newest label's numbers go, and what was replaced is told."""

import pytest

from tests.documents.given import box, codes, completed, label, line, order, package, ship
from translator.core.finding import errors
from translator.documents.label_request import boxes
from translator.documents.shipping_label import packages

KIND = "shipment_confirmation"
TWO = order(line("00001", 2), line("00002", 1, sku="SKU-2", asin="B2"))
SCALES = {"weight": {"value": "2.5", "unitOfMeasure": "LB"}}


def confirmed(said, *made, known=TWO, packed=()):
    return completed(KIND, said, known, labels=packages(label(*made)), packed=packed)


def sent(document):
    return [(one.get("trackingNumber"), one.get("shipMethod")) for one in document.tree["containers"]]


def test_one_box_takes_number_and_method_of_the_one_label():
    document = confirmed(ship(), package(7))
    assert errors(document.findings) == []
    assert sent(document) == [("1Z7", "UPS_2ND")]


def test_containers_are_found_by_the_number_on_them():
    said = ship(
        box({1: 2}, containerIdentifier="A", trackingNumber="1Z2", **SCALES),
        box({2: 1}, containerIdentifier="B", trackingNumber="1Z1", **SCALES),
    )
    document = confirmed(said, package(1, shipMethod="M1"), package(2, shipMethod="M2"))
    assert document.findings == ()
    assert sent(document) == [("1Z2", "M2"), ("1Z1", "M1")]


def test_containers_without_a_number_take_the_labels_in_their_order_and_it_is_told():
    said = ship(box({1: 2}, containerIdentifier="A", **SCALES), box({2: 1}, containerIdentifier="B", **SCALES))
    document = confirmed(said, package(1), package(2))
    assert codes(document.findings) == codes(document.findings, "info") == ["label-order"]
    assert [one for one, _ in sent(document)] == ["1Z1", "1Z2"]


def test_what_is_left_is_paired_when_the_numbers_agree():
    said = ship(
        box({1: 1}, containerIdentifier="A", trackingNumber="1Z3", **SCALES),
        box({1: 1}, containerIdentifier="B", **SCALES),
        box({2: 1}, containerIdentifier="C", **SCALES),
    )
    assert [one for one, _ in sent(confirmed(said, package(1), package(2), package(3)))] == ["1Z3", "1Z1", "1Z2"]


def test_a_box_whose_content_only_the_items_tell_has_its_label():
    said = ship(
        box({1: 1}, containerIdentifier="A", **SCALES),
        box(containerIdentifier="B", **SCALES),
        items=[
            {"itemSequenceNumber": 1, "shippedQuantity": {"amount": 2}},
            {"itemSequenceNumber": 2, "shippedQuantity": {"amount": 1}},
        ],
    )
    document = confirmed(said, package(1), package(2))
    assert [one["packedItems"][0]["packedQuantity"]["amount"] for one in document.tree["containers"]] == [1, 1]
    assert [one for one, _ in sent(document)] == ["1Z1", "1Z2"]


def test_a_box_that_a_label_was_asked_for_has_that_label_in_whatever_order_the_ship_file_tells_them():
    said = ship(box({2: 1}, containerIdentifier="B", **SCALES), box({1: 2}, containerIdentifier="A", **SCALES))
    document = confirmed(
        said, package(1), package(2), packed=boxes({"containers": [box(containerIdentifier=one) for one in "AB"]})
    )
    assert [one for one, _ in sent(document)] == ["1Z2", "1Z1"]
    assert document.findings == ()


def test_an_older_number_on_a_box_of_a_known_name_is_replaced_by_that_boxs_newest():
    said = ship(
        box({2: 1}, containerIdentifier="B", trackingNumber="1ZOLD", **SCALES),
        box({1: 2}, containerIdentifier="A", trackingNumber="1ZOLDER", **SCALES),
    )
    document = confirmed(said, package(1), package(2), packed=["A", "B"])
    assert [one for one, _ in sent(document)] == ["1Z2", "1Z1"]
    assert codes(document.findings) == ["tracking-outdated"] * 2


@pytest.mark.parametrize("packed", [[], ["A"], ["A", "B", "C"], ["X", "Y"], ["", ""]])
def test_names_that_do_not_fit_the_labels_say_nothing(packed):
    said = ship(box({2: 1}, containerIdentifier="B", **SCALES), box({1: 2}, containerIdentifier="A", **SCALES))
    assert [one for one, _ in sent(confirmed(said, package(1), package(2), packed=packed))] == ["1Z1", "1Z2"]


def test_two_labels_of_one_number_are_two():
    said = ship(
        box({1: 2}, containerIdentifier="A", trackingNumber="1Z1", **SCALES),
        box({2: 1}, containerIdentifier="B", trackingNumber="1Z1", **SCALES),
    )
    document = confirmed(said, package(1, shipMethod="M1"), package(1, shipMethod="M2"))
    assert sent(document) == [("1Z1", "M1"), ("1Z1", "M2")]


def test_the_number_of_an_older_label_is_replaced_by_the_newest_and_both_are_named():
    document = confirmed(ship(box({1: 2, 2: 1}, trackingNumber="1ZOLD", **SCALES)), package(7))
    assert sent(document) == [("1Z7", "UPS_2ND")]
    (told,) = [one for one in document.findings if one.code == "tracking-outdated"]
    assert str(told.severity) == "warning"
    assert "'1ZOLD'" in told.text
    assert "'1Z7'" in told.text


def test_the_ship_method_is_the_labels_whatever_the_warehouse_says():
    said = ship(box({1: 2, 2: 1}, containerIdentifier="A", trackingNumber="1Z7", shipMethod="UPS_GR_RES", **SCALES))
    document = confirmed(said, package(7))
    assert sent(document) == [("1Z7", "UPS_2ND")]
    assert codes(document.findings) == codes(document.findings, "info") == ["ship-method-replaced"]


def test_a_label_that_names_neither_leaves_what_the_warehouse_and_the_order_say():
    bare = {"content": package()["content"]}
    document = confirmed(ship(box({1: 2, 2: 1}, trackingNumber="1Z5", **SCALES)), bare)
    assert sent(document) == [("1Z5", "UPS_GR_RES")]


def test_as_many_labels_as_boxes_where_the_warehouse_names_none():
    document = confirmed(ship(), package(1), package(2))
    assert errors(document.findings) == []
    assert [one for one, _ in sent(document)] == ["1Z1", "1Z2"]
    assert all(one["packedItems"] for one in document.tree["containers"])


@pytest.mark.parametrize("numbers", [("1Z1", None), (None, None), ("1ZOLD", None)])
def test_containers_without_a_label_of_their_own_stop_it_and_say_how_to_go_on(numbers):
    boxes = [
        box({n: 3 - n}, containerIdentifier=f"C{n}", **({"trackingNumber": number} if number else {}))
        for n, number in enumerate(numbers, start=1)
    ]
    (told,) = errors(confirmed(ship(*boxes), package(1)).findings)
    assert told.code == "label-count"
    assert "translator relabel" in told.hint


def test_a_label_that_is_left_over_is_told_and_stops_nothing():
    said = ship(box({1: 2, 2: 1}, trackingNumber="1Z2", **SCALES))
    document = confirmed(said, package(1), package(2))
    assert errors(document.findings) == []
    assert "label-count" in codes(document.findings, "warning")


def test_while_lines_are_lacking_more_boxes_may_come_so_nothing_is_said_of_the_count():
    document = confirmed(ship(box({1: 2}, containerIdentifier="A", **SCALES)), package(1), package(2))
    assert "label-count" not in codes(document.findings)


def test_a_denied_order_needs_no_label():
    document = confirmed(ship(status="FLOOR_DENIAL"), package(1))
    assert document.findings == ()


def test_contradictions_among_the_boxes_are_told_all_the_same():
    said = ship(
        box({1: 2}, containerIdentifier="A", trackingNumber="1Z1"),
        box({2: 1}, containerIdentifier="A", trackingNumber="1Z2"),
    )
    assert codes(errors(confirmed(said, package(1)).findings)) == ["container-differs"]


def test_completed_again_nothing_changes():
    once = confirmed(ship(), package(1), package(2))
    again = confirmed(once.tree, package(1), package(2))
    assert (again.tree, again.findings) == (once.tree, ())
