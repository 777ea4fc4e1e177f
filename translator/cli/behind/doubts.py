"""What may have left before the ledger was put back, beside what the world says: the folder, and Amazon of the order."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from translator.cli import say
from translator.cli.behind.book import looking
from translator.config.read import read_site
from translator.config.site import Site
from translator.core.finding import Misconfigured, Unavailable
from translator.core.tree import at
from translator.core.work import Station
from translator.endpoints.endpoint import Endpoint, Put, Verdict
from translator.ledger.book import Book
from translator.ledger.interchanges import Interchange
from translator.ledger.work import Work
from translator.service import places
from translator.service.ports import SystemClock
from translator.stations.follows import STATUS
from translator.stations.restored import REASON


@dataclass(frozen=True, slots=True)
class _Waiting:
    """A file that waits to be sent, the order it is about, and where that stands at Amazon."""

    work: Work
    file: Interchange
    about: str
    status: str


def doubts(root: Path) -> tuple[dict[str, Any], list[dict[str, Any]]]:
    """Give how the ledger stands to the world, and each file that may have left before."""
    site = read_site(root)
    with looking(site) as book:
        doubt = book.reconciling.doubt()
        if doubt is None:
            return {"ledger": "as it was left: nothing is in doubt"}, []
        works = book.work.find(station=Station.SEND)
        asked = works if doubt.until is None else [work for work in works if work.reason.startswith(REASON)]
        waiting = [_waiting(book, work) for work in asked]
    state = {
        "ledger": doubt.why,
        "since": say.moment(doubt.since),
        "sending": "nothing, until `translator reconcile --done`" if doubt.until is None else "again",
    }
    lies = _lies(site, waiting)
    return state, [_row(one, lies[one.work.id]) for one in waiting]


def _waiting(book: Book, work: Work) -> _Waiting:
    file = book.interchanges.by_id([int(work.subject)])[int(work.subject)]
    inside = book.documents.lying_in(file.id)
    orders = [book.documents.newest("order", one.account, one.about or one.key) for one in inside]
    status = {str(at(order.tree, STATUS, "NEW")) for order in orders if order}
    return _Waiting(work, file, ", ".join(one.about or one.key for one in inside[:5]), ", ".join(sorted(status)))


def _lies(site: Site, waiting: Sequence[_Waiting]) -> dict[int, str]:
    """Look into the folders: one look for all of each."""
    by_place: dict[str, list[_Waiting]] = defaultdict(list)
    for one in waiting:
        by_place[one.file.endpoint].append(one)
    try:
        endpoints = places.endpoints_of(site, SystemClock())
    except Misconfigured as error:
        return dict.fromkeys((one.work.id for one in waiting), str(error.findings[0]))
    try:
        return {id: said for name, files in by_place.items() for id, said in _look(endpoints.get(name), files).items()}
    finally:
        places.close(endpoints.values())


def _look(endpoint: Endpoint | None, files: Sequence[_Waiting]) -> Mapping[int, str]:
    if endpoint is None or not endpoint.stages:
        return dict.fromkeys((one.work.id for one in files), "")
    try:
        looked = endpoint.look([Put(one.file.name, None) for one in files])
    except Unavailable as error:
        return dict.fromkeys((one.work.id for one in files), f"cannot be looked at: {error.reason}")
    words = {True: "lies there", False: "does not lie there: taken, or never sent"}
    return {one.work.id: words[said.verdict is Verdict.WAITING] for one, said in zip(files, looked, strict=True)}


def _row(one: _Waiting, lies: str) -> dict[str, Any]:
    return {
        "row": one.work.id,
        "file": one.file.name,
        "kind": one.file.kind,
        "about": one.about,
        "in": one.file.endpoint,
        "the folder says": lies,
        "Amazon says of the order": one.status,
    }
