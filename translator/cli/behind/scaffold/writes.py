"""The draft of a writing mapping: each column with where it most likely comes from, or TODO."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

from translator.cli.behind.scaffold.concepts import filler, meant
from translator.cli.behind.scaffold.shape import Column, Section, Shape, all_sections
from translator.cli.behind.scaffold.yaml import Line, Pair, flow, scalar

_REDACTED: Final = ("AMAZON LABEL ONLY", "LABEL ONLY", "LABEL", "X")
_FLAG: Final = "{true: Y, false: N}"
_SURE: Final = frozenset(  # always there, by Amazon's model
    "order customer_order order_date ship_by warehouse ship_method slip message name address1 state country line quantity".split()
)
_ITEM: Final = frozenset("line sku asin title quantity price currency unit gift_message".split())
_PERSON: Final = frozenset("name attention address1 address2 address3 city phone".split())
_FROM: Final[Mapping[str, str]] = {
    "order": "order.purchaseOrderNumber", "customer_order": "d.customerOrderNumber", "order_date": "d.orderDate",
    "ship_by": "s.shipmentDates.requiredShipDate", "deliver_by": "s.shipmentDates.promisedDeliveryDate",
    "warehouse": "d.shipFromParty.partyId", "ship_method": "s.shipMethod", "priority": "s.isPriorityShipment", "gift": "s.isGift",
    "slip": "s.isPslipRequired", "message": "s.messageToCustomer", "name": "to.name", "attention": "to.attention",
    "address1": "to.addressLine1", "address2": "to.addressLine2", "address3": "to.addressLine3", "city": "to.city",
    "state": "to.stateOrRegion", "zip": "to.postalCode", "country": "to.countryCode", "phone": "to.phone",
    "line": "item.itemSequenceNumber", "sku": "item.vendorProductIdentifier", "asin": "item.buyerProductIdentifier",
    "title": "item.title", "quantity": "item.orderedQuantity.amount", "price": "item.netPrice.amount",
    "currency": "item.netPrice.currencyCode", "unit": "item.orderedQuantity.unitOfMeasure",
    "gift_message": "item.giftDetails.giftMessage",
}  # fmt: skip
_LETS: Final[Mapping[str, str]] = {"d": "order.orderDetails", "s": "d.shipmentDetails", "to": "d.shipToParty"}
_TEXTS: Final = frozenset(
    {*_PERSON, "message", "gift_message", "title"}
)  # may hold line ends, and be longer than there is room
_ENDINGS: Final = {"csv": ".csv", "fixed": ".txt", "xml": ".xml", "json": ".json"}
_AMONG: Final = ("record", *_FROM, "lines", "units")


@dataclass(slots=True)
class _Draft:
    """A draft while it is made. `root`: what the document is called in expressions."""

    shape: Shape
    root: str
    used: set[str] = field(default_factory=set)
    repeated: Section | None = None  # whose rows are counted
    items: bool = False  # what is written now stands once per item

    def column(self, one: Column, around: str = "") -> Line:
        """Write one column. `around`: what it stands in."""
        if one.columns:
            return self.group(one)
        pairs, notes = list(self._place(one)), list(one.guesses)
        what = meant(one, _AMONG, around if around != "row" else "")
        if one.constant:
            pairs += [("is" if one.identifies else "text", scalar(one.constant))]
        elif what in ("lines", "units") and self.repeated:
            pairs += self._total(one, what)
            notes.insert(0, "guess")
        elif what in _FROM and (self.items or what not in _ITEM):
            pairs += self._asked(one, what, notes)
        else:
            pairs += [("text", '""')]
            notes = [] if filler(one.title) or filler(one.note) else ["TODO where does it come from?", *notes]
        note = "; ".join(dict.fromkeys([*notes, one.note] if one.note else notes))
        if len(pairs) == 1 and pairs[0][0] == "from":
            return Line(one.name, pairs[0][1], note)
        return Line(one.name, flow(pairs), note)

    def group(self, one: Column) -> Line:
        """Write a group: once per item where it holds what items have."""
        each = [Line("each", "item in d.items")] if one.many and not self.items and _is_item(one.columns) else []
        before, self.items = self.items, self.items or bool(each)
        inner = [self.column(column, one.title) for column in one.columns]
        self.items = before
        head = [Line("at", scalar(one.title))] if one.title != one.name else []
        self.used |= {"d"} if each else set()
        note = "TODO it repeats in the sample" if one.many and not each else ""
        return Line(one.name, "", note, [*head, *each, Line("fields", "", "", inner)])

    def _place(self, one: Column) -> Iterator[Pair]:
        titled = self.shape.format in ("xml", "json") or self.shape.options.get("header") == "true"
        if one.at:
            yield "at", scalar(one.at)
        elif titled and one.title and one.title != one.name:
            yield "at", scalar(one.title)
        if one.length:
            yield ("len" if self.shape.format == "fixed" else "max"), str(one.length)

    def _asked(self, one: Column, what: str, notes: list[str]) -> Iterator[Pair]:
        path = _FROM[what].replace("order.", f"{self.root}.") if what == "order" else _FROM[what]
        self.used |= {path.partition(".")[0]} & set(_LETS)
        notes.insert(0, "guess")
        piped = f"{path} | one_line" if what in _TEXTS else path
        if what == "sku":
            yield from [("from", f"[{path}, {_FROM['asin']}]"), ("required", "true")]
        else:
            yield ("from" if what in _SURE else "maybe"), scalar(piped)
        yield from self._kind(one, what, notes)
        if what in _PERSON and what != "attention":
            words = () if what in ("address2", "address3") else _REDACTED
            yield "redacted", scalar(next((word for word in words if len(word) <= (one.length or 99)), ""))
        if what in _TEXTS and one.length:
            yield "truncate", "true"

    def _kind(self, one: Column, what: str, notes: list[str]) -> Iterator[Pair]:
        if what in ("order_date", "ship_by", "deliver_by"):
            if not one.date:
                notes.append("TODO the pattern of the date")
            yield "date", scalar(one.date or ("%Y%m%d" if self.shape.format == "fixed" else "%Y-%m-%d"))
            yield "zone", "warehouse"
        elif what in ("gift", "slip", "priority"):
            blank = "blank" in one.note.lower()
            yield "lookup", '{true: Y, false: ""}' if blank else _FLAG
            yield from [("default", '""' if blank else "N")] if what == "gift" else []
        elif what == "line" and (one.type == "integer" or one.counts):
            yield "type", "integer"
            yield from [("pad", "0")] if self.shape.format == "fixed" else []
        elif what in ("quantity", "price"):
            yield "type", "integer" if what == "quantity" else "decimal"
            yield from self._number(one, what)
        elif what == "ship_method":
            notes.append("TODO a table of your codes: lookup: ship_methods")

    def _number(self, one: Column, what: str) -> Iterator[Pair]:
        if what == "price":
            yield ("implied", str(one.implied)) if one.implied else ("places", str(one.places or 2))
            yield from [("mark", scalar(one.mark))] if one.mark != "." else []
        yield from [("pad", "0")] if self.shape.format == "fixed" and one.length else []

    def _total(self, one: Column, what: str) -> Iterator[Pair]:
        name = self.repeated.name if self.repeated else "row"
        columns = self.repeated.columns if self.repeated else []
        quantity = next((one_.name for one_ in columns if meant(one_, _AMONG) == "quantity"), "")
        yield "type", "integer"
        yield from [("pad", "0")] if self.shape.format == "fixed" else []
        yield "equals", f"sum({name}.{quantity})" if what == "units" and quantity else f"count({name})"

    # --- records -----------------------------------------------------------------------------------------------------

    def records(self, sections: Sequence[Section]) -> list[Line]:
        return [Line(section.name, "", section.note, list(self._record(section))) for section in sections]

    def _record(self, section: Section) -> Iterator[Line]:
        yield from [Line("at", scalar(section.at))] if section.at and section.at != section.name else []
        self.items = section is self.repeated
        if self.items:
            self.used.add("d")
            yield Line("each", "item in d.items")
        if section.columns:
            yield Line("fields", "", "", [self.column(one, section.name) for one in section.columns])
        if section.sections:
            yield Line("records", "", "", self.records(section.sections))


def writing(shape: Shape, kind: str) -> list[Line]:
    """Draft a mapping that writes documents of a kind."""
    draft = _Draft(shape, kind)
    some = list(all_sections(shape.sections))
    draft.repeated = next((one for one in some if _is_item(one.columns, any_=len(some) == 1)), None)
    below = _layout(draft)
    lets = dict(_lets(draft.used, kind))
    short = "{{ " + kind + ".purchaseOrderNumber }}"
    if shape.format in ("csv", "fixed") and "newline" not in shape.options:
        shape.options["newline"] = "crlf" if shape.listed else "lf"
        shape.guessed.add("newline")
    head = [Line("writes", kind), Line("format", shape.format), *options(shape, writes=True)]
    name = Line("file", scalar(f"{kind[:3].upper()}-{short}{_ENDINGS[shape.format]}"), "TODO what the WMS expects")
    return [*head, name, *([Line("let", flow(list(lets.items())))] if lets else []), *below]


def _layout(draft: _Draft) -> list[Line]:
    if not draft.shape.single:
        return [Line("records", "", "", draft.records(draft.shape.sections))]
    draft.items = draft.repeated is not None
    each = [Line("each", "item in d.items")] if draft.items else []
    draft.used |= {"d"} if each else set()
    return [*each, Line("fields", "", "", [draft.column(one) for one in draft.shape.sections[0].columns])]


def _lets(used: set[str], kind: str) -> Iterator[Pair]:
    wanted = used | ({"d"} if used & {"s", "to"} else set())
    yield from ((name, path.replace("order.", f"{kind}.")) for name, path in _LETS.items() if name in wanted)


def options(shape: Shape, *, writes: bool) -> Iterator[Line]:
    """Write the options of the format, those that were not said as guesses."""
    for name, value in shape.options.items():
        if name == "newline" and not writes:
            continue
        text = value if name == "namespaces" else scalar(value)
        yield Line(name, text, "guess" if name in shape.guessed else "")


def _is_item(columns: Sequence[Column], *, any_: bool = False) -> bool:
    """Tell columns that stand once per line of the order. `any_`: one that belongs to a line is enough."""
    found = {meant(one, _AMONG) for one in columns if not one.columns}
    return len(found & _ITEM) > (0 if any_ else 1) or bool(found & {"sku", "quantity"})
