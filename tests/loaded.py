"""Every sample with its mapping, each mapping compiled once for all tests of a process, when the first of them asks."""

import re
from functools import cache
from pathlib import Path

from translator.cli.behind.at_hand import loaded
from translator.cli.behind.samples import samples_in

ROOT = Path(__file__).parents[1]
SAMPLES = [sample for folder in (ROOT / "samples", ROOT / "tests/described") for sample in samples_in(folder)]


@cache
def compiled(mapping):
    return loaded(mapping, {})


@cache
def first(mapping, *words):
    """Give which of some words stands first at the top of a mapping, or of what it extends, without compiling it."""
    text = mapping.read_text("utf-8-sig")
    if found := re.search(rf"^({'|'.join(words)}):", text, re.MULTILINE):
        return found[1]
    base = re.search(r"^extends: *(\S+)", text, re.MULTILINE)
    if base is None:
        return None
    beside = mapping.parent / base[1]
    return first(beside if beside.is_file() else mapping.parents[1] / base[1], *words)


def directed(direction, *without):
    """Give the samples of the mappings that go one way, without those at whose top one of these words stands."""
    return [
        sample
        for sample in SAMPLES
        if first(sample.mapping, "reads", "writes") == direction and not (without and first(sample.mapping, *without))
    ]
