"""What every operation stands on: the desk it is served at, its route, and the looks at what a call carries.

Promises: a call that is refused here has changed nothing. In trouble it raises `Refused` with Amazon's shape of an error.
"""

import json
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from urllib.parse import unquote

from translator.simulator import rules
from translator.simulator.access import Access, refused, same_place
from translator.simulator.account import Account, Submission, transaction_number
from translator.simulator.faults import Fault
from translator.simulator.journal import Journal
from translator.simulator.settings import AmazonSettings
from translator.simulator.wire import Call, Reply


@dataclass(frozen=True, slots=True)
class Desk:
    """What an operation may use, for the time of one call."""

    settings: AmazonSettings
    access: Access
    account: Account
    journal: Journal
    now: datetime


@dataclass(frozen=True, slots=True)
class Visit:
    call: Call
    route: "Route"
    parts: dict[str, str]
    fault: Fault | None = None

    @property
    def fate(self) -> str:
        return self.fault.kind if self.fault else ""


@dataclass(frozen=True, slots=True)
class Route:
    operation: str
    method: str
    path: str
    perform: Callable[[Desk, Visit], Reply]
    version: str = "v1"
    guarded: bool = True
    restricted: bool = False


@dataclass(frozen=True, slots=True)
class Routes:
    routes: tuple[Route, ...]

    def find(self, method: str, path: str) -> tuple[Route | None, dict[str, str]]:
        for route in self.routes:
            if route.method == method and same_place(route.path, path):
                return route, _parts(route.path, path)
        return None, {}


def _parts(template: str, path: str) -> dict[str, str]:
    pairs = zip(template.split("/"), path.split("/"), strict=True)
    return {name[1:-1]: unquote(value) for name, value in pairs if name.startswith("{")}


def enveloped(visit: Visit, status: int, body: dict[str, Any]) -> Reply:
    return Reply(status, {"payload": body} if visit.route.version == "v1" else body)


def direct(
    operation: str, method: str, path: str, perform: Callable[[Desk, Visit], Reply], *, restricted: bool = False
) -> list[Route]:
    """One operation of Direct Fulfillment in both of its versions."""
    root = "/vendor/directFulfillment/"
    versions = ("2021-12-28", "v1")
    return [
        Route(operation, method, root + path.replace("{V}", v), perform, v, restricted=restricted) for v in versions
    ]


def refuse_stranger(desk: Desk, documents: list[dict[str, Any]]) -> None:
    if any(document["sellingParty"]["partyId"] != desk.settings.vendor for document in documents):
        raise refused(
            403, "Unauthorized", "Access to requested resource is denied: not a vendor code of this authorization."
        )


def accepted(desk: Desk, visit: Visit, body: dict[str, Any], documents: list[dict[str, Any]]) -> Reply:
    refuse_stranger(desk, documents)
    return taken_in(desk, visit, body)


def taken_in(desk: Desk, visit: Visit, body: dict[str, Any]) -> Reply:
    number = transaction_number(desk.now)
    submission = Submission(
        transaction=number,
        operation=visit.route.operation,
        version=visit.route.version,
        path=visit.call.path,
        warehouse=visit.parts.get("warehouseId", ""),
        body=body,
        accepted=desk.now,
        due=desk.account.due(desk.now),
        fault=visit.fault,
    )
    desk.account.submit(submission)
    return enveloped(visit, 202, {"transactionId": number})


def checked(visit: Visit, rule: rules.Record) -> dict[str, Any]:
    call = visit.call
    if call.headers.get("content-type", "").partition(";")[0].strip().lower() != "application/json":
        raise refused(415, "UnsupportedMediaType", "The content type must be application/json.")
    if call.query:
        raise refused(400, "InvalidInput", "This operation has no query parameters.")
    body = _parsed(call.body)
    objections = [str(objection) for objection in rule.objections(body, "")]
    if objections:
        raise refused(400, "InvalidInput", "; ".join(objections[:20]))
    return dict(body)


def _parsed(content: bytes) -> Any:
    try:
        return json.loads(content.decode("utf-8"), object_pairs_hook=_once_each, parse_constant=_no_constant)
    except (ValueError, RecursionError):
        raise refused(400, "InvalidInput", "The request body is not valid JSON.") from None


def _once_each(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) < len(pairs):
        raise ValueError("a name stands twice in one object")
    return found


def _no_constant(name: str) -> Any:
    raise ValueError(f"{name} is no JSON")


def refuse_content(call: Call) -> None:
    if call.body or "content-length" in call.headers:
        raise refused(400, "InvalidInput", "A GET has no content and no Content-Length.")
