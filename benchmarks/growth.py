"""Row 12: a ledger that grows: what a claim and a look at one order cost beside ten thousand orders that ended, and a million.

SQLite ledgers (WAL, FULL) of several sizes are filled by plain SQL with orders as they lie there when all is over: the order
and its acknowledgement, its file with its bytes, the attempt, what happened. A claim takes a hundred rows of ten routes; only
the act is timed, not the disk. The look is what `translator show order` asks, order by order, by chance. The ledgers take
turns, act by act; of each round the medians and their ratio, of all rounds the median.
"""

from __future__ import annotations

import random
import statistics
import tempfile
import time
from collections.abc import Callable, Sequence
from contextlib import ExitStack, closing
from dataclasses import dataclass
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
CLAIMS, LOOKS, ROUNDS = 40, 200, 5
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


@dataclass(frozen=True)
class Grown:
    size: int  # orders that ended
    ledger: Ledger


def measured(sizes: Sequence[int], say: Callable[[str], None]) -> list[dict[str, Any]]:
    """Measure ledgers of these sizes, in turn."""
    site = site_of(Path(), {SITE: _SITE.encode()}.get, {})
    with tempfile.TemporaryDirectory(prefix="growth-") as folder, ExitStack() as stack:
        grown = [_grown(Path(folder) / str(size), size, stack, say) for size in sizes]
        rounds = [_round(site, grown, number, say) for number in range(ROUNDS)]
    row: dict[str, Any] = {"row": 12, "what": "beside orders that ended", "orders": list(sizes), "flat within": FLAT}
    for name, place in (("claim", 0), ("show order", 1)):
        took = [one[place] for one in rounds]
        row[f"{name} µs"] = [round(statistics.median(times) * 1e6) for times in zip(*took, strict=True)]
        row[f"{name} ×"] = round(statistics.median(times[-1] / times[0] for times in took), 2)
    return [row | {"differing outputs": sum(wrong for _, _, wrong in rounds)}]


def _grown(folder: Path, size: int, stack: ExitStack, say: Callable[[str], None]) -> Grown:
    folder.mkdir()  # of its own: a service takes all of it
    path = folder / "ledger.db"
    Ledger.open(path, SystemClock(), SystemChance()).close()
    fill(path, 0, size)
    say(f"row 12: a ledger of {size:,} orders")
    return Grown(size, stack.enter_context(Ledger.open(path, SystemClock(), SystemChance())))


def _round(
    site: Site, grown: Sequence[Grown], number: int, say: Callable[[str], None]
) -> tuple[list[float], list[float], int]:
    """Give what a claim and a look took in each ledger, in seconds, and how many orders were not shown whole."""
    claims: dict[int, list[float]] = {one.size: [] for one in grown}
    looks: dict[int, list[float]] = {one.size: [] for one in grown}
    wrong = 0
    for turn in range(CLAIMS):
        for one in _in_turn(grown, turn):
            claims[one.size].append(_claim(one.ledger, f"{number}.{turn}"))
    dice = random.Random(number)
    for turn in range(LOOKS):
        for one in _in_turn(grown, turn):
            seconds, differs = _look(site, one, dice)
            looks[one.size].append(seconds)
            wrong += differs
    took = [[statistics.median(times[one.size]) for one in grown] for times in (claims, looks)]
    told = (", ".join(f"{seconds * 1e6:.0f}" for seconds in times) for times in took)
    say("row 12, round {}: a claim of {} {} µs, an order shown {} µs".format(number + 1, CLAIMED, *told))
    return *took, wrong


def _in_turn(grown: Sequence[Grown], turn: int) -> Sequence[Grown]:
    """Begin with another one each time."""
    first = turn % len(grown)
    return [*grown[first:], *grown[:first]]


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


def _claim(ledger: Ledger, called: str) -> float:
    with ledger.commit() as book:
        for row in range(CLAIMED):
            book.work.add("send", f"acme/{row % 10}", f"{called}.{row}")
    with ledger.commit() as book:
        started = time.perf_counter()
        rows = book.work.claim(CLAIMED, 60.0)
        took = time.perf_counter() - started
        for claimed in rows:
            book.work.end(claimed)
    return took


def _look(site: Site, grown: Grown, dice: random.Random) -> tuple[float, bool]:
    key = f"P{dice.randint(1, grown.size) * 2654435761 % 4294967296:08x}"
    with grown.ledger.look() as book:
        started = time.perf_counter()
        life = life_in(site, book, "us", key)
        took = time.perf_counter() - started
    return took, (len(life["documents"]), len(life["files"]), len(life["timeline"])) != (2, 1, 5)
