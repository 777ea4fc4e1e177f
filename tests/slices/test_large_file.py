"""An inventory file of 500 MB (a bounded slice: 200 MB) goes from its folder into the ledger and out again, piece by piece;

and one is read by a mapping, to the bodies that Amazon takes (490 MB, as much as may be; the slice: 25 MB). Each in a
process of its own, so that the most memory it ever had is its own; with a site's ledger, in a local folder.
"""

import json
import subprocess
import sys

import pytest

MOST = 96  # MB more than the process has when it begins
PROGRAM = """
import hashlib, json, resource, sys
from functools import partial
from pathlib import Path
from translator.core.private import Private
from translator.endpoints.files import LocalFiles
from translator.endpoints.folder import Folder
from translator.endpoints.options import Options
from translator.ledger import Ledger
from translator.ledger.keys import ANEW, PLAIN
from translator.service.ports import SystemChance, SystemClock

def peak():
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024

root, clock = Path(sys.argv[1]), SystemClock()
master = partial(Private, "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=")
with Ledger.open(root / "ledger.db", clock, SystemChance(), master=master) as ledger:
    folder = Folder(str(root / "in"), LocalFiles(), clock, Options(quiet=0, most=1 << 40))
    folder.list("")
    (seen,) = folder.list("").complete
    before = peak()
    spooled = ledger.spool(folder.fetch(seen), 1 << 40, PLAIN if sys.argv[2] == "plain" else ANEW)
    with ledger.commit() as book:
        file = book.interchanges.add_in_spooled("wms/out", seen.name, seen.mark, spooled)
    digest = hashlib.sha256()
    with ledger.look() as book:
        for piece in book.bodies.chunks(file.body):
            digest.update(piece)
    same = digest.hexdigest() == spooled.hash
    print(json.dumps([same, spooled.size, peak() - before, (root / "ledger.db").stat().st_size]))
"""

PARSED = """
import json, sys
from pathlib import Path
from benchmarks.reading import held
from benchmarks.snapshots import whole
from translator.documents.kind import kinds
from translator.translation import load

path = Path(sys.argv[1])
with path.open("w") as file:
    file.write("WAREHOUSE,SKU,ASIN,QTY,NOTE\\n")
    for n in range(int(sys.argv[2])):
        file.write(f"EWR1,ACME-{n % 9973:04d}-{n:07d},B0{n:08d},{n % 500},{'x' * 64}\\n")
mapping = Path("benchmarks/mappings/bench/stock-csv.yaml").read_bytes().replace(b"  QTY: ", b"  NOTE: {}\\n  QTY: ")
mapping = load("bench/stock-csv.yaml", mapping, lambda name: None)
kinds()
before = held("VmRSS")
items = sum(body.count(b'"vendorProductIdentifier"') for body in whole(mapping, path))
print(json.dumps([items, path.stat().st_size, (held("VmHWM") - before) // 1024]))
"""


@pytest.mark.parts(bounded=1, deep=1)
def test_a_large_inventory_file_is_read_in_bounded_memory(part, deep, tmp_path, figure):
    lines = 4_750_000 if deep else 240_000
    words = [sys.executable, "-c", PARSED, str(tmp_path / "STOCK.csv"), str(lines)]
    done = subprocess.run(words, capture_output=True, text=True, timeout=900, check=True)
    items, size, more = json.loads(done.stdout)
    figure("MB", size // 1_000_000)
    figure("more memory, MB", more)
    assert items == lines
    assert more < MOST / 4


@pytest.mark.parts(bounded=2, deep=2)
def test_a_large_inventory_file_streams_in_bounded_memory(part, deep, tmp_path, figure):
    size = 500_000_000 if deep else 200_000_000
    (tmp_path / "in").mkdir()
    with (tmp_path / "in/STOCK.csv").open("wb") as file:
        number = 0
        while file.tell() < size:
            file.write(
                b"".join(b"EWR1,SKU-%09d,B0%08d,%05d\r\n" % (n, n, n % 977) for n in range(number, number + 20_000))
            )
            number += 20_000
    words = [sys.executable, "-c", PROGRAM, str(tmp_path), ("plain", "sealed")[part]]
    done = subprocess.run(words, capture_output=True, text=True, timeout=300, check=True)
    same, stored, more, ledger = json.loads(done.stdout)
    figure("MB", stored // 1_000_000)
    figure("more memory, MB", more)
    figure("ledger, MB", ledger // 1_000_000)
    assert same
    assert stored >= size
    assert more < MOST
