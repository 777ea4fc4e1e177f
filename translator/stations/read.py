"""read: bytes → documents, as their sender said them, each on its route.

About an order not yet known: held, and read again when it comes. A document at fault is rejected with an answer;
its neighbours go on. Records of no document become one `unread`, rejected at birth. Nothing is lost: until a file is
read it stays a row, and its bytes stay in the ledger.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import UTC, datetime
from functools import partial
from typing import TypeVar

from translator.config.site import Site, Source, System
from translator.core.document import Document
from translator.core.finding import Rejected
from translator.core.work import Hold, State, Station
from translator.documents.kind import kinds
from translator.formats.foreign import foreign
from translator.ledger.book import Book
from translator.ledger.interchanges import Interchange
from translator.ledger.work import Work
from translator.stations import answering, sets, snapshots, streams
from translator.stations.arrivals import Reading, keys_of, place
from translator.stations.context import LedgerContext
from translator.stations.errand import Errand, House, Think
from translator.stations.follows import TOLD
from translator.stations.passed import Passed, passed, stands
from translator.stations.seen import as_seen
from translator.stations.spool import Spool
from translator.translation import Translation, groups, matches, read_amazon, read_set, recognises

READ = "read"  # the event of a file that was
ANSWERED = "answered"  # the event of one that was acknowledged: it may be held, and read again
TAKEN = 3  # mappings whose names of files are told with a file that none takes
SOON = 1.0  # seconds until a file is looked at again whose bytes another row reads just now
HEAD = 65_536  # bytes in which a file says what it is
Documents = list[Document] | Spool | Passed
T = TypeVar("T")


def begin(house: House, book: Book, works: Sequence[Work]) -> list[Errand]:
    """Take each file or page to be read."""
    works = streams.ready(house, book, works)
    numbers = [work.subject.partition(":")[0] for work in works]
    files = book.interchanges.by_id(int(number) for number in numbers if number not in TOLD)
    errands = []
    for work, number in zip(works, numbers, strict=True):
        if number in TOLD:
            book.work.end(work)
        elif errand := _begin(house, book, work, files.get(int(number))):
            errands.append(errand)
    return errands


def _begin(house: House, book: Book, work: Work, interchange: Interchange | None) -> Errand | None:
    source, only = house.site.source(work.route), work.subject.partition(":")[2]
    if source is None or interchange is None:
        book.work.hold(work, Hold("mapping", f"{work.route} is no longer listed in the site"))
        return None
    translation, reason = _chosen(house.site, source, interchange.name, partial(_head, book, interchange))
    if reason:
        book.events.note(f"interchange {interchange.id}", "held", {"file": interchange.name, "reason": reason})
        book.work.hold(work, Hold("mapping", reason))
        return None
    files = sets.gathered(book, work, translation, interchange) if translation and translation.parts else (interchange,)
    if isinstance(files, Hold):
        book.work.hold(work, files)
        return None
    alone = translation is not None and not translation.parts and not _is_level(translation)
    twins = book.interchanges.before(interchange) if alone and not only else []
    if twins and not _goes_on(house, book, work, interchange, twins):
        return None
    reading = Reading(house, work, source, interchange, only, translation, files)
    bodies = tuple(one.body for one in files)
    return Think((work,), partial(_go, reading), partial(_record, reading), partial(_about, reading), bodies)


def _about(reading: Reading, documents: Documents | Hold) -> Iterator[tuple[str, str]]:
    """Name what was read, and the orders it is about."""
    if not isinstance(documents, Hold | Spool):  # levels are about no order, and may be very many
        for document in documents:
            yield from ((reading.source.account, key) for key in keys_of(document))


def _head(book: Book, interchange: Interchange) -> bytes:
    return next(book.bodies.chunks(interchange.body), b"")[:HEAD]


def _is_level(translation: Translation) -> bool:
    """Tell a file that lawfully comes again with the same bytes: the level has not changed."""
    return any(kinds()[kind].level for kind in translation.file.kinds)


def _goes_on(house: House, book: Book, work: Work, interchange: Interchange, twins: Sequence[int]) -> bool:
    """Tell whether a file is read whose bytes came before: nothing came of them, and nobody else is about to read them.

    What was rejected, or given up before it was read, may be laid there again once its cause is mended. What waits since
    no mapping takes its name makes room: it was renamed, and sent again.
    """
    read = book.interchanges.went_on(interchange)
    waiting = [row for twin in twins for row in book.work.find(Station.READ, work.route, str(twin))]
    busy = [row for row in waiting if row.state is not State.HELD]
    if busy and not read:
        later = 0.0 if all(row.claim == work.claim for row in busy) else SOON  # claimed with it: read in this very turn
        book.work.again(work, house.now() + later, "the same bytes are to be read first")
        return False
    if read or any(row.awaits != "mapping" for row in waiting):
        _duplicate(book, interchange, "the same bytes were read before")
        book.work.end(work)
        return False
    for row in waiting:
        if twin := book.interchanges.get(int(row.subject)):
            _duplicate(book, twin, f"the same bytes came again, and are read as {interchange.name}")
        book.work.remove(row.station, row.route, row.subject)
        streams.gone(book, row)
    return True


def _duplicate(book: Book, interchange: Interchange, reason: str) -> None:
    book.events.note(f"interchange {interchange.id}", "duplicate", {"name": interchange.name, "reason": reason})


def _chosen(site: Site, source: Source, name: str, head: Callable[[], bytes]) -> tuple[Translation | None, str]:
    """Choose the mapping by the file's name; where several take it, by what the file says it is (DESIGN §5)."""
    if not source.mappings:
        return None, ""
    named = [made for mapping in source.mappings if matches(made := site.translations[mapping], name)]
    if not named:
        return None, f"no mapping takes a file of this name: {name} ({_taken_here(site, source)})"
    start = head() if len(named) > 1 else b""
    fits = named if len(named) == 1 else [made for made in named if recognises(made, start, name)]
    if len(fits) == 1:
        return fits[0], ""
    which = ", ".join(made.file.name for made in named)
    word = "none recognises it" if not fits else "several recognise it"
    return None, f"{len(named)} mappings take a file of this name, and {word}: {name} ({which})"


