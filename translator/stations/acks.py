"""What an EDI partner says of a file of ours settles it: taken, taken with errors, or refused (997, 999, TA1, CONTRL).

Until it comes the file waits, however empty its folder is; after `late` a person is told. Each group of a file is judged
by itself: its documents are settled, and the file waits on for the other groups. Refused documents go back to write and
are held there with the reason: tried again they go out in another file, under other numbers. What comes for a group that
is settled already says the same, or a person is told; so is what names no file of ours, and what leaves open which were
taken.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

from translator.config.routes import looks_of
from translator.config.site import Route, Source
from translator.core.document import Document, Tree
from translator.core.finding import Finding
from translator.core.work import End, Hold, Station
from translator.documents.functional_acknowledgement import REFUSED, revise, words
from translator.documents.kind import Revision, kinds
from translator.formats.told import Group
from translator.ledger.book import Book
from translator.ledger.documents import Stored
from translator.ledger.interchanges import Interchange
from translator.ledger.work import Work
from translator.stations import follows, landed
from translator.stations.errand import House
from translator.translation import decides, groups

KIND: Final = "functional_acknowledgement"
TAKEN: Final = ("accepted", "errors")
WAITS: Final = "waits for the acknowledgement of"


def names(partner: str, standard: str, tree: Tree) -> list[str]:
    """Give what a file is named by: its group, and its interchange, as far as that is said."""
    found = []
    if tree.get("control"):
        found.append(f"{partner} {standard} group {tree.get('code', '')} {_plain(tree['control'])}")
    if tree.get("interchange"):
        found.append(f"{partner} {standard} interchange {_plain(tree['interchange'])}")
    return found


def _plain(number: str) -> str:
    """Give a number as it is whoever fills it up."""
    return number.lstrip("0") or "0"


def noted(house: House, book: Book, route: Route, interchange: int, name: str, data: bytes) -> None:
    """Note by what a file can be named that goes out."""
    translation = house.site.translations[route.mapping]
    for group in groups(translation, [data], name):
        book.controls.add(interchange, names(route.partner, route.acked, group.said))


def waiting(route: Route, interchange: int, came: int = 0, groups: Sequence[str] = ()) -> Hold:
    """Give the hold of a file that lies at the partner. `came`: how many acknowledgements did; `groups`: that have none."""
    whose = f": {', '.join(groups)}" if groups else ""
    return Hold(_sign(interchange, came + 1), f"{WAITS} {route.partner}{whose}", route.late or None)


def _sign(interchange: int, number: int) -> str:
    """Name what is awaited: the next acknowledgement, since those before are no news."""
    return f"interchange {interchange} acknowledged {number}"


# --- it comes ---------------------------------------------------------------------------------------------------------


def came(house: House, book: Book, source: Source, interchange: Interchange, document: Document) -> None:
    """Take an acknowledgement in: the file it is about is settled by it."""
    tree = document.tree
    known = (book.controls.newest(name) for name in names(source.partner, tree.get("standard", ""), tree))
    number = next((one for one in known if one is not None), None)
    stored = book.documents.add(
        KIND,
        source.account,
        kinds()[KIND].key(tree) if number is None else _key(number),
        tree,
        partner=source.partner,
        interchange=interchange.id,
        records=document.records,
        findings=document.findings,
    )
    if number is None:
        hint = "was it sent by another system, or before this ledger began?"
        finding = Finding("acknowledgement-unknown", f"no file of ours is {stored.key}", hint=hint)
        follows.rejected(house, book, stored, [finding], interchange.id)
        return
    if not decides(tree):
        book.documents.end(stored.id, End.ACCEPTED)
        book.events.note(f"interchange {number}", "received by the partner", {"status": tree["status"]})
        return
    count = len(_said(book, source.account, number))
    book.events.note(f"interchange {number}", "acknowledged", {"status": tree["status"]}, _sign(number, count))
    rows = book.work.find(station=Station.SETTLE, subject=str(number))
    for row in rows:
        book.work.release_row(row.id)  # it may be held for a person by now, since it came so late
    file = book.interchanges.get(number)
    if not rows and (file is None or file.settled is not None):
        _again(book, stored, file)


def _said(book: Book, account: str, interchange: int) -> list[Stored]:
    """Give what was said of a file, as far as it decides anything, in the order it came."""
    return [one for one in book.documents.about(account, _key(interchange), KIND) if decides(one.tree)]


def _again(book: Book, stored: Stored, file: Interchange | None) -> None:
    """Tell what comes for a settled file: the same once more, or another verdict, which a person must see."""
    said = [one for one in book.documents.about(stored.account, stored.key, KIND) if one.end is End.ACCEPTED]
    judged = [one for one in said if decides(one.tree)]
    alike = [one for one in judged if kinds()[KIND].key(one.tree) == kinds()[KIND].key(stored.tree)] or judged
    same = bool(alike) and _same(alike[-1], stored)
    agrees = not judged and stored.tree["status"] in TAKEN  # a person said that the file arrived
    book.documents.end(stored.id, End.ACCEPTED if agrees else End.DUPLICATE if same else End.CLOSED)
    if not (same or agrees):
        _contradicted(book, stored, file.name if file else stored.key)


def heard(house: House, book: Book, route: Route, file: Interchange) -> bool:
    """Settle a file by what was said of it before anybody waited for that; tell whether anything was."""
    said = _said(book, route.account, file.id)
    if not any(one.end is None for one in said):
        return False
    if hold := _judged(house, book, route, file, said):
        lane = looks_of(route.partner)
        book.work.add(Station.SETTLE, route.name, str(file.id), lane=lane, due=house.now(), hold=hold)
    return True


def _same(before: Stored, after: Stored) -> bool:
    return revise(before.tree, after.tree).verdict is Revision.SAME


def _contradicted(book: Book, stored: Stored, name: str) -> None:
    reason = f"{stored.partner} judges {name} otherwise now: {stored.tree['status']}"
    book.work.add(Station.READ, stored.partner, f"contradicted:ack:{stored.id}", hold=Hold("person", reason))


def _key(interchange: int) -> str:
    return f"interchange {interchange}"


# --- a file is settled by it ------------------------------------------------------------------------------------------

Verdict = tuple[str, str]  # what is said of a document, and why


@dataclass(slots=True)
class _Judged:
    """A group of a file, by what it is named, and what is said of each of its transactions; None: nothing clear yet."""

    names: list[str]
    controls: list[str]
    by: Stored | None = None
    verdicts: list[Verdict] | None = None
    fresh: bool = False  # by what came now


@dataclass(slots=True)
class _File:
    """A file that is settled, and what was said of it."""

    house: House
    book: Book
    route: Route
    file: Interchange
    documents: Sequence[Stored]
    groups: Sequence[_Judged]
    unclear: list[Stored] = field(default_factory=list)  # came now, and does not say which documents are taken


def settle(house: House, book: Book, route: Route, works: Sequence[Work]) -> None:
    """Settle files by what was said of them; those of which nothing was said wait on."""
    files = book.interchanges.by_id(int(work.subject) for work in works)
    for work in works:
        file = files.get(int(work.subject))
        if file is None:
            book.work.end(work)
            continue
        said = _said(book, route.account, file.id)
        if not any(one.end is None for one in said):
            book.work.hold(work, waiting(route, file.id, len(said)))
        elif hold := _judged(house, book, route, file, said):
            book.work.hold(work, hold)
        else:
            book.work.end(work)


def _judged(house: House, book: Book, route: Route, file: Interchange, said: Sequence[Stored]) -> Hold | None:
    """Do what was said of each document; a hold: of some nothing clear was said."""
    groups = _groups(house, book, route, file)
    judging = _File(house, book, route, file, book.documents.lying_in(file.id), groups)
    for one in said:
        if one.end in (None, End.ACCEPTED):
            _take(judging, one)
    for documents, verdicts, by in _clear(judging):
        _done(judging, documents, verdicts, by)
    if all(group.verdicts is not None for group in groups):
        landed.settle_all(book, file)
        return None
    return _waits(judging, len(said))


def _groups(house: House, book: Book, route: Route, file: Interchange) -> list[_Judged]:
    """Part a file of ours into what is judged by itself; what cannot be parted is judged as a whole."""
    found = groups(house.site.translations[route.mapping], book.bodies.chunks(file.body), file.name)
    return [_Judged(names(route.partner, route.acked, one.said), _controls(one)) for one in found] or [_Judged([], [])]


def _controls(group: Group) -> list[str]:
    return [_plain(one.said.get("control", "")) for one in group.transactions]


def _take(judging: _File, one: Stored) -> None:
    """Let an acknowledgement judge the groups it names; of those that are judged already it says nothing new."""
    fresh, before = one.end is None, list[Stored]()
    for group in _named(judging, one.tree):
        if group.by is not None and group.verdicts is not None:
            before.append(group.by)
        elif (verdicts := _verdicts(one.tree, group.controls)) is not None:
            group.by, group.verdicts, group.fresh = one, verdicts, fresh
        elif fresh:
            judging.unclear.append(one)
    if fresh:
        judging.book.documents.end(one.id, End.ACCEPTED)
    if fresh and not all(_same(earlier, one) for earlier in before):
        _contradicted(judging.book, one, judging.file.name)


def _named(judging: _File, tree: Tree) -> Sequence[_Judged]:
    """Give the groups an acknowledgement is about."""
    for name in names(judging.route.partner, judging.route.acked, tree):
        if found := [group for group in judging.groups if name in group.names]:
            return found
    return judging.groups


def _clear(judging: _File) -> Iterator[tuple[Sequence[Stored], Sequence[Verdict], Tree]]:
    """Give the documents of each group that is judged now, what is said of each, and in which acknowledgement."""
    if sum(len(group.controls) for group in judging.groups) != len(judging.documents):
        yield from _together(judging)
        return
    at = 0
    for group in judging.groups:
        documents = judging.documents[at : at + len(group.controls)]
        at += len(documents)
        if group.fresh and group.by and group.verdicts is not None:
            yield documents, group.verdicts, group.by.tree


def _together(judging: _File) -> Iterator[tuple[Sequence[Stored], Sequence[Verdict], Tree]]:
    """Judge all documents alike, where one stands in several transactions: the worst that is said of these is said of it."""
    said = [(one, group.by) for group in judging.groups for one in group.verdicts or ()]
    if all(group.verdicts is not None for group in judging.groups):
        (status, _), by = max(said, key=_badness)
        why = "; ".join(dict.fromkeys(why for (one, why), _ in said if one == status and why))
        yield judging.documents, [(status, why)] * len(judging.documents), by.tree if by else {}


def _badness(said: tuple[Verdict, Stored | None]) -> int:
    (status, _), _ = said
    return TAKEN.index(status) if status in TAKEN else len(TAKEN)


def _done(judging: _File, documents: Sequence[Stored], verdicts: Sequence[Verdict], tree: Tree) -> None:
    """Let documents be taken, or hold them, as it is said of each."""
    book, file, partner = judging.book, judging.file, judging.route.partner
    taken = [one for one, (status, _) in zip(documents, verdicts, strict=True) if status in TAKEN]
    for one, (status, why) in zip(documents, verdicts, strict=True):
        book.contents.verdict(file.id, one.id, status)
        if status in TAKEN and why:
            detail = {"file": file.name, "reason": f"{partner}: {why}"}
            book.events.note(follows.subject(one), f"{one.kind} taken with errors", detail)
        elif status not in TAKEN and one.end is None:
            _refused(judging, one, why)
    landed.ended(judging.house, book, file, taken, "taken", {"acknowledged": tree["status"]})


def _refused(judging: _File, stored: Stored, why: str) -> None:
    """Hold what the partner could not read: tried again it is written anew."""
    book, file = judging.book, judging.file
    if follows.moot(book, stored):
        follows.supersede(book, stored)
        return
    reason = f"{judging.route.partner} refused it in {file.name}: {why or 'no reason is told'}"
    book.events.note(follows.subject(stored), f"{stored.kind} refused", {"file": file.name, "reason": reason})
    follows.to_write_or_wait(judging.house, book, stored, Hold("person", reason))


def _waits(judging: _File, came: int) -> Hold:
    """Wait for what is not judged yet: for a person, where it was said that some are not taken, and not which."""
    several = len(judging.groups) > 1
    left = [_called(group) for group in judging.groups if group.verdicts is None] if several else []
    if not judging.unclear:
        return waiting(judging.route, judging.file.id, came, left)
    name, said = judging.file.name, judging.unclear[-1].tree
    reason = f"{judging.route.partner} did not take all of {name}, and does not say which: {_counts(said)}"
    reason += f" ({', '.join(left)})" if left else ""
    judging.book.events.note(_key(judging.file.id), "held", {"file": name, "reason": reason})
    return Hold("person", reason)


def _called(group: _Judged) -> str:
    """Name a group as a person does: group OW 5."""
    return " ".join(group.names[0].split(" ")[-3:]).strip() if group.names else "the file"


def _counts(tree: Tree) -> str:
    told = [f"{tree[name]} {name}" for name in ("included", "received", "accepted") if name in tree]
    return ", ".join([str(tree["status"]), *told])


def _verdicts(tree: Tree, controls: Sequence[str]) -> list[Verdict] | None:
    """Give what is said of each transaction, or where it is not named of the whole; None: nobody knows."""
    own = _own(tree)
    if _undecided(tree, own, controls):
        return None
    said = [own.get(one, {}) for one in controls or own] or [{}]
    if tree["status"] == REFUSED:  # then nothing below is taken, whatever is said of it
        return [_verdict(one, REFUSED, tree) for one in said]
    return [_verdict(one, one.get("status", "accepted"), tree) for one in said]


def _own(tree: Tree) -> dict[str, Tree]:
    """Give what is said of each transaction, by its number; where both is said, that it is refused."""
    said = sorted(tree.get("transactions", []), key=lambda one: one["status"] not in TAKEN)
    return {_plain(one["control"]): one for one in said}


def _verdict(one: Tree, status: str, tree: Tree) -> Verdict:
    return status, words(one) or ("" if status in TAKEN else words(tree))


def _undecided(tree: Tree, own: Mapping[str, Tree], controls: Sequence[str]) -> bool:
    """Tell that some were not taken, and that those which are named at fault are not just these."""
    if tree["status"] == REFUSED or all(one in own for one in controls):
        return False
    refused = [number for number, one in own.items() if one["status"] not in TAKEN]
    if controls and not all(number in controls for number in refused):
        return True  # one of ours is meant, and nobody knows which
    named = len(refused)
    came = max(len(controls), tree.get("included", 0), tree.get("received", 0))
    lost = came - tree.get("accepted", tree.get("received", came))
    return lost > named or (tree["status"] == "partly" and (lost != named or not named))
