"""Rows 5 and 6 measured: a warehouse's file, read by a mapping, to the bodies that Amazon takes, beside a floor.

Ours is what the service does with such a file between two pieces of bytes: read, completed from what is stored, held
against Amazon's rules, encoded. Bodies are compared as they come, and dropped. How much memory it takes is asked of a
process of its own: its peak, less what it held when it was started and everything was loaded.
"""

from __future__ import annotations

import gc
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path
from typing import Any, Final

from benchmarks import shipped, stock
from benchmarks.floors import HERE
from benchmarks.rounds import Seconds, rate, ratio
from benchmarks.translate import loaded
from translator import translation
from translator.core import jsontext
from translator.core.document import Document
from translator.core.finding import errors
from translator.documents.kind import Asked, kinds
from translator.mapping.context import Frozen
from translator.translation import Translation

ORDERS: Final = 61_500  # which have 200,000 lines
EACH: Final = 1_630  # bytes of the inventory file for each: 100 MB
PIECE: Final = 1 << 16
GOALS: Final = {5: 2.0, 6: 1.8}
MEMORY: Final = 30.0  # MB above the started process
Bodies = Iterable[bytes]


def confirmations(mapping: Translation, data: bytes, orders: shipped.Orders) -> Iterator[bytes]:
    """Give ours of row 5."""
    context = Frozen(shipped.NOW, orders=orders)
    for document in translation.read(mapping, _pieces_of(data), "ship.txt", context):
        asked = Asked(shipped.NOW, "ACMEG", orders.get(document.about))
        yield body_of(document, asked)


def updates(mapping: Translation, path: Path) -> Iterator[bytes]:
    """Give ours of row 6."""
    now = datetime(2026, 12, 1, tzinfo=UTC)
    with path.open("rb") as file:
        for document in translation.read(mapping, iter(lambda: file.read(PIECE), b""), path.name, Frozen(now)):
            yield body_of(document, Asked(now, "ACMEG"))


def _pieces_of(data: bytes) -> Iterator[bytes]:
    return (data[start : start + PIECE] for start in range(0, len(data), PIECE))


def body_of(document: Document, asked: Asked) -> bytes:
    """Complete a document, and give its body; what is at fault is an error of the benchmark."""
    made = translation.complete(document, asked)
    operation = kinds()[made.kind].operation
    if errors(made.findings) or operation is None or operation.body is None:
        raise ValueError(made.findings[:1])
    return jsontext.encode(operation.body([made.tree]))


def differing(one: Bodies, other: Bodies) -> int:
    """Count the bodies that only one of two gives, in any order."""
    left, right = ({sha256(body).digest() for body in bodies} for bodies in (one, other))
    return len(left ^ right)


def measured(rows: set[int], orders: int, size: int, rounds: int, say: Callable[[str], None]) -> list[dict[str, Any]]:
    """Measure the rows asked for."""
    found = [_shipped(orders, rounds, say)] if 5 in rows else []
    return found + ([_stock(size, rounds, say)] if 6 in rows else [])


def _shipped(orders: int, rounds: int, say: Callable[[str], None]) -> dict[str, Any]:
    data, stored = shipped.made(orders)
    mapping, lines = loaded("ship"), data.count(b"\n")
    say(f"ship file: comparing {orders:,} outputs")
    differ = differing(shipped.by_hand(data, stored), confirmations(mapping, data, stored))
    say(f"ship file: {rounds} rounds")
    took = _interleaved(
        {
            "floor": lambda: _count(shipped.by_hand(data, stored)),
            "mapping": lambda: _count(confirmations(mapping, data, stored)),
        },
        rounds,
    )
    what = f"{lines:,} lines of a fixed ship file → {orders:,} confirmations"
    return _row(5, what, differ, took, {"lines": lines})


def _stock(size: int, rounds: int, say: Callable[[str], None]) -> dict[str, Any]:
    mapping = loaded("stock")
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "stock.xml")
        items = stock.laid(path, size)
        say(f"stock file: comparing the bodies of {items:,} items")
        differ = differing(stock.by_hand(path), updates(mapping, path))
        say(f"stock file: {rounds} rounds")
        took = _interleaved(
            {
                "floor": lambda: stock.turned_over(path),
                "by hand": lambda: _count(stock.by_hand(path)),
                "mapping": lambda: _count(updates(mapping, path)),
            },
            rounds,
        )
        memory = _memory(path)
    what = f"{size / 1e6:,.0f} MB of XML inventory, {items:,} items → updates of {stock.EACH:,}"
    row = _row(6, what, differ, took, {"items": items})
    return row | {
        "by hand ÷ floor": round(ratio(took, "by hand", "floor"), 2),
        "MB of memory": memory,
        "MB goal": MEMORY,
    }


def _row(number: int, what: str, differ: int, took: Seconds, sizes: Mapping[str, int]) -> dict[str, Any]:
    ((thing, count),) = sizes.items()
    return {
        "row": number,
        "what": what,
        **sizes,
        "differing outputs": differ,
        f"{thing} per second": {name: round(rate(took, name, count)) for name in took},
        "mapping ÷ floor": round(ratio(took, "mapping", "floor"), 2),
        "goal": GOALS[number],
    }


def _count(bodies: Bodies) -> int:
    return sum(1 for _ in bodies)


def _interleaved(contenders: Mapping[str, Callable[[], int]], rounds: int) -> Seconds:
    """Let each contender do the whole file, round after round, first one then the other way round; CPU seconds."""
    took: Seconds = {name: [] for name in contenders}
    for number in range(rounds):
        for name in list(contenders) if number % 2 == 0 else reversed(contenders):
            gc.collect()
            start = time.process_time()
            contenders[name]()
            took[name].append(time.process_time() - start)
    return took


# --- memory --------------------------------------------------------------------------------------------------------


def _memory(path: Path) -> float:
    """Ask a process of its own how many MB more it needs at its peak than when it was started."""
    asked = [sys.executable, "-m", "benchmarks.reading", str(path)]
    return float(subprocess.run(asked, capture_output=True, text=True, check=True, cwd=HERE.parent).stdout)


def held(name: str) -> int:
    """Give what this process holds, in KB: `VmRSS` now, `VmHWM` at its peak."""
    lines = Path("/proc/self/status").read_text(encoding="ascii").splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith(f"{name}:"))


def _peak(path: Path) -> float:
    mapping = loaded("stock")
    kinds()
    before = held("VmRSS")
    _count(updates(mapping, path))
    return round((held("VmHWM") - before) / 1024, 1)


if __name__ == "__main__":
    print(_peak(Path(sys.argv[1])))
