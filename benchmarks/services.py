"""Row 11: one, two and four services on one PostgreSQL ledger send to one SFTP server that is far away (20 ms).

Real `translator run` processes, a real PostgreSQL (fsync on), a real OpenSSH server behind `delay.py`. Each service does
one thing at a time over its connection (`each: 1`), so that the network is what is waited for, not one of two cores. The
orders are written before, behind a closed door; then it opens. The first tenth warms it: connecting and logging in are not
measured. The time runs from then to the last *sent*.
"""

from __future__ import annotations

import os
import resource
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from benchmarks.delivered import HALF
from benchmarks.floors import HERE, to_csv
from benchmarks.orders import ZONES, encoded, pages, trees
from benchmarks.road import arranged
from tests import postgres
from tests.endpoints import sftp_sshd
from translator.config.read import read_site
from translator.core.door import FAILURES, LONGEST, Door
from translator.core.ports import NoFaults
from translator.endpoints.files import LocalFiles
from translator.endpoints.folder import Folder
from translator.endpoints.options import Options
from translator.ledger.ledger import Ledger
from translator.ledger.moves import Moves
from translator.service import environment, master, places, whereabouts
from translator.service.ports import SystemChance, SystemClock
from translator.stations.errand import House
from translator.stations.pump import Pump

ORDERS: Final = 300
SERVICES: Final = (1, 2, 4)
GOALS: Final = {2: 1.6, 4: 2.2}  # times one service
EACH: Final = 1
LANE: Final = "bench/place"
WARM: Final = 10  # one in so many
PATIENCE: Final = 120.0
SITE: Final = """
ledger: {ledger}
amazon:
  us:
    {{vendor: ACMEG, region: na, client_id: none, client_secret: {{env: NONE}}, refresh_token: {{env: NONE}}}}
wms:
  bench:
    warehouses: {{{zones}}}
    place:
      sftp: 127.0.0.1
      port: {port}
      user: {user}
      key: {{file: {key}}}
      host_key: "{host_key}"
      root: {root}
      calls: {calls}
      each: {each}
    to: {{out: orders-csv.yaml}}
    settled: sent
    wait: 0s
"""


@dataclass(frozen=True, slots=True)
class Run:
    """How long it took, how many files were not as they should be, and the services' processor time."""

    seconds: float
    wrong: int
    processor: float


def measured(count: int, rounds: int, say: Callable[[str], None]) -> list[dict[str, Any]]:
    """Measure so many orders by each number of services; none where a server is missing."""
    if not (sftp_sshd.installed() and postgres.programs()):
        say("row 11: no OpenSSH server or no PostgreSQL here (apt-get install openssh-server postgresql)")
        return []
    runs: dict[int, list[Run]] = {services: [] for services in SERVICES}
    with ExitStack() as held:
        home = Path(held.enter_context(tempfile.TemporaryDirectory(prefix="services-")))
        sshd = sftp_sshd.start(home)
        held.callback(sshd.stop)
        port = held.enter_context(_delayed(sshd.port))
        server = held.enter_context(postgres.server(fsync=True))
        for number in range(rounds):
            for services in SERVICES if number % 2 == 0 else reversed(SERVICES):
                with tempfile.TemporaryDirectory(dir=home) as folder:
                    run = _run(Path(folder), sshd, port, server.fresh().url, services, count)
                say(f"row 11, round {number + 1}: {services} services, {run.seconds:.1f} s")
                runs[services].append(run)
    return [_row(runs, count)]


