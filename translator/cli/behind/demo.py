"""What the demo opens, and how all of it stands: a pretend Amazon, an SFTP server, three warehouses, a site, the service.

All of it ends with the demo, whatever happens; only its files stay.
"""

from __future__ import annotations

import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final

from translator.cli.presets import copy_preset
from translator.core.finding import Misconfigured, Unavailable
from translator.core.private import Private
from translator.core.timeline import Timeline, fold, stage
from translator.ledger.book import Book
from translator.ledger.ledger import Ledger
from translator.ledger.master import Master
from translator.service.ports import SystemChance, SystemClock
from translator.simulator.amazon import Amazon
from translator.simulator.orders import sample_orders, to_be_cancelled
from translator.simulator.settings import AmazonSettings
from translator.simulator.sftp import SftpServer, User
from translator.simulator.warehouse import Warehouse, WarehouseSettings

VENDOR: Final = "ACMEG"
ORDERS: Final = 14
SYSTEMS: Final = {"plain-csv": "EWR1", "plain-fixed": "RNO4", "plain-xml": "DFW6"}  # preset -> warehouse
ZONES: Final = {"EWR1": "America/New_York", "RNO4": "America/Los_Angeles", "DFW6": "America/Chicago"}
STEPS: Final = ("known", "sent", "taken", "acknowledgement_accepted", "labelled", "shipped", "confirmation_accepted")
LABELS: Final = ("plain-xml",)  # the systems that take labels and packing slips from Amazon
WAYS: Final = {  # how each pretend warehouse behaves
    "plain-csv": WarehouseSettings(delay=6.0, bad_row=2, mends=True),
    "plain-fixed": WarehouseSettings(delay=6.0, partial=2),
    "plain-xml": WarehouseSettings(delay=6.0),
}
PLACES: Final = {"ship": "ship", "stock": "stock", "ack": "acks"}


@dataclass(frozen=True, slots=True)
class World:
    """What is open while the demo runs."""

    root: Path
    amazon: Amazon
    sftp: SftpServer
    warehouses: dict[str, Warehouse]
    planned: dict[str, str]  # purchase order number -> how it is to end


@contextmanager
def opened(root: Path) -> Iterator[World]:
    """Open all but the service: a pretend Amazon, an SFTP server, the warehouses; and write the site."""
    now = datetime.now(UTC)
    orders = sample_orders(VENDOR, list(SYSTEMS.values()), ORDERS, now)
    cancelled = to_be_cancelled(orders)
    with ExitStack() as stack:
        amazon = stack.enter_context(Amazon(AmazonSettings(VENDOR, transaction_seconds=1.0), orders))
        for preset in SYSTEMS:
            for folder in ("in/orders", "in/labels", "in/answers", "out/acks", "out/ship", "out/stock"):
                (root / "wms" / preset / folder).mkdir(parents=True)
        sftp = SftpServer(root / "wms" / "plain-csv", {"acme": User(password="demo-password")}).start()
        stack.callback(sftp.stop)
        write_site(root / "site", root / "wms", amazon, sftp)
        warehouses = {preset: _warehouse(root, preset) for preset in SYSTEMS}
        for warehouse in warehouses.values():
            warehouse.start()
            stack.callback(warehouse.stop)
        planned = {order["purchaseOrderNumber"]: "confirmed" for order in orders}
        planned |= dict.fromkeys(cancelled, "cancelled")
        yield World(root, amazon, sftp, warehouses, planned)


def _warehouse(root: Path, preset: str) -> Warehouse:
    folder = root / "wms" / preset
    settings = replace(WAYS[preset], zone=ZONES[SYSTEMS[preset]], places=PLACES)
    return Warehouse(
        folder / "in" / "orders", folder / "out", preset.removeprefix("plain-"), settings, side=folder / "taken"
    )


def write_site(site: Path, wms: Path, amazon: Amazon, sftp: SftpServer) -> None:
    """Write the demo's site: three systems, one of them over SFTP, short waits."""
    for preset in SYSTEMS:
        copy_preset(preset, site, preset)
    secrets = {
        "lwa-secret": amazon.settings.client_secret,
        "lwa-refresh": amazon.settings.refresh_token,
        "sftp": "demo-password",
    }
    (site / "credentials").mkdir(mode=0o700)
    for name, secret in secrets.items():
        (site / "credentials" / name).write_text(secret)
    systems = "".join(_system(preset, wms, sftp) for preset in SYSTEMS)
    (site / "translator.yaml").write_text(f"""\
ledger: sqlite:ledger.db
amazon:
  us:
    vendor: {VENDOR}
    region: na
    url: {amazon.url}
    client_id: {amazon.settings.client_id}
    client_secret: {{credential: lwa-secret}}
    refresh_token: {{credential: lwa-refresh}}
    every: 1s
    lag: 0s
    sweep: 2s
    settle: 5s
wms:
{systems}""")


