"""What Amazon's answers hold, taken out of them: with `payload` or without, one thing or a list of them.

Amazon's own examples disagree with its models on the wrapper, whatever the version (reference §3), so it is taken off
where it stands. An empty answer holds nothing; an answer of another shape is Rejected whole.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from re import Pattern
from typing import Any

from translator.core.document import Tree
from translator.core.finding import Finding, Place, Rejected, Severity
from translator.core.tree import pruned

Taken = list[tuple[Tree, list[Finding]]]


def held(body: Any, kind: str, listed: str, marks: Sequence[str]) -> list[Tree]:
    """Give what a body holds: in the list called `listed`, or as itself, known by one of its `marks`."""
    inside = body["payload"] if isinstance(body, dict) and "payload" in body else body
    return [one if isinstance(one, dict) else {} for one in _held(inside, kind, listed, marks)]


def taken(found: Iterable[Tree], check: Callable[[Tree], list[Finding]]) -> Taken:
    """Leave out of each what is empty, and check the rest."""
    return [(tree, check(tree)) for tree in map(pruned, found)]


def weighed(found: Iterable[Finding], vital: Pattern[str]) -> list[Finding]:
    """Make a warning of each fault that is not at a vital place: Amazon's data is taken as far as one can go on."""
    return [one if vital.fullmatch(_path(one)) else replace(one, severity=Severity.WARNING) for one in found]


def _held(body: Any, kind: str, listed: str, marks: Sequence[str]) -> list[Any]:
    if isinstance(body, list):
        return body
    if isinstance(body, dict) and isinstance(body.get(listed), list):
        return list(body[listed])
    if isinstance(body, dict) and any(mark in body for mark in marks):
        return [body]
    if body is None or (isinstance(body, dict) and not body.get(listed) and body.keys() <= {"pagination", listed}):
        return []
    words = kind.replace("_", " ")
    hint = f"expected: one {words}, a list of them, or an answer of Amazon's with '{listed}'"
    raise Rejected([Finding(f"{kind.replace('_', '-')}-shape", f"this holds no {words}", Place(path="/"), hint=hint)])


def _path(finding: Finding) -> str:
    return finding.data.path if finding.data else ""
