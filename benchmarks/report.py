"""Results as JSON and as a Markdown table: ratios are what counts; nothing in them names the machine."""

from __future__ import annotations

import json
import os
import platform
from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path
from typing import Any, Final

from benchmarks.floors import HERE

LIBRARIES: Final = ("jinja2", "lxml", "msgspec", "SQLAlchemy", "pysqlite3")
Row = Mapping[str, Any]


def written(rows: Sequence[Row], quick: str, seconds: float) -> str:
    """Write results.json and RESULTS.md; give the table. `quick`: what was made smaller, "" for whole rows.

    Rows that were not measured stay as they were written before.
    """
    if not quick:
        rows = sorted([*_before({row["row"] for row in rows}), *rows], key=lambda row: int(row["row"]))
    about = {
        "when": datetime.now(UTC).strftime("%Y-%m-%d"),
        "python": f"{platform.python_implementation()} {platform.python_version()}",
        "processor": _processor(),
        "cores": len(os.sched_getaffinity(0)),
        "libraries": {name: version(name) for name in LIBRARIES},
        "seconds": round(seconds),
        "made smaller": quick,
    }
    table = _table(rows, about)
    if not quick:
        text = json.dumps({"about": about, "rows": rows}, indent=2, ensure_ascii=False)
        (HERE / "results.json").write_text(f"{text}\n", encoding="utf-8")
        (HERE / "RESULTS.md").write_text(table, encoding="utf-8")
    return table


def _before(measured: set[int]) -> list[Row]:
    """Give the rows of earlier runs that this one did not measure."""
    try:
        rows = json.loads((HERE / "results.json").read_text(encoding="utf-8"))["rows"]
    except OSError:
        return []
    return [row for row in rows if row["row"] not in measured]


def _processor() -> str:
    """Name the kind of processor, where the system tells it."""
    try:
        lines = Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines()
    except OSError:
        return platform.machine()
    return next((line.partition(":")[2].strip() for line in lines if line.startswith("model name")), platform.machine())


def missed(rows: Sequence[Row]) -> list[str]:
    """Say which rows differ in their outputs, or miss their goal."""
    return [f"row {_label(row)}, {row['what']}: {what}" for row in rows for what in _missed(row)]


def _label(row: Row) -> str:
    return f"{row['row']} ({row['variant']})" if row.get("variant") else str(row["row"])


def _missed(row: Row) -> list[str]:
    differ = row["differing outputs"]
    wrong = [f"{differ} outputs differ"] if (any(differ.values()) if isinstance(differ, dict) else differ) else []
    if "mapping ÷ floor" in row and row["mapping ÷ floor"] > row["goal"]:
        wrong.append(f"{row['mapping ÷ floor']} × the floor, the goal is {row['goal']}")
    if "all new ÷ floor" in row and row["all new ÷ floor"] > row["all new goal"]:
        wrong.append(f"all new: {row['all new ÷ floor']} × the floor, the goal is {row['all new goal']}")
    if row.get("MB of memory", 0) > row.get("MB goal", 0):
        wrong.append(f"{row['MB of memory']} MB of memory, the goal is {row['MB goal']}")
    if row.get("floor ÷ decoding at most") and row["floor ÷ decoding"] > row["floor ÷ decoding at most"]:
        wrong.append(f"the floor is {row['floor ÷ decoding']} × decoding: not tight")
    if "times as fast" in row and row["goal"] and row["times as fast"] < row["goal"]:
        wrong.append(f"{row['times as fast']} × as fast, the goal is {row['goal']}")
    if row.get("at most") and row["ours ÷ sftp"] > row["at most"]:
        wrong.append(f"{row['ours ÷ sftp']} × the time of sftp, the goal is {row['at most']}")
    wrong += [
        f"{name} costs {row[f'{name} ×']} × as the ledger grows, the goal is {row['flat within']}"
        for name in ("claim", "show order")
        if "flat within" in row and row[f"{name} ×"] > row["flat within"]
    ]
    if "times one" in row:
        wrong += [
            f"{number} services do {times} × what one does, the goal is {goal}"
            for number, times, goal in zip(row["services"], row["times one"], row["goals"], strict=True)
            if times < goal
        ]
        if row["files per second"] != sorted(row["files per second"]):
            wrong.append("more services do less")
    wrong += [
        f"{row[name]} ms ({name}), the goal is {row[most]}"
        for name, most in (("median ms", "median at most"), ("p99 ms", "p99 at most"))
        if name in row and row[name] > row[most]
    ]
    return wrong


