"""Rows 3 and 4 measured, alone or beside Bots: each run in a fresh folder and a fresh process, in turn.

The folders are removed when all is measured: for minutes ext4 goes past each file that was deleted to find room for
a new one, so that who comes next would pay for who was there before.
"""

from __future__ import annotations

import csv
import io
import json
import statistics
import subprocess
import sys
import tempfile
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from benchmarks import road
from benchmarks.floors import COLUMNS, HERE, to_csv
from benchmarks.orders import encoded, pages, trees

BOTS: Final = "bots-ediint 3.3.1"
OURS: Final = "translator"
HEADER: Final = tuple(COLUMNS)
Files = Mapping[str, bytes]
Rows = list[tuple[str, ...]]


@dataclass(frozen=True, slots=True)
class Trip:
    """What is measured as one row: so many orders in a file; our mapping; Bots and how it is set up; the goal."""

    row: int
    each: int
    mapping: str
    bots: Mapping[str, str]  # name in the results -> what bots_orders.py is asked for
    goal: float | None = None  # times as fast as the first of `bots`
    variant: str = ""
    batch: bool = False  # a file out for a file in; otherwise a file out per order


TRIPS: Final = (
    Trip(3, 1, "orders-csv", {BOTS: "orders"}, 5.0),
    Trip(
        4, 100, "orders-csv-batch", {BOTS: "merged", f"{BOTS}, a file as one message": "pages"}, 15.0, batch=True
    ),
    Trip(4, 100, "orders-csv", {BOTS: "orders"}, variant="one file per order"),
)  # fmt: skip


def measured(
    count: int, rounds: int, peer: str, say: Callable[[str], None], rows: set[int] | None = None
) -> list[dict[str, Any]]:
    """Measure the trips of these rows (all, where none is named)."""
    expected = dict(to_csv(encoded(tree)) for tree in trees(count))
    asked = [trip for trip in TRIPS if rows is None or trip.row in rows]
    with tempfile.TemporaryDirectory(prefix="bench-") as home:
        return [_row(trip, Path(home), expected, rounds, peer, say) for trip in asked]


def _row(trip: Trip, home: Path, expected: Files, rounds: int, peer: str, say: Callable[[str], None]) -> dict[str, Any]:
    laid = pages(len(expected), trip.each)
    contenders = {OURS: ours(trip.mapping)} | {name: by_peer(peer, how) for name, how in trip.bots.items() if peer}
    took: dict[str, list[float]] = {name: [] for name in contenders}
    differ: dict[str, int] = dict.fromkeys(contenders, 0)
    for number in range(rounds):
        for name, run in contenders.items():
            say(f"row {_label(trip)}, round {number + 1}: {name}")
            folder = Path(tempfile.mkdtemp(dir=home))
            road.lay(folder, laid)
            took[name].append(run(folder))
            found = road.results(folder)
            if trip.batch:
                differ[name] += differing_rows(found, expected, len(laid), exact=name == OURS)
            else:
                differ[name] += differing(found, expected, exact=name == OURS)
    return _told(trip, len(laid), len(expected), took, differ)


def _label(trip: Trip) -> str:
    return f"{trip.row} ({trip.variant})" if trip.variant else str(trip.row)


def _told(trip: Trip, files: int, count: int, took: dict[str, list[float]], differ: dict[str, int]) -> dict[str, Any]:
    each = count // files
    out = f"{files:,} files of {each}" if trip.batch else f"{count:,} files"
    found: dict[str, Any] = {
        "row": trip.row,
        "variant": trip.variant,
        "what": f"{files:,} files of {each} → ledger → {out}",
        "orders": count,
        "differing outputs": differ,
        "orders per second": {name: round(count / statistics.median(seconds), 1) for name, seconds in took.items()},
    }
    if BOTS in took:
        found |= {"times as fast": _times(took, BOTS), "goal": trip.goal}
        found |= {f"times as fast as {name}": _times(took, name) for name in took if name not in (OURS, BOTS)}
    return found


def _times(took: dict[str, list[float]], name: str) -> float:
    return round(statistics.median(theirs / our for our, theirs in zip(took[OURS], took[name], strict=True)), 1)


def ours(mapping: str) -> Callable[[Path], float]:
    """Run the road in a process of its own."""
    return lambda folder: _seconds([sys.executable, "-m", "benchmarks.travel", str(folder), mapping])


def by_peer(python: str, how: str) -> Callable[[Path], float]:
    """Run Bots with the Python of its own environment."""
    return lambda folder: _seconds([python, str(HERE / "peers" / "bots_orders.py"), str(folder), how])


def _seconds(command: Sequence[str]) -> float:
    done = subprocess.run(command, capture_output=True, text=True, cwd=HERE.parent, check=False)
    if done.returncode:
        raise SystemExit(f"{command[0]} ended with {done.returncode}:\n{done.stderr[-2000:]}")
    return float(json.loads(done.stdout.splitlines()[-1])["seconds"])


def differing(found: Files, expected: Files, *, exact: bool) -> int:
    """Count files that are not as they should be: byte by byte, or cell by cell where another chooses its quotes.

    Bots takes blanks off the ends of what it writes: blanks there do not count as a difference.
    """
    view: Callable[[bytes], Any] = bytes if exact else _stripped
    names = found.keys() | expected.keys()
    return sum(name not in found or name not in expected or view(found[name]) != view(expected[name]) for name in names)


def differing_rows(found: Files, expected: Files, files: int, *, exact: bool) -> int:
    """Count rows that are in one and not in the other, whichever file they stand in, and files too many or too few.

    A row that is there twice counts twice; the lines that name the columns do not count.
    """
    view = _cells if exact else _stripped
    have, want = _data(found, view), _data(expected, view)
    return ((have - want) + (want - have)).total() + abs(len(found) - files)


def _data(files: Files, view: Callable[[bytes], Rows]) -> Counter[tuple[str, ...]]:
    return Counter(row for data in files.values() for row in view(data) if row != HEADER)


def _cells(data: bytes) -> Rows:
    return [tuple(row) for row in csv.reader(io.StringIO(data.decode(), newline=""))]


def _stripped(data: bytes) -> Rows:
    return [tuple(cell.strip() for cell in row) for row in _cells(data)]


def main() -> None:
    """Run the road once in a folder, as `ours` asks; an order went before, as in a service that runs."""
    with tempfile.TemporaryDirectory(prefix="bench-") as before:
        road.lay(Path(before), pages(1, 1))
        road.travel(Path(before), *sys.argv[2:])
    print(json.dumps({"seconds": road.travel(Path(sys.argv[1]), *sys.argv[2:]).seconds}))


if __name__ == "__main__":
    main()
