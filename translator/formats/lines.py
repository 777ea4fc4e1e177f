"""Bytes in pieces of any size become characters, then lines: split at the declared line end only.

A byte that is no character of the charset is kept as half a surrogate, so that the record it stands in can be named
(`charsets.bad_characters`) and its neighbours go on. What fills up the end of a file is taken off where the mapping says so.
"""

from __future__ import annotations

import io
from collections.abc import Iterable, Iterator
from itertools import chain
from typing import Final, TypeAlias

from translator.core.finding import Findings
from translator.formats.charsets import Doubt, charset_name, decoded, dirty
from translator.formats.format import Option
from translator.formats.limits import bounded, long_record
from translator.formats.repair import repaired
from translator.mapping.layout import MappingFile

NEWLINES: Final = {"lf": "\n", "crlf": "\r\n", "cr": "\r", "nel": "\x85", "any": "\n"}  # as written
FILLERS: Final = {"ctrl-z": "\x1a", "any": "\x1a\0\f", "none": ""}  # behind the last line
_BREAKS: Final = "\v\f\x1c\x1d\x1e"  # of ASCII: line ends for `str.splitlines`, and for nobody else
CHARSET: Final = Option("charset", "the code page, by Python's name", "utf-8")
NEWLINE: Final = Option(
    "newline",
    "the line end: as written, and what is one when read; `any`: LF, CRLF or CR; `nel`: that of EBCDIC (0x15)",
    "any",
    tuple(NEWLINES),
)
BLANK_LINES: Final = Option("blank_lines", "what an empty line means", "skip", ("skip", "error"))
COMMENT: Final = Option("comment", "what a line begins with that is no record: `#`")
END: Final = Option(
    "end",
    "what may fill up the end of the file: Ctrl-Z; `any`: that, NUL and form feeds",
    "ctrl-z",
    tuple(FILLERS),
)
# Lines with their ends: one by one; or unparted, in ASCII, where a line feed ends each and nothing else could.
Whole: TypeAlias = "str | list[str]"


class Lines:
    """The lines of a text, each with its line end. `dirty`: some line so far holds a character that none should."""

    __slots__ = ("_charset", "_chunks", "_file", "_filler", "_findings", "_mapping", "_newline", "dirty")

    def __init__(self, chunks: Iterable[bytes], mapping: MappingFile, findings: Findings, file: str) -> None:
        self._chunks = chunks
        self._charset = charset_name(mapping.options.get("charset", "utf-8"), mapping.rule)
        self._newline = mapping.options.get("newline", "any")
        self._filler = FILLERS[mapping.options.get("end", "ctrl-z")]
        self._mapping = mapping
        self._findings = findings
        self._file = file
        self.dirty = False

    def __iter__(self) -> Iterator[str]:
        return chain.from_iterable(self.pieces())

    def pieces(self) -> Iterator[list[str]]:
        """Give the lines as they come, those of each piece of the file together."""
        return map(parted, self.wholes())

    def wholes(self) -> Iterator[Whole]:
        """Give the same, and leave lines of which nothing is to be said unparted."""
        doubt = Doubt(self._charset)
        held: list[str] = []  # lines of nothing but filler: the end of the file, if no other follows
        for text, lines in self._cut():
            if held or not text.isascii() or any(map(text.__contains__, self._filler)):
                lines = list(self._heard(parted(lines), doubt, held))
            yield lines
        if finding := doubt.told(self._file):
            self._findings.add(finding)

    def _heard(self, lines: Iterable[str], doubt: Doubt, held: list[str]) -> Iterator[str]:
        filler = self._filler
        for line in lines:
            if not line.isascii():
                doubt.hear(line)
            if line[0] in filler and not line.strip(f"{filler}\r\n\x85"):
                held.append(line)
                continue
            if held:
                yield from held
                held.clear()
            yield line

    def _cut(self) -> Iterator[tuple[str, Whole]]:
        rest, number, most = "", 0, self._mapping.limits.record
        for text in self._texts():
            self.dirty = self.dirty or dirty(text)
            whole = rest + text
            lines, rest = _split(whole, self._newline)
            fit = lines if len(whole) <= most else lines[: _fitting(lines, most)]
            yield whole, fit
            number += fit.count("\n") if isinstance(fit, str) else len(fit)
            if len(fit) < len(lines) or len(rest) > most:  # the same, however the file comes in pieces
                raise long_record(self._file, number + 1, most)
        if rest := rest.rstrip(self._filler):
            yield rest, [rest]

    def _texts(self) -> Iterator[str]:
        return texts(self._chunks, self._mapping, self._findings, self._file)


def texts(chunks: Iterable[bytes], mapping: MappingFile, findings: Findings, file: str) -> Iterator[str]:
    """Give a file as text in pieces: bounded, decoded, repaired."""
    charset = charset_name(mapping.options.get("charset", "utf-8"), mapping.rule)
    found = decoded(bounded(chunks, file, mapping.limits.file), charset, file)
    end = NEWLINES.get(mapping.options.get("newline", "any"), "\n")[-1]
    return repaired(found, mapping.repair, findings, file, end) if mapping.repair else found


def parted(lines: Whole) -> list[str]:
    """Give lines one by one."""
    return lines.splitlines(keepends=True) if isinstance(lines, str) else lines


def _fitting(lines: Whole, most: int) -> int:
    """Give where the first line begins that is longer; where none is, the end of them all."""
    if isinstance(lines, list):
        return next((at for at, line in enumerate(lines) if len(line) > most), len(lines))
    begin = 0
    while len(lines) - begin > most:
        end = lines.rfind("\n", begin, begin + most) + 1
        if not end:
            return begin
        begin = end
    return len(lines)


def _split(text: str, newline: str) -> tuple[Whole, str]:
    """Give the lines that have their end, and what is left."""
    if newline in {"crlf", "cr", "nel"}:
        end = NEWLINES[newline]
        *lines, rest = text.split(end)
        return [line + end for line in lines], rest
    plain = text.isascii() and not any(map(text.__contains__, _BREAKS))
    if plain and "\r" not in text:
        size = text.rfind("\n") + 1
        return text[:size], text[size:]
    if plain and newline != "lf":
        lines = text.splitlines(keepends=True)
    else:
        lines = list(io.StringIO(text, newline="\n" if newline == "lf" else ""))
    if lines and not lines[-1].endswith("\n"):
        return lines[:-1], lines[-1]  # also a CR at the end: an LF may follow in the next piece
    return lines, ""