def _table(rows: Sequence[Row], about: Mapping[str, Any]) -> str:
    libraries = ", ".join(f"{name} {number}" for name, number in about["libraries"].items())
    lines = [
        "# Benchmarks",
        "",
        "Written by `make bench` (and `make bench-peers`, which adds Bots): do not edit. Contenders take turns in one run;",
        "a ratio is the median of the ratios within each round.",
        "",
        "| row | | ours ÷ by hand | goal | by hand ÷ decoding | orders/s ours | orders/s by hand | orders/s with model check |",
        "|---|---|---|---|---|---|---|---|",
        *(_by_hand(row) for row in rows if row["row"] in (1, 2)),
        "",
        "| row | | orders/s ours | orders/s Bots 3.3.1 | times as fast | goal |",
        "|---|---|---|---|---|---|",
        *(line for row in rows if row["row"] in (3, 4) for line in _by_road(row)),
        "",
        "| row | | ours ÷ floor | goal | by hand ÷ floor | a second ours | a second floor | MB above the start | goal |",
        "|---|---|---|---|---|---|---|---|---|",
        *(_by_file(row) for row in rows if row["row"] in (5, 6)),
        "",
        "| row | | segments/s ours | segments/s pyx12 | times as fast | goal | MB above the start | goal |",
        "|---|---|---|---|---|---|---|---|",
        *(_by_reader(row) for row in rows if row["row"] == 8),
        "",
        "| row | | seconds ours | seconds `sftp -b` | ours ÷ `sftp -b` | times as fast | goal |",
        "|---|---|---|---|---|---|---|",
        *(_by_wire(row) for row in rows if row["row"] == 9),
        "",
        "| row | | orders | median ms | goal | 99th percentile ms | goal |",
        "|---|---|---|---|---|---|---|",
        *(_one_by_one(row) for row in rows if row["row"] == 10),
        "",
        "| row | | services | files/s | times one | goal | ms of processor a file |",
        "|---|---|---|---|---|---|---|",
        *(_by_services(row) for row in rows if row["row"] == 11),
        "",
        "| row | | orders that ended | µs | largest ÷ smallest | goal |",
        "|---|---|---|---|---|---|",
        *(line for row in rows if row["row"] == 12 for line in _as_it_grows(row)),
        "",
        "| row | | ours ÷ `csv.reader` | goal | all new ÷ `csv.reader` | goal | MB above the start | goal |",
        "|---|---|---|---|---|---|---|---|",
        *(_snapshot(row) for row in rows if row["row"] == 13),
        "",
        "Rows 1 and 2: CPU time, JSON bytes of an order (about 3 KB, 1 to 4 lines) to a named file of 36 fields. By hand: one",
        "function for one WMS with the same conversions and checks (`floors.py`), for XML a plain Jinja environment with the",
        "same template; both sides check that the XML is well-formed. With model check: `translator convert`, which first",
        "holds each order against Amazon's model.",
        "",
        "Rows 3 and 4: wall time, folder → ledger → folder. Ours: SQLite in WAL + FULL, every step a commit, every file fsynced",
        "and renamed. Bots: its engine's run without its start, its logging and checks at the least, its SQLite with",
        "`synchronous=OFF` and no fsync, as it comes.",
        "",
        "Row 4: ten files of 100 orders become ten files of 100 orders; what is compared is the rows in all of them, none lost,",
        "none twice. Ours: a mapping with `batch: {most: 100}`, each order followed by itself in the ledger. Bots: each order is a",
        "message of its own, which it merges into one file again (`merge` of its csv grammar). Below it the faster way of Bots:",
        "a whole file is one message, so that one order at fault stops the other 99, and none can be followed. Row 4 (one file per",
        "order): the same ten files become 1,000 files; without a goal.",
        "",
        "Rows 5 and 6: CPU time, a warehouse's file to the bodies Amazon takes: read by a mapping, completed from what is",
        "stored, held against Amazon's rules, encoded. Row 5: twelve fields a line, one to six lines an order, some orders in",
        "two places of the file; the floor is one function for this one file with the same slicing, conversions, grouping,",
        "completion and checks (`shipped.py`), and gives the same bytes. Row 6: ten elements and two attributes an item; the",
        "floor is lxml's `iterparse` alone, which turns over the elements of the items and frees them, and looks at nothing in",
        "them; by hand is the same loop that also reads and checks each item, to the same bodies as ours (`stock.py`). Memory:",
        "the peak of a process of its own less what it held when the mapping was loaded.",
        "",
        "Row 8: CPU time, one interchange, read in pieces: ours makes a document of each transaction, with counts, control",
        "numbers, loops, quantities and dates checked; pyx12's `X12Reader` alone parts it into segments and checks counts and",
        "numbers of the envelopes. Memory as in row 6.",
        "",
        "Row 9: wall time, a real OpenSSH server on loopback, connecting and logging in included; `sftp -b` is OpenSSH's own. Each",
        "file goes under a temporary name that is then renamed. Ours: 8 channels of one connection, each file looked for before,",
        "fsynced, read back, renamed so that nothing is replaced; `sftp -b`: `put` and `rename`, no fsync. 20 ms: a round trip,",
        "by a proxy that both go through. Listing: with sizes and times (`ls -l`).",
        "",
        "Row 10: wall time from the moment that the done-file of one order (what getOrders answers) is laid into a folder until",
        "the done-file of its order file is there: woken by the file event, collected, read, written, sent; SQLite in WAL + FULL,",
        "every step a commit, every file fsynced and renamed. One order at a time; the service is idle before each.",
        "",
        "Row 11: wall time, real `translator run` processes on one PostgreSQL (fsync on), one OpenSSH server 20 ms away by a",
        "proxy; each service does one thing at a time there, so that the network is what is waited for and not one of two",
        "cores: with more (`each`, up to 8) one service does more, and the cores are the limit sooner. All files are in the",
        "ledger before; the first tenth is not counted. The processor's time is that of all services, starting included.",
        "",
        "Row 12: SQLite ledgers in WAL + FULL, filled with orders as they lie there when all is over (order, acknowledgement,",
        "file, bytes, attempt, five events), which take turns. A claim of 100 rows of ten routes, and what `translator show order`",
        "asks, for orders by chance; medians; without the disk's sync.",
        "",
        "Row 13: CPU time, a snapshot of a million SKUs and the one before it, one level of a hundred changed, some SKUs went and",
        "came, and a part in another order: told apart, what differs read by a mapping, completed, held against Amazon's rules,",
        "encoded; each level that a body tells is compared with what two dictionaries say. `csv.reader` alone goes through the",
        "rows of the new file and looks at nothing. All new: a tenth of the rows, without a file before. Garbage is",
        "looked for as in the service.",
        "",
        f"{about['python']}, {about['cores']} cores of {about['processor']}; {libraries}; {about['when']}.",
    ]
    return "\n".join(lines) + "\n"


