"""sandbox orders: what Amazon's sandbox makes up is named, and a real account is never asked."""

import pytest

from tests.cli.command import edit, run, run_json, site_at
from translator.simulator.amazon import Amazon, AmazonSettings

ASK = ("sandbox", "orders", "--warehouse", "EWR1", "-C")


@pytest.fixture
def amazon():
    with Amazon(AmazonSettings("ACMEG", sandbox=True, transaction_seconds=0.5)) as pretended:
        yield pretended


@pytest.fixture
def site(tmp_path, amazon):
    return site_at(amazon, tmp_path / "site")


def in_sandbox(site):
    edit(site, "    region: na ", "    sandbox: true\n    region: na ")


def test_the_numbers_of_the_orders_are_printed(site, amazon):
    in_sandbox(site)
    found = run_json(*ASK, site, "--account", "us", "--count", "2")
    assert set(found["orders"]) == set(amazon.state()["orders"])
    assert {order["warehouse"] for order in amazon.state()["orders"].values()} == {"EWR1"}
    asked = [one["body"]["orders"] for one in amazon.state()["submissions"]]
    assert [one["sellingParty"]["partyId"] for one in asked[0]] == ["ACMEG", "ACMEG"]


def test_a_real_account_is_refused_before_anything_is_asked(site, amazon):
    assert "account-real" in run(*ASK, site, code=2).stderr
    assert amazon.state()["requests"] == []


def test_an_account_that_is_not_there_is_told_with_those_that_are(site):
    assert "known: us" in run(*ASK, site, "--account", "uk", code=2).stderr


def test_a_warehouse_that_the_site_does_not_list_is_told(site):
    in_sandbox(site)
    assert "warehouse-unknown" in run("sandbox", "orders", "-C", site, "--warehouse", "EWR2", code=2).stderr


def test_a_sandbox_that_is_slow_is_not_waited_for_longer_than_wanted(site, amazon):
    in_sandbox(site)
    amazon.fail("stuck", "generateOrderScenarios")
    assert "still at it" in run(*ASK, site, "--wait", "0.1", code=69).stderr


def test_a_sandbox_that_makes_no_orders_is_told(site, amazon):
    in_sandbox(site)
    amazon.fail("internal_failure", "generateOrderScenarios")
    assert "amazon-sandbox-failure" in run(*ASK, site, code=1).stderr
