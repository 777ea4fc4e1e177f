"""Text: cut, joined, cleaned. Everything that is one value counts as text; nothing is longer than it came, but by padding."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Final

from translator.core.tree import nothing
from translator.core.tree import redacted as stands_in
from translator.mapping import letters
from translator.mapping.cells import broken
from translator.mapping.convert import plain
from translator.mapping.expression import forgiving
from translator.mapping.pattern import Pattern
from translator.mapping.wrong import Wrong

WIDEST: Final = 10_000
SEARCHED: Final = 10_000  # characters that a pattern is looked for in


def upper(value: str) -> str:
    """In capital letters."""
    return value.upper()


def lower(value: str) -> str:
    """In small letters."""
    return value.lower()


def title(value: str) -> str:
    """With a capital letter at the beginning of each word, and small ones after it."""
    return " ".join(
        "-".join(part[:1].upper() + part[1:].lower() for part in word.split("-")) for word in value.split(" ")
    )


def strip(value: str, characters: str = " ") -> str:
    """Without blanks (or the characters given) at both ends."""
    return value.strip(characters)


def digits(value: str) -> str:
    """Only the digits 0 to 9."""
    return "".join(letter for letter in value if letter in "0123456789")


def one_line(value: str) -> str:
    """In one line: every run of blanks and line ends becomes one blank."""
    return " ".join(value.split())


def plain_letters(value: str) -> str:
    """In plain letters: é is e, ß is ss, ø is o; what has none (another script) stays."""
    return letters.plain(value)


def replace(value: str, old: str, new: str) -> str:
    """With one text in place of another."""
    if not old or len(value) + value.count(old) * (len(new) - len(old)) > 1_000_000:
        raise Wrong("expression-bounds", "replace() makes too long a text, or replaces nothing")
    return value.replace(old, new)


def matches(value: str, pattern: Pattern) -> bool:
    """Whether all of it is as a regular expression says."""
    return pattern.found.fullmatch(_searched(value)) is not None


def extract(value: str, pattern: Pattern) -> str:
    """The first piece as a regular expression says: its group, where it has one; nothing where there is none."""
    found = pattern.found.search(_searched(value))
    return (found[1] if found.re.groups else found[0]) or "" if found else ""


def replace_all(value: str, pattern: Pattern, new: str) -> str:
    """With a text in place of every piece as a regular expression says."""
    if len(new) > 100:
        raise Wrong("expression-bounds", "replace_all() puts up to 100 characters in place of a piece")
    return pattern.found.sub(lambda _: new, _searched(value))


def left(value: str, length: int) -> str:
    """The first characters."""
    return value[: max(length, 0)]


def right(value: str, length: int) -> str:
    """The last characters."""
    return value[-length:] if length > 0 else ""


def cut(value: str, start: int, length: int | None = None) -> str:
    """A piece: from a position (the first is 1), so many characters."""
    first = max(start - 1, 0)
    return value[first:] if length is None else value[first : first + max(length, 0)]


def truncate(value: str, width: int) -> str:
    """Cut to a width, where it is longer."""
    return value[: _width(width)]


def before(value: str, mark: str) -> str:
    """What stands before a mark; all of it where the mark is missing."""
    return value.partition(mark)[0] if mark else value


def after(value: str, mark: str) -> str:
    """What stands after a mark; nothing where the mark is missing."""
    return value.partition(mark)[2] if mark else ""


def pad(value: str, width: int, fill: str = " ", side: str = "right") -> str:
    """Filled to a width, on the right or the left; zeros go behind a sign."""
    width = _width(width)
    if side == "left":
        return value.zfill(width) if fill == "0" else value.rjust(width, fill)
    return value.ljust(width, fill)


def wrap(value: str, width: int) -> list[str]:
    """In lines of a width, broken at blanks where possible."""
    width, lines = _width(width), []
    for paragraph in value.splitlines():
        rest = " ".join(paragraph.split())
        while rest:
            line, rest = broken(rest, width)
            lines.append(line)
    return lines


def slices(value: str, width: int) -> list[str]:
    """In pieces of a width, wherever they break."""
    width = _width(width)
    return [value[start : start + width] for start in range(0, len(value), width)]


def split(value: str, mark: str) -> list[str]:
    """In the pieces between marks."""
    return value.split(mark) if mark else [value]


def join(values: list[Any], mark: str = " ") -> str:
    """The entries of a list as one text; those that hold nothing are left out."""
    return mark.join(plain(value) for value in values if not nothing(value))


@forgiving
def default(value: Any, other: Any) -> Any:
    """Another value where there is none."""
    return other if nothing(value) else value


@forgiving
def redacted(value: Any, other: Any) -> Any:
    """Another value where Amazon sends x's, or nothing."""
    return other if stands_in(value) else value


@forgiving
def required(value: Any) -> Any:
    """The value; nothing is an error."""
    if nothing(value):
        raise Wrong("value-required", "nothing stands here")
    return value


def _width(width: int) -> int:
    if not 1 <= width <= WIDEST:
        raise Wrong("expression-bounds", f"a width is from 1 to {WIDEST:,}")
    return width


def _searched(value: str) -> str:
    if len(value) > SEARCHED:
        raise Wrong("expression-bounds", f"a pattern is looked for in up to {SEARCHED:,} characters")
    return value


FUNCTIONS: Final[Mapping[str, Callable[..., Any]]] = {
    "upper": upper, "lower": lower, "title": title, "strip": strip, "digits": digits, "one_line": one_line,
    "plain_letters": plain_letters, "replace": replace, "matches": matches, "extract": extract, "replace_all": replace_all,
    "left": left, "right": right, "cut": cut, "truncate": truncate, "before": before, "after": after, "pad": pad,
    "wrap": wrap, "slices": slices, "split": split, "join": join, "default": default, "redacted": redacted,
    "required": required,
}  # fmt: skip

EXAMPLES: Final = (
    ("'abc' | upper", "ABC"),
    ("'ABC' | lower", "abc"),
    ("'JEAN-LUC o\\'neil' | title", "Jean-Luc O'neil"),
    ("'  a b ' | strip", "a b"),
    ("'+1 (206) 555-0100' | digits", "12065550100"),
    ("'two\\nlines' | one_line", "two lines"),
    ("'Zoë Strauß' | plain_letters", "Zoe Strauss"),
    ("'A-1' | replace('-', '')", "A1"),
    ("'AB123' | matches('[A-Z]{2}[0-9]+')", True),
    ("'AB123X' | matches('[A-Z]{2}[0-9]+')", False),
    ("'Ref 4711/B' | extract('[0-9]+')", "4711"),
    ("'lot:A7, exp:2027' | extract('lot:([A-Z0-9]+)')", "A7"),
    ("'1.2-3' | replace_all('[.-]', '/')", "1/2/3"),
    ("'ABCDEF' | left(2)", "AB"),
    ("'ABCDEF' | right(2)", "EF"),
    ("'ABCDEF' | cut(2, 3)", "BCD"),
    ("'ABCDEF' | truncate(4)", "ABCD"),
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
    ("'x' | required", "x"),
)
