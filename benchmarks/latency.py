"""Row 10: one order at a time through an idle service: from the done-file that says it is there to the one that says it

is published. The pump as the service runs it, in a thread of its own, woken by file events alone; SQLite (WAL, FULL); real
folders; each file fsynced, renamed without overwriting; each step a commit. Between two orders it falls idle again. The
one thing arranged: the order comes as a file of what getOrders answers (as in road.py), so that no network is measured.
"""

from __future__ import annotations

import random
import shutil
import statistics
import tempfile
import threading
import time
from collections.abc import Callable
from contextlib import closing
from functools import partial
from pathlib import Path
from typing import Any, Final

from benchmarks.floors import HERE, to_csv
from benchmarks.orders import ZONES, encoded, pages, trees
from benchmarks.road import SITE, arranged
from translator.config.read import read_site
from translator.core.ports import NoFaults
from translator.endpoints.options import Options
from translator.endpoints.porter.folder import PortedFolder
from translator.endpoints.watch import Watch
from translator.ledger.ledger import Ledger
from translator.ledger.moves import Moves
from translator.service import master, memory, places, whereabouts
from translator.service.porter import porter
from translator.service.ports import SystemChance, SystemClock
from translator.stations.errand import House
from translator.stations.pump import Pump

ORDERS: Final = 300
FIRST: Final = 5  # orders that warm it, not counted
MEDIAN: Final = 60.0  # milliseconds: the goal of the median
HIGH: Final = 250.0  # and of the 99th percentile
LOOK: Final = 0.0005  # seconds between looks for the done-file
PATIENCE: Final = 20.0
IDLE: Final = (0.05, 0.35)  # seconds between one order and the next, by chance


def measured(count: int, say: Callable[[str], None]) -> list[dict[str, Any]]:
    """Measure so many orders, one by one."""
    with tempfile.TemporaryDirectory(prefix="latency-") as folder:
        took, wrong = _taken(Path(folder), count)
    high = sorted(took)[max(0, round(len(took) * 0.99) - 1)]
    row: dict[str, Any] = {
        "row": 10,
        "what": "one order, idle service, done-file to done-file",
        "orders": count,
        "median ms": round(statistics.median(took), 1),
        "median at most": MEDIAN,
        "p99 ms": round(high, 1),
        "p99 at most": HIGH,
        "differing outputs": wrong,
    }
    say(f"row 10: median {row['median ms']} ms, p99 {row['p99 ms']} ms of {count} orders")
    return [row]


def _taken(folder: Path, count: int) -> tuple[list[float], int]:
    """Give the milliseconds of each order, and how many files are not what a floor writes."""
    for name in ("in", "out"):
        (folder / name).mkdir()
    shutil.copytree(HERE / "mappings" / "bench", folder / "mappings" / "bench")
    zones = ", ".join(f"{code}: {zone}" for code, zone in ZONES.items())
    text = SITE.format(zones=zones, mapping="orders-csv")
    text = text.replace("{out: orders-csv.yaml}", '{out: {mappings: orders-csv.yaml, done: "{stem}.ok"}}')
    (folder / "translator.yaml").write_text(text)
    clock, chance = SystemClock(), SystemChance()
    site = arranged(read_site(folder))
    where = whereabouts.ledger_of(site)
    master.begin(site)
    with (
        Ledger.open(where, clock, chance, master=master.master_of(site)) as ledger,
        closing(Moves.open(where, clock)) as moves,
        closing(porter()) as carrying,
    ):
        endpoints = places.endpoints_of(site, clock, porter=carrying)
        endpoints["bench/in"] = PortedFolder(carrying, str(folder / "in"), Options(quiet=0, done="{stem}.ok"))
        pump = Pump(House(site, endpoints, clock, chance, NoFaults()), ledger, moves)
        pump.open()
        memory.settled()
        stop = threading.Event()
        loop = threading.Thread(target=pump.run, args=(stop.is_set, lambda: None))
        loop.start()
        watch = Watch({str(folder / "in"): partial(pump.wake, "bench/in")})
        watch.start()
        try:
            return _one_by_one(folder, count)
        finally:
            watch.stop()
            stop.set()
            loop.join()
            places.close(endpoints.values())


def _one_by_one(folder: Path, count: int) -> tuple[list[float], int]:
    dice, took, wrong = random.Random(10), [], 0
    orders = zip(pages(count + FIRST, 1), trees(count + FIRST), strict=True)
    for number, (page, tree) in enumerate(orders):
        name, data = to_csv(encoded(tree))
        time.sleep(dice.uniform(*IDLE))
        seconds = _published(folder, f"page-{number:05d}", page, Path(name).stem)
        if number >= FIRST:
            took.append(seconds * 1000)
            wrong += (folder / "out" / name).read_bytes() != data
    return took, wrong


def _published(folder: Path, stem: str, page: bytes, expected: str) -> float:
    """Lay one order and its done-file; give the seconds until the done-file of what was published is there."""
    (folder / "in" / f"{stem}.json").write_bytes(page)
    done = folder / "out" / f"{expected}.ok"
    start = time.perf_counter()
    (folder / "in" / f"{stem}.ok").write_bytes(b"")
    while not done.exists():
        if time.perf_counter() - start > PATIENCE:
            raise TimeoutError(f"{expected} was not published in {PATIENCE:g} s")
        time.sleep(LOOK)
    return time.perf_counter() - start
