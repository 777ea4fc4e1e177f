"""The papers that travel with a parcel, as Amazon would draw them: labels in PNG and ZPL, slips and invoices in PDF.

Promises: each is a whole, valid file of its format, small, the same for the same words, and names nothing but what it was given.
Pure.
"""

import base64
import struct
import zlib
from hashlib import sha256
from typing import Literal

LabelFormat = Literal["PNG", "ZPL"]
WIDTH, HEIGHT = 64, 32


def label(words: str, form: LabelFormat) -> bytes:
    return zpl(words) if form == "ZPL" else png(words)


def png(words: str) -> bytes:
    """A picture in black and white whose bars follow from the words; they also stand in it as a comment."""
    bars = sha256(words.encode()).digest()[: WIDTH // 8]
    head = struct.pack(">IIBBBBB", WIDTH, HEIGHT, 1, 0, 0, 0, 0)
    rows = (b"\0" + bars) * HEIGHT
    said = b"Comment\0" + words.encode("latin-1", "replace")
    parts = ((b"IHDR", head), (b"tEXt", said), (b"IDAT", zlib.compress(rows)), (b"IEND", b""))
    return b"\x89PNG\r\n\x1a\n" + b"".join(_chunk(*part) for part in parts)


def zpl(words: str) -> bytes:
    plain = "".join(letter for letter in words if letter not in "^~")
    return f"^XA\n^FO50,50^A0N,40,40^FD{plain}^FS\n^FO50,120^BCN,100,Y,N,N^FD{plain}^FS\n^XZ\n".encode()


def pdf(words: str) -> bytes:
    """One page with one line of text."""
    shown = "".join(f"\\{letter}" if letter in "()\\" else letter for letter in words)
    drawn = f"BT /F1 12 Tf 20 60 Td ({shown}) Tj ET".encode("latin-1", "replace")
    objects = (
        b"<</Type/Catalog/Pages 2 0 R>>",
        b"<</Type/Pages/Kids[3 0 R]/Count 1>>",
        b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 288 120]/Contents 4 0 R/Resources<</Font<</F1 5 0 R>>>>>>",
        b"<</Length %d>>stream\n%s\nendstream" % (len(drawn), drawn),
        b"<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>",
    )
    return _numbered(objects)


def base64_of(content: bytes) -> str:
    return base64.b64encode(content).decode()


def _chunk(name: bytes, content: bytes) -> bytes:
    return struct.pack(">I", len(content)) + name + content + struct.pack(">I", zlib.crc32(name + content))


def _numbered(objects: tuple[bytes, ...]) -> bytes:
    """The objects one behind another, and the table that says where each begins."""
    content, places = b"%PDF-1.4\n", []
    for number, inner in enumerate(objects, start=1):
        places.append(len(content))
        content += b"%d 0 obj%s endobj\n" % (number, inner)
    table = b"".join(b"%010d 00000 n \n" % place for place in places)
    size = len(objects) + 1
    head = b"xref\n0 %d\n0000000000 65535 f \n" % size
    tail = b"trailer<</Size %d/Root 1 0 R>>\nstartxref\n%d\n%%%%EOF\n" % (size, len(content))
    return content + head + table + tail
