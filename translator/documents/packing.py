"""What a warehouse did not say of its containers, filled in: from the order where it knows, else by declared fall-backs.

Amazon takes no confirmation without containers (`EMPTY_PACKAGES`, models#178), and no container without identifier,
weight and content. Each fall-back is told as an info finding; where there is no honest one, an error says what to send.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from translator.core.document import Tree
from translator.core.finding import Finding
from translator.core.private import shown
from translator.core.tree import at
from translator.documents.containers import CONTENT, containers_of, gathered, packed
from translator.documents.kind import Asked
from translator.documents.lines import amounts_ordered, by_key, each, line_key, number_of, product_of
from translator.documents.shipped_lines import entry_faults, items_told, numbered, total_faults
from translator.documents.types import fault, note, pointer

WEIGHT: Final = "1 LB"  # where the warehouse weighs nothing; the partner's `assume_weight` says otherwise

Found = list[Finding]


@dataclass(frozen=True, slots=True)
class Stored:
    """A stored order, its lines by their key, and the ship method of containers that name none."""

    order: Tree
    lines: Mapping[str, Tree]
    method: str


def boxed(said: Tree, asked: Asked, order: Tree, found: Found, method: str = "") -> list[Tree]:
    """Give the containers that a warehouse tells, whole, and find what is wrong with them. `method`: where not said."""
    lines = by_key(order)
    ordered = amounts_ordered(lines)
    said, faults = numbered(said, order)
    found += [*faults, *entry_faults(said, lines)]
    boxes, broken = gathered(containers_of(said))
    found += [fault("container-differs", why, "/containers") for why in broken]
    told = items_told(said)
    wanted = {line: amount for line, amount in told.items() if line in lines}
    containers = _filled(boxes, wanted or ordered, Stored(order, lines, method), asked, found)
    found += total_faults(packed(containers), told, ordered, said)
    return containers


def _filled(said: Sequence[Tree], wanted: Mapping[str, int], stored: Stored, asked: Asked, found: Found) -> list[Tree]:
    """Give whole containers that hold what was shipped, `wanted` by line."""
    containers = _with_content(list(said) or [{}], wanted, stored.lines, found)
    return [_whole(n, one, stored, asked, found) for n, one in enumerate(containers)]


def dealt(units: Mapping[str, int], boxes: int) -> list[dict[str, int]] | None:
    """Deal units into boxes so that none is empty: one each, all the rest in the last. None: too few units."""
    singles = [line for line, amount in units.items() for _ in range(min(amount, boxes))][: boxes - 1]
    rest = Counter(units) - Counter(singles)
    if len(singles) < boxes - 1 or not rest:
        return None
    return [*({line: 1} for line in singles), {line: rest[line] for line in units if rest[line]}]


def _with_content(said: list[Tree], wanted: Mapping[str, int], lines: Mapping[str, Tree], found: Found) -> list[Tree]:
    empty = [n for n, one in enumerate(said) if CONTENT not in one]
    if not empty:
        return said
    left = {line: wanted[line] - amount for line, amount in _nought(wanted, packed(said)).items()}
    units = {line: amount for line, amount in left.items() if amount > 0}
    boxes = dealt(units, len(empty))
    if boxes is None:
        hint = "say what each container holds"
        found.extend(fault("content-unknown", "nothing is left to be in it", _at(n), hint) for n in empty)
        return said
    found.extend(_content_notes(empty, boxes))
    content = dict(zip(empty, boxes, strict=True))
    return [{**one, CONTENT: _packed_lines(content[n], lines)} if n in content else one for n, one in enumerate(said)]


def _nought(wanted: Mapping[str, int], there: Mapping[str, int]) -> dict[str, int]:
    return {line: there.get(line, 0) for line in wanted}


def _content_notes(empty: Sequence[int], boxes: Sequence[Mapping[str, int]]) -> Iterator[Finding]:
    for n, box in zip(empty, boxes, strict=True):
        lines = ", ".join(f"{amount} of line {line}" for line, amount in box.items())
        yield note("content-assumed", f"its content was not said, {lines} assumed", _at(n))


def _packed_lines(box: Mapping[str, int], lines: Mapping[str, Tree]) -> list[Tree]:
    numbers = ((lines[key].get("itemSequenceNumber"), amount) for key, amount in box.items())
    return [{"itemSequenceNumber": number, "packedQuantity": each(amount)} for number, amount in numbers]


def _whole(n: int, said: Tree, stored: Stored, asked: Asked, found: Found) -> Tree:
    method = said.get("shipMethod") or stored.method
    return {
        **said,
        "containerType": said.get("containerType", "Carton"),
        "containerIdentifier": _identifier(n, said, stored.order, found),
        **({"shipMethod": method} if method else {}),
        "weight": _weight(n, said, asked, found),
        CONTENT: [_line(line, stored.lines) for line in said.get(CONTENT, [])],
    }


def _line(said: Tree, lines: Mapping[str, Tree]) -> Tree:
    """Give a packed line with the order's identifiers: at least one of them, equal to the order's (§6.2)."""
    key = line_key(said.get("itemSequenceNumber", ""))
    amount = at(said, "packedQuantity.amount", 0)
    number = {"itemSequenceNumber": int(key) if key.isdecimal() else key}
    return {**said, **number, **product_of(lines.get(key, {})), "packedQuantity": each(amount)}


def _identifier(n: int, said: Tree, order: Tree, found: Found) -> str:
    if "containerIdentifier" in said:
        return str(said["containerIdentifier"])
    assumed = str(said.get("trackingNumber") or f"{number_of(order)}-{n + 1}")
    found.append(note("carton-id-assumed", f"no identifier was said, {shown(assumed)} assumed", _at(n)))
    return assumed


def _weight(n: int, said: Tree, asked: Asked, found: Found) -> Tree:
    """Give the weight, as far as it is said."""
    value, _, unit = asked.settings.get("assume_weight", WEIGHT).partition(" ")
    given = said.get("weight", {})
    if "value" not in given:
        found.append(note("weight-assumed", f"no weight was said, {value} {unit} assumed", pointer(_at(n), "weight")))
        return {"value": value, "unitOfMeasure": unit}
    if "unitOfMeasure" not in given:
        found.append(note("weight-assumed", f"no unit was said, {unit} assumed", pointer(_at(n), "weight")))
    return {"unitOfMeasure": unit, **given}


def _at(n: int) -> str:
    return f"/containers/{n}"
