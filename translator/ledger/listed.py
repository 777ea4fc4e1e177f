"""The values of a JSON list, as rows: how a statement is given many values at once, whichever database it is said to."""

from __future__ import annotations

from typing import Any

from sqlalchemy import ColumnElement
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.functions import GenericFunction
from sqlalchemy.types import TypeEngine


class EachOf(GenericFunction[Any]):
    """The list: each value is a row."""

    name = "json_each"
    inherit_cache = True


class Listed(ColumnElement[Any]):
    """One value of it, of this type."""

    inherit_cache = False

    def __init__(self, type: TypeEngine[Any]) -> None:
        self.type = type


@compiles(EachOf, "postgresql")
def _each(element: EachOf, compiler: SQLCompiler, **options: Any) -> str:
    return f"jsonb_array_elements_text(CAST({compiler.process(element.clauses, **options)} AS JSONB))"


@compiles(Listed)
def _value(element: Listed, compiler: SQLCompiler, **options: Any) -> str:
    return "value"


@compiles(Listed, "postgresql")
def _typed(element: Listed, compiler: SQLCompiler, **options: Any) -> str:
    return f"CAST(value AS {compiler.dialect.type_compiler_instance.process(element.type)})"
