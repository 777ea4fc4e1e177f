"""From rows to documents: the picture of a reading mapping, drawn from what was read.

A bad record never lets its document go on short: its document comes out rejected, with all findings and its key; its
neighbours go on. Where entries stand alone (a level, such as inventory) the bad ones are left out and told, unless the
document is a full update. What belongs to no document comes out as one of kind `unread`. A file that ends in a trailer
waits for it: nothing of it goes on when the trailer is missing or disagrees.

A long file is drawn window by window, as far as its picture allows (`ways`), and what was drawn is let go. Documents
are then out before the file ends: what is found too late for them raises Rejected, and whoever took them undoes it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import islice
from typing import Final

from translator.core.document import Document
from translator.core.finding import Finding, Findings, Rejected, Severity, errors
from translator.mapping.checks import Settling
from translator.mapping.compiled_pictures import ALONE, pictures_of, quick_of, stretches_of
from translator.mapping.context import Context
from translator.mapping.drawer import Drawer, stands_once
from translator.mapping.entry import NOWHERE, Entry
from translator.mapping.expression import Failed
from translator.mapping.layout import Record
from translator.mapping.leaves import Drawn
from translator.mapping.lost import MOST, UNREAD, Lost
from translator.mapping.quick import Quick
from translator.mapping.quick_values import Unusual
from translator.mapping.reader import Held, Reader
from translator.mapping.row import Block, Row, Source, Stretch, each_row, plainly
from translator.mapping.scope import Formula, Scope
from translator.mapping.shapes import Shape
from translator.mapping.straight import Straight, items
from translator.mapping.stretches import Stretches
from translator.mapping.ways import Way
from translator.mapping.world import with_lets, world

WINDOW: Final = 1_000  # records: also the most items in one part of an inventory


def documents(
    reader: Reader,
    rows: Iterable[Source],
    context: Context,
    file: str,
    findings: Findings | None = None,
    notes: list[Drawn] | None = None,
    window: int = WINDOW,
) -> Iterator[Document]:
    """Give the documents of a file.

    `findings`: those the format adds while it reads. Errors among them are taken over by the documents they stop, the
    others by the next document. `notes`: gathers what was drawn of what; then the file is held whole.
    Raises Rejected when the format does, and when what is found later stops what was given before: then nothing of the
    file goes on.
    """
    pictures = pictures_of(reader)
    whole = notes is not None
    way_ = Way() if whole else pictures.way
    held, lost = reader.held(context.zone("")), Lost()
    broken: list[Finding] = []
    trailed_ = bool(reader.mapping.transaction) or trailed(reader.mapping.records)
    headers = tuple(_headers(reader.mapping.records, reader.mapping.transaction))
    drawers = [
        Drawer(kind, one, context, broken, lost, trailed=trailed_, alone=kind in ALONE, headers=headers, notes=notes)
        for kind, one in pictures.shapes
    ]
    settling = Settling(
        pictures.checks, reader.mapping.check, reader.environment, way_.totals, way_.waits, headers[:-1]
    )
    scope = world(reader.mapping, held.root, context, file)
    found = Findings() if findings is None else findings
    flow = _Flow(pictures.lets, way_, held, scope, drawers, settling, lost, broken, found, window, trailed_, headers)
    flow.stretches = None if whole else stretches_of(pictures, reader.mapping, context.zone(""))
    plain = None if whole else quick_of(pictures, reader, context.zone(""))
    if plain and drawers[0].alone:
        flow.plain = plain
    straight = Straight(plain, drawers[0], held, context) if plain and not drawers[0].alone else None
    yield from flow.noted(flow.straight(straight, plainly(rows)) if straight else flow.documents(rows))


def trailed(records: Sequence[Record]) -> bool:
    """Tell a file that ends in a trailer, in its root element too."""
    *before, last = records or [NOWHERE]
    once = last.times.least == 1 and last.times.most == 1
    return (bool(before) and once) or (once and trailed(last.records) if last.records else False)


def _headers(records: Sequence[Record], transaction: str) -> Iterator[str]:
    """Name the headers around a document, from the outermost to the one it stands in."""
    for record in records if transaction else ():
        if record.name == transaction or any(_headers(record.records, transaction)):
            yield record.name
            yield from _headers(record.records, transaction)


def _standing(entry: Entry, names: Sequence[str]) -> Iterator[Entry]:
    """Give what stands below an entry at the end of a way of names."""
    if not names:
        yield entry
        return
    found = entry.get(names[0], ())
    for one in [found] if isinstance(found, Entry) else found:
        yield from _standing(one, names[1:])


@dataclass(slots=True)
class _Flow:
    """A file on its way into documents: what is held of it, and what was found so far."""

    lets: Sequence[tuple[str, Formula]]
    way: Way
    held: Held
    scope: Scope
    drawers: Sequence[Drawer]
    settling: Settling
    lost: Lost
    broken: list[Finding]  # of lines that are no entries
    findings: Findings  # where the format adds them
    window: int
    trailed: bool
    headers: Sequence[str] = ()  # around a document, the transaction it stands in last
    plain: Quick | None = None  # the quick way of the items of an inventory
    stretches: Stretches | None = None  # the quick way of transactions
    raw: list[Row | Block] = field(default_factory=list)  # its units, as long as they are no entries
    whole: list[Stretch | list[Row]] = field(default_factory=list)  # transactions that are no entries yet
    open: set[int] = field(default_factory=set)  # the ids of the rows of the last of them, where it comes row by row
    units: list[Entry] = field(default_factory=list)
    rows: int = 0  # since the first of them
    stayed: int = 0  # of them from the window before
    windows: int = 0  # that were drawn
    put: bool = False  # some document is out
    odd: list[Finding] = field(default_factory=list)  # stops nothing, and is told with the next document
    refused: list[Finding] = field(default_factory=list)  # what stops all documents, those that are out too

    def documents(self, sources: Iterable[Source]) -> Iterator[Document]:
        """Take the rows, and give each document as soon as nothing can be added to it."""
        for row in self._cut(sources):
            unit = isinstance(row, Stretch) or id(row.record) in self.way.units
            if unit and self.rows >= max(self.window, 2 * self.stayed):
                yield from self._window(last=False)
            if type(row) is Block:
                self.raw.append(row)
                self.rows += len(row)
            elif type(row) is Stretch:
                self.whole.append(row)
                self.rows += len(row)
                self.open = set()
            elif type(row) is Row:
                self._take(row, unit=unit)
        yield from self._window(last=True)
        self._refuse_late()
        self._untold()
        yield from self._end()

    def _take(self, row: Row, *, unit: bool) -> None:
        if unit and self.plain:
            self.raw.append(row)
            self.rows += 1
            return
        if self.stretches and self._inside(row, unit=unit):
            self.rows += 1
            return
        entry = self.held.add(row)
        if unit:
            self.units.append(entry)
        self.rows += bool(self.units or self.whole)

    def _inside(self, row: Row, *, unit: bool) -> bool:
        """Keep a row of a transaction with the others of it."""
        if unit:
            self.whole.append([row])
            self.open = {id(row)}
        elif id(row.parent) in self.open and isinstance(self.whole[-1], list):
            self.whole[-1].append(row)
            self.open.add(id(row))
        else:
            return False
        return True

    def _cut(self, sources: Iterable[Source]) -> Iterator[Source]:
        """Give blocks of what the quick way takes, none of which is more than a window holds, and rows."""
        for source in sources:
            if isinstance(source, Stretch) and not self.stretches:
                yield from source.rows()
            elif not isinstance(source, Block):
                yield source
            elif not self.plain or id(source.record) not in self.way.units:
                yield from source.rows()
            else:
                start = 0
                while start < len(source):
                    stop = start + self.window - self.rows % self.window
                    yield source.cut(start, stop)
                    start = stop

    def straight(self, straight: Straight, rows: Iterable[Row | Block]) -> Iterator[Document]:
        """Give the documents of a flat file the quick way."""
        for document in straight.documents(rows, self.scope):
            self._take_findings()
            yield document
        self._take_findings()
        yield from self._end()

    def _untold(self) -> None:
        """Tell what header and trailer say against a file of which nothing comes: no document does."""
        if not self.put:
            wrong = [entry for entry in self.held.root.below() if stands_once(entry) and entry.bad]
            self.lost.add((found for one in wrong for found in one.found()), (one.place for one in wrong))

    def _undrawn(self) -> None:
        """Tell what is wrong with a transaction in which no document stands."""
        if not self.headers or any(drawer.alone for drawer in self.drawers):
            return
        drew = set[int]().union(*(drawer.drew for drawer in self.drawers))
        for transaction in _standing(self.held.root, self.headers):
            if id(transaction) not in drew:
                wrong = [entry for entry in (transaction, *transaction.below()) if entry.bad]
                self.lost.add((found for one in wrong for found in one.found()), (one.place for one in wrong))

    def _end(self) -> Iterator[Document]:
        if not self.lost.told:
            self.lost.add(self.broken, (one.data for one in self.broken if one.data))
        yield from self.lost.document()

    def noted(self, documents: Iterator[Document]) -> Iterator[Document]:
        """Let the next document tell what is only odd about the file; what comes too late is told by the last one."""
        before: Document | None = None
        for document in documents:
            if before is not None:
                yield self._odd(before, late=True) if document.kind == UNREAD else before
            before = self._odd(document, late=False)
        if before is not None:
            yield self._odd(before, late=True)

    def _odd(self, document: Document, *, late: bool) -> Document:
        if not self.odd:
            return document
        odd, self.odd = tuple(self.odd), []
        return document.but(findings=(*document.findings, *odd) if late else (*odd, *document.findings))

    def _window(self, *, last: bool) -> Iterator[Document]:
        self._take_findings()
        if not self.windows:
            self.scope = with_lets(self.lets, self.scope)
        if self.raw and self.plain:
            parts = self._parts(self.plain, last=last)
            for part in parts:
                yield from self._checked(part, self.drawers[0], last=last)
            if parts:
                self.raw, self.rows = [], 0
                return
            self.units.extend(map(self.held.add, each_row(self.raw)))
            self.raw = []
        self.settling.check(self.held.root, self.scope)
        if self.whole and self.stretches:
            yield from self._transactions(self.stretches, last=last)
            return
        going, staying = self._parted(last=last)
        if not going and not last:  # nothing can be let go yet
            self.rows = self.stayed = len(staying)
            return
        self.settling.go_by(going)
        if last:
            self.settling.end(self.held.root, self.scope)
        self.windows += bool(going)
        self.held.hide(staying)
        for drawer in self.drawers:
            for document in drawer.documents(self.held.root, self.scope, last=last):
                yield from self._checked(document, drawer, last=last)
        self._undrawn()
        self.held.let_go(going, staying)
        self.held.show(staying)
        self.units, self.rows, self.stayed = staying, len(staying), len(staying)

    def _transactions(self, quick: Stretches, *, last: bool) -> Iterator[Document]:
        """Draw the transactions of a window, each the quick way where it is plain."""
        (drawer,) = self.drawers
        whole, self.whole, self.open, self.rows = self.whole, [], set(), 0
        self.windows += 1
        around: dict[int, bool] = {}  # by the rows around them: whether something there is told with each document
        if last:
            self.settling.end(self.held.root, self.scope)
        for one in whole:
            if isinstance(one, Stretch):
                if (key := id(one.parent)) not in around:
                    around[key] = drawer.tells(self.held.around(one.parent), quick.transaction)
                try:
                    if around[key]:
                        raise Unusual
                    made = quick.document(one, drawer.context)
                except Unusual:
                    pass
                else:
                    yield from self._checked(made, drawer, last=last) if made else ()
                    continue
            unit = self.held.aside(one.rows() if isinstance(one, Stretch) else one)
            self.settling.check(self.held.root, self.scope)
            for document in drawer.documents(self.held.root, self.scope, last=last):
                yield from self._checked(document, drawer, last=last)
            self._undrawn()
            self.held.hide([unit])
        self.held.let_go((), closed=True)

    def _parts(self, plain: Quick, *, last: bool) -> list[Document]:
        """Draw the parts of an inventory the quick way; none: carefully. What is around the items is drawn of one row."""
        (drawer,) = self.drawers
        try:
            found = items(plain, self.raw)
        except Unusual:
            return []
        shown = [self.held.add(one.first) for one in found.values()] if plain.keys else []
        self.settling.check(self.held.root, self.scope)
        heads = list(drawer.documents(self.held.root, self.scope, last=last))
        if shown:
            self.held.let_go(shown)
        if len(heads) != len(found) or any(head.findings for head in heads):
            return []
        (name,) = (name for name, part in drawer.shape.entries if isinstance(part, Shape) and part.listed)
        made = []
        for head, one in zip(heads, found.values(), strict=True):
            if not one.trees or (plain.keys and head.tree.get(name) != one.trees[:1]):
                return []
            told = {**head.tree, name: one.trees}
            tree = {entry: told[entry] for entry, _ in drawer.shape.entries if entry in told}
            made.append(head.but(tree=tree, records=one.places))
        self.windows += 1
        return made

    def _take_findings(self) -> None:
        """Take the format's findings over: the errors, and the others."""
        if not self.findings.found:
            return
        for finding in self.findings.found:
            (self.broken if finding.severity is Severity.ERROR else self.odd).append(finding)
        self.findings.found.clear()

    def _parted(self, *, last: bool) -> tuple[list[Entry], list[Entry]]:
        """Give the units that go by with this window, and those that stay: a group that may go on."""
        if last or not self.way.key:
            return self.units, []
        keys = [self._key(unit) for unit in self.units]
        open_ = next((key for key in reversed(keys) if key is not None), None)
        count = len(keys)
        while open_ is not None and count and keys[count - 1] in (None, open_):
            count -= 1
        return self.units[:count], self.units[count:]

    def _key(self, unit: Entry) -> object:
        try:
            return tuple(key(self.scope.over([unit])) for key in self.way.key)
        except Failed:
            return None

    def _checked(self, document: Document, drawer: Drawer, *, last: bool) -> Iterator[Document]:
        alone = drawer.alone and (self.windows > 1 or not last)  # a part of an inventory
        if alone and document.rejected:
            self._refuse(document.findings)
        elif alone and not drawer.shape.listed and not drawer.lists(document) and (self.put or not last):
            self.odd.extend(document.findings)
        elif not self.refused:
            self.put = True
            yield document

    def _refuse(self, findings: Iterable[Finding]) -> None:
        self.refused.extend(islice(findings, MOST - len(self.refused)))

    def _refuse_late(self) -> None:
        """Refuse the whole file for what was found when documents were out."""
        if self.windows > 1 or self.refused:
            self._refuse(errors(finding for entry in self.held.root.below() for finding in entry.found()))
            self._refuse(self.broken if self.trailed else ())
            if self.refused:
                raise Rejected(tuple(dict.fromkeys(self.refused)))
