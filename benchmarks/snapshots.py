"""Row 13: a CSV snapshot of a million SKUs, against the one before it: told apart, read by a mapping, to the bodies of updates.

`csv.reader alone` goes through the rows of the new file and looks at nothing. What is compared is each level that a body
tells, beside a plain computation: two dictionaries, and what differs between them. `all new`: there is no file before.
Both are measured as the service has Python look for garbage (`service.memory`).
"""

from __future__ import annotations

import csv
import gc
import random
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final

from benchmarks.floors import HERE
from benchmarks.orders import SEED
from benchmarks.reading import PIECE, body_of, held
from benchmarks.rounds import Seconds, ratio
from benchmarks.translate import loaded
from translator import translation
from translator.core import jsontext
from translator.documents.kind import Asked, kinds
from translator.mapping.context import Frozen
from translator.service.memory import settled
from translator.translation import Translation

ROWS: Final = 1_000_000
SHARE: Final = 100  # one SKU of so many has changed
WHOLE: Final = 10  # and one row of so many is measured where all are new
GOAL: Final = 3.5
ALL_NEW: Final = 5.0
MEMORY: Final = 40.0  # MB above the started process
_HEAD: Final = "WAREHOUSE,SKU,ASIN,QTY\n"
_NOW: Final = datetime(2026, 12, 1, tzinfo=UTC)

Level = tuple[str, str, int]


def laid(old: Path, new: Path, rows: int) -> None:
    """Write a snapshot and the next one: a hundredth has another level, some SKUs went and came, and a part is in another order."""
    dice = random.Random(SEED)
    lines = [f"EWR1,ACME-{n % 9973:04d}-{n:07d},B0{n:08d}," for n in range(rows + rows // 1000)]
    levels = [int(dice.random() * 500) for _ in lines]
    before = range(rows)
    with old.open("w", encoding="ascii") as file:
        file.write(_HEAD)
        file.writelines(f"{lines[n]}{levels[n]}\n" for n in before)
    for n in dice.sample(before, rows // SHARE):
        levels[n] += 1 + int(dice.random() * 50)
    after = list(range(rows // 1000, rows + rows // 1000))
    middle = rows // 2
    after[middle : middle + rows // 200] = reversed(after[middle : middle + rows // 200])
    with new.open("w", encoding="ascii") as file:
        file.write(_HEAD)
        file.writelines(f"{lines[n]}{levels[n]}\n" for n in after)


def updates(mapping: Translation, old: Path, new: Path) -> Iterator[bytes]:
    """Give ours: the bodies of what the new snapshot says otherwise than the old one."""
    rule = translation.ruled(mapping)
    parted = translation.apart(_pieces(old), _pieces(new), rule) if rule else None
    if parted is None:
        yield from whole(mapping, new)
        return
    gone = {name for document in _read(mapping, [parted.gone], old.name) for name in _names(document.tree)}
    for document in _read(mapping, [parted.came], new.name):
        gone.difference_update(_names(document.tree))
        yield body_of(document, Asked(_NOW, "ACMEG"))


def whole(mapping: Translation, path: Path) -> Iterator[bytes]:
    """Give ours where there is no file before."""
    for document in _read(mapping, _pieces(path), path.name):
        yield body_of(document, Asked(_NOW, "ACMEG"))


def by_dictionary(old: Path, new: Path) -> set[Level]:
    """Give the levels that changed, computed plainly."""
    before = dict(_rows(old))
    return {(*names, level) for names, level in _rows(new) if before.get(names) != level}


def _rows(path: Path) -> Iterator[tuple[tuple[str, str], int]]:
    with path.open(encoding="ascii", newline="") as file:
        for row in csv.DictReader(file):
            yield (row["SKU"], row["ASIN"]), int(row["QTY"])


def told(bodies: Iterable[bytes]) -> set[Level]:
    """Give the levels that bodies tell."""
    items = (item for body in bodies for item in jsontext.decode(body)["inventory"]["items"])
    names = ("vendorProductIdentifier", "buyerProductIdentifier")
    return {(*(str(item[name]) for name in names), item["availableQuantity"]["amount"]) for item in items}  # type: ignore[misc]


def _read(mapping: Translation, chunks: Iterable[bytes], name: str) -> Iterator[Any]:
    return translation.read(mapping, chunks, name, Frozen(_NOW))


def _names(tree: dict[str, Any]) -> list[str]:
    return [item["vendorProductIdentifier"] for item in tree.get("items", ())]


def _pieces(path: Path) -> Iterator[bytes]:
    with path.open("rb") as file:
        yield from iter(lambda: file.read(PIECE), b"")


def _through(path: Path) -> int:
    with path.open(encoding="ascii", newline="") as file:
        return sum(1 for _ in csv.reader(file))


def measured(rows: int, rounds: int, say: Callable[[str], None]) -> list[dict[str, Any]]:
    """Measure row 13."""
    mapping = loaded("stock-csv")
    with tempfile.TemporaryDirectory() as folder:
        old, new, part = (Path(folder, name) for name in ("old.csv", "new.csv", "part.csv"))
        laid(old, new, rows)
        say(f"snapshots: comparing the levels of {rows:,} rows")
        differ = len(told(updates(mapping, old, new)) ^ by_dictionary(old, new))
        _first(new, part, rows // WHOLE)
        say(f"snapshots: {rounds} rounds")
        took = _interleaved(
            {"csv.reader": lambda: _through(new), "1 % changed": lambda: sum(1 for _ in updates(mapping, old, new))},
            rounds,
        )
        took |= _interleaved(
            {
                "csv.reader, a tenth": lambda: _through(part),
                "all new, a tenth": lambda: sum(1 for _ in whole(mapping, part)),
            },
            rounds * WHOLE,
        )
        memory = float(
            subprocess.run(_asked(old, new), capture_output=True, text=True, check=True, cwd=HERE.parent).stdout
        )
    return [
        {
            "row": 13,
            "what": f"{rows:,} rows of CSV inventory, 1 % changed since the last file → updates",
            "rows": rows,
            "differing outputs": differ,
            "mapping ÷ floor": round(ratio(took, "1 % changed", "csv.reader"), 2),
            "goal": GOAL,
            "all new ÷ floor": round(ratio(took, "all new, a tenth", "csv.reader, a tenth"), 2),
            "all new goal": ALL_NEW,
            "MB of memory": memory,
            "MB goal": MEMORY,
        }
    ]


def _first(path: Path, part: Path, rows: int) -> None:
    with path.open("rb") as file, part.open("wb") as some:
        some.writelines(line for _, line in zip(range(rows + 1), file, strict=False))


def _interleaved(contenders: dict[str, Callable[[], int]], rounds: int) -> Seconds:
    took: Seconds = {name: [] for name in contenders}
    before = gc.get_threshold()
    gc.collect()
    settled()
    for _ in range(rounds):
        for name, contender in contenders.items():
            gc.collect()
            start = time.process_time()
            contender()
            took[name].append(time.process_time() - start)
    gc.set_threshold(*before)
    gc.unfreeze()
    return took


def _asked(old: Path, new: Path) -> list[str]:
    return [sys.executable, "-m", "benchmarks.snapshots", str(old), str(new)]


def _peak(old: Path, new: Path) -> float:
    mapping = loaded("stock-csv")
    kinds()
    before = held("VmRSS")
    for _ in updates(mapping, old, new):
        pass
    return round((held("VmHWM") - before) / 1024, 1)


if __name__ == "__main__":
    print(_peak(Path(sys.argv[1]), Path(sys.argv[2])))
