"""Text: cut, joined, cleaned. Everything that is one value counts as text; nothing is longer than it came, but by padding."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Final

from translator.core.tree import nothing
from translator.core.tree import redacted as stands_in
from translator.mapping.cells import broken
from translator.mapping.convert import plain
from translator.mapping.expression import forgiving
from translator.mapping.wrong import Wrong

WIDEST: Final = 10_000


def upper(value: Any) -> str:
    """In capital letters."""
    return plain(value).upper()


def lower(value: Any) -> str:
    """In small letters."""
    return plain(value).lower()


def strip(value: Any, characters: str = " ") -> str:
    """Without blanks (or the characters given) at both ends."""
    return plain(value).strip(characters)


def digits(value: Any) -> str:
    """Only the digits 0 to 9."""
    return "".join(letter for letter in plain(value) if letter in "0123456789")


def one_line(value: Any) -> str:
    """In one line: every run of blanks and line ends becomes one blank."""
    return " ".join(plain(value).split())


def replace(value: Any, old: str, new: str) -> str:
    """With one text in place of another."""
    text = plain(value)
    if not old or len(text) + text.count(old) * (len(new) - len(old)) > 1_000_000:
        raise Wrong("expression-bounds", "replace() makes too long a text, or replaces nothing")
    return text.replace(old, new)


def cut(value: Any, start: Any, length: Any = None) -> str:
    """A piece: from a position (the first is 1), so many characters."""
    text, first = plain(value), max(int(start) - 1, 0)
    return text[first:] if length is None else text[first : first + max(int(length), 0)]


def before(value: Any, mark: str) -> str:
    """What stands before a mark; all of it where the mark is missing."""
    return plain(value).partition(mark)[0] if mark else plain(value)


def after(value: Any, mark: str) -> str:
    """What stands after a mark; nothing where the mark is missing."""
    return plain(value).partition(mark)[2] if mark else ""


def pad(value: Any, width: Any, fill: str = " ", side: str = "right") -> str:
    """Filled to a width, on the right or the left; zeros go behind a sign."""
    text, width = plain(value), _width(width)
    if side == "left":
        return text.zfill(width) if fill == "0" else text.rjust(width, fill)
    return text.ljust(width, fill)


def wrap(value: Any, width: Any) -> list[str]:
    """In lines of a width, broken at blanks where possible."""
    width, lines = _width(width), []
    for paragraph in plain(value).splitlines():
        rest = " ".join(paragraph.split())
        while rest:
            line, rest = broken(rest, width)
            lines.append(line)
    return lines


def slices(value: Any, width: Any) -> list[str]:
    """In pieces of a width, wherever they break."""
    text, width = plain(value), _width(width)
    return [text[start : start + width] for start in range(0, len(text), width)]


def split(value: Any, mark: str) -> list[str]:
    """In the pieces between marks."""
    return plain(value).split(mark) if mark else [plain(value)]


def join(values: Any, mark: str = " ") -> str:
    """The entries of a list as one text; those that hold nothing are left out."""
    return mark.join(plain(value) for value in _list(values) if not nothing(value))


@forgiving
def default(value: Any, other: Any) -> Any:
    """Another value where there is none."""
    return other if nothing(value) else value


@forgiving
def redacted(value: Any, other: Any) -> Any:
    """Another value where Amazon sends x's, or nothing."""
    return other if stands_in(value) else value


def _list(values: Any) -> list[Any]:
    return list(values) if isinstance(values, (list, tuple)) else [values]


def _width(width: Any) -> int:
    if not 1 <= int(width) <= WIDEST:
        raise Wrong("expression-bounds", f"a width is from 1 to {WIDEST:,}")
    return int(width)


FUNCTIONS: Final[Mapping[str, Callable[..., Any]]] = {
    "upper": upper, "lower": lower, "strip": strip, "digits": digits, "one_line": one_line, "replace": replace,
    "cut": cut, "before": before, "after": after, "pad": pad, "wrap": wrap, "slices": slices, "split": split,
    "join": join, "default": default, "redacted": redacted,
}  # fmt: skip

EXAMPLES: Final = (
    ("'abc' | upper", "ABC"),
    ("'ABC' | lower", "abc"),
    ("'  a b ' | strip", "a b"),
    ("'+1 (206) 555-0100' | digits", "12065550100"),
    ("'two\\nlines' | one_line", "two lines"),
    ("'A-1' | replace('-', '')", "A1"),
    ("'ABCDEF' | cut(2, 3)", "BCD"),
    ("'12-B' | before('-')", "12"),
    ("'12-B' | after('-')", "B"),
    ("7 | pad(4, '0', 'left')", "0007"),
    ("-7 | pad(4, '0', 'left')", "-007"),
    ("'ab' | pad(4, '.')", "ab.."),
    ("'one two three' | wrap(8)", ["one two", "three"]),
    ("'abcde' | slices(2)", ["ab", "cd", "e"]),
    ("'a;b' | split(';')", ["a", "b"]),
    ("['a', '', 'b'] | join(', ')", "a, b"),
    ("'' | default('none')", "none"),
    ("'xxxxx' | redacted('AMAZON CUSTOMER')", "AMAZON CUSTOMER"),
)
