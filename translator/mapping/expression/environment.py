"""Expressions, file names and templates: one bounded sandbox for all three.

Mapping keys win over methods; a dot on a list gives that member of every entry, flattened. Only declared functions
are called. What is not there is an error with a place. Nothing is worked out when a text is compiled, so a hostile
constant cannot hang a load.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from itertools import islice
from typing import Any, Final, cast

from jinja2 import Environment as Jinja
from jinja2 import Template, TemplateSyntaxError, Undefined, nodes

from translator.core.finding import Finding, Place
from translator.mapping import bounds
from translator.mapping.expression import calls, grammar
from translator.mapping.expression.failures import MISSING, Failed, Missing, compiling, working
from translator.mapping.expression.grammar import Path, Uses
from translator.mapping.expression.links import Lacking, Links, linked, standing
from translator.mapping.expression.sandbox import TESTS, sandbox
from translator.mapping.expression.values import ABSENT, Loop, member
from translator.mapping.wrong import Wrong

Names = Mapping[str, Any]
EXPRESSION: Final = 4_000  # characters
TEMPLATE: Final = 200_000
_RESULT: Final = "result"
_PIECES: Final = 64
_EXPRESSIONS: Final = 2_048  # that are remembered, of whatever mapping: a site asks the same ones again and again
_TEXTS: Final = 128
_CODE: Final = "<translator>"  # what generated code calls its file: the place comes from whoever asks
_Expression = tuple[
    Uses,
    Path | None,
    tuple[Any, ...],
    tuple[str, ...],
    Template | None,
    tuple[Callable[[Any], Any], Path] | None,
    Links | None,
    Path | None,
]
_Text = tuple[Uses, tuple[str, ...], Template, tuple[str | Path, ...]]


@dataclass(frozen=True, slots=True)
class Compiled:
    """An expression, ready: called with names it gives its value. Raises Missing or Failed.

    `path`: it is only a dotted name. `constant`: it is only a literal, in a tuple of one. `asks`: what its functions
    ask of the translation, wanted among the names.
    """

    text: str
    rule: Place
    uses: Uses
    path: Path | None
    constant: tuple[Any, ...]
    asks: tuple[str, ...]
    template: Template | None  # none of a dotted name: Jinja is never asked
    direct: tuple[Callable[[Any], Any], Path] | None = None  # it is only a function of a path: `count(D)`
    links: Links | None = None  # it is only functions of a path: `to.name | one_line | cut(30)`
    way: Path | None = None  # to what it stands for, where that is one place: of `items[0]`, of `items | default([])`

    def __call__(self, names: Names) -> Any:
        if self.constant:
            return self.constant[0]
        if self.path is not None:
            return self._walked(self.path, names)
        if self.direct is not None:
            try:
                return self.direct[0](self._walked(self.direct[1], names))
            except Exception:  # noqa: BLE001, S110 (Jinja says what is wrong)
                pass
        if self.links is not None:
            try:
                return self.links(names)
            except Lacking:
                text = f"there is no '{self.links.path[-1]}' here"
                raise Missing(Finding(MISSING, text, rule=self.rule)) from None
            except Exception:  # noqa: BLE001, S110 (Jinja says what is wrong)
                pass
        return self._composed(names)

    def _walked(self, path: Path, names: Names) -> Any:
        value = names.get(path[0], ABSENT)
        for number, name in enumerate(path):
            if number:
                value = getattr(value, name, ABSENT) if isinstance(value, Loop) else member(value, name)
            if value is ABSENT:
                text = (
                    f"there is no '{name}' here"
                    if number == 0
                    else f"there is no '{name}' in {'.'.join(path[:number])}"
                )
                raise Missing(Finding(MISSING, text, rule=self.rule))
        return value

    def _composed(self, names: Names) -> Any:
        template = cast("Template", self.template)  # what is only a name has been walked
        with bounds.budget(), working(self.rule, _CODE):
            context = template.new_context(dict(names))
            for _ in template.root_render_func(context):
                pass
            value = context.vars[_RESULT]
            return str(value) if isinstance(value, Undefined) else value  # str raises: undefined is strict


@dataclass(frozen=True, slots=True)
class Rendered:
    """A text with `{{ }}` in it, ready: called with names it gives the whole text. Raises Missing or Failed."""

    text: str
    rule: Place
    uses: Uses
    asks: tuple[str, ...]
    template: Template
    parts: tuple[str | Path, ...] = ()  # it is only fixed text and paths

    def __call__(self, names: Names, *, size: int = 1) -> str:
        """Render. `size`: how many documents the text is about; they share what each may cost."""
        joined = _joined(self.parts, names) if self.parts else None
        return self._rendered(names, size) if joined is None else joined

    def _rendered(self, names: Names, size: int) -> str:
        with bounds.budget(bounds.STEPS * max(1, size // 10)), working(self.rule, _CODE):
            context = self.template.new_context(dict(names))
            return "".join(_capped(self.template.root_render_func(context), bounds.OUTPUT * max(1, size // 100)))


def _joined(parts: tuple[str | Path, ...], names: Names) -> str | None:
    """Join fixed texts and texts at paths; None where one of them is no text: Jinja says why."""
    try:
        return "".join([part if type(part) is str else standing(part, names) for part in parts])  # type: ignore[arg-type]
    except TypeError:
        return None


def _capped(pieces: Iterator[str], most: int) -> list[str]:
    """Take what a template gives, a few pieces at a time, until there is too much."""
    found: list[str] = []
    length = 0
    while some := list(islice(pieces, _PIECES)):
        length += sum(map(len, some))
        if length > most:
            raise Wrong(bounds.CODE, f"more than {most:,} characters")
        found += some
    return found


class Environment:
    """Compile texts, each once wherever it stands. `functions`: what they may call, as functions and as filters."""

    def __init__(self, functions: Mapping[str, Callable[..., Any]]) -> None:
        self.functions = dict(functions)
        self._plain = sandbox(functions, xml=False)
        self._xml = sandbox(functions, xml=True)
        self._expression = lru_cache(_EXPRESSIONS)(self._read)
        self._text = lru_cache(_TEXTS)(self._read_text)

    def expression(self, text: str, rule: Place) -> Compiled:
        """Compile one expression. Raises Misconfigured."""
        with compiling(text, EXPRESSION, rule):
            if text.lstrip().startswith("{{"):
                raise Wrong(
                    "expression-syntax", "{{ }} stands in texts and templates only", "write what is in it, without them"
                )
            return Compiled(text, rule, *self._expression(text))

    def text(self, text: str, rule: Place) -> Rendered:
        """Compile a text with `{{ }}` in it: a file's name. Raises Misconfigured."""
        return self._rendered(self._plain, text, rule, EXPRESSION)

    def template(self, text: str, name: str, *, xml: bool) -> Rendered:
        """Compile a template; in XML what is written is escaped. Raises Misconfigured."""
        return self._rendered(self._xml if xml else self._plain, text, Place(name, 1), TEMPLATE)

    def _rendered(self, jinja: Jinja, text: str, rule: Place, most: int) -> Rendered:
        with compiling(text, most, rule):
            return Rendered(text, rule, *self._text(jinja, text))

    def _read(self, text: str) -> _Expression:
        tree = _only(self._plain._parse(f"{{{{ {text} }}}}", None, None))  # noqa: SLF001 (Jinja's hook)
        whole = nodes.Template([nodes.Output([tree], lineno=1)], lineno=1)
        uses = self._uses(whole)
        path = grammar.chain(tree)
        direct, links, way = self._direct(tree), linked(tree, self.functions), grammar.way(tree)
        made = None if path is not None else self._made(self._plain, _assigned(tree, self._plain))
        return uses, path, _constant(tree), self._asks(uses), made, direct, links, way

    def _read_text(self, jinja: Jinja, text: str) -> _Text:
        tree = jinja._parse(text, None, None)  # noqa: SLF001 (Jinja's hook)
        uses = self._uses(tree)
        parts = grammar.parts(tree) if jinja is self._plain else ()
        return uses, self._asks(uses), self._made(jinja, tree), parts

    def _direct(self, tree: nodes.Expr) -> tuple[Callable[[Any], Any], Path] | None:
        found = grammar.of_path(tree)
        function = self.functions.get(found[0]) if found else None
        if found is None or function is None or hasattr(function, "asks") or hasattr(function, "forgiving"):
            return None
        return function, found[1]

    def _uses(self, tree: nodes.Template) -> Uses:
        grammar.check(tree)
        found = grammar.uses(tree, {*self.functions, "range"}, TESTS)
        calls.check(found.calls, self.functions)
        return found

    def _asks(self, uses: Uses) -> tuple[str, ...]:
        called = (self.functions.get(call.name) for call in uses.calls)
        return tuple(dict.fromkeys(name for function in called for name in getattr(function, "asks", ())))

    def _made(self, jinja: Jinja, tree: nodes.Template) -> Template:
        code = jinja.compile(tree, _CODE, _CODE)
        return jinja.template_class.from_code(jinja, code, dict(jinja.globals))


def _constant(tree: nodes.Expr) -> tuple[Any, ...]:
    """Give a literal in a tuple of one; an empty list is one that nobody can change."""
    if isinstance(tree, nodes.List) and not tree.items:
        return ((),)
    return (tree.value,) if isinstance(tree, nodes.Const) and not isinstance(tree.value, float) else ()


def _only(tree: nodes.Template) -> nodes.Expr:
    """Give the one expression of `{{ expression }}`; nothing may stand around it."""
    if len(tree.body) == 1 and isinstance(tree.body[0], nodes.Output) and len(tree.body[0].nodes) == 1:
        found = tree.body[0].nodes[0]
        if not isinstance(found, nodes.TemplateData):
            return found
    raise TemplateSyntaxError("one expression is wanted, without {{ }}", 1)


def _assigned(tree: nodes.Expr, jinja: Jinja) -> nodes.Template:
    target = nodes.Assign(nodes.Name(_RESULT, "store", lineno=1), tree, lineno=1)
    return nodes.Template([target], lineno=1).set_environment(jinja)  # type: ignore[return-value]


__all__ = ["Compiled", "Environment", "Failed", "Missing", "Names", "Rendered"]
