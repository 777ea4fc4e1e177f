"""Containers that Amazon made labels for: tracking number and ship method of the newest label, whatever the paper says.

Amazon compares the confirmation with its newest label (reference §6.1), and may have changed both when one was asked
for again. So a container is found by the tracking number on it, else by the order of the packages where there are as
many; what the warehouse said otherwise is replaced, and told. Containers that have no label of their own stop the
confirmation once every line is packed: until then another file may tell more.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final

from translator.core.document import Tree
from translator.core.finding import Finding, Severity
from translator.core.private import shown
from translator.documents.containers import containers_of, gathered
from translator.documents.types import fault, note

_AGAIN: Final = "ask for labels of the boxes as they are packed: send a pack file, or translator relabel"


def labelled(said: Tree, labels: Sequence[Tree], *, whole: bool, found: list[Finding]) -> Tree:
    """Give the confirmation with its containers as they are labelled. `whole`: it tells every line of the order."""
    boxes, broken = gathered(containers_of(said))
    if not labels or broken or (not boxes and not whole):
        return said
    boxes = boxes or [{} for _ in labels]
    known, left = _by_number(boxes, labels)
    rest = [n for n in range(len(boxes)) if n not in known]
    if whole and len(rest) == len(left):
        if len(rest) > 1 and any(boxes[n] for n in rest):
            found.append(note("label-order", f"{len(rest)} containers take the labels in their order", "/containers"))
        known |= dict(zip(rest, left, strict=True))
    elif whole:
        found.append(_uneven(len(boxes), len(labels), severe=bool(rest)))
    return {**said, "containers": [_dressed(n, box, known.get(n, {}), found) for n, box in enumerate(boxes)]}


def _by_number(boxes: Sequence[Tree], labels: Sequence[Tree]) -> tuple[dict[int, Tree], list[Tree]]:
    """Give the label of each container that names it by its tracking number, and the labels that are left."""
    left = list(labels)
    known: dict[int, Tree] = {}
    for n, box in enumerate(boxes):
        number = box.get("trackingNumber")
        label = next((one for one in left if number is not None and one.get("trackingNumber") == number), None)
        if label is not None:
            known[n] = label
            left.remove(label)
    return known, left


def _dressed(n: int, box: Tree, label: Mapping[str, str], found: list[Finding]) -> Tree:
    path = f"/containers/{n}"
    given = {name: label[name] for name in ("trackingNumber", "shipMethod") if label.get(name)}
    was, now = box.get("trackingNumber"), given.get("trackingNumber")
    if was is not None and now is not None and was != now:
        hint = "see that the newest label is on the carton: the older one may be void"
        text = f"{shown(was)} is not on the newest label: {shown(now)} is sent in its place"
        found.append(fault("tracking-outdated", text, f"{path}/trackingNumber", hint, Severity.WARNING))
    was, now = box.get("shipMethod"), given.get("shipMethod")
    if was is not None and now is not None and was != now:
        text = f"{shown(was)} is not the label's ship method: {shown(now)} is sent in its place"
        found.append(note("ship-method-replaced", text, f"{path}/shipMethod"))
    return {**box, **given}


def _uneven(boxes: int, labels: int, *, severe: bool) -> Finding:
    """Tell that the numbers do not agree: an error where a container has no label, else only a label is left over."""
    severity = Severity.ERROR if severe else Severity.WARNING
    text = f"{boxes} containers were packed, Amazon made {labels} labels"
    return fault("label-count", text, "/containers", _AGAIN, severity)
