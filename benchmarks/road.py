"""Rows 3 and 4: a folder of JSON files → ledger → a folder of CSV files, with every promise kept.

The real pump over a real ledger (SQLite, WAL, FULL) and real folders: collect, read, write, send, settle; each file
fsynced, renamed without overwriting, its folder fsynced; each step a commit. A batch does not wait for more orders:
what is there goes. The one thing arranged: the source is a
folder that holds what getOrders answers, since there is no mapping yet that reads orders; it is archived afterwards.
"""

from __future__ import annotations

import shutil
from collections.abc import Sequence
from contextlib import closing
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final

from benchmarks.floors import HERE
from benchmarks.orders import ZONES
from translator.config.read import read_site
from translator.config.site import Site, Source
from translator.core.ports import NoFaults
from translator.endpoints.options import Options
from translator.endpoints.porter.folder import PortedFolder
from translator.ledger.ledger import Ledger
from translator.ledger.moves import Moves
from translator.service import master, memory, places, whereabouts
from translator.service.porter import porter
from translator.service.ports import SystemChance, SystemClock
from translator.stations.errand import House
from translator.stations.pump import Pump

SITE: Final = """
ledger: sqlite:ledger.db
amazon:
  us: {{vendor: ACMEG, region: na, client_id: none, client_secret: {{env: NONE}}, refresh_token: {{env: NONE}}}}
wms:
  bench:
    warehouses: {{{zones}}}
    place: {{folder: .}}
    to: {{out: {mapping}.yaml}}
    settled: sent
    wait: 0s
"""


@dataclass(frozen=True, slots=True)
class Run:
    """What came out, by name, and how long it took from the first look to the commit that ended the last order."""

    files: dict[str, bytes]
    seconds: float
    ended: int  # orders that were sent, which ends them here


def lay(folder: Path, pages: Sequence[bytes]) -> None:
    """Make a folder with `in` (the pages) and `out` (empty)."""
    for name in ("in", "out"):
        (folder / name).mkdir(parents=True)
    for number, page in enumerate(pages):
        (folder / "in" / f"page-{number:04d}.json").write_bytes(page)


def results(folder: Path) -> dict[str, bytes]:
    """Give the files a WMS would see."""
    return {path.name: path.read_bytes() for path in (folder / "out").iterdir() if not path.name.startswith(".")}


def travel(folder: Path, mapping: str = "orders-csv") -> Run:
    """Run the road once over a folder that `lay` made, by one of the mappings of `bench`."""
    shutil.copytree(HERE / "mappings" / "bench", folder / "mappings" / "bench")
    zones = ", ".join(f"{code}: {zone}" for code, zone in ZONES.items())
    (folder / "translator.yaml").write_text(SITE.format(zones=zones, mapping=mapping))
    clock, chance = SystemClock(), SystemChance()
    site = arranged(read_site(folder))
    path = whereabouts.ledger_of(site)
    master.begin(site)
    with (
        Ledger.open(path, clock, chance, master=master.master_of(site)) as ledger,
        closing(Moves.open(path, clock)) as moves,
        closing(porter()) as carrying,
    ):
        endpoints = places.endpoints_of(site, clock, porter=carrying)
        endpoints["bench/in"] = source = PortedFolder(carrying, str(folder / "in"), Options(quiet=0))
        pump = Pump(House(site, endpoints, clock, chance, NoFaults()), ledger, moves)
        pump.open()
        source.temporaries()  # the porter has begun
        memory.settled()
        start = clock.now().timestamp()
        pump.once()
        places.close(endpoints.values())
        with ledger.look() as book:
            sent = [event.at for event in book.events.since(0, 1_000_000) if event.name == "order sent"]
    return Run(results(folder), max(sent) - start, len(sent))


def arranged(site: Site) -> Site:
    """Collect one folder of Amazon's JSON instead of Amazon; the WMS acknowledges by files, so we do not."""
    source = Source("bench/in", "us", "us", (), "bench/in", 3600.0)
    systems = {name: replace(system, when="file") for name, system in site.systems.items()}
    return replace(site, sources=(source,), systems=systems)
