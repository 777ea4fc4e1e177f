"""XML bytes become the parser's events: no DOCTYPE, nothing fetched, each tag in bounds, by an XSD where one is given.

Comments and processing instructions vanish, the text around them is joined. What is not well-formed is Rejected.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Final, Literal

from lxml import etree

from translator.core.finding import Finding, Place, Rejected
from translator.formats.elements import Element, forget
from translator.formats.limits import BROKEN, long_record
from translator.formats.xml_alike import Alike, Cells
from translator.formats.xsd import entries, schema
from translator.mapping.layout import MappingFile

Event = tuple[str, Element]  # start, end; wrong: a text that does not fit the schema; alike: a run of records
_PROLOG: Final = re.compile(rb"(?s)(?:\xef\xbb\xbf)?(?:\s|<\?.*?\?>|<!--.*?-->)*+<(?P<what>!D|[^!?\s])")
_ROOT: Final = re.compile(rb"(?s)(?:\xef\xbb\xbf)?(?:\s|<\?.*?\?>|<!--.*?-->)*+<(?P<name>[A-Za-z_][\w.:-]*+)[\s/>]")
_ROOT_MOST: Final = 1_024  # bytes: a name that is not found so far is of other letters
_PROLOG_MOST: Final = 65_536


class Parsing:
    """One file: its events, and how many bytes came since it was last told that something is complete."""

    __slots__ = ("_closed", "_file", "_fitting", "_last", "_line", "_most", "_walk", "alike", "within")

    def __init__(self, mapping: MappingFile, file: str) -> None:
        self._file = file
        self._most = mapping.limits.record
        found = schema(mapping)
        self._fitting = None if found is None else _Fitting(found, file)
        self._walk: Walk | None = None
        self._closed = found is not None  # to patterns
        self._last = b""
        self._line = 1  # in which the next piece begins
        self.alike: Alike | None = None  # knows records that need not be parsed
        self.within = 0

    @property
    def closed(self) -> bool:
        """Tell a file in which nothing is looked for by patterns."""
        return self._closed

    def events(
        self,
        pieces: Iterable[bytes],
        whole: Callable[[], object],
        agrees: Callable[[Element, Alike, Cells], bool] = lambda element, alike, cells: False,
    ) -> Iterator[Event]:
        """Parse, refusing a DOCTYPE before the parser sees it. Raises Rejected.

        `whole`: asked after each start, whether only the end of that element is wanted, nothing of what is inside.
        `agrees`: asked of the element that was read last, whether it is a record with these cells, as a pattern says.
        """
        if self._fitting is None:
            yield from self._walked(pieces, whole, agrees)
            return
        parser = _parser(("start", "end"))
        try:
            for piece in _after_prolog(pieces, self._file):
                self.within += len(piece)
                yield from self._fed(piece, parser)
                if self.within > self._most:
                    raise long_record(self._file, 0, self._most, "bytes")
            parser.close()
            yield from parser.read_events()
        except etree.XMLSyntaxError as error:
            raise Rejected([_syntax(error, self._file)]) from None

    def _walked(
        self, pieces: Iterable[bytes], whole: Callable[[], object], agrees: Callable[[Element, Alike, Cells], bool]
    ) -> Iterator[Event]:
        """Give the events from a walk over the tree as it grows: nothing is called for each tag while it is parsed."""
        try:
            for piece, root in _with_root(_after_prolog(pieces, self._file)):
                if self._walk is None:
                    self._walk = Walk(_parser(("start",), tag=root), whole)
                self._close(piece)
                self.within += len(piece)
                yield from self._parted(self._walk, piece, agrees)
                self._line += piece.count(b"\n")
                if self.within > self._most:
                    raise long_record(self._file, 0, self._most, "bytes")
            yield from (self._walk or Walk(_parser(("start",)), whole)).ended()
        except etree.XMLSyntaxError as error:
            raise Rejected([_syntax(error, self._file)]) from None

    def _close(self, piece: bytes) -> None:
        """Look for comments, CDATA sections and instructions, in which nothing is what it seems."""
        inside = piece[found.end() :] if not self._last and (found := _ROOT.match(piece)) else self._last + piece
        marked = (b"!" in inside and b"<!" in inside) or (
            b"?" in inside and b"<?" in inside
        )  # one byte is found faster
        self._closed = self._closed or marked
        self._last = piece[-1:] or self._last

    def _parted(self, walk: Walk, piece: bytes, agrees: Callable[[Element, Alike, Cells], bool]) -> Iterator[Event]:
        """Parse a piece, but for records that are alike one that was parsed directly before them."""
        alike = None if self._closed else self.alike
        region = alike.region(piece) if alike else None
        if alike is None or region is None:
            yield from walk.fed(piece)
            return
        text, at = region.text, 0
        line = self._line + region.before.count(b"\n")
        yield from walk.fed(region.before)
        while found := alike.first(text, at):
            yield from walk.fed(text[at : found.end()].encode())
            line, at, cells = line + text.count("\n", at, found.end()), found.end(), alike.cells(found)
            element = walk.newest
            if cells is None or element is None or not agrees(element, alike, cells):
                break
            run, stop = alike.run(text, at, line)
            if run:
                yield "end", walk.end()
                yield "alike", run
                walk.skip(text[at:stop])
                line, at = line + text.count("\n", at, stop), stop
                self.within = 0
            elif stop > at:
                break
        else:
            self.alike = alike if at else None
        yield from walk.fed(text[at:].encode() + region.after)

    def following(self, element: Element) -> Iterator[Element]:
        """Give the elements of the same name that stand whole behind one that has ended: no event will tell of them."""
        after = element.getnext() if self._walk else None
        while self._walk and after is not None and after.tag == element.tag and after.getnext() is not None:
            self._walk.passed(after)
            yield after
            after = after.getnext()

    def _fed(self, piece: bytes, parser: etree.XMLPullParser) -> Iterator[Event]:
        for tag in _tags(piece):
            parser.feed(tag)
            events = list(parser.read_events())
            element = events[-1][1] if events else None
            yield from (event for event in events if event[0] == "start")
            yield from (("wrong", (text, element)) for text in (self._fitting.fed(tag) if self._fitting else ()))
            yield from (event for event in events if event[0] == "end")


class Walk:
    """The elements of a file in their order, each as soon as it is there: its start, what is inside, its end.

    An element is whole when one stands behind it, or behind one around it. Who takes the events may free what has ended,
    and all before it.
    """

    __slots__ = ("_before", "_open", "_parser", "_whole")

    def __init__(self, parser: etree.XMLPullParser, whole: Callable[[], object]) -> None:
        self._parser = parser
        self._whole = whole
        self._open: list[Element] = []
        self._before: list[Element | None] = []  # in each of them, the child that ended last

    def fed(self, piece: bytes) -> Iterator[Event]:
        """Parse a piece, and give what is there."""
        self._parser.feed(piece)
        yield from self._events(ended=False)

    @property
    def newest(self) -> Element | None:
        """Give the innermost element that is open, as far as is known."""
        return self._open[-1] if self._open else None

    def end(self) -> Element:
        """End the innermost element, which somebody knows to be whole."""
        element = self._open.pop()
        self._before.pop()
        if self._open:
            self._before[-1] = element
        return element

    def skip(self, text: str) -> None:
        """Go on behind a text of which nothing is parsed: blanks stand for it, so that lines and columns stay what they are."""
        *_, rest = text.rpartition("\n")
        self._parser.feed(("\n" * text.count("\n") + " " * len(rest)).encode())

    def passed(self, element: Element) -> None:
        """Go on behind an element that was taken without events."""
        self._before[-1] = element

    def ended(self) -> Iterator[Event]:
        """Give the rest. Raises XMLSyntaxError where it is not the end."""
        self._parser.close()
        yield from self._events(ended=True)

    def _events(self, *, ended: bool) -> Iterator[Event]:
        for _, element in self._parser.read_events():
            if not self._before:
                yield from self._begun(element)
        while self._open:
            child = None if self._whole() else self._next()
            if child is not None:
                yield from self._begun(child)
            elif ended or self._is_closed():
                yield "end", self.end()
            else:
                return

    def _begun(self, element: Element) -> Iterator[Event]:
        self._open.append(element)
        self._before.append(None)
        yield "start", element

    def _next(self) -> Element | None:
        before, around = self._before[-1], self._open[-1]
        if before is not None:
            return before.getnext()
        return around[0] if len(around) else None

    def _is_closed(self) -> bool:
        return any(element.getnext() is not None for element in reversed(self._open))


class _Fitting:
    """A file held against a schema while it is parsed: by a parser of its own, whose findings have no places."""

    __slots__ = ("_ended", "_file", "_parser", "_told")

    def __init__(self, schema: etree.XMLSchema, file: str) -> None:
        self._parser = _parser(("end",), schema)
        self._file = file
        self._told = 0
        self._ended = False

    def fed(self, tag: bytes) -> list[str]:
        """Give what the schema says of the next bytes."""
        if self._ended:
            return []
        try:
            self._parser.feed(tag)
            for _, element in self._parser.read_events():
                forget(element)
        except etree.XMLSyntaxError:  # the end of a file that does not fit, or no XML: then the other parser says so
            self._ended = True
        found = [one.message for one in entries(self._parser.feed_error_log) if one.domain_name == "SCHEMASV"]
        if len(found) > BROKEN:
            text = f"more than {BROKEN:,} places do not fit the schema"
            raise Rejected([Finding("limit-findings", text, Place(self._file))])
        self._told, new = len(found), found[self._told :]
        return new


def _parser(
    events: Sequence[Literal["start", "end"]], schema: etree.XMLSchema | None = None, tag: str | None = None
) -> etree.XMLPullParser:
    return etree.XMLPullParser(
        events=events,
        tag=tag,
        encoding="utf-8",
        resolve_entities=False,
        no_network=True,
        load_dtd=False,
        huge_tree=False,
        remove_comments=True,
        remove_pis=True,
        schema=schema,
    )


def _tags(piece: bytes) -> Iterator[bytes]:
    """Cut behind each tag, so that what the schema finds has a place."""
    start = 0
    while (end := piece.find(b">", start)) >= 0:
        yield piece[start : end + 1]
        start = end + 1
    yield piece[start:]


def _syntax(error: etree.XMLSyntaxError, file: str) -> Finding:
    place = Place(file, error.lineno or 0, error.offset or 0)
    if getattr(error, "code", 0) == etree.ErrorTypes.ERR_INVALID_ENCODING:
        hint = "what does the sender write? `charset` in the mapping says it, or `encoding` in the file"
        return Finding("xml-encoding", "the bytes are no UTF-8", place, hint=hint)
    if "Excessive depth" in (error.msg or ""):
        return Finding("xml-depth", "nested deeper than the parser can follow", place)
    text = f"not well-formed: {(error.msg or 'the file ends too early')[:200]}"
    hint = "an & in a text is written &amp;" if "EntityRef" in text else "was the file cut off?"
    return Finding("xml-syntax", text, place, hint=hint)


def _with_root(pieces: Iterable[bytes]) -> Iterator[tuple[bytes, str]]:
    """Give the pieces from the name of the root element on, and what matches it in any namespace; it ends in the first."""
    begin, tag = b"", ""
    for piece in pieces:
        if tag:
            yield piece, tag
            continue
        begin += piece
        found = _ROOT.match(begin)
        if found or len(begin) > _ROOT_MOST:
            tag = f"{{*}}{found['name'].decode('ascii').rpartition(':')[2] or '*'}" if found else "*"
            yield begin, tag
    if not tag:
        yield begin, "*"


def _after_prolog(pieces: Iterable[bytes], file: str) -> Iterator[bytes]:
    prolog, begun = b"", False
    for piece in pieces:
        if begun:
            yield piece
            continue
        prolog += piece
        found = _PROLOG.match(prolog)
        if found and found["what"] == b"!D":
            place = Place(file, prolog[: found.end()].count(b"\n") + 1)
            raise Rejected(
                [Finding("xml-doctype", "a DOCTYPE is not allowed", place, hint="have its sender leave it out")]
            )
        if found:
            begun = True
            yield prolog
        elif len(prolog) > _PROLOG_MOST:
            raise Rejected([Finding("xml-syntax", f"no element within {_PROLOG_MOST:,} bytes", Place(file, 1))])
    if not begun:
        yield prolog
