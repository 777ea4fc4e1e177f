"""The folders of a warehouse system: which mappings write into one or read out of it, and how.

A folder is the name of a mapping, a list of them, or, where there is more to say: {mappings: …, …}.
"""

from __future__ import annotations

import re
from typing import Final

from translator.config import words
from translator.config.site import Complete, Into, Order, OutOf
from translator.config.times import seconds
from translator.core.calendar import LONGEST
from translator.core.finding import Finding, Severity
from translator.endpoints.names import short
from translator.endpoints.whole import done_of, wrong
from translator.mapping.strict import Entries, Keys, Node, Scalar
from translator.mapping.words import Words, names

_MODE: Final = re.compile(r"0?6[0246][0246]")
_DONE: Final = 'done: "{name}.done" (S1.csv.done beside S1.csv) or "{stem}.ok" (S1.ok)'


def into(k: Keys) -> dict[str, Into]:
    """Take `to`: the folders that are written into."""
    return {folder: _into(inner) for folder, inner in _folders(k, "to", words.TO).items()}


def out_of(k: Keys) -> dict[str, OutOf]:
    """Take `from`: the folders that are read out of."""
    return {folder: _out_of(inner) for folder, inner in _folders(k, "from", words.FROM).items()}


def _into(k: Keys) -> Into:
    late = seconds(k, "late", 0.0) if k.has("late") else None
    names_ = k.word("names", words.NAMES, "any")
    made = Into(k.texts("mappings"), _done(k), late, names_, _mode(k), _order(k))  # type: ignore[arg-type]
    if made.names == "8.3" and made.done and not short(done_of(made.done, "ORDERS12.TXT")):
        text = f"'{made.done}' makes names that are not 8.3"
        k.fault("done-file", text, k.place("done"), 'done: "{stem}.OK"')
    k.done()
    return made


def _order(k: Keys) -> Order:
    return k.word("order", words.ORDER, "any")  # type: ignore[return-value]


def _done(k: Keys) -> str:
    """Take what the done-file of a file is called."""
    form = k.text("done")
    if form and (why := wrong(form)):
        k.fault("done-file", f"'{form}' cannot name a done-file: {why}", k.place("done"), _DONE)
    return form


def _mode(k: Keys) -> int | None:
    """Take who may read and write the files: always their owner, and nobody executes them."""
    text = k.text("mode")
    if text and not _MODE.fullmatch(text):
        k.fault("file-mode", f"'{text}' is no mode of a file", k.place("mode"), 'mode: "0660" (its group writes, too)')
        return None
    if text and text[-1] != "0":
        said = "everybody on this machine may read or write these files: they hold names and addresses"
        hint = 'give the WMS\'s user a group of the folder, and say mode: "0660"'
        k.findings.add(Finding("file-mode", said, rule=k.place("mode"), hint=hint, severity=Severity.WARNING))
    return int(text, 8) if text else None


def _out_of(k: Keys) -> OutOf:
    made = OutOf(k.texts("mappings"), _complete(k), _order(k), _expect(k))
    k.done()
    return made


def _expect(k: Keys) -> float:
    """Take how often a file comes."""
    often = seconds(k, "expect", 0.0)
    if often > LONGEST * 86_400:
        k.fault("site-duration", f"'expect' is longer than {LONGEST} days", k.place("expect"), "expect: 26h")
    return often


def _complete(k: Keys) -> Complete:
    inner = k.keys("complete", "in 'complete'", names(words.COMPLETE))
    if inner is None:
        return Complete()
    made = Complete(
        quiet=seconds(inner, "quiet", 0.0) if inner.has("quiet") else None,
        done=_done(inner),
        ends=inner.text("ends"),
        unfinished=inner.texts("unfinished"),
    )
    if not made.ends.isascii():
        inner.fault("ends-ascii", "'ends' may hold ASCII letters and signs only", inner.place("ends"), 'ends: "T*"')
    inner.done()
    return made


def _folders(k: Keys, name: str, known: Words) -> dict[str, Keys]:
    found: dict[str, Keys] = {}
    for key, node in k.mapping(name) or ():
        folder = key.text.strip("/")
        if folder in found:
            k.fault(
                "site-folder",
                f"the folder {folder} stands twice under '{name}'",
                key.rule,
                "keep one, with all its mappings",
            )
        found[folder] = _keys(k, key.text, node, known)
    return found


def _keys(k: Keys, folder: str, node: Node, known: Words) -> Keys:
    """Give a folder's words, also where it is only the names of its mappings."""
    whole = (
        node
        if isinstance(node, Entries)
        else Entries(((Scalar("mappings", quoted=False, rule=node.rule), node),), node.rule)
    )
    inner = Keys(whole, k.findings, f"in the folder {folder}", names(known))
    if not inner.has("mappings"):
        k.fault("yaml-missing", f"'mappings' is missing in the folder {folder}", node.rule, "mappings: ship.yaml")
    return inner
