r"""Regular expressions that mappings may hold: of a bounded kind, so that no text makes them run for long.

Letters, `.`, classes, `\d \s \w \b`, groups, alternatives, look-around, `^` and `$` at line ends, repeats. A repeat without
an upper end is one of at most MOST. Refused: references to groups, and patterns where one place of a text could be tried
in too many ways: a repeat inside a repeat, or two repeats side by side that take the same letters.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import Final

from translator.core.finding import Finding, Misconfigured, Place

MOST: Final = 100  # of a repeat without an upper end
LENGTH: Final = 400  # of a pattern as written
WIDTH: Final = 2_000  # characters a match may look at
WAYS: Final = 1_000  # in which it may be tried at one place
HINT: Final = "say what a repeat must not run over: [^,]* instead of .*; or how often: {0,20}"
_PROBES: Final = "".join(map(chr, range(256))) + "Ł語\u2028\ufffd"
_ALL: Final = frozenset(_PROBES)
_TOKEN: Final = re.compile(
    r"(?P<open>\((?:\?(?:[:=!]|<[=!]))?)|(?P<close>\))|(?P<or>\|)|(?P<edge>[\^$]|\\[bB])"
    r"|(?P<atom>\[\^?\]?(?:\\.|[^\]\\])*\]|\\[dDsSwWntrfv]|\\x[0-9a-fA-F]{2}|\\u[0-9a-fA-F]{4}|\\\W|[^\\\[\](){}|*+?^$])",
    re.DOTALL,
)
_REPEAT: Final = re.compile(r"(?:(?P<sign>[*+?])|\{(?P<least>\d{1,4})(?P<to>,(?P<most>\d{1,4})?)?\})(?P<lazy>\??)")


@dataclass(frozen=True, slots=True)
class Pattern:
    """A compiled pattern; `width`: how many characters at most it looks at, before (`behind`) and after its beginning."""

    found: re.Pattern[str]
    width: int
    behind: int


@dataclass(frozen=True, slots=True)
class _Part:
    """A piece of a pattern as it is compiled: its text, how far it reaches, in how many ways it may be tried."""

    text: str = ""
    width: int = 0
    behind: int = 0
    ways: int = 1  # that are open: a letter that none of the repeats before could take closes them
    letters: frozenset[str] = frozenset()  # that the open repeats take
    first: frozenset[str] = frozenset()  # letters it may begin with
    empty: bool = True  # may take nothing


class _Refused(Exception):
    """Why a pattern is not taken."""


def pattern(text: str, rule: Place | None = None) -> Pattern:
    """Compile a pattern. Raises Misconfigured where it is none, or is not of the bounded kind."""
    try:
        if len(text) > LENGTH:
            raise _Refused(f"longer than {LENGTH} characters")
        reading = _Reading(text)
        part = reading.alternatives()
        if reading.at < len(text):
            raise _Refused(f"')' at {reading.at + 1} closes nothing")
        found = re.compile(part.text, re.MULTILINE)
    except (_Refused, re.error) as error:
        finding = Finding("pattern", f"the pattern '{text[:60]}' is not taken: {error}", rule=rule, hint=HINT)
        raise Misconfigured([finding]) from None
    return Pattern(found, part.width + 1, part.behind + 1)


class _Reading:
    """Reads a pattern from left to right."""

    __slots__ = ("at", "deep", "text")

    def __init__(self, text: str) -> None:
        self.text = text
        self.at = 0
        self.deep = 0

    def alternatives(self) -> _Part:
        parts = [self._row()]
        while self._next("|"):
            parts.append(self._row())
        return parts[0] if len(parts) == 1 else _either(parts)

    def _row(self) -> _Part:
        row = _Part()
        while self.at < len(self.text) and self.text[self.at] not in "|)":
            row = _then(row, self._piece())
        return row

    def _next(self, letter: str) -> bool:
        there = self.text.startswith(letter, self.at)
        self.at += there
        return there

    def _piece(self) -> _Part:
        token = _TOKEN.match(self.text, self.at)
        if not token:
            raise _Refused(f"'{self.text[self.at : self.at + 2]}' at {self.at + 1}")
        self.at = token.end()
        if token["edge"]:
            return _Part(token[0], width=1, behind=1)
        if token["open"]:
            return self._group(token[0])
        atom = _plain(token[0])
        letters = _letters(atom)
        return self._repeated(_Part(atom, width=1, letters=letters, first=letters, empty=False), single=True)

    def _group(self, opened: str) -> _Part:
        self.deep += 1
        if self.deep > 10:  # deeper is no pattern a person wrote
            raise _Refused("too many groups inside each other")
        inner = self.alternatives()
        self.deep -= 1
        if not self._next(")"):
            raise _Refused("a group is not closed")
        text = f"{opened}{inner.text})"
        if opened in ("(?=", "(?!"):
            return replace(inner, text=text, empty=True)
        if opened in ("(?<=", "(?<!"):
            return replace(inner, text=text, width=0, behind=inner.behind + inner.width, empty=True)
        return self._repeated(replace(inner, text=text), single=False)

    def _repeated(self, one: _Part, *, single: bool) -> _Part:
        """Take what follows a piece as its repeat."""
        found = _REPEAT.match(self.text, self.at)
        if not found:
            return replace(one, letters=frozenset()) if single else one
        self.at = found.end()
        least, most = _bounds(found)
        if one.ways > 1 and most > 1:
            raise _Refused("a repeat inside a repeat")
        ways = one.ways + 1 if most == 1 else most - least + 1
        text = f"{one.text}{{{least},{most}}}{found['lazy']}"
        letters = one.letters if single else _ALL
        return _Part(text, one.width * most, one.behind, _few(ways), letters, one.first, least == 0 or one.empty)


def _either(parts: list[_Part]) -> _Part:
    """Join alternatives: where each begins with letters of its own, a text is tried in one way only."""
    firsts = frozenset[str]().union(*(part.first for part in parts))
    alone = sum(len(part.first) for part in parts) == len(firsts)
    clear = alone and not any(part.empty or part.ways > 1 for part in parts)
    return _Part(
        "|".join(part.text for part in parts),
        max(part.width for part in parts),
        max(part.behind for part in parts),
        1 if clear else _few(sum(part.ways for part in parts)),
        frozenset() if clear else _ALL,
        firsts,
        any(part.empty for part in parts),
    )


def _bounds(found: re.Match[str]) -> tuple[int, int]:
    sign = found["sign"]
    if sign:
        return (1 if sign == "+" else 0), (1 if sign == "?" else MOST)
    least = int(found["least"])
    most = int(found["most"] or max(MOST, least)) if found["to"] else least
    if most < least:
        raise _Refused(f"{found[0]} ends before it begins")
    return least, most


def _then(row: _Part, piece: _Part) -> _Part:
    """Put a piece behind others: a letter that is surely there, and that no open repeat takes, closes those."""
    closes = not piece.empty and not (row.letters & piece.first)
    width = row.width + piece.width
    if width > WIDTH:
        raise _Refused(f"a match could be longer than {WIDTH:,} characters")
    return _Part(
        row.text + piece.text,
        width,
        max(row.behind, piece.behind),
        _few(piece.ways if closes else row.ways * piece.ways),
        piece.letters if closes else row.letters | piece.letters,
        row.first | piece.first if row.empty else row.first,
        row.empty and piece.empty,
    )


def _few(ways: int) -> int:
    if ways > WAYS:
        raise _Refused("one place of a text could be tried in too many ways")
    return ways


def _plain(atom: str) -> str:
    """Write a class so that nothing in it can be taken for what a later Python may mean by it: `[[]`, `[&&]`."""
    inner = re.sub(r"\\.|[\[&~|]", lambda found: found[0] if len(found[0]) > 1 else f"\\{found[0]}", atom[1:-1])
    return f"[{inner}]" if atom[0] == "[" else atom


def _letters(atom: str) -> frozenset[str]:
    """Give the letters an atom takes, as far as they are tried; one that takes rare ones only counts as taking any."""
    return frozenset(re.findall(atom, _PROBES)) or _ALL
