"""The control room, under /_simulator/: what a test or a person may do to Amazon from outside, which the service never does.

Promises: needs no token and is not written into the journal. In trouble it answers 400, 404 or 409 with the reason.
"""

import json
from datetime import timedelta
from typing import Any
from urllib.parse import parse_qsl

from translator.simulator.faults import Fault
from translator.simulator.marketplace import Marketplace
from translator.simulator.wire import Call, Reply

ROOT = "/_simulator/"


def control(market: Marketplace, call: Call) -> Reply:
    try:
        return _asked(market, call)
    except KeyError as missing:
        return Reply(404, {"error": f"{missing} is not known"})
    except ValueError as wrong:
        return Reply(400, {"error": str(wrong)})


def _asked(market: Marketplace, call: Call) -> Reply:
    parts, body = call.path.removeprefix(ROOT).split("/"), call.body
    match call.method, parts:
        case "GET", ["state"]:
            return Reply(200, market.state())
        case "POST", ["orders"]:
            return _add(market, json.loads(body), float(dict(parse_qsl(call.query)).get("late", 0)))
        case "POST", ["orders", number, "cancel"]:
            return _cancel(market, number)
        case "POST", ["faults"]:
            return _plan(market, json.loads(body))
        case "DELETE", ["faults"]:
            return _clear(market)
        case "POST", ["tokens", "revoke"]:
            return _revoke(market)
    raise KeyError(f"{call.method} {ROOT}{'/'.join(parts)}")


def _add(market: Marketplace, body: Any, late: float) -> Reply:
    """Takes a list of orders, or a body of getOrders as it is; they can be seen after `late` seconds."""
    inner = body.get("payload", body) if isinstance(body, dict) else {"orders": body}
    bodies = inner.get("orders") if isinstance(inner, dict) else None
    if not isinstance(bodies, list):
        raise ValueError("a list of orders is expected")
    with market.lock:
        market.account.add(bodies, market.clock() + timedelta(seconds=late))
    return Reply(201, {"added": len(bodies)})


def _cancel(market: Marketplace, number: str) -> Reply:
    with market.lock:
        try:
            market.account.cancel(number, market.clock())
        except ValueError as shipped:
            return Reply(409, {"error": str(shipped)})
    return Reply(200, {"cancelled": number})


def _plan(market: Marketplace, body: Any) -> Reply:
    faults = [Fault.from_body(one) for one in (body if isinstance(body, list) else [body])]
    with market.lock:
        for fault in faults:
            market.faults.plan(fault)
    return Reply(201, {"planned": len(faults)})


def _clear(market: Marketplace) -> Reply:
    with market.lock:
        market.faults.planned.clear()
    return Reply(200, {"planned": 0})


def _revoke(market: Marketplace) -> Reply:
    with market.lock:
        market.access.revoke_all()
    return Reply(200, {"tokens": 0})
