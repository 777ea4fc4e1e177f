"""What follows from a site: each operation of each account is asked in a lane of its own, a sandbox's all in one."""

from pathlib import Path

import pytest

from tests.config.test_agreement import ACCOUNT, SITE, system
from tests.docs.test_sites import fetching
from translator.config.read import site_of
from translator.core.finding import Misconfigured
from translator.documents.kind import kinds
from translator.service.places import hosts_of, lanes_of

OPERATIONS = {
    "acknowledgement": "submitAcknowledgement",
    "shipment_confirmation": "submitShipmentConfirmations",
    "inventory_update": "submitInventoryUpdate",
}


def made(more=""):
    text = SITE.format(accounts=ACCOUNT.format(name="us") + more, systems=system(name="plain-csv"))
    return site_of(Path("/srv/site"), fetching(text), {})


def lanes(site):
    return {lane.name: (lane.rate, lane.burst) for lane in lanes_of(site)}


def test_every_kind_that_amazon_takes_has_a_route_to_it_by_its_operation():
    routes = {route.kind: route for route in made().routes if route.partner == "us"}
    assert set(routes) == {kind.name for kind in kinds().values() if kind.operation}
    for kind, operation in OPERATIONS.items():
        assert (routes[kind].name, routes[kind].lane) == (f"us/{kind}", f"us/{operation}")


def test_every_operation_has_amazons_limit():
    found = lanes(made())
    assert {found[f"us/{one}"] for one in (*OPERATIONS.values(), "getOrders", "getOrder")} == {(10.0, 10.0)}


def test_what_amazon_has_about_one_order_is_a_source_without_turns():
    sources = {source.endpoint: source for source in made().sources}
    assert (sources["us/orders"].every, sources["us/orders"].kind) == (120.0, "order")
    for kind in kinds().values():
        if kind.fetch:
            source = sources[f"us/{kind.name}"]
            assert (source.every, source.kind, source.lane) == (0.0, kind.name, f"us/{kind.fetch.one}")
        if kind.operation and kind.operation.brings:
            assert sources[f"us/{kind.operation.brings}"].every == 0.0


def test_all_operations_of_a_sandbox_share_one_limit_and_another_host():
    site = made("\n    sandbox: true")
    ours = {way.lane for way in (*site.sources, *site.routes) if way.partner == "us"}
    assert ours == {"us/sandbox"}
    assert lanes(site)["us/sandbox"] == (5.0, 15.0)
    assert hosts_of(site.accounts["us"]).api == "https://sandbox.sellingpartnerapi-na.amazon.com"
    assert hosts_of(made().accounts["us"]).api == "https://sellingpartnerapi-na.amazon.com"


def test_the_day_a_secret_was_made_is_a_day():
    assert made("\n    rotated: 2026-11-01").accounts["us"].rotated.isoformat() == "2026-11-01"


def test_one_site_has_one_amazon():
    accounts = ACCOUNT.format(name="us") + "\n" + ACCOUNT.format(name="try") + "\n    sandbox: true"
    text = SITE.format(accounts=accounts, systems=system(name="plain-csv"))
    with pytest.raises(Misconfigured) as caught:
        site_of(Path("/srv/site"), fetching(text), {})
    (found,) = caught.value.findings
    assert (found.code, found.text) == ("site-environment", "try is at sandbox, us at production")
    assert text.splitlines()[found.rule.line - 1].strip() == "try:"


@pytest.mark.parametrize("key", ["url", "login_url"])
@pytest.mark.parametrize(
    "url",
    [
        "127.0.0.1:8080",
        "http://[::1",
        "http://",
        "http://127.0.0.1:80800",
        "http://amazon.example",
        "https://api.amazon.com/auth/o2/token",
    ],
)
def test_an_address_that_is_none_is_told_before_anybody_is_asked(url, key):
    with pytest.raises(Misconfigured) as caught:
        made(f'\n    {key}: "{url}"')
    assert [finding.code for finding in caught.value.findings] == ["site-url"]


def test_few_calls_of_an_operation_are_under_way_at_once_and_more_of_those_that_take_seconds():
    calls = {lane.name: lane.calls for lane in lanes_of(made())}
    assert calls["us/submitAcknowledgement"] == calls["us/getTransactionStatus"] == 4
    assert calls["us/createShippingLabels"] == 16


@pytest.mark.parametrize("region", ["na", "eu", "fe"])
@pytest.mark.parametrize("sandbox", [False, True])
def test_each_region_has_its_host_in_production_and_in_the_sandbox(region, sandbox):
    account = made(f"\n    region: {region}\n    sandbox: {str(sandbox).lower()}").accounts["us"]
    before = "sandbox." if sandbox else ""
    assert hosts_of(account).api == f"https://{before}sellingpartnerapi-{region}.amazon.com"
    assert hosts_of(account).login == "https://api.amazon.com"
    assert account.environment == ("sandbox" if sandbox else "production")
