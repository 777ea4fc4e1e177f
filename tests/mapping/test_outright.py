"""Files of segments, and of fixed width, written at once: as by way of their rows, whatever stands in an order."""

from __future__ import annotations

from copy import deepcopy
from dataclasses import replace
from datetime import UTC, datetime
from functools import cache
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.documents.given import line, order
from tests.examples import EXAMPLES
from tests.presets import ROOT, fetch, settings_of
from translator.core.document import Document
from translator.core.finding import Rejected
from translator.core.tree import leaves
from translator.mapping.context import Frozen
from translator.translation import Translation, load, write

FEW = EXAMPLES // 3 if EXAMPLES < 5_000 else EXAMPLES  # each mapping is a law of its own
NOW = datetime(2026, 12, 1, 18, 5, 9, tzinfo=UTC)
ZONES = {"EWR1": "America/New_York", "RNO4": "America/Los_Angeles"}
OWN = b"""\
writes: order
format: tradacoms
file: x.edi
substitute: {"&": "+", "\\u00e9": "e"}
let: {d: order.orderDetails}
envelope: {STX: {sender: "'5000000000000'", receiver: d.shipFromParty.partyId}, MHD: {kind: {text: ORDHDR}}}
records:
  TYP: {fields: {code: {at: 1, text: "0430"}}}
  CLO:
    fields:
      number: {at: 1, from: order.purchaseOrderNumber, max: 17}
      name: {at: 2.1, maybe: d.shipToParty.name, max: 40, redacted: NOBODY}
      street: {at: 2.2, maybe: d.shipToParty.addressLine1, max: 40, truncate: true}
      phone: {at: 4, fields: {kind: {text: T}, number: {maybe: d.shipToParty.phone, max: 20}}}
  OLD:
    each: item in d.items if item.orderedQuantity.amount
    times: 0..3
    must: {"a line has a number": line}
    fields:
      line: {at: 1, from: loop.index}
      sku: {at: 3.1, from: [item.vendorProductIdentifier, item.buyerProductIdentifier], max: 30}
      qty: {at: 5, from: item.orderedQuantity.amount, type: integer}
      last: {when: loop.last, text: L}
    records:
      DNC:
        when: item.title
        fields: {of: {at: 1, from: loop.index}, title: {at: 4.1, maybe: item.title, max: 40, truncate: true}}
  OTR: {fields: {lines: {type: integer, equals: count(OLD)}, units: {type: integer, equals: sum(OLD.qty)}}}
"""
BARE = b"""\
writes: order
format: x12
charset: ascii
interchange: false
newline: lf
file: x.edi
substitute: plain_letters
batch: {most: 3}
envelope: {ST: {set: {is: 850}, let: {d: order.orderDetails}}}
records:
  BEG: {fields: {number: order.purchaseOrderNumber, day: {from: d.orderDate, date: "%d.%m.%y", zone: warehouse}}}
  N1:
    fields:
      number: {at: 3, from: counter('n1')}
      name: {at: 1, maybe: d.shipToParty.name | upper, max: 20, truncate: true}
      code: {maybe: d.shipToParty.countryCode, len: 3, pad: " "}
  "N9*A": {fields: {number: counter('n9'), last: {maybe: d.shipToParty.postalCode, empty: "-"}}}
"""
NAMES = ["amazon-x12/850.yaml", "edifact/orders.yaml", "x12/940.yaml", "own/bare.yaml", "own/blocks.yaml", "own/fixed.yaml",
         "own/tradacoms.yaml"]  # fmt: skip
ODD = (
    *("", " ", "*", "~", "A>B", "'", "+", ":", "a:+b", "?", "^", "&", "\n", "x\r\ny", "\0", "é", "Łódź", "日", "xxxx", "XX", "x",
     "A" * 22, "A" * 35 + "*", "é" * 56, "w " * 60, "{v}", "%s", "\\", "007", "1" * 200),
)  # fmt: skip
FIXED = b"""\
writes: order
format: fixed
charset: cp1252
newline: crlf
short: trim
file: x.txt
substitute: {"\\u0141": "L", "&": "+"}
let: {d: order.orderDetails}
records:
  H:
    len: 120
    fields:
      code: {len: 1, is: H}
      number: {at: 4, len: 12, from: order.purchaseOrderNumber}
      name: {at: 40, len: 20, maybe: d.shipToParty.name, truncate: true, redacted: NOBODY}
      day: {at: 20, len: 8, from: d.orderDate, date: "%Y%m%d", zone: warehouse}
      city: {at: 60, len: 20, maybe: d.shipToParty.city}
      street: {len: 30, when: d.shipToParty.phone, maybe: d.shipToParty.addressLine1}
      page: {at: 110, len: 3, from: counter('n1'), type: integer, pad: 0}
  D:
    each: item in d.items
    fields:
      code: {len: 1, is: D}
      line: {len: 4, from: loop.index, type: integer, pad: 0}
      sku: {len: 30, from: [item.vendorProductIdentifier, item.buyerProductIdentifier]}
      qty: {at: 40, len: 5, from: item.orderedQuantity.amount, type: integer}
      title: {len: 25, maybe: item.title, truncate: true}
  T:
    fields:
      code: {len: 1, is: T}
      lines: {len: 4, type: integer, equals: count(D)}
      units: {len: 7, type: integer, equals: sum(D.qty)}
"""
BLOCKS = b"""\
writes: order
format: fixed
charset: utf-8
newline: none
width: chars
file: x.txt
records:
  H: {fields: {number: {len: 12, from: order.purchaseOrderNumber}, city: {len: 9, maybe: order.orderDetails.shipToParty.city}}}
  D:
    each: item in order.orderDetails.items
    when: item.title
    fields: {title: {len: 20, maybe: item.title, truncate: true}, last: {len: 1, text: "."}}
"""
VALUES = st.sampled_from(ODD) | st.sampled_from(
    [None, 0, 1, -3, "12.50", 10**17, True, False, [], {}, ["a"], {"a": "b"}]
)
CHANGES = st.lists(st.tuples(st.integers(0, 200), VALUES, st.booleans()), max_size=4)


