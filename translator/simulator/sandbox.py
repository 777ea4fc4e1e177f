"""The two operations that only a sandbox has: asking for orders, and looking which were made.

Promises: on an Amazon that is no sandbox they are refused. The words of a status are Amazon's here: in capitals.
"""

from typing import Any

from translator.simulator import rules
from translator.simulator.access import refused
from translator.simulator.account import SCENARIOS
from translator.simulator.desk import Desk, Visit, accepted, checked, refuse_content
from translator.simulator.wire import Reply


def generate_scenarios(desk: Desk, visit: Visit) -> Reply:
    _only_here(desk)
    body = checked(visit, rules.SCENARIOS)
    return accepted(desk, visit, body, body["orders"])


def get_scenarios(desk: Desk, visit: Visit) -> Reply:
    _only_here(desk)
    refuse_content(visit.call)
    submission = desk.account.submissions.get(visit.parts["transactionId"])
    if submission is None or submission.operation != SCENARIOS:
        raise refused(404, "ResourceNotFound", "The transaction was not found.")
    status = "Processing" if submission.fate == "stuck" else submission.status
    told: dict[str, Any] = {"transactionId": submission.transaction, "status": status.upper()}
    if status == "Success":
        made = desk.account.scenarios[submission.transaction]
        told["testCaseData"] = {"scenarios": [_scenario(name, numbers) for name, numbers in made.items()]}
    return Reply(200, {"transactionStatus": told})


def _scenario(name: str, numbers: list[str]) -> dict[str, Any]:
    return {"scenarioId": name, "orders": [{"orderId": number} for number in numbers]}


def _only_here(desk: Desk) -> None:
    if not desk.settings.sandbox:
        raise refused(403, "Unauthorized", "Access to requested resource is denied: this is no sandbox.")
