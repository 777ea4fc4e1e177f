"""The draft of a reading mapping: the layout as it is, and a picture of the document with what could be found in it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from typing import Final

from translator.cli.behind.scaffold.concepts import meant
from translator.cli.behind.scaffold.shape import Column, Section, Shape
from translator.cli.behind.scaffold.writes import options
from translator.cli.behind.scaffold.yaml import Line, Pair, flow, scalar

_AMONG: Final = {
    "shipment_confirmation": tuple("record order line sku quantity carton tracking ship_method weight shipped".split()),
    "inventory_update": tuple("record warehouse sku asin available".split()),
    "acknowledgement": tuple("record wms_number order status".split()),
    "label_request": tuple("record order line sku quantity carton weight".split()),
    "shipment_status": tuple("record order tracking event scanned city state zip country".split()),
}
KINDS: Final = tuple(_AMONG)
_COUNTED: Final = ("quantity", "available", "weight")
_UNKNOWN: Final = "'TODO'"  # an expression that stands for what nobody knows yet
_TODO: Final = "TODO which field is it?"
_LINE: Final = frozenset({"line", "sku", "quantity"})
_CARTON: Final = frozenset({"carton", "tracking"})
_GRAMS: Final = re.compile(r"\bgrams?\b|\bgrm?s?\b")
_OUNCES: Final = re.compile(r"\bounces?\b|\boz\b")


@dataclass(frozen=True, slots=True)
class _Found:
    """A column with a meaning, and the records and groups it stands in, the outermost first."""

    column: Column
    way: tuple[str, ...]

    @property
    def name(self) -> str:
        return self.column.name.lstrip("@")


@dataclass(slots=True)
class _Draft:
    """A draft while it is made."""

    shape: Shape
    kind: str
    found: dict[str, _Found] = field(default_factory=dict)
    lines: list[tuple[str, _Found]] = field(
        default_factory=list
    )  # all that tells of a line of the order, by its meaning

    def column(self, one: Column, way: tuple[str, ...]) -> Line:
        """Write one column, and remember it where it means something."""
        if one.columns:
            return self._group(one, way)
        pairs, notes = list(self._place(one)), list(one.guesses)
        what = meant(one, _AMONG[self.kind], way[-1] if way[-1] != "row" else "")
        if one.constant:
            pairs.append(("is" if one.identifies else "text", scalar(one.constant)))
        elif what and what != "record":
            self.found.setdefault(what, _Found(one, way))
            self.found[what] = min(self.found[what], _Found(one, way), key=lambda found: self._exact(found, what))
            self.lines += [(what, _Found(one, way))] if what in _LINE else []
        pairs += [("type", "integer"), ("equals", one.equals)] if one.total else self._kind(one, what)
        notes = ["guess", *notes] if one.total else notes
        note = "; ".join(dict.fromkeys([*notes, one.note] if one.note else notes))
        return Line(one.name, flow(pairs) if pairs else "{}", note)

    def _exact(self, found: _Found, what: str) -> int:
        """Prefer, among columns that mean the same, the text of an element, else the one that says so in the fewest words."""
        return 0 if found.column.at == "." else len(found.column.title or found.column.name)

    def _group(self, one: Column, way: tuple[str, ...]) -> Line:
        inner = [self.column(column, (*way, one.name)) for column in one.columns]
        head = [Line("at", scalar(one.title))] if one.title != one.name else []
        times = [Line("times", "0..")] if one.many else [Line("times", "0..1")]
        return Line(one.name, "", "", [*head, *times, Line("fields", "", "", inner)])

    def _place(self, one: Column) -> Iterator[Pair]:
        titled = self.shape.format in ("xml", "json") or self.shape.options.get("header") == "true"
        if one.at:
            yield "at", scalar(one.at)
        elif titled and one.title and one.title != one.name:
            yield "at", scalar(one.title)
        if one.length and self.shape.format == "fixed":
            yield "len", str(one.length)

    def _kind(self, one: Column, what: str) -> Iterator[Pair]:
        if one.date:
            yield "date", scalar(one.date)
            yield from [("time", '"17:00"')] if "%H" not in one.date and one.date != "iso" else []
            yield from [("zone", one.zone)] if one.date != "iso" else []
        elif one.type != "text" or self._number(one, what):
            yield "type", "decimal" if what == "weight" or one.type == "decimal" else "integer"
            yield from [("implied", str(one.implied))] if one.implied else []
            yield from [("mark", scalar(one.mark))] if one.mark != "." else []
            yield from [("thousands", scalar(one.thousands))] if one.thousands else []

    def _number(self, one: Column, what: str) -> bool:
        """Tell what is counted: by its meaning, and in a sample by its values too."""
        return what in _COUNTED and (one.counts or self.shape.listed)

    # --- records -----------------------------------------------------------------------------------------------------

    def records(self, sections: Sequence[Section], way: tuple[str, ...] = ()) -> list[Line]:
        return [Line(one.name, "", one.note, list(self._record(one, (*way, one.name)))) for one in sections]

    def _record(self, section: Section, way: tuple[str, ...]) -> Iterator[Line]:
        yield from [Line("at", scalar(section.at))] if section.at else []
        yield from [Line("times", "0..")] if section.many else []
        if section.columns:
            yield Line("fields", "", "", [self.column(one, way) for one in section.columns])
        if section.sections:
            yield Line("records", "", "", self.records(section.sections, way))

    # --- the picture -------------------------------------------------------------------------------------------------

    def settle(self) -> None:
        """Take the lines of a carton from inside it, where they stand there, too: those of the order are in several cartons."""
        carton = self.way(*sorted(_CARTON))
        packed = next((one.way for what, one in self.lines if what == "quantity" and _deeper(one.way, carton)), ())
        if packed:
            self.found = {what: one for what, one in self.found.items() if what not in _LINE}
            for what, one in self.lines:
                if one.way == packed:
                    self.found.setdefault(what, one)

    def value(self, what: str, at: tuple[str, ...] = ()) -> str:
        """Give what says a meaning: its name, and before it the groups below `at` in which it stands."""
        if what not in self.found:
            return ""
        found = self.found[what]
        groups = found.way[len(at) :] if at and found.way[: len(at)] == at else ()
        return ".".join((*groups, found.name))

    def way(self, *some: str) -> tuple[str, ...]:
        """Give where the first of some meanings stands that was found."""
        return next((self.found[what].way for what in some if what in self.found), ())

    def head(self) -> tuple[str, ...]:
        """Give the first record that holds anything: what a document is about where nothing says it."""
        way: tuple[str, ...] = ()
        sections = self.shape.sections
        while sections and not sections[0].columns:
            way, sections = (*way, sections[0].name), sections[0].sections
        return (*way, sections[0].name) if sections else way

    def last(self) -> tuple[str, ...]:
        """Give the innermost record that repeats: what a line of the order is where nothing says it."""
        return _deepest(self.shape.sections)


def _deeper(way: tuple[str, ...], outer: tuple[str, ...]) -> bool:
    return bool(outer) and len(way) > len(outer) and way[: len(outer)] == outer


def _deepest(sections: Sequence[Section]) -> tuple[str, ...]:
    ways = [(one.name, *_deepest(one.sections)) for one in sections if one.many or one.sections]
    return max(ways, key=len, default=())


def reading(shape: Shape, kind: str, file: str) -> list[Line]:
    """Draft a mapping that reads documents of a kind. `file`: the names it takes."""
    draft = _Draft(shape, kind)
    _nest(shape.sections, _AMONG[kind])
    if shape.single:
        layout = Line("fields", "", "", [draft.column(one, ("row",)) for one in shape.sections[0].columns])
    else:
        layout = Line("records", "", "", draft.records(shape.sections))
    draft.settle()
    head = [Line("reads", kind), Line("format", shape.format), *options(shape, writes=False)]
    name = Line("file", scalar(file), "TODO the names it takes")
    return [*head, name, layout, Line("documents", "", "", list(_PICTURES[kind](draft)))]


def _nest(sections: list[Section], among: Sequence[str]) -> None:
    """Put records of cartons and lines below the record that names the order, where they do not name it themselves.

    A line that names no carton stands in the one before it.
    """
    head: Section | None = None
    carton: Section | None = None
    for one in list(sections):
        told = {meant(column, among) for column in one.columns}
        if "order" in told:
            head, carton = one, None
        elif head and head.many and one.many and told & (_LINE | _CARTON):
            sections.remove(one)
            (head if carton is None or told & _CARTON else carton).sections.append(one)
            carton = one if told & _CARTON and not told & _LINE else carton


def _about(draft: _Draft) -> Iterator[Line]:
    order = draft.value("order")
    note = "guess" if order else "TODO which field is the number of the order?"
    yield Line("about", flow([("order", scalar(order or _UNKNOWN))]), note)


def _leaf(draft: _Draft, key: str, what: str, at: tuple[str, ...] = (), *, gathered: str = "") -> Iterator[Line]:
    name = draft.value(what, at)
    if name:
        value = f"{gathered}({name})" if gathered else name
        yield Line(key, flow([("maybe", scalar(value))]), "guess")


def _ways(draft: _Draft) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Give where an order stands, and where one of its lines does."""
    line, shipped = draft.way("line", "sku", "quantity") or draft.last(), draft.way("shipped")
    order = draft.way("order") or (shipped if _deeper(line, shipped) else draft.head())
    return order, line or order


