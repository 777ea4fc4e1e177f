"""TRADACOMS: MHD to MTR between STX and END; the marks are fixed, `=` stands behind the tag, `?` makes the next one plain.

Files are often broken into lines of a fixed width in the midst of values: `width` takes such line ends out, and puts
them in when written. Counts are checked when read, as `check` of each trailer says, and filled in when written.
"""

from __future__ import annotations

from typing import Final

from translator.formats.dialect import Dialect, Level, Told
from translator.formats.format import Format
from translator.formats.habits import options
from translator.formats.marks import Marks
from translator.formats.segment_format import segment_format
from translator.formats.segments import SHARED, WIDTH, Opening
from translator.mapping.envelope import Envelope
from translator.mapping.layout import MappingFile

OPTIONS: Final = (*SHARED, WIDTH, *options("tradacoms"))
MARKS: Final = Marks("+", ":", "'", release="?", tag="=")
LAYOUT: Final = """
STX:
  times: 0..
  fields:
    syntax: {at: 1.1, default: ANA}
    version: {at: 1.2, default: "1"}
    sender: {at: 2.1, default: ""}
    sender_name: {at: 2.2, default: ""}
    receiver: {at: 3.1, default: ""}
    receiver_name: {at: 3.2, default: ""}
    date: {at: 4.1, from: "now | date('%y%m%d')"}
    time: {at: 4.2, from: "now | date('%H%M%S')"}
    control: {at: 5, from: counter('tradacoms-transmission')}
    password: {at: 6, default: ""}
    application: {at: 7, default: ""}
    priority: {at: 8, default: ""}
  records:
    MHD:
      times: 0..
      fields:
        control: {at: 1, default: "1"}
        kind: {at: 2.1, default: ""}
        version: {at: 2.2, default: "9"}
      records:
        MTR:
          times: 0..1
          fields: {count: {default: ""}}
    END:
      times: 0..1
      fields: {count: {default: ""}}
"""
TURNS: Final = "{{each: {kind} in batch, fields: {{control: {{from: loop.index}}}}}}"
LEVELS: Final = (Level("STX", "END"), Level("MHD", "MTR"))


def _finish(level: Level, elements: list[str], _: Marks, mapping: MappingFile, told: Told) -> list[str]:
    """Say which elements of a header lack what nobody can guess."""
    for number, name in ((2, "sender"), (3, "receiver")) if level.header == "STX" else ():
        if len(elements) < number or not elements[number - 1]:
            told(f"STX-{number:02d}", f"names nobody: envelope: {{STX: {{{name}: partner.…}}}}")
    return elements


ENVELOPE: Final = Envelope("tradacoms", tuple((one.header, one.trailer) for one in LEVELS), LAYOUT, TURNS)
OPENING: Final = Opening(("STX",), lambda _, __: (MARKS, 0), lambda _: MARKS)
DIALECT: Final = Dialect("tradacoms", OPENING, LEVELS, ENVELOPE, plain=False, finish=_finish)
FORMAT: Final[Format] = segment_format(DIALECT, OPTIONS)
