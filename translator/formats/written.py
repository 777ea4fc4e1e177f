"""Lines of text become bytes: what the charset lacks is a finding for the cell it stands in, never a question mark."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import cache
from typing import Final

from translator.core.finding import Finding, Findings
from translator.formats.charsets import charset_name
from translator.mapping.letters import lacking
from translator.mapping.row import Row

LACKING: Final = (
    "`substitute: plain_letters` writes Ł as L, é as e where the charset lacks them; or choose another `charset`"
)
_PLAINLESS: Final = (
    "it has no plain letter: `substitute: {…: …}` says what stands for this one, or choose another `charset`;"
    " with neither the document stays held"
)

_LATIN: Final = bytes([*range(0x80), *range(0xA0, 0x100)])
_CONTROLS: Final = bytes(range(0x80, 0xA0))  # where code pages differ from Latin-1


def encoded(
    lines: Sequence[str], end: str, rows: Sequence[Row | None], charset: str, findings: Findings, rule: str = "strict"
) -> bytes:
    """End and encode all lines at once; only when that fails, look for the cells at fault in what the lines show.

    `rule`: `surrogateescape` where half surrogates stand for the bytes of a column in another charset.
    """
    text = end.join([*lines, ""])
    try:
        return encoder(charset)(text) if rule == "strict" else text.encode(charset, rule)
    except UnicodeEncodeError:
        name = charset_name(charset, None)
        for line, row in zip(lines, rows, strict=True):
            _explain(line, row, name, findings)
        return text.encode(name, "replace")


@cache
def encoder(charset: str) -> Callable[[str], bytes]:
    """Give the function that encodes: a code page with Latin-1's letters in their places by way of that, in half the time."""

    def exactly(text: str) -> bytes:
        return text.encode(charset)

    def by_latin(text: str) -> bytes:
        try:
            data = text.encode("latin-1")
        except UnicodeEncodeError:
            return text.encode(charset)
        return data if len(data.translate(None, _CONTROLS)) == len(data) else text.encode(charset)

    return by_latin if _LATIN.decode(charset, "replace") == _LATIN.decode("latin-1") else exactly


def _explain(line: str, row: Row | None, charset: str, findings: Findings) -> None:
    cells = zip(row.record.fields, row.cells, strict=False) if row else ()
    for field, cell in cells:
        letter = _lacking(str(cell), charset)
        if letter:
            text = f"'{letter}' (U+{ord(letter):04X}) is not in {charset}"
            place = row.place if row else None
            hint = LACKING if letter in lacking(charset) else _PLAINLESS
            findings.add(Finding("charset", f"{field.name}: {text}", place, field.rule, hint))
    if row is None and (letter := _lacking(line, charset)):
        findings.add(Finding("charset", f"'{letter}' (U+{ord(letter):04X}) is not in {charset}"))


def _lacking(text: str, charset: str) -> str:
    try:
        text.encode(charset)
    except UnicodeEncodeError as error:
        return text[error.start]
    return ""
