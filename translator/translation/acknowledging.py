"""What an EDI partner is answered to a file of his: an acknowledgement for each group, out of what was found in it.

A transaction is refused for an error that stands in it, or around it where that stops its documents. Where the file could
not be read to its end, nothing of it goes on, and all of it is refused. What is wrong with an order itself is none of
this: the answer to that is another document.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Final, NamedTuple

from translator.core.document import Document, Tree
from translator.core.finding import Finding, Rejected, errors
from translator.core.tree import pruned
from translator.documents.functional_acknowledgement import REFUSED
from translator.documents.kind import kinds
from translator.formats.format import formats
from translator.formats.told import Code, Group, Level, Telling, Transaction, place_of
from translator.mapping.lost import UNREAD
from translator.translation.compiled import Translation

CODES: Final = 5  # of one group, transaction or segment: there is room for no more
SEGMENTS: Final = 100  # told of one transaction
AROUND: Final = ("group", "interchange")
MISSED: Final = ("record-missing", "envelope-open")  # found at the segment behind the place where it should stand


class Told(NamedTuple):
    """What was found. `entry`: it costs an entry of a level, no more: others of its transaction may be taken."""

    finding: Finding
    code: Code
    entry: bool = False


def standard(translation: Translation) -> str:
    """Name the standard by which files of a mapping are acknowledged; empty: they are not."""
    return translation.format.name if translation.format and translation.format.outline else ""


def groups(translation: Translation, chunks: Iterable[bytes], file: str) -> list[Group]:
    """Give the groups of a file; none where it cannot be parted, or has no headers."""
    if translation.format is None or translation.format.outline is None:
        return []
    try:
        return list(translation.format.outline(chunks, translation.file, file))
    except Rejected:
        return []


def decides(tree: Tree) -> bool:
    """Tell whether an acknowledgement says if documents are taken: not where it only says that an interchange came whole."""
    telling = formats()[tree["standard"]].telling
    whole = telling is not None and telling.grouped and not tree.get("control")
    return bool(tree["status"] != "received" and (tree["status"] == REFUSED or not whole))


def acknowledgements(
    translation: Translation, found: Sequence[Group], documents: Iterable[Document], at: str
) -> Iterator[Tree]:
    """Give what is answered to each group of a file. `documents`: all that was read of the file."""
    telling = translation.format.telling if translation.format else None
    if telling is None:
        return
    levels = all(kinds()[name].level for name in translation.file.kinds)
    told: list[Told] = []
    taken: list[int] = []
    transactions = [one for group in found for one in group.transactions]
    firsts = [one.first for one in transactions]
    free: list[int] = []  # lines of what nothing stops but what is wrong in its own transaction
    stopped = broken = False
    for document in documents:
        own = list(_told(document, telling, levels=levels))
        told += own
        taken += _taken(document)
        broken = broken or any(one.code.level in AROUND or one.finding.code == "transaction-other" for one in own)
        if any(_place(one.finding, transactions, firsts) is None for one in own):
            stopped = True
        elif document.kind != UNREAD:
            free += (place.line for place in document.records)
    taken.sort()
    free.sort()
    for group in found:
        if group.bare:
            continue
        here = [one for one in told if _line(one.finding) <= group.last + 1]
        none = broken or (stopped and not _any(free, group.first, group.last))
        answer = _Answer(group, here, taken, telling, none)
        yield pruned(answer.tree() | {"standard": standard(translation), "at": at})


def _is_whole(document: Document) -> bool:
    """Tell what stands for a file that could not be read: it has errors, and no records."""
    return document.kind == UNREAD and not document.records and document.rejected


def _told(document: Document, telling: Telling, *, levels: bool) -> Iterator[Told]:
    """Give what was found, with its codes. `levels`: all that the file tells are levels, each of which stands alone."""
    if _is_whole(document):
        yield Told(errors(document.findings)[0], Code("interchange", "", ""))
    alone = (levels and document.kind == UNREAD and bool(document.records)) or _has_levels(document)
    for finding in errors(document.findings):
        if code := telling.said(finding):
            small = code.level in ("element", "segment") or (code.level, code.code) == ("transaction", telling.other)
            yield Told(finding, code, alone and small)


def _any(lines: Sequence[int], first: int, last: int) -> bool:
    """Tell whether one of the lines, which are sorted, is of a stretch."""
    return bisect_right(lines, last) > bisect_left(lines, first)


def _place(finding: Finding, transactions: Sequence[Transaction], firsts: Sequence[int]) -> int | None:
    """Give the number of the transaction in which something is wrong; None: it stands around them.

    What one lacks at its end is found right behind that.
    """
    line, missed = _line(finding), finding.code in MISSED
    number = bisect_right(firsts, line - missed) - 1
    return number if number >= 0 and line <= transactions[number].last + missed else None


def _taken(document: Document) -> Iterator[int]:
    """Give where the records stand of which levels are taken."""
    if _has_levels(document):
        yield from (place.line for place in document.records)


def _has_levels(document: Document) -> bool:
    kind = kinds().get(document.kind)
    return kind is not None and kind.level and bool(document.tree.get("items"))


def _line(finding: Finding) -> int:
    return finding.data.line if finding.data else 0


@dataclass(frozen=True, slots=True)
class _Answer:
    """The answer to one group. `told`: what stands in it, or around it; `taken`: lines of levels that are taken, sorted.

    `broken`: nothing of it goes on.
    """

    group: Group
    told: Sequence[Told]
    taken: Sequence[int]
    telling: Telling
    broken: bool

    def tree(self) -> Tree:
        inside, around = self._sorted()
        answers = [self._transaction(one, inside[n]) for n, one in enumerate(self.group.transactions)]
        came, accepted = len(answers), sum(one["status"] != "rejected" for one in answers)
        spotless = all(one["status"] == "accepted" for one in answers)
        level: Level = "group" if "control" in self.group.said else "interchange"
        return {
            **self.group.said,
            "status": "rejected" if self.broken else _status(accepted, came, spotless=spotless),
            "codes": _codes(code.code for code in around if code.level == level),
            "included": came if self.group.counted is None else self.group.counted,
            "received": came,
            "accepted": accepted,
            "transactions": [one for one in answers if self.telling.names(one)],
        }

    def _sorted(self) -> tuple[dict[int, list[Told]], list[Code]]:
        """Part what was found by the transaction it stands in."""
        firsts = [one.first for one in self.group.transactions]
        inside: dict[int, list[Told]] = defaultdict(list)
        around = []
        for one in self.told:
            line = _line(one.finding)
            number = _place(one.finding, self.group.transactions, firsts)
            if one.code.level not in AROUND and number is not None:
                inside[number].append(one)
            elif line >= self.group.first or not line:
                around.append(one.code)
        return inside, around

    def _transaction(self, one: Transaction, found: Sequence[Told]) -> Tree:
        own = [told.code.code for told in found if told.code.level == "transaction"]
        segments = list(self._segments(one, found))
        if segments and self.telling.in_error:
            own.append(self.telling.in_error)
        some = _any(self.taken, one.first, one.last)
        refused = self.broken or any(not (told.entry and some) for told in found)
        status = "rejected" if refused else "errors" if found else "accepted"
        named = [each for each in segments if self.telling.tagged(each)]
        return {**one.said, "status": status, "codes": _codes(own), "segments": named[:SEGMENTS]}

    def _segments(self, one: Transaction, found: Sequence[Told]) -> Iterator[Tree]:
        lines: dict[tuple[int, str], list[Told]] = defaultdict(list)
        for each in found:
            if each.code.level in ("segment", "element"):
                lines[_line(each.finding), place_of(each.finding)[0]].append(each)
        for (number, tag), told in sorted(lines.items()):
            elements = list(_elements(told))
            own = [each.code.code for each in told if each.code.level == "segment"] or [self.telling.record]
            gap = self.telling.gap and any(each.finding.code == "record-missing" for each in told)
            yield {"tag": tag, "number": number - one.first + 1 - gap, "codes": _codes(own), "elements": elements}


def _status(accepted: int, came: int, *, spotless: bool) -> str:
    if accepted == came:
        return "accepted" if spotless else "errors"
    return "partly" if accepted else "rejected"


def _elements(told: Sequence[Told]) -> Iterator[dict[str, Any]]:
    for each in told:
        if each.code.level == "element":
            _, element, component = place_of(each.finding)
            yield {"element": element, "component": component or None, "code": each.code.code}


def _codes(codes: Iterable[str]) -> list[Tree]:
    return [{"code": code} for code in list(dict.fromkeys(filter(None, codes)))[:CODES]]
