"""What was put has landed: the documents in it end as accepted, and what follows each of them follows.

Called by send, where the answer itself is the sign, and by settle, where it was looked for.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from translator.core.document import Tree, sign
from translator.core.tree import at
from translator.core.work import End
from translator.documents.acknowledgement import rejects
from translator.documents.kind import kinds
from translator.ledger.book import Book
from translator.ledger.documents import Stored
from translator.ledger.interchanges import Interchange
from translator.stations import follows, levels, life
from translator.stations.errand import House


def accepted(
    house: House,
    book: Book,
    interchange: Interchange,
    fact: str,
    detail: dict[str, Any] | None = None,
    came: str = "",
) -> None:
    """End what lies in an interchange as accepted, and settle it.

    `came`: a kind that came with the answer, and need not be fetched.
    """
    ended(house, book, interchange, book.documents.lying_in(interchange.id), fact, detail or {}, came)
    if kinds()[interchange.kind].level:
        levels.accepted(house, book, interchange)
    settle_all(book, interchange)


def ended(
    house: House,
    book: Book,
    interchange: Interchange,
    documents: Iterable[Stored],
    fact: str,
    detail: Tree,
    came: str = "",
) -> None:
    """End documents that lie in an interchange as accepted."""
    for stored in documents:
        book.documents.end(stored.id, End.ACCEPTED)
        if fact == "accepted" and stored.kind == "acknowledgement" and rejects(stored.tree):
            _refusal_accepted(book, stored, interchange)
            continue
        order = book.documents.newest("order", stored.account, stored.about) if stored.about else None
        ensued = stored.kind == "acknowledgement" and order is not None and life.is_acknowledged(book, order)
        follows.tell(book, stored, fact, {"file": interchange.name} | detail)
        if order is not None and kinds()[stored.kind].follows and not ensued:
            life.ensue(house, book, order, stored.kind, fact, came)


def settle_all(book: Book, interchange: Interchange) -> None:
    """Settle an interchange, and those that were written together with it."""
    for part in book.contents.parts(interchange.id) if interchange.part else (interchange.id,):
        book.interchanges.settle(part)


def _refusal_accepted(book: Book, stored: Stored, interchange: Interchange) -> None:
    """Tell it by a sign of its own, and wake what waits for the other: it will not come."""
    about = (stored.kind, stored.account, stored.key)
    detail = {"file": interchange.name, "code": at(stored.tree, "acknowledgementStatus.code")}
    book.events.note(follows.subject(stored), f"{stored.kind} accepted", detail, sign(*about, follows.REFUSED))
    book.work.release(sign(*about, "accepted"))
