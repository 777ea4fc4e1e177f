"""The fault matrix, some of it: one column whole, and that it sees what it is there to see. All of it: make slices."""

import ast
import sys
from dataclasses import replace
from pathlib import Path

from tests.matrix import expected as judge
from tests.matrix import sweep
from tests.matrix.expected import Expected
from tests.matrix.faults import cells
from tests.matrix.operations import OPERATIONS
from tests.matrix.sweep import Sweep
from tests.matrix.table import wanted
from translator.core.finding import Unavailable, Unknown
from translator.endpoints.spapi import account, answers, network, wire
from translator.simulator.faults import OPERATIONS as MENU

ROOT = Path(__file__).parents[2]
ACKNOWLEDGE = [one for one in OPERATIONS if one.name == "submitAcknowledgement"]


def names_of(operations):
    return {operation.name for operation in operations}


# --- the data


def test_there_are_36_faults_and_each_stands_in_the_expectations():
    menu = list(dict.fromkeys(name for name, _, _ in cells("")))
    assert menu == [name for rows in Expected().groups.values() for name in rows]
    assert len(menu) == 36
    assert {group: len(rows) for group, rows in Expected().groups.items()} == {
        "connection": 9,
        "timing": 8,
        "status": 10,
        "body": 9,
    }


def test_every_operation_that_the_pretend_amazon_knows_has_its_column():
    """Stock is submitted as a level: its column comes with its own rules."""
    assert names_of(OPERATIONS) == {*MENU} - {"*", "submitInventoryUpdate"}


def test_each_submission_has_a_rule_for_an_unknown_outcome():
    expected = Expected()
    submits = {operation.name for operation in OPERATIONS if operation.kind == "submit"}
    for name in submits:
        assert expected.unknown(name, True)
        assert expected.unknown(name, False)
    assert set(expected.exceptions) <= names_of(OPERATIONS)


def test_the_expectations_know_nothing_of_the_program():
    with open(judge.__file__, encoding="utf-8") as source:
        tree = ast.parse(source.read())
    imported = {name for node in ast.walk(tree) if isinstance(node, ast.Import) for name in [node.names[0].name]}
    imported |= {node.module for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)}
    assert {name.partition(".")[0] for name in imported} <= {*sys.stdlib_module_names, "yaml"}


# --- one column


def test_an_acknowledgement_meets_every_fault(authority):
    swept = Sweep(authority, operations=ACKNOWLEDGE)
    assert swept.wrong == []
    assert len(swept.seen) == 45


# --- planted mistakes: the matrix has to see each


def found(authority, *faults, operations=ACKNOWLEDGE):
    return "\n".join(Sweep(authority, operations=operations, only=faults, again=False).wrong)


def test_it_sees_a_library_that_repeats_a_post(authority, monkeypatch):
    ask = wire.Wire.ask

    def eager(self, call):
        answer = ask(self, call)
        return ask(self, call) if isinstance(answer, wire.Answer) and answer.status >= 500 else answer

    monkeypatch.setattr(wire.Wire, "ask", eager)
    assert "2 requests left, not 1" in found(authority, "server's trouble")


def test_it_sees_a_redirect_that_is_followed(authority, monkeypatch):
    made = wire.httpx.Client
    monkeypatch.setattr(wire.httpx, "Client", lambda **ways: made(**(ways | {"follow_redirects": True})))
    assert "the redirect was followed" in found(authority, "redirect")


def test_it_sees_an_unknown_outcome_that_is_taken_for_not_applied(authority, monkeypatch):
    def hopeful(answer):
        try:
            return answers.submitted(answer)
        except Unknown as unknown:
            raise Unavailable(unknown.reason) from None

    monkeypatch.setattr(account, "submitted", hopeful)
    told = found(authority, "closed", "truncated")
    assert "(applied): not applied, not unknown" in told
    assert "× truncated: not applied, not unknown" in told


def test_it_sees_a_success_without_a_transaction(authority, monkeypatch):
    monkeypatch.setattr(account, "submitted", lambda answer: "done" if answer.status == 202 else "")
    assert "accepted, not unknown" in found(authority, "nothing in it")


def test_it_sees_a_deadline_that_is_not_kept(authority, monkeypatch):
    monkeypatch.setattr(wire.Network, "left", lambda self, timeout, late: timeout)
    monkeypatch.setattr(sweep, "LONGEST", 1.5)
    assert "s, longer than a cell may take" in found(authority, "body drips")


def test_it_sees_a_reason_that_quotes_what_amazon_wrote(authority, monkeypatch):
    monkeypatch.setattr(answers, "scrubbed", lambda text: text)
    assert "it tells " in found(authority, "bad request")


def test_it_sees_a_token_in_a_reason(authority, monkeypatch):
    ask = wire.Wire._exchange

    def chatty(self, call):
        answer = ask(self, call)
        return replace(answer, reason=call.token.reveal()) if isinstance(answer, wire.Lost) else answer

    monkeypatch.setattr(wire.Wire, "_exchange", chatty)
    assert "it tells Atz" in found(authority, "reset after headers")


def test_it_sees_a_server_that_is_not_verified(authority, monkeypatch):
    monkeypatch.setattr(network.trusting(), "check_hostname", False)
    assert "accepted, not not sent" in found(authority, "other name")


def test_it_sees_a_status_that_is_taken_for_a_refusal(authority, monkeypatch):
    monkeypatch.setattr(answers, "REFUSALS", answers.REFUSALS | {409})
    assert "rejected, not unknown" in found(authority, "conflict")


def test_the_manual_has_the_table():
    page = (ROOT / "docs" / "faults.md").read_text(encoding="utf-8")
    assert f"```text\n{wanted(Expected(), OPERATIONS)}\n```" in page
    assert all(f"\n| {letter} | " in page for letter in Expected().letters())
