"""What an expression may cost, without a clock: steps, sizes of values, arithmetic on numbers only.

Each evaluation has a budget; loops, operators and functions charge it by what they touch, so the same text stops at
the same step on every machine. Arithmetic takes texts that are numbers as numbers, and gives ints and Decimals.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sized
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from decimal import Context, Decimal
from typing import Any, Final

from translator.mapping import numbers
from translator.mapping.numbers import EXACT
from translator.mapping.wrong import Wrong

CODE: Final = "expression-bounds"
STEPS: Final = 200_000
TEXT: Final = 1_000_000  # characters of one value
OUTPUT: Final = 5_000_000  # characters of one file by template
LIST: Final = 100_000
RANGE: Final = 10_000
BITS: Final = 1024
PER_STEP: Final = 64  # characters or entries touched for one step
_QUOTIENT: Final = Context(prec=50)


@dataclass(slots=True)
class Budget:
    """The steps that are left."""

    left: int = STEPS

    def spend(self, steps: int) -> None:
        """Take steps away. Raises Wrong when none are left."""
        self.left -= steps
        if self.left < 0:
            raise Wrong(CODE, "takes too many steps", "fewer or smaller loops")


_budget: ContextVar[Budget] = ContextVar("budget")


@contextmanager
def budget(steps: int = STEPS) -> Iterator[Budget]:
    """Evaluate within so many steps."""
    found = Budget(steps)
    token = _budget.set(found)
    try:
        yield found
    finally:
        _budget.reset(token)


def spend(steps: int) -> None:
    """Charge the evaluation that is going on."""
    _budget.get().spend(steps)


def bounded(value: Any) -> Any:
    """Charge for a value by its size, and refuse one that is too large."""
    if isinstance(value, (str, bytes)):
        _sized(len(value), TEXT)
    elif isinstance(value, (list, tuple, dict)):
        _sized(len(value), LIST)
    elif isinstance(value, int):
        _short(value.bit_length())
    else:
        spend(1)
    return value


def _sized(size: int, most: int) -> None:
    if size > most:
        raise Wrong(CODE, f"a value of {size:,} characters or entries; {most:,} are allowed")
    spend(1 + size // PER_STEP)


def _short(bits: int) -> None:
    if bits > BITS:
        raise Wrong(CODE, "a number is too large")
    spend(1)


def turns(values: Any, weight: int) -> Any:
    """Charge a loop for all its turns before the first one."""
    found = values if isinstance(values, (list, tuple, range)) else list(_iterable(values))
    spend(1 + len(found) * weight)
    return found


def _iterable(values: Any) -> Any:
    if isinstance(values, Mapping) or (isinstance(values, Sized) and hasattr(values, "__iter__")):
        return values
    raise Wrong("expression-type", "a list is wanted here")


def numbered(*bounds: Any) -> range:
    """Count: `range(3)`, `range(1, 3)`, up to 10,000 turns."""
    found = range(*(numbers.whole(numbers.number(bound)) for bound in bounds))
    if len(found) > RANGE:
        raise Wrong(CODE, f"range() of more than {RANGE:,} turns")
    return found


def joined(values: list[Any], join: Callable[[Any], Any]) -> Any:
    """Join the parts of `a ~ b`, within the size of a value."""
    size = sum(len(value) if isinstance(value, str) else 40 for value in values)
    _sized(size, TEXT)
    return join(values)


def arithmetic(operator: str, left: Any, right: Any) -> Any:
    """Work out an operator on two numbers (or texts that are numbers). `'-' * 20` repeats a text."""
    spend(1)
    if operator == "*" and isinstance(left, str) and isinstance(right, int) and not _numeric(left):
        _sized(len(left) * max(right, 0), TEXT)
        return left * right
    one, other = _number(operator, left), _number(operator, right)
    if isinstance(one, int) and isinstance(other, int) and operator not in ("/", "**"):
        _short(one.bit_length() + other.bit_length())
        return _whole(operator, one, other)
    return bounded(_precise(operator, one, other))


def _whole(operator: str, one: int, other: int) -> int:
    if operator in ("//", "%"):
        return one // other if operator == "//" else one % other
    return one + other if operator == "+" else one - other if operator == "-" else one * other


def _precise(operator: str, one: int | Decimal, other: int | Decimal) -> Any:
    if operator == "**":
        return _power(one, other)
    if operator in ("//", "%"):
        return _floored(operator, Decimal(one), Decimal(other))
    work = {"+": EXACT.add, "-": EXACT.subtract, "*": EXACT.multiply, "/": _QUOTIENT.divide}
    return work[operator](Decimal(one), Decimal(other))


def _floored(operator: str, one: Decimal, other: Decimal) -> Decimal:
    """Divide down, as whole numbers are divided: Decimals would go towards 0."""
    found, rest = EXACT.divmod(one, other)
    if rest and (rest < 0) != (other < 0):
        found, rest = EXACT.subtract(found, Decimal(1)), EXACT.add(rest, other)
    return found if operator == "//" else rest


def _power(one: int | Decimal, other: int | Decimal) -> Any:
    if not isinstance(other, int) or not 0 <= other <= 64:
        raise Wrong(CODE, "the exponent of ** is a whole number from 0 to 64")
    if isinstance(one, int):
        _short(one.bit_length() * other)
        return one**other
    return EXACT.power(one, other)


def _number(operator: str, value: Any) -> int | Decimal:
    if isinstance(value, int) and not isinstance(value, bool):
        return value
    try:
        return numbers.number(value)
    except Wrong:
        hint = "~ joins texts" if operator == "+" else ""
        raise Wrong("expression-type", f"'{operator}' wants numbers", hint) from None


def _numeric(text: str) -> bool:
    try:
        numbers.number_of(text)
    except Wrong:
        return False
    return True
