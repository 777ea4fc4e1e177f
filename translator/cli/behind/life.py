"""The life of an order as it is laid down with each kind: what follows what, what each needs, which clocks run, what is unknown."""

from __future__ import annotations

from typing import Any, Final

from translator.cli import say
from translator.core.timeline import CLOCKS
from translator.documents.kind import Kind, Operation, kinds
from translator.stations.conditions import CONDITIONS

Rows = list[dict[str, Any]]
HOUR: Final = 3600.0


def laid_down() -> dict[str, Rows]:
    """Give the tables, as they stand in the code."""
    found = sorted(kinds().values(), key=lambda kind: kind.name)
    return {
        "what follows": [row for kind in found for row in _follows(kind)],
        "what must stand first": [row for kind in found for row in _needs(kind)],
        "clocks": [
            {
                "clock": one.name,
                "from": one.starts.replace("_", " "),
                "hours": one.hours,
                "for": one.where.replace("_", " ") or "every order",
                "ends with": ", ".join(one.ends).replace("_", " "),
            }
            for one in CLOCKS
        ],
        "an outcome that is unknown": [_unknown(kind, kind.operation) for kind in found if kind.operation],
    }


def print_laid_down(tables: dict[str, Rows]) -> None:
    """Print the tables."""
    for title, rows in tables.items():
        say.table(title, list(rows[0]) if rows else [], (list(row.values()) for row in rows))
        say.line("")


def _follows(kind: Kind) -> Rows:
    return [
        {
            "when": f"{kind.name} {one.fact}",
            "follows": one.kind,
            "how": "is fetched" if one.how == "fetch" else "is made",
            "where": CONDITIONS[one.where].text,
            "due": one.due or "at once",
        }
        for one in kind.follows
    ]


def _needs(kind: Kind) -> Rows:
    return [
        {
            "document": kind.name,
            "needs": f"{one.kind} {one.fact}",
            "where": CONDITIONS[one.where].text,
            "at most": "" if one.seconds is None else f"{one.seconds / HOUR:g} h",
            "then": one.then,
        }
        for one in kind.needs
    ]


def _unknown(kind: Kind, one: Operation) -> dict[str, Any]:
    return {
        "operation": one.name,
        "document": kind.name,
        "asked after": f"{one.settle / 60:g} min" + (f", believed after {one.believed / 60:g}" if one.believed else ""),
        "evidence": _evidence(kind, one),
        "nothing shows": _nothing(kind, one),
    }


def _evidence(kind: Kind, one: Operation) -> str:
    if kind.level:
        return "none: levels are told anew"
    if one.read_back:
        return f"the order is {one.read_back}"
    return f"its {one.brings}" if one.brings and kinds()[one.brings].fetch else "none"


def _nothing(kind: Kind, one: Operation) -> str:
    if kind.level:
        return "a fresh one is built"
    if not one.repeat:
        return "a person"
    return "once more, then taken as unverified" if one.blind else "once more, then a person"