def _row(runs: dict[int, list[Run]], count: int) -> dict[str, Any]:
    alone = runs[SERVICES[0]]
    return {
        "row": 11,
        "what": f"{count:,} files, 20 ms, one at a time for each service",
        "services": list(SERVICES),
        "files per second": [
            round((count - count // WARM - 1) / statistics.median(one.seconds for one in runs[n]), 1) for n in SERVICES
        ],
        "times one": [
            round(statistics.median(one.seconds / more.seconds for one, more in zip(alone, runs[n], strict=True)), 2)
            for n in SERVICES
        ],
        "goals": [GOALS.get(n, 1.0) for n in SERVICES],
        "ms of processor a file": [
            round(statistics.median(one.processor for one in runs[n]) / count * 1000, 1) for n in SERVICES
        ],
        "differing outputs": sum(one.wrong for some in runs.values() for one in some),
    }


def _run(folder: Path, sshd: sftp_sshd.Sshd, port: int, ledger: str, services: int, count: int) -> Run:
    _lay(folder, sshd, port, ledger, count)
    clock, chance = SystemClock(), SystemChance()
    site = read_site(folder)
    where = whereabouts.ledger_of(site)
    master.make(folder / "credentials" / "master-key")
    with Ledger.open(where, clock, chance, master=master.master_of(site)) as book:
        environment.enter(book, site)
        _write(folder, book)
        with _services(folder, services) as took:
            _until(lambda: _alive(book) > services, "not all services began")
            if _sent(book):
                raise ValueError("the door did not hold until all services had begun")
            with book.commit() as commit:
                commit.lanes.stand(LANE, Door())
            _until(lambda: len(_sent(book)) == count, "not all was sent")
        ended = _sent(book)
    found = {path.name: path.read_bytes() for path in (folder / "out").iterdir() if path.name[0] != "."}
    expected = dict(to_csv(encoded(tree)) for tree in trees(count))
    names = found.keys() | expected.keys()
    return Run(ended[-1] - ended[count // WARM], sum(found.get(name) != expected.get(name) for name in names), took[0])


def _lay(folder: Path, sshd: sftp_sshd.Sshd, port: int, ledger: str, count: int) -> None:
    """Make a site, its warehouse's folder, and one of what Amazon's answers hold."""
    for name in ("in", "out"):
        (folder / name).mkdir()
    for number, page in enumerate(pages(count, 100)):
        (folder / "in" / f"page-{number:04d}.json").write_bytes(page)
    shutil.copytree(HERE / "mappings" / "bench", folder / "mappings" / "bench")
    shutil.copy(sshd.home / "user_ed25519", folder / "key")
    said = {
        "ledger": ledger,
        "zones": ", ".join(f"{code}: {zone}" for code, zone in ZONES.items()),
        "port": port,
        "user": sshd.settings.user,
        "key": folder / "key",
        "host_key": sshd.fingerprint(),
        "root": folder,
        "calls": EACH * max(SERVICES),
        "each": EACH,
    }
    (folder / "translator.yaml").write_text(SITE.format(**said))


def _write(folder: Path, ledger: Ledger) -> None:
    """Write all files into the ledger; the warehouse's door is closed."""
    clock, chance = SystemClock(), SystemChance()
    site = arranged(read_site(folder))
    endpoints = places.endpoints_of(site, clock)
    endpoints["bench/in"] = Folder(str(folder / "in"), LocalFiles(), clock, Options(quiet=0))
    with ledger.commit() as book:
        # no longer than a door ever stays closed: what is longer counts as closed by a clock that was ahead
        book.lanes.stand(LANE, Door(FAILURES, since=book.now, closed=book.now + LONGEST, reason="not yet"))
    with closing(Moves.open(whereabouts.ledger_of(site), clock)) as moves:
        pump = Pump(House(site, endpoints, clock, chance, NoFaults()), ledger, moves)
        pump.open()
        pump.once()
    places.close(endpoints.values())


@contextmanager
def _services(folder: Path, services: int) -> Iterator[list[float]]:
    """Run so many; afterwards the list has the processor time of all of them."""
    command = [sys.executable, "-m", "translator", "run", "--site", str(folder)]
    environ = {**os.environ, "NONE": "none", "PYTHONPATH": str(HERE.parent)}
    took: list[float] = []
    with (folder / "log").open("wb") as log:
        before = _used()
        running = [subprocess.Popen(command, env=environ, stdout=log, stderr=log) for _ in range(services)]
        try:
            yield took
        finally:
            for one in running:
                one.terminate()
            for one in running:
                one.wait(60)
            took.append(_used() - before)


def _used() -> float:
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def _alive(ledger: Ledger) -> int:
    ledger.alive()  # we are one of them
    with ledger.look() as book:
        return len(book.workers.alive())


def _sent(ledger: Ledger) -> Sequence[float]:
    """Give when each was sent."""
    query = "SELECT ended FROM attempt WHERE outcome = 'sent' ORDER BY ended"
    with ledger.look() as book:
        return book.connection.exec_driver_sql(query).scalars().all()


def _until(true: Callable[[], bool], what: str) -> None:
    end = time.monotonic() + PATIENCE
    while not true():
        if time.monotonic() > end:
            raise TimeoutError(f"{what} in {PATIENCE:g} s")
        time.sleep(0.2)


@contextmanager
def _delayed(port: int) -> Iterator[int]:
    command = [sys.executable, "-m", "benchmarks.delay", str(port), str(HALF)]
    proxy = subprocess.Popen(command, stdout=subprocess.PIPE, text=True, cwd=HERE.parent)
    try:
        yield int(proxy.stdout.readline()) if proxy.stdout else 0
    finally:
        proxy.terminate()
        proxy.wait(10)
