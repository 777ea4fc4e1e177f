"""The mapping language as values: what `mapping.load` makes of a YAML file, and what compilers and formats read.

One layout serves both directions. A file is a tree of records; a record holds fields (inside it) and records
(after it, belonging to it); a field with fields of its own is a group. `rule` is the place in the mapping file.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Final, Literal

from translator.core.finding import Finding, Place

Check = Literal["error", "warn", "off"]
WHOLE: Final = "bytes"  # the format without a layout: one field is the file


@dataclass(frozen=True, slots=True)
class Expression:
    """A Jinja expression as written, and where."""

    text: str
    rule: Place


@dataclass(frozen=True, slots=True)
class Times:
    """How often something may stand here. `most` None: no bound."""

    least: int = 1
    most: int | None = 1

    @property
    def many(self) -> bool:
        """Tell a list from a single one."""
        return self.most is None or self.most > 1


@dataclass(frozen=True, slots=True)
class Each:
    """Once per turn: the head of a Jinja `for`: `item in order.orderDetails.items if item.giftDetails`."""

    name: str
    source: Expression
    only: Expression | None = None


@dataclass(frozen=True, slots=True)
class Table:
    """A lookup table: a CSV file with a header, or an inline mapping (columns `from`, `to`)."""

    name: str
    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    rule: Place  # the CSV file, or the place of the inline mapping
    lines: tuple[int, ...] = ()  # of each row, for findings


@dataclass(frozen=True, slots=True)
class Lookup:
    """Find a value in a table. `by` empty: the field's own value in the first column. `give` empty: the second."""

    table: Table
    by: tuple[tuple[str, Expression], ...] = ()
    give: str = ""
    reverse: bool = False
    miss: Literal["hold", "error", "pass", "text"] = "error"
    miss_text: str = ""


@dataclass(frozen=True, slots=True)
class Field:
    """One field: its place, its value, its kind, what nothing looks like, what happens when it is too long.

    A leaf of a document picture uses the same value keys, so it is a Field too (place keys unused).
    """

    name: str
    rule: Place
    at: str = ""  # column or header name, element number, element path; "" = its name, or right after the one before
    len: int | None = None  # exact length (fixed)
    max: int | None = None
    times: Times = field(default_factory=Times)
    # value: at most one of source, text, is_, equals
    source: tuple[Expression, ...] = ()  # the first that holds something
    maybe: bool = False
    text: str | None = None
    is_: tuple[str, ...] = ()
    equals: Expression | None = None
    # kind
    type: Literal["text", "integer", "decimal"] = "text"
    places: int | None = None
    implied: int = 0
    mark: str = "."
    thousands: str = ""  # what parts groups of three digits before the mark
    sign: str = ""  # leading trailing always overpunch; with `sign_of` empty
    sign_of: str = ""  # the field beside it that holds the sign: `-` or something else
    pad: str = ""
    justify: Literal["", "left", "right"] = ""
    round: str = ""  # a rounding name of decimal, lower case without ROUND_; "" = lost digits are an error
    # time
    date: tuple[str, ...] = ()  # strftime patterns or words (iso dtm cyymmdd yyddd): all read, first written
    pivot: int | None = None  # two-digit years from here on are of the 1900s; None: 69, as strptime has it
    zone: str = ""  # IANA name, or `warehouse`
    zone_from: Field | None = None  # reading: the zone stands in the file, a leaf of its own
    dst: Literal["error", "earlier", "later"] = "error"  # a local time that does not exist, or exists twice
    time: str = ""  # "17:00" when the value is only a day
    # table
    lookup: Lookup | None = None
    # nothing
    default: str | None = None
    empty: str | None = None
    redacted: str | None = None
    required: bool = False
    when: Expression | None = None
    # too long
    truncate: bool = False
    rest: str = ""
    # more
    keep: str = ""
    check: Check | None = None
    tolerance: str = ""  # how far an `equals` may be off when it is checked, a number
    split: str = ""  # what parts the repeats inside one value
    cdata: bool = False  # XML, writing: as a CDATA section
    charset: str = ""  # fixed: one odd column
    quoted: bool | None = None  # csv, writing: whether quotes stand around it; None: as the file's `quoting` says
    formula_guard: Literal["none", "reject", "prefix"] = "none"  # csv: for files that spreadsheets open
    fields: tuple[Field, ...] = ()  # a group
    each: tuple[Each, ...] = ()
    let: tuple[tuple[str, Expression], ...] = ()
    must: tuple[tuple[str, Expression], ...] = ()
    path: str = ""  # its place as people say it, in formats of segments: W12-03


