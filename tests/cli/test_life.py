"""`show life` and `show alarms`: what is laid down for every order, and what is late now."""

import re
from datetime import UTC, datetime, timedelta

import pytest

from tests.cli.command import run, run_json
from translator.config.read import read_site
from translator.core.door import Door
from translator.core.work import Hold, Station
from translator.documents.kind import kinds
from translator.ledger import Ledger
from translator.service.master import master_of
from translator.service.ports import SystemChance, SystemClock
from translator.stations import collect, expected, patience


def test_all_that_follows_and_all_that_is_needed_is_shown():
    tables = run_json("show", "life")
    follows = {(row["when"], row["follows"]) for row in tables["what follows"]}
    assert follows == {(f"{kind.name} {one.fact}", one.kind) for kind in kinds().values() for one in kind.follows}
    needs = {(row["document"], row["needs"]) for row in tables["what must stand first"]}
    assert needs == {(kind.name, f"{one.kind} {one.fact}") for kind in kinds().values() for one in kind.needs}
    assert {row["operation"] for row in tables["an outcome that is unknown"]} == {
        kind.operation.name for kind in kinds().values() if kind.operation
    }


def test_a_person_can_read_it():
    told = run("show", "life").stdout
    assert "Amazon makes the label" in told
    assert "once more, then taken as unverified" in told


@pytest.fixture
def site(tmp_path):
    run("init", tmp_path / "site")
    return tmp_path / "site"


def note(site, number, *events):
    """Write events of an order into the ledger of a site."""
    with Ledger.open(site / "ledger.db", SystemClock(), SystemChance()) as ledger, ledger.commit() as book:
        for name, detail in events:
            book.events.note(f"us {number}", name, detail)


def at(hours):
    return {"requiredShipDate": (datetime.now(UTC) + timedelta(hours=hours)).isoformat()}


def test_what_is_late_or_will_be_soon_is_told_the_most_late_first(site):
    note(site, "D1", ("order known", at(3)), ("acknowledgement accepted", {}))
    note(site, "D2", ("order known", at(-30)), ("acknowledgement accepted", {}))
    note(site, "D3", ("order known", at(72)), ("acknowledgement accepted", {}))
    note(site, "D4", ("order known", at(-72)), ("order cancelled", {}))
    rows = run_json("show", "alarms", "-C", site)
    assert [(row["about"], row["what"]) for row in rows] == [("order us D2", "ship-by"), ("order us D1", "ship-by")]
    assert rows[0]["how"] == "late by 30 h 0 min"
    assert rows[1]["how"].startswith("within 2 h")


def test_what_waits_for_a_person_or_for_an_edit_is_told(site):
    note(site, "D3", ("order known", at(72)), ("acknowledgement accepted", {}))
    with Ledger.open(site / "ledger.db", SystemClock(), SystemChance()) as ledger, ledger.commit() as book:
        for number, awaited in enumerate(("person", "mapping", "mapping", "order us D3 taken")):
            book.work.add("write", "us/acknowledgement", f"document:{number}", hold=Hold(awaited, "why"))
    rows = run_json("show", "alarms", "-C", site)
    told = [(row["about"], row["what"], row["how"].split(" since")[0]) for row in rows]
    assert told == [("held rows", "a person must decide", "1 row"), ("held rows", "an edit is needed", "2 rows")]


def test_a_ledger_that_sends_nothing_since_it_was_put_back_is_told_until_that_is_ended(site):
    note(site, "D3", ("order known", at(72)), ("acknowledgement accepted", {}))
    with Ledger.open(site / "ledger.db", SystemClock(), SystemChance()) as ledger:
        with ledger.commit() as book:
            book.reconciling.begin("a copy was put in its place")
        (row,) = run_json("show", "alarms", "-C", site)
        assert (row["about"], row["what"]) == ("the ledger", "was put back: nothing is sent")
        assert row["how"].endswith(": a copy was put in its place")
        with ledger.commit() as book:
            book.reconciling.end()
    assert run_json("show", "alarms", "-C", site) == []


def test_where_nothing_is_late_that_is_said(site):
    note(site, "D3", ("order known", at(72)), ("acknowledgement accepted", {}))
    assert "nothing is late" in run("show", "alarms", "-C", site).stdout


