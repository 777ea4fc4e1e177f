"""Containers that Amazon made labels for: tracking number and ship method of the newest label, whatever the paper says.

Amazon compares the confirmation with its newest label (reference §6.1), and may have changed both when one was asked
for again. So a container is found by the tracking number on it, else by its name among the boxes that labels were
asked for, else by the order of the packages where there are as many. What the warehouse said otherwise is replaced, and
told. Containers that have no label of their own stop the confirmation once every line is packed: until then another
file may tell more.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final

from translator.core.document import Tree
from translator.core.finding import Finding, Severity, counted
from translator.core.private import shown
from translator.documents.containers import container_name, containers_of, gathered
from translator.documents.kind import Asked
from translator.documents.types import fault, note

_AGAIN: Final = "ask for labels of the boxes as they are packed: send a pack file, or translator relabel"


def labelled(said: Tree, asked: Asked, *, whole: bool, found: list[Finding]) -> Tree:
    """Give the confirmation with its containers as they are labelled. `whole`: it tells every line of the order."""
    boxes, broken = gathered(containers_of(said))
    labels = asked.labels
    if not labels or broken or (not boxes and not whole):
        return said
    boxes = boxes or [{} for _ in labels]
    known = _paired(boxes, asked)
    rest = [n for n in range(len(boxes)) if n not in known]
    left = [place for place in range(len(labels)) if place not in known.values()]
    if whole and len(rest) == len(left):
        if len(rest) > 1 and any(boxes[n] for n in rest):
            found.append(note("label-order", f"{len(rest)} containers take the labels in their order", "/containers"))
        known |= dict(zip(rest, left, strict=True))
    elif whole:
        found.append(_uneven(len(boxes), len(labels), severe=bool(rest)))
    label_of = {n: labels[place] for n, place in known.items()}
    return {**said, "containers": [_dressed(n, box, label_of.get(n, {}), found) for n, box in enumerate(boxes)]}


def _paired(boxes: Sequence[Tree], asked: Asked) -> dict[int, int]:
    """Give the place of the label of each container that a number or a name leads to; each label once."""
    known: dict[int, int] = {}
    for places in (_by_number, _by_name):
        for n, box in enumerate(boxes):
            free = [place for place in places(box, asked) if place not in known.values()]
            if n not in known and free:
                known[n] = free[0]
    return known


def _by_number(box: Tree, asked: Asked) -> list[int]:
    number = box.get("trackingNumber")
    return [place for place, one in enumerate(asked.labels) if number and one.get("trackingNumber") == number]


def _by_name(box: Tree, asked: Asked) -> list[int]:
    """Labels come in the order of the boxes that they were asked for."""
    name = container_name(box)
    told = len(asked.packed) == len(asked.labels)
    return [place for place, one in enumerate(asked.packed) if told and name and one == name]


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
    text = f"{counted(boxes, 'container')} {'was' if boxes == 1 else 'were'} packed, Amazon made {counted(labels, 'label')}"
    return fault("label-count", text, "/containers", _AGAIN, severity)
