"""XML bytes become the parser's events: no DOCTYPE, nothing fetched, each tag in bounds, by an XSD where one is given.

Comments and processing instructions vanish, the text around them is joined. What is not well-formed is Rejected.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from typing import Final, Literal

from lxml import etree

from translator.core.finding import Finding, Place, Rejected
from translator.formats.elements import Element, forget
from translator.formats.limits import BROKEN, long_record
from translator.formats.xsd import entries, schema
from translator.mapping.layout import MappingFile

Event = tuple[str, Element]  # start, end; wrong: a text that does not fit the schema
_PROLOG: Final = re.compile(rb"(?s)(?:\xef\xbb\xbf)?(?:\s|<\?.*?\?>|<!--.*?-->)*+<(?P<what>!D|[^!?\s])")
_PROLOG_MOST: Final = 65_536


class Parsing:
    """One file: its events, and how many bytes came since it was last told that something is complete."""

    __slots__ = ("_file", "_fitting", "_most", "within")

    def __init__(self, mapping: MappingFile, file: str) -> None:
        self._file = file
        self._most = mapping.limits.record
        found = schema(mapping)
        self._fitting = None if found is None else _Fitting(found, file)
        self.within = 0

    def events(self, pieces: Iterable[bytes]) -> Iterator[Event]:
        """Parse, refusing a DOCTYPE before the parser sees it. Raises Rejected."""
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

    def _fed(self, piece: bytes, parser: etree.XMLPullParser) -> Iterator[Event]:
        if self._fitting is None:
            parser.feed(piece)
            yield from parser.read_events()
            return
        for tag in _tags(piece):
            parser.feed(tag)
            events = list(parser.read_events())
            element = events[-1][1] if events else None
            yield from (event for event in events if event[0] == "start")
            yield from (("wrong", (text, element)) for text in self._fitting.fed(tag))
            yield from (event for event in events if event[0] == "end")


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


def _parser(events: Sequence[Literal["start", "end"]], schema: etree.XMLSchema | None = None) -> etree.XMLPullParser:
    return etree.XMLPullParser(
        events=events,
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
    return Finding("xml-syntax", text, place, hint="was the file cut off?")


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
            raise Rejected([Finding("xml-doctype", "a DOCTYPE is not allowed", place)])
        if found:
            begun = True
            yield prolog
        elif len(prolog) > _PROLOG_MOST:
            raise Rejected([Finding("xml-syntax", f"no element within {_PROLOG_MOST:,} bytes", Place(file, 1))])
    if not begun:
        yield prolog
