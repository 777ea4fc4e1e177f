"""The draft of a writing mapping: each column with where it most likely comes from, or TODO."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

from translator.cli.behind.scaffold.concepts import filler, meaning, meant, words_of
from translator.cli.behind.scaffold.shape import Column, Section, Shape, all_sections
from translator.cli.behind.scaffold.yaml import Line, Pair, flow, scalar

_REDACTED: Final = ("AMAZON LABEL ONLY", "LABEL ONLY", "LABEL", "X")
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
_PER_ORDER: Final = re.compile(r"\b(?:per|each|every|for an?) order\b(?! (?:line|item|row))", re.IGNORECASE)
_PER_FILE: Final = re.compile(r"\b(?:per|each|every) file\b", re.IGNORECASE)
_PIECES: Final = re.compile(r"\bpieces\b|\bat most \d+ (?:records|lines|times)\b", re.IGNORECASE)
_GIFT: Final = re.compile(r"\bgift\b", re.IGNORECASE)
_RUN: Final = re.compile(r"\brunning\b|\b(?:file|batch|transmission)[ _](?:number|no|nr|id|seq)", re.IGNORECASE)
_TIME: Final = re.compile(r"(?<![YMDTJ] )\bHH(:?)M[MI](\1SS)?\b", re.IGNORECASE)
_ANSWERS: Final = re.compile(
    r"\b([A-Z0-9])\s*=\s*(?:yes|ja)\W+([A-Z0-9])\s*=\s*(?:no|nein)\b|\b([YJ1])\s*/\s*([N0])\b", re.IGNORECASE
)
_NUMBER: Final = 6  # long is no number of a line of a text
_NOW: Final = frozenset("date time day file run created creation generated written record number".split())


@dataclass(slots=True)
class _Draft:
    """A draft while it is made. `root`: what the document is called in expressions."""

    shape: Shape
    root: str
    used: set[str] = field(default_factory=set)
    repeated: Section | None = None  # whose rows are counted
    items: bool = False  # what is written now stands once per item
    order: Section | None = None  # of a file of several orders: whose rows stand once per order
    gift: Section | None = None  # whose rows hold the words of the giver
    gift_below: bool = False  # of one line, not of all of them
    let: Line = field(default_factory=lambda: Line("let"))  # of `order`

    def column(self, one: Column, around: str = "") -> Line:
        """Write one column. `around`: what it stands in."""
        if one.columns:
            return self.group(one)
        pairs, notes = list(self._place(one)), list(one.guesses)
        what = meant(one, _AMONG, around if around != "row" else "")
        if what in _ITEM and not self.items:
            what = meaning(one.note, [name for name in _AMONG if name not in _ITEM])
        if not one.constant and (now := _moment(one, what)):
            pairs += now
            notes.insert(0, "guess: when the file is written")
        elif self.order and not (one.constant or what or self.items) and _RUN.search(one.title):
            pairs += [("from", "run"), ("pad", "0")]
            notes.insert(0, "guess")
        elif one.constant:
            pairs += [("is" if one.identifies else "text", scalar(one.constant))]
        elif one.total:
            pairs += [("type", "integer"), *([("pad", "0")] if self._filled(one) else []), ("equals", one.equals)]
            notes = ["guess", *notes]
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
            yield ("len" if self._filled(one) else "max"), str(one.length)

    def _filled(self, one: Column) -> bool:
        """Tell a column that is as long whatever stands in it."""
        return self.shape.format == "fixed" or one.filled

    def _asked(self, one: Column, what: str, notes: list[str]) -> Iterator[Pair]:
        path = _FROM[what].replace("order.", f"{self.root}.") if what == "order" else _FROM[what]
        self.used |= {path.partition(".")[0]} & set(_LETS)
        notes.insert(0, "guess")
        code = {2: " | country_code", 3: " | country_code3"}.get(one.length or 0, "") if what == "country" else ""
        piped = f"{path} | one_line" if what in _TEXTS else path + code
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
            date = one.date or _time(one)
            if not date:
                notes.append("TODO the pattern of the date")
            yield "date", scalar(date or ("%Y%m%d" if self.shape.format == "fixed" else "%Y-%m-%d"))
            yield "zone", one.zone
        elif what in ("gift", "slip", "priority"):
            blank = "blank" in one.note.lower()
            said = _ANSWERS.search(one.note)
            yes, no = [answer for answer in said.groups() if answer] if said else ["Y", '""' if blank else "N"]
            yield "lookup", f"{{true: {yes}, false: {no}}}"
            yield from [("default", no)] if what == "gift" else []
        elif what == "line" and (one.type == "integer" or one.counts):
            yield "type", "integer"
            yield from [("pad", "0")] if self._filled(one) else []
        elif what in ("quantity", "price"):
            yield "type", "integer" if what == "quantity" and not one.implied else "decimal"
            yield from self._number(one, what)
        elif what == "ship_method":
            notes.append("TODO a table of your codes: lookup: ship_methods")

    def _number(self, one: Column, what: str) -> Iterator[Pair]:
        if what == "price" or one.implied:
            yield ("implied", str(one.implied)) if one.implied else ("places", str(one.places or 2))
            yield from [("mark", scalar(one.mark))] if one.mark != "." else []
        yield from [("thousands", scalar(one.thousands))] if one.thousands else []
        yield from [("pad", "0")] if self._filled(one) and one.length else []

    def _total(self, one: Column, what: str) -> Iterator[Pair]:
        name = self.repeated.name if self.repeated else "row"
        columns = self.repeated.columns if self.repeated else []
        quantity = next((one_.name for one_ in columns if meant(one_, _AMONG) == "quantity"), "")
        yield "type", "integer"
        yield from [("pad", "0")] if self._filled(one) else []
        if what == "lines" and re.search(r"\ball\b|\bincl", one.note, re.IGNORECASE):
            yield "equals", " + ".join(f"count({section.name})" for section in all_sections(self.shape.sections))
        else:
            yield "equals", f"sum({name}.{quantity})" if what == "units" and quantity else f"count({name})"

    def _words(self, one: Column, around: str) -> Line:
        """Write a column of a record that holds the words of the giver."""
        what = meant(one, _AMONG)
        if not what and "line" in words_of(one.note) and (one.length or 99) < _NUMBER:
            what = "line"
        if one.constant or what not in ("line", "message"):
            return self.column(one, around)
        value = [("from", "loop.index"), ("pad", "0")] if what == "line" else [("from", "words")]
        return Line(
            one.name, flow([*self._place(one), *value]), "; ".join(["guess", one.note] if one.note else ["guess"])
        )

    # --- records -----------------------------------------------------------------------------------------------------

    def records(self, sections: Sequence[Section]) -> list[Line]:
        return [Line(section.name, "", section.note, list(self._record(section))) for section in sections]

    def _record(self, section: Section) -> Iterator[Line]:
        yield from [Line("at", scalar(section.at))] if section.at and section.at != section.name else []
        self.items = section is self.repeated
        if self.items:
            self.used.add("d")
            yield Line("each", "item in d.items")
        if section is self.order:
            yield from (Line("each", "order in batch"), self.let)
        if section is self.gift:
            wide = next((one.length for one in section.columns if meant(one, _AMONG) == "message"), 0) or 60
            said = "item" if self.gift_below else "d.items"
            joined = "" if self.gift_below else " | unique | join(' / ')"
            self.used |= set() if self.gift_below else {"d"}
            yield Line("each", f"words in {said}.giftDetails.giftMessage{joined} | one_line | wrap({wide})", "guess")
        yield from [Line("len", str(section.length))] if section.length else []
        if section.columns:
            column = self._words if section is self.gift else self.column
            yield Line("fields", "", "", [column(one, section.name) for one in section.columns])
        if section.sections:
            yield Line("records", "", "", self.records(section.sections))


def _moment(one: Column, what: str) -> list[Pair]:
    """Tell a date or a time that can only be the one of the file itself."""
    words = set(words_of(one.title))
    date = one.date or _time(one)
    alone = not what and date and words & {"date", "time"} and words <= {*_NOW, "yyyymmdd", "hhmmss"}
    return [("from", "now"), ("date", scalar(date)), ("zone", "warehouse")] if alone else []


def _time(one: Column) -> str:
    """Find a time of day as papers write it: HHMMSS, HH:MM."""
    found = _TIME.search(f"{one.title} {one.note}")
    return f"%H{found[1]}%M{f'{found[1]}%S' if found[2] else ''}" if found else ""


def _arrange(draft: _Draft, kind: str) -> None:
    """Put the words of a gift below the line they belong to, and lines below their order where a file holds several."""
    top, lines = draft.shape.sections, draft.repeated
    if not draft.shape.listed or lines is None or lines not in top:
        return
    several = [one for one in top if one is not lines and (one.many or _PIECES.search(one.note))]
    gift = next((one for one in several if _GIFT.search(one.note)), None)
    if gift and draft.shape.format == "fixed" and "message" in {meant(one, _AMONG) for one in gift.columns}:
        draft.gift, draft.gift_below = gift, top.index(gift) > top.index(lines)
        if draft.gift_below:
            top.remove(gift)
            lines.sections.append(gift)
    order = next((one for one in top if one is not lines and _PER_ORDER.search(one.note)), None)
    if order and kind == "order" and any(_PER_FILE.search(one.note) for one in top):
        below = [one for one in top if one is lines or (one is draft.gift and not draft.gift_below)]
        top[:] = [one for one in top if not any(one is part for part in below)]
        order.sections += below
        draft.order = order


def _several(draft: _Draft, shape: Shape, lets: Sequence[Pair]) -> list[Line]:
    """Write what stands at the top of a file of several orders."""
    draft.let.value = flow(lets)
    name = scalar(f"ORD{{{{ run | zeros(7) }}}}{_ENDINGS[shape.format]}")
    return [
        Line("let", "{run: counter('orders')}"),
        Line("file", name, "TODO what the WMS expects"),
        Line("batch", "{most: 50}", "TODO how many orders a file may hold"),
    ]


def writing(shape: Shape, kind: str, file: str = "") -> list[Line]:
    """Draft a mapping that writes documents of a kind. `file`: what the sample is called, whose name the files are like."""
    draft = _Draft(shape, kind)
    some = list(all_sections(shape.sections))
    draft.repeated = next((one for one in some if _is_item(one.columns, any_=len(some) == 1)), None)
    _arrange(draft, kind)
    below = _layout(draft)
    lets = dict(_lets(draft.used, kind))
    short = "{{ " + kind + ".purchaseOrderNumber }}"
    if shape.format in ("csv", "fixed") and "newline" not in shape.options:
        shape.options["newline"] = "crlf" if shape.listed else "lf"
        shape.guessed.add("newline")
    head = [Line("writes", kind), Line("format", shape.format), *options(shape, writes=True)]
    begin, ending = ("", "") if shape.listed else _like(file)
    name = f"{begin or f'{kind[:3].upper()}-'}{short}{ending or _ENDINGS[shape.format]}"
    if draft.order:
        return [*head, *_several(draft, shape, list(lets.items())), *below]
    file_line = Line("file", scalar(name), "TODO what the WMS expects")
    return [*head, file_line, *([Line("let", flow(list(lets.items())))] if lets else []), *below]


def _like(file: str) -> tuple[str, str]:
    """Give how a file's name begins before its number, and how it ends: `ORD_0017.TXT` is like `ORD_….TXT`."""
    begin, ending = re.match(r"[A-Za-z][A-Za-z_-]+(?=\d)", file), re.search(r"\.[A-Za-z0-9]{1,4}$", file)
    return (begin[0] if begin else ""), (ending[0] if ending else "")


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
        if name in ("newline", "quoting") and not writes:
            continue
        text = value if name == "namespaces" else scalar(value)
        yield Line(name, text, "guess" if name in shape.guessed else "")


def _is_item(columns: Sequence[Column], *, any_: bool = False) -> bool:
    """Tell columns that stand once per line of the order. `any_`: one that belongs to a line is enough."""
    found = {meant(one, _AMONG) for one in columns if not one.columns}
    return len(found & _ITEM) > (0 if any_ else 1) or bool(found & {"sku", "quantity"})
