"""The pure core from the prompt: documents → files, a file → Amazon's payloads, with no site and no ledger.

One order at fault, or one row, costs itself only: what is good is still given, and the findings say what is not.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any, Final

from translator.core import jsontext
from translator.core.document import Document, File, Tree
from translator.core.finding import Finding, Findings, Place, Rejected, Severity, errors
from translator.core.tree import at
from translator.documents.kind import Asked, Kind, Revision, kinds
from translator.mapping.context import Frozen
from translator.translation import (
    Translation,
    Written,
    batches,
    complete,
    payload,
    place_in_set,
    placed,
    read_amazon,
    read_set,
    unknown_order,
    write,
)

_NO_ORDERS: Final = "here --stored gives the orders it is about, or `stored` of a sample; a site knows its own"
_WAREHOUSE: Final = "orderDetails.shipFromParty.partyId"


class Everywhere(Mapping[str, str]):
    """One time zone for every warehouse there may be, but for those that are named."""

    def __init__(self, zone: str, named: Mapping[str, str]) -> None:
        self._zone = zone
        self._named = named

    def __getitem__(self, warehouse: str) -> str:
        return self._named.get(warehouse, self._zone)

    def __iter__(self) -> Iterator[str]:
        return iter(("",))

    def __len__(self) -> int:
        return 1


@dataclass(frozen=True, slots=True)
class Given:
    """What the command line says of the world."""

    at: datetime
    zone: str = "UTC"
    zones: Mapping[str, str] = field(default_factory=dict)  # by warehouse; `zone` is that of all others
    vendor: str = ""
    orders: Mapping[str, Tree] = field(default_factory=dict)
    numbers: Mapping[str, int] = field(default_factory=dict)
    settings: Mapping[str, str] = field(default_factory=dict)

    def context(self) -> Frozen:
        """Give the world as mappings may ask it."""
        return Frozen(self.at, dict(self.numbers), self.orders, self.settings, Everywhere(self.zone, self._zones()))

    def _zones(self) -> Mapping[str, str]:
        """Give the zones by warehouse; under none that of a file: it is about the orders at hand, where there are some."""
        codes = {str(at(order, _WAREHOUSE, "")) for order in self.orders.values()} - {""}
        about = {self.zones.get(code, self.zone) for code in codes}
        return {**self.zones, "": about.pop() if len(about) == 1 else self.zone} if about else self.zones


def files_of(translation: Translation, data: bytes, name: str, given: Given, findings: Findings) -> list[File]:
    """Write the documents in a JSON text. Raises Rejected where it holds none of this kind."""
    kind = kinds()[translation.file.kinds[0]]
    documents = [one for one in documents_in(kind, data, name) if _goes_on(_with_places(one, name), findings)]
    context = given.context()
    groups = [[documents[place] for place in group] for group in batches(translation, documents)]
    return [file for group in groups for file in _written(translation, group, context, findings)]


def in_order(translation: Translation, files: Sequence[tuple[str, bytes]]) -> list[tuple[str, bytes]]:
    """Put the files of a set into the order of the mapping; those of no name in it last."""

    def number(file: tuple[str, bytes]) -> int:
        found = place_in_set(translation, file[0]) if translation.file.direction == "reads" else None
        return found[0] if found else len(files)

    return sorted(files, key=number)


def documents_in(kind: Kind, data: bytes, name: str) -> list[Document]:
    """Read documents: an order, a list of orders, the body of getOrders; of other kinds a tree or a list of trees."""
    if kind.name == "order":
        return read_amazon("order", data, name)
    if kind.split or kind.open:  # a cancellation is an order under another name
        split = kind.split or kinds()["order"].split
        trees = [tree for tree, _ in split(jsontext.decode(data, name))] if split else []
    else:
        tree = jsontext.decode(data, name)
        trees = tree if isinstance(tree, list) else [tree]
    return [Document(kind.name, tree, kind.key(tree), findings=_checked(kind, tree)) for tree in trees]


def _with_places(document: Document, name: str) -> Document:
    return document.but(findings=placed(document.findings, document, name))


def _checked(kind: Kind, tree: Tree) -> tuple[Finding, ...]:
    return tuple(kind.check(tree)) if kind.check else ()


def _goes_on(document: Document, findings: Findings) -> bool:
    """Tell whether a document can be written; an order that came as a number only is no fault, and no file."""
    if document.kind in ("order", "cancellation") and document.tree and "orderDetails" not in document.tree:
        lacking = [one for one in document.findings if one.data and one.data.path == "/orderDetails"]
        findings.found.extend(replace(one, severity=Severity.WARNING) for one in lacking[:1])
        return False
    findings.found.extend(document.findings)
    return not document.rejected


def _written(
    translation: Translation, group: Sequence[Document], context: Frozen, findings: Findings
) -> Sequence[File]:
    """Write a group; those of a batch that are at fault stay out of it, and take no numbers."""
    before = dict(context.numbers)
    made = _made(translation, group, context)
    if not errors(made.findings):
        findings.found.extend(made.findings)
        return made.files
    findings.found.extend(errors(made.findings))
    good = [one for one in group if len(group) > 1 and not errors(_made(translation, [one], _anew(context)).findings)]
    context.numbers = before
    return _written(translation, good, context, findings) if good and len(good) < len(group) else ()


def _made(translation: Translation, group: Sequence[Document], context: Frozen) -> Written:
    try:
        return write(translation, group, context)
    except Rejected as error:
        return Written((), tuple(error.findings))


def _anew(context: Frozen) -> Frozen:
    return replace(context, numbers=dict(context.numbers))


def payloads_of(
    translation: Translation, files: Sequence[tuple[str, Iterable[bytes]]], given: Given, findings: Findings
) -> list[dict[str, Any]]:
    """Read a file, or the files of a set, and complete what is said from the orders at hand.

    It comes out as Amazon takes it; orders as Amazon gives them.
    """
    try:
        documents = gathered(list(read_set(translation, files, given.context())))
    except Rejected as error:  # the whole file: nothing of it goes on
        findings.found.extend(error.findings)
        return []
    if not documents:
        text = "the file was read, and the mapping makes no document of it"
        findings.add(Finding("no-document", text, Place(files[0][0]), translation.file.rule, severity=Severity.INFO))
    made = [_sent(made) for document in documents for made in _completed(translation, document, given, findings)]
    findings.found[:] = dict.fromkeys(findings.found)  # what stops several documents is said once
    return made


def _sent(document: Document) -> dict[str, Any]:
    """Give what Amazon would be sent; an order, which Amazon sends itself, as it is."""
    return payload(document) if kinds()[document.kind].operation else document.tree


def gathered(documents: Sequence[Document]) -> list[Document]:
    """Join what several records of one file say of one order, and the parts of one level."""
    found: dict[tuple[str, str], Document] = {}
    for number, document in enumerate(_with_parts(documents)):
        kind = kinds().get(document.kind)
        joins = kind is not None and kind.lacking and document.about and not document.rejected
        key = (document.kind, document.about if joins else f"#{number}")
        stored = found.get(key)
        found[key] = document if stored is None or kind is None else _joined(kind, stored, document)
    return list(found.values())


def _with_parts(documents: Sequence[Document]) -> list[Document]:
    """Put the parts together that a long file was read in."""
    parts: dict[tuple[str, str], list[Document]] = {}
    for number, document in enumerate(documents):
        kind = kinds().get(document.kind)
        key = kind.key(document.tree) if kind and kind.join and not document.rejected else f"#{number}"
        parts.setdefault((document.kind, key), []).append(document)
    return [_whole(some) if len(some) > 1 else some[0] for some in parts.values()]


def _whole(parts: Sequence[Document]) -> Document:
    join = kinds()[parts[0].kind].join
    tree = join([one.tree for one in parts]) if join else parts[0].tree
    records = tuple(place for one in parts for place in one.records)
    return parts[0].but(tree=tree, records=records, findings=tuple(one for part in parts for one in part.findings))


def _joined(kind: Kind, stored: Document, arrived: Document) -> Document:
    if kind.revise is None:
        return arrived
    revised = kind.revise(stored.tree, arrived.tree)
    found = (*stored.findings, *arrived.findings)
    if revised.verdict is Revision.CONTRADICTION:
        place = next(iter(arrived.records), None)
        found = (*found, Finding("contradiction", revised.reason or "the file contradicts itself", place))
    records = (*stored.records, *arrived.records)
    return stored.but(tree=revised.tree, findings=found, records=records, kept={**stored.kept, **arrived.kept})


def _completed(translation: Translation, document: Document, given: Given, findings: Findings) -> list[Document]:
    """Give what can be sent of a document: all of it, the good part of a level, or nothing."""
    if document.awaits and not document.rejected:
        unknown = unknown_order(document)
        findings.add(unknown if given.orders else replace(unknown, hint=_NO_ORDERS))
        return []
    kind = kinds().get(document.kind)
    if kind is None or (document.rejected and not kind.level):
        findings.found.extend(document.findings)
        return []
    made = complete(document, _asked(document, given))
    made = made.but(findings=tuple(map(_unsaid, placed(made.findings, document, by=translation))))
    findings.found.extend(made.findings)
    if made.rejected:
        return [made] if kind.level and made.tree.get("items") else []
    _tell_lacking(kind, document, given, findings)
    return [made]


def _unsaid(finding: Finding) -> Finding:
    """Say how the vendor is said here, where no account says it."""
    mine = finding.code == "field-missing" and finding.data and finding.data.path.startswith("/sellingParty")
    return (
        replace(finding, hint="here --vendor says it, or `vendor` in given.yaml; a site knows its own")
        if mine
        else finding
    )


def _asked(document: Document, given: Given) -> Asked:
    order = given.orders.get(document.about)
    vendor = given.vendor or _vendor(order or next(iter(given.orders.values()), {}))
    asins = dict(pair for known in given.orders.values() for pair in _products(known))
    return Asked(given.at, vendor, order, document.kept, asins, given.settings)


def _vendor(order: Tree) -> str:
    return str(order.get("orderDetails", {}).get("sellingParty", {}).get("partyId", ""))


def _products(order: Tree) -> Iterator[tuple[str, str]]:
    for item in order.get("orderDetails", {}).get("items", []):
        if "vendorProductIdentifier" in item and "buyerProductIdentifier" in item:
            yield item["vendorProductIdentifier"], item["buyerProductIdentifier"]


def _tell_lacking(kind: Kind, document: Document, given: Given, findings: Findings) -> None:
    """Say what the service would still wait for before it sends."""
    order = given.orders.get(document.about)
    lines = kind.lacking(document.tree, order) if kind.lacking and order else []
    if lines:
        word = "line" if len(lines) == 1 else "lines"
        text = f"order {document.about} waits for {word} {', '.join(lines)}: the service sends it when they are there"
        findings.add(Finding("waits-for-lines", text, next(iter(document.records), Place()), severity=Severity.WARNING))
