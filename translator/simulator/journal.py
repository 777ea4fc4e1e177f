"""What was asked of Amazon, in order, and what it gave: for tests and people, not for Amazon itself.

Promises bounded memory for the list of calls (the last `KEPT`); the counts are of all of them.
"""

from collections import Counter, defaultdict, deque
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from translator.simulator.wire import Call, Reply

KEPT = 20_000


@dataclass(slots=True)
class Journal:
    calls: deque[dict[str, Any]] = field(default_factory=lambda: deque(maxlen=KEPT))
    counts: Counter[str] = field(default_factory=Counter)
    served: Counter[str] = field(default_factory=Counter)
    papers: dict[str, Counter[str]] = field(default_factory=lambda: defaultdict(Counter))
    """How often the label, the slip, the invoice of an order was given, by operation."""
    crashes: list[str] = field(default_factory=list)

    def note(self, at: datetime, operation: str, call: Call, reply: Reply | None) -> None:
        status = reply.status if reply else 0
        self.counts[f"{operation} {status}"] += 1
        entry = {"at": at.isoformat(), "operation": operation, "method": call.method, "path": call.path}
        self.calls.append(entry | {"query": call.query, "status": status})
