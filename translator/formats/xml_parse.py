"""XML bytes become the parser's events: no DOCTYPE, nothing fetched, each tag in bounds, by an XSD where one is given.

Comments and processing instructions vanish, the text around them is joined. What is not well-formed is Rejected.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import Final

from lxml import etree

from translator.core.finding import Finding, Place, Rejected
from translator.formats.elements import Element
from translator.formats.limits import long_record

Event = tuple[str, Element]
_PROLOG: Final = re.compile(rb"(?s)(?:\xef\xbb\xbf)?(?:\s|<\?.*?\?>|<!--.*?-->)*+<(?P<what>!D|[^!?\s])")
_PROLOG_MOST: Final = 65_536


class Parsing:
    """One file: its events, and how many bytes came since it was last told that something is complete."""

    __slots__ = ("_file", "_most", "within")

    def __init__(self, file: str, most: int) -> None:
        self._file = file
        self._most = most
        self.within = 0

    def events(self, pieces: Iterable[bytes]) -> Iterator[Event]:
        """Parse, refusing a DOCTYPE before the parser sees it. Raises Rejected."""
        parser = etree.XMLPullParser(
            events=("start", "end"),
            encoding="utf-8",
            resolve_entities=False,
            no_network=True,
            load_dtd=False,
            huge_tree=False,
            remove_comments=True,
            remove_pis=True,
        )
        try:
            for piece in _after_prolog(pieces, self._file):
                self.within += len(piece)
                parser.feed(piece)
                yield from parser.read_events()
                if self.within > self._most:
                    raise long_record(self._file, 0, self._most, "bytes")
            parser.close()
            yield from parser.read_events()
        except etree.XMLSyntaxError as error:
            raise Rejected([_syntax(error, self._file)]) from None


def _syntax(error: etree.XMLSyntaxError, file: str) -> Finding:
    place = Place(file, error.lineno or 0, error.offset or 0)
    if getattr(error, "code", 0) == etree.ErrorTypes.ERR_INVALID_ENCODING:
        hint = "what does the sender write? `charset` in the mapping says it, or `encoding` in the file"
        return Finding("xml-encoding", "the bytes are no UTF-8", place, hint=hint)
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
