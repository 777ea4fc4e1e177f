"""A draft: what a file looks like, made a mapping. It loads, whatever was guessed: what does not is taken out, with TODO.

Nothing of a sample's data is in it but what the layout needs: titles of columns, names of elements, codes of records.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

from translator.cli.behind.scaffold import reads
from translator.cli.behind.scaffold.lists import is_list, list_shape
from translator.cli.behind.scaffold.segments import not_segments
from translator.cli.behind.scaffold.shape import Shape, all_sections, named
from translator.cli.behind.scaffold.texts import decoded, text_shape
from translator.cli.behind.scaffold.trees import json_shape, xml_shape
from translator.cli.behind.scaffold.writes import writing
from translator.cli.behind.scaffold.yaml import written
from translator.core.finding import Finding, Misconfigured, Place, suggestion
from translator.translation import load

WRITES: Final = ("order", "cancellation")
_TRIES: Final = 40
_SIZED: Final = re.compile(
    r"(?P<key>\s*\S+:\s+)\{(?P<place>(?:at: [^,{}]+, )?(?:len|max): \d+), (?!text: \"\"\})(?P<rest>.*)"
)


@dataclass(frozen=True, slots=True)
class Draft:
    """The text of a mapping, and the lines in it that a person has to look at."""

    text: str
    guesses: tuple[Place, ...]
    todo: tuple[Place, ...]


def draft(
    data: bytes, file: str, *, writes: str = "", reads_: str = "", form: str = "", listed: bool | None = None
) -> Draft:
    """Make a draft. `listed`: the file is a list of fields, or is none; None: look. Raises Misconfigured."""
    kind = writes or reads_
    known = WRITES if writes else reads.KINDS
    if kind not in known:
        text = f"scaffold knows no {'writing' if writes else 'reading'} of '{kind}'"
        raise Misconfigured(
            [Finding("scaffold-kind", text, hint=suggestion(kind, known) or f"known: {', '.join(known)}")]
        )
    shape = _shape(data, form, listed)
    for section in all_sections(shape.sections):
        named(section.columns)
    _named(shape)
    lines = writing(shape, kind, file) if writes else reads.reading(shape, kind, _pattern(file))
    head = [f"# Drafted by `translator scaffold` from {'a list of fields' if shape.listed else 'a sample'}.",
            "# What it guessed says `guess`, what it does not know says TODO. Look with `translator preview`."]  # fmt: skip
    return _checked("\n".join([*head, *(f"# {note}" for note in shape.notes), *written(lines)]) + "\n")


def _shape(data: bytes, form: str, listed: bool | None) -> Shape:
    text, _ = decoded(data)
    if not form:
        not_segments(text)
    start = text.lstrip("\ufeff \t\r\n")[:1]
    if start == "<" and not listed:
        return xml_shape(data)
    if start in "{[" and start and not listed:
        return json_shape(data)
    if listed or (listed is None and is_list(text)):
        return list_shape(text, form)
    return text_shape(data, form)


def _named(shape: Shape) -> None:
    """Give each record a name of its own."""
    taken: set[str] = set()
    for section in all_sections(shape.sections):
        while section.name in taken:
            section.name += "_"
        taken.add(section.name)


def _pattern(file: str) -> str:
    """Make of the name of a sample the names to take: `SHIP000123.csv` is one of `SHIP{word}.csv`."""
    stem, dot, ending = file.rpartition(".")
    first = re.match(r"[A-Za-z]+", stem or file)
    return f"{first[0] if first else ''}{{word}}{dot}{ending if dot else ''}"


def _checked(text: str) -> Draft:
    """Take out what does not load, until it does."""
    for _ in range(_TRIES):
        try:
            load("draft/draft.yaml", text.encode(), lambda name: None)
        except Misconfigured as error:
            text = _mended(text, error.findings[0])
        else:
            break
    return Draft(text, _places(text, "# guess"), _places(text, "TODO"))


def _mended(text: str, finding: Finding) -> str:
    """Make a line that does not load one that says so. A field with a length keeps its room, for those behind it."""
    lines = text.split("\n")
    line = finding.rule.line if finding.rule and finding.rule.line else 0
    if not 0 < line <= len(lines) or lines[line - 1].lstrip().startswith("#"):
        raise Misconfigured([finding])
    before = lines[line - 1]
    indent = before[: len(before) - len(before.lstrip())]
    if sized := _SIZED.fullmatch(before):
        blank = ', text: ""' if any(one.startswith("writes: ") for one in lines) else ""
        lines[line - 1] = f"{sized['key']}{{{sized['place']}{blank}}}  # TODO {finding.text}: {{{sized['rest']}"
        return "\n".join(lines)
    lines[line - 1] = f"{indent}# TODO {finding.text}: {before.strip()}"
    return "\n".join(lines)


def _places(text: str, word: str) -> tuple[Place, ...]:
    lines = enumerate(text.split("\n"), 1)
    return tuple(Place("", number, line.index(word) + 1) for number, line in lines if word in line and number > 2)
