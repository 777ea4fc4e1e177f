"""Row 12: a ledger that grows: what a claim and a look at one order cost beside ten thousand orders that ended, and a million.

One SQLite ledger (WAL, FULL) is filled by plain SQL with orders as they lie there when all is over: the order and its
acknowledgement, its file with its bytes, the attempt, what happened. A claim takes a hundred rows of ten routes; only the
act is timed, not the disk. The look is what `translator show order` asks, order by order, by chance. Of each the median; the
least of three rounds, since the ratio is about the ledger and not about what else the machine does.
"""

from __future__ import annotations

import random
import statistics
import tempfile
import time
from collections.abc import Callable, Sequence
from contextlib import closing
from pathlib import Path
from typing import Any, Final

from translator.cli.behind.order import life_in
from translator.config.read import site_of
from translator.config.site import Site
from translator.instance import SITE
from translator.ledger import Ledger, sqlite
from translator.ledger.packed import packed
from translator.service.ports import SystemChance, SystemClock

SIZES: Final = (10_000, 100_000, 1_000_000)
FLAT: Final = 1.3  # the goal: the largest against the smallest
CLAIMED: Final = 100
CLAIMS, LOOKS, ROUNDS = 40, 200, 3
PIECE: Final = 50_000  # orders of one commit
TREE: Final = {"purchaseOrderNumber": "P", "orderDetails": {"orderStatus": "ACCEPTED", "items": [{"amount": "1"}] * 8}}
_SITE: Final = """
ledger: sqlite:ledger.db
amazon:
  us: {vendor: ACMEG, region: na, client_id: none, client_secret: {env: NONE}, refresh_token: {env: NONE}}
wms:
  acme: {warehouses: {EWR1: America/New_York}, place: {folder: wms}}
"""
_EACH: Final = "WITH RECURSIVE n(i) AS (SELECT :first UNION ALL SELECT i + 1 FROM n WHERE i + 1 < :end)"
_KEY: Final = "printf('P%08x', (i * 2654435761) % 4294967296)"  # each once, in no order
_AT: Final = "1700000000.0 + i"
_FILL: Final = (
    f"INSERT INTO body (id, size, hash, named, at) SELECT i, 300, printf('%064x', i), 1, {_AT} FROM n",
    "INSERT INTO chunk (body, number, data) SELECT i, 0, zeroblob(300) FROM n",
    f"""INSERT INTO interchange (id, direction, endpoint, name, hash, size, body, kind, at, settled)
        SELECT i, 'out', 'acme/in/orders', 'ORD-' || {_KEY} || '.csv', printf('%064x', i), 300, i, 'order', {_AT}, {_AT} FROM n""",
    f"""INSERT INTO document (id, kind, account, key, revision, tree, warehouse, records, kept, "end", findings, at, ended)
        SELECT 2 * i, 'order', 'us', {_KEY}, 1, :tree, 'EWR1', :none, :empty, 'accepted', :none, {_AT}, {_AT} FROM n""",
    f"""INSERT INTO document (id, kind, account, key, revision, tree, about, records, kept, "end", findings, at, ended)
        SELECT 2 * i + 1, 'acknowledgement', 'us', {_KEY}, 1, :small, {_KEY}, :none, :empty, 'accepted', :none, {_AT}, {_AT}
        FROM n""",
    "INSERT INTO content (interchange, place, document, round, route) SELECT i, 0, 2 * i, 1, 'acme/in/orders/orders' FROM n",
    f"""INSERT INTO attempt (interchange, number, token, begun, staged, ended, outcome)
        SELECT i, 1, printf('%016x', i), {_AT}, {_AT}, {_AT}, 'sent' FROM n""",
    *(
        f"""INSERT INTO event (at, subject, name, detail, sign)
            SELECT {_AT}, 'us ' || {_KEY}, '{name}', :empty, 'order us ' || {_KEY} || ' {name}' FROM n"""
        for name in ("order known", "order sent", "order taken", "acknowledgement sent", "acknowledgement accepted")
    ),
)


