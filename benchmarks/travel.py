"""Rows 3 and 4 measured, alone or beside Bots: each run in a fresh folder and a fresh process, in turn."""

from __future__ import annotations

import csv
import io
import json
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, Final

from benchmarks import road
from benchmarks.floors import HERE, to_csv
from benchmarks.orders import encoded, pages, trees

GOALS: Final = {3: 5.0, 4: 15.0}  # times as fast as Bots
TABLE: Final = "bots-ediint 3.3.1"


def measured(count: int, rounds: int, peer: str, say: Callable[[str], None]) -> list[dict[str, Any]]:
    """Measure 1 order per file, then 100."""
    expected = dict(to_csv(encoded(tree)) for tree in trees(count))
    return [_row(row, pages(count, each), expected, rounds, peer, say) for row, each in ((3, 1), (4, 100))]


def _row(
    row: int, laid: Sequence[bytes], expected: dict[str, bytes], rounds: int, peer: str, say: Callable[[str], None]
) -> dict[str, Any]:
    contenders: dict[str, Callable[[Path], float]] = {"translator": ours} | ({TABLE: by_peer(peer)} if peer else {})
    took: dict[str, list[float]] = {name: [] for name in contenders}
    differ: dict[str, int] = dict.fromkeys(contenders, 0)
    for number in range(rounds):
        for name, run in contenders.items():
            say(f"row {row}, round {number + 1}: {name}")
            with tempfile.TemporaryDirectory(prefix="bench-") as folder:
                road.lay(Path(folder), laid)
                took[name].append(run(Path(folder)))
                differ[name] += _differing(road.results(Path(folder)), expected, exact=name == "translator")
    return _told(row, laid, len(expected), took, differ)


def _told(
    row: int, laid: Sequence[bytes], count: int, took: dict[str, list[float]], differ: dict[str, int]
) -> dict[str, Any]:
    found = {
        "row": row,
        "what": f"{len(laid):,} files of {count // len(laid)} → ledger → {count:,} files",
        "orders": count,
        "differing outputs": differ,
        "orders per second": {name: round(count / statistics.median(seconds), 1) for name, seconds in took.items()},
    }
    if TABLE in took:
        times = [theirs / our for our, theirs in zip(took["translator"], took[TABLE], strict=True)]
        found |= {"times as fast": round(statistics.median(times), 1), "goal": GOALS[row]}
    return found


def ours(folder: Path) -> float:
    """Run the road in a process of its own."""
    return _seconds([sys.executable, "-m", "benchmarks.travel", str(folder)])


def by_peer(python: str) -> Callable[[Path], float]:
    """Run Bots with the Python of its own environment."""
    return lambda folder: _seconds([python, str(HERE / "peers" / "bots_orders.py"), str(folder)])


def _seconds(command: Sequence[str]) -> float:
    done = subprocess.run(command, capture_output=True, text=True, cwd=HERE.parent, check=False)
    if done.returncode:
        raise SystemExit(f"{command[0]} ended with {done.returncode}:\n{done.stderr[-2000:]}")
    return float(json.loads(done.stdout.splitlines()[-1])["seconds"])


def _differing(found: dict[str, bytes], expected: dict[str, bytes], *, exact: bool) -> int:
    """Count files that are not as they should be: byte by byte, or cell by cell where another chooses its quotes.

    Bots takes blanks off the ends of what it writes: blanks there do not count as a difference.
    """
    view: Callable[[bytes], Any] = bytes if exact else _cells
    names = found.keys() | expected.keys()
    return sum(name not in found or name not in expected or view(found[name]) != view(expected[name]) for name in names)


def _cells(data: bytes) -> list[list[str]]:
    return [[cell.strip() for cell in row] for row in csv.reader(io.StringIO(data.decode(), newline=""))]


def main() -> None:
    """Run the road once in a folder, as `ours` asks."""
    print(json.dumps({"seconds": road.travel(Path(sys.argv[1])).seconds}))


if __name__ == "__main__":
    main()
