"""A small world for tests: a pretend Amazon, an SFTP server, pretend warehouses and a site of the presets, with short waits.

All of it outlives the translator, so that tests can stop it, kill it and count. Waits are in seconds of a clock that can
be moved on (`Shifted`), so that a day passes at once.
"""

import random
import shutil
import time
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from pathlib import Path

from translator.cli.presets import copy_preset
from translator.core.private import Private
from translator.service.master import make as make_master
from translator.simulator.amazon import Amazon, AmazonSettings
from translator.simulator.orders import sample_orders
from translator.simulator.sftp import SftpServer, User
from translator.simulator.warehouse import Warehouse, WarehouseSettings

VENDOR = "ACMEG"
PLACES = {"ship": "ship", "stock": "stock", "ack": "acks"}
FOLDERS = ("in/orders", "in/labels", "in/answers", "out/acks", "out/ship", "out/stock")


class Shifted:
    """The clock of this machine, moved on by `skip`; one for the translator, Amazon and the warehouses."""

    def __init__(self):
        self._ahead = 0.0

    def now(self):
        return datetime.now(UTC) + timedelta(seconds=self._ahead)

    def monotonic(self):
        return time.monotonic() + self._ahead

    @property
    def skipped(self):
        return self._ahead

    def skip(self, seconds):
        self._ahead += seconds


@dataclass(frozen=True)
class System:
    """One warehouse system of the site: its preset names it, unless two have the same."""

    preset: str
    code: str
    zone: str = "America/New_York"
    when: str = "known"  # acknowledge when
    sftp: bool = False
    name: str = ""
    more: str = ""  # lines of translator.yaml
    done: str = ""  # what the done-files of its orders are called
    labels: bool = False  # it takes Amazon's labels, as soon as an order is accepted
    ways: WarehouseSettings | None = field(default_factory=WarehouseSettings)  # None: nobody works there

    @property
    def called(self):
        return self.name or self.preset


CSV = System("plain-csv", "EWR1", when="taken", sftp=True)
FIXED = System("plain-fixed", "RNO4", "America/Los_Angeles", when="file")
XML = System("plain-xml", "DFW6", "America/Chicago", when="delivered")
THREE = (CSV, FIXED, XML)


class Slow(Amazon):
    """An Amazon with a way to go: before a call takes effect and before its answer comes."""

    def __init__(self, *args, latency=(0.0, 0.0), seed=0, **kwargs):
        self._latency = latency
        self.spoilt = []  # (part of a path, what becomes of the reply's bytes), each once
        self._dice = random.Random(seed)
        super().__init__(*args, **kwargs)

    def _answer(self, call):
        if call.path.startswith("/_simulator"):
            return super()._answer(call)
        time.sleep(self._dice.uniform(*self._latency))
        reply = super()._answer(call)
        time.sleep(self._dice.uniform(*self._latency))
        return self._spoil(call, reply)

    def _spoil(self, call, reply):
        for part, change in list(self.spoilt):
            if part in call.path and reply is not None:
                self.spoilt.remove((part, change))
                return replace(reply, raw=change(reply.content))
        return reply


@dataclass
class World:
    root: Path
    amazon: Amazon
    systems: tuple
    clock: Shifted
    sftp: SftpServer | None = None
    warehouses: dict = field(default_factory=dict)
    waits: dict = field(default_factory=dict)
    server: object = None  # the address of a ledger on a server; None: it is a file
    host_key: str = ""  # what the site takes the server's to be; empty: the right one

    @property
    def site(self):
        return self.root / "site"

    @property
    def ledger(self):
        return self.site / "ledger.db"

    def master(self):
        """Read the master key, as the service does."""
        return Private((self.site / "credentials/master-key").read_text())

    @property
    def where(self):
        return self.server or self.ledger

    def folder(self, system, below=""):
        """Give a folder of a warehouse system, as the warehouse sees it."""
        return self.root / "wms" / _called(system) / below

    def place(self, system, below, name, data):
        """Lay a file into a folder as a careful warehouse does: whole at once."""
        path = self.folder(system, below) / name
        hidden = path.with_name(f".{name}")
        hidden.write_bytes(data if isinstance(data, bytes) else data.encode())
        hidden.rename(path)
        return path

    def visible(self, system, below="in/orders"):
        """Give the names in a folder that a warehouse would take."""
        return sorted(path.name for path in self.folder(system, below).iterdir() if not path.name.startswith("."))

    def taken(self, system):
        """Give what a warehouse saw: each sighting's name and hash, in order."""
        return _log(self.folder(system) / "taken" / "taken.log")

    def given(self, system):
        return _log(self.folder(system) / "taken" / "given.log")

    def write_site(self, **waits):
        """Write translator.yaml; `waits` changes its durations."""
        self.waits |= waits
        (self.site / "translator.yaml").write_text(_site(self), "utf-8")

    def edit(self, path, change):
        """Change a file of the site as an editor does."""
        file = self.site / path
        file.write_text(change(file.read_text("utf-8")), "utf-8")


