"""What must hold when a story with deaths in it is over: each order as planned, each file and each effect there once."""

from collections import Counter, defaultdict
from pathlib import Path

from tests.world import hash_of
from translator.cli.behind.demo import _end
from translator.core.timeline import fold
from translator.ledger import Ledger
from translator.service.ports import SystemChance, SystemClock
from translator.stations.follows import subject

GO = "GO_"  # what done-files begin with: these warehouses leave them


def book_of(world):
    return Ledger.open(world.where, SystemClock(), SystemChance(), master=world.master, alone=False, read_only=True)


def waiting(world):
    with book_of(world) as ledger, ledger.look() as book:
        turns = [work for work in book.work.find() if work.station == "collect" and work.state != "held"]
        others = [work for work in book.work.find() if work not in turns]
    nobodys = ("/answers", "/labels")  # nobody takes them
    asked = [work for work in others if not (work.station == "settle" and work.route.endswith(nobodys))]
    return [(work.station, work.route, work.subject, str(work.state), work.reason) for work in asked]


def lying(world):
    """Give the files of the warehouses that are not yet collected, and ours that are not yet taken."""
    given = [
        name
        for system in world.systems
        for below in ("ship", "stock", "acks")
        for name in world.visible(system, f"out/{below}")
    ]
    return given + [name for system in world.systems for name in world.visible(system) if not name.startswith(GO)]


def check(world, orders, cancelled):
    """Check all of it."""
    _tidy(world)
    with book_of(world) as ledger, ledger.look() as book:
        _ended_as_planned(book, orders, cancelled)
        _seen_once(world, book, orders, cancelled)
        _announced_once(world)
        _labelled_once(world, book, orders, cancelled)
        _accounted_for(world, book)
        _all_ended(book)
    _effects_once(world, orders, cancelled)
    _levels(world)


def _tidy(world):
    for system in world.systems:
        for below in ("in/orders", "in/answers"):
            left = [path.name for path in world.folder(system, below).glob(".*")]
            assert [name for name in left if not name.startswith(".translator-")] == []


def _ended_as_planned(book, orders, cancelled):
    numbers = [order["purchaseOrderNumber"] for order in orders]
    ends = {number: _end(fold(book.events.of(f"us {number}"))) for number in numbers}
    assert ends == {number: "cancelled" if number in cancelled else "confirmed" for number in numbers}


def _seen_once(world, book, orders, cancelled):
    """Each order's file, and each cancel file, was seen once, under the name and with the bytes of the ledger."""
    expected = {}
    for order in orders:
        for kind in ("order", "cancellation"):
            stored = book.documents.newest(kind, "us", order["purchaseOrderNumber"])
            if stored is None:
                assert kind == "cancellation"
                assert order["purchaseOrderNumber"] not in cancelled
                continue
            places = book.contents.where(stored.id)
            assert len(places) == 1
            interchange = book.interchanges.get(places[0][0])
            expected[interchange.name] = interchange.hash
    sightings = [line for system in world.systems for line in world.taken(system)]
    assert Counter(name for name, _ in sightings) == Counter(expected.keys())
    assert dict(sightings) == expected
    assert [name for warehouse in world.warehouses.values() for name in warehouse.unreadable] == []


def _announced_once(world):
    """Each file that was seen has its done-file, where the folder wants them."""
    for system in world.systems:
        names = [name for name, _ in world.taken(system)] if system.done else []
        there = [name for name in world.visible(system) if name.startswith(GO)]
        assert there == sorted(f"{GO}{Path(name).stem}.ok" for name in names)


def _labelled_once(world, book, orders, cancelled):
    """Each order that ships by a label of Amazon has one label file, with the bytes of the ledger."""
    for system in (system for system in world.systems if system.labels):
        mine = [one for one in orders if one["orderDetails"]["shipFromParty"]["partyId"] == system.code]
        labels = {number: book.documents.newest("shipping_label", "us", number) for number in map(_number, mine)}
        files = {
            found.name: found.hash
            for stored in labels.values()
            if stored is not None
            for place, _ in book.contents.where(stored.id)
            if (found := book.interchanges.get(place))
        }
        lying = {
            name: hash_of((world.folder(system, "in/labels") / name).read_bytes()) for name in _labels(world, system)
        }
        assert lying == files
        assert {number for number, stored in labels.items() if stored is None} <= cancelled


def _labels(world, system):
    return world.visible(system, "in/labels")


def _number(order):
    return order["purchaseOrderNumber"]


def _accounted_for(world, book):
    """Every file that a warehouse gave was collected once, as it was given, and read."""
    for system in world.systems:
        arrived = _arrived(book, system)
        for name, hashed in world.given(system):
            found = arrived[name]
            assert [one.hash for one in found] == [hashed], name
            told = Counter(event.name for event in book.events.of(f"interchange {found[0].id}"))
            assert told == {"collected": 1, "read": 1} or told == {"collected": 1, "duplicate": 1}, (name, told)


def _arrived(book, system):
    """Give what was collected from a system, by its name."""
    query = f"SELECT id, endpoint FROM interchange WHERE direction = 'in' AND endpoint >= '{system.called}/'"
    arrived = defaultdict(list)
    for number, endpoint in book._connection.exec_driver_sql(query).all():
        if endpoint.startswith(f"{system.called}/"):
            one = book.interchanges.get(number)
            arrived[one.name].append(one)
    return arrived


def _all_ended(book):
    nobodys = ("answer", "shipping_label")
    left = [stored for stored in book.documents.open() if stored.kind not in nobodys]
    assert left == [], [
        (stored.kind, stored.key, [event.name for event in book.events.of(subject(stored))]) for stored in left
    ]


def _effects_once(world, orders, cancelled):
    state = world.amazon.state()
    assert state["crashes"] == []
    assert set(state["repeats"]) <= {"submitInvoice"}  # only by its number can be asked what became of it
    shipped = {order["purchaseOrderNumber"] for order in orders} - cancelled
    acknowledged = state["effects"]["submitAcknowledgement"]
    assert set(acknowledged) >= shipped
    assert set(acknowledged.values()) == {1}
    assert set(state["effects"]["createShippingLabels"].values()) == {1}
    assert state["effects"]["submitShipmentConfirmations"] == dict.fromkeys(shipped, 1)


def _levels(world):
    """Amazon has what each warehouse counted last."""
    there = world.amazon.state()["inventory"]
    for system in world.systems:
        warehouse = world.warehouses[system.called]
        counted = {sku: max(0, warehouse.settings.stock - n) for (_, sku, _), n in warehouse._shipped.items()}
        assert {sku: level["amount"] for sku, level in there[system.code].items()} == counted
