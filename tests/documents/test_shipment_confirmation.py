"""Confirmations: what the warehouse says, completed from the order, by declared fall-backs or not at all."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.documents.given import NOW, box, codes, completed, line, order, ship
from translator.core.finding import errors
from translator.documents.kind import kinds
from translator.documents.packing import dealt
from translator.documents.shipment_confirmation import check, evidence, lacking

KIND = "shipment_confirmation"
TWO = order(line("00001", 2), line("00002", 1, sku="SKU-2", asin="B2"))
SCALES = {"weight": {"value": "2.5", "unitOfMeasure": "LB"}}


def test_identifiers_parties_sums_and_method_come_from_the_order():
    said = ship(
        box({"1": 1}, containerIdentifier="C1", **SCALES), box({1: 1, "02": 1}, containerIdentifier="C2", **SCALES)
    )
    document = completed(KIND, said, TWO)
    assert document.findings == ()
    assert check(document.tree) == []
    assert document.tree["sellingParty"] == {"partyId": "ACMEG"}
    assert document.tree["shipFromParty"] == {"partyId": "EWR1"}
    assert document.tree["items"] == [
        {
            "itemSequenceNumber": 1,
            "buyerProductIdentifier": "B000000001",
            "vendorProductIdentifier": "SKU-1",
            "shippedQuantity": {"amount": 2, "unitOfMeasure": "Each"},
        },
        {
            "itemSequenceNumber": 2,
            "buyerProductIdentifier": "B2",
            "vendorProductIdentifier": "SKU-2",
            "shippedQuantity": {"amount": 1, "unitOfMeasure": "Each"},
        },
    ]
    first, second = document.tree["containers"]
    assert first["containerType"] == "Carton"
    assert first["shipMethod"] == "UPS_GR_RES"
    assert [one["itemSequenceNumber"] for one in second["packedItems"]] == [1, 2]
    assert [one["vendorProductIdentifier"] for one in second["packedItems"]] == ["SKU-1", "SKU-2"]


def test_a_row_per_order_is_enough_and_each_assumption_is_told():
    document = completed(KIND, ship(), TWO)
    assert codes(document.findings, "info") == ["content-assumed", "carton-id-assumed", "weight-assumed"]
    (carton,) = document.tree["containers"]
    assert carton["containerIdentifier"] == "D3rC3KTxG-1"
    assert carton["weight"] == {"value": "1", "unitOfMeasure": "LB"}
    assert [one["packedQuantity"]["amount"] for one in carton["packedItems"]] == [2, 1]


def test_the_tracking_number_names_a_carton_without_a_name():
    document = completed(KIND, ship(box({1: 2, 2: 1}, trackingNumber="1Z9", **SCALES)), TWO)
    assert document.tree["containers"][0]["containerIdentifier"] == "1Z9"
    assert codes(document.findings) == ["carton-id-assumed"]


def test_a_site_may_assume_another_weight():
    document = completed(KIND, ship(), TWO, settings={"assume_weight": "0.4 KG"})
    assert document.tree["containers"][0]["weight"] == {"value": "0.4", "unitOfMeasure": "KG"}
    broken = completed(KIND, ship(), TWO, settings={"assume_weight": "heavy"})
    assert errors(check(broken.tree))


@pytest.mark.parametrize("weight", [{"value": "0.00", "unitOfMeasure": "LB"}, {"unitOfMeasure": "KG"}, {"value": 0}])
def test_a_weight_of_nought_is_no_weight(weight):
    document = completed(KIND, ship(box({1: 2, 2: 1}, containerIdentifier="C1", weight=weight)), TWO)
    assert document.tree["containers"][0]["weight"] == {"value": "1", "unitOfMeasure": "LB"}
    assert codes(document.findings) == ["weight-assumed"]


def test_a_weight_below_nought_is_refused():
    document = completed(KIND, ship(box({1: 2, 2: 1}, weight={"value": "-1", "unitOfMeasure": "LB"})), TWO)
    assert codes(errors(check(document.tree))) == ["weight-negative"]


def test_items_without_cartons_go_into_one():
    items = [{"itemSequenceNumber": n, "shippedQuantity": {"amount": amount}} for n, amount in ((1, 2), (2, 1))]
    document = completed(KIND, ship(items=items), TWO)
    assert errors(document.findings) == []
    assert len(document.tree["containers"]) == 1
    assert len(document.tree["items"]) == 2


def test_cartons_of_unsaid_content_share_what_is_left_and_none_stays_empty():
    said = ship(box({1: 1}, containerIdentifier="A"), box(containerIdentifier="B"), box(containerIdentifier="C"))
    document = completed(KIND, said, TWO)
    packed = [one["packedItems"] for one in document.tree["containers"]]
    assert [[(row["itemSequenceNumber"], row["packedQuantity"]["amount"]) for row in rows] for rows in packed] == [
        [(1, 1)],
        [(1, 1)],
        [(2, 1)],
    ]
    assert codes(document.findings, "info").count("content-assumed") == 2


def test_more_cartons_than_units_cannot_be_guessed():
    said = ship(*(box(containerIdentifier=name) for name in "ABCD"))
    assert "content-unknown" in codes(errors(completed(KIND, said, TWO).findings))


@given(st.dictionaries(st.sampled_from("123"), st.integers(1, 5), min_size=1), st.integers(1, 6))
def test_dealing_loses_nothing_and_leaves_no_box_empty(units, boxes):
    hands = dealt(units, boxes)
    if sum(units.values()) < boxes:
        assert hands is None
        return
    assert len(hands) == boxes
    assert all(hand and min(hand.values()) > 0 for hand in hands)
    assert {line: sum(hand.get(line, 0) for hand in hands) for line in units} == units


# --- what is refused -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "carton, code, path",
    [
        (box({1: 3, 2: 1}), "over-shipped", "/containers"),
        (box({1: 2, 2: 1, 7: 1}), "line-unknown", "/containers/0/packedItems/2/itemSequenceNumber"),
        (box({1: 0, 2: 1}), "quantity", "/containers/0/packedItems/0/packedQuantity/amount"),
        (box({1: -5, 2: 1}), "quantity", "/containers/0/packedItems/0/packedQuantity/amount"),
        (box({1: "1.5", 2: 1}), "field-type", "/containers/0/packedItems/0/packedQuantity/amount"),
        (box({1: "1_0", 2: 1}), "field-type", "/containers/0/packedItems/0/packedQuantity/amount"),
        (box({"1": 2, "A": 1}), "field-type", "/containers/0/packedItems/1/itemSequenceNumber"),
        ({"packedItems": [{"itemSequenceNumber": 1}]}, "quantity", "/containers/0/packedItems/0/packedQuantity/amount"),
        (box({1: 2}, trakingNumber="1Z"), "field-unknown", "/containers/0"),
        (box({1: 2}, containerType="Bag"), "field-value", "/containers/0/containerType"),
    ],
)
def test_a_bad_line_is_told_with_its_place(carton, code, path):
    found = errors(completed(KIND, ship(carton), TWO).findings)
    assert (code, path) in [(one.code, one.data.path) for one in found]


def test_a_misspelt_name_gets_a_suggestion():
    (finding,) = errors(completed(KIND, ship(box({1: 2}, trakingNumber="1Z")), TWO).findings)
    assert finding.hint == "did you mean 'trackingNumber'?"


def test_what_the_picture_did_not_say_is_asked_for_by_its_key():
    rows = [{"packedQuantity": {"amount": 2}}]
    (lineless,) = errors(completed(KIND, ship({"packedItems": rows}), TWO).findings)
    assert lineless.hint == "say it in the picture: about: {item: …}"
    (orderless,) = errors(completed(KIND, {}, None).findings)
    assert orderless.hint == "say it in the picture: about: {order: …}"
    said = ship(box({1: 2})) | {"shipmentDetails": {"shippedDate": "2026-12-01", "shipmentStatus": "SHIPPED"}}
    (timeless,) = errors(completed(KIND, said, TWO).findings)
    assert timeless.hint == 'a day needs its time beside its pattern: `time: "17:00"`'


def test_another_product_in_its_place_is_told():
    rows = [{"itemSequenceNumber": 1, "vendorProductIdentifier": "SKU-9", "packedQuantity": {"amount": 2}}]
    assert codes(errors(completed(KIND, ship({"packedItems": rows}), TWO).findings)) == ["substituted"]


def test_a_line_may_be_found_by_its_product_if_only_one_has_it():
    rows = [{"vendorProductIdentifier": "SKU-2", "packedQuantity": {"amount": 1}}]
    document = completed(KIND, ship({"packedItems": rows}), TWO)
    assert [item["itemSequenceNumber"] for item in document.tree["items"]] == [2]
    twins = order(line("00001"), line("00002"))
    rows = [{"vendorProductIdentifier": "SKU-1", "packedQuantity": {"amount": 1}}]
    assert (
        codes(errors(completed(KIND, ship({"packedItems": rows}), twins).findings))
        == ["line-ambiguous", "line-unknown"][:1]
    )


def test_more_in_cartons_than_among_items_is_told():
    items = [{"itemSequenceNumber": 1, "shippedQuantity": {"amount": 1}}]
    assert codes(errors(completed(KIND, ship(box({1: 2}), items=items), TWO).findings)) == ["items-differ"]


def test_a_carton_with_two_weights_contradicts_itself():
    one = box({1: 2}, containerIdentifier="C", weight={"value": "1", "unitOfMeasure": "LB"})
    two = box({2: 1}, containerIdentifier="C", weight={"value": "2", "unitOfMeasure": "LB"})
    assert codes(errors(completed(KIND, ship(one, two), TWO).findings)) == ["container-differs"]


def test_two_lots_of_a_line_in_one_carton_add_up():
    document = completed(
        KIND, ship(box({1: 1}, containerIdentifier="C"), box({"01": 1, 2: 1}, containerIdentifier="C")), TWO
    )
    assert errors(document.findings) == []
    (carton,) = document.tree["containers"]
    assert [row["packedQuantity"]["amount"] for row in carton["packedItems"]] == [2, 1]


def test_one_item_in_two_pieces_is_one_item():
    sofa = order(line("00001", 1))
    rows = [[{"itemSequenceNumber": 1, "pieceNumber": n, "packedQuantity": {"amount": 1}}] for n in (1, 2)]
    document = completed(
        KIND, ship(*({"containerIdentifier": f"C{n}", "packedItems": r} for n, r in enumerate(rows))), sofa
    )
    assert errors([*document.findings, *check(document.tree)]) == []
    assert document.tree["items"][0]["shippedQuantity"]["amount"] == 1
    assert lacking(document.tree, sofa) == []


# --- when it shipped -----------------------------------------------------------------------------------------------


def test_a_clock_a_little_fast_is_clamped_and_told():
    document = completed(KIND, ship(at="2026-12-01T10:05:00-05:00"), TWO)
    assert document.tree["shipmentDetails"]["shippedDate"] == "2026-12-01T15:00:00Z"
    assert "shipped-date-clamped" in codes(document.findings, "info")


def test_a_day_in_the_future_is_refused():
    document = completed(KIND, ship(at="2026-12-01T15:05:01Z"), TWO)
    assert codes(errors(document.findings)) == ["shipped-date-future"]


@pytest.mark.parametrize(
    "day", ["20261201T120000Z", "2026-12-01 12:00:00Z", "2026-12-01T12:00:00", "2026-02-30T00:00:00Z"]
)
def test_a_date_that_amazon_would_not_read_is_told(day):
    assert codes(errors(completed(KIND, ship(at=day), TWO).findings)) == ["field-type"]


def test_a_missing_date_is_told_and_a_missing_status_means_shipped():
    document = completed(KIND, {"containers": [box({1: 2, 2: 1})]}, TWO)
    assert document.tree["shipmentDetails"]["shipmentStatus"] == "SHIPPED"
    assert [one.data.path for one in check(document.tree)] == ["/shipmentDetails/shippedDate"]


# --- denial, cancellation, evidence --------------------------------------------------------------------------------


def test_a_denial_is_for_the_whole_order():
    document = completed(KIND, ship(status="FLOOR_DENIAL"), TWO)
    assert document.findings == ()
    assert [item["shippedQuantity"]["amount"] for item in document.tree["items"]] == [2, 1]
    assert lacking(document.tree, TWO) == []
    assert evidence(document.tree) == "CANCELLED"
    assert evidence(ship(status="floor_denial")) == "CANCELLED"  # as a file says it


def test_a_denied_order_has_nothing_packed():
    assert codes(completed(KIND, ship(box({1: 1}), status="FLOOR_DENIAL"), TWO).findings) == ["denied-but-packed"]


# --- own carriers --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "settings, names, code",
    [
        ({}, {}, "carrier-missing"),
        ({"assume_scac": "FDEG"}, {"scacCode": "FDEG"}, "carrier-assumed"),
        ({"assume_carrier": "DHL"}, {"carrier": "DHL"}, "carrier-assumed"),
    ],
)
def test_a_vendor_with_carriers_of_his_own_names_the_carrier_or_assumes_it_or_is_told(settings, names, code):
    said = ship(box({1: 2, 2: 1}, containerIdentifier="A", **SCALES))
    document = completed(KIND, said, TWO, own_carrier=True, settings=settings)
    assert codes(document.findings) == [code]
    assert errors([*document.findings, *check(document.tree)]) == []
    (container,) = document.tree["containers"]
    assert {name: container[name] for name in ("scacCode", "carrier") if name in container} == names


@pytest.mark.parametrize("name", ["scacCode", "carrier"])
def test_the_carrier_that_the_warehouse_names_counts(name):
    said = ship(box({1: 2, 2: 1}, containerIdentifier="A", **{name: "UPSN"}, **SCALES))
    document = completed(KIND, said, TWO, own_carrier=True, settings={"assume_scac": "FDEG"})
    assert document.findings == ()
    assert document.tree["containers"][0][name] == "UPSN"


def test_where_amazon_has_the_carriers_none_is_assumed():
    document = completed(
        KIND, ship(box({1: 2, 2: 1}, containerIdentifier="A", **SCALES)), TWO, settings={"assume_scac": "X"}
    )
    assert document.findings == ()
    assert "scacCode" not in document.tree["containers"][0]


def test_a_cancelled_order_is_flagged_not_refused():
    cancelled = order(status="CANCELLED")
    assert codes(completed(KIND, ship(), cancelled).findings, "warning") == ["order-cancelled"]


def test_the_operation_is_amazons_and_it_waits_for_order_acknowledgement_and_where_amazon_makes_it_the_label():
    kind = kinds()[KIND]
    assert kind.operation.path == "/vendor/directFulfillment/shipping/2021-12-28/shipmentConfirmations"
    assert (
        kind.operation.evidence({"shipmentDetails": {"shipmentStatus": "SHIPPED"}})
        == kind.operation.read_back
        == "SHIPPED"
    )
    assert [(need.kind, need.fact, need.then, need.where) for need in kind.needs] == [
        ("order", "known", "reject", ""),
        ("acknowledgement", "accepted", "person", ""),
        ("shipping_label", "known", "person", "label"),
    ]
    assert NOW.tzinfo


@pytest.mark.parametrize("status", ["SHIPPED", "FLOOR_DENIAL", "floor_denial", None])
def test_a_denial_needs_no_label(status):
    (label,) = [need for need in kinds()[KIND].needs if need.kind == "shipping_label"]
    said = {"shipmentDetails": {"shipmentStatus": status}} if status else {}
    assert label.unless(said) == (status in ("FLOOR_DENIAL", "floor_denial"))
