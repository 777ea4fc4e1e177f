"""Which token opens a path: the plain one, or a restricted data token (RDT) for what holds customers' data.

Promises: one restricted token for all families, kept until a few minutes before its end, renewed when Amazon denies it,
one exchange at a time. Where Amazon refuses them together, each family gets its own, so that one that is missing does
not close the others. In trouble: Unavailable; `Shut` where a family is refused to this application.
"""

from __future__ import annotations

import threading
from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any, Final

from translator.core.finding import Rejected, Unavailable
from translator.core.jsontext import encode
from translator.core.ports import Clock
from translator.core.private import Private
from translator.endpoints.spapi.answers import DENIALS, LONG, asked
from translator.endpoints.spapi.hosts import Hosts
from translator.endpoints.spapi.login import AUTHORISE, RESTRICTED, Held, Login, held
from translator.endpoints.spapi.wire import Answer, Call, Lost, Wire

DAY: Final = 86_400.0  # seconds until families that were refused together are asked for together again


class Shut(Unavailable):
    """Amazon gives no token for a family of restricted operations: a person has to ask for the right."""


@dataclass(frozen=True, slots=True)
class Resource:
    """What holds customers' data: a method and a path; a part in braces stands for any one part."""

    method: str
    path: str

    def holds(self, method: str, path: str) -> bool:
        """Tell whether a call is one of these."""
        wanted, given = self.path.split("/"), path.split("/")
        return (
            method == self.method
            and len(wanted) == len(given)
            and all(part == other or part.startswith("{") for part, other in zip(wanted, given, strict=True))
        )


Family = tuple[Resource, ...]


def restricted(version: str) -> tuple[Family, ...]:
    """List what holds customers' data, in families: what Amazon gives or refuses as one."""
    base = "/vendor/directFulfillment"
    names = ("orders", "purchaseOrders"), *(("shipping", name) for name in _OF_SHIPPING)
    families = (_readable(f"{base}/{api}/{version}/{part}") for api, part in names)
    created = Resource("POST", f"{base}/shipping/2021-12-28/shippingLabels/{{purchaseOrderNumber}}")  # no v1 of it
    return (*families, (created,))


_OF_SHIPPING: Final = ("shippingLabels", "packingSlips", "customerInvoices")


def _readable(path: str) -> Family:
    return (Resource("GET", path), Resource("GET", f"{path}/{{purchaseOrderNumber}}"))


class Access:
    """The tokens of one account."""

    def __init__(self, wire: Wire, hosts: Hosts, login: Login, families: Sequence[Family], clock: Clock) -> None:
        self._wire = wire
        self._hosts = hosts
        self._login = login
        self._families = tuple(families)
        self._clock = clock
        self._lock = threading.Lock()
        self._restricted: dict[Family, Held] = {}
        self._apart = 0.0  # until then each family is asked for alone

    def token(self, method: str, path: str) -> Private[str]:
        """Give the token that opens a path. Raises Unavailable."""
        with self._lock:
            for family in self._families:
                if any(resource.holds(method, path) for resource in family):
                    return self._restricted_token(family)
            return self._login.token()

    def forget(self, token: Private[str]) -> None:
        """Drop a token that Amazon denied, and what hangs on it, unless it was renewed meanwhile."""
        with self._lock:
            if self._login.holds(token) or any(one.token is token for one in self._restricted.values()):
                self._login.forget()
                self._restricted = {}

    def _restricted_token(self, family: Family) -> Private[str]:
        kept = self._restricted.get(family)
        if kept is None or self._clock.monotonic() >= kept.until:
            kept = self._together() or self._alone(family)
        return kept.token

    def _together(self) -> Held | None:
        """Ask for all families at once; None where they are refused so."""
        if self._clock.monotonic() < self._apart:
            return None
        resources = [resource for family in self._families for resource in family]
        try:
            fresh = held(partial(self._restrict, resources), RESTRICTED, self._clock)
        except Shut:
            self._apart = self._clock.monotonic() + DAY
            return None
        self._restricted = dict.fromkeys(self._families, fresh)
        return fresh

    def _alone(self, family: Family) -> Held:
        fresh = held(partial(self._restrict, family), RESTRICTED, self._clock)
        self._restricted[family] = fresh
        return fresh

    def _restrict(self, resources: Sequence[Resource]) -> Any:
        answer = self._ask_restricted(resources)
        if isinstance(answer, Answer) and answer.status in DENIALS:
            self._login.forget()
            answer = self._ask_restricted(resources)
        try:
            return asked(answer).tree
        except Rejected as refused:
            raise Shut(f"Amazon gives no {RESTRICTED[0]}: {refused.findings[0]}; {AUTHORISE}", LONG) from None

    def _ask_restricted(self, resources: Sequence[Resource]) -> Answer | Lost:
        wanted = [{"method": resource.method, "path": resource.path} for resource in resources]
        url = f"{self._hosts.tokens}/tokens/2021-03-01/restrictedDataToken"
        body = Private(encode({"restrictedResources": wanted}))  # no dataElements: they are for sellers
        return self._wire.ask(Call("token", "POST", url, self._login.token(), "application/json", body))
