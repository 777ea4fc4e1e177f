"""A pretend warehouse system: takes order files out of one folder and answers with ship, stock and ack files in another.

Promises: a file is taken once, by moving it to `taken/`, and each sighting is written down with its hash in `taken.log`, so
that a test can count what was seen even where the translator was killed; it misbehaves only as told. It runs as an object
(`step`), as a thread (`start`, `stop`), or as a process of its own that outlives the translator.
"""

from __future__ import annotations

import argparse
import hashlib
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path
from typing import Final
from zoneinfo import ZoneInfo

from translator.simulator.dialects import DIALECTS, Answer, Line, Order, Packed, Shipment, Stock

_UNREADABLE: Final = (ValueError, KeyError, IndexError)


@dataclass(frozen=True, slots=True)
class WarehouseSettings:
    """How a warehouse system is, and how it misbehaves. Orders are counted from 1; 0: never."""

    zone: str = "UTC"
    delay: float = 0.0  # seconds from taking an order to shipping it
    stock: int = 1000  # of each SKU at the beginning
    partial: int = 0  # every so-manieth order ships in two files
    bad_row: int = 0  # the so-manieth order's first ship file has a quantity that is no number
    mends: bool = False  # and is sent again, corrected, afterwards
    reject: int = 0  # the so-manieth order is refused in the ack file, and not shipped
    slow: float = 0.0  # seconds over which each ship file is written, under its own name, piece by piece
    places: Mapping[str, str] = field(default_factory=dict)  # ship, stock, ack: a folder below the outgoing one


@dataclass(frozen=True, slots=True)
class _Due:
    at: float
    shipment: Shipment


