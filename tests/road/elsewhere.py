"""What somebody else does at Amazon with an order of ours: in Vendor Central, over EDI, in a program that went before."""

from dataclasses import replace

from translator.simulator.known import Label, Package

TRACKING = "1ZELSEWHERE"


def turn(world, number, status):
    """Have an order accepted, shipped or cancelled."""
    _change(world, number, lambda order, now: replace(order.turned(status, now), acknowledged=now))


def label(world, number):
    """Have a label made for an order."""

    def change(order, now):
        package = Package("1", TRACKING, order.method)
        return replace(order, labels=(*order.labels, Label(now, "createShippingLabels", (package,))))

    _change(world, number, change)


def _change(world, number, change):
    market = world.amazon.market
    with market.lock:
        order = market.account.orders[number]
        market.account.orders[number] = change(order, market.clock())
