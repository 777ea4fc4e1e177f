"""`translator demo`: the main job, whole, on this machine alone.

A pretend Amazon, an SFTP server and three pretend warehouses are opened; a site is written from the presets; the real
service runs over it until every order has ended. Exit code 0 only if every order ended as planned.
"""

from __future__ import annotations

import json
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final

import click

from translator.cli.presets import copy_preset
from translator.simulator.amazon import Amazon
from translator.simulator.orders import sample_orders, to_be_cancelled
from translator.simulator.settings import AmazonSettings
from translator.simulator.sftp import SftpServer, User
from translator.simulator.warehouse import Warehouse, WarehouseSettings

VENDOR: Final = "ACMEG"
ORDERS: Final = 14
MARK: Final = ".translator-demo"
SYSTEMS: Final = {"plain-csv": "EWR1", "plain-fixed": "RNO4", "plain-xml": "DFW6"}  # preset -> warehouse
ZONES: Final = {"EWR1": "America/New_York", "RNO4": "America/Los_Angeles", "DFW6": "America/Chicago"}
STEPS: Final = ("known", "sent", "taken", "acknowledged", "shipped", "confirmed")


@dataclass(frozen=True, slots=True)
class World:
    """What is open while the demo runs."""

    root: Path
    amazon: Amazon
    sftp: SftpServer
    warehouses: dict[str, Warehouse]
    planned: dict[str, str]  # purchase order number -> how it is to end


@click.command()
@click.option(
    "--dir",
    "root",
    type=click.Path(path_type=Path),
    default=Path("demo"),
    show_default=True,
    help="Where the files go; written anew.",
)
@click.option("--seconds", default=60.0, show_default=True, help="How long the orders may take.")
@click.option("--json", "as_json", is_flag=True, help="Plain JSON on standard output.")
def demo(root: Path, seconds: float, as_json: bool) -> None:
    """Run the main job: orders out to three warehouses, their files back, to Success."""
    _fresh(root)
    with _world(root) as world, _service(root / "site", root / "service.log") as service:
        _watch(world, service, seconds)
        report = _report(world)
    click.echo(json.dumps(report, indent=2)) if as_json else _print(report, root)
    sys.exit(0 if _as_planned(report) else 1)


def _fresh(root: Path) -> None:
    if root.exists() and any(root.iterdir()) and not (root / MARK).exists():
        raise click.ClickException(f"{root} holds files that are not the demo's: name another folder with --dir")
    shutil.rmtree(root, ignore_errors=True)
    root.mkdir(parents=True)
    (root / MARK).touch()


@contextmanager
def _world(root: Path) -> Iterator[World]:
    now = datetime.now(UTC)
    orders = sample_orders(VENDOR, list(SYSTEMS.values()), ORDERS, now)
    cancelled = to_be_cancelled(orders)
    with ExitStack() as stack:
        amazon = stack.enter_context(Amazon(AmazonSettings(VENDOR, transaction_seconds=1.0), orders))
        for preset in SYSTEMS:
            for folder in ("in/orders", "in/answers", "out/acks", "out/ship", "out/stock"):
                (root / "wms" / preset / folder).mkdir(parents=True)
        sftp = SftpServer(root / "wms" / "plain-csv", {"acme": User(password="demo-password")}).start()
        stack.callback(sftp.stop)
        write_site(root / "site", root / "wms", amazon, sftp)
        warehouses = {preset: Warehouse(_warehouse(root, preset, orders, cancelled)) for preset in SYSTEMS}
        for warehouse in warehouses.values():
            warehouse.start()
            stack.callback(warehouse.stop)
        planned = {order["purchaseOrderNumber"]: "confirmed" for order in orders}
        planned |= dict.fromkeys(cancelled, "cancelled")
        yield World(root, amazon, sftp, warehouses, planned)


def _warehouse(root: Path, preset: str, orders: list[dict[str, Any]], cancelled: list[str]) -> WarehouseSettings:
    raise NotImplementedError


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
    login_url: {amazon.url}/auth/o2/token
    client_id: {amazon.settings.client_id}
    client_secret: {{credential: lwa-secret}}
    refresh_token: {{credential: lwa-refresh}}
    every: 2s
    lag: 0s
    settle: 5s
wms:
{systems}""")


def _system(preset: str, wms: Path, sftp: SftpServer) -> str:
    place = f"{{folder: {(wms / preset).resolve()}}}"
    if preset == "plain-csv":
        place = f'{{sftp: 127.0.0.1, port: {sftp.port}, user: acme, password: {{credential: sftp}}, host_key: "{sftp.fingerprint}"}}'
    acks = "\n      out/acks: acks.yaml" if preset == "plain-fixed" else ""
    when = {"plain-csv": "taken", "plain-fixed": "file", "plain-xml": "delivered"}[preset]
    return f"""\
  {preset}:
    warehouses: {{{SYSTEMS[preset]}: {ZONES[SYSTEMS[preset]]}}}
    place: {place}
    to:
      in/orders: [orders.yaml, cancels.yaml]
      in/answers: answers.yaml
    from:{acks}
      out/ship: ship.yaml
      out/stock: stock.yaml
    acknowledge: {{when: {when}}}
    every: 1s
    quiet: 1s
    wait: 1s
"""


@contextmanager
def _service(site: Path, log: Path) -> Iterator[subprocess.Popen[bytes]]:
    with log.open("wb") as out:
        command = [sys.executable, "-m", "translator", "run", "--site", str(site)]
        process = subprocess.Popen(command, stdout=out, stderr=out)  # noqa: S603 (our own program)
        try:
            yield process
        finally:
            process.send_signal(signal.SIGTERM)
            process.wait(timeout=20)


def _watch(world: World, service: subprocess.Popen[bytes], seconds: float) -> None:
    until = time.monotonic() + seconds
    to_cancel = {number for number, end in world.planned.items() if end == "cancelled"}
    while time.monotonic() < until and service.poll() is None:
        report = _report(world)
        if _as_planned(report):
            return
        for order in report["orders"]:
            if order["purchaseOrderNumber"] in to_cancel and order["sent"]:
                world.amazon.cancel(order["purchaseOrderNumber"])
                to_cancel.discard(order["purchaseOrderNumber"])
        time.sleep(0.3)
