"""What no mapping of text reads: an archive, a document, a picture, a web page that was laid there by mistake.

Promise: told by its first bytes alone; nothing is unpacked, so no archive can burst. In trouble: what is not known is
nothing foreign, and is read.
"""

from __future__ import annotations

from typing import Final

_UNPACK: Final = "nothing is unpacked here: have what is in it sent"
_TEXT: Final = "have it saved as text (CSV) and sent again"
_MISTAKEN: Final = "it was hardly meant for this folder"

_SIGNS: Final[tuple[tuple[bytes, str, str], ...]] = (
    (b"PK\x03\x04", "a zip archive, or an Excel or Word file", _UNPACK),
    (b"PK\x05\x06", "an empty zip archive", _UNPACK),
    (b"\x1f\x8b\x08", "a gzip file", _UNPACK),
    (b"BZh91AY&SY", "a bzip2 file", _UNPACK),
    (b"\xfd7zXZ\x00", "an xz file", _UNPACK),
    (b"7z\xbc\xaf\x27\x1c", "a 7z archive", _UNPACK),
    (b"Rar!\x1a\x07", "a RAR archive", _UNPACK),
    (b"-----BEGIN PGP MESSAGE-----", "an encrypted (PGP) file", "nothing is decrypted here: have it sent as it is"),
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "an old Excel or Word file", _TEXT),
    (b"{\\rtf", "a word processor's file (RTF)", _TEXT),
    (b"%PDF-", "a PDF", _MISTAKEN),
    (b"\x89PNG\r\n\x1a\n", "a picture (PNG)", _MISTAKEN),
    (b"\xff\xd8\xff", "a picture (JPEG)", _MISTAKEN),
    (b"GIF8", "a picture (GIF)", _MISTAKEN),
)
_PAGES: Final = (b"<!doctype html", b"<html")
_BEFORE: Final = b"\xef\xbb\xbf \t\r\n"  # a byte order mark, and blanks


def foreign(head: bytes) -> str:
    """Say what a file plainly is, and what to do; empty where it may be data."""
    for sign, what, hint in _SIGNS:
        if head.startswith(sign):
            return f"{what}: {hint}"
    if head[:512].lstrip(_BEFORE).lower().startswith(_PAGES):
        return "a web page, perhaps of an error: have the file itself sent"
    return ""
