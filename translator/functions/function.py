"""What expressions may call: found by module, each with examples that are tests and stand in the manual."""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Callable, Mapping
from functools import cache
from typing import Any

import translator.functions

Examples = tuple[tuple[str, object], ...]  # an expression, and its value


@cache
def families() -> Mapping[str, tuple[Mapping[str, Callable[..., Any]], Examples]]:
    """Find every family: a module here with the constants FUNCTIONS and EXAMPLES."""
    found = {}
    for module in pkgutil.iter_modules(translator.functions.__path__):
        part = importlib.import_module(f"translator.functions.{module.name}")
        if hasattr(part, "FUNCTIONS"):
            found[module.name] = (part.FUNCTIONS, part.EXAMPLES)
    return found


@cache
def functions() -> Mapping[str, Callable[..., Any]]:
    """Give all functions by name, ready for `Environment(functions())`."""
    return {name: function for family, _ in families().values() for name, function in family.items()}
