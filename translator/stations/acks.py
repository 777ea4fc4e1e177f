"""What an EDI partner says of a file of ours settles it: taken, taken with errors, or refused (997, 999, TA1, CONTRL).

Until it comes the file waits, however empty its folder is; after `late` a person is told. Refused documents go back to
write and are held there with the reason: tried again they go out in another file, under other numbers. What comes for a
file that is settled already says the same, or a person is told; so is what names no file of ours.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from translator.config.site import Route, Source
from translator.core.document import Document, Tree
from translator.core.finding import Finding
from translator.core.work import End, Hold, Station
from translator.documents.functional_acknowledgement import REFUSED, revise, words
from translator.documents.kind import Revision, kinds
from translator.ledger.book import Book
from translator.ledger.documents import Stored
from translator.ledger.interchanges import Interchange
from translator.ledger.work import Work
from translator.stations import follows, landed
from translator.stations.errand import House
from translator.translation import groups

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


def waiting(route: Route, interchange: int) -> Hold:
    """Give the hold of a file that lies at the partner."""
    return Hold(_sign(interchange), f"{WAITS} {route.partner}", route.late or None)


def _sign(interchange: int) -> str:
    return f"interchange {interchange} acknowledged"


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
    if not _decides(tree):
        book.documents.end(stored.id, End.ACCEPTED)
        book.events.note(f"interchange {number}", "received by the partner", {"status": tree["status"]})
        return
    book.events.note(f"interchange {number}", "acknowledged", {"status": tree["status"]}, _sign(number))
    rows = book.work.find(station=Station.SETTLE, subject=str(number))
    for row in rows:
        book.work.release_row(row.id)  # it may be held for a person by now, since it came so late
    file = book.interchanges.get(number)
    if not rows and (file is None or file.settled is not None):
        _again(book, stored, file)


def _again(book: Book, stored: Stored, file: Interchange | None) -> None:
    """Tell what comes for a settled file: the same once more, or another verdict, which a person must see."""
    before = [one for one in book.documents.about(stored.account, stored.key, KIND) if one.end is End.ACCEPTED]
    judged = [one for one in before if _decides(one.tree)]
    same = bool(judged) and revise(judged[-1].tree, stored.tree).verdict is Revision.SAME
    book.documents.end(stored.id, End.DUPLICATE if same else End.CLOSED)
    if not same:
        name = file.name if file else stored.key
        reason = f"{stored.partner} judges {name} otherwise now: {stored.tree['status']}"
        book.work.add(Station.READ, stored.partner, f"contradicted:ack:{stored.id}", hold=Hold("person", reason))


def _key(interchange: int) -> str:
    return f"interchange {interchange}"


def _decides(tree: Tree) -> bool:
    """Tell what says whether documents are taken: not that an interchange came whole."""
    whole = tree.get("standard") == "x12" and not tree.get("control")
    return tree["status"] != "received" and (tree["status"] == REFUSED or not whole)


# --- a file is settled by it ------------------------------------------------------------------------------------------


def settle(house: House, book: Book, route: Route, works: Sequence[Work]) -> None:
    """Settle files by what was said of them; those of which nothing was said wait on."""
    files = book.interchanges.by_id(int(work.subject) for work in works)
    for work in works:
        file = files.get(int(work.subject))
        if file is None:
            book.work.end(work)
            continue
        said = [one for one in book.documents.about(route.account, _key(file.id), KIND) if one.end is None]
        for one in said:
            book.documents.end(one.id, End.ACCEPTED)
        if said:
            _judged(house, book, route, file, said[-1].tree)
            book.work.end(work)
        else:
            book.work.hold(work, waiting(route, file.id))


def _judged(house: House, book: Book, route: Route, file: Interchange, tree: Tree) -> None:
    documents = book.documents.lying_in(file.id)
    verdicts = _verdicts(house, book, route, file, tree, len(documents))
    taken = [one.id for one, (status, _) in zip(documents, verdicts, strict=True) if status in TAKEN]
    for one, (status, said) in zip(documents, verdicts, strict=True):
        book.contents.verdict(file.id, one.id, status)
        if status in TAKEN and (reason := words(said)):
            detail = {"file": file.name, "reason": f"{route.partner}: {reason}"}
            book.events.note(follows.subject(one), f"{one.kind} taken with errors", detail)
        elif status not in TAKEN and one.end is None:
            _refused(house, book, route, file, one, words(said) or words(tree))
    landed.accepted(house, book, file, "taken", {"acknowledged": tree["status"]}, only=taken)


def _refused(house: House, book: Book, route: Route, file: Interchange, stored: Stored, why: str) -> None:
    """Hold what the partner could not read: tried again it is written anew."""
    if follows.moot(book, stored):
        follows.supersede(book, stored)
        return
    reason = f"{route.partner} refused it in {file.name}: {why or 'no reason is told'}"
    book.events.note(follows.subject(stored), f"{stored.kind} refused", {"file": file.name, "reason": reason})
    follows.to_write(house, book, stored, Hold("person", reason))


def _verdicts(
    house: House, book: Book, route: Route, file: Interchange, tree: Tree, count: int
) -> list[tuple[str, Tree]]:
    """Give what is said of each document: of its transaction, or where that is not named of the whole."""
    own = {_plain(one["control"]): one for one in tree.get("transactions", [])}
    whole = REFUSED if tree["status"] == REFUSED else "accepted"
    if not own:
        return [(whole, {})] * count
    translation = house.site.translations[route.mapping]
    data = book.bodies.chunks(file.body)
    controls = [
        _plain(one.said.get("control", ""))
        for group in groups(translation, data, file.name)
        for one in group.transactions
    ]
    if len(controls) != count:  # one document in several transactions: all of them must be taken
        worst = next((one for one in own.values() if one["status"] not in TAKEN), None)
        return [(worst["status"], worst) if worst else (whole, {})] * count
    return [(own[one]["status"], own[one]) if one in own else (whole, {}) for one in controls]
