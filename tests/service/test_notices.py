"""What a person hears of before it stops the service."""

from datetime import UTC, date, datetime, timedelta

import pytest

from tests.cli.command import edit, site_at
from translator.config.read import read_site
from translator.service import places
from translator.service.notices import Daily, Notice, notices
from translator.service.ports import SystemClock
from translator.simulator.amazon import Amazon, AmazonSettings

NOW = datetime.now(UTC)


def rotated(site, days):
    edit(site, "    region: na ", f"    rotated: {NOW - timedelta(days=days):%Y-%m-%d}\n    region: na ")


@pytest.mark.parametrize("days, left", [(149, []), (150, [30]), (179, [1]), (181, [-1])])
def test_a_secret_that_ends_is_told_from_thirty_days_on(site, days, left):
    rotated(site, days)
    assert [notice.number for notice in notices(read_site(site), {}, NOW)] == left


def test_the_service_says_so_once_a_day(site, start):
    rotated(site, 170)
    service = start(site)
    service.until_logged("client secret ends")
    assert service.stop() == 0
    told = [line for line in service.lines() if line["event"] == "client secret ends"]
    (line,) = told
    later = date.fromisoformat(line["timestamp"][:10]) - NOW.date()  # midnight may have been meanwhile
    assert (line["account"], line["count"], line["level"]) == ("us", 10 - later.days, "warning")


def test_each_day_a_notice_is_told_anew():
    daily, notice = Daily(), Notice("client secret ends", "us", 3)
    days = [NOW.date() + timedelta(days=more) for more in (0, 0, 1, 1, 2)]
    assert [daily.fresh(notice, day) for day in days] == [True, False, True, False, True]


@pytest.mark.parametrize("ahead, told", [(0, []), (30, []), (300, [300]), (-7200, [-7200])])
def test_a_clock_that_is_wrong_is_told_by_how_much(tmp_path, ahead, told):
    with Amazon(AmazonSettings("ACMEG"), clock=lambda: datetime.now(UTC) - timedelta(seconds=ahead)) as amazon:
        site = read_site(site_at(amazon, tmp_path / "site"))
        endpoints = places.endpoints_of(site, SystemClock())
        endpoints["us/orders"].list("")
        found = [notice.number for notice in notices(site, endpoints, NOW) if notice.name == "clock is wrong"]
        places.close(endpoints.values())
    assert [round(number, -1) for number in found] == told
