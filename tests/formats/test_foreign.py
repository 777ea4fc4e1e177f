"""What is plainly no data is told; what may be data is not."""

import gzip

import pytest

from translator.formats.foreign import foreign

BOM = b"\xef\xbb\xbf"


@pytest.mark.parametrize(
    "head, what",
    [
        (b"PK\x03\x04\x14\x00", "zip"),
        (gzip.compress(b"x", mtime=0), "gzip"),
        (b"%PDF-1.4", "PDF"),
        (BOM + b"\n  <!DOCTYPE HTML PUBLIC>", "web page"),
        (b"<HTML><body>", "web page"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "Excel"),
    ],
)
def test_what_is_plainly_no_data_is_told(head, what):
    assert what in foreign(head)


@pytest.mark.parametrize(
    "head",
    [
        b"",
        b"PK,QTY\n",
        b"ISA*00*",
        BOM + b'<?xml version="1.0"?><htmlorders/>',
        b"<ships>",
        b"GIF,1",
        b"{}",
        b"\x1f\x8b",
    ],
)
def test_what_may_be_data_is_read(head):
    assert foreign(head) == ""