def _called(system):
    return system if isinstance(system, str) else system.called


def _log(path):
    return [tuple(line.split()) for line in path.read_text("utf-8").splitlines()] if path.exists() else []


def hash_of(data):
    return sha256(data).hexdigest()


@contextmanager
def world_of(
    root, systems=THREE, orders=(), latency=(0.0, 0.0), seed=0, working=True, server=None, clock=None, **settings
):
    """Open a world. `orders`: bodies, or how many; `working` False: warehouses take and give only when stepped."""
    clock = clock or Shifted()
    made = orders_of(systems, orders) if isinstance(orders, int) else orders
    chosen = AmazonSettings(VENDOR, **({"transaction_seconds": 0.2} | settings))
    with ExitStack() as stack:
        amazon = stack.enter_context(Slow(chosen, made, clock.now, latency=latency, seed=seed))
        world = World(root, amazon, tuple(systems), clock, server=server)
        for system in systems:
            _furnish(world, system)
        world.sftp = _server(world, stack)
        _credentials(world)
        world.write_site()
        for system in systems:
            if system.ways is not None:
                world.warehouses[system.called] = warehouse = _warehouse(world, system)
                if working:
                    stack.callback(warehouse.start(0.1).stop)
        yield world


def orders_of(systems, count, now=None):
    return sample_orders(VENDOR, [system.code for system in systems], count, now or datetime.now(UTC))


def _furnish(world, system):
    for below in FOLDERS:
        world.folder(system, below).mkdir(parents=True, exist_ok=True)
    copy_preset(system.preset, world.site, system.called)


def _server(world, stack):
    root = world.root / "wms"
    server = SftpServer(root, {"acme": User(password="made-up")}).start()
    stack.callback(server.stop)
    return server


def _credentials(world):
    folder = world.site / "credentials"
    folder.mkdir(mode=0o700)
    (folder / "lwa-secret").write_text(world.amazon.settings.client_secret)
    (folder / "lwa-refresh").write_text(world.amazon.settings.refresh_token)
    (folder / "sftp").write_text("made-up")
    make_master(folder / "master-key")


def _warehouse(world, system):
    settings = replace(system.ways, zone=system.zone, places=PLACES)
    folder = world.folder(system)
    kind = system.preset.removeprefix("plain-")
    return Warehouse(folder / "in/orders", folder / "out", kind, settings, folder / "taken", world.clock.now)


WAITS = {"poll": 0.2, "sweep": 1.0, "settle": 1.0, "every": 0.2, "quiet": 0.2, "wait": 0.1}


def _site(world):
    waits = {name: f"{value:g}s" for name, value in (WAITS | world.waits).items()}
    settings = world.amazon.settings
    head = f"""\
ledger: {world.server.url if world.server else "sqlite:ledger.db"}
amazon:
  us:
    vendor: {VENDOR}
    region: na
    url: {world.amazon.url}
    client_id: {settings.client_id}
    client_secret: {{credential: lwa-secret}}
    refresh_token: {{credential: lwa-refresh}}
    every: {waits["poll"]}
    lag: 0s
    sweep: {waits["sweep"]}
    settle: {waits["settle"]}
wms:
"""
    return head + "".join(_system(world, system, waits) for system in world.systems)


def _system(world, system, waits):
    place = f"{{folder: {world.folder(system).resolve()}}}"
    if system.sftp:
        key = world.host_key or world.sftp.fingerprint
        login = f"user: acme, root: {system.called}, password: {{credential: sftp}}"
        place = f'{{sftp: 127.0.0.1, port: {world.sftp.port}, {login}, host_key: "{key}"}}'
    acks = "\n      out/acks: acks.yaml" if system.when == "file" else ""
    labels = "\n      in/labels: labels.yaml\n    label: {day: accepted}" if system.labels else ""
    orders = "[orders.yaml, cancels.yaml]"
    if system.done:
        orders = f'{{mappings: {orders}, done: "{system.done}"}}'
    return f"""\
  {system.called}:
    warehouses: {{{system.code}: {system.zone}}}
    place: {place}
    to:
      in/orders: {orders}
      in/answers: answers.yaml{labels}
    from:{acks}
      out/ship: ship.yaml
      out/stock: stock.yaml
    acknowledge: {{when: {system.when}}}
    every: {waits["every"]}
    quiet: {waits["quiet"]}
    wait: {waits["wait"]}
{system.more}"""


def clean(root):
    shutil.rmtree(root, ignore_errors=True)
