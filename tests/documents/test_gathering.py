"""Ship files of one order: gathered in any order, any number of times, and never counted twice."""

from decimal import Decimal
from itertools import permutations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.documents.given import box, completed, line, order, orders, packings, ship
from translator.core.finding import errors
from translator.documents.gathering import revise
from translator.documents.kind import Revision, kinds
from translator.documents.private import forgotten
from translator.documents.shipment_confirmation import lacking

KIND = "shipment_confirmation"
THREE = order(line("00001", 2), line("00002"), line("00003"))

A = ship(box({1: 2}, containerIdentifier="C1", trackingNumber="T1"))
B = ship(box({"02": 1}, containerIdentifier="C1"))
C = ship(box({3: 1}, trackingNumber="T9"))


def gather(*files):
    kept = files[0]
    for file in files[1:]:
        kept = revise(kept, file).tree
    return kept


def test_the_lines_that_are_missing_are_named():
    assert lacking(A, THREE) == ["2", "3"]
    assert lacking(gather(A, B), THREE) == ["3"]
    assert lacking(gather(A, B, C), THREE) == []


def test_half_a_line_is_missing_too():
    assert lacking(ship(box({1: 1, 2: 1, 3: 1})), THREE) == ["1"]


def test_more_joins_and_the_same_does_not():
    more = revise(A, B)
    assert more.verdict is Revision.MORE
    assert len(more.tree["containers"]) == 1
    assert [row["itemSequenceNumber"] for row in more.tree["containers"][0]["packedItems"]] == [1, 2]
    for again in (A, B):
        assert revise(more.tree, again).verdict is Revision.SAME
        assert revise(more.tree, again).tree == more.tree


@pytest.mark.parametrize("value", ["1.5", "1.500", "0", "0.00", None])
def test_a_weight_that_is_written_otherwise_or_is_nought_contradicts_nothing(value):
    weighed = ship(box({1: 2}, containerIdentifier="C1", weight={"value": "1.50", "unitOfMeasure": "LB"}))
    other = ship(box({2: 1}, containerIdentifier="C1", weight={"value": value, "unitOfMeasure": "LB"}))
    for one in (gather(weighed, other), gather(other, weighed)):
        (container,) = one["containers"]
        assert Decimal(container["weight"]["value"]) == Decimal("1.5")
        assert lacking(one, THREE) == ["3"]


def test_a_weight_of_nought_in_one_row_of_a_carton_leaves_that_of_another():
    rows = [
        box({n: 1}, containerIdentifier="C1", weight={"value": value, "unitOfMeasure": "KG"})
        for n, value in ((1, "2.5"), (2, "0"))
    ]
    document = completed(KIND, ship(*rows), order(line("00001"), line("00002")))
    assert errors(document.findings) == []
    assert document.tree["containers"][0]["weight"] == {"value": "2.5", "unitOfMeasure": "KG"}


def test_a_file_that_comes_again_after_its_order_was_forgotten_says_nothing_new():
    whole = gather(A, B, C)
    left = forgotten(KIND, whole)
    assert left != whole
    assert [revise(left, file).verdict for file in (A, B, C, whole)] == [Revision.SAME] * 4
    assert revise(left, ship(box({1: 1}, containerIdentifier="C1"))).verdict is Revision.CONTRADICTION
    assert revise(left, ship(box({3: 2}, trackingNumber="T9"))).verdict is not Revision.SAME


def test_a_file_that_only_comes_again_later_says_nothing_new():
    later = A | {"shipmentDetails": {**A["shipmentDetails"], "shippedDate": "2026-12-01T14:59:00Z"}}
    assert revise(A, later) == revise(A, A)


def test_the_latest_date_is_the_one_that_counts():
    later = C | {"shipmentDetails": {**C["shipmentDetails"], "shippedDate": "2026-12-01T09:50:00-05:00"}}
    assert gather(A, later)["shipmentDetails"]["shippedDate"] == "2026-12-01T14:50:00Z"
    assert gather(later, A)["shipmentDetails"]["shippedDate"] == "2026-12-01T14:50:00Z"


@pytest.mark.parametrize(
    "other, reason",
    [
        (ship(box({1: 1}, containerIdentifier="C1")), "line '1'"),
        (ship(box({1: 2}, trackingNumber="T1", weight={"value": "1", "unitOfMeasure": "LB"})), ""),
        (ship(box({1: 2}, containerIdentifier="C1", trackingNumber="T2")), "trackingNumber"),
        (ship(status="FLOOR_DENIAL"), "denied"),
    ],
)
def test_what_disagrees_contradicts_and_says_how(other, reason):
    revised = revise(A, other)
    if not reason:
        assert revised.verdict is Revision.MORE
        return
    assert (revised.verdict, revised.tree) == (Revision.CONTRADICTION, A)
    assert reason in revised.reason


def test_the_same_line_in_another_carton_is_more():
    revised = revise(ship(box({1: 1}, containerIdentifier="C1")), ship(box({1: 1}, containerIdentifier="C2")))
    assert revised.verdict is Revision.MORE
    assert lacking(revised.tree, order(line("00001", 2))) == []


