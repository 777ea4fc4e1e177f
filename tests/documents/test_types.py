"""Types of the target: what a mapping gives becomes what Amazon wants, or a finding; nothing in between."""

import re
from datetime import UTC, datetime
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.documents.amazon import DECIMAL
from translator.documents import values
from translator.documents.types import coerce, verify


@pytest.mark.parametrize("given, wanted", [("7", 7), ("007", 7), ("-5", -5), (7, 7), (Decimal("7.000"), 7), (0, 0)])
def test_whole_numbers(given, wanted):
    assert values.integer(given) == wanted
    assert type(values.integer(given)) is int


@pytest.mark.parametrize(
    "given",
    [
        "",
        "1.5",
        "1e3",
        "1_000",
        "٣",
        " 7",
        "7\n",
        "+5",
        "5-",
        "0x10",
        "1" * 10,
        True,
        None,
        [],
        Decimal("1.5"),
        10**9,
        Decimal("NaN"),
        Decimal("Infinity"),
        Decimal("1e50000000"),
        Decimal("sNaN"),
        1.0,
    ],
)
def test_what_is_no_whole_number(given):
    with pytest.raises(ValueError, match="whole number"):
        values.integer(given)


@pytest.mark.parametrize(
    "given, wanted",
    [
        ("2.50", "2.50"),
        ("+2.5", "2.5"),
        ("007", "7"),
        (".5", "0.5"),
        ("-0", "0"),
        ("-0.00", "0.00"),
        ("1e3", "1000"),
        (7, "7"),
        (Decimal("2.50"), "2.50"),
        (Decimal("1E+2"), "100"),
        ("00.10", "0.10"),
    ],
)
def test_decimals(given, wanted):
    assert values.decimal(given) == wanted


@pytest.mark.parametrize(
    "given", ["", "1,5", "1e99", "1e-99", "NaN", "1 000", "٣", True, 10**40, Decimal("1e50000000"), 1.5, "1."]
)
def test_what_is_no_decimal(given):
    with pytest.raises(ValueError, match="number"):
        values.decimal(given)


@given(st.one_of(st.decimals(), st.integers(), st.from_regex(r"[+-]?[0-9.eE]{1,12}", fullmatch=True)))
def test_every_decimal_is_one_that_amazon_reads_and_has_the_same_value(given):
    try:
        made = values.decimal(given)
    except ValueError:
        return
    assert re.fullmatch(DECIMAL, made)
    assert Decimal(made) == Decimal(given)
    assert len(made) < 30
    assert values.decimal(made) == made


@pytest.mark.parametrize("given, wanted", [("true", True), ("False", False), (True, True)])
def test_truth(given, wanted):
    assert values.boolean(given) is wanted


@pytest.mark.parametrize("given", ["1", 1, 0, "yes", "", None])
def test_what_is_no_truth(given):
    with pytest.raises(ValueError, match="true or false"):
        values.boolean(given)


@pytest.mark.parametrize(
    "given, wanted",
    [
        ("2026-12-01T09:30:00-05:00", "2026-12-01T14:30:00Z"),
        ("2026-12-01T14:30:00.500Z", "2026-12-01T14:30:00.5Z"),
        ("2026-12-31T23:59:60Z", "2026-12-31T23:59:59Z"),
        (datetime(2026, 12, 1, 14, 30, tzinfo=UTC), "2026-12-01T14:30:00Z"),
    ],
)
def test_moments(given, wanted):
    assert values.moment_text(given) == wanted


@pytest.mark.parametrize(
    "given",
    [
        "2026-12-01T14:30:00",
        "2026-12-01",
        "20261201T143000Z",
        "2026-12-01 14:30:00Z",
        "2026-02-30T00:00:00Z",
        "2026-12-01T24:00:00Z",
        "0001-01-01T00:00:00+05:00",
        "9999-12-31T23:00:00-05:00",
        "2026-W01-1T00:00:00Z",
        "٢٠٢٦-12-01T00:00:00Z",
        "2026-12-01T14:30:61Z",
        datetime(2026, 12, 1),
        None,
        5,
    ],
)
def test_what_is_no_moment(given):
    with pytest.raises(ValueError, match=r".+"):
        values.moment_text(given)


@given(st.datetimes(datetime(2015, 1, 2), datetime(2100, 12, 30), timezones=st.timezones()))
def test_a_moment_stays_the_same_moment(at):
    made = values.moment_text(at)
    assert datetime.fromisoformat(made).timestamp() == at.timestamp()
    assert values.moment_text(made) == made


def test_a_tree_is_turned_as_a_whole_with_pointers():
    tree, found = coerce(
        "shipment_confirmation",
        {
            "shipmentDetails": {"shipmentStatus": "shipped", "isPriorityShipment": "true"},
            "containers": [
                {},
                {"containerIdentifier": 7, "weight": {"value": Decimal("2.50")}, "carrier": "  "},
                {"x/y": 1},
            ],
        },
    )
    assert tree["shipmentDetails"] == {"shipmentStatus": "SHIPPED", "isPriorityShipment": True}
    assert tree["containers"] == [{"containerIdentifier": "7", "weight": {"value": "2.50"}}, {"x/y": 1}]
    assert [(one.code, one.data.path) for one in found] == [("field-unknown", "/containers/2")]


def test_a_wrong_shape_is_told():
    _, found = coerce("shipment_confirmation", {"containers": {"containerIdentifier": "C"}, "shipmentDetails": [1]})
    assert [(one.code, one.data.path) for one in found] == [
        ("field-type", "/containers"),
        ("field-type", "/shipmentDetails"),
    ]


def test_unknown_names_live_in_orders_only():
    assert coerce("order", {"new": {"deep": 1}}) == ({"new": {"deep": 1}}, [])
    assert [one.code for one in coerce("acknowledgement", {"new": 1})[1]] == ["field-unknown"]


def test_what_is_missing_is_told_with_what_it_is():
    found = verify("inventory_update", {"warehouseId": "EWR1", "items": [{"availableQuantity": {"amount": 1}}]})
    assert [one.data.path for one in found] == [
        "/sellingParty",
        "/isFullUpdate",
        "/items/0/availableQuantity/unitOfMeasure",
    ]
    assert all(one.hint for one in found)
