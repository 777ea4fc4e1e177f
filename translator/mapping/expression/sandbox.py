"""The Jinja sandbox itself: no Python attribute is ever looked up, and everything that works charges a budget."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from decimal import Decimal
from typing import Any, Final

from jinja2 import Environment as Jinja
from jinja2 import StrictUndefined, Undefined, nodes, pass_context
from jinja2.runtime import Context, LoopContext, str_join
from jinja2.sandbox import ImmutableSandboxedEnvironment

from translator.core.tree import nothing
from translator.mapping import bounds
from translator.mapping.bounds import bounded
from translator.mapping.convert import plain
from translator.mapping.expression import grammar
from translator.mapping.expression.values import ABSENT, TURN, Loop, member
from translator.mapping.wrong import Wrong

TESTS: Final[Mapping[str, Callable[[Any], bool]]] = {
    "absent": lambda value: isinstance(value, Undefined) or nothing(value),
    "present": lambda value: not (isinstance(value, Undefined) or nothing(value)),
}
ILLEGAL_IN_XML: Final = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
_SPECIAL: Final = re.compile("[&<>\"']")
_ESCAPES: Final = str.maketrans({"&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&#34;", "'": "&#39;"})


def sandbox(functions: Mapping[str, Callable[..., Any]], *, xml: bool) -> Jinja:
    """Make a sandbox; in XML what is written is escaped as it is printed, and must be what XML can hold."""
    made = Sandbox(undefined=Absence, autoescape=False, finalize=_printed_xml if xml else _printed, optimized=False,
                   cache_size=0, trim_blocks=True, lstrip_blocks=True, keep_trailing_newline=True)  # fmt: skip
    offered = {name: _offered(function) for name, function in functions.items()}
    made.globals = {**offered, "range": bounds.numbered}
    made.filters = {**offered, grammar.TURNS: bounds.turns, grammar.JOINED: _joined, grammar.DECIMAL: Decimal}
    made.tests = dict(TESTS)
    return made


class Absence(StrictUndefined):
    """Undefined, with a sentence that holds names of the mapping only, never data."""

    @property
    def _undefined_message(self) -> str:
        return f"there is no '{self._undefined_name}' here"


class Sandbox(ImmutableSandboxedEnvironment):
    intercepted_binops = frozenset(["+", "-", "*", "/", "//", "%", "**"])
    intercepted_unops = frozenset(["+", "-"])

    def getattr(self, obj: Any, attribute: str) -> Any:
        if type(obj) is dict and attribute in obj:  # nearly always
            return obj[attribute]
        if isinstance(obj, (list, tuple)):
            bounds.spend(1 + len(obj))
        found = _turn(obj, attribute) if isinstance(obj, (LoopContext, Loop)) else member(obj, attribute)
        return self.undefined(obj=obj, name=attribute) if found is ABSENT else found

    def getitem(self, obj: Any, argument: Any) -> Any:
        if isinstance(argument, str):
            found = member(obj, argument)
            return self.undefined(obj=obj, name="[…]") if found is ABSENT else found
        try:
            return bounded(obj[argument])
        except (LookupError, TypeError):
            return self.undefined(obj=obj, name="[…]")

    def call_binop(self, context: Context, operator: str, left: Any, right: Any) -> Any:
        return bounds.arithmetic(operator, left, right)

    def call_unop(self, context: Context, operator: str, arg: Any) -> Any:
        return bounds.arithmetic(operator, 0, arg)

    def is_safe_attribute(self, obj: Any, attr: str, value: Any) -> bool:
        return False

    def _generate(self, source: nodes.Template, *args: Any, **words: Any) -> str:
        grammar.check(source)
        grammar.rewrite(source, self)
        return super()._generate(source, *args, **words)


def _turn(loop: LoopContext | Loop, name: str) -> Any:
    return getattr(loop, name) if name in TURN else ABSENT


@pass_context
def _printed(context: Context, value: Any) -> str:
    """Give what `{{ }}` writes: text as it is, numbers in full; never None or an object."""
    if isinstance(value, str):
        return value
    return str(value) if isinstance(value, Undefined) else plain(value)  # str raises: undefined is strict


@pass_context
def _printed_xml(context: Context, value: Any) -> str:
    """Give what `{{ }}` writes into XML, escaped: whatever comes from data or a function is text, never markup."""
    text = value if type(value) is str else _printed(context, value)
    if text.isprintable():
        return text.translate(_ESCAPES) if _SPECIAL.search(text) else text
    if ILLEGAL_IN_XML.search(text):
        raise Wrong("xml-character", "a control character that XML cannot hold")
    return text.translate(_ESCAPES)


def _joined(values: list[Any]) -> Any:
    texts = [value if isinstance(value, (str, Undefined)) else plain(value) for value in values]
    return bounds.joined(texts, str_join)


def _offered(function: Callable[..., Any]) -> Callable[..., Any]:
    """Let a function charge the budget, and be handed what it asks for."""
    asks: tuple[str, ...] = getattr(function, "asks", ())
    takes = getattr(function, "forgiving", False)

    @pass_context
    def call(context: Context, *args: Any, **words: Any) -> Any:
        given = [_argument(arg, forgiving=takes) for arg in args]
        asked = {name: context.get(name) for name in asks}
        return bounded(function(*given, **words, **asked))

    return call


def _argument(value: Any, *, forgiving: bool) -> Any:
    if isinstance(value, Undefined) or value is ABSENT:
        return None if forgiving else str(value) if isinstance(value, Undefined) else str(Absence(name="value"))
    return bounded(value)
