"""A list without `each` or `group`, an object with one: told at load, since no document of it could go on."""

import pytest

from tests.mapping.lints.test_advice import told

READS = """reads: shipment_confirmation
format: csv
fields: {ORDER: {}, CARTON: {}}
documents:
  each: row
  about: {order: ORDER}
  shipmentDetails: {DETAILSshippedDate: now}
  containers: {CONTAINERScontainerIdentifier: CARTON}
"""


@pytest.mark.parametrize(
    "details, containers, wrong",
    [
        ("", "", [("mapping-list", 8)]),
        ("", "each: row, ", []),
        ("", "group: CARTON, ", []),
        ("each: row, ", "each: row, ", [("mapping-list", 7)]),
        ("group: ORDER, ", "", [("mapping-list", 7), ("mapping-list", 8)]),
    ],
)
def test_what_amazon_has_as_a_list_is_made_by_each_or_group(details, containers, wrong):
    assert told(READS.replace("DETAILS", details).replace("CONTAINERS", containers)) == wrong
