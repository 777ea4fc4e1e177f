"""X12: transactions in ISA and GS headers, or bare; the marks are those that the ISA declares.

An ISA of the right widths tells its marks by position; one whose elements are not filled up tells them by counting. A
written ISA is always filled up. There is no way to release a mark: one inside a value is a finding when written. Counts
and control numbers are checked when read, as `check` of each trailer says, and filled in when written.
"""

from __future__ import annotations

from typing import Final

from translator.formats.dialect import Dialect, Level, Told
from translator.formats.format import Format, Option
from translator.formats.habits import WIDTHS, options
from translator.formats.marks import Marks, declared_marks, marks
from translator.formats.segment_format import segment_format
from translator.formats.segments import BLANK, SHARED, Opening
from translator.formats.told import X12
from translator.mapping.envelope import Envelope
from translator.mapping.layout import MappingFile

OPTIONS: Final = (
    *SHARED,
    *marks("*", ">", "~"),
    Option("interchange", "whether transactions stand in ISA and GS; `false`: the file begins with ST", "true", ("true", "false")),
    *options("x12"),
)  # fmt: skip
REPEATING: Final = "00402"  # the first version whose ISA11 is a mark
MARKS: Final = frozenset({"ISA-11", "ISA-16"})  # what stands there are marks themselves
LAYOUT: Final = """
ISA:
  times: 0..
  fields:
    authorization_kind: {len: 2, default: "00"}
    authorization: {max: 10, default: ""}
    security_kind: {len: 2, default: "00"}
    security: {max: 10, default: ""}
    sender_qualifier: {max: 2, default: ZZ}
    sender: {max: 15, default: ""}
    receiver_qualifier: {max: 2, default: ZZ}
    receiver: {max: 15, default: ""}
    date: {from: "now | date('%y%m%d')"}
    time: {from: "now | date('%H%M')"}
    separator: {max: 1, default: ""}
    version: {len: 5, default: "00401"}
    control: {from: counter('x12-interchange'), len: 9, pad: 0}
    acknowledge: {max: 1, default: "0"}
    usage: {max: 1, default: P}
    component: {max: 1, default: ""}
  records:
    TA1:
      each: none_here in []
      fields:
        control: {default: ""}
        date: {default: ""}
        time: {default: ""}
        code: {default: ""}
        note: {default: ""}
    GS:
      times: 0..
      fields:
        code: {default: ""}
        sender: {default: ""}
        receiver: {default: ""}
        date: {from: "now | date('%Y%m%d')"}
        time: {from: "now | date('%H%M')"}
        control: {from: counter('x12-group')}
        agency: {default: X}
        version: {default: "004010"}
      records:
        ST:
          times: 0..
          fields:
            set: {max: 3, default: ""}
            control: {default: "0001"}
            convention: {default: ""}
          records:
            SE:
              times: 0..1
              fields: {count: {default: ""}, control: {default: ""}}
        GE:
          times: 0..1
          fields: {count: {default: ""}, control: {default: ""}}
    IEA:
      times: 0..1
      fields: {count: {default: ""}, control: {default: ""}}
"""
TURNS: Final = "{{each: {kind} in batch, fields: {{control: {{from: loop.index, len: 4, pad: 0}}}}}}"
LEVELS: Final = (
    Level("ISA", "IEA", (13, 0)),
    Level("GS", "GE", (6, 0)),
    Level("ST", "SE", (2, 0)),
)
SAID: Final = {
    "ISA": {
        "senderQualifier": (5, 0),
        "sender": (6, 0),
        "receiverQualifier": (7, 0),
        "receiver": (8, 0),
        "interchange": (13, 0),
    },
    "GS": {"code": (1, 0), "control": (6, 0), "version": (8, 0)},
    "ST": {"set": (1, 0), "control": (2, 0)},
}


def declared(mapping: MappingFile) -> Marks:
    """Give the marks that the mapping says."""
    return Marks(**declared_marks(mapping))


def detect(head: str, mapping: MappingFile) -> tuple[Marks, int] | None:
    """Find the marks in the ISA at the beginning of a text."""
    if not head.startswith("ISA") or len(head) < 20 or head[3].isalnum():
        return None
    element = head[3]
    at = 3
    for _ in range(15):
        at = head.find(element, at + 1)
        if at < 0:
            return None
    component, segment = _ends(head, at + 1)
    if not segment:
        return None
    separator, version = _nth(head, element, 11), _nth(head, element, 12)
    repetition = separator if version >= REPEATING and len(separator) == 1 and not separator.isalnum() else ""
    return Marks(element, component if component != element else "", segment, repetition), 0


def _nth(head: str, element: str, number: int) -> str:
    return head.split(element, number + 1)[number].strip()


def _ends(head: str, at: int) -> tuple[str, str]:
    """Give the component mark and the mark that ends segments: the first may be missing, with the second in its place."""
    component, segment = head[at : at + 1], head[at + 1 : at + 2]
    after = head[at + 1 :].lstrip(BLANK)
    line = after.partition("\n")[0].rstrip("\r")
    if segment and segment in BLANK and component != head[3] and line.endswith(component):
        return "", component  # `*P*~`, a line end, and the next line ends in `~` as well
    return component, segment


def _finish(level: Level, elements: list[str], marks: Marks, mapping: MappingFile, told: Told) -> list[str]:
    """Fill up an ISA; say which elements of a header lack what nobody can guess."""
    if level.header == "GS" and not (elements and elements[0]):
        told("GS-01", "says no group: envelope: {GS: {code: {text: OW}}}")
    if level.header != "ISA":
        return elements
    said = [*elements, *[""] * len(WIDTHS)][: len(WIDTHS)]
    said[10] = said[10] or (marks.repetition if marks.repetition and said[11] >= REPEATING else "U")
    said[15] = marks.component or ">"
    for number in (6, 8):
        if not said[number - 1].strip():
            told(
                f"ISA-{number:02d}",
                f"names nobody: envelope: {{ISA: {{{'sender' if number == 6 else 'receiver'}: partner.…}}}}",
            )
    made = list(map(str.ljust, said, WIDTHS))
    if tuple(map(len, made)) != WIDTHS:
        for number, (text, width) in enumerate(zip(said, WIDTHS, strict=True), 1):
            if len(text) > width:
                told(f"ISA-{number:02d}", f"has {len(text)} characters, {width} at most")
    return made


ENVELOPE: Final = Envelope("x12", tuple((one.header, one.trailer) for one in LEVELS), LAYOUT, TURNS)
DIALECT: Final = Dialect(
    "x12",
    Opening(("ISA",), detect, declared),
    LEVELS,
    ENVELOPE,
    plain=True,
    finish=_finish,
    filled="ISA",
    own=MARKS,
    said=SAID,
    telling=X12,
)
FORMAT: Final[Format] = segment_format(DIALECT, OPTIONS)
