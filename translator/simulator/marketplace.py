"""The pretend Amazon without its sockets: a call goes in, a reply comes out.

Promises: one call at a time sees and changes the account, transactions that are due are settled before it; every call but those to
the control room is written down. In trouble: a refusal is Amazon's error shape; a mistake of ours is a 500 whose traceback
stands in the state under `crashes`, where a test will find it.
"""

import threading
import traceback
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from email.utils import format_datetime
from time import sleep
from typing import Any

from translator.simulator.access import Access, Refused, refused
from translator.simulator.account import Account
from translator.simulator.desk import Desk, Route, Visit
from translator.simulator.faults import Fault, Faults
from translator.simulator.journal import Journal
from translator.simulator.limits import Limits
from translator.simulator.operations import ROUTES
from translator.simulator.settings import AmazonSettings
from translator.simulator.snapshot import snapshot
from translator.simulator.spoiled import SPOILED
from translator.simulator.wire import Call, Reply, refusal

EARLY = {
    "unavailable": (503, "ServiceUnavailable", "Service is temporarily unavailable. Please try again."),
    "throttled": (429, "QuotaExceeded", "You exceeded your quota for the requested resource."),
    "broken": (500, "InternalFailure", "We encountered an internal error. Please try again."),
    "denied": (403, "Unauthorized", "The access token you provided has expired."),
}
LATE = {"applied_then_500": refusal(*EARLY["broken"]), "applied_then_503": refusal(*EARLY["unavailable"])}
REDIRECT = Reply(307, {}, {"Location": "/redirected"})
"""To where no operation is: who follows it is seen to have done so."""
RATED = frozenset((200, 202, 400, 404))
RATE_HEADER = {"x-amzn-RateLimit-Limit": "10.0"}


class Marketplace:
    def __init__(
        self,
        settings: AmazonSettings,
        clock: Callable[[], datetime],
        wait: Callable[[float], None] = sleep,
    ) -> None:
        self.settings = settings
        self.clock = clock
        self.lock = threading.RLock()
        self.faults = Faults()
        self.journal = Journal()
        self.access = Access(settings)
        self.account = Account(settings)
        self.limits = Limits(enforced=settings.limits, sandbox=settings.sandbox)
        self._wait = wait

    def answer(self, call: Call) -> Reply | None:
        """None: the connection is to be closed without a word."""
        route, parts = ROUTES.find(call.method, call.path)
        name = route.operation if route else "unknown"
        reply = self._guarded(call, route, parts)
        with self.lock:
            now = self.clock()
            self.journal.note(now, name, call, reply)
        return reply and replace(reply, headers={"Date": format_datetime(now, usegmt=True), **reply.headers})

    def state(self) -> dict[str, Any]:
        with self.lock:
            now = self.clock()
            self.account.settle(now)
            told = snapshot(self.settings, self.account, self.journal, self.faults.planned, now)
            return told | {"throttled": dict(self.limits.throttled)}

    def _guarded(self, call: Call, route: Route | None, parts: dict[str, str]) -> Reply | None:
        try:
            return self._perform(call, route, parts)
        except Refused as no:
            return _rated(no.reply)
        except Exception:  # noqa: BLE001  (whatever it is, it is ours, and has to be seen)
            self.journal.crashes.append(traceback.format_exc())
            return refusal(*EARLY["broken"])

    def _perform(self, call: Call, route: Route | None, parts: dict[str, str]) -> Reply | None:
        if route is None:
            raise refused(404, "NotFound", "No such operation.")
        fault = self._admitted(call, route)
        kind = fault.kind if fault else ""
        if fault and kind == "slow":
            self._wait(fault.seconds)
        if kind == "closed":
            return None
        _strike_early(kind, call)
        with self.lock:
            now = self.clock()
            self.account.settle(now)
            desk = Desk(self.settings, self.access, self.account, self.journal, now)
            reply = _rated(route.perform(desk, Visit(call, route, parts, fault)))
        return self._told(fault, reply) if fault else reply

    def _told(self, fault: Fault, reply: Reply) -> Reply | None:
        """What is left of an answer when the fault has struck it."""
        if fault.kind in ("applied_then_closed", "delayed_then_closed"):
            return None
        if fault.kind == "applied_then_slow":
            self._wait(fault.seconds)
        if fault.kind == "drip":
            return replace(reply, pause=fault.seconds)
        if fault.kind in SPOILED:
            return SPOILED[fault.kind].spoil(reply)
        return LATE.get(fault.kind, reply)

    def _admitted(self, call: Call, route: Route) -> Fault | None:
        with self.lock:
            if route.guarded:
                self.access.admit(call, self.clock(), restricted=route.restricted)
            if not self.limits.admit(route.operation, self.clock()):
                raise refused(*EARLY["throttled"])
            return self.faults.take(route.operation)


def _strike_early(kind: str, call: Call) -> None:
    """Raises what is answered before anything was done."""
    if kind in EARLY:
        raise refused(*EARLY[kind])
    if kind == "redirect":
        raise Refused(REDIRECT)
    if kind == "echo":
        token = call.headers.get("x-amz-access-token", "")
        raise refused(400, "InvalidInput", f"Cannot process {call.body.decode(errors='replace')} of {token}")


def _rated(reply: Reply) -> Reply:
    if reply.status not in RATED:
        return reply
    return replace(reply, headers={**reply.headers, **RATE_HEADER})
