"""What an EDI partner is answered to a file of his, and which of his files did not come: by its control numbers.

An acknowledgement is a document of ours like any other: it is written by the mapping that the system lists for it, and
nothing is answered where none is listed, or to an acknowledgement. Numbers are watched for those who are answered, in
all that they send, since an acknowledgement takes one as well: one that is left out, or comes again in other bytes, is told
a person; a number that comes late takes that back.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from typing import Final

from translator.config.site import Source
from translator.core.document import Document
from translator.core.work import Hold, Station
from translator.documents.kind import kinds
from translator.documents.values import iso
from translator.formats.told import Group
from translator.ledger.book import Book
from translator.ledger.interchanges import Interchange
from translator.stations import follows
from translator.stations.acks import KIND
from translator.stations.errand import House
from translator.translation import Translation, acknowledgements, standard

GAP: Final = 20  # numbers that may be missing at once: beyond, they began elsewhere
LONGEST: Final = 14  # digits of a control number
KEPT: Final = 200  # missing numbers that are remembered of one sender
AGAIN: Final = "contradicted:again "  # how the row of a number begins that came again; behind a blank, in which file


def answers(house: House, source: Source, translation: Translation | None) -> bool:
    """Tell whether a mapping reads what comes from a sender whom we acknowledge in that format."""
    if translation is None or not standard(translation):
        return False
    route = house.site.route(KIND, source.account, partner=source.partner)
    return route is not None and standard(house.site.translations[route.mapping]) == standard(translation)


def answer(
    house: House,
    book: Book,
    source: Source,
    interchange: Interchange,
    translation: Translation,
    found: Sequence[Group],
    documents: Iterable[Document],
) -> None:
    """Make the acknowledgements of a file that was read, unless it holds some itself. `found`: its groups."""
    asked = () if KIND in translation.file.kinds else found
    for tree in acknowledgements(translation, asked, documents, iso(house.clock.now())):
        key = f"{kinds()[KIND].key(tree)} in {interchange.id}"
        stored = book.documents.add(KIND, source.account, key, tree, partner=source.partner, interchange=interchange.id)
        follows.to_write(house, book, stored)


def counted(book: Book, source: Source, interchange: Interchange, found: Sequence[Group]) -> None:
    """Watch the numbers of a file whose bytes were not read before."""
    seen = dict.fromkeys((one.said.get("sender", ""), one.said.get("interchange", "")) for one in found)
    for sender, number in seen:
        if number.isdecimal() and len(number) <= LONGEST:
            _number(book, source, interchange, sender, int(number))


def _number(book: Book, source: Source, interchange: Interchange, sender: str, number: int) -> None:
    name = f"edi {source.partner} {sender}"
    kept = json.loads(book.bookmarks.get(name) or "{}")
    last, missing = kept.get("last", number - 1), set(kept.get("missing", ()))
    first = kept.get("first", 1 if kept else number)
    if number in missing:
        missing.discard(number)
        book.work.remove(Station.READ, source.partner, _row(sender, number))
        last = number if number == last + 1 else last  # they began anew, and have come so far
    elif number == last + 1:
        last = number
    elif number == 1 or not first - GAP <= number <= last + GAP:
        first = last = number  # they began anew
    elif number > last:
        for one in range(last + 1, number):
            missing.add(one)
            reason = f"interchange {one} of {sender or source.partner} has not come: {number} came after {last}"
            book.work.add(Station.READ, source.partner, _row(sender, one), hold=Hold("person", reason))
        last = number
    elif number >= first:  # of those before nobody knows whether they came
        reason = f"interchange {number} of {sender or source.partner} came again, in other bytes: {interchange.name}"
        subject = f"{AGAIN}{sender} {number} {interchange.id}"
        book.work.add(Station.READ, source.partner, subject, hold=Hold("person", reason))
    book.bookmarks.put(name, json.dumps({"first": first, "last": last, "missing": sorted(missing)[-KEPT:]}))


def _row(sender: str, number: int) -> str:
    return f"contradicted:missing {sender} {number}"
