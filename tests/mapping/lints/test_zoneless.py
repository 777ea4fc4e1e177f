"""A moment of Amazon's that is written as a local time, and nothing says of which place."""

import pytest

from tests.mapping.lints.test_advice import CSV, told


@pytest.mark.parametrize(
    "field, warned",
    [
        ('{from: d.orderDate, date: "%m/%d/%Y"}', True),
        ("{from: d.orderDate, date: dtm}", True),
        ('{from: d.orderDate, date: "%m/%d/%Y", zone: warehouse}', False),
        ('{from: d.orderDate, date: "%m/%d/%Y", zone: UTC}', False),
        ("{from: d.orderDate, date: iso}", False),
        ('{from: d.orderDate, date: "%Y%m%d%H%M%z"}', False),
    ],
)
def test_a_moment_without_a_zone_is_warned_of(field, warned):
    assert told(f"{CSV}  X: {field}\n") == ([("date-zoneless", 7)] if warned else [])
