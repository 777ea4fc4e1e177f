"""What says that a file is whole: a file beside it (its done-file), or the line it ends with.

A done-file is named after its data file: `{name}.done` beside S1.csv is S1.csv.done, `{stem}.ok` is S1.ok. In trouble:
nothing here fails; a form that says nothing is told by `wrong`.
"""

from __future__ import annotations

import re
from fnmatch import fnmatchcase
from typing import Final

from translator.endpoints.names import unsafe

TAIL: Final = 4096  # bytes of the end of a file in which its last line is looked for

_PART: Final = re.compile(r"\{(name|stem)\}")
_LINES: Final = re.compile(r"[\r\n]+")
_AFTER: Final = " \t\r\n\f\x1a"  # may follow the last line: blanks, an old end-of-file sign


def done_of(form: str, name: str) -> str:
    """Give the name of the done-file of a data file."""
    return form.replace("{name}", name).replace("{stem}", _stem(name))


def is_done(form: str, name: str) -> bool:
    """Tell whether a name is one that done-files have: one of a hidden file (`._S1.csv.done`) speaks of nothing."""
    before, _, after = _PART.sub("\0", form).partition("\0")
    if name.startswith(".") and not before.startswith("."):
        return False
    return len(name) > len(before) + len(after) and name.startswith(before) and name.endswith(after)


def wrong(form: str) -> str:
    """Say what is wrong with the form of a done-file's name; empty when it is well."""
    if len(_PART.findall(form)) != 1:
        return "it must hold {name} or {stem}, once"
    if _PART.fullmatch(form):
        return "it would be the name of the file itself"
    return "it would be hidden" if form.startswith(".") else unsafe(_PART.sub("x", form))


def ends_so(tail: bytes, pattern: str) -> bool:
    """Tell whether the last line that is not blank fits a pattern; a longer line is looked at by its end.

    UTF-16 is understood without being named: the pattern is ASCII, and NUL bytes are passed over.
    """
    text = tail[-TAIL:].replace(b"\0", b"").decode("latin-1").rstrip(_AFTER)
    return fnmatchcase(_LINES.split(text)[-1].strip(_AFTER), pattern)


def _stem(name: str) -> str:
    return name.rpartition(".")[0] or name
