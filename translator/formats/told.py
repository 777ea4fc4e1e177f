"""What a finding in a file of segments becomes in the partner's language: the codes of 997 and 999, TA1, and CONTRL.

A code stands at one level: of an element, a segment, a transaction, a group or an interchange. What has no code of its
own is told of its segment (X12: 8, it has data element errors; EDIFACT: 12 or 18). Warnings are told to nobody. What a
standard has no words for (an order that is not known) is no matter of syntax, and becomes no code.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Final, Literal

from translator.core.finding import Finding, Severity
from translator.mapping.layout import Record, every_record
from translator.mapping.segments import tag_of

Level = Literal["element", "segment", "transaction", "group", "interchange"]
UNTOLD: Final = ("about-", "unknown-", "lookup-miss-hold", "limit-findings")  # codes that say nothing of syntax
_UNWRITTEN: Final = "TA1"  # read only: what it would say is told
_PLACE: Final = re.compile(r"([A-Za-z0-9]{2,6})(?:-([0-9]{2,3}))?(?:-([0-9]{2}))?")


Said = dict[str, str]  # what a header says, by the names of an acknowledgement


@dataclass(slots=True)
class Transaction:
    """One transaction: what its header says, and its first and last segment."""

    said: Said
    first: int
    last: int


@dataclass(slots=True)
class Group:
    """A functional group, or an interchange that has none: what its headers say, and what lies in it.

    `counted`: how many transactions its trailer says it holds; None: it does not say. `bare`: it is an interchange in which
    no group has come, though its standard has them: nothing in it is to be answered.
    """

    said: Said
    first: int
    last: int = 0
    transactions: list[Transaction] = field(default_factory=list)
    counted: int | None = None
    bare: bool = False


@dataclass(frozen=True, slots=True)
class Code:
    """A code, and where it stands: `997 AK4 code 8`."""

    level: Level
    code: str
    where: str

    def __str__(self) -> str:
        return f"{self.where} code {self.code}"


@dataclass(frozen=True, slots=True)
class Telling:
    """How a standard tells. `values`: code of a finding -> code of an element; `records`: of a segment.

    `around`: code of a finding and the tag it is about -> level and code, for headers and trailers. `grouped`: what is
    judged is the level around transactions, and of an interchange it is only said that it came whole; else it is the interchange.
    `gap`: a segment that is missing is told by the number of the one before the place where it was missed. `named`: what
    a transaction is named by, and how long that is at most; `tag`: the same of the tag of a segment, 0 where its number is
    enough. What has no such name is not told by itself: it counts in what is told of the level around it.
    """

    values: Mapping[str, str]
    records: Mapping[str, str]
    around: Mapping[tuple[str, str], tuple[Level, str]]
    where: Mapping[Level, str]
    named: Mapping[str, int]
    value: str  # of an element that is wrong in no way that has a code
    record: str  # of a segment that is
    in_error: str = ""  # of a transaction that has segments which are at fault
    other: str = ""  # of a transaction that is wrong in no way that has a code
    grouped: bool = False
    gap: bool = False
    tag: int = 0

    def names(self, said: Mapping[str, Any]) -> bool:
        """Tell whether a transaction has a name by which it can be told."""
        texts = [(str(said.get(name, "")), most) for name, most in self.named.items()]
        return all(0 < len(text) <= most and text.isascii() and text.isprintable() for text, most in texts)

    def tagged(self, segment: Mapping[str, Any]) -> bool:
        """Tell whether a segment has a tag by which it can be told."""
        return not self.tag or 1 < len(segment["tag"]) <= self.tag

    def said(self, finding: Finding) -> Code | None:
        """Give what is answered to a finding; None: nothing is."""
        if finding.severity is not Severity.ERROR or finding.code.startswith(UNTOLD):
            return None
        tag, element, _ = place_of(finding)
        level, code = self._level(finding.code, tag, element)
        if not code and finding.data and finding.data.line:
            level, code = "transaction", self.other
        return Code(level, code, self.where[level]) if code else None

    def _level(self, code: str, tag: str, element: int) -> tuple[Level, str]:
        if found := self.around.get((code, tag)):
            return found
        if code in self.records:
            return "segment", self.records[code]
        if element:
            return "element", self.values.get(code, self.value)
        return "segment", self.record if tag else ""


def place_of(finding: Finding) -> tuple[str, int, int]:
    """Give tag, element and component of a finding, as far as it has them."""
    data = finding.data
    found = _PLACE.fullmatch(data.path) if data else None
    if data is None or found is None:
        return (data.record if data else ""), 0, 0
    return found[1], int(found[2] or 0), int(found[3] or 0)


def hinted(finding: Finding, telling: Telling, records: Sequence[Record]) -> Finding:
    """Give a finding with what is answered to it in its hint, and the tag of its segment where it has no place."""
    said = telling.said(finding)
    if said is None or str(said) in finding.hint:
        return finding
    if finding.data and not finding.data.path:
        tags = {record.name: tag_of(record)[0] for record in every_record(records)}
        finding = replace(finding, data=replace(finding.data, path=tags.get(finding.data.record, "")))
    words = f"{said}, though no TA1 is written" if said.where == _UNWRITTEN else f"answered by {said}"
    return replace(finding, hint="; ".join(part for part in (finding.hint, words) if part))


X12: Final = Telling(
    values={
        "value-required": "1",
        "value-missing": "1",
        "group-missing": "1",
        "element-unknown": "3",
        "limit-columns": "3",
        "value-too-long": "5",
        "value-length": "5",
        "limit-field": "5",
        "charset": "6",
        "character": "6",
        "number-syntax": "6",
        "date-syntax": "8",
        "date-bounds": "8",
    },
    records={"record-unknown": "2", "record-missing": "3"},
    around={
        ("envelope-count", "IEA"): ("interchange", "021"),
        ("envelope-control", "IEA"): ("interchange", "001"),
        ("envelope-open", "IEA"): ("interchange", "023"),
        ("envelope-repeated", "ISA"): ("interchange", "025"),
        ("habit-isa-width", "ISA"): ("interchange", "022"),
        ("habit-isa-marks", "ISA"): ("interchange", "027"),
        ("habit-unended", "IEA"): ("interchange", "004"),
        **dict.fromkeys((("envelope-close", tag) for tag in ("IEA", "GE", "SE")), ("interchange", "022")),
        **dict.fromkeys((("envelope-missing", tag) for tag in ("GS", "ST")), ("interchange", "022")),
        ("envelope-count", "GE"): ("group", "5"),
        ("envelope-control", "GE"): ("group", "4"),
        ("envelope-open", "GE"): ("group", "3"),
        ("envelope-repeated", "GS"): ("group", "19"),
        ("envelope-count", "SE"): ("transaction", "4"),
        ("envelope-control", "SE"): ("transaction", "3"),
        ("envelope-open", "SE"): ("transaction", "2"),
        ("envelope-repeated", "ST"): ("transaction", "23"),
        ("transaction-other", "ST"): ("transaction", "1"),
    },
    where={
        "element": "997 AK4",
        "segment": "997 AK3",
        "transaction": "997 AK5",
        "group": "997 AK9",
        "interchange": _UNWRITTEN,
    },
    named={"set": 3, "control": 9},
    value="7",
    record="8",
    in_error="5",
    other="5",
    grouped=True,
    tag=3,
)
EDIFACT: Final = Telling(
    values={
        "value-required": "13",
        "value-missing": "13",
        "group-missing": "13",
        "element-unknown": "16",
        "limit-columns": "16",
        "value-too-long": "39",
        "value-length": "39",
        "limit-field": "39",
        "charset": "21",
        "character": "21",
        "number-syntax": "37",
    },
    records={"record-unknown": "15", "record-missing": "13"},
    around={
        ("envelope-count", "UNZ"): ("interchange", "29"),
        ("envelope-control", "UNZ"): ("interchange", "28"),
        ("envelope-open", "UNZ"): ("interchange", "13"),
        ("envelope-repeated", "UNB"): ("interchange", "26"),
        **dict.fromkeys((("envelope-close", tag) for tag in ("UNZ", "UNE", "UNT")), ("interchange", "15")),
        **dict.fromkeys((("envelope-missing", tag) for tag in ("UNG", "UNH")), ("interchange", "15")),
        ("envelope-count", "UNE"): ("interchange", "29"),
        ("envelope-control", "UNE"): ("interchange", "28"),
        ("envelope-open", "UNE"): ("interchange", "13"),
        ("envelope-repeated", "UNG"): ("interchange", "26"),
        ("envelope-count", "UNT"): ("transaction", "29"),
        ("envelope-control", "UNT"): ("transaction", "28"),
        ("envelope-open", "UNT"): ("transaction", "13"),
        ("envelope-repeated", "UNH"): ("transaction", "26"),
        ("transaction-other", "UNH"): ("transaction", "14"),
    },
    where={
        "element": "CONTRL UCD",
        "segment": "CONTRL UCS",
        "transaction": "CONTRL UCM",
        "interchange": "CONTRL UCI",
    },
    named={},  # a CONTRL counts nothing: what is not told by itself would be taken
    value="12",
    record="12",
    other="18",
    gap=True,
)
