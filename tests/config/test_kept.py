"""A mapping that is loaded again is compiled again only where something it is made of has changed."""

from __future__ import annotations

import pytest

from translator.core.finding import Misconfigured
from translator.translation import load

TEXT = b"""\
writes: order
format: csv
file: "orders-{{ now }}.csv"
partner: {site: the warehouse's own number}
fields:
  SITE: partner.site
  NUMBER: order.purchaseOrderNumber
  METHOD: {from: order.orderDetails.shipmentDetails.shipMethod, lookup: methods}
"""
TABLE = "mappings/kept/tables/methods.csv"
FILES = {TABLE: b"amazon,wms\nUPS_GR,UG\n"}


def made(files=FILES, text=TEXT, **words):
    return load("kept/orders.yaml", text, files.get, **words)


def test_what_is_as_it_was_is_the_same_translation():
    assert made() is made(dict(FILES))


def test_another_text_another_table_and_both_as_they_were_before_are_each_in_force():
    hashes = [made(files).file.hash for files in (FILES, {TABLE: b"amazon,wms\nUPS_GR,UX\n"}, FILES)]
    assert hashes[0] == hashes[2] != hashes[1]
    assert made(text=TEXT.replace(b"NUMBER", b"ORDER_NO")).file.records[0].fields[1].name == "ORDER_NO"
    assert made().file.records[0].fields[1].name == "NUMBER"


def test_a_table_that_is_gone_is_told_and_one_that_is_back_is_taken():
    before = made().file.hash
    for _ in range(2):
        with pytest.raises(Misconfigured) as caught:
            made({})
        assert [finding.code for finding in caught.value.findings] == ["mapping-file-missing"]
    assert made().file.hash == before


def test_every_file_is_asked_for_each_time():
    asked = [[], []]
    for one in asked:
        load("kept/orders.yaml", TEXT, lambda path, one=one: one.append(path) or FILES.get(path))
    assert asked[0]
    assert asked[0] == asked[1]


def test_a_setting_that_a_partner_lacks_is_told_of_what_is_kept_as_well():
    made(settings={"site": "7"})
    with pytest.raises(Misconfigured) as caught:
        made(settings={})
    assert [finding.code for finding in caught.value.findings] == ["partner-setting"]