def _order(draft: _Draft) -> Iterator[Line]:
    order, line = _ways(draft)
    yield from [] if draft.shape.single else [Line("each", ".".join(order))]
    yield from [Line("group", scalar(draft.value("order") or _UNKNOWN))] if order == line else []
    yield from _about(draft)


def _packed(draft: _Draft) -> Iterator[Line]:
    yield from _order(draft)
    yield Line("containers", "", "", list(_cartons(draft, *_ways(draft))))


def _shipment(draft: _Draft) -> Iterator[Line]:
    order, line = _ways(draft)
    flat = order == line
    yield from _order(draft)
    shipped = draft.value("shipped")
    date = ("shippedDate", f"max({shipped})" if shipped and flat else shipped or "now")
    note = "guess" if shipped else "TODO when did it leave?"
    yield Line("shipmentDetails", flow([date, ("shipmentStatus", "{text: SHIPPED}")]), note)
    yield Line("containers", "", "", list(_cartons(draft, order, line)))


def _within(inner: tuple[str, ...], outer: tuple[str, ...]) -> str:
    """Write the way to something inside what is current: it begins there."""
    start = len(outer) - 1 if _deeper(inner, outer) else 0
    return ".".join(inner[max(0, start) :])


def _cartons(draft: _Draft, order: tuple[str, ...], line: tuple[str, ...]) -> Iterator[Line]:
    flat = order == line
    carton = draft.way("carton", "tracking")
    key = draft.value("carton") or draft.value("tracking")
    nested = bool(carton) and not flat and carton != line
    if nested:
        yield Line("each", _within(carton, order))
    else:
        yield from [] if flat else [Line("each", _within(line, order))]
        yield Line("group", scalar(f"{key} | default('')") if key else scalar("''"), "" if key else "all in one carton")
    here = carton if nested else line
    yield from _leaf(draft, "containerIdentifier", "carton", here)
    yield from _leaf(draft, "trackingNumber", "tracking", here)
    for method in _leaf(draft, "shipMethod", "ship_method", here):
        yield replace(method, note=f"{method.note}; TODO a table of your codes: lookup: ship_methods, reverse: true")
    yield from _weight(draft, here, gathered=not nested)
    inner = ("each", _within(line, carton) if nested else line[-1])
    yield Line(
        "packedItems",
        flow([inner, *_item(draft, line)]),
        "" if draft.way("line", "sku") else "TODO which line of the order?",
    )


