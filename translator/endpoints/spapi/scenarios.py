"""Orders made to measure in Amazon's dynamic sandbox: asked for, and the numbers of those that were made.

Promises: nothing but the sandbox hosts knows these operations. In trouble: Unavailable, Rejected and, from
`generate_scenarios` alone, Unknown.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final
from urllib.parse import quote

from translator.core.finding import Finding, Rejected
from translator.core.jsontext import encode
from translator.core.tree import at
from translator.endpoints.spapi.account import Account
from translator.endpoints.spapi.answers import findings_of

BASE: Final = "/vendor/directFulfillment/sandbox/2021-10-28"
MOST: Final = 1_000  # orders of one answer
_NONE_MADE: Final = Finding("amazon-sandbox-failure", "Amazon's sandbox made no orders and gave no reason")


def generate_scenarios(account: Account, orders: Sequence[tuple[str, str]]) -> str:
    """Ask for one order for each vendor code and warehouse code: give the transaction id."""
    wanted = [{"sellingParty": {"partyId": vendor}, "shipFromParty": {"partyId": code}} for vendor, code in orders]
    return account.submit(f"{BASE}/orders", encode({"orders": wanted}))


def scenarios(account: Account, transaction: str) -> tuple[str, ...] | None:
    """Give the numbers of the orders that were made; None while Amazon is still at it. Raises Rejected where it failed."""
    tree = account.ask(f"{BASE}/transactions/{quote(transaction, safe='')}").tree
    result = at(tree, "transactionStatus", tree)
    status = str(at(result, "status", "")).casefold()
    if status == "failure":
        raise Rejected(findings_of(at(result, "errors", at(tree, "errors"))) or (_NONE_MADE,))
    return tuple(_numbers(result))[:MOST] if status == "success" else None


def _numbers(result: Any) -> list[str]:
    orders = [order for one in _list(at(result, "testCaseData.scenarios")) for order in _list(at(one, "orders"))]
    return [number for order in orders if isinstance(number := at(order, "orderId"), str)]


def _list(value: object) -> list[Any]:
    return value if isinstance(value, list) else []
