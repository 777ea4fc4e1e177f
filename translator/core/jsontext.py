"""JSON at the door: strict once, then trusted. Numbers are integers or Decimals, never floats; letters are composed.

Refused, each with a code: what is no JSON, a key that stands twice in one object, NaN and Infinity, nesting too deep
(64, or what the reader says), lone surrogates, numbers of more than 40 digits or with exponents beyond 12.
"""

from __future__ import annotations

import json
import re
from decimal import Decimal
from typing import Any, Final

import msgspec

from translator.core.alike import composed, is_composed
from translator.core.finding import Finding, Place, Rejected

DEPTH: Final = 64
DIGITS: Final = 40
EXPONENT: Final = 12
_SURROGATE: Final = re.compile(rb"\\u[dD][89a-fA-F]")
_COLON: Final = re.compile(rb"\\u003")  # a colon may be written so
_NUMBER: Final = re.compile(r"-?(\d+)(?:\.(\d+))?(?:[eE][+-]?0*(\d*))?")
_ESCAPED: Final = re.compile(rb"\\.", re.DOTALL)
_ALIKE: Final = bytes.maketrans(b"{[]}", b"(())")
_OTHERS: Final = bytes(set(range(256)) - set(b'{[]}"'))


class _TooLong(ValueError):
    pass


def _decimal(text: str) -> Decimal:
    found = _NUMBER.fullmatch(text)
    if found is None or len(text) > DIGITS or int(found[3] or 0) > EXPONENT:
        raise _TooLong
    return Decimal(text)


_DECODER: Final = msgspec.json.Decoder(float_hook=_decimal)
_ENCODER: Final = msgspec.json.Encoder(decimal_format="number")


def decode(data: bytes, file: str = "", depth: int = DEPTH) -> Any:
    """Read one JSON text. Raises Rejected with the place (line and column) of the fault."""
    data = data.removeprefix(b"\xef\xbb\xbf")
    try:
        tree = _DECODER.decode(data)
        if _deeper(data, depth):
            raise RecursionError
    except (msgspec.DecodeError, RecursionError, UnicodeDecodeError, ValueError, ArithmeticError) as error:
        raise Rejected([_why(data, file, error, depth)]) from None
    again = _ENCODER.encode(tree)
    if not _plainly_once(data, again):
        _slowly(data, file)
    return tree if again.isascii() or is_composed(again.decode()) else _composed(tree)


def _composed(tree: Any) -> Any:
    """Give the tree with its letters composed: what is stored and what is read are compared so."""
    if isinstance(tree, str):
        return composed(tree)
    if isinstance(tree, dict):
        return {name: _composed(value) for name, value in tree.items()}
    return [_composed(value) for value in tree] if isinstance(tree, list) else tree


def encode(tree: object) -> bytes:
    """Write compact JSON, keys in the order given, Decimals as numbers."""
    return _ENCODER.encode(tree)


def pretty(tree: object) -> str:
    """Write JSON for people: two blanks, keys in the order given."""
    return msgspec.json.format(_ENCODER.encode(tree), indent=2).decode()


def _plainly_once(data: bytes, again: bytes) -> bool:
    """Prove cheaply that no key stands twice; False: not proved (then the slow reader decides).

    Written again it is the same text, as Amazon's mostly is: nothing was lost. Else: each key brings one colon, and
    each colon inside a text stays one when the tree is written again (where none is escaped), so that a key that was
    lost to its twin makes the counts differ.
    """
    return again == data or (_COLON.search(data) is None and data.count(b":") == again.count(b":"))


def _deeper(data: bytes, depth: int) -> bool:
    """Tell whether a text that is JSON is nested deeper: of its brackets those go that hold none, so many times."""
    marks = data.translate(_ALIKE, _OTHERS)
    if marks.count(b"(") <= depth:  # with those in texts
        return False
    if b"\\" in data:
        marks = _ESCAPED.sub(b"", data).translate(_ALIKE, _OTHERS)
    brackets = marks.replace(b'""', b"")
    if b'"' in brackets:  # the first text that holds a bracket leaves one
        brackets = b"".join(marks.split(b'"')[::2])
    for _ in range(depth):
        if not brackets:
            return False
        brackets = brackets.replace(b"()", b"")
    return bool(brackets)


def _slowly(data: bytes, file: str) -> None:
    def pairs(items: list[tuple[str, Any]]) -> None:
        names = [name for name, _ in items]
        if len(set(names)) != len(names):
            raise Rejected([twice(next(name for name in names if names.count(name) > 1), Place(file))])

    json.loads(data, object_pairs_hook=pairs)


def twice(name: str, place: Place) -> Finding:
    """Say that a key stands twice."""
    known = name if re.fullmatch(r"[A-Za-z_]\w{0,40}", name) else "?"
    return Finding("json-duplicate-key", f"the key '{known}' stands twice in one object", place)


def _why(data: bytes, file: str, error: Exception, depth: int) -> Finding:
    """Say what was wrong; line and column come from the slower reader, since the fast one tells only the byte."""
    if isinstance(error, _TooLong):
        return Finding("json-number", "a number is too long to be meant", Place(file))
    try:
        json.loads(data.decode("utf-8"))
    except json.JSONDecodeError as place:
        return Finding("json-syntax", f"not JSON: {place.msg.lower()}", Place(file, place.lineno, place.colno))
    except UnicodeDecodeError as place:
        line = data.count(b"\n", 0, place.start) + 1
        return Finding("json-charset", f"not UTF-8 at byte {place.start}", Place(file, line))
    except (RecursionError, ValueError):
        pass
    return _other(data, file, error, depth)


def _other(data: bytes, file: str, error: Exception, depth: int) -> Finding:
    if isinstance(error, RecursionError):
        return Finding("json-depth", f"nested deeper than {depth}", Place(file))
    if _SURROGATE.search(data):
        return Finding("json-surrogate", "half a character (a lone surrogate)", Place(file))
    if b"NaN" in data or b"Infinity" in data:
        return Finding("json-syntax", "not JSON: NaN and Infinity are no numbers", Place(file))
    return Finding("json-number", "a number is too long to be meant", Place(file))
