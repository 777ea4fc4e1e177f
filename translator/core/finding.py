"""What is wrong or odd, where in the data, where in the mapping, and what to do about it.

Four exceptions, by whose fault it is; everything else that is raised is our own fault.
"""

from __future__ import annotations

import traceback
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from difflib import get_close_matches
from enum import StrEnum
from itertools import chain, islice
from typing import Any, Literal, overload

NEAR = 500  # words that are looked through for a near one: it costs time for each
OURS = "/translator/"  # in the file names of a traceback
MOST = 100  # findings shown for one file: the list is whole up to here, then it says how many more


class Severity(StrEnum):
    """How bad a finding is."""

    ERROR = "error"
    WARNING = "warning"
    INFO = "info"


@dataclass(frozen=True, slots=True)
class Place:
    """A place in a text or a tree: what is not known is left empty (0 or "")."""

    file: str = ""
    line: int = 0
    column: int = 0
    record: str = ""
    field: str = ""
    path: str = ""  # XPath, JSON pointer, segment and element

    def __str__(self) -> str:
        where = self.file or "-"
        if self.line:
            where += f":{self.line}"
            if self.column:
                where += f":{self.column}"
        if self.path:
            where += f" {self.path}"
        if self.record or self.field:
            where += f" ({' '.join(part for part in (self.record, self.field) if part)})"
        return where

    def as_json(self) -> dict[str, Any]:
        """Give only what is known."""
        return {name: value for name in self.__slots__ if (value := getattr(self, name))}


class Places(Sequence[Place]):
    """The places of records of one kind in one file: made when they are asked for, since hardly anybody asks."""

    __slots__ = ("_file", "_lines", "_record")

    def __init__(self, file: str, record: str, lines: Sequence[int]) -> None:
        self._file = file
        self._record = record
        self._lines = lines

    def __len__(self) -> int:
        return len(self._lines)

    @overload
    def __getitem__(self, number: int) -> Place: ...
    @overload
    def __getitem__(self, number: slice) -> Places: ...
    def __getitem__(self, number: int | slice) -> Place | Places:
        if isinstance(number, slice):
            return Places(self._file, self._record, self._lines[number])
        return Place(self._file, self._lines[number], record=self._record)

    @property
    def lines(self) -> Sequence[int]:
        """Give the lines."""
        return self._lines

    def alike(self, other: Places) -> bool:
        """Tell places of the same record in the same file."""
        return (self._file, self._record) == (other._file, other._record)

    def holds(self, place: Place) -> bool:
        """Tell a place that is like these but for its line."""
        return place == Place(self._file, place.line, record=self._record)

    def with_lines(self, lines: Iterable[int]) -> Places:
        """Give other places in the same file."""
        return Places(self._file, self._record, list(lines))

    def __eq__(self, other: object) -> bool:
        return tuple(self) == tuple(other) if isinstance(other, tuple | Places) else NotImplemented

    def __hash__(self) -> int:
        return hash(tuple(self))

    def __repr__(self) -> str:
        return repr(tuple(self))


class Standing(Sequence[Place]):
    """The places of records of several kinds near one line: made when they are asked for, since hardly anybody asks."""

    __slots__ = ("_file", "_line", "_records")

    def __init__(self, file: str, line: int, records: Sequence[tuple[int, str]]) -> None:
        self._file = file
        self._line = line
        self._records = records  # how many lines on, and the name

    def __len__(self) -> int:
        return len(self._records)

    @overload
    def __getitem__(self, number: int) -> Place: ...
    @overload
    def __getitem__(self, number: slice) -> Standing: ...
    def __getitem__(self, number: int | slice) -> Place | Standing:
        if isinstance(number, slice):
            return Standing(self._file, self._line, self._records[number])
        further, name = self._records[number]
        return Place(self._file, self._line + further, record=name)

    def __eq__(self, other: object) -> bool:
        return tuple(self) == tuple(other) if isinstance(other, tuple | Standing) else NotImplemented

    def __hash__(self) -> int:
        return hash(tuple(self))

    def __repr__(self) -> str:
        return repr(tuple(self))


