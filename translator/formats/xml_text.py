"""What a text looks like inside an XML file: escaped, in a charset, as CDATA where that is asked for.

A letter that the charset lacks becomes a reference (`&#321;`), which every reader of XML takes back. Line ends inside
texts and attributes survive; what no XML may hold (control characters, U+FFFE, half a surrogate pair) is for the
caller to refuse: `bad`.
"""

from __future__ import annotations

import codecs
import re
from dataclasses import dataclass
from functools import cache
from typing import Final

from translator.formats.charsets import charset_name
from translator.formats.encodings import declared

_NEVER: Final = "\0-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff\ud800-\udfff"
_BAD: Final = re.compile(f"[{_NEVER}]")
_ODD: Final = re.compile(f"[&<>\r{_NEVER}]")
_ODD_QUOTED: Final = re.compile(f'[&<>"\r\n\t{_NEVER}]')
_TEXT: Final = {ord("&"): "&amp;", ord("<"): "&lt;", ord(">"): "&gt;", ord("\r"): "&#13;"}
_QUOTED: Final = _TEXT | {ord('"'): "&quot;", ord("\n"): "&#10;", ord("\t"): "&#9;"}
_CUT: Final = re.compile("\r|[^\0-\x7f]")  # what may not stand in a CDATA section as it is


def bad(text: str) -> str:
    """Give the first character that no XML may hold; "" where there is none."""
    found = _BAD.search(text)
    return found[0] if found else ""


def escaped(text: str) -> str:
    """Write a text between tags."""
    return text.translate(_TEXT) if _ODD.search(text) else text


def quoted(text: str) -> str:
    """Write the value of an attribute, without its quotes."""
    return text.translate(_QUOTED) if _ODD_QUOTED.search(text) else text


@dataclass(frozen=True, slots=True)
class Ink:
    """One charset: the declaration that names it, the mark a file begins with, how text becomes bytes."""

    charset: str
    declaration: str
    mark: bytes = b""

    def encoder(self) -> codecs.IncrementalEncoder:
        """Give what makes bytes of a text in pieces, with references for what the charset lacks."""
        return codecs.getincrementalencoder(self.charset)("xmlcharrefreplace")

    def lacks(self, text: str) -> bool:
        """Tell whether the charset lacks one of these letters."""
        try:
            text.encode(self.charset)
        except UnicodeEncodeError:
            return True
        return False

    def cdata(self, text: str) -> str:
        """Write a text as CDATA: cut where it would end the section, and around what needs a reference."""
        found = text.replace("]]>", "]]]]><![CDATA[>")
        return f"<![CDATA[{_CUT.sub(self._outside, found)}]]>"

    def _outside(self, letter: re.Match[str]) -> str:
        if letter[0] != "\r" and not self.lacks(letter[0]):
            return letter[0]
        return f"]]>&#{ord(letter[0])};<![CDATA["


@cache
def ink(charset: str) -> Ink:
    """Give what writes in a charset; UTF-16 with its mark, little end first."""
    name = charset_name(charset, None)
    declaration = f'<?xml version="1.0" encoding="{declared(name)}"?>\n'
    if name == "utf-16":
        return Ink("utf-16-le", declaration, codecs.BOM_UTF16_LE)
    if name == "utf-8-sig":
        return Ink("utf-8", declaration, codecs.BOM_UTF8)
    return Ink(name, declaration)
