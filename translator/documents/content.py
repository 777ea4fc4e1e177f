"""What Amazon sends as Base64 (labels, slips, invoices): opened strictly, bounded, and known by its first bytes.

Nothing, junk, more than 10 MB, or another form than was said is an error with a code of its own, so that nothing of it
comes to a printer (reliability-security §3.9, input 62). A finding never holds any of it: it shows a customer's address.
"""

from __future__ import annotations

import binascii
import re
from collections.abc import Iterator, Sequence
from typing import Any, Final, Literal

from translator.core.finding import Finding, Severity
from translator.core.tree import nothing
from translator.documents.types import fault

MOST: Final = 10_000_000  # bytes of one label or page: published samples have 25 kB
_LONGEST: Final = (MOST + 2) // 3 * 4  # characters of as many bytes

# Before its first format a label may set the printer up: `${` passes it through a driver, ZebraDesigner begins with
# DLE and CT~~CD,~CC^~CT~, and pictures are loaded by ~DG.
_ZPL: Final = re.compile(
    rb"[\s\x00\x02\x10]*(?:\$\{)?\s*(?:(?:\x10?CT~~CD,~CC\^~CT~|~[A-Z]{2})[^~^]*)*\^XA", re.IGNORECASE
)
_STORES: Final = re.compile(rb"\^(?:DF|XF|IS|ID|TO|JU)|~(?:DY|DG|DB|DE|DN|DS|DT|DU|EG|JR)", re.IGNORECASE)
_ANEW: Final = re.compile(rb"[~^](?:CC|CT)[^~^]", re.IGNORECASE)  # another sign for commands: they hide behind it

Form = Literal["PNG", "ZPL", "PDF", ""]
What = Literal["label", "slip", "invoice"]


def opened(text: str) -> bytes:
    """Give the bytes of a Base64 text. Raises ValueError where it is none, or holds more than 10 MB."""
    if len(text) > _LONGEST:
        raise ValueError("more than 10 MB")
    return binascii.a2b_base64(text, strict_mode=True)


def form_of(data: bytes) -> Form:
    """Tell by its first bytes what it is; "" = none of them."""
    if data.startswith(b"\x89PNG\r\n\x1a\n"):
        return "PNG"
    if data.startswith(b"%PDF-"):
        return "PDF"
    return "ZPL" if _ZPL.match(data) else ""


def content_faults(what: What, text: Any, path: str, forms: Sequence[str]) -> Iterator[Finding]:
    """Find what is wrong with a content that should have one of the forms."""
    if nothing(text):
        yield fault(f"{what}-empty", f"the {what} is empty", path, "it may come later: it is asked for again")
    elif isinstance(text, str) and len(text) > _LONGEST:
        yield fault(f"{what}-large", f"the {what} has more than {MOST // 1_000_000} MB", path)
    else:
        yield from _faults_of(what, text, path, forms)


def _faults_of(what: What, text: Any, path: str, forms: Sequence[str]) -> Iterator[Finding]:
    try:
        data = opened(text)
    except (ValueError, TypeError):  # binascii.Error is one; no text at all
        yield fault(f"{what}-base64", f"the {what} is no Base64 text", path, "one layer of Base64, without line ends")
        return
    form = form_of(data)
    if not form:
        yield fault(f"{what}-magic", f"the {what} is {_any(forms)} by its name, not by its first bytes", path)
    elif form not in forms:
        yield fault(f"{what}-format", f"the {what} is {form}, {_any(forms)} was said", path)
    elif form == "ZPL":
        yield from _stored(data, path)


def _stored(data: bytes, path: str) -> Iterator[Finding]:
    """Find commands that leave something in the printer, or print what is there: the next label may look otherwise."""
    found = dict.fromkeys(word.decode().upper() for word in (*_STORES.findall(data), *_ANEW.findall(data)))
    if found:
        hint = "it is a label of Amazon's all the same; a printer of its own, reset each day, is safe"
        text = f"the label has {', '.join(list(found)[:5])}: it changes the printer, not the paper alone"
        yield fault("zpl-stores", text, path, hint, Severity.WARNING)


def _any(forms: Sequence[str]) -> str:
    return " or ".join(forms)