def _taken_here(site: Site, source: Source) -> str:
    """Say what names the mappings of a folder take: a few of them."""
    made = [site.translations[mapping] for mapping in source.mappings]
    said = [f"{one.file.name} takes {part.file.file}" for one in made for part in one.parts or (one,)]
    return ", ".join(said[:TAKEN]) + (", …" if len(said) > TAKEN else "")


def _go(reading: Reading, book: Book) -> Documents | Hold:
    """Read the file, piece by piece. Nothing of it is let out before its end: what is wrong may stand there."""
    if reading.translation is None:
        return _amazon(reading, book.bodies.read(reading.interchange.body))
    system = reading.house.site.systems[reading.source.partner]
    level = _is_level(reading.translation)
    if level and (found := passed(reading, book, _context(reading, system, book))) is not None:
        return found
    documents = Spool() if level else list[Document]()
    if why := _foreign(reading, book):
        return Hold("person", why)
    try:
        files = [(one.name, _alive(reading.house, book.bodies.chunks(one.body))) for one in reading.files]
        for document in read_set(reading.translation, files, _context(reading, system, book)):
            if not reading.only or document.asked == reading.only:
                documents.append(document)
    except Rejected as error:
        documents = [Document("unread", {}, findings=error.findings)]
    return _strayed(reading, book, documents) or documents


def _foreign(reading: Reading, book: Book) -> str:
    """Say which file is no data at all; empty where all may be."""
    if reading.translation and reading.translation.file.format != "bytes":
        for one in reading.files:
            if what := foreign(_head(book, one)):
                return f"{one.name} is {what}"
    return ""


def _strayed(reading: Reading, book: Book, documents: Documents) -> Hold | None:
    """Hold a file of which nothing can be read and that is plainly what another mapping reads: its sender is another."""
    if isinstance(documents, Spool | Passed) or not documents or not all(document.rejected for document in documents):
        return None
    start, name, ours = _head(book, reading.interchange), reading.interchange.name, reading.source.mappings
    site = reading.house.site
    if any(recognises(site.translations[mapping], start, name) for mapping in ours):
        return None
    others = [one for one, made in site.translations.items() if one not in ours and _begins(made, start, name)]
    if not others:
        return None
    return Hold("person", f"{name} is not what {', '.join(ours)} reads; it begins like a file for {', '.join(others)}")


