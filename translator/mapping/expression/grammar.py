"""What a text may hold, what it costs, and what it asks for: everything that is known before it is worked out."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Final

from jinja2 import Environment as Jinja
from jinja2 import TemplateSyntaxError, nodes

from translator.core.finding import suggestion
from translator.mapping import bounds
from translator.mapping.wrong import Wrong

NESTING: Final = 100
TURNS: Final = "turns of a loop"  # names that no text can write
JOINED: Final = "joined texts"
DECIMAL: Final = "decimal literal"
LINKS: Final = 6  # calls one behind the other; what they cost together is far below a budget
UNKNOWN: Final = object()  # an argument that is worked out
Path = tuple[str, ...]
Scope = dict[str, Path | None]  # local names: the path they run over, None where that is not one
_ALLOWED: Final = (
    nodes.Template, nodes.Output, nodes.For, nodes.If, nodes.Assign, nodes.With, nodes.Expr, nodes.Helper,
)  # fmt: skip
_REFUSED: Final = (nodes.NSRef, nodes.DerivedContextReference, nodes.ContextReference)


def check(tree: nodes.Template) -> None:
    """Refuse statements that are not offered, calls of anything but a named function, and deep nesting."""
    level: list[nodes.Node] = [tree]
    depth = 0
    while level:
        depth += 1
        if depth > NESTING:
            raise Wrong(bounds.CODE, f"nested deeper than {NESTING}")
        for node in level:
            _allowed(node)
        level = [child for node in level for child in node.iter_child_nodes()]


def _allowed(node: nodes.Node) -> None:
    word = type(node).__name__.lower()
    if not isinstance(node, _ALLOWED) or isinstance(node, _REFUSED):
        raise TemplateSyntaxError(f"'{word}' is not offered here", node.lineno)
    if isinstance(node, nodes.For) and node.recursive:
        raise TemplateSyntaxError("a loop cannot call itself", node.lineno)
    if isinstance(node, nodes.Call) and not isinstance(node.node, nodes.Name):
        raise TemplateSyntaxError("only functions are called, not parts of a value — write x | upper", node.lineno)
    if isinstance(node, (nodes.Call, nodes.Filter, nodes.Test)) and (node.dyn_args or node.dyn_kwargs):
        raise TemplateSyntaxError("* and ** are not offered in a call", node.lineno)


def rewrite(tree: nodes.Node, environment: Jinja) -> None:
    """Let loops and joins charge the budget, and literals be Decimals."""
    for name in tree.fields:
        value = getattr(tree, name, None)
        if isinstance(value, list):
            setattr(tree, name, [_rewritten(one, environment) for one in value])
        elif isinstance(value, nodes.Node):
            setattr(tree, name, _rewritten(value, environment))


def _rewritten(node: Any, environment: Jinja) -> Any:
    if not isinstance(node, nodes.Node):
        return tuple(_rewritten(one, environment) for one in node) if isinstance(node, tuple) else node
    weight = _weight(node) if isinstance(node, nodes.For) else 0
    rewrite(node, environment)
    if isinstance(node, nodes.For):
        node.iter = _filtered(TURNS, node.iter, [nodes.Const(weight)], environment)
    elif isinstance(node, nodes.Concat):
        return _filtered(JOINED, nodes.List(node.nodes, lineno=node.lineno), [], environment)
    elif isinstance(node, nodes.Const) and isinstance(node.value, float):
        return _filtered(DECIMAL, nodes.Const(repr(node.value), lineno=node.lineno), [], environment)
    return node


def _filtered(name: str, node: Any, args: list[nodes.Expr], environment: Jinja) -> nodes.Filter:
    found = nodes.Filter(node, name, args, [], None, None, lineno=node.lineno)
    found.set_environment(environment)
    return found


def _weight(loop: nodes.For) -> int:
    """Say what one turn costs: by the parts of its body and the text that stands in it."""
    parts = sum(1 for body in (loop.body, loop.else_) for node in body for _ in node.find_all(nodes.Node))
    text = sum(len(data.data) for body in loop.body for data in body.find_all(nodes.TemplateData))
    return 1 + parts // 8 + text // bounds.PER_STEP


# --- what a text asks for ------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Use:
    """A path that is asked: `order.orderDetails.items`; the line where it stands; of `items[0].title` what is `below`."""

    path: Path
    line: int
    below: Path = ()

    @property
    def way(self) -> Path:
        """Give the whole way to the value."""
        return (*self.path, *self.below)


@dataclass(frozen=True, slots=True)
class Called:
    """A function or filter that is called: its arguments where they are fixed, UNKNOWN elsewhere."""

    name: str
    line: int
    fixed: tuple[Any, ...] = ()
    words: tuple[tuple[str, Any], ...] = ()


@dataclass(frozen=True, slots=True)
class Compared:
    """A path that is held against a value that is written out: `order.orderDetails.orderStatus == 'NEW'`."""

    path: Path
    value: str | int | Decimal
    line: int
    ordered: bool = False  # which of them is greater is asked


@dataclass(frozen=True, slots=True)
class Uses:
    """All that a text asks for."""

    paths: tuple[Use, ...]
    calls: tuple[Called, ...]
    compared: tuple[Compared, ...] = ()

    @property
    def names(self) -> tuple[str, ...]:
        """Give the first words of the paths, each once."""
        return tuple(dict.fromkeys(use.path[0] for use in self.paths))


_ORDER: Final = frozenset({"lt", "lteq", "gt", "gteq"})
Found = Use | Called | Compared | nodes.Test


def uses(tree: nodes.Node, functions: Collection[str], tests: Collection[str]) -> Uses:
    """Collect the paths and calls of a text; refuse functions and tests that are not offered."""
    paths: list[Use] = []
    calls: list[Called] = []
    compared: list[Compared] = []
    for found in _walk(tree, {}):
        if isinstance(found, Use):
            paths.append(found)
        elif isinstance(found, Compared):
            compared.append(found)
        elif isinstance(found, Called):
            _known(found.name, found.line, functions, "function")
            calls.append(found)
        else:
            _known(found.name, found.lineno, tests, "test")
    return Uses(tuple(paths), tuple(calls), tuple(compared))


def _known(name: str, line: int, known: Collection[str], what: str) -> None:
    if name not in known:
        hint = suggestion(name, known) or f"known: {', '.join(sorted(known))}"
        raise TemplateSyntaxError(f"there is no {what} '{name}' — {hint}", line)


def chain(node: nodes.Node) -> Path | None:
    """Give the path of `a.b.c`, or None for anything else."""
    members: list[str] = []
    while True:
        if isinstance(node, nodes.Name):
            return (node.name, *reversed(members))
        if isinstance(node, nodes.Getattr):
            members.append(node.attr)
        elif isinstance(node, nodes.Getitem) and isinstance(node.arg, nodes.Const) and isinstance(node.arg.value, str):
            members.append(node.arg.value)
        else:
            return None
        node = node.node


def way(node: nodes.Node) -> Path | None:
    """Give the way of `a.b[0].c` and of `a.b | default([])`: to where the value stands, if it is there at all."""
    below: Path = ()
    while (path := chain(node)) is None:
        if not _or_nothing(node):
            step = _step(node)
            if not step:
                return None
            below = (*step, *below)
        node = node.node  # type: ignore[attr-defined]
    return (*path, *below)


def _step(node: nodes.Node) -> Path | None:
    """Give how a member or an entry is named on the way to it; a number from the end may lead to any entry."""
    if isinstance(node, nodes.Getattr):
        return (node.attr,)
    if isinstance(node, nodes.Getitem) and isinstance(node.arg, nodes.Const):
        return (str(node.arg.value),)
    return () if isinstance(node, nodes.Getitem) and isinstance(node.arg, nodes.Neg) else None


def _or_nothing(node: nodes.Node) -> bool:
    """Tell `… | default([])`: what stands there, or nothing."""
    if not isinstance(node, nodes.Filter) or node.name != "default" or len(node.args) != 1 or node.kwargs:
        return False
    other = node.args[0]
    return isinstance(other, (nodes.List, nodes.Dict)) and not other.items


def of_path(node: nodes.Node) -> tuple[str, Path] | None:
    """Give the function and the path of `count(D)` or `D | count`, or None for anything else."""
    if isinstance(node, nodes.Filter) and node.node is not None and not (node.args or node.kwargs):
        name, inner = node.name, node.node
    elif isinstance(node, nodes.Call) and isinstance(node.node, nodes.Name) and len(node.args) == 1 and not node.kwargs:
        name, inner = node.node.name, node.args[0]
    else:
        return None
    path = chain(inner)
    return (name, path) if path else None


def chained(node: nodes.Node) -> tuple[Path, tuple[Called, ...]] | None:
    """Give the path and the calls of `a.b | strip | cut(3)`, in their order, or None for anything else.

    Of `counter('n')` there is no path, and the first of its call is what is written out.
    """
    calls: list[Called] = []
    while isinstance(node, nodes.Filter) and node.node is not None and len(calls) < LINKS:
        calls.insert(0, Called(node.name, node.lineno, (UNKNOWN, *_fixed(node.args)), _words(node.kwargs)))
        node = node.node
    path = chain(node)
    if isinstance(node, nodes.Call) and isinstance(node.node, nodes.Name) and node.args:
        path = ()
        calls.insert(0, Called(node.node.name, node.lineno, _fixed(node.args), _words(node.kwargs)))
    given = [value for call in calls for value in (*call.fixed[1:], *(value for _, value in call.words))]
    given += calls[0].fixed[:1] if path == () else []
    unknown = any(not isinstance(value, (str, int)) for value in given)
    return None if path is None or not calls or unknown else (path, tuple(calls))


def parts(tree: nodes.Template) -> tuple[str | Path, ...]:
    """Give the pieces of a text that is only fixed text and paths; empty for anything else."""
    if len(tree.body) != 1 or not isinstance(tree.body[0], nodes.Output):
        return ()
    found = [node.data if isinstance(node, nodes.TemplateData) else chain(node) for node in tree.body[0].nodes]
    return tuple(one for one in found if one is not None) if None not in found else ()


def _walk(node: nodes.Node, scope: Scope, below: Path = ()) -> Iterator[Found]:
    path = chain(node)
    if path is not None:
        yield from _path(path, node, scope, below)
    elif (step := _step(node)) is not None:
        yield from _walk(node.node, scope, (*step, *below))  # type: ignore[attr-defined]
    elif isinstance(node, nodes.For):
        yield from _loop(node, scope)
    elif isinstance(node, nodes.Assign):
        yield from _walk(node.node, scope)
        scope.update(_targets(node.target, _resolved(node.node, scope)))
    elif isinstance(node, nodes.With):
        yield from _with(node, scope)
    elif isinstance(node, nodes.Call) and isinstance(node.node, nodes.Name):
        yield Called(node.node.name, node.lineno, _fixed(node.args), _words(node.kwargs))
        yield from _children([*node.args, *(word.value for word in node.kwargs)], scope)
    else:
        if isinstance(node, nodes.Filter):
            first = UNKNOWN if node.node is None else _constant(node.node)
            yield Called(node.name, node.lineno, (first, *_fixed(node.args)), _words(node.kwargs))
        elif isinstance(node, nodes.Test):
            yield node
        elif isinstance(node, nodes.Compare):
            yield from _compared(node, scope)
        if _or_nothing(node):
            yield from _walk(node.node, scope, below)  # type: ignore[attr-defined]
        else:
            yield from _children(node.iter_child_nodes(), scope)


def _compared(node: nodes.Compare, scope: Scope) -> Iterator[Compared]:
    left: nodes.Node = node.expr
    for operand in node.ops:
        right = operand.expr
        pairs: list[tuple[nodes.Node, nodes.Node]] = [(left, right), (right, left)]
        if operand.op in ("in", "notin"):
            pairs = [(left, one) for one in right.items] if isinstance(right, (nodes.List, nodes.Tuple)) else []
        for one, other in pairs:
            path, value = _resolved(one, scope), _constant(other)
            if path is not None and isinstance(value, (str, int, Decimal)):
                yield Compared(path, value, node.lineno, operand.op in _ORDER)
        left = right


def _children(found: Any, scope: Scope) -> Iterator[Found]:
    for child in found:
        yield from _walk(child, scope)


def _path(path: Path, node: nodes.Node, scope: Scope, below: Path) -> Iterator[Use]:
    if path[0] not in scope:
        yield Use(path, node.lineno, below)
    elif scope[path[0]] is not None:
        yield Use((*(scope[path[0]] or ()), *path[1:]), node.lineno, below)


def _loop(node: nodes.For, scope: Scope) -> Iterator[Found]:
    yield from _walk(node.iter, scope)
    inner = scope | {"loop": None} | _targets(node.target, _resolved(node.iter, scope))
    yield from _children([*([node.test] if node.test else []), *node.body], inner)
    yield from _children(node.else_, dict(scope))


def _with(node: nodes.With, scope: Scope) -> Iterator[Found]:
    yield from _children(node.values, scope)
    inner = dict(scope)
    for target, value in zip(node.targets, node.values, strict=True):
        inner |= _targets(target, _resolved(value, scope))
    yield from _children(node.body, inner)


def _targets(target: nodes.Node, path: Path | None) -> Scope:
    if isinstance(target, nodes.Name):
        return {target.name: path}
    return {name.name: None for name in target.find_all(nodes.Name)}


def _resolved(node: nodes.Node, scope: Scope) -> Path | None:
    path = chain(node)
    if path is None or path[0] not in scope:
        return path
    root = scope[path[0]]
    return None if root is None else (*root, *path[1:])


def _fixed(args: list[nodes.Expr]) -> tuple[Any, ...]:
    return tuple(_constant(arg) for arg in args)


def _words(words: Iterable[Any]) -> tuple[tuple[str, Any], ...]:
    return tuple((word.key, _constant(word.value)) for word in words)


def _constant(arg: nodes.Node) -> Any:
    """Give what is written out; a number with places as exactly that."""
    if not isinstance(arg, nodes.Const):
        return UNKNOWN
    return Decimal(repr(arg.value)) if isinstance(arg.value, float) else arg.value
