"""The folders of a warehouse system: which mappings write into one or read out of it, and how.

A folder is the name of a mapping, a list of them, or, where there is more to say: {mappings: …, …}.
"""

from __future__ import annotations

from translator.config import words
from translator.config.site import Into, OutOf
from translator.config.times import seconds
from translator.mapping.strict import Entries, Keys, Node, Scalar
from translator.mapping.words import Words, names


def into(k: Keys) -> dict[str, Into]:
    """Take `to`: the folders that are written into."""
    return {folder: _into(inner) for folder, inner in _folders(k, "to", words.TO).items()}


def out_of(k: Keys) -> dict[str, OutOf]:
    """Take `from`: the folders that are read out of."""
    return {folder: _out_of(inner) for folder, inner in _folders(k, "from", words.FROM).items()}


def _into(k: Keys) -> Into:
    made = Into(k.texts("mappings"))
    k.done()
    return made


def _out_of(k: Keys) -> OutOf:
    made = OutOf(k.texts("mappings"), quiet=seconds(k, "quiet", 0.0) if k.has("quiet") else None)
    k.done()
    return made


def _folders(k: Keys, name: str, known: Words) -> dict[str, Keys]:
    entries = k.mapping(name)
    return {key.text.strip("/"): _keys(k, key.text, node, known) for key, node in entries} if entries else {}


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