@cache
def translation(name: str) -> Translation:
    own = {"own/bare.yaml": BARE, "own/blocks.yaml": BLOCKS, "own/fixed.yaml": FIXED, "own/tradacoms.yaml": OWN}
    return load(name, own.get(name) or (ROOT / "mappings" / name).read_bytes(), fetch)


@cache
def careful(name: str) -> Translation:
    made = translation(name)
    return replace(made, writer=replace(made.writer, outright=None))


def changed(tree: dict[str, Any], changes) -> dict[str, Any]:
    """Change some leaves of an order, or take them out: each by its number, or by its place."""
    found = deepcopy(tree)
    for at, value, gone in changes:
        paths = [path for path, _ in leaves(found)]
        place = f"/orderDetails{at}" if isinstance(at, str) else paths[at % len(paths)]
        *above, last = place.split("/")[1:]
        inner: Any = found
        for name in above:
            inner = inner[int(name) if isinstance(inner, list) else name]
        if isinstance(inner, list):
            inner[int(last)] = deepcopy(value)
        elif gone and last in inner:
            del inner[last]
        else:
            inner[last] = deepcopy(value)
    return found


def context(name: str) -> Frozen:
    known = (
        {"edi_id": "ACME", "wms_id": "RENO", "usage": "P"}
        if name.startswith("own/")
        else settings_of(name.partition("/")[0])
    )
    return Frozen(NOW, settings=known, zones=ZONES)


def written(made: Translation, trees) -> tuple[Any, ...]:
    world = context(made.file.name)
    try:
        found = write(made, [Document("order", tree) for tree in trees], world)
    except Rejected as rejected:
        return tuple(rejected.findings), world.numbers
    return found.files, found.findings, world.numbers


FULL = order(
    line("00001", 3, giftDetails={"giftMessage": "Happy birthday,\nAnn"}),
    line("2", 12, sku=None, title=None),
    number="PO1",
)
FULL["orderDetails"]["shipToParty"] |= {"addressLine2": "Rear", "phone": "555-0100", "name": "Zoe"}
FULL["orderDetails"]["shipmentDetails"] |= {"isGift": True, "shipmentDates": {
    "requiredShipDate": "2026-12-02T00:00:00Z", "promisedDeliveryDate": "2026-12-05T00:00:00Z"}}  # fmt: skip
SHORT = order(number="PO2")
MANY = order(*(line(str(number), 10 * number) for number in range(1, 5)), number="PO3")
MANY["orderDetails"]["shipToParty"]["name"] = "Ann"
WHERE = ("/shipToParty/name", "/shipToParty/city", "/shipToParty/addressLine1", "/shipToParty/addressLine2", "/items/0/title",
         "/items/0/vendorProductIdentifier", "/shipmentDetails/messageToCustomer", "/shipFromParty/partyId")  # fmt: skip
TAKEN = {"x12/940.yaml": ["x12-group"], "amazon-x12/850.yaml": ["x12-group"], "own/bare.yaml": ["n1", "n9"],
         "own/fixed.yaml": ["n1"],
         "own/tradacoms.yaml": ["tradacoms-transmission"]}  # fmt: skip


@pytest.mark.parametrize("name", NAMES)
@settings(max_examples=FEW, deadline=None)
@given(st.data())
def test_a_file_is_what_it_is_by_way_of_its_rows(name, data):
    several = translation(name).file.batch is not None
    base = data.draw(st.lists(st.sampled_from([FULL, SHORT, MANY]), min_size=1, max_size=3 if several else 1))
    trees = [changed(one, data.draw(CHANGES)) for one in base]
    assert written(translation(name), trees) == written(careful(name), trees)


@pytest.mark.parametrize("name", NAMES)
def test_whatever_odd_stands_in_one_field(name):
    for place in WHERE:
        for value in ODD:
            tree = changed(FULL, [(place, value, False)])
            assert written(translation(name), [tree]) == written(careful(name), [tree]), (place, value)
    for tree in (MANY, changed(FULL, [("/shipToParty/phone", None, True)])):
        assert written(translation(name), [tree]) == written(careful(name), [tree])


@pytest.mark.parametrize("name", NAMES)
def test_an_order_with_nothing_odd_is_written_without_a_row(name):
    made = translation(name)
    begun = made.begin({"batch": [FULL]} if made.file.batch else {"order": FULL}, context(name))
    data, taken = made.writer.at_once(begun, context(name))
    assert data == written(careful(name), [FULL])[0][0].data
    assert [one for one, _ in taken] == TAKEN.get(name, [])
    assert made.code.count("def lines(run, given):") == 1


def test_a_number_that_was_taken_for_a_file_written_with_care_is_not_taken_again():
    odd = changed(SHORT, [("/shipToParty/name", "\u0141ukasz", False)])  # written otherwise, which is told
    (file,), findings, numbers = written(translation("own/bare.yaml"), [odd, SHORT])
    assert [one.code for one in findings] == ["substituted"]
    assert numbers == {"n1": 3, "n9": 3}
    assert file.data.count(b"N1*LUKASZ*US *1~") == file.data.count(b"N9*A*2*07001~") == 1
