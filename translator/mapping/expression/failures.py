"""What goes wrong with a text, as findings: when it is compiled, and when it is worked out."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from typing import Final

from jinja2 import TemplateError, TemplateSyntaxError, UndefinedError
from jinja2.exceptions import SecurityError

from translator.core.finding import Finding, Misconfigured, Place
from translator.mapping.bounds import CODE
from translator.mapping.wrong import Wrong

MISSING: Final = "value-missing"
_ENDS: Final = "'end of print statement'"
_OVER: Final = re.compile(r"expected token 'end of print statement', got ('.*')")
_EXHAUSTED: Final = (RecursionError, MemoryError, OverflowError)
_FAULTS: Final = (TypeError, ValueError, ArithmeticError, LookupError, AttributeError)


class Failed(Exception):
    """A text could not be worked out: one finding, with its place in the mapping."""

    def __init__(self, finding: Finding) -> None:
        self.finding = finding
        super().__init__(finding.text)


class Missing(Failed):
    """It asked for what is not there, or for one of a list that holds nothing."""


@contextmanager
def compiling(text: str, most: int, rule: Place) -> Iterator[None]:
    """Turn what a compiler raises into Misconfigured."""
    if len(text) > most:
        raise Misconfigured([Finding(CODE, f"longer than {most:,} characters", rule=rule)])
    try:
        yield
    except TemplateSyntaxError as error:
        raise Misconfigured([_syntax(error, rule)]) from None
    except Wrong as error:
        raise Misconfigured([error.finding(rule=rule)]) from None
    except _EXHAUSTED:
        raise Misconfigured([Finding(CODE, "nested too deeply", rule=rule)]) from None
    except (TemplateError, SyntaxError, ValueError) as error:
        raise Misconfigured([Finding("expression-syntax", f"not an expression: {error}", rule=rule)]) from None


def _syntax(error: TemplateSyntaxError, rule: Place) -> Finding:
    """Name the fault; what comes after a dash is a hint."""
    text, _, hint = (error.message or "not an expression").partition(" — ")
    if over := _OVER.fullmatch(text):
        text = f"not an expression: {over[1]} cannot stand there"
        hint = hint or "between two values stands + - ~ and…; fixed text stands in quotes: 'like this'"
    elif _ENDS in text:
        text = "not an expression: it ends too soon"
    return Finding("expression-syntax", text, rule=_line(rule, error.lineno or 1), hint=hint)


@contextmanager
def working(rule: Place, filename: str) -> Iterator[None]:
    """Turn what an evaluation raises into Failed or Missing, at the line of the template where it happened."""
    try:
        yield
    except Failed:
        raise
    except UndefinedError as error:
        raise Missing(Finding(MISSING, str(error), rule=_where(error, rule, filename))) from None
    except Wrong as error:
        finding = error.finding(rule=_where(error, rule, filename), bare=True)
        raise (Missing if error.code == MISSING else Failed)(finding) from None
    except SecurityError as error:
        raise Failed(Finding("expression-forbidden", "not allowed here", rule=_where(error, rule, filename))) from None
    except _EXHAUSTED as error:
        raise Failed(Finding(CODE, "too large or too deep", rule=_where(error, rule, filename))) from None
    except (TemplateError, *_FAULTS) as error:
        raise Failed(_fault(error, _where(error, rule, filename))) from None


def _fault(error: Exception, rule: Place) -> Finding:
    """Name the fault; only messages of Python and Jinja that cannot hold data are shown."""
    why = f": {error}" if isinstance(error, (TypeError, TemplateError)) else ""
    return Finding("expression-failed", f"cannot be worked out ({type(error).__name__}{why})", rule=rule)


def _line(rule: Place, line: int) -> Place:
    return rule if line <= 1 else replace(rule, line=rule.line + line - 1, column=0)


def _where(error: BaseException, rule: Place, filename: str) -> Place:
    """Find the line of the text in the trace: the last frame that is generated code."""
    line, trace = 0, error.__traceback__
    while trace is not None:
        if trace.tb_frame.f_code.co_filename == filename:
            template = trace.tb_frame.f_globals.get("__jinja_template__")
            line = template.get_corresponding_lineno(trace.tb_lineno) if template else line
        trace = trace.tb_next
    return _line(rule, line)
