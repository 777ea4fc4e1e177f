"""What an EDI partner says of a file of ours settles it: taken, taken with errors, or refused (997, 999, TA1, CONTRL).

Until it comes the file waits, however empty its folder is; after `late` a person is told. Refused documents go back to
write and are held there with the reason: tried again they go out in another file, under other numbers. What comes for a
file that is settled already says the same, or a person is told; so is what names no file of ours, and what leaves open
which were taken.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
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
        if not said:
            book.work.hold(work, waiting(route, file.id))
        elif hold := _judged(house, book, route, file, said[-1].tree):
            book.work.hold(work, hold)
        else:
            book.work.end(work)


def _judged(house: House, book: Book, route: Route, file: Interchange, tree: Tree) -> Hold | None:
    """Do what was said of each document; a hold: of some it cannot be told what was said, and nothing is done."""
    documents = book.documents.lying_in(file.id)
    verdicts = _verdicts(house, book, route, file, tree, len(documents))
    if verdicts is None:
        reason = f"{route.partner} did not take all of {file.name}, and does not say which: {_counts(tree)}"
        book.events.note(f"interchange {file.id}", "held", {"file": file.name, "reason": reason})
        return Hold("person", reason)
    taken = [one.id for one, (status, _) in zip(documents, verdicts, strict=True) if status in TAKEN]
    for one, (status, said) in zip(documents, verdicts, strict=True):
        book.contents.verdict(file.id, one.id, status)
        if status in TAKEN and (reason := words(said)):
            detail = {"file": file.name, "reason": f"{route.partner}: {reason}"}
            book.events.note(follows.subject(one), f"{one.kind} taken with errors", detail)
        elif status not in TAKEN and one.end is None:
            _refused(house, book, route, file, one, words(said) or words(tree))
    landed.accepted(house, book, file, "taken", {"acknowledged": tree["status"]}, only=taken)
    return None


def _counts(tree: Tree) -> str:
    told = [f"{tree[name]} {name}" for name in ("included", "received", "accepted") if name in tree]
    return ", ".join([str(tree["status"]), *told])


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
) -> list[tuple[str, Tree]] | None:
    """Give what is said of each document: of its transaction, or where that is not named of the whole; None: nobody knows."""
    if tree["status"] == REFUSED and not tree.get("transactions"):
        return [(REFUSED, {})] * count
    own = {_plain(one["control"]): one for one in tree.get("transactions", [])}
    controls = _controls(house, book, route, file)
    if _undecided(tree, own, controls):
        return None
    whole = REFUSED if tree["status"] == REFUSED else "accepted"
    if len(controls) != count:  # one document in several transactions: all of them must be taken
        worst = next((one for one in own.values() if one["status"] not in TAKEN), None)
        return [(worst["status"], worst) if worst else (whole, {})] * count
    return [(own[one]["status"], own[one]) if one in own else (whole, {}) for one in controls]


def _controls(house: House, book: Book, route: Route, file: Interchange) -> list[str]:
    """Give the numbers of the transactions of a file of ours."""
    translation = house.site.translations[route.mapping]
    found = groups(translation, book.bodies.chunks(file.body), file.name)
    return [_plain(one.said.get("control", "")) for group in found for one in group.transactions]


def _undecided(tree: Tree, own: Mapping[str, Tree], controls: Sequence[str]) -> bool:
    """Tell that some were not taken, and that those which are named at fault are not just these."""
    if tree["status"] == REFUSED or all(one in own for one in controls):
        return False
    named = sum(one["status"] not in TAKEN for one in own.values())
    came = max(len(controls), tree.get("included", 0), tree.get("received", 0))
    lost = came - tree.get("accepted", tree.get("received", came))
    return lost > named or (tree["status"] == "partly" and (lost != named or not named))
