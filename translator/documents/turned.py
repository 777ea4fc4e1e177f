"""What a mapping gave, turned into Amazon's types in one quick pass, where there is nothing to say about it.

Objects of one kind mostly have the same names in the same order: for each such row of names a function is generated,
which takes the values and gives the object. A row of names more than `PLANS` is looked at closely.

Promise: what `turned` gives is what `types.coerce` would give, without a finding. Where it gives None, `coerce` looks
closely. What somebody else turns is left as it was said.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from decimal import Decimal
from functools import cache
from typing import Any, Final, NoReturn

from translator.core.document import Tree
from translator.documents.kind import kinds
from translator.documents.model import Node, shape
from translator.documents.values import CONVERTED, DIGITS, usual_moment

PLANS: Final = 256  # rows of names of one object: nobody's documents may fill the memory
KEPT: Final = 16_384  # values of one type that are remembered, since they repeat in a file
LONG: Final = 64  # characters: longer ones are not
_BEYOND: Final = 10**DIGITS
_ODD: Final = (ValueError, OverflowError, TypeError, AttributeError)  # also of what is no object where one should stand


class _Odd(ValueError):
    """There is something to say."""


class Kept(dict[str, Any]):
    """What texts mean by one type: they repeat, and are slow to turn. Raises ValueError where one means nothing."""

    __slots__ = ("_convert",)

    def __init__(self, convert: Callable[[object], Any]) -> None:
        super().__init__()
        self._convert = convert

    def __missing__(self, text: str) -> Any:
        found = self._convert(text)
        if len(text) > LONG:
            return found
        if len(self) >= KEPT:
            self.clear()
        self[text] = found
        return found


class _Plans(dict[tuple[str, ...], Callable[..., Tree]]):
    """The functions that turn objects of one place, by the names that stand in them."""

    __slots__ = ("_inside", "_turns")

    def __init__(self, inside: Mapping[str, Node], left: str) -> None:
        super().__init__()
        self._inside = inside
        self._turns = {name: _inner(node, left) for name, node in inside.items()}

    def __missing__(self, names: tuple[str, ...]) -> Callable[..., Tree]:
        if not names or len(self) >= PLANS or not self._inside.keys() >= set(names):
            raise _Odd
        self[names] = plan = _plan(names, self._inside, self._turns)
        return plan


def turned(kind: str, tree: Tree, *, left: str = "") -> Tree | None:
    """Turn a tree, or give None where it has to be looked at closely. `left`: the path of what is not looked at."""
    try:
        return _plans(kind, left)[(*tree,)](*tree.values())
    except _ODD:
        return None


@cache
def _plans(kind: str, left: str) -> _Plans:
    return _Plans({} if kinds()[kind].open else shape(kind).inside, left)


def _inner(node: Node, left: str) -> object:
    """Give what the code of a field asks: the plans of what is inside, its words, what its texts mean; None: it is left."""
    known = node.known
    if known.path == left:
        return None
    if known.type in ("object", "list"):
        return _Plans(node.inside, left)
    return frozenset(known.one_of) if known.one_of else Kept(CONVERTED[known.type])


def _plan(names: tuple[str, ...], inside: Mapping[str, Node], turns: Mapping[str, object]) -> Callable[..., Tree]:
    """Write the function for objects of these names, and bring it to life."""
    taken = [f"v{number}" for number in range(len(names))]
    lines = [f"def plan({', '.join(taken)}):"]
    for own, name in zip(taken, names, strict=True):
        lines.append(f"    {_code(inside[name], own) if turns[name] is not None else 'pass'}  # {name}")
    lines.append(f"    return {{{', '.join(f'{name!r}: {own}' for own, name in zip(taken, names, strict=True))}}}")
    known: dict[str, Any] = {f"t_{own}": turns[name] for own, name in zip(taken, names, strict=True)}
    known |= {"Odd": _Odd, "Decimal": Decimal, "closely": _closely, "odd": _odd, "usual": usual_moment}
    exec(compile("\n".join(lines), "turned", "exec"), known)  # noqa: S102
    plan: Callable[..., Tree] = known["plan"]
    return plan


def _code(node: Node, own: str) -> str:
    """Write what turns one value, in place."""
    known = node.known
    if known.type == "object":
        return f"{own} = t_{own}[(*{own},)](*{own}.values())"
    if known.type == "list":
        return f"{own} = [t_{own}[(*one,)](*one.values()) for one in {own}] if type({own}) is list and {own} else odd()"
    if known.one_of:  # whatever its case is left to a closer look
        return f"if type({own}) is not str or {own} not in t_{own}: raise Odd"
    if known.type == "text":
        return f"if type({own}) is not str or not {own}.isascii() or not {own} or {own}.isspace(): raise Odd"
    if known.type == "integer":
        near = f"type({own}) is int and {-_BEYOND} < {own} < {_BEYOND}"
        return f"if not ({near}): {own} = t_{own}[{own}] if type({own}) is str else closely({own}, t_{own})"
    if known.type == "boolean":
        return f"if {own} is not True and {own} is not False: {own} = closely({own}, t_{own})"
    if known.type == "datetime":  # hardly one repeats
        return f"if type({own}) is not str or not usual({own}): {own} = closely({own}, t_{own})"
    texts = f"type({own}) is str or type({own}) is Decimal"  # 1.0 and 1.00 are equal, and not the same
    return f"{own} = t_{own}[str({own})] if {texts} else odd()"


def _closely(value: Any, kept: Kept) -> Any:
    if type(value) is str or type(value) is Decimal:
        return kept[str(value)]
    raise _Odd


def _odd() -> NoReturn:
    raise _Odd