class Warehouse:
    """Takes and answers. `side` is where taken files and the logs lie; by default beside the incoming folder."""

    def __init__(
        self,
        folder_in: Path,
        folder_out: Path,
        format: str,
        settings: WarehouseSettings | None = None,
        side: Path | None = None,
        clock: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        self.settings = settings or WarehouseSettings()
        self.side = side or folder_in.parent / "taken"
        self.orders: list[Order] = []
        self.cancelled: list[str] = []
        self.unreadable: list[str] = []
        self._in, self._out = folder_in, folder_out
        self._dialect = DIALECTS[format]
        self._clock = clock
        self._zone = ZoneInfo(self.settings.zone)
        self._due: list[_Due] = []
        self._shipped: Counter[tuple[str, str, str]] = Counter()
        self._places: dict[str, int] = {}  # of each order number, from 1
        self._given = len(_log_lines(self.side / "given.log"))
        self._stop = threading.Event()
        self._thread: threading.Thread | None = None

    def step(self) -> int:
        """Take what is there, answer what is due; say how many files were taken and given."""
        self.side.mkdir(parents=True, exist_ok=True)
        before = self._given
        taken = [self._take(path) for path in self._offered()]
        orders = [order for order in map(self._read, taken) if order]
        self._acknowledge(orders)
        self._due += [due for order in orders for due in self._shipments(order)]
        self._ship()
        return len(taken) + self._given - before

    def start(self, every: float = 0.2) -> Warehouse:
        """Step in a thread until stopped."""
        self._thread = threading.Thread(target=self._run, args=(every,), name="simulator-warehouse", daemon=True)
        self._thread.start()
        return self

    def stop(self) -> None:
        self._stop.set()
        if self._thread:
            self._thread.join()

    def _run(self, every: float) -> None:
        while not self._stop.wait(every):
            self.step()

    def _offered(self) -> list[Path]:
        if not self._in.is_dir():
            return []
        beginnings = (self._dialect.orders, self._dialect.cancels)
        return sorted(path for path in self._in.iterdir() if path.name.startswith(beginnings) and path.is_file())

    def _take(self, path: Path) -> Path:
        """Move a file aside, under another name if one of its name was taken before: that is a second sighting."""
        target = self.side / path.name
        while target.exists():
            target = target.with_name(target.name + ".again")
        path.rename(target)
        _log(self.side / "taken.log", path.name, target.read_bytes())
        return target

    def _read(self, path: Path) -> Order | None:
        try:
            if path.name.startswith(self._dialect.cancels):
                self._cancel(self._dialect.read_cancel(path.read_bytes()))
                return None
            order = self._dialect.read_order(path.read_bytes())
        except _UNREADABLE:
            self.unreadable.append(path.name)
            return None
        self.orders.append(order)
        self._places.setdefault(order.number, len(self._places) + 1)
        return order

    def _cancel(self, number: str) -> None:
        self.cancelled.append(number)
        self._due = [due for due in self._due if due.shipment.order != number]

    def _acknowledge(self, orders: list[Order]) -> None:
        if self._dialect.write_acks and orders:
            answers = [self._answer(order) for order in orders]
            self._give("ack", self._dialect.ack, self._dialect.write_acks(answers))

    def _answer(self, order: Order) -> Answer:
        return Answer(order.number, "OUT" if self._refused(order) else "OK", f"W{self._place(order):07}")

    def _place(self, order: Order) -> int:
        return self._places[order.number]

    def _refused(self, order: Order) -> bool:
        return bool(self._dialect.write_acks) and self._place(order) == self.settings.reject

    def _shipments(self, order: Order) -> list[_Due]:
        if self._refused(order):
            return []
        parts = _halves(order.lines) if _is(self._place(order), self.settings.partial) else [list(order.lines)]
        at = time.monotonic() + self.settings.delay
        due = [_Due(at, self._packed(order, lines, number)) for number, lines in enumerate(parts, 1)]
        for sku, asin, amount in ((line.sku, line.asin, line.quantity) for line in order.lines):
            self._shipped[order.warehouse, sku, asin] += amount
        return self._spoilt(due) if self._place(order) == self.settings.bad_row else due

    def _packed(self, order: Order, lines: Iterable[Line], part: int) -> Shipment:
        number = self._place(order) * 10 + part
        packed = tuple(
            Packed(line.number, str(line.quantity), f"C{number:09}", f"1Z{number:016}", Decimal("1.25"))
            for line in lines
        )
        return Shipment(order.number, order.method, self._clock(), packed)

    def _spoilt(self, due: list[_Due]) -> list[_Due]:
        """Put nonsense into the first row; where it mends, the whole of it follows once more."""
        first, *rest = due
        packed = first.shipment.packed
        bad = replace(first.shipment, packed=(replace(packed[0], quantity="x" + packed[0].quantity), *packed[1:]))
        return [replace(first, shipment=bad), *rest, *([first] if self.settings.mends else [])]

    def _ship(self) -> None:
        """Write one ship file for each order that is due (parts of an order in steps of their own), then the stock."""
        ready: dict[str, _Due] = {}
        for due in self._due:
            if due.at <= time.monotonic():
                ready.setdefault(due.shipment.order, due)
        for due in ready.values():
            self._due.remove(due)
            self._give("ship", self._dialect.ship, self._dialect.write_ship([due.shipment], self._zone))
        if ready:
            self._count()

    def _count(self) -> None:
        for warehouse in sorted({place for place, _, _ in self._shipped}):
            levels = tuple(
                (sku, asin, max(0, self.settings.stock - amount))
                for (place, sku, asin), amount in sorted(self._shipped.items())
                if place == warehouse
            )
            self._give("stock", self._dialect.stock, self._dialect.write_stock(Stock(warehouse, levels)))

    def _give(self, kind: str, pattern: str, data: bytes) -> None:
        self._given += 1
        path = self._out / self.settings.places.get(kind, "") / pattern.format(self._given)
        if kind == "ship" and self.settings.slow:
            self._dribble(path, data)
        else:
            (path.parent / f".{path.name}").write_bytes(data)
            (path.parent / f".{path.name}").rename(path)
        _log(self.side / "given.log", path.name, data)

    def _dribble(self, path: Path, data: bytes, pieces: int = 10) -> None:
        size = len(data) // pieces + 1
        with path.open("wb", buffering=0) as file:
            for at in range(0, len(data), size):
                file.write(data[at : at + size])
                time.sleep(self.settings.slow / pieces)


def _halves(lines: tuple[Line, ...]) -> list[list[Line]]:
    """Divide an order for two cartons: its lines, or the pieces of its only line."""
    if len(lines) > 1:
        return [list(lines[::2]), list(lines[1::2])]
    half = lines[0].quantity // 2
    return [[replace(lines[0], quantity=part)] for part in (half, lines[0].quantity - half) if part]


def _is(number: int, every: int) -> bool:
    return bool(every) and number % every == 0


def _log(path: Path, name: str, data: bytes) -> None:
    with path.open("a", encoding="utf-8") as log:
        log.write(f"{name} {hashlib.sha256(data).hexdigest()}\n")


def _log_lines(path: Path) -> list[str]:
    return path.read_text(encoding="utf-8").splitlines() if path.exists() else []


def main(arguments: list[str] | None = None) -> None:
    """Run as a process until it is stopped."""
    parser = argparse.ArgumentParser(prog="warehouse", description="a pretend warehouse system")
    parser.add_argument("folder_in", type=Path)
    parser.add_argument("folder_out", type=Path)
    parser.add_argument("format", choices=sorted(DIALECTS))
    parser.add_argument("--side", type=Path)
    parser.add_argument("--every", type=float, default=0.2)
    for name, value in (("zone", "UTC"), ("delay", 0.0), ("stock", 1000), ("slow", 0.0)):
        parser.add_argument(f"--{name}", type=type(value), default=value)
    for name in ("partial", "bad_row", "reject"):
        parser.add_argument(f"--{name.replace('_', '-')}", type=int, default=0)
    parser.add_argument("--mends", action="store_true")
    given = vars(parser.parse_args(arguments))
    ways = {name: given.pop(name) for name in list(given) if name in WarehouseSettings.__slots__}
    every = given.pop("every")
    warehouse = Warehouse(settings=WarehouseSettings(**ways), **given)
    while True:
        warehouse.step()
        time.sleep(every)


if __name__ == "__main__":
    main()
