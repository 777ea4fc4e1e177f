"""Answers that are not as they should be: malformed bodies, and papers that are none.

Promises: pure; each takes a good reply and gives a bad one, of the same status unless it says otherwise. What is spoiled has been
done: only the telling is bad.
"""

import base64
import json
import zlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from functools import cache
from typing import Any

from translator.simulator.wire import Reply

HUGE = 100_000_000
BLOCK = 1_000_000
HTML = b"<!DOCTYPE html><html><body><h1>Service maintenance</h1><p>Please come back later.</p></body></html>"
MARK = "\x00here\x00"


@dataclass(frozen=True, slots=True)
class Spoiling:
    says: str
    spoil: Callable[[Reply], Reply]


def _empty(reply: Reply) -> Reply:
    return replace(reply, body={"payload": {}} if _wrapped(reply.body) else {})


def _no_content(reply: Reply) -> Reply:
    return replace(reply, raw=b"")


def _truncated(reply: Reply) -> Reply:
    content = reply.content
    return replace(reply, raw=content[: len(content) // 2])


def _cut_off(reply: Reply) -> Reply:
    content = reply.content
    return replace(reply, raw=content[: len(content) // 2], promised=len(content))


def _html(reply: Reply) -> Reply:
    return replace(reply, status=200, raw=HTML, headers={**reply.headers, "Content-Type": "text/html"})


def _wrong_type(reply: Reply) -> Reply:
    """Numbers where the model has texts, lists and objects."""
    inner = reply.body["payload"] if _wrapped(reply.body) else reply.body
    wrong = dict.fromkeys(inner, 7) if isinstance(inner, dict) else 7
    return replace(reply, body={"payload": wrong} if _wrapped(reply.body) else wrong)


def _duplicate_keys(reply: Reply) -> Reply:
    """The first name of the object stands in it twice, with two values."""
    first = next(iter(reply.body), "") if isinstance(reply.body, dict) else ""
    head = json.dumps({first: {"another": "value"}})[:-1]
    rest = json.dumps(reply.body)[1:] if isinstance(reply.body, dict) and reply.body else f"{json.dumps(first)}: 1}}"
    return replace(reply, raw=f"{head}, {rest}".encode())


def _nan(reply: Reply) -> Reply:
    marked = json.dumps(_first_leaf(reply.body))
    return replace(reply, raw=marked.replace(json.dumps(MARK), "NaN", 1).encode())


def _huge(reply: Reply) -> Reply:
    content = reply.content
    return replace(reply, raw=content + b" " * (HUGE - len(content)))


def _gzip_bomb(reply: Reply) -> Reply:
    return replace(reply, raw=_bomb(), headers={**reply.headers, "Content-Encoding": "gzip"})


@cache
def _bomb() -> bytes:
    """Three times the `HUGE` in blanks, and an object behind them, in a few hundred kilobytes."""
    press, block = zlib.compressobj(1, wbits=zlib.MAX_WBITS | 16), b" " * BLOCK
    return b"".join(press.compress(block) for _ in range(3 * HUGE // BLOCK)) + press.compress(b"{}") + press.flush()


def _empty_label(reply: Reply) -> Reply:
    return replace(reply, body=_each(reply.body, "labelData", lambda packages: []))


def _papers(change: Callable[[bytes], bytes]) -> Callable[[Reply], Reply]:
    def spoil(reply: Reply) -> Reply:
        def other(content: str) -> str:
            return base64.b64encode(change(base64.b64decode(content))).decode()

        return replace(reply, body=_each(reply.body, "content", other))

    return spoil


def _junk(reply: Reply) -> Reply:
    return replace(reply, body=_each(reply.body, "content", lambda content: f"{content[:9]}*%${content[9:]}"))


def _each(value: Any, name: str, change: Callable[[Any], Any]) -> Any:
    """The value with every property of that name changed, however deep."""
    if isinstance(value, Mapping):
        return {key: change(inner) if key == name else _each(inner, name, change) for key, inner in value.items()}
    return [_each(inner, name, change) for inner in value] if isinstance(value, list) else value


def _first_leaf(value: Any) -> Any:
    """The value with its first leaf marked; an empty one is all mark."""
    if isinstance(value, Mapping) and value:
        first, *rest = value.items()
        return {first[0]: _first_leaf(first[1]), **dict(rest)}
    if isinstance(value, list) and value:
        return [_first_leaf(value[0]), *value[1:]]
    return MARK


def _wrapped(body: Any) -> bool:
    return isinstance(body, dict) and list(body) == ["payload"]


LABELS = {
    "empty_label": Spoiling("the label has no packages: an empty labelData", _empty_label),
    "wrong_magic": Spoiling(
        "every paper is of another format than it says", _papers(lambda content: b"GIF89a" + content)
    ),
    "zero_bytes": Spoiling("every paper has no bytes", _papers(lambda content: b"")),
    "junk_base64": Spoiling("every paper has letters in it that are not Base64", _junk),
    "large_paper": Spoiling(
        "every paper has 60 MB", _papers(lambda content: content + bytes(60_000_000 - len(content)))
    ),
    "stored_forms": Spoiling(
        "every paper is ZPL that stores files in the printer",
        _papers(lambda content: b"^XA^DFE:FORM.ZPL^FS~DYE:FONT,B,T,4,,00000000^XZ\n"),
    ),
}
SPOILED = {
    "empty": Spoiling("done, and answered with an empty object: no transactionId, no label", _empty),
    "no_content": Spoiling("done, and answered with no bytes at all", _no_content),
    "truncated": Spoiling("done, and answered with half of the JSON", _truncated),
    "cut_off": Spoiling("done, and the connection closed in the middle of the body", _cut_off),
    "html": Spoiling("done, and answered with 200 and a page of HTML", _html),
    "wrong_type": Spoiling("done, and answered with numbers where the model has texts and lists", _wrong_type),
    "duplicate_keys": Spoiling("done, and answered with an object that has a name twice", _duplicate_keys),
    "nan": Spoiling("done, and answered with NaN where a value stands", _nan),
    "huge": Spoiling("done, and answered with 100 MB", _huge),
    "gzip_bomb": Spoiling("done, and answered with little that unpacks to 300 MB", _gzip_bomb),
    **LABELS,
}
