"""Fields that say one thing together: a number and its sign, a text and the fields it goes on in.

Written, the number's field holds the digits and the field beside it `-`, or what nothing looks like there. Read, the
number's field holds both.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, MutableMapping, Sequence
from dataclasses import replace
from typing import Any, Final

from translator.core.tree import nothing
from translator.mapping import convert
from translator.mapping.cells import Measure, measured
from translator.mapping.layout import Field
from translator.mapping.numbers import negated
from translator.mapping.wrong import Wrong

MINUS: Final = "-"
PLUS: Final = "+"


def number_of(one: Field, fields: Iterable[Field]) -> Field | None:
    """Give the number whose sign a field holds."""
    return next((other for other in fields if other.sign_of and other.sign_of == one.name), None)


def sign_field(one: Field, number: Field) -> Field:
    """Give a field that holds a sign as it is written: its value comes from where the number's comes."""
    source, equals, when = number.source, number.equals, one.when or number.when
    return replace(one, source=source, equals=equals, when=when, maybe=True, is_=(), text=None)


def sign(number: Field) -> Callable[[Any], str | None]:
    """Give the function from a value to its sign as the number's field rounds it: `-`, or None for any other."""

    def signed(value: Any) -> str | None:
        if nothing(value):
            return None
        try:
            return MINUS if convert.number_of(value, number) < 0 else None
        except Wrong:
            return None  # the number's own field tells it

    return signed


def with_sign(value: Any, sign: object) -> Any:
    """Give a number that was read with the sign that stands beside it. Raises Wrong."""
    if sign == MINUS:
        return negated(value)
    if sign in (None, PLUS):
        return value
    hint = "a lookup in the field of the sign gives - or +: {lookup: {D: '-', C: '+'}}"
    raise Wrong("number-sign", "{} is no sign", hint, value=sign)


def join_rests(
    entry: MutableMapping[str, Any], fields: Sequence[Field], spoken: Callable[[Field], str], charset: str
) -> None:
    """Join the texts that go on in later fields, the last ones first, each into the one it began in.

    `charset`: lengths are bytes in it; "" = characters.
    """
    names = {one.name: spoken(one) for one in fields}
    for one in reversed(fields):
        rest = entry.get(names[one.rest]) if one.rest else None
        if isinstance(rest, str):
            own = entry.get(names[one.name], "")
            entry[names[one.name]] = (
                rest if not own else joined(own, rest, one.len or one.max or 0, measured(one, charset))
            )


def joined(text: str, rest: str, width: int, measure: Measure = len) -> str:
    """Join a text and what went on: with a blank, unless it was broken where there was none."""
    return text + rest if measure(text + rest[:1]) > width and " " not in text else f"{text} {rest}"
