"""A site says when all sides are compared, and with which lists: what is no hour, no zone or no system is told."""

from datetime import time
from pathlib import Path

import pytest

from tests.config.test_agreement import site, system, told
from translator.config.site import Comparing


def test_nothing_is_compared_by_itself_unless_the_site_says_when():
    assert site(system()).compare is None


def test_the_hour_alone_is_enough():
    assert site(system(), 'compare: {at: "02:30"}').compare == Comparing(time(2, 30))


def test_lists_and_the_table_lie_inside_the_site_or_where_they_are_said_to():
    made = site(system(), 'compare: {at: "02:30", zone: Europe/Berlin, csv: out.csv, open: {newark: /srv/open.csv}}')
    open_ = {"newark": Path("/srv/open.csv")}
    assert made.compare == Comparing(time(2, 30), "Europe/Berlin", Path("/srv/site/out.csv"), open_)


@pytest.mark.parametrize(
    "text, code",
    [
        ('{zone: UTC, csv: "out.csv"}', "yaml-missing"),
        ('{at: "24:30"}', "site-hour"),
        ('{at: "02:30", zone: Mars}', "site-zone"),
        ('{at: "02:30", stock: {reno: stock.csv}}', "site-name"),
        ('{at: "02:30", every: 1d}', "yaml-unknown-key"),
    ],
    ids=["no hour", "another hour", "another zone", "another system", "another word"],
)
def test_what_cannot_be_is_told(text, code):
    assert [one[0] for one in told(system(), f"compare: {text}")] == [code]
