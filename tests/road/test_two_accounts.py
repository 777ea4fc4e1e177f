"""Two accounts with a warehouse of the same code and an order of the same number: neither is taken for the other."""

from dataclasses import replace

import pytest

from tests.road.conftest import LOCAL
from tests.road.test_decisions import ask
from tests.world import VENDOR, orders_of
from translator.config.read import read_site
from translator.service.compared import asked, compared

HERE = replace(LOCAL, when="taken", more="    account: us\n")
THERE = replace(LOCAL, when="taken", name="other", more="    account: ca\n")


def second(world, vendor=VENDOR):
    """Have another account beside the first, with the same login."""

    def change(text):
        head, _, rest = text.partition("  us:\n")
        account, wms, systems = rest.partition("wms:\n")
        other = account.replace(f"vendor: {VENDOR}", f"vendor: {vendor}")
        return f"{head}  us:\n{account}  ca:\n{other}{wms}{systems}"

    world.edit("translator.yaml", change)


@pytest.fixture
def two(opened):
    """Open a world where both accounts see one order of the same number, each for its own warehouse system."""
    (order,) = orders = orders_of((LOCAL,), 1)
    world, road = opened((HERE, THERE), orders, change=second)
    number = order["purchaseOrderNumber"]
    road.until(lambda: world.visible(HERE) and world.visible(THERE))
    road.go(3)
    return world, road, number


def kinds_of(road, account, number):
    with road.look() as book:
        return [(one.kind, one.end) for one in book.documents.about(account, number)]


def test_each_warehouse_gets_the_order_of_its_account(two):
    _, road, number = two
    assert kinds_of(road, "us", number) == kinds_of(road, "ca", number) != []


@pytest.mark.parametrize("verb", ["refuse", "hold", "reject"])
def test_a_move_about_a_number_that_two_accounts_know_is_of_none_until_the_account_is_said(two, verb):
    _, road, number = two
    before = {name: kinds_of(road, name, number) for name in ("us", "ca")}
    ok, said = ask(road, verb, number, code="03")
    assert not ok
    assert f"us:{number}" in said
    assert {name: kinds_of(road, name, number) for name in ("us", "ca")} == before
    ok, said = ask(road, verb, f"ca:{number}", code="03")
    assert ok, said
    assert kinds_of(road, "us", number) == before["us"]


def test_of_two_vendor_codes_that_one_login_opens_each_account_takes_the_orders_of_its_own(opened):
    own, other = orders = orders_of((LOCAL,), 2)
    other["orderDetails"]["sellingParty"]["partyId"] = "ACMEH"
    world, road = opened((HERE, THERE), orders, change=lambda world: second(world, "ACMEH"))
    road.until(lambda: world.visible(HERE) and world.visible(THERE))
    road.go(20)  # both are read again and again
    assert world.visible(HERE) == [f"ORD-{own['purchaseOrderNumber']}.csv"]
    assert world.visible(THERE) == [f"ORD-{other['purchaseOrderNumber']}.csv"]
    assert kinds_of(road, "us", other["purchaseOrderNumber"]) == []
    site = read_site(world.site)
    told = asked(site, road.clock)
    with road.look() as book:
        assert compared(site, book, road.clock, told, {}) == []