def joined(parts: Sequence[Sequence[Place]]) -> Sequence[Place]:
    """Put places together: those of one kind of record in one file need not be made for it."""
    first = next((part for part in parts if isinstance(part, Places)), None)
    if first is not None and len(parts) == 1:
        return first
    if first is None:
        return tuple(chain.from_iterable(parts))
    lines: list[int] = []
    for part in parts:
        if isinstance(part, Places) and part.alike(first):
            lines.extend(part.lines)
        elif all(map(first.holds, part)):
            lines.extend(place.line for place in part)
        else:
            return tuple(chain.from_iterable(parts))
    return first.with_lines(lines)


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing wrong or odd: a stable code, a sentence, a place in the data and in the mapping, a hint.

    The sentence never holds a personal value: values enter it through `core.private.shown`.
    """

    code: str
    text: str
    data: Place | None = None
    rule: Place | None = None
    hint: str = ""
    severity: Severity = Severity.ERROR

    def at(self, data: Place | None = None, rule: Place | None = None) -> Finding:
        """Give the same finding with places it does not have yet."""
        return replace(self, data=self.data or data, rule=self.rule or rule)

    def __str__(self) -> str:
        places = [str(self.data)] if self.data else []
        line = f"{' '.join(places) or str(self.rule or '-')}: {self.severity} {self.code}: {self.text}"
        if self.rule and self.data:
            line += f" [mapping {self.rule}]"
        return f"{line} (hint: {self.hint})" if self.hint else line

    def as_json(self) -> dict[str, Any]:
        """Give the finding as plain JSON values."""
        body: dict[str, Any] = {"code": self.code, "severity": str(self.severity), "text": self.text}
        if self.data:
            body["data"] = self.data.as_json()
        if self.rule:
            body["mapping"] = self.rule.as_json()
        if self.hint:
            body["hint"] = self.hint
        return body


def finding_from_json(body: dict[str, Any]) -> Finding:
    """Read back what `Finding.as_json` gave."""
    return Finding(
        code=body["code"],
        text=body["text"],
        data=Place(**body["data"]) if "data" in body else None,
        rule=Place(**body["mapping"]) if "mapping" in body else None,
        hint=body.get("hint", ""),
        severity=Severity(body["severity"]),
    )


def errors(findings: Iterable[Finding]) -> list[Finding]:
    """Give those that stop a document."""
    return [finding for finding in findings if finding.severity is Severity.ERROR]


def counted(count: int, what: str) -> str:
    """Write how many: `1 file`, `1,200 files`."""
    return f"{count:,} {what}{'' if count == 1 else 's'}"


def are(count: int) -> str:
    """Give the verb to so many."""
    return "is" if count == 1 else "are"


def suggestion(word: str, known: Iterable[str]) -> str:
    """Say which known word was probably meant; empty when none is near."""
    near = get_close_matches(word, list(islice(known, NEAR)), n=1, cutoff=0.6)
    return f"did you mean '{near[0]}'?" if near else ""


class Rejected(Exception):
    """The data of a sender is at fault: never retried, an answer goes back."""

    def __init__(self, findings: Sequence[Finding]) -> None:
        self.findings = tuple(findings)
        super().__init__("; ".join(str(finding) for finding in self.findings[:3]))


class Misconfigured(Exception):
    """The person is at fault: found at load, exit code 2."""

    def __init__(self, findings: Sequence[Finding]) -> None:
        self.findings = tuple(findings)
        super().__init__("\n".join(str(finding) for finding in self.findings[:MOST]))


Trouble = Literal["", "away", "torn", "login", "host-key"]


class Unavailable(Exception):
    """The world is at fault: the lane closes until later. `wait`: seconds, where the other side said.

    `sort`: "away": nobody answers, whatever is asked; else it may be this one thing alone. "torn": who was asked to give a
    file its name died over it, and may have done half. What
    time alone does not mend: "login": the other side refused who we are, and may lock the account when it is asked
    again and again; "host-key": it is not the server that is pinned, and nothing may be sent there.
    """

    def __init__(self, reason: str, wait: float = 0.0, *, sort: Trouble = "") -> None:
        self.reason = reason
        self.wait = wait
        self.sort: Trouble = sort
        super().__init__(reason)

    @property
    def stops(self) -> bool:
        """Tell whether time alone does not mend it."""
        return self.sort in ("login", "host-key")


class Unknown(Exception):
    """It may have happened: from `put` alone, never retried, settled by looking."""

    def __init__(self, reason: str) -> None:
        self.reason = reason
        super().__init__(reason)


class Elsewhere(Exception):
    """A fault of our own in another process: the name of what was raised there, and its places."""

    def __init__(self, name: str, trace: Sequence[str]) -> None:
        self.name = name
        self.trace = tuple(trace)
        super().__init__(name)


def fault_of(error: Exception) -> tuple[str, list[str]]:
    """Give the name and the places of a fault of our own, never its text: it may quote a person."""
    if isinstance(error, Elsewhere):
        return error.name, list(error.trace)
    frames = [frame for frame in traceback.extract_tb(error.__traceback__) if OURS in frame.filename]
    return type(error).__name__, [
        f"{frame.filename.rpartition(OURS)[2]}:{frame.lineno} {frame.name}" for frame in frames[-6:]
    ]


@dataclass(slots=True)
class Findings:
    """Collect findings on the way, so that a person gets all of them, not the first.

    `most`: with so many of them the rest is not worth looking at, and Misconfigured is raised; 0: no end.
    """

    found: list[Finding] = field(default_factory=list)
    most: int = 0

    def add(self, finding: Finding) -> None:
        """Take one more."""
        self.found.append(finding)
        if self.most and len(self.found) >= self.most:
            raise Misconfigured(self.found)

    @property
    def failed(self) -> bool:
        """Tell whether any of them is an error."""
        return any(finding.severity is Severity.ERROR for finding in self.found)
