"""Very many files at once: each is processed once, and a backlog drains at an even pace.

In full 120,000 files, written while the service runs: some in place, some renamed into it.
"""

import resource
import threading
import time
from collections import Counter
from contextlib import ExitStack
from dataclasses import replace
from functools import partial

import pytest

from tests.road.conftest import LOCAL
from tests.road.road import Road
from tests.road.warm import remember_mappings
from tests.world import world_of
from translator.endpoints.looks import Entry, Kind, Looks
from translator.endpoints.options import Options
from translator.endpoints.watch import Watch
from translator.simulator.orders import CATALOGUE

remember_mappings()
STOCK = f"{LOCAL.called}/out/stock"
KNOWN = CATALOGUE[0].asin  # Amazon takes the levels
LISTED = 200_000
STORED = "SELECT count(*) FROM interchange WHERE direction = 'in'"
UNREAD = "SELECT count(*) FROM work WHERE station = 'read'"
READ = "SELECT count(*) FROM document WHERE kind = 'inventory_update'"


@pytest.mark.parts(bounded=2, deep=2)
def test_each_file_of_a_burst_is_processed_once(part, deep, figure, tmp_path):
    count, dispose = 120_000 if deep else 4_000, ("archive", "leave")[part]
    system = replace(LOCAL, more=f"    dispose: {dispose}\n")
    with world_of(tmp_path / "world", (system,), 0, working=False) as world, ExitStack() as stack:
        world.write_site(poll=100_000, sweep=200_000, settle=5, every=1, quiet=1, wait=1)
        road, folder = Road(world), world.folder(LOCAL, "out/stock")
        stack.callback(road.close)
        watch = Watch({str(folder): partial(road.pump.wake, STOCK)})
        watch.start()
        stack.callback(watch.stop)
        writer = threading.Thread(target=lambda: [_lay(folder, number) for number in range(count)])
        began = time.monotonic()
        writer.start()
        stands = list(_drained(road, (count, 0, 0 if dispose == "archive" else count)))
        took = time.monotonic() - began
        names, read = _asked(road, "SELECT name FROM interchange WHERE direction = 'in'"), _asked(road, READ)
    figure("files", count)
    figure("dispose", dispose)
    figure("drained", f"{took:.1f} s, {count / took:.0f} files/s")
    figure("pace", [stored for stored, _, _ in stands][:: max(1, len(stands) // 10)])
    figure("memory", f"{resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024} MB")
    assert Counter(names) == {f"STOCK{number:06}.csv": 1 for number in range(count)}
    assert read == [count]


def _lay(folder, number):
    """Write a file as some do, in place; others rename it."""
    path = folder / f"STOCK{number:06}.csv"
    first = path if number % 2 else path.with_suffix(".tmp")
    first.write_text(f"WAREHOUSE,SKU,ASIN,QTY\nEWR1,SKU{number % 1000},{KNOWN},{number}\n")
    first.rename(path)


def _drained(road, wanted):
    """Go on until all is done; give every two seconds how many are stored, wait to be read, and lie in the folder."""
    stands = None
    while stands != wanted:
        pause = time.monotonic() + 2
        while time.monotonic() < pause:
            road.step()
        lie = len(road.world.visible(LOCAL, "out/stock"))
        stands = (*_asked(road, STORED), *_asked(road, UNREAD), lie)
        yield stands


def _asked(road, query):
    with road.look() as book:
        return list(book._connection.exec_driver_sql(query).scalars())


@pytest.mark.parts(bounded=2, deep=2)
def test_a_listing_of_200_000_files_is_looked_through_in_seconds(part, figure):
    form = ("", "{stem}.ok")[part]
    looks = Looks(Options(quiet=10, done=form))
    entries = [_entry(number, ".csv") for number in range(LISTED)]
    entries += [_entry(number, ".ok") for number in range(LISTED if form else 0)]
    for look in range(3):
        began = time.process_time()
        listing = looks.listing(entries, 1000.0 + 10 * look, "")
        figure(f"look {look + 1}", f"{time.process_time() - began:.2f} s")
        assert time.process_time() - began < 10
        assert len(listing.complete if look else listing.waiting) == LISTED


def _entry(number, ending):
    return Entry(f"SHIP{number:06}{ending}", Kind.FILE, 300, float(number), f"300 {number}", 1, number)
