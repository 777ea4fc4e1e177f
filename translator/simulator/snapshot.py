"""Everything the pretend Amazon knows, as one JSON value: what tests and other processes count by.

Promises a value that later calls do not change (bodies are shared, and never changed by anyone).
"""

from collections import Counter
from collections.abc import Iterable
from dataclasses import asdict
from datetime import datetime
from typing import Any

from translator.simulator.account import Account, Submission
from translator.simulator.faults import Fault
from translator.simulator.journal import Journal
from translator.simulator.known import KnownOrder, Label
from translator.simulator.settings import AmazonSettings

SHOWN = ("type", "label_format", "repeat", "limits", "sandbox", "transaction_seconds", "visibility_seconds")


def snapshot(
    settings: AmazonSettings, account: Account, journal: Journal, faults: Iterable[Fault], now: datetime
) -> dict[str, Any]:
    return {
        "now": now.isoformat(),
        "vendor": settings.vendor,
        "settings": {name: getattr(settings, name) for name in SHOWN},
        "orders": {number: _order(order, now) for number, order in account.orders.items()},
        "effects": _counts(account.effects),
        "repeats": _counts(account.repeats),
        "inventory": {
            code: {sku: dict(level) for sku, level in shelf.items()} for code, shelf in account.levels.items()
        },
        "submissions": [_submission(submission) for submission in account.submissions.values()],
        "served": dict(journal.served),
        "papers": _counts(journal.papers),
        "containers": dict(account.containers),
        "invoices": {number: list(orders) for number, orders in account.invoices.items()},
        "requests": list(journal.calls),
        "counts": dict(journal.counts),
        "faults": [asdict(fault) for fault in faults],
        "crashes": list(journal.crashes),
    }


def _counts(tally: dict[str, Counter[str]]) -> dict[str, dict[str, int]]:
    return {operation: dict(counts) for operation, counts in tally.items()}


def _order(order: KnownOrder, now: datetime) -> dict[str, Any]:
    return {
        "status": order.status,
        "shown": order.shown(now),
        "warehouse": order.warehouse,
        "acknowledged": _iso(order.acknowledged),
        "code": order.code,
        "confirmed": _iso(order.confirmed),
        "labelled": len(order.labels),
        "labels": [_label(label) for label in order.labels],
        "scans": [asdict(scan) for scan in order.scans],
        "body": order.body,
    }


def _label(label: Label) -> dict[str, Any]:
    tracking = [package.tracking for package in label.packages]
    return {
        "created": label.created.isoformat(),
        "operation": label.operation,
        "tracking": tracking,
        "methods": [package.method for package in label.packages],
    }


def _submission(submission: Submission) -> dict[str, Any]:
    told = {
        name: getattr(submission, name) for name in ("transaction", "operation", "version", "path", "body", "status")
    }
    errors = [{"code": trouble.code, "message": trouble.message} for trouble in submission.errors]
    return told | {"accepted": submission.accepted.isoformat(), "errors": errors}


def _iso(moment: datetime | None) -> str | None:
    return moment.isoformat() if moment else None
