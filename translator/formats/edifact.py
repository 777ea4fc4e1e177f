"""EDIFACT: UNH to UNT inside UNB, with or without groups (UNG); the marks are those of a UNA, else the usual ones.

The release character makes the next one plain, read and written. Where the UNA says that the decimal mark is a comma,
numbers are read and written with it, whatever a field says. Counts and references are checked when read, as `check` of
each trailer says, and filled in when written. A group is counted and checked, but is no record.
"""

from __future__ import annotations

from typing import Final

from translator.formats.dialect import Dialect, Level, Told
from translator.formats.format import Format, Option
from translator.formats.habits import options
from translator.formats.marks import Marks, declared_marks, marks
from translator.formats.segment_format import segment_format
from translator.formats.segments import BLANK, SHARED, WIDTH, Opening
from translator.formats.told import EDIFACT
from translator.mapping.envelope import Envelope
from translator.mapping.layout import MappingFile

OPTIONS: Final = (
    *SHARED,
    WIDTH,
    *marks("+", ":", "'"),
    Option("release", "what makes the next character plain; `none` where there is no such thing", "?"),
    Option("decimal", "the decimal mark: as written, and as read where no UNA says it", ".", (".", ",")),
    Option("una", "whether a written file says its marks in a UNA", "true", ("true", "false")),
    Option("interchange", "whether UNH stands in UNB; `false`: the file begins with UNH", "true", ("true", "false")),
    *options("edifact"),
)
SERVICE: Final = 9  # characters of a UNA
LAYOUT: Final = """
UNB:
  times: 0..
  fields:
    charset: {at: 1.1, default: UNOC}
    syntax: {at: 1.2, default: "3"}
    sender: {at: 2.1, default: ""}
    sender_qualifier: {at: 2.2, default: ""}
    sender_address: {at: 2.3, default: ""}
    receiver: {at: 3.1, default: ""}
    receiver_qualifier: {at: 3.2, default: ""}
    receiver_address: {at: 3.3, default: ""}
    date: {at: 4.1, from: "now | date('%y%m%d')"}
    time: {at: 4.2, from: "now | date('%H%M')"}
    control: {at: 5, from: counter('edifact-interchange')}
    password: {at: 6, default: ""}
    application: {at: 7, default: ""}
    priority: {at: 8, default: ""}
    acknowledge: {at: 9, default: ""}
    agreement: {at: 10, default: ""}
    test: {at: 11, default: ""}
  records:
    UNH:
      times: 0..
      fields:
        control: {at: 1, default: "1"}
        kind: {at: 2.1, default: ""}
        version: {at: 2.2, default: D}
        release: {at: 2.3, default: 96A}
        agency: {at: 2.4, default: UN}
        association: {at: 2.5, default: ""}
        reference: {at: 3, default: ""}
      records:
        UNT:
          times: 0..1
          fields: {count: {default: ""}, control: {default: ""}}
    UNZ:
      times: 0..1
      fields: {count: {default: ""}, control: {default: ""}}
"""
TURNS: Final = "{{each: {kind} in batch, fields: {{control: {{from: loop.index}}}}}}"
LEVELS: Final = (
    Level("UNB", "UNZ", (5, 0)),
    Level("UNG", "UNE", (5, 0)),
    Level("UNH", "UNT", (1, 0)),
)
SAID: Final = {
    "UNB": {
        "sender": (2, 1),
        "senderQualifier": (2, 2),
        "receiver": (3, 1),
        "receiverQualifier": (3, 2),
        "interchange": (5, 0),
    },
    "UNH": {"control": (1, 0), "set": (2, 1), "version": (2, 2), "release": (2, 3), "agency": (2, 4)},
}


def declared(mapping: MappingFile) -> Marks:
    """Give the marks that the mapping says."""
    release = mapping.options.get("release", "?")
    decimal = mapping.options.get("decimal", ".")
    return Marks(**declared_marks(mapping), release="" if release == "none" else release, decimal=decimal)


def detect(head: str, mapping: MappingFile) -> tuple[Marks, int] | None:
    """Find the marks in the UNA at the beginning of a text."""
    if not head.startswith("UNA") or len(head) < SERVICE:
        return None
    component, element, decimal, release, repetition, segment = tuple(head[3:SERVICE])
    repeats = repetition if repetition not in BLANK and not repetition.isalnum() else ""
    found = Marks(element, component, segment, repeats, "" if release == " " else release, decimal=decimal)
    if len({*found.all}) < len(found.all):
        return None
    return found, SERVICE


def _una(found: Marks, mapping: MappingFile) -> str:
    if mapping.options.get("una") == "false" or mapping.options.get("interchange") == "false":
        return ""
    return f"UNA{found.component}{found.element}{found.decimal}{found.release or ' '}{found.repetition or ' '}"


def _finish(level: Level, elements: list[str], _: Marks, mapping: MappingFile, told: Told) -> list[str]:
    """Say which elements of a header lack what nobody can guess."""
    if level.header == "UNB":
        for number in (2, 3):
            if len(elements) < number or not elements[number - 1]:
                name = "sender" if number == 2 else "receiver"
                told(f"UNB-{number:02d}", f"names nobody: envelope: {{UNB: {{{name}: partner.…}}}}")
    if level.header == "UNH" and (len(elements) < 2 or elements[1].startswith(":")):
        told("UNH-02-01", "says no kind: envelope: {UNH: {kind: {is: ORDERS}}}")
    return elements


ENVELOPE: Final = Envelope("edifact", (("UNB", "UNZ"), ("UNH", "UNT")), LAYOUT, TURNS)
OPENING: Final = Opening(("UNA", "UNB"), detect, declared)
DIALECT: Final = Dialect(
    "edifact", OPENING, LEVELS, ENVELOPE, plain=False, finish=_finish, before=_una, said=SAID, telling=EDIFACT
)
FORMAT: Final[Format] = segment_format(DIALECT, OPTIONS)