@pytest.mark.parametrize(
    "days, how", [(170, "10 days left"), (180, "Amazon takes it no more"), (211, "Amazon takes it no more")]
)
def test_a_secret_that_grows_old_is_told(site, days, how):
    made = datetime.now(UTC).date() - timedelta(days=days)
    file = site / "translator.yaml"
    file.write_text(file.read_text().replace("    region:", f"    rotated: {made}\n    region:", 1))
    note(site, "D3", ("order known", at(72)), ("acknowledgement accepted", {}))
    (row,) = run_json("show", "alarms", "-C", site)
    assert (row["what"], row["how"]) == ("client secret", how)


class Earlier(SystemClock):
    """A clock of five hours ago."""

    def now(self):
        return super().now() - timedelta(hours=5)


def test_a_file_that_nobody_takes_is_told_until_it_is_taken(site):
    route = next(one for one in read_site(site).routes if one.kind == "order")
    with (
        Ledger.open(site / "ledger.db", Earlier(), SystemChance(), master=master_of(read_site(site))) as ledger,
        ledger.commit() as book,
    ):
        number = book.interchanges.add_out(route.endpoint, "ORD1.csv", b"1\r\n", kind="order").id
        book.attempts.end(number, book.attempts.begin(number, "token", []), "sent")
        book.work.add(Station.SETTLE, route.name, str(number))
    (row,) = run_json("show", "alarms", "-C", site)
    assert (row["about"], row["what"], row["stands"]) == ("file ORD1.csv", "not taken", route.endpoint)
    assert row["how"].startswith("late by 1 h 0 min")
    with Ledger.open(site / "ledger.db", SystemClock(), SystemChance()) as ledger, ledger.commit() as book:
        book.work.remove(Station.SETTLE, route.name, str(number))
    assert run_json("show", "alarms", "-C", site) == []


def test_a_file_that_did_not_come_is_told_until_one_comes(site):
    file, folder = site / "translator.yaml", "plain-csv/out/stock"
    file.write_text(re.sub(r"out/stock: +(\S+)", r"out/stock: {mappings: \1, expect: 4h}", file.read_text(), count=1))
    source = read_site(site).source(folder)
    with Ledger.open(site / "ledger.db", Earlier(), SystemChance()) as ledger, ledger.commit() as book:
        expected.came(book, source)
    (row,) = run_json("show", "alarms", "-C", site)
    assert (row["about"], row["what"]) == (f"folder {folder}", "no file came")
    assert row["how"].startswith("late by 1 h 0 min")
    assert row["stands"].startswith("the last one: ")
    with Ledger.open(site / "ledger.db", SystemClock(), SystemChance()) as ledger, ledger.commit() as book:
        expected.came(book, source)
    assert run_json("show", "alarms", "-C", site) == []


def test_a_folder_that_cannot_be_looked_at_is_told_though_its_partner_is_well(site):
    folder, why = "plain-csv/out/stock", "/srv/out/stock: no such folder (create it, or mount what belongs there)"
    with Ledger.open(site / "ledger.db", Earlier(), SystemChance()) as ledger, ledger.commit() as book:
        book.work.add(Station.COLLECT, folder, collect.OWN)
        (turn,) = book.work.claim(1, 60.0)
        book.work.postpone(turn, 30.0, why, patience.LIFE)
    with Ledger.open(site / "ledger.db", SystemClock(), SystemChance()) as ledger:
        with ledger.commit() as book:
            (turn,) = book.work.claim(1, 60.0)
            book.work.postpone(turn, 30.0, why, patience.LIFE)
        (row,) = run_json("show", "alarms", "-C", site)
        assert (row["about"], row["what"], row["stands"]) == (f"folder {folder}", "cannot be looked at", why)
        assert row["how"] == "since 5 h 0 min"
        with ledger.commit() as book:
            book.work.remove(Station.COLLECT, folder, collect.OWN)
            book.work.add(Station.COLLECT, folder, collect.OWN)
    assert run_json("show", "alarms", "-C", site) == []


def test_of_a_partner_that_is_away_its_folders_are_not_told_one_by_one(site):
    with Ledger.open(site / "ledger.db", Earlier(), SystemChance()) as ledger, ledger.commit() as book:
        for folder in ("plain-csv/out/ship", "plain-csv/out/stock"):
            book.work.add(Station.COLLECT, folder, collect.OWN)
        for turn in book.work.claim(2, 60.0):
            book.work.postpone(turn, 30.0, "no connection", patience.LIFE)
        book.lanes.stand("plain-csv/place", Door(2, since=book.now, reason="no connection"))
    assert [(row["about"], row["what"]) for row in run_json("show", "alarms", "-C", site)] == [
        ("partner plain-csv", "cannot be reached")
    ]