def _by_hand(row: Row) -> str:
    rates = row["orders per second"]
    cells = [row["row"], row["what"], row["mapping ÷ floor"], f"≤ {row['goal']}", row["floor ÷ decoding"]]
    return _line([*cells, f"{rates['mapping']:,}", f"{rates['floor']:,}", f"{rates['convert']:,}"])


def _by_file(row: Row) -> str:
    rates = next(value for name, value in row.items() if name.endswith(" per second"))
    memory = [row.get("MB of memory", "–"), f"≤ {row['MB goal']:g}" if "MB goal" in row else "–"]
    cells = [row["row"], row["what"], row["mapping ÷ floor"], f"≤ {row['goal']:g}", row.get("by hand ÷ floor", 1)]
    return _line([*cells, f"{rates['mapping']:,}", f"{rates['floor']:,}", *memory])


def _by_reader(row: Row) -> str:
    cells = [row["row"], row["what"], *(f"{one:,}" for one in row["segments per second"].values())]
    return _line([*cells, row["times as fast"], f"≥ {row['goal']:g}", row["MB of memory"], f"≤ {row['MB goal']:g}"])


def _snapshot(row: Row) -> str:
    ratios = [row["mapping ÷ floor"], f"≤ {row['goal']:g}", row["all new ÷ floor"], f"≤ {row['all new goal']:g}"]
    return _line([row["row"], row["what"], *ratios, row["MB of memory"], f"≤ {row['MB goal']:g}"])


def _one_by_one(row: Row) -> str:
    cells = (row["row"], row["what"], row["orders"], row["median ms"], row["median at most"])
    return f"| {' | '.join(map(str, (*cells, row['p99 ms'], row['p99 at most'])))} |"


def _by_services(row: Row) -> str:
    names = ("services", "files per second", "times one")
    goals = " / ".join(f"≥ {goal:g}" for goal in row["goals"])
    cells = [" / ".join(f"{one:g}" for one in row[name]) for name in names]
    return _line([row["row"], row["what"], *cells, goals, " / ".join(map(str, row["ms of processor a file"]))])


def _as_it_grows(row: Row) -> Iterator[str]:
    for name in ("claim", "show order"):
        sizes = " / ".join(f"{one:,}" for one in row["orders"])
        times = " / ".join(f"{one:,}" for one in row[f"{name} µs"])
        yield _line([row["row"], name, sizes, times, row[f"{name} ×"], f"≤ {row['flat within']:g}"])


def _by_wire(row: Row) -> str:
    goal = f"≤ {row['at most']:g}" if row["at most"] else f"≥ {row['goal']:g} times"
    cells = [_label(row), row["what"], *row["seconds"].values(), row["ours ÷ sftp"], row["times as fast"], goal]
    return _line(cells)


def _by_road(row: Row) -> list[str]:
    """Give one line for each peer, or one without."""
    ours, *others = row["orders per second"].items()
    first = [_label(row), row["what"], f"{ours[1]:,}"]
    if not others:
        return [_line([*first, "–", "–", "–"])]
    goal = f"≥ {row['goal']:g}" if row["goal"] else "–"
    lines = [_line([*first, f"{others[0][1]:,}", row["times as fast"], goal])]
    for name, rate in others[1:]:
        what = f"{row['what']}; Bots: {name.partition(', ')[2]}"
        lines.append(_line([first[0], what, first[2], f"{rate:,}", row[f"times as fast as {name}"], "–"]))
    return lines


def _line(cells: Sequence[Any]) -> str:
    return f"| {' | '.join(map(str, cells))} |"
