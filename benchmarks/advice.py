"""Row 8: an X12 945 of many transactions, one order each, and what reads it beside us: pyx12's bare reader.

The bare reader parts the file into segments and checks counts and control numbers; it knows no loops, converts nothing,
and makes no documents. Ours does all that.
"""

from __future__ import annotations

import random
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from typing import Any, Final

from benchmarks.floors import HERE
from benchmarks.orders import SEED
from benchmarks.reading import held
from benchmarks.rounds import Seconds, rate, ratio
from benchmarks.translate import loaded
from translator import translation
from translator.core.document import Document, Tree
from translator.mapping.context import Frozen
from translator.translation import Translation

TRANSACTIONS: Final = 20_000
GOAL: Final = 5.0
MEMORY: Final = 30.0  # MB above the started process, however long the file is
NOW: Final = datetime(2026, 12, 1, 12, tzinfo=UTC)
PIECE: Final = 1 << 16
PEER: Final = "pyx12"
HEAD: Final = (
    "ISA*00*          *00*          *ZZ*RENOWMS        *ZZ*ACMEGOODS      *261201*1805*U*00401*000000007*0*P*>~\n"
    "GS*SW*RENOWMS*ACMEGOODS*20261201*1805*3*X*004010~\n"
)


def laid(path: Path, transactions: int, seed: int = SEED) -> int:
    """Write the file, piece by piece; give how many segments it has."""
    dice, segments = random.Random(seed), 4
    with path.open("w", encoding="ascii", newline="") as file:
        file.write(HEAD)
        for number in range(1, transactions + 1):
            body = list(_transaction(dice, number))
            segments += len(body)
            file.write("".join(f"{one}~\n" for one in body))
        file.write(f"GE*{transactions}*3~\nIEA*1*000000007~\n")
    return segments


def _transaction(dice: random.Random, number: int) -> Iterator[str]:
    control, segments, units = f"{number:05d}", 0, 0
    cartons = dice.choice((1, 1, 1, 2))
    head = [
        f"ST*945*{control}",
        f"W06*F*D{number:06d}*20261201*S{number:06d}",
        "N1*WH**92*EWR1",
        "N1*ST*Sample Customer",
        "N3*12 Main Street",
        "N4*Newark*NJ*07102*US",
        "W27*M*UPSN*UPS GROUND",
    ]
    for carton in range(1, cartons + 1):
        head += [f"LX*{carton}", f"MAN*CP*1Z{number:08d}{carton}"]
        for line in range(1, dice.choice((1, 2)) + 1):
            amount = dice.choice((1, 1, 2, 12))
            units += amount
            sku = f"ACME-{dice.randrange(10**4):04d}"
            head += [
                f"W12*CC*{amount}*{amount}**EA**VN*{sku}**2.5*G*L",
                f"N9*LI*{carton:04d}{line}",
                "G69*Kettle, 1.7 l",
            ]
    head.append(f"W03*{units}*6.5*LB")
    segments = len(head) + 1
    yield from head
    yield f"SE*{segments}*{control}"


def pieces(path: Path) -> Iterator[bytes]:
    """Give the file as the service takes it."""
    with path.open("rb") as file:
        yield from iter(lambda: file.read(PIECE), b"")


_DETAILS: Final = {"items": [{"itemSequenceNumber": f"000{carton}{line}"} for carton in (1, 2) for line in (1, 2)]}


class _Known(dict[str, Tree]):
    """Every order there may be, without holding any."""

    def get(self, key: str, default: Any = None) -> Any:
        """Give an order of this number."""
        return {"purchaseOrderNumber": key, "orderDetails": _DETAILS}


def documents(mapping: Translation, path: Path) -> Iterator[Document]:
    """Give ours: every document of the file."""
    return translation.read(mapping, pieces(path), path.name, Frozen(NOW, orders=_Known()))


def peer() -> Any | None:
    """Give the bare reader, where it is installed."""
    return import_module(f"{PEER}.x12file").X12Reader if find_spec(PEER) else None


def by_peer(reader: Any, path: Path) -> int:
    """Let the bare reader go through the file; count its segments."""
    with reader(str(path)) as source:
        return sum(1 for _ in source)


def measured(transactions: int, rounds: int, say: Callable[[str], None]) -> list[dict[str, Any]]:
    """Measure the row; nothing where the peer is not there."""
    reader, mapping = peer(), loaded("advice-x12")
    if reader is None:
        say(f"{PEER} is not installed: row 8 is left out")
        return []
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "SW1.edi")
        segments = laid(path, transactions)
        differ = abs(segments - by_peer(reader, path)) + abs(transactions - _good(mapping, path))
        took: Seconds = {"ours": [], PEER: []}
        for number in range(rounds):
            say(f"945: round {number + 1}")
            took["ours"].append(_seconds(lambda: _good(mapping, path)))
            took[PEER].append(_seconds(lambda: by_peer(reader, path)))
        memory = peak_of(path)
    return [
        {
            "row": 8,
            "what": f"X12 945, {transactions:,} transactions → documents",
            "segments": segments,
            "differing outputs": differ,
            "segments per second": {name: round(rate(took, name, segments)) for name in took},
            "times as fast": round(ratio(took, PEER, "ours"), 2),
            "goal": GOAL,
            "MB of memory": memory,
            "MB goal": MEMORY,
        }
    ]


def _good(mapping: Translation, path: Path) -> int:
    return sum(not one.findings for one in documents(mapping, path))


def _seconds(act: Callable[[], object]) -> float:
    start = time.process_time()
    act()
    return time.process_time() - start


def peak_of(path: Path) -> float:
    """Ask a process of its own how many MB more it needs at its peak than when it was started."""
    asked = [sys.executable, "-m", "benchmarks.advice", str(path)]
    return float(subprocess.run(asked, capture_output=True, text=True, check=True, cwd=HERE.parent).stdout)


def _peak(path: Path) -> float:
    mapping = loaded("advice-x12")
    before = held("VmRSS")
    count = sum(1 for _ in documents(mapping, path))
    return round((held("VmHWM") - before) / 1024, 1) if count else 0.0


if __name__ == "__main__":
    print(_peak(Path(sys.argv[1])))
