"""One order for a person: what happened, where its files lie, what waits and why, which clocks run. Never who ordered."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any, Final

from translator.cli import say
from translator.cli.behind.book import ground_at, looking
from translator.config.site import Ground
from translator.core.finding import errors
from translator.core.timeline import fold, running, stage
from translator.core.work import State, Station
from translator.ledger.book import Book
from translator.ledger.documents import Stored
from translator.ledger.events import Event
from translator.ledger.work import Work
from translator.service.whereabouts import lies_at
from translator.stations.follows import tells
from translator.stations.life import ASKED, LABEL

_SHOWN: Final = ("reason", "file", "receipt", "code", "before", "evidence", "ship_by", "endpoint", "mapping")


def life_of(root: Path, number: str, shadow: Path | None = None) -> list[dict[str, Any]]:
    """Give the life of an order in each account that knows it."""
    site = ground_at(root, shadow)
    with looking(site) as book:
        lives = [life_in(site, book, account, number) for account in site.accounts]
    return [life for life in lives if life["timeline"] or life["documents"] or life["waiting"]]


def print_life(life: Mapping[str, Any]) -> None:
    """Print it as tables."""
    say.facts({name: life[name] for name in ("purchaseOrderNumber", "account", "warehouse", "stage")})
    for title, columns, rows in (
        ("\nwhat happened", ("at", "event", "detail"), life["timeline"]),
        ("\ndocuments", ("kind", "revision", "end", "wrong", "forgotten"), life["documents"]),
        ("\nfiles", ("file", "direction", "name", "where", "state", "at"), life["files"]),
        ("\nwaits", ("row", "station", "route", "state", "due", "reason"), life["waiting"]),
        ("\nclocks", ("clock", "due"), life["clocks"]),
    ):
        if rows:
            say.table(title, columns, ([row[column] or "" for column in columns] for row in rows))


def life_in(site: Ground, book: Book, account: str, number: str) -> dict[str, Any]:
    """Give the life of an order as one account knows it."""
    events = book.events.of(f"{account} {number}")
    line = fold(events)
    stored = _stored(book, account, number)
    return {
        "purchaseOrderNumber": number,
        "account": account,
        "warehouse": next((one.warehouse for one in stored if one.warehouse), ""),
        "stage": stage(line),
        "timeline": [told(_with_reason(book, event)) for event in events],
        "documents": [_document(one) for one in stored],
        "files": list(_files(site, book, stored)),
        "waiting": [_row(work) for work in _waiting(book, account, stored, number)],
        "clocks": [{"clock": clock.name, "due": say.moment(clock.due.timestamp())} for clock in running(line)],
    }


def _document(one: Stored) -> dict[str, Any]:
    wrong = "; ".join(
        f"{finding.data or ''} {finding.code}: {finding.text}".strip() for finding in errors(one.findings)
    )
    end = one.end and str(one.end)
    return {
        "kind": one.kind,
        "revision": one.revision,
        "end": end,
        "wrong": wrong,
        "forgotten": say.moment(one.forgotten),
    }


def _stored(book: Book, account: str, number: str) -> list[Stored]:
    order = book.documents.newest("order", account, number)
    return list({one.id: one for one in [*([order] if order else []), *book.documents.about(account, number)]}.values())


def _with_reason(book: Book, event: Event) -> Event:
    """Let a decision give the reason that a person wrote."""
    why = book.events.why(int(event.detail["move"])) if "move" in event.detail else ""
    return replace(event, detail={**event.detail, "reason": why}) if why else event


def told(event: Event) -> dict[str, Any]:
    """Say what happened; what several fields met alike is said once."""
    said = [f"{name}: {event.detail[name]}" for name in _SHOWN if event.detail.get(name)]
    findings = [_finding(finding) for finding in event.detail.get("findings", []) if isinstance(finding, dict)]
    return {"at": say.moment(event.at), "event": event.name, "detail": "; ".join(dict.fromkeys([*said, *findings]))}


def _finding(finding: Mapping[str, Any]) -> str:
    place = finding.get("data", {})
    line = f" line {place['line']}" if place.get("line") else ""
    return f"{finding.get('code', '')}: {finding.get('text', '')}{line}"


def _files(site: Ground, book: Book, stored: Sequence[Stored]) -> Iterator[dict[str, Any]]:
    """Give each file that any of its documents came in or lies in, once."""
    numbers = [one.interchange for one in stored if one.interchange is not None]
    numbers += [number for one in stored for number, _ in book.contents.where(one.id)]
    for number in dict.fromkeys(numbers):
        one = book.interchanges.get(number)
        if one is None:  # a page of orders: each order kept its slice
            continue
        inward = one.direction == "in"
        state = ("disposed of" if one.disposed else "stored") if inward else ("settled" if one.settled else "under way")
        yield {
            "file": one.id,
            "direction": one.direction,
            "name": one.name,
            "endpoint": one.endpoint,
            "where": lies_at(site, one.endpoint),
            "state": state,
            "at": say.moment(one.at),
            "size": one.size,
        }


def _waiting(book: Book, account: str, stored: Sequence[Stored], number: str) -> list[Work]:
    found = [work for one in stored for work in book.work.find(subject=f"document:{one.id}")]
    places = {place for one in stored for place, _ in book.contents.where(one.id)}
    for place in sorted(places):
        found += [work for work in book.work.find(subject=str(place)) if work.station in (Station.SEND, Station.SETTLE)]
    documents = {one.id for one in stored}
    found += [
        work
        for work in book.work.find(station=Station.READ)
        if work.subject.partition(":")[2] == number or tells(work, documents)
    ]
    asked = book.work.find(station=Station.COLLECT, subject=f"{ASKED}{number}")
    found += [work for work in asked if work.route.partition("/")[0] == account and work.route != f"{account}/order"]
    return list({work.id: work for work in found}.values())


def _row(work: Work) -> dict[str, Any]:
    return {
        "row": work.id,
        "station": str(work.station),
        "route": work.route,
        "state": str(work.state),
        "due": say.moment(work.due),
        "reason": work.reason or resting(work),
        "awaits": work.awaits,
    }


def resting(work: Work) -> str:
    """Say why a row that waits for nothing is not due yet; of one that is due, nothing."""
    if work.state != State.INCOMING or work.due - work.since < 1:
        return ""
    if work.route.endswith(("/label_request", f"/{LABEL}")):
        return "asked for on the day it ships (`label` in translator.yaml)"
    if work.station != Station.WRITE:
        return ""
    return "others may share its file until then (`wait` in translator.yaml)"
