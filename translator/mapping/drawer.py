"""The documents of one kind, drawn from the entries that are held: which there are, and what stops them."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from translator.core.document import Document, Tree
from translator.core.finding import Finding, Place, Severity, are, counted, errors
from translator.mapping import convert
from translator.mapping.about import order_of
from translator.mapping.context import Context
from translator.mapping.drawing import drawn, keys, named, turn, turns
from translator.mapping.entry import Entry
from translator.mapping.expression import Failed, Missing
from translator.mapping.layout import Record, spoken
from translator.mapping.leaves import Drawn, Work
from translator.mapping.lost import Lost
from translator.mapping.scope import Scope
from translator.mapping.shapes import LOOP, Leaf, Shape
from translator.mapping.wrong import Wrong

FULL: Final = "isFullUpdate"  # then entries do not stand alone


@dataclass(slots=True)
class Drawer:
    """Draws the documents of one kind."""

    kind: str
    shape: Shape
    context: Context
    broken: list[Finding]  # of lines that are no entries
    lost: Lost
    trailed: bool
    alone: bool
    headers: Collection[
        str
    ] = ()  # around documents, however often they stand: what is in them once is no entry of a list
    notes: list[Drawn] | None = None
    drew: set[int] = field(default_factory=set)  # the ids of the entries that documents of this window stand on, or in
    _number: int = 0  # documents so far
    _newest: Entry | None = None  # what the last one stands on: it may go on in the next window
    _heads: dict[object, Tree] = field(default_factory=dict)  # what parts of one inventory say alike

    def documents(self, root: Entry, scope: Scope, *, last: bool) -> Iterator[Document]:
        """Give each document of what is held. `last`: nothing will be added to it."""
        scopes = list(self._scopes(root, scope))
        entries = [entry for inner in scopes for entry in inner.entries]
        self.drew = {id(one) for entry in entries for one in (entry, *entry.around())}
        for number, inner in enumerate(scopes, 1):
            again = inner.entries[0] is self._newest
            goes_on = not last and number == len(scopes)
            self._newest = inner.entries[0]
            part = self.alone and self.shape.listed and (again or goes_on)  # of an inventory: items are below an entry
            for document in self._document(self._counted(inner)):
                if not part or document.rejected or self.lists(document):
                    yield document

    def tells(self, around: Entry, transaction: Record) -> bool:
        """Tell whether something around a transaction is told with its document."""
        return any(self._around(Scope([Entry(transaction, None, around)])))

    def lists(self, document: Document) -> bool:
        """Tell whether a document has anything in its list."""
        return any(name in document.tree for name, part in self.shape.entries if _is_list(part))

    def _counted(self, scope: Scope) -> Scope:
        self._number += 1
        return scope.named(LOOP, turn(self._number)) if self.shape.counted else scope

    def _scopes(self, root: Entry, scope: Scope) -> Iterator[Scope]:
        if not self.shape.listed:
            yield scope.over(_whole(root))
            return
        work = Work(self.context)
        start = scope if self.shape.each else scope.over(_at_hand(root))
        yield from self._grouped(turns(self.shape, start, work))
        self.lost.add(work.findings, (finding.data for finding in work.findings if finding.data))

    def _grouped(self, scopes: Iterator[Scope]) -> Iterator[Scope]:
        """Join the entries of each group; those whose key cannot be read belong to no document."""
        if not self.shape.group:
            yield from scopes
            return
        found: dict[tuple[Any, ...], tuple[Scope, list[Entry]]] = {}
        last, turn = None, 0
        for scope in scopes:
            key = self._key(scope)
            if key is None:
                continue
            turn += self.shape.adjacent and key != last
            last = key
            found.setdefault((turn, *key), (scope, []))[1].extend(scope.entries)
        yield from (scope.over(entries) for scope, entries in found.values())

    def _key(self, scope: Scope) -> tuple[Any, ...] | None:
        try:
            return keys(self.shape, scope)
        except Failed as failed:
            self._lose(scope, failed)
            return None

    def _lose(self, scope: Scope, failed: Failed) -> None:
        own = [finding for entry in scope.entries for finding in entry.found()]
        why = [] if errors(own) else [failed.finding.at(data=scope.place)]
        self.lost.add([*own, *why], (entry.place for entry in scope.entries))

    def _document(self, scope: Scope) -> Iterator[Document]:
        entries = list(_with_below(scope.entries))
        places = tuple(entry.place for entry in entries if entry.row)
        work = Work(self.context, alone=self.alone and _has_list(self.shape), notes=self.notes)
        work.findings.extend(self._around(scope))
        once = {id(entry) for entry in entries if work.alone and stands_once(entry, self.headers)}
        work.findings.extend(finding for entry in entries if id(entry) in once for finding in entry.found())
        work.take(entry for entry in entries if id(entry) not in once)
        yield from self._drawn(scope, work, places)

    def _around(self, scope: Scope) -> Iterator[Finding]:
        """Give what is wrong around a document: with what it belongs to, header and trailer, the file itself."""
        around = {id(entry): entry for inner in scope.entries for entry in _surroundings(inner)}
        around |= {id(entry): entry for entry in scope.outside}
        yield from (finding for entry in around.values() for finding in entry.found())
        whole = not self.shape.listed and not (self.alone and _has_list(self.shape))
        if whole or self.trailed:
            self.lost.told = True
            yield from self.broken

    def _drawn(self, scope: Scope, work: Work, places: tuple[Place, ...]) -> Iterator[Document]:
        scope = named(self.shape, scope, work)
        found = self._order(scope, work)
        if found is None:
            self.lost.add(work.findings, places)
            return
        about, asked, awaits, scope = found
        if awaits and not errors(work.findings):
            if not self._unwanted(scope):
                yield Document(self.kind, {}, about, places, tuple(work.findings), awaits=asked, asked=asked)
            return
        tree = self._tree(scope, work) if not awaits else {}
        if tree is None:
            return
        made = Document(self.kind, tree, about, tuple(work.places) or places, asked=asked)
        self._alike(made, scope, work)
        yield from self._finished(made, work, _kept(scope.entries))

    def _alike(self, made: Document, scope: Scope, work: Work) -> None:
        """Hold what stands once in an inventory against what its parts before said."""
        if not work.alone or self.shape.each:
            return
        key = keys(self.shape, scope.over(scope.entries[:1]))
        head = {name: value for name, value in made.tree.items() if not isinstance(value, list)}
        before = self._heads.setdefault(key, head)
        differ = [name for name in before.keys() | head.keys() if before.get(name) != head.get(name)]
        if differ:
            text = f"{min(differ)} is not the same as in the records before"
            work.findings.append(Finding("group-conflict", text, scope.place, self.shape.rule))

    def _order(self, scope: Scope, work: Work) -> tuple[str, str, bool, Scope] | None:
        """Ask for the stored order: its number, what the file calls it, whether it is awaited, the scope that knows it.

        None: it could not even be asked for.
        """
        one = next(((one, value) for one, value in self.shape.about if one.what == "order"), None)
        if one is None:
            return "", "", False, scope
        about, formula_ = one
        try:
            value = convert.plain(formula_(scope)).strip()
        except (Failed, Wrong) as error:
            finding = error.finding if isinstance(error, Failed) else error.finding(None, formula_.rule)
            if not errors(work.findings) or not any(entry.bad for entry in scope.entries):
                work.findings.append(finding.at(data=scope.place))
            return None
        order = order_of(about, value, self.context)
        if isinstance(order, Finding):
            work.findings.append(order.at(data=scope.place))
            return value, value, False, scope
        if order is None:
            return "" if about.by else value, value, True, scope
        return str(order.get("purchaseOrderNumber", value)), value, False, scope.knowing("order", order)

    def _unwanted(self, scope: Scope) -> bool:
        """Tell whether the mapping wants no document here whatever the order says: then nothing has to wait for it."""
        try:
            return self.shape.when is not None and not self.shape.when(scope)
        except (Missing, Failed):
            return False

    def _tree(self, scope: Scope, work: Work) -> Tree | None:
        """Draw the document; None: the mapping does not want one here."""
        if self.shape.when:
            try:
                if not self.shape.when(scope):
                    return None
            except Missing:
                return None
            except Failed as failed:
                work.findings.append(failed.finding.at(data=scope.place))
        tree, _ = drawn(self.shape, scope, work, "")
        return tree

    def _finished(self, drawn: Document, work: Work, kept: dict[str, str]) -> Iterator[Document]:
        full = str(drawn.tree.get(FULL, "")).lower() == "true"
        if full and work.alone:
            self.lost.told = True
            work.findings.extend([*work.left, *self.broken])
        elif work.left:
            self.lost.add(work.left, work.left_places)
            work.findings.append(_left_out(work))
        findings = tuple(dict.fromkeys(work.findings if errors(work.findings) else [*work.findings, *work.ensuing]))
        tree = {} if errors(findings) else drawn.tree
        yield drawn.but(tree=tree, findings=findings, kept={**kept, **work.kept})


def _left_out(work: Work) -> Finding:
    lines = ", ".join(dict.fromkeys(str(place.line or place.path) for place in work.left_places[:10]))
    count = len(set(work.left_places))
    text = f"{counted(count, 'record')} {are(count)} left out ({'line' if count == 1 else 'lines'} {lines})"
    return Finding("records-left-out", text, work.left_places[0], severity=Severity.WARNING)


def _whole(root: Entry) -> list[Entry]:
    """Give what a document of the whole file is drawn from: all rows where there is one kind of them, else the file."""
    layout = root.layout
    alike = isinstance(layout, Record) and len(layout.records) == 1 and not layout.records[0].records
    return (_at_hand(root) if alike else []) or [root]


def _at_hand(root: Entry) -> list[Entry]:
    """Give the rows of a file that a group without `each` joins: those of its only record."""
    return [entry for entry in root.inside() if entry.layout.name == _first(root).name]


def _first(root: Entry) -> Record:
    layout = root.layout
    many = [one for one in layout.records if one.times.many] if isinstance(layout, Record) else []
    return many[0] if many else layout.records[0] if isinstance(layout, Record) else Record("", Place())


def _with_below(entries: Sequence[Entry]) -> Iterator[Entry]:
    for entry in entries:
        yield entry
        yield from entry.below()


def _surroundings(entry: Entry) -> Iterator[Entry]:
    """Give what an entry belongs to, and what stands once beside that: header and trailer."""
    around = entry.parent
    while around is not None:
        if around.parent is not None:
            yield around
        yield from (one for one in _once_below(around) if one is not entry)
        around = around.parent


def _once_below(entry: Entry) -> Iterator[Entry]:
    for one in entry.values():
        if isinstance(one, Entry):
            yield one
            yield from _once_below(one)


def stands_once(entry: Entry, headers: Collection[str] = ()) -> bool:
    """Tell what stands once in a file, however deep: header and trailer. It is no entry that could be left out.

    `headers`: of documents, which may stand several times.
    """
    around: Entry | None = entry
    while around is not None:
        if around.layout.times.many and around.layout.name not in headers:
            return False
        around = around.parent
    return True


def _has_list(one: Shape) -> bool:
    return any(_is_list(part) for _, part in one.entries)


def _is_list(part: Leaf | Shape) -> bool:
    return isinstance(part, Shape) and part.listed


def _kept(entries: Sequence[Entry]) -> dict[str, str]:
    """Give the values that fields of the layout asked to remember."""
    found: dict[str, str] = {}
    for entry in _with_below(entries):
        for one in entry.layout.fields:
            if one.keep and spoken(one) in entry:
                found.setdefault(one.keep, convert.plain(entry[spoken(one)]))
    return found
