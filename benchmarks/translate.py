"""Rows 1 and 2: JSON bytes → CSV, fixed width, XML, X12: by a mapping, beside the same written by hand.

`mapping` is what the service does with an order between two pieces of bytes: the strict decoder, the compiled mapping
with all its checks, the file's name. `convert` is the whole of `translator convert`, which also holds each order
against Amazon's model first, field by field; nothing by hand does that, so it has no goal.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from typing import Any, Final

from benchmarks import floors, x12_floor, xml_floor
from benchmarks.floors import HERE, Floor
from benchmarks.orders import ZONES, bodies
from benchmarks.rounds import interleaved, rate, ratio
from translator import translation
from translator.core import jsontext
from translator.core.document import Document
from translator.mapping.context import Frozen
from translator.translation import Translation

CONTEXT: Final = Frozen(datetime(2026, 12, 1, tzinfo=UTC), zones=ZONES)
FLOORS: Final[dict[str, Floor]] = {
    "csv": floors.to_csv,
    "fixed": floors.to_fixed,
    "xml": xml_floor.to_xml,
    "x12": x12_floor.to_x12,
}
GOALS: Final = {"csv": 1.25, "fixed": 1.25, "xml": 1.6, "x12": 1.5}
HONEST: Final = {"csv": 2.6}  # floor by decoding: above it the floor would not be tight


def loaded(mapping: str) -> Translation:
    """Load one of the mappings measured."""
    name = f"bench/{mapping}.yaml"
    return translation.load(name, (HERE / "mappings" / name).read_bytes(), _fetch)


def _fetch(name: str) -> bytes | None:
    path = HERE / name
    return path.read_bytes() if path.is_file() else None


def by_mapping(mapping: Translation) -> Floor:
    """Give ours: decode strictly, write."""

    def go(body: bytes) -> tuple[str, bytes]:
        return _file(mapping, [Document("order", jsontext.decode(body))])

    return go


def by_convert(mapping: Translation) -> Floor:
    """Give ours with the order checked by Amazon's model before."""

    def go(body: bytes) -> tuple[str, bytes]:
        return _file(mapping, translation.read_amazon("order", body))

    return go


def _file(mapping: Translation, documents: Sequence[Document]) -> tuple[str, bytes]:
    file = translation.write(mapping, documents, CONTEXT).files[0]
    return file.name, file.data


def differing(contenders: Sequence[Floor], made: Sequence[bytes]) -> int:
    """Count the orders for which contenders do not give the same name and the same bytes."""
    return sum(len({contender(body) for contender in contenders}) != 1 for body in made)


def measured(count: int, rounds: int, say: Callable[[str], None]) -> list[dict[str, Any]]:
    """Measure each format; the first element of a row's `contenders` is the floor."""
    made = bodies(count)
    return [_format(format, made, rounds, say) for format in FLOORS]


def _format(format: str, made: Sequence[bytes], rounds: int, say: Callable[[str], None]) -> dict[str, Any]:
    mapping = loaded(f"orders-{format}")
    floor, ours, whole = FLOORS[format], by_mapping(mapping), by_convert(mapping)
    few = made[: max(1, len(made) // 5)]  # the model check is slow and has no goal
    say(f"{format}: comparing {len(made):,} outputs")
    differ = differing([floor, ours], made) + differing([floor, whole], few)
    say(f"{format}: {rounds} rounds")
    took = interleaved({"decoding": json.loads, "floor": floor, "mapping": ours}, made, rounds)
    checked = interleaved({"floor": floor, "convert": whole}, few, rounds)
    rates = {name: round(rate(took, name, len(made))) for name in took}
    return {
        "row": 2 if format in ("xml", "x12") else 1,
        "what": f"JSON → {format}",
        "orders": len(made),
        "bytes per order": round(sum(map(len, made)) / len(made)),
        "differing outputs": differ,
        "orders per second": rates | {"convert": round(rate(checked, "convert", len(few)))},
        "mapping ÷ floor": round(ratio(took, "mapping", "floor"), 2),
        "goal": GOALS[format],
        "floor ÷ decoding": round(ratio(took, "floor", "decoding"), 2),
        "floor ÷ decoding at most": HONEST.get(format),
        "convert ÷ floor": round(ratio(checked, "convert", "floor"), 2),
    }
