"""What was current outside an `each` stays visible behind its entry, where that stands elsewhere in the file."""

from __future__ import annotations

import pytest

from tests.mapping.made import frozen
from translator.translation import load, read

MAPPING = """\
reads: shipment_confirmation
format: csv
records:
  H: {times: 0.., fields: {code: {is: H}, ORDER: {}, NOTE: {}}}
  L: {times: 0.., fields: {code: {is: L}, OF: {}, CARTON: {}, NOTE: {}}}
documents:
  each: H
  about: {order: ORDER}
  containers: {each: L if {condition}, containerIdentifier: CARTON, trackingNumber: {maybe: NOTE}, manifestId: {maybe: H.NOTE}}
"""
FILE = b"H,A,x\nH,B,y\nL,A,C1,\nL,B,C2,n\nL,A,C3,m\n"


def boxes(condition):
    made = load("w/ship.yaml", MAPPING.replace("{condition}", condition).encode(), lambda _: None)
    orders = {name: {"purchaseOrderNumber": name, "orderDetails": {"items": []}} for name in "AB"}
    return {one.about: one.tree["containers"] for one in read(made, [FILE], "f", frozen(orders=orders))}


@pytest.mark.parametrize("condition", ["OF == ORDER", "OF == H.ORDER"])
def test_an_inner_entry_is_chosen_by_what_is_current_outside(condition):
    found = boxes(condition)
    assert [box["containerIdentifier"] for box in found["A"]] == ["C1", "C3"]
    assert [box["containerIdentifier"] for box in found["B"]] == ["C2"]


def test_its_own_names_come_first_and_those_outside_are_reached_by_their_record():
    (c2,) = boxes("OF == ORDER")["B"]
    assert (c2["trackingNumber"], c2["manifestId"]) == ("n", "y")


def test_what_its_own_record_leaves_blank_is_not_asked_outside():
    c1, _ = boxes("OF == ORDER")["A"]
    assert "trackingNumber" not in c1


NESTED = """\
reads: shipment_confirmation
format: json
records:
  H:
    at: shipments
    times: 0..
    fields: {ORDER: {}, NOTE: {}, ID: {}, L: {at: cartons, times: 0.., fields: {ID: {}, NOTE: {}}}}
documents:
  each: H
  about: {order: ORDER}
  containers: {each: H.L, containerIdentifier: {maybe: ID}, trackingNumber: {maybe: NOTE}, manifestId: {maybe: H.NOTE}}
"""


def test_what_its_own_record_leaves_blank_is_not_asked_of_the_one_around_it():
    made = load("w/ship.yaml", NESTED.encode(), lambda _: None)
    file = b'{"shipments": [{"ORDER": "A", "NOTE": "x", "ID": "S1", "cartons": [{"ID": "C1"}, {"NOTE": "n"}]}]}'
    orders = {"A": {"purchaseOrderNumber": "A", "orderDetails": {"items": []}}}
    (found,) = read(made, [file], "f", frozen(orders=orders))
    assert found.tree["containers"] == [
        {"containerIdentifier": "C1", "manifestId": "x"}, {"trackingNumber": "n", "manifestId": "x"},
    ]  # fmt: skip
