"""What write thinks, without touching the book: bytes of one, several or a batch of documents, or why there are none.

A document from Amazon that a mapping cannot write is to be held; a WMS's document at fault is rejected. One at fault
does not stop its batch: each is tried alone, and what can be written goes on together.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace
from functools import partial
from typing import Final

from translator.config.site import Route
from translator.core import jsontext
from translator.core.document import Document, File, Tree, sign
from translator.core.finding import Finding, Place, Rejected, errors
from translator.core.work import End, Hold
from translator.documents.assortment import Portions
from translator.documents.kind import Asked, Kind, kinds
from translator.documents.label_request import boxes
from translator.documents.portions import lacks as lacking_words
from translator.documents.portions import seen
from translator.documents.shipping_label import packages
from translator.endpoints.names import short, spelled
from translator.ledger.book import Book
from translator.ledger.documents import Stored
from translator.ledger.keys import ANEW, PLAIN
from translator.ledger.trouble import Forgotten
from translator.ledger.work import Work
from translator.stations import invoices
from translator.stations.context import LedgerContext
from translator.stations.errand import House
from translator.stations.follows import CONTESTED
from translator.stations.seen import SEEN, as_seen, portions_in_force
from translator.translation import Translation, matches, placed
from translator.translation import write as translate

LABEL: Final = "shipping_label"
CONFIRMATION: Final = "shipment_confirmation"
SHIPS: Final = (CONFIRMATION, "shipment_status")  # kinds that tell of parcels
CONCERNED: Final = (*SHIPS, "label_request")  # kinds to which it matters that the order is confirmed
SEARCH: Final = 5.0  # seconds to look for whose fault it is: the one loop stands still meanwhile


@dataclass(frozen=True, slots=True)
class Written:
    """What thinking made of one or several documents: files, or why there are none."""

    files: tuple[File, ...] = ()
    path: str = ""
    numbers: tuple[tuple[str, int, int], ...] = ()
    faults: tuple[Finding, ...] = ()
    hold: Hold | None = None
    trees: tuple[Tree, ...] = ()
    notes: tuple[Finding, ...] = field(default=())
    mapping: str = ""  # by which it was written, as it was then
    portions: Mapping[int, Portions] = field(default_factory=dict)  # by which a warehouse has an order, by its number


@dataclass(frozen=True, slots=True)
class Writing:
    """Documents that go on together. `plain`: the warehouse has every line of an order as Amazon has it."""

    house: House
    route: Route
    works: tuple[Work, ...]
    documents: tuple[Stored, ...]
    plain: bool = False


Parts = list[tuple[Writing, Written]]


def made(writing: Writing, book: Book) -> Parts:
    """Make what a group of documents becomes: one part, or several where some of a batch are at fault.

    What is made after it from the same look at the book gets the numbers behind its own: all can go into one commit.
    """
    parts = _parts(writing, book)
    for _, written in parts:
        for name, first, count in written.numbers:
            book.numbers.speak_for(name, first, count)
    return parts


def _parts(writing: Writing, book: Book) -> Parts:
    if not writing.route.mapping:
        return [(writing, _for_amazon(writing, book))]
    whole = _by_mapping(writing, book)
    if whole.hold is None or len(writing.works) == 1:
        return [(writing, whole)]
    return _apart(writing, whole, book)


def _apart(writing: Writing, whole: Written, book: Book) -> Parts:
    """Find who is at fault by writing each alone; the rest is written together. Where nobody is, all are."""
    clock, bad, good = writing.house.clock, [], []
    began = clock.monotonic()
    for work, stored in zip(writing.works, writing.documents, strict=True):
        one = replace(writing, works=(work,), documents=(stored,))
        alone = _by_mapping(one, book) if clock.monotonic() - began < SEARCH else whole
        if alone.hold:
            bad.append((one, alone))
        else:
            good.append((work, stored))
    if not bad:
        return [(writing, whole)]
    if not good:
        return bad
    works, documents = zip(*good, strict=True)
    rest = replace(writing, works=works, documents=documents)
    return [*bad, (rest, _by_mapping(rest, book))]


def _by_mapping(writing: Writing, book: Book) -> Written:
    translation = writing.house.site.translations[writing.route.mapping]
    context = _context(writing, book)
    system, portions, lacks = writing.house.site.systems[writing.route.partner], {}, list[Finding]()
    documents = []
    for stored in writing.documents:
        tree = stored.tree
        if not writing.plain and stored.kind in SEEN and (lines := portions_in_force(book, system, stored, lacks)):
            portions[stored.id], tree = lines, seen(tree, lines)
        documents.append(Document(stored.kind, tree, stored.about))
    if lacks:
        return Written(faults=tuple(lacks), hold=_cannot(translation, lacks))
    try:
        made = translate(translation, documents, context)
    except Rejected as error:
        return Written(faults=error.findings, hold=_cannot(translation, error.findings))
    if long := _long(writing.route, made.files):
        return Written(faults=long, hold=_cannot(translation, long))
    if errors(made.findings):
        return Written(faults=tuple(errors(made.findings)), hold=_cannot(translation, errors(made.findings)))
    return Written(
        files=made.files,
        numbers=tuple(context.taken()),
        notes=made.findings,
        mapping=translation.stamp,
        portions=portions,
    )


def _long(route: Route, files: Sequence[File]) -> tuple[Finding, ...]:
    """Tell the names that a folder cannot take: nothing is cut off them."""
    if route.names != "8.3":
        return ()
    text = "the file's name is longer than the folder takes: eight letters, a dot and three more"
    hint = "file: \"ORD{{ counter('orders') | zeros(5) }}.TXT\""
    return tuple(
        Finding("name-long", text, Place(spelled(file.name)), hint=hint) for file in files if not short(file.name)
    )


def _cannot(translation: Translation, findings: Sequence[Finding]) -> Hold:
    first = findings[0]
    more = f" (and {len(findings) - 1} more)" if len(findings) > 1 else ""
    return Hold(
        "mapping", f"{translation.file.name} cannot write it: {first.text}{more} [{first.rule or first.data or ''}]"
    )


def _context(writing: Writing, book: Book) -> LedgerContext:
    system = writing.house.site.systems[writing.route.partner]
    now = writing.house.clock.now()
    known = partial(as_seen, book, system)
    return LedgerContext(book, now, system.account, system.name, system.settings, system.warehouses, known)


def _for_amazon(writing: Writing, book: Book) -> Written:
    """Complete one document from the stored order, check it by Amazon's rules, and make its body."""
    (stored,) = writing.documents
    kind = kinds()[stored.kind]
    order = book.documents.newest("order", stored.account, stored.about)
    lacks: list[Finding] = []
    portions = _portions(writing, book, stored, order, lacks)
    if lacks and kind.lacking:  # of a kit it would be told whole what may have left without a component
        return Written(hold=Hold("mapping", f"the warehouse's lines cannot be told: {lacks[0].text}"))
    document = _complete(writing, kind, stored, order.tree if order else None, portions, book)
    faults = errors(document.findings)
    if not faults and kind.lacking and order:
        lines = kind.lacking(document.tree, order.tree)
        if lines and portions:
            lines = kind.lacking(stored.tree, seen(order.tree, portions)) or lines
        if lines:
            more = sign(stored.kind, stored.account, stored.key, "more")
            return Written(hold=Hold(more, f"waits for {lacking_words(lines, portions, order.tree)}"))
    if not faults and kind.check:
        faults = errors(_placed(writing.house, book, stored, kind.check(document.tree), document))
    if faults:
        return Written(faults=tuple(faults))
    if kind.lacking and _contested(book, stored):
        return Written(hold=Hold("person", CONTESTED))
    name = f"{stored.kind}-{stored.key.replace('/', '_')}-{stored.revision}.json"
    return body_of(kind, [document.tree], name, document.findings)