def _weight(draft: _Draft, at: tuple[str, ...], *, gathered: bool) -> Iterator[Line]:
    found = draft.found.get("weight")
    if found is None:
        return
    said = f"{found.column.title} {found.column.note}".lower()
    grams, ounces = _GRAMS.search(said), _OUNCES.search(said)
    kilos = grams or re.search(r"kg|kilo", said)
    name = draft.value("weight", at)
    value = f"max({name})" if gathered else name
    value = f"{value} | convert('G', 'KG')" if grams else f"{value} | convert('OZ', 'LB')" if ounces else value
    pairs = [("value", flow([("maybe", scalar(value))])), ("unitOfMeasure", f"{{text: {'KG' if kilos else 'LB'}}}")]
    sure = kilos or ounces or re.search(r"lb|pound", said)
    yield Line("weight", flow(pairs), "guess" if sure else "guess; TODO LB or KG?")


def _item(draft: _Draft, at: tuple[str, ...]) -> Iterator[Pair]:
    line, sku = draft.value("line", at), draft.value("sku", at)
    item = scalar(line) if line else flow([("vendorProductIdentifier", scalar(sku or _UNKNOWN))])
    yield "about", flow([("item", item)])
    yield "packedQuantity", flow([("amount", draft.value("quantity", at) or "{text: 1}")])


