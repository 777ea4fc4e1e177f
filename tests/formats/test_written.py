"""Encoding by way of Latin-1 is no other way: byte for byte what the charset gives, and the same refusals."""

from __future__ import annotations

import contextlib

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from translator.formats.written import encoder


@pytest.mark.parametrize(
    "charset", ["cp1252", "iso8859-1", "iso8859-15", "cp850", "ascii", "utf-8", "utf-16", "mac-roman"]
)
@given(text=st.text(st.characters(max_codepoint=0x2122, exclude_categories=["Cs"]), max_size=12))
@example("Müller €")
@example("\x85\x80")
@example("\xa4½")
def test_a_text_becomes_the_bytes_of_its_charset(charset, text):
    wanted = None
    with contextlib.suppress(UnicodeEncodeError):
        wanted = text.encode(charset)
    if wanted is None:
        with pytest.raises(UnicodeEncodeError):
            encoder(charset)(text)
    else:
        assert encoder(charset)(text) == wanted