def measured(sizes: Sequence[int], say: Callable[[str], None]) -> list[dict[str, Any]]:
    """Measure a ledger that grows through these sizes."""
    site = site_of(Path(), {SITE: _SITE.encode()}.get, {})
    claims: dict[int, float] = {}
    looks: dict[int, float] = {}
    wrong = filled = 0
    with tempfile.TemporaryDirectory(prefix="growth-") as folder:
        path = Path(folder) / "ledger.db"
        Ledger.open(path, SystemClock(), SystemChance()).close()
        for size in sizes:
            fill(path, filled, size)
            filled = size
            claims[size], looks[size], differing = _measured(site, path, size)
            wrong += differing
            say(
                f"row 12, {size:,} orders: a claim of {CLAIMED} {claims[size]:.0f} µs, an order shown {looks[size]:.0f} µs"
            )
    row: dict[str, Any] = {"row": 12, "what": "beside orders that ended", "orders": list(sizes), "flat within": FLAT}
    for name, took in (("claim", claims), ("show order", looks)):
        row[f"{name} µs"] = [round(one) for one in took.values()]
        row[f"{name} ×"] = round(took[sizes[-1]] / took[sizes[0]], 2)
    return [row | {"differing outputs": wrong}]


def fill(path: Path, first: int, end: int) -> None:
    """Put orders that ended into a ledger that nobody has."""
    values = {
        "tree": packed(TREE),
        "small": packed({"purchaseOrderNumber": "P"}),
        "none": packed([]),
        "empty": packed({}),
    }
    with closing(sqlite.driver().connect(path, isolation_level=None)) as raw:
        raw.execute("PRAGMA synchronous = OFF")
        raw.execute("PRAGMA cache_size = -400000")
        for start in range(first, end, PIECE):
            raw.execute("BEGIN")
            for statement in _FILL:
                used = {name: value for name, value in values.items() if f":{name}" in statement}
                raw.execute(_with(statement), {"first": start + 1, "end": min(start + PIECE, end) + 1, **used})
            raw.execute("COMMIT")
        raw.execute("PRAGMA wal_checkpoint(TRUNCATE)")


def _with(statement: str) -> str:
    into, _, rest = statement.partition(" SELECT ")
    return f"{into} {_EACH} SELECT {rest}"


def _measured(site: Site, path: Path, size: int) -> tuple[float, float, int]:
    """Give microseconds of a claim and of an order that is shown, and how many were not shown whole."""
    dice = random.Random(size)
    keys = [f"P{dice.randint(1, size) * 2654435761 % 4294967296:08x}" for _ in range(LOOKS)]
    with Ledger.open(path, SystemClock(), SystemChance()) as ledger:
        claims = min(_claims(ledger) for _ in range(ROUNDS))
        took = [_looks(site, ledger, keys) for _ in range(ROUNDS)]
    return claims * 1e6, min(median for median, _ in took) * 1e6, sum(wrong for _, wrong in took)


def _claims(ledger: Ledger) -> float:
    took = []
    for number in range(CLAIMS):
        with ledger.commit() as book:
            for row in range(CLAIMED):
                book.work.add("send", f"acme/{row % 10}", f"{number}.{row}")
        with ledger.commit() as book:
            started = time.perf_counter()
            rows = book.work.claim(CLAIMED, 60.0)
            took.append(time.perf_counter() - started)
            for claimed in rows:
                book.work.end(claimed)
    return statistics.median(took)


def _looks(site: Site, ledger: Ledger, keys: Sequence[str]) -> tuple[float, int]:
    took, wrong = [], 0
    with ledger.look() as book:
        for key in keys:
            started = time.perf_counter()
            life = life_in(site, book, "us", key)
            took.append(time.perf_counter() - started)
            wrong += (len(life["documents"]), len(life["files"]), len(life["timeline"])) != (2, 1, 5)
    return statistics.median(took), wrong