def _contested(book: Book, stored: Stored) -> bool:
    """Tell the first of several that contradict each other, as long as no person let it go on: Amazon takes one alone."""
    there = book.documents.about(stored.account, stored.key, stored.kind)
    alive = [one for one in there if one.end in (None, End.ACCEPTED)]
    first = alive[0].id == stored.id and any(one.end is None for one in alive[1:])
    return first and not book.events.has(asked(stored, CONTESTED))


def asked(stored: Stored, reason: str) -> str:
    """Name the fact that a person was asked about a document."""
    return sign(stored.kind, stored.account, stored.key, f"{stored.revision} asked: {reason}")


def beyond_mending(house: House, book: Book, document: Document, order: Stored, partner: str) -> list[Finding]:
    """Find what is wrong with what a warehouse tells of an order, part by part, that no part to come can mend."""
    kind, lacks = kinds()[document.kind], list[Finding]()
    system = house.site.systems.get(partner)
    if kind.lacking is None or kind.complete is None or system is None:
        return []
    portions = portions_in_force(book, system, order, lacks)
    if lacks:
        return []
    vendor = house.site.accounts[order.account].vendor
    asked = Asked(house.clock.now(), vendor, order.tree, document.kept, settings=system.settings, portions=portions)
    made = kind.complete(document, asked)
    checked = kind.check(made.tree) if kind.check else []
    return errors(made.findings) or [one for one in errors(checked) if not _may_come(one)]


