"""What import-linter cannot see of the pure layers: they never ask the clock, and open no file or address."""

import ast
from pathlib import Path

import pytest

import translator

PACKAGE = Path(translator.__file__).parent
PURE = ("core", "mapping", "formats", "documents", "functions", "translation")
CLOCK = {"now", "utcnow", "today"}
WORLD = {"open", "print", "input", "breakpoint"}
MODULES = [path for path in sorted(PACKAGE.rglob("*.py")) if path.relative_to(PACKAGE).with_suffix("").parts[0] in PURE]


def asks_clock(call):
    """`datetime.now(zone)`, `date.today()`; a context that is asked for its `now` is what we want."""
    place = call.func
    return (
        isinstance(place, ast.Attribute)
        and place.attr in CLOCK
        and ast.unparse(place.value).split(".")[-1] in {"datetime", "date"}
    )


def touches_world(call):
    return isinstance(call.func, ast.Name) and call.func.id in WORLD


def imports_client(node):
    """Parts of the standard library that import-linter only knows by their whole package."""
    names = [node.module or ""] if isinstance(node, ast.ImportFrom) else [alias.name for alias in node.names]
    return any(name in {"urllib.request", "http.client"} for name in names)


@pytest.mark.parametrize("path", MODULES, ids=lambda path: str(path.relative_to(PACKAGE)))
def test_a_pure_module_asks_no_clock_and_opens_nothing(path):
    tree = ast.parse(path.read_text(encoding="utf-8"))
    calls = [node for node in ast.walk(tree) if isinstance(node, ast.Call)]
    imports = [node for node in ast.walk(tree) if isinstance(node, ast.Import | ast.ImportFrom)]
    seen = [
        f"line {call.lineno}: {ast.unparse(call.func)}" for call in calls if asks_clock(call) or touches_world(call)
    ]
    seen += [f"line {node.lineno}: {ast.unparse(node)}" for node in imports if imports_client(node)]
    assert seen == []


def test_every_module_opens_with_what_it_promises():
    silent = [
        str(path.relative_to(PACKAGE))
        for path in PACKAGE.rglob("*.py")
        if not ast.get_docstring(ast.parse(path.read_text()))
    ]
    assert [name for name in silent if "revisions" not in name] == []
