"""XML files: records are elements, fields are attributes, texts and elements by path; groups are elements with fields.

Nothing outside the file is ever fetched: a DOCTYPE is Rejected, as is what is not well-formed, nested too deeply or in
an encoding that is not allowed. Comments and processing instructions vanish, the text around them is joined. Elements
and attributes the layout does not name are findings of their record, as `unknown` says. What was read is released.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import Final

from translator.core.finding import Finding, Findings, Misconfigured, Place, Rejected
from translator.formats import xsd
from translator.formats.elements import BLANK, Candidate, Element, Filler, fits, forget, place_of
from translator.formats.encodings import utf8
from translator.formats.format import PLAIN, Format, Option
from translator.formats.limits import bounded, counted, raised
from translator.formats.paths import Inside, Node, compiled
from translator.formats.recognise import Matching
from translator.formats.where_xml import where
from translator.formats.xml_alike import Alike, Cells, Run, learned
from translator.formats.xml_open import Level, Open
from translator.formats.xml_parse import Parsing
from translator.formats.xml_shape import drawn, rule_of
from translator.formats.xml_write import write
from translator.mapping.expression import Environment
from translator.mapping.layout import MappingFile, Record
from translator.mapping.row import Block, Row, each_row

NEWLINES: Final = ("lf", "crlf", "cr")
OPTIONS: Final = (
    Option("charset", "the encoding; empty: what the file declares, written as UTF-8", ""),
    Option("namespaces", "the namespaces of the paths: prefix and address, the default one without prefix", ""),
    Option("order", "whether elements may stand in any order when read, or only in that of the lines", "any", ("any", "strict")),
    Option("declaration", "whether a written file begins with `<?xml …?>`", "true", ("true", "false")),
    Option("indent", "blanks for each level of a written file; 0: all in one line", "2", (*"012348", "tab")),
    Option("newline", "what ends a line of a written file", "lf", NEWLINES),
)  # fmt: skip


def _read(
    chunks: Iterable[bytes], mapping: MappingFile, findings: Findings, file: str, environment: Environment = PLAIN
) -> Iterator[Row]:
    return each_row(_runs(chunks, mapping, findings, file, environment))


def _runs(
    chunks: Iterable[bytes], mapping: MappingFile, findings: Findings, file: str, environment: Environment = PLAIN
) -> Iterator[Row | Block]:
    pieces = utf8(bounded(chunks, file, mapping.limits.file), mapping, findings, file)
    yield from counted(_Reading(mapping, findings, file, environment).rows(pieces), file, mapping.limits.records)


class _Reading:
    """Turns the parser's events into rows."""

    __slots__ = (
        *("_depth", "_file", "_filler", "_findings", "_held", "_levels", "_limits", "_mapping", "_matching"),
        *("_open", "_parsing", "_skipped", "_top", "_wrong"),
    )

    def __init__(self, mapping: MappingFile, findings: Findings, file: str, environment: Environment) -> None:
        top = compiled(mapping)
        self._file = file
        self._mapping = mapping
        self._findings = findings
        self._filler = Filler(mapping, file)
        self._limits = mapping.limits
        self._matching = Matching(mapping, environment)
        self._parsing = Parsing(mapping, file)
        none = Row(mapping.records[0], [], Place(file))
        self._top = Open(Inside(mapping.records[0], top, (), 0), none, 0, given=True)
        self._open: list[Open] = []
        self._levels = [Level(top)]
        self._depth = 0
        self._held = 0  # the depth of the element that is read whole; 0: none
        self._wrong: list[Finding] = []  # what the schema found in it
        self._skipped = 0  # the depth of the element that the layout does not name

    def rows(self, pieces: Iterable[bytes]) -> Iterator[Row | Block]:
        """Feed the parser and give the rows that are complete."""
        for event, element in self._parsing.events(pieces, lambda: self._held, self._agrees):
            if event == "start":
                if self._held:  # what is inside is read with it
                    self._depth += 1
                    self._bounds(element, self._depth)
                else:
                    self._start(element)
            elif event == "end":
                if self._held and self._depth > self._held:
                    self._depth -= 1
                else:
                    yield from self._end(element)
            elif event == "alike":
                yield from self._run(element)
            else:
                self._unfit(*element)
        self._top.missing(None, self._file, self._findings)

    def _start(self, element: Element) -> None:
        self._depth += 1
        self._bounds(element, self._depth)
        if self._skipped:
            return
        self._parsing.within = 0
        node = self._named(element)
        if node is None:
            self._skipped = self._depth
        elif any(getattr(one.layout, "records", ()) for one in node.records):
            self._begin(element, node)
        elif node.through:
            self._levels.append(Level(node))
            self._filled(lambda row: self._filler.attributes(element, node, row), element)
        else:
            self._held = self._depth

    def _bounds(self, element: Element, depth: int) -> None:
        if depth > self._limits.depth:
            text = f"nested deeper than {self._limits.depth}"
            raise Rejected([Finding("xml-depth", text, place_of(element, self._file), hint=raised("depth"))])
        if len(element.keys()) > self._limits.attributes:
            text = f"an element with more than {self._limits.attributes} attributes"
            raise Rejected([Finding("xml-attributes", text, place_of(element, self._file), hint=raised("attributes"))])

    def _inside(self, element: Element, depth: int) -> None:
        """Hold what is inside an element that was read whole against the bounds."""
        for child in element:
            if depth >= self._limits.depth or len(child.keys()) > self._limits.attributes:
                self._bounds(child, depth + 1)
            if len(child):
                self._inside(child, depth + 1)

    def _named(self, element: Element) -> Node | None:
        above = self._levels[-1]
        node = above.node.children.get(element.tag)
        if node and node.then:
            node = above.taken.get(element.tag, node)
            if node.through:
                above.taken[element.tag] = node.then or node
        return node

    def _begin(self, element: Element, node: Node) -> None:
        fitting = [one for one in node.records if self._fits(element, one, whole=False)] or node.records
        chosen = next((one for one in fitting if self._around.room(one)), fitting[0])
        row = Row(chosen.layout, [None] * len(chosen.layout.fields), self._place(element, chosen), self._parent)
        self._around.count(chosen, row.place, self._findings)
        self._ordered(element, chosen.rank, row)
        self._filler.attributes(element, chosen.node, row)
        self._open.append(Open(chosen, row, self._depth))
        self._levels.append(Level(chosen.node))

    @property
    def _around(self) -> Open:
        return self._open[-1] if self._open else self._top

    @property
    def _parent(self) -> Row | None:
        return self._open[-1].row if self._open else None

    def _place(self, element: Element, inside: Inside) -> Place:
        return Place(self._file, element.sourceline or 0, record=inside.layout.name)

    def _end(self, element: Element) -> Iterator[Row]:
        self._depth -= 1
        if self._held or self._skipped:
            if self._depth < (self._held or self._skipped):
                self._held = self._skipped = self._parsing.within = 0
                yield from self._complete(element)
                self._release(element)
                yield from self._alike(element)
            elif self._skipped:
                self._parsing.within = 0
                forget(element)
            return
        level = self._levels.pop()
        if self._depth < self._around.depth:
            yield from self._close(self._open[-1], element)
        else:
            self._passed(element, level.node)
        self._release(element)

    def _unfit(self, message: str, element: Element | None) -> None:
        """Note what the schema does not allow: a finding of the record it stands in."""
        row = self._around.row
        place = Place(self._file, record=row.record.name) if element is None else place_of(element, self._file)
        found = xsd.finding(message, place, self._mapping, rule_of(self._mapping, place.path))
        if self._held:
            self._wrong.append(found)
        else:
            self._told((found,))

    def _complete(self, element: Element) -> Iterator[Row]:
        """Take an element that stands whole: a record, or fields or a group of the record around."""
        level = self._levels[-1]
        node = level.node.children.get(element.tag)
        wrong, self._wrong = tuple(self._wrong), []
        if not (node and node.records):
            self._inside(element, self._depth + 1)
            self._filled(lambda row: self._field(element, level, row), element)
            self._told(wrong)
            return
        row = self._whole(element, node)
        if row is None:
            self._told(wrong)
            return
        if wrong:
            row.findings += wrong
        yield from self._given()
        yield row

    def _alike(self, element: Element) -> Iterator[Row]:
        """Take the records of the same name that stand whole behind one."""
        node = self._levels[-1].node.children.get(element.tag)
        if not (node and node.records) or node.then or node.through:
            return
        for one in self._parsing.following(element):
            self._bounds(one, self._depth + 1)
            row = self._whole(one, node)
            if row is not None:
                yield from self._given()
                yield row
            self._release(one)

    # --- records that are written alike ------------------------------------------------------------------------------

    def _learn(self, element: Element, node: Node, chosen: Inside) -> None:
        """Let records that are written like this one be found without the parser, where nothing else is asked of them."""
        plain = len(node.records) == 1 and not (chosen.codes or node.then or node.through or self._matching.asks)
        strict = self._mapping.options.get("order") == "strict"
        if plain and not strict and chosen.layout.times.most is None:
            skips = self._mapping.unknown == "skip"
            self._parsing.alike = learned(element, chosen, self._limits.field, skips=skips)

    def _agrees(self, element: Element, alike: Alike, cells: Cells) -> bool:
        """Tell whether the element that is read whole at the moment is a record with these cells."""
        node = self._levels[-1].node.children.get(element.tag)
        if self._held != self._depth or node is None or alike.inside not in node.records:
            return False
        row = self._filler.plain(element, alike.inside, self._parent, self._depth)
        return row is not None and row.cells == list(cells)

    def _run(self, run: Run) -> Iterator[Row | Block]:
        """Give records that stand beside each other."""
        alike = self._parsing.alike
        if alike is None or not isinstance(alike.inside.layout, Record):
            return
        yield from self._given()
        name, seen = alike.inside.layout.name, self._around.seen
        seen[name] = seen.get(name, 0) + len(run.lines)
        yield Block(alike.inside.layout, run.columns, run.lines, self._file, self._parent)

    def _told(self, wrong: tuple[Finding, ...]) -> None:
        """Note what was found in an element that is no record: of the record around it, else of the file."""
        if self._open:
            self._open[-1].row.findings += wrong
        else:
            self._findings.found += wrong

    def _whole(self, element: Element, node: Node) -> Row | None:
        """Give a record that holds no records; None: it is none of the layout."""
        fitting = [one for one in node.records if self._fits(element, one, whole=True)]
        if not fitting:
            self._inside(element, self._depth + 1)
            self._filler.stranger(element, self._findings)
            return None
        chosen = (
            fitting[0] if len(fitting) == 1 else next((one for one in fitting if self._around.room(one)), fitting[0])
        )
        row = self._filler.plain(element, chosen, self._parent, self._depth + 1)
        if row is not None and self._parsing.alike is None and not self._parsing.closed:
            self._learn(element, node, chosen)
        if row is None:
            self._inside(element, self._depth + 1)
            row = self._filler.closely(element, chosen, self._parent)
        self._around.count(chosen, row.place, self._findings)
        self._ordered(element, chosen.rank, row)
        return row

    def _fits(self, element: Element, inside: Inside, *, whole: bool) -> bool:
        if whole and not self._matching.asks:
            return not inside.codes or fits(element, inside)
        one, record = Candidate(element, inside, whole, element.sourceline or 0), inside.layout
        if not isinstance(record, Record) or not one.fits(record):
            return False
        return self._matching.fits(record, one, self._findings, self._file)

    def _given(self) -> Iterator[Row]:
        """Give the open records that were not given yet, before one that belongs to them."""
        for one in self._open:
            if not one.given:
                one.given = True
                yield one.row

    def _close(self, one: Open, element: Element) -> Iterator[Row]:
        self._filled(lambda row: self._texts(element, one.inside.node, row), element)
        self._filler.few(one.row)
        for code in one.inside.codes:
            if one.row.cells[code.number] not in code.values:
                text = f"{one.row.record.fields[code.number].name} says that it is another record"
                one.row.findings += (Finding("record-unknown", text, one.row.place, one.row.record.rule),)
        one.missing(one.row, self._file, self._findings)
        yield from self._given()
        self._open.pop()

    def _passed(self, element: Element, node: Node) -> None:
        """Take the text of an element on the way to records, the rest of which was read before."""

        def fill(row: Row) -> None:
            self._texts(element, node, row)
            self._ordered(element, node.rank, row)

        self._filled(fill, element)

    def _texts(self, element: Element, node: Node, row: Row) -> None:
        """Take the text in front of what stands in an element, and the one behind the last of it."""
        self._filler.text(element, node, row)
        for last in element[-1:]:
            self._filler.tail(last, row)

    def _field(self, element: Element, level: Level, row: Row) -> None:
        rank = self._filler.child(element, level.node, row, level.taken)
        level.last = self._filler.ordered(element, rank, level.last, row)

    def _filled(self, fill: Callable[[Row], None], element: Element) -> None:
        """Fill cells of the record around; once it was given, they come too late."""
        around = self._around
        before = around.filled if around.given else 0
        fill(around.row)
        if around is self._top:
            self._findings.found.extend(around.row.findings)
            around.row.findings = ()
        elif around.given and around.filled != before:
            text = f"stands after the records that belong to {around.row.record.name}, which was read by then"
            hint = "make it a record of its own, behind them"
            place = place_of(element, self._file, around.row.record.name)
            self._findings.add(Finding("element-late", text, place, around.row.record.rule, hint))

    def _ordered(self, element: Element, rank: int, row: Row) -> None:
        level = self._levels[-1]
        level.last = self._filler.ordered(element, rank, level.last, row)

    def _release(self, element: Element) -> None:
        """Forget what was read, but not a text that stands before it."""
        before = element.getprevious()
        if before is not None and before.tail and before.tail.strip(BLANK):
            self._filled(lambda row: self._filler.tail(before, row), before)
        forget(element)


def _check(mapping: MappingFile) -> tuple[Finding, ...]:
    """Say what of a layout cannot be XML, and what of its schema is none."""
    try:
        xsd.schema(mapping)
    except Misconfigured as error:
        return (*drawn(mapping).faults, *error.findings)
    return drawn(mapping).faults


FORMAT: Final = Format("xml", OPTIONS, _read, write, check=_check, where=where, runs=_runs)