def _begins(translation: Translation, start: bytes, name: str) -> bool:
    return translation.file.direction == "reads" and recognises(translation, start, name)


def _alive(house: House, some: Iterable[T]) -> Iterator[T]:
    """Go through what is long, and tell that it goes on."""
    for one in some:
        house.alive()
        yield one


def _amazon(reading: Reading, data: bytes) -> Documents | Hold:
    try:
        found = read_amazon(reading.source.kind, data, reading.interchange.name)
    except Rejected as error:  # a sender without answers: its bytes stay, a person must know
        return Hold("person", f"Amazon's answer cannot be read: {error.findings[0].text}")
    if reading.source.kind == "order":
        return found
    return [document.but(about=str(document.tree.get("purchaseOrderNumber", ""))) for document in found]


def _context(reading: Reading, system: System, book: Book) -> LedgerContext:
    seen = datetime.fromtimestamp(reading.interchange.at, UTC)
    known = partial(as_seen, book, system)
    return LedgerContext(book, seen, system.account, system.name, system.settings, system.warehouses, known)


def _record(reading: Reading, book: Book, documents: Documents | Hold) -> None:
    if isinstance(documents, Hold):
        book.work.hold(reading.work, documents)
        return
    if isinstance(documents, Passed) and not stands(reading, book, documents):
        book.work.again(reading.work, reading.house.now(), "another file was taken in meanwhile")
        return
    if not sets.stands(book, reading.work, reading.files):
        book.work.again(reading.work, reading.house.now(), "another file took those of its set in")
        return
    sets.settled(book, reading.work, reading.files)
    if hold := _placed(reading, book, documents):
        _answer(reading, book, documents)  # it could be read, whatever a person says of it
        book.work.hold(reading.work, hold)
        return
    if reading.only and not len(documents):
        reason = (
            f"{reading.interchange.name} told of order {reading.only}; by the mapping in force it does not any more"
        )
        book.work.hold(reading.work, Hold("person", reason))
        return
    _answer(reading, book, documents)
    told = {"passed over": documents.same, "like": documents.like} if isinstance(documents, Passed) else {}
    book.events.note(f"interchange {reading.interchange.id}", READ, {"documents": len(documents)} | told)
    if reading.translation is None:
        book.interchanges.forget(reading.interchange)  # each document keeps its slice
    book.work.end(reading.work)
    if reading.house.site.keeps_order(reading.interchange.endpoint):
        streams.gone(book, reading.work, [one.id for one in reading.files])


def _answer(reading: Reading, book: Book, documents: Documents) -> None:
    """Have the file acknowledged, and its numbers watched, the first time it is read."""
    made, file = reading.translation, reading.interchange
    if made is None or reading.only or not answering.answers(reading.house, reading.source, made):
        return
    if _was_answered(book, file.id):
        return
    chunks = _alive(reading.house, book.bodies.chunks(file.body))
    found = groups(made, chunks, file.name)
    answering.answer(reading.house, book, reading.source, file, made, found, documents)
    if not any(_was_answered(book, twin) for twin in book.interchanges.before(file)):
        answering.counted(book, reading.source, file, found)
    book.events.note(f"interchange {file.id}", ANSWERED)


def _was_answered(book: Book, interchange: int) -> bool:
    return any(event.name in (READ, ANSWERED) for event in book.events.of(f"interchange {interchange}"))


def _placed(reading: Reading, book: Book, documents: Documents) -> Hold | None:
    """Put each document on its route; levels are looked at as a whole. A hold: the row waits on."""
    if reading.translation is not None and _is_level(reading.translation):
        return snapshots.taken(reading, book, documents)
    all_ = enumerate(_alive(reading.house, documents))
    waits = [hold for number, document in all_ if (hold := place(reading, book, document, number))]
    return waits[0] if waits else None
