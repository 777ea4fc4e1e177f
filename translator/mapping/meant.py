"""What a field says that cannot be meant: words that exclude each other, that want another, that nothing would come of."""

from __future__ import annotations

import re
from typing import Final

from translator.core.finding import suggestion
from translator.mapping.field_faults import faults
from translator.mapping.layout import Field
from translator.mapping.segments import REPETITION
from translator.mapping.source import Source, charset
from translator.mapping.strict import Keys
from translator.mapping.words import SIGNS, VALUES

_IN_CELLS: Final = ("csv", "fixed")  # formats where a group may stand inside one cell
_OWN: Final = {"xml": "at: .", "json": "at: ."}  # the value of an entry that holds nothing else
_NUMBER: Final = re.compile(r"[0-9]{1,12}(\.[0-9]{1,6})?")
_WRITTEN: Final = ("from", "maybe", "redacted", "when", "each", "cdata")  # words of a layout that nothing is read by
_WANTS: Final = (("reverse", "lookup"), ("miss", "lookup"), ("tolerance", "equals"), ("dst", "zone"))
_EXCLUDE: Final = (("truncate", "rest"), ("len", "max"))


def check(found: Field, words: Keys, source: Source, *, leaf: bool, parted: bool = False) -> None:
    """Check one field, or a leaf of a picture. `parted`: it stands inside the place of a group, as long as that is."""
    _beside(words)
    for key, text, hint in faults(found, writes=source.writes):
        words.fault("mapping-convert", text, words.place(key), hint)
    if found.tolerance and not _NUMBER.fullmatch(found.tolerance):
        words.fault("yaml-value", "'tolerance' wants a number", words.place("tolerance"), "tolerance: 0.5")
    if leaf:
        _leaf(found, words)
    else:
        _direction(found, words, source)
        _place(found, words, source)
        if source.format == "fixed" and found.len is None and not parted and (found.split or not found.fields):
            text = f"the field '{found.name}' of a fixed layout wants 'len'"
            words.fault("mapping-fixed-len", text, found.rule, _length(found, source))


def _beside(words: Keys) -> None:
    values = [name for name in VALUES if words.has(name)]
    for name in values[1:]:
        text = f"'{name}' and '{values[0]}' both say what stands here"
        words.fault("mapping-value", text, words.place(name), "keep one of them")
    for name, other in _EXCLUDE:
        if words.has(name) and words.has(other):
            words.fault("mapping-value", f"'{name}' and '{other}' exclude each other", words.place(other))
    for name, wanted in _WANTS:
        if words.has(name) and not words.has(wanted):
            words.fault("mapping-value", f"'{name}' wants '{wanted}'", words.place(name))


def _leaf(found: Field, words: Keys) -> None:
    if found.sign_of:
        hint = suggestion(found.sign_of, SIGNS) or f"say it in the layout, or here one of {' '.join(SIGNS)}"
        words.fault("mapping-sign", "in a picture 'sign' cannot name a field", words.place("sign"), hint)


def _direction(found: Field, words: Keys, source: Source) -> None:
    if found.zone_from:
        hint = "zone: America/Chicago, or zone: warehouse" if source.writes else "put date and zone into the picture"
        words.fault("mapping-direction", "the zone of a field in a layout is a name", words.place("zone"), hint)
    if source.writes and found.must:
        hint = "say it at the record, or in the picture"
        words.fault("mapping-direction", "'must' of a group is for reading", words.place("must"), hint)
    for name in () if source.writes else _WRITTEN:
        if words.has(name):
            hint = "what is read is asked for in 'documents'"
            words.fault("mapping-direction", f"'{name}' in a layout is for writing", words.place(name), hint)


def _place(found: Field, words: Keys, source: Source) -> None:
    if found.charset:
        charset(found.charset, words)
    for name, format in (("charset", "fixed"), ("cdata", "xml"), ("quoted", "csv"), ("formula_guard", "csv")):
        if words.has(name) and source.format != format:
            words.fault("mapping-format", f"'{name}' of a field is for format: {format}", words.place(name))
    if found.split and not (found.times.many or found.fields):
        hint = f"{found.name}: {{times: 0.., split: ';'}}"
        words.fault("mapping-times", "'split' wants 'times', or 'fields'", words.place("split"), hint)
    if found.split not in ("", REPETITION) and found.fields and source.format not in _IN_CELLS:
        words.fault("mapping-times", "'split' of a group is for format: csv and fixed", words.place("split"))
    if found.fields:
        return
    if found.times.many and not found.split:
        text = "a field that repeats wants 'fields' or 'split'"
        words.fault("mapping-times", text, words.place("times"), _repeated(found, source))


def _length(found: Field, source: Source) -> str:
    """Say what a field wants: a bare value takes the place of all that a base says of it."""
    bare = source.bases and found == Field(found.name, found.rule, source=found.source)
    return "{from: …} keeps what its base says of it, a bare value replaces that; else len: 10" if bare else "len: 10"


def _repeated(found: Field, source: Source) -> str:
    """Write a field that repeats as a group of its one value, as its format has it."""
    place = f"len: {found.len or 10}" if source.format == "fixed" else _OWN.get(source.format, "")
    if source.writes:
        each = found.source[0].text if found.source else "…"
        return f"{found.name}: {{each: one in {each}, fields: {{value: {{{', '.join(filter(None, (place, 'from: one')))}}}}}}}"
    least, most = found.times.least, found.times.most
    times = str(least) if least == most else f"{least}..{most or ''}"
    return f"{found.name}: {{times: {times}, fields: {{value: {{{place}}}}}}}"


def check_all(found: tuple[Field, ...], source: Source) -> None:
    """Check fields that stand beside each other: what they name is there, and each written one has a value."""
    names = [one.name for one in found]
    targets = {name for one in found for name in (one.rest, one.sign_of)}  # what another one fills
    for number, one in enumerate(found):
        if one.rest and one.rest not in names[number + 1 :]:
            hint = f"later fields: {', '.join(names[number + 1 :]) or 'none'}"
            source.fault("mapping-rest", f"'rest' of '{one.name}' names no later field: '{one.rest}'", one.rule, hint)
        if one.sign_of and (one.sign_of == one.name or one.sign_of not in names):
            hint = suggestion(one.sign_of, [*SIGNS, *names]) or f"{' '.join(SIGNS)}, or a field beside it"
            text = f"'sign' of '{one.name}' is no way to write a sign, and no field beside it: '{one.sign_of}'"
            source.fault("mapping-sign", text, one.rule, hint)
        if source.writes and not _valued(one) and one.name not in targets and not _left_open(one, source):
            hint = "from: a path, text: fixed text; an empty place is text: ''"
            source.fault("mapping-no-value", f"the field '{one.name}' does not say what stands in it", one.rule, hint)


def _left_open(one: Field, source: Source) -> bool:
    """Tell a field of a layout that is there for others: one that a mapping does not fill is nothing."""
    return one.rule.file in source.bases and not one.required


def _valued(one: Field) -> bool:
    said = (one.source, one.text is not None, one.is_, one.equals, one.default is not None, one.fields)
    return any(map(bool, said)) or bool(one.lookup and one.lookup.by)