def test_sums_per_file_are_no_contradiction_when_cartons_tell_them():
    first = ship(
        box({1: 1}, containerIdentifier="C1"), items=[{"itemSequenceNumber": 1, "shippedQuantity": {"amount": 1}}]
    )
    second = ship(
        box({1: 2}, containerIdentifier="C2"), items=[{"itemSequenceNumber": 1, "shippedQuantity": {"amount": 2}}]
    )
    known = order(line("00001", 3))
    tree = gather(first, second)
    document = completed(KIND, tree, known)
    assert errors(document.findings) == []
    assert document.tree["items"][0]["shippedQuantity"]["amount"] == 3


def test_items_without_cartons_gather_too():
    first = ship(items=[{"itemSequenceNumber": 1, "shippedQuantity": {"amount": 2}}])
    second = ship(items=[{"itemSequenceNumber": n, "shippedQuantity": {"amount": 1}} for n in (2, 3)])
    assert lacking(first, THREE) == ["2", "3"]
    assert lacking(gather(first, second), THREE) == []
    other = ship(items=[{"itemSequenceNumber": 1, "shippedQuantity": {"amount": 1}}])
    assert revise(first, other).verdict is Revision.CONTRADICTION


def test_all_lines_among_items_still_wait_for_the_cartons_that_are_to_come():
    items = [{"itemSequenceNumber": n, "shippedQuantity": {"amount": a}} for n, a in ((1, 2), (2, 1), (3, 1))]
    first = ship(box({1: 2}, containerIdentifier="C1"), items=items)
    assert lacking(first, THREE) == ["2", "3"]
    assert errors(completed(KIND, first, THREE).findings) == []


def test_cartons_without_names_are_told_apart_by_what_they_hold():
    two = ship(box({1: 1}), box({2: 1}))
    assert revise(two, two).verdict is Revision.SAME
    assert lacking(two, order(line("00001"), line("00002"))) == []


def test_a_file_that_comes_again_after_it_was_completed_is_still_the_same():
    nameless = ship(box({1: 2, 2: 1, 3: 1}))
    done = completed(KIND, nameless, THREE).tree
    assert revise(done, nameless).verdict is Revision.SAME


def test_a_carton_of_unsaid_content_leaves_nothing_lacking():
    assert lacking(ship(box(trackingNumber="T1")), THREE) == []
    assert lacking(ship(), THREE) == []


def test_a_partial_file_is_no_fault_it_waits():
    document = completed(KIND, A, THREE)
    assert errors(document.findings) == []
    assert lacking(document.tree, THREE) == ["2", "3"]


# --- laws ----------------------------------------------------------------------------------------------------------


def effect(tree, known):
    """What Amazon would be told, whatever the order of things within."""
    document = completed(KIND, tree, known)
    assert errors(document.findings) == []
    containers = {
        one["containerIdentifier"]: {
            row["itemSequenceNumber"]: row["packedQuantity"]["amount"] for row in one["packedItems"]
        }
        for one in document.tree["containers"]
    }
    return document.tree["items"], containers


def test_in_whatever_order_files_come_the_end_is_the_same():
    ends = [effect(gather(*files), THREE) for files in permutations([A, B, C])]
    assert all(end == ends[0] for end in ends)


@given(st.data())
def test_rows_in_any_files_in_any_order_any_number_of_times_make_the_same_confirmation(data):
    known = data.draw(orders())
    boxes = [
        {**one, "containerIdentifier": f"C{n}", "weight": {"value": "1", "unitOfMeasure": "LB"}}
        for n, one in enumerate(data.draw(packings(known)))
    ]
    rows = [{**one, "packedItems": [row]} for one in boxes for row in one["packedItems"]]
    again = data.draw(st.lists(st.sampled_from(rows), max_size=5))
    files = [ship(row) for row in data.draw(st.permutations([*rows, *again]))]
    whole = gather(*files)
    assert lacking(whole, known) == []
    assert effect(whole, known) == effect(ship(*boxes), known)
    assert all(revise(whole, file).verdict is Revision.SAME for file in files)


@given(st.data())
def test_a_whole_file_is_the_same_again_however_sparse_it_is(data):
    known = data.draw(orders())
    said = ship(*data.draw(packings(known)))
    assert revise(said, said) == revise(said, said)
    assert revise(said, said).verdict is Revision.SAME
    assert revise(said, said).tree is said
    assert lacking(said, known) == []


@given(st.data())
def test_what_lacks_is_what_was_left_out(data):
    known = data.draw(orders())
    boxes = data.draw(packings(known))
    rows = [{**one, "packedItems": [row]} for one in boxes for row in one["packedItems"]]
    left_out = data.draw(st.integers(0, len(rows) - 1))
    kept = [row for n, row in enumerate(rows) if n != left_out]
    missing = str(int(rows[left_out]["packedItems"][0]["itemSequenceNumber"]))
    assert lacking(ship(*kept), known) == ([missing] if kept else [])


def test_the_kind_offers_it():
    assert kinds()[KIND].revise is revise
    assert kinds()[KIND].lacking is lacking