@dataclass(frozen=True, slots=True)
class Record:
    """One kind of row, line, segment or element."""

    name: str
    rule: Place
    at: str = ""
    each: tuple[Each, ...] = ()
    when: Expression | None = None
    times: Times = field(default_factory=Times)
    match: Expression | None = None  # recognition over its own fields and `here.number`, `here.length`, `here.last`
    len: tuple[int, ...] = ()
    let: tuple[tuple[str, Expression], ...] = ()
    must: tuple[tuple[str, Expression], ...] = ()
    fields: tuple[Field, ...] = ()
    records: tuple[Record, ...] = ()


@dataclass(frozen=True, slots=True)
class About:
    """Which stored document an entry is about: `{order: ORDER}`, `{item: LINE}`, `{item: {vendorProductIdentifier: SKU}}`."""

    what: Literal["order", "item"]
    by: str  # "" = its key (purchase order number; item sequence number); else a field of it, or a kept name
    value: Expression


@dataclass(frozen=True, slots=True)
class Picture:
    """An object of the document picture: leaves and objects under Amazon's names, and the structure words."""

    rule: Place
    entries: tuple[tuple[str, Field | Picture], ...] = ()
    each: tuple[Each, ...] = ()  # Each.name "" where the head is a bare path: `each: LX.W12`
    group: tuple[Expression, ...] = ()
    adjacent: bool = False
    when: Expression | None = None
    let: tuple[tuple[str, Expression], ...] = ()
    about: tuple[About, ...] = ()
    must: tuple[tuple[str, Expression], ...] = ()


@dataclass(frozen=True, slots=True)
class Batch:
    """Several documents in one file: up to `most`, only those for which `same` agrees."""

    most: int
    same: Expression | None = None


@dataclass(frozen=True, slots=True)
class Limits:
    """Bounds of what is read, for one mapping: its kind's, raised or lowered by `limits` (reliability-security §3.9)."""

    file: int = 50_000_000  # bytes
    record: int = 1_000_000  # characters
    columns: int = 2_000
    field: int = 65_536  # characters
    records: int = 1_000_000
    depth: int = 64  # of XML and JSON
    attributes: int = 200


@dataclass(frozen=True, slots=True)
class Repair:
    """A known fault of a partner's files, put right in the raw text before it is parsed; each hit is a finding."""

    find: str  # a regular expression
    put: str  # as it stands, no references into what was found
    rule: Place


@dataclass(frozen=True, slots=True)
class MappingFile:
    """One mapping file, checked and resolved: everything a compiler, a format or a manual page needs."""

    name: str  # as written in translator.yaml: `orders.yaml`, with its folder: `plain-csv/orders.yaml`
    rule: Place
    direction: Literal["writes", "reads"]
    kinds: tuple[str, ...]
    format: str
    options: Mapping[str, str] = field(default_factory=dict)  # the format's own options, as text, defaults filled in
    file: str = ""  # writing: name with {{ E }}; reading: a pattern whose {word} becomes file.word
    file_rule: Place = field(default_factory=Place)
    batch: Batch | None = None
    partner: Mapping[str, str] = field(default_factory=dict)  # name -> help
    let: tuple[tuple[str, Expression], ...] = ()
    records: tuple[Record, ...] = ()
    template: str = ""  # its text
    template_name: str = ""
    unknown: Literal["error", "warn", "skip"] = "error"
    check: Check = "error"
    takes: Expression | None = None  # writing: only the documents for which it is so
    substitute: Mapping[str, str] = field(default_factory=dict)  # writing: character -> text
    repair: tuple[Repair, ...] = ()  # reading
    schema: bytes = b""  # an XSD to check against
    schema_name: str = ""
    schemas: Mapping[str, bytes] = field(default_factory=dict)  # it and those it includes, by name
    limits: Limits = field(default_factory=Limits)
    files: Mapping[str, MappingFile] = field(default_factory=dict)  # instead of records: several files, each a layout
    documents: Mapping[str, Picture] = field(default_factory=dict)  # by kind
    tables: Mapping[str, Table] = field(default_factory=dict)  # those that expressions and the template ask by name
    companions: tuple[
        str, ...
    ] = ()  # what it was made from besides itself, by name under mappings/: newark/tables/x.csv
    notes: tuple[Finding, ...] = ()  # warnings: what can hardly be meant
    hash: str = ""  # of everything it was made from: the file, its tables, its template
    transaction: str = ""  # the record in which one document stands, in formats with headers and trailers of their own

    @property
    def whole(self) -> bool:
        """Tell that each turn of its one record is a file of its own, and its one field all that is in it."""
        return self.format == WHOLE


def every_record(records: Iterable[Record]) -> Iterator[Record]:
    """Give records and those inside them, in the order of the layout."""
    for record in records:
        yield record
        yield from every_record(record.records)


def spoken(layout: Record | Field) -> str:
    """Give the name by which expressions know a record or field: attributes lose their `@`."""
    return layout.name.lstrip("@")