def _may_come(fault: Finding) -> bool:
    """Tell what another file may still say: a container is told as it is, once."""
    path = fault.data.path if fault.data else ""
    return fault.code == "field-missing" and not path.startswith("/containers/")


def _portions(writing: Writing, book: Book, stored: Stored, order: Stored | None, lacks: list[Finding]) -> Portions:
    """Give the portions by which the warehouse that tells of an order has its lines; what we say ourselves needs none."""
    system = writing.house.site.systems.get(stored.partner)
    return portions_in_force(book, system, order, lacks) if system and order else {}


def _complete(
    writing: Writing, kind: Kind, stored: Stored, order: Tree | None, portions: Portions, book: Book
) -> Document:
    document = Document(stored.kind, stored.tree, stored.about, stored.records, kept=stored.kept)
    account = writing.house.site.accounts[stored.account]
    system = writing.house.site.systems.get(stored.partner)
    settings = system.settings if system else {}
    labels = _labels(writing, book, stored)
    asked = Asked(
        now=writing.house.clock.now(),
        vendor=account.vendor,
        order=order,
        kept=stored.kept,
        settings=settings,
        labels=labels,
        packed=_packed(book, stored) if len(labels) > 1 else (),
        own_carrier=system is not None and system.carrier == "own",
        portions=portions,
        confirmed=invoices.shipped(book, stored) if stored.kind == invoices.KIND else _confirmed(book, stored),
        billing=account.invoices,
    )
    made = kind.complete(document, asked) if kind.complete else document
    return made.but(findings=_placed(writing.house, book, stored, made.findings, document))


def _placed(
    house: House, book: Book, stored: Stored, findings: Sequence[Finding], document: Document
) -> tuple[Finding, ...]:
    """Say where in the file that it was read from each finding about a document is."""
    return placed(findings, document, by=_read_by(house, book, stored) if findings else None)


def _read_by(house: House, book: Book, stored: Stored) -> Translation | None:
    """Give the mapping that reads the file of a document; None: it has none, or several may."""
    file = book.interchanges.get(stored.interchange) if stored.interchange is not None else None
    source = house.site.source(file.endpoint) if file else None
    named = [house.site.translations[mapping] for mapping in source.mappings] if source else []
    fits = [one for one in named if file and matches(one, file.name)]
    return fits[0] if len(fits) == 1 else None


def _labels(writing: Writing, book: Book, stored: Stored) -> list[Tree]:
    """Give the labels that Amazon made for the order a document ships, the newest of each package."""
    takes = stored.kind in SHIPS and writing.house.site.route(LABEL, stored.account, stored.warehouse)
    label = book.documents.newest(LABEL, stored.account, stored.about) if takes else None
    return packages(label.tree) if label and label.end not in (End.REJECTED, End.SUPERSEDED) else []


def _packed(book: Book, stored: Stored) -> list[str]:
    """Give the names of the boxes that the labels of an order were asked for."""
    requests = book.documents.about(stored.account, stored.about, "label_request")
    answered = [one for one in requests if one.end is End.ACCEPTED]
    return boxes(answered[-1].tree) if answered else []


def _confirmed(book: Book, stored: Stored) -> Tree | None:
    """Give what Amazon accepted as the confirmation of an order, as it was sent; empty where nobody can tell any more."""
    first = stored.revision == 1 and (stored.kind == CONFIRMATION or stored.interchange is None)
    if stored.kind not in CONCERNED or first:
        return None
    there = book.documents.about(stored.account, stored.about, CONFIRMATION)
    accepted = [one for one in there if one.id != stored.id and one.end is End.ACCEPTED]
    files = (book.interchanges.get(number) for one in accepted for number, _ in book.contents.where(one.id))
    for sent in files:
        with suppress(Forgotten):
            if sent is not None:
                tree: Tree = jsontext.decode(book.bodies.read(sent.body))["shipmentConfirmations"][0]
                return tree
    return {} if accepted else None


def body_of(kind: Kind, trees: list[Tree], name: str, notes: Sequence[Finding]) -> Written:
    operation = kind.operation
    if operation is None or operation.body is None:
        raise LookupError(f"{kind.name} has no operation")
    path = operation.path_of(trees[0]) if operation.path_of else operation.path
    file = File(name, jsontext.encode(operation.body(trees)), "application/json")
    return Written(files=(file,), path=path, trees=tuple(trees), notes=tuple(notes))


def seal_of(documents: Sequence[Stored]) -> int:
    """Say how a file is sealed: with the key of the one order that it is of; of several orders, with one of its own."""
    seals = {stored.seal for stored in documents} - {PLAIN}
    return ANEW if len(seals) > 1 else next(iter(seals), PLAIN)