def _inventory(draft: _Draft) -> Iterator[Line]:
    warehouse, where = draft.value("warehouse"), draft.way("warehouse")
    rows = draft.way("sku", "available") or draft.last()
    flat = where == rows
    if warehouse:
        yield Line("group", warehouse, "guess") if flat else Line("each", ".".join(where) or "row")
        yield Line("warehouseId", warehouse, "guess")
    else:
        yield Line("warehouseId", flow([("text", '"TODO"')]), "TODO Amazon's code of the warehouse")
    yield Line("items", "", "", list(_levels(draft, rows, flat=flat and bool(warehouse))))


def _levels(draft: _Draft, rows: tuple[str, ...], *, flat: bool) -> Iterator[Line]:
    where = draft.way("warehouse")
    yield Line("each", "row" if draft.shape.single else rows[-1] if flat and rows else _within(rows, where) or "row")
    sku = draft.value("sku", rows)
    yield Line("vendorProductIdentifier", scalar(sku or _UNKNOWN), "guess" if sku else _TODO)
    yield from _leaf(draft, "buyerProductIdentifier", "asin", rows)
    amount = draft.value("available", rows)
    yield Line("availableQuantity", flow([("amount", amount or "{text: 0}")]), "guess" if amount else _TODO)


def _acknowledged(draft: _Draft) -> Iterator[Line]:
    way = draft.way("order", "status") or draft.last()
    yield Line("each", "row" if draft.shape.single else ".".join(way) or "row")
    yield from _about(draft)
    if number := draft.value("wms_number"):
        yield Line("vendorOrderNumber", flow([("maybe", number), ("keep", "wms_order")]), "guess")
    status = draft.value("status")
    note = "TODO a table of your codes: lookup: ack_codes, reverse: true" if status else _TODO
    yield Line("acknowledgementStatus", flow([("code", scalar(status or _UNKNOWN))]), note)


def _scanned(draft: _Draft) -> Iterator[Line]:
    way = draft.way("order", "tracking", "event") or draft.last()
    yield Line("each", "row" if draft.shape.single else ".".join(way) or "row")
    yield from _about(draft)
    yield Line("statusUpdateDetails", "", "", list(_event(draft)))


def _event(draft: _Draft) -> Iterator[Line]:
    event, when = draft.value("event"), draft.value("scanned")
    yield from _leaf(draft, "trackingNumber", "tracking")
    note = "TODO a table of your codes: lookup: scan_codes, reverse: true" if event else _TODO
    yield Line("statusCode", scalar(event or _UNKNOWN), note)
    yield Line("statusDateTime", scalar(when or "now"), "guess" if when else "TODO when was it?")
    place = [line for name, what in _PLACE for line in _leaf(draft, name, what)]
    yield from [Line("statusLocationAddress", "", "", place)] if place else []


_PLACE: Final = (("city", "city"), ("stateOrRegion", "state"), ("postalCode", "zip"), ("countryCode", "country"))
_PICTURES: Final = {
    "shipment_confirmation": _shipment,
    "inventory_update": _inventory,
    "acknowledgement": _acknowledged,
    "label_request": _packed,
    "shipment_status": _scanned,
}