def _system(preset: str, wms: Path, sftp: SftpServer) -> str:
    place = f"{{folder: {(wms / preset).resolve()}}}"
    if preset == "plain-csv":
        login = "user: acme, password: {credential: sftp}"
        place = f'{{sftp: 127.0.0.1, port: {sftp.port}, {login}, host_key: "{sftp.fingerprint}"}}'
    labels = "\n      in/labels: [labels.yaml, slips.yaml]\n    label: {day: accepted}" if preset in LABELS else ""
    acks = "\n      out/acks: acks.yaml" if preset == "plain-fixed" else ""
    when = {"plain-csv": "taken", "plain-fixed": "file", "plain-xml": "delivered"}[preset]
    return f"""\
  {preset}:
    warehouses: {{{SYSTEMS[preset]}: {ZONES[SYSTEMS[preset]]}}}
    place: {place}
    to:
      in/orders: [orders.yaml, cancels.yaml]
      in/answers: answers.yaml{labels}
    from:{acks}
      out/ship: ship.yaml
      out/stock: stock.yaml
    acknowledge: {{when: {when}}}
    every: 1s
    quiet: 1s
    wait: 1s
"""


@contextmanager
def served(site: Path, log: Path) -> Iterator[subprocess.Popen[bytes]]:
    """Run the service over the site, in a process of its own."""
    with log.open("wb") as out:
        command = [sys.executable, "-m", "translator", "run", "--site", str(site)]
        process = subprocess.Popen(command, stdout=out, stderr=out)  # noqa: S603 (our own program)
        try:
            yield process
        finally:
            process.send_signal(signal.SIGTERM)
            process.wait(timeout=20)


def watch(world: World, service: subprocess.Popen[bytes], seconds: float) -> None:
    """Look on until all ended as planned, and cancel an order on the way."""
    until = time.monotonic() + seconds
    to_cancel = {number for number, end in world.planned.items() if end == "cancelled"}
    while time.monotonic() < until and service.poll() is None:
        report = report_of(world)
        if as_planned(report):
            return
        for order in report["orders"]:
            if order["purchaseOrderNumber"] in to_cancel and order["steps"].get("sent"):
                world.amazon.cancel(order["purchaseOrderNumber"])  # the customer changed his mind
                to_cancel.discard(order["purchaseOrderNumber"])
        time.sleep(0.3)


def report_of(world: World) -> dict[str, Any]:
    """Say how every order, every level and every answer stands, as the ledger and Amazon have it."""
    try:
        with (
            Ledger.open(
                _ledger(world), SystemClock(), SystemChance(), master=_master(world), alone=False, read_only=True
            ) as ledger,
            ledger.look() as book,
        ):
            return {
                "orders": _orders(world, book),
                "inventory": _inventory(world, book),
                "answers": _answers(world),
                "labels": _labels(world),
            }
    except (Misconfigured, Unavailable):  # the service has not made it yet
        return {"orders": [], "inventory": {}, "answers": [], "labels": []}


def _master(world: World) -> Master:
    return lambda: Private((world.root / "site/credentials/master-key").read_text())


def _ledger(world: World) -> Path:
    return world.root / "site" / "ledger.db"


def _orders(world: World, book: Book) -> list[dict[str, Any]]:
    return [_order(book, number, planned) for number, planned in world.planned.items()]


def _order(book: Book, number: str, planned: str) -> dict[str, Any]:
    stored = book.documents.newest("order", "us", number)
    life = fold(book.events.of(f"us {number}"))
    files = [
        found.name
        for place, _ in (book.contents.where(stored.id) if stored else [])
        if (found := book.interchanges.get(place))
    ]
    return {
        "purchaseOrderNumber": number,
        "wms": next((name for name, code in SYSTEMS.items() if stored and stored.warehouse == code), ""),
        "file": files[0] if files else "",
        "end": _end(life),
        "planned": planned,
        "steps": {step: at.isoformat() for step in STEPS if (at := getattr(life, step))},
        "held": dict(life.held),
    }


def _end(life: Timeline) -> str:
    word = stage(life)
    return "cancelling" if word == "cancelled" and not life.cancellation_taken else word


def _inventory(world: World, book: Book) -> dict[str, Any]:
    """Compare what each warehouse said last with what Amazon has."""
    there = world.amazon.state()["inventory"]
    return {
        code: {
            "skus": len(there.get(code, {})),
            "sent": book.stock.differing("us", code, 1) == [],
            "files": len(list((world.root / "wms" / preset / "out" / "stock").rglob("*.*"))),
        }
        for preset, code in SYSTEMS.items()
    }


def _answers(world: World) -> list[dict[str, str]]:
    found = [
        (preset, path) for preset in SYSTEMS for path in (world.root / "wms" / preset / "in" / "answers").glob("[!.]*")
    ]
    return [
        {"wms": preset, "file": str(path.relative_to(world.root)), "text": path.read_text("utf-8")}
        for preset, path in found
    ]


def _labels(world: World) -> list[str]:
    """Give the labels and packing slips that lie where the warehouse prints from."""
    found = (path for preset in LABELS for path in (world.root / "wms" / preset / "in" / "labels").glob("[!.]*"))
    return sorted(str(path.relative_to(world.root)) for path in found)


def as_planned(report: dict[str, Any]) -> bool:
    """Tell whether all ended as planned, the bad row in an answer, every level at Amazon, the labels printed."""
    ended = [order["end"] == order["planned"] for order in report["orders"]]
    levels = [level["skus"] > 0 and level["sent"] for level in report["inventory"].values()]
    return bool(ended) and all(ended) and all(levels) and len(report["answers"]) > 0 and len(report["labels"]) > 0
