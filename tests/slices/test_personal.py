"""2,000 orders with a mark in each personal field: before they are forgotten nothing shows one but the warehouse's folder,

in no encoding, neither ledger, journals, log nor temporary files; afterwards nothing does, and no key that is left opens
anything of a copy made before. The service is killed, so that its journals stay as they were. A ship file with a mark in
each tracking number waits for Amazon's word by then, and each order has a label with marks in it.
"""

import json
import shutil
import signal
from dataclasses import replace
from datetime import timedelta

import pytest

from tests import postgres
from tests.canaries import MARK, PATHS, marked, seen_below, seen_in
from tests.road.conftest import LOCAL
from tests.road.road import ship_csv, shipment
from tests.service.running import Service
from tests.world import orders_of, world_of
from translator.cli.behind.book import looking
from translator.config.read import read_site
from translator.ledger import Ledger
from translator.ledger.keystore import Store
from translator.service.forgetting import forget_all
from translator.service.ports import SystemChance, SystemClock

COUNT = 2_000
TABLES = (
    "document",
    "chunk",
    "body",
    "kept",
    "event",
    "work",
    "interchange",
    "attempt",
    "wrapped",
    "bookmark",
    "audit",
)


class Later(SystemClock):
    """The clock of two months later."""

    def now(self):
        return super().now() + timedelta(days=60)


def rows(ledger, query):
    with ledger.look() as book:
        return book._connection.exec_driver_sql(query).all()


def seen(world, ledger, *folders):
    """Tell where marks are seen below folders, and in what a server holds."""
    found = {path: words for folder in folders for path, words in seen_below(folder, skip=[world.root / "wms"]).items()}
    if world.server:
        for table in TABLES:
            words = [word for row in rows(ledger, f"SELECT * FROM {table}") for word in seen_in(_flat(row))]
            found |= {table: words} if words else {}
    return found


def labelled(ledger, given):
    """Have a label of each order come, as Amazon's answer and as a document."""
    with ledger.commit() as book:
        for order in given:
            number = order["purchaseOrderNumber"]
            tree = {"purchaseOrderNumber": number, "labelData": [{"trackingNumber": f"1Z{MARK}", "content": MARK}]}
            file = book.interchanges.add_in(
                "us/shipping_label", f"label-{number}.json", number, json.dumps(tree).encode()
            )
            book.documents.add("shipping_label", "us", number, tree, about=number, interchange=file.id)


def confirmations(site):
    """Count the shipments that were read."""
    with looking(site) as book:
        return len(book.documents.open("shipment_confirmation"))


def _flat(row):
    return b"|".join(value if isinstance(value, bytes) else str(value).encode() for value in row)


@pytest.mark.parts(bounded=2, deep=2)
def test_no_mark_of_a_person_is_seen_before_and_after_it_is_forgotten(part, tmp_path, monkeypatch, figure):
    spare = tmp_path / "temporary"
    spare.mkdir()
    monkeypatch.setenv("TMPDIR", str(spare))
    server = postgres.shared().fresh() if part else None
    system = replace(LOCAL, when="taken")  # nothing is told to Amazon, whose limits would be waited for
    count = COUNT // (8 if part else 1)
    given = [marked(order) for order in orders_of((system,), count)]
    with world_of(tmp_path / "world", (system,), given, working=False, server=server) as world:
        service = Service(world.site, tmp_path)
        try:
            service.wait_for(lambda: len(world.visible(system)) == count, "not all are written", 900)
            shipments = ship_csv(world.clock, *[shipment(order, carton=f"C{n}") for n, order in enumerate(given)])
            world.place(system, "out/ship", "SHIP.csv", shipments.replace(b",1ZC", f",1Z{MARK}".encode()))
            site = read_site(world.site)
            service.wait_for(lambda: confirmations(site) == count, "not all shipments are read", 900)
        finally:
            service.process.send_signal(signal.SIGKILL)
            service.process.wait()
        with Ledger.open(world.where, SystemClock(), SystemChance(), master=world.master) as ledger:
            labelled(ledger, given)
        copy = tmp_path / "copy"
        shutil.copytree(world.site, copy, ignore=shutil.ignore_patterns("*.keys*"))
        with Ledger.open(world.where, Later(), SystemChance(), master=world.master) as ledger:
            assert seen(world, ledger, tmp_path) == {}
            assert all(MARK.encode() in path.read_bytes() for path in world.folder(system, "in/orders").glob("[!.]*"))
            seals = {row[0] for row in rows(ledger, "SELECT seal FROM document UNION SELECT seal FROM body")} - {0}
            told = forget_all(ledger, site, trusted=True)
            assert told.orders == count
            assert seen(world, ledger, tmp_path) == {}
            assert seen_below(world.root / "wms") == {}  # nobody took them: they are still ours
            left = {id for id, _ in Store(world.where).some(0, 1_000_000)}
            assert seals & left == set()
            now = {row[0] for row in rows(ledger, "SELECT seal FROM document UNION SELECT seal FROM body")} - {0}
            assert seals & now == set()  # so a copy of the keys opens nothing of this ledger any more
        figure("orders", count)
        figure("marks", count * (len(PATHS) + 4))
        figure("keys destroyed", told.keys)
