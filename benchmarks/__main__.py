"""python -m benchmarks: measure all rows, print the table, write results.json and RESULTS.md.

    --peers PYTHON   also run Bots, by the Python of an environment that has it (make bench-peers)
    --rows 1,3       only these rows; the others stay as they were written before
    --orders N --rounds N   smaller, and nothing is written

Exits 1 where outputs differ, or with --strict where a goal is missed.
"""

from __future__ import annotations

import argparse
import sys
import time
from typing import Any

from benchmarks import advice, delivered, growth, latency, reading, report, services, snapshots, translate, travel

ORDERS, ROUNDS = 10_000, 5
ON_THE_ROAD, TRIPS = 1_000, 2
FILES = 3
DELIVERIES = 3


def main() -> None:
    """Measure."""
    asked = _asked()
    start = time.monotonic()
    rows: list[dict[str, Any]] = []
    if asked.rows & {1, 2}:
        rows += translate.measured(asked.orders or ORDERS, asked.rounds or ROUNDS, _say)
    if asked.rows & {3, 4}:
        few = min(asked.orders or ON_THE_ROAD, ON_THE_ROAD)
        rows += travel.measured(few, asked.rounds or TRIPS, asked.peers, _say, asked.rows)
    if asked.rows & {5, 6}:
        few = asked.orders or reading.ORDERS
        rows += reading.measured(asked.rows, few, few * reading.EACH, asked.rounds or FILES, _say)
    if 8 in asked.rows:
        few = min(asked.orders or advice.TRANSACTIONS, advice.TRANSACTIONS)
        rows += advice.measured(few, asked.rounds or FILES, _say)
    if 9 in asked.rows:
        few = min(asked.orders or delivered.FILES, delivered.FILES)
        rows += delivered.measured(few, few * delivered.ENTRIES // delivered.FILES, asked.rounds or DELIVERIES, _say)
    if 10 in asked.rows:
        rows += latency.measured(min(asked.orders or latency.ORDERS, latency.ORDERS), _say)
    if 11 in asked.rows:
        rows += services.measured(min(asked.orders or services.ORDERS, services.ORDERS), asked.rounds or TRIPS, _say)
    if 12 in asked.rows:
        rows += growth.measured([size for size in growth.SIZES if size <= (asked.orders or size)], _say)
    if 13 in asked.rows:
        rows += snapshots.measured(min(asked.orders or snapshots.ROWS, snapshots.ROWS), asked.rounds or FILES, _say)
    rows = [row for row in rows if row["row"] in asked.rows]
    quick = " ".join(f"{name}={getattr(asked, name)}" for name in ("orders", "rounds") if getattr(asked, name))
    print(report.written(rows, quick, time.monotonic() - start))
    missed = report.missed(rows)
    print("\n".join(f"MISSED {one}" for one in missed) or "every goal is met", file=sys.stderr)
    sys.exit(1 if any("differ" in one for one in missed) or (asked.strict and missed) else 0)


def _asked() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks", description=__doc__, formatter_class=argparse.RawTextHelpFormatter
    )
    parser.add_argument("--peers", default="", metavar="PYTHON")
    parser.add_argument(
        "--rows",
        default={1, 2, 3, 4, 5, 6, 8, 9, 10, 11, 12, 13},
        type=lambda text: {int(one) for one in text.split(",")},
    )
    parser.add_argument("--orders", type=int, default=0)
    parser.add_argument("--rounds", type=int, default=0)
    parser.add_argument("--strict", action="store_true")
    return parser.parse_args()


def _say(text: str) -> None:
    print(text, file=sys.stderr, flush=True)


if __name__ == "__main__":
    main()
