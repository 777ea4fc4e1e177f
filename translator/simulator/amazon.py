"""A pretend Amazon that listens: LWA, tokens, Direct Fulfillment orders, acknowledgements, confirmations, inventory, transactions.

Promises Amazon's shapes, statuses, delays and refusals over HTTP on loopback, and a count of everything that took effect
(`state`, or GET /_simulator/state). What it knows lives as long as the object: `stop` and `start` are an outage, at the same
address and with the same orders. In trouble: see `marketplace` (refusals, our own mistakes) and `wire` (bytes that are no call).
"""

import json
import sys
import threading
from collections.abc import Callable, Iterable, Mapping
from contextlib import suppress
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from time import sleep
from types import TracebackType
from typing import Any, Self, TextIO

from translator.simulator.control import ROOT, control
from translator.simulator.faults import Fault
from translator.simulator.marketplace import Marketplace
from translator.simulator.settings import AmazonSettings
from translator.simulator.wire import Call, Listener, Reply

__all__ = ["Amazon", "AmazonSettings", "Fault", "serve"]


def _utc_now() -> datetime:
    return datetime.now(UTC)


class Amazon:
    """The clock decides everything that takes time; `wait` is used by slow faults alone."""

    def __init__(
        self,
        settings: AmazonSettings,
        orders: Iterable[Mapping[str, Any]] = (),
        clock: Callable[[], datetime] = _utc_now,
        wait: Callable[[float], None] = sleep,
    ) -> None:
        self.settings = settings
        self.market = Marketplace(settings, clock, wait)
        self._port = settings.port
        self._listener: Listener | None = None
        self.add_orders(orders)

    def start(self) -> Self:
        if self._listener is None:
            self._listener = Listener(self._port, self._answer, self.settings.body_bytes)
            self._port = int(self._listener.server_address[1])
        return self

    def stop(self) -> None:
        if self._listener is not None:
            self._listener.close()
            self._listener = None

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self._port}"

    def state(self) -> dict[str, Any]:
        return self.market.state()

    def add_orders(self, orders: Iterable[Mapping[str, Any]], late: float = 0.0) -> None:
        """Takes new orders in; they can be seen only after `late` seconds, whatever their date."""
        with self.market.lock:
            self.market.account.add(orders, self.market.clock() + timedelta(seconds=late))

    def cancel(self, number: str) -> None:
        with self.market.lock:
            self.market.account.cancel(number, self.market.clock())

    def fail(self, kind: str, operation: str = "*", times: int = 1, seconds: float = 0.0, after: int = 0) -> None:
        """Plans a fault of the menu in `faults`."""
        self.plan(
            [
                Fault.from_body(
                    {"kind": kind, "operation": operation, "times": times, "seconds": seconds, "after": after}
                )
            ]
        )

    def plan(self, faults: Iterable[Fault]) -> None:
        with self.market.lock:
            for fault in faults:
                self.market.faults.plan(fault)

    def _answer(self, call: Call) -> Reply | None:
        if call.path.startswith(ROOT):
            return control(self.market, call)
        return self.market.answer(call)

    def __enter__(self) -> Self:
        return self.start()

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()


def serve(
    settings: AmazonSettings,
    port: int,
    orders: Iterable[Mapping[str, Any]] = (),
    out: TextIO | None = None,
    until: threading.Event | None = None,
    faults: Iterable[Fault] = (),
) -> None:
    """Plays Amazon until interrupted; says on one line of JSON where it is and what opens it."""
    with Amazon(replace(settings, port=port), orders) as amazon, suppress(KeyboardInterrupt):
        amazon.plan(faults)
        _announce(amazon, out or sys.stdout)
        (until or threading.Event()).wait()


def _announce(amazon: Amazon, out: TextIO) -> None:
    settings = amazon.settings
    line = {
        "url": amazon.url,
        "token_url": f"{amazon.url}/auth/o2/token",
        "vendor": settings.vendor,
        "client_id": settings.client_id,
        "client_secret": settings.client_secret,
        "refresh_token": settings.refresh_token,
        "orders": list(amazon.state()["orders"]),
    }
    out.write(json.dumps(line) + "\n")
    out.flush()
