"""The faults that a pretend Amazon is to play, out of a YAML or JSON file: a list of kind, operation, times, seconds, after.

Promises every fault of the list or none. In trouble `Misconfigured`, with the place of each entry that is not on the menu.
"""

from __future__ import annotations

from pathlib import Path

from translator.core.finding import Finding, Findings, Misconfigured
from translator.mapping.strict import Entries, Items, Node, Scalar, read_yaml
from translator.simulator.faults import Fault

HINT = "translator simulate amazon --help names the kinds; keys are kind, operation, times, seconds, after"


def read_faults(path: Path) -> list[Fault]:
    """Read a file of faults."""
    findings = Findings()
    node = read_yaml(path.read_bytes(), str(path))
    if not isinstance(node, Items):
        findings.add(Finding("faults-shape", "this holds no list of faults", rule=node.rule, hint=HINT))
        raise Misconfigured(findings.found)
    faults = [fault for one in node.nodes if (fault := _fault(one, findings))]
    if findings.failed:
        raise Misconfigured(findings.found)
    return faults


def _fault(node: Node, findings: Findings) -> Fault | None:
    pairs = list(node) if isinstance(node, Entries) else []
    body = {key.text: _value(value) for key, value in pairs}
    try:
        return Fault.from_body(body)
    except ValueError as wrong:
        findings.add(Finding("faults-menu", str(wrong), rule=node.rule, hint=HINT))
        return None


def _value(node: Node) -> object:
    if not isinstance(node, Scalar):
        return None
    try:
        return node.text if node.quoted else int(node.text) if node.text.isdecimal() else float(node.text)
    except ValueError:
        return node.text
