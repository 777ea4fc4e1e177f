"""The values of a picture: found, looked up, converted, bounded; what is wrong is a finding of the work."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime
from typing import Any, Final

from translator.core.alike import composed
from translator.core.document import Tree
from translator.core.finding import Finding, Place, errors
from translator.core.tree import at, nothing
from translator.mapping import convert
from translator.mapping.about import Filling
from translator.mapping.checks import held
from translator.mapping.context import Context
from translator.mapping.dates import Assumed
from translator.mapping.entry import Entry
from translator.mapping.expression import ABSENT, MISSING, Failed, Missing
from translator.mapping.layout import Field
from translator.mapping.scope import Formula, Scope
from translator.mapping.shapes import Leaf, Shape
from translator.mapping.wrong import Wrong
from translator.mapping.zones import zone as zone_named

WAREHOUSE: Final = "orderDetails.shipFromParty.partyId"


@dataclass(frozen=True, slots=True)
class Drawn:
    """An object that was drawn, as far as it went, and what was at hand: for whoever asks afterwards."""

    shape: Shape
    scope: Scope
    tree: Tree


@dataclass(slots=True)
class Work:
    """One document while it is drawn."""

    context: Context
    alone: bool = False  # its entries stand alone
    findings: list[Finding] = field(default_factory=list)
    ensuing: list[Finding] = field(default_factory=list)  # follows from others, and is told where these are not
    left: list[Finding] = field(default_factory=list)  # of entries that were left out
    left_places: list[Place] = field(default_factory=list)
    places: list[Place] = field(default_factory=list)  # of entries that stand alone and were drawn
    kept: dict[str, str] = field(default_factory=dict)
    lines: Filling = field(default_factory=Filling)
    notes: list[Drawn] | None = None  # of each object that is drawn, where somebody asks

    def take(self, entries: Iterable[Entry]) -> None:
        """Take what is wrong with entries; a bad one that stands alone is left out."""
        for entry in entries:
            found = list(entry.found())
            if self.alone and errors(found):
                self.left.extend(found)
                self.left_places.append(entry.place)
            else:
                self.findings.extend(found)


def told(condition: Formula, scope: Scope, work: Work) -> bool:
    """Tell whether a condition holds; what cannot be worked out is a finding, and does not."""
    try:
        return held(condition, scope)
    except Failed as failed:
        work.findings.append(failed.finding.at(data=scope.place))
        return False


def excused(failed: Failed, scope: Scope) -> bool:
    """Tell whether a value is missing because what stood there was wrong, which is told already."""
    return failed.finding.code == MISSING and any(entry.bad for entry in scope.entries)


def _spoilt(leaf: Leaf, scope: Scope) -> bool:
    """Tell whether something is wrong with a record that a value is taken from."""
    paths = [use.path for source in leaf.sources for use in source.compiled.uses.paths]
    named = (entry for path in paths if len(path) > 1 for entry in scope.all(path[:-1]))
    around = [*scope.outside, *(entry for one in scope.entries for entry in one.around())]
    whose = (entry for entry in around if any(entry.declares(path[0]) for path in paths))
    return any(isinstance(entry, Entry) and entry.bad for entry in (*named, *whose))


def leaf_value(leaf: Leaf, scope: Scope, work: Work) -> tuple[Any, bool]:
    """Give a value, or ABSENT, and tell whether it is more than a fixed text."""
    one = leaf.layout
    if leaf.when and not told(leaf.when, scope, work):
        return ABSENT, False
    if one.text is not None and not leaf.sources:
        return one.text, False
    try:
        value = _converted(leaf, _found(leaf, scope), scope, work)
    except Failed as failed:
        if not excused(failed, scope):
            ensues = isinstance(failed, Missing) and not work.alone and _spoilt(leaf, scope)
            (work.ensuing if ensues else work.findings).append(failed.finding.at(scope.place, one.rule))
        return ABSENT, False
    except Wrong as wrong:
        work.findings.append(wrong.finding(scope.place, one.rule))
        return ABSENT, False
    if value is ABSENT:
        return ABSENT, False
    if one.keep:
        work.kept[one.keep] = convert.plain(value)
    return value, True


def _found(leaf: Leaf, scope: Scope) -> Any:
    """Give the first value that holds something, or what is said for nothing."""
    one = leaf.layout
    if leaf.by and not leaf.sources:
        return _looked_up(leaf, scope)
    missing: Missing | None = None
    for source in leaf.sources:
        try:
            value = source(scope)
        except Missing as failed:
            missing = failed
            continue
        if not nothing(value):
            return value
    if missing and not one.maybe and one.default is None:
        raise missing
    return ABSENT


def _looked_up(leaf: Leaf, scope: Scope) -> Any:
    if leaf.find is None:
        return ABSENT
    try:
        asked = tuple(convert.plain(one(scope)) for one in leaf.by)
    except Missing:
        if leaf.layout.default is not None:
            return ABSENT
        raise
    return leaf.find(asked)


def _converted(leaf: Leaf, value: Any, scope: Scope, work: Work) -> Any:
    one = leaf.layout
    if value is not ABSENT:
        value = _parsed(leaf, value, scope, work)
    if value is None or value is ABSENT:
        if one.required:
            raise Wrong(
                "value-required", f"{one.name}: nothing stands here", "it is `required`; `default` stands for nothing"
            )
        return ABSENT if one.default is None else one.default
    if isinstance(value, (list, dict)):
        raise Wrong(
            "value-type", f"{one.name}: a list or an object where one value is wanted", "first(…), sum(…), max(…)"
        )
    if isinstance(value, date):
        return _zulu(value.not_after(work.context.now()) if isinstance(value, Assumed) else value)
    return _bounded(one, composed(value) if isinstance(value, str) else value)


def _zulu(value: date) -> str:
    """Write a moment as documents hold it: in UTC; a day stays a day."""
    if not isinstance(value, datetime):
        return value.isoformat()
    return value.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def _parsed(leaf: Leaf, value: Any, scope: Scope, work: Work) -> Any:
    one = leaf.layout
    looks = one.lookup is not None and not one.lookup.by
    if not (looks or one.date or one.type != "text" or one.empty is not None):
        return value
    if isinstance(value, (list, dict)) or (isinstance(value, date) and not looks):
        return value
    return _parser(leaf, scope, work)(convert.plain(value))


def _parser(leaf: Leaf, scope: Scope, work: Work) -> convert.Parse:
    zone = _zone(leaf, scope, work)
    if zone not in leaf.parsers:
        leaf.parsers[zone] = convert.parser(replace(leaf.layout, zone=zone or leaf.layout.zone), zone)
    return leaf.parsers[zone]


def _zone(leaf: Leaf, scope: Scope, work: Work) -> str:
    """Give the zone that the order's warehouse has, or that the file says."""
    if leaf.zone is not None:
        said = leaf.zone.layout.text or _converted(leaf.zone, _found(leaf.zone, scope), scope, work)
        return "" if said is ABSENT else zone_named(convert.plain(said)).key
    return work.context.zone(at(scope.world.get("order"), WAREHOUSE, "")) if leaf.layout.zone == "warehouse" else ""


def _bounded(one: Field, value: Any) -> Any:
    if one.max is None or not isinstance(value, str) or len(value) <= one.max:
        return value
    if not one.truncate:
        hint = "`truncate: true` cuts it off"
        raise Wrong("value-too-long", f"{one.name}: {len(value)} characters where {one.max} are allowed", hint)
    return value[: one.max]
