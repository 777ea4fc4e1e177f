"""What an operator sees and asks while the service runs: an order's life, moves, the doctor."""

import json
import time

import pytest
from click.testing import CliRunner

from tests.cli.command import NOW, run, run_json
from tests.service.running import Service
from translator.cli import program
from translator.simulator.amazon import Amazon, AmazonSettings
from translator.simulator.orders import sample_orders, shown_by


@pytest.fixture(scope="module")
def found():
    return sample_orders("ACMEG", ["EWR1"], 13, NOW)


@pytest.fixture(scope="module")
def amazon(found):
    from datetime import UTC, datetime

    orders = sample_orders("ACMEG", ["EWR1"], 13, datetime.now(UTC))
    assert [order["purchaseOrderNumber"] for order in orders] == [order["purchaseOrderNumber"] for order in found]
    with Amazon(AmazonSettings("ACMEG", transaction_seconds=0.2), orders) as pretended:
        yield pretended


@pytest.fixture(scope="module")
def site(tmp_path_factory, amazon):
    site = tmp_path_factory.mktemp("operating") / "site"
    run("init", site)
    for name, secret in (("lwa-secret", amazon.settings.client_secret), ("lwa-refresh", amazon.settings.refresh_token)):
        (site / "credentials" / name).write_text(secret)
    text = (site / "translator.yaml").read_text()
    text = text.replace("    region: na ", f"    url: {amazon.url}\n    every: 1s\n    lag: 0s\n    region: na ")
    text = text.replace("    start: ", "    start: 2026-01-01 # ").replace(
        "    acknowledge:", "    every: 1s\n    quiet: 0s\n    acknowledge:"
    )
    (site / "translator.yaml").write_text(text)
    text = text.replace("amzn1.application-oa2-client.CHANGE", amazon.settings.client_id)
    table = site / "mappings/plain-csv/tables/ship_methods.csv"
    (site / "translator.yaml").write_text(text)
    table.write_text(
        "".join(line for line in table.read_text().splitlines(keepends=True) if not line.startswith("AMZL"))
    )
    return site


@pytest.fixture(scope="module")
def service(site, tmp_path_factory, found):
    service = Service(site, tmp_path_factory.mktemp("service"))
    try:
        service.until("READY=1")
        folder = site / "wms/plain-csv/in/orders"
        service.wait_for(lambda: len(list(folder.glob("ORD-*.csv"))) >= 11, "eleven orders in the folder")
        yield service
    finally:
        service.close()


def showing(found, shows):
    return next(number for number, what in shown_by(found).items() if what == shows)


def test_an_order_is_shown_with_its_life_its_files_and_what_waits(site, service, found):
    number = showing(found, "several lines")
    until(lambda: any("sent" in event["event"] for event in run_json("show", "order", number, "-C", site)["timeline"]))
    life = run_json("show", "order", number, "-C", site)
    events = [event["event"] for event in life["timeline"]]
    assert events[0] == "order known"
    assert "order written" in events
    (file,) = [file for file in life["files"] if file["name"] == f"ORD-{number}.csv"]
    assert file["where"] == str(site / "wms/plain-csv/in/orders")
    assert any("waits until the order is taken" in row["reason"] for row in life["waiting"])
    assert {"acknowledge", "ship-by"} <= {clock["clock"] for clock in life["clocks"]}


def test_the_page_for_people_says_the_same_and_names_nobody(site, service, found):
    number = showing(found, "accents")
    said = run("show", "order", number, "-C", site).stdout
    assert "what happened" in said
    assert f"ORD-{number}.csv" in said
    for personal in ("José", "Ångström", "Cañon", "Éloïse", "555-0100"):
        assert personal not in said + json.dumps(run_json("show", "order", number, "-C", site), ensure_ascii=False)


def test_what_cannot_be_written_is_shown_held_with_its_reason(site, service, found):
    number = showing(found, "label only, redacted")
    until(lambda: held(site, number))
    (row,) = held(site, number)
    assert "ship_methods" in row["reason"]
    assert row["state"] == "held"


def test_a_move_is_carried_out_by_the_service_and_answered(site, service, found):
    number = showing(found, "label only, several lines")
    until(lambda: held(site, number))
    done = run_json("reject", number, "--reason", "sold out", "-C", site)
    assert done["ok"]
    assert "given up" in done["outcome"]
    life = run_json("show", "order", number, "-C", site)
    assert life["stage"] == "closed"
    assert life["timeline"][-1]["detail"].startswith("reason: sold out")


def test_hold_and_release(site, service, found):
    number = showing(found, "one line")
    row = next(row for row in run_json("show", "order", number, "-C", site)["waiting"] if row["station"] == "settle")
    service.wait_for(lambda: is_held(site, row["row"]), "a moment in which nobody looks after the file")
    assert "stocktaking" in {row["reason"] for row in run_json("show", "order", number, "-C", site)["waiting"]}
    assert run_json("release", row["row"], "-C", site)["ok"]


def is_held(site, row):
    """Hold a row; one that is being worked on at this moment is not held, and that is said."""
    done = CliRunner().invoke(program(), ["hold", str(row), "--reason", "stocktaking", "-C", str(site), "--json"])
    said = json.loads(done.stdout)
    assert said["ok"] is (done.exit_code == 0)
    assert said["ok"] or "being worked on" in said["outcome"]
    return said["ok"]


def test_a_move_on_nothing_is_answered_and_ends_with_1(site, service):
    assert "nothing waits" in run("retry", "NOSUCH", "-C", site, code=1).stdout


def test_an_unknown_order_ends_with_1(site, service):
    assert "order-unknown" in run("show", "order", "NOSUCH", "-C", site, code=1).stderr


def test_the_doctor_finds_all_well_and_leaves_no_trace(site, service):
    before = sorted(str(path) for path in (site / "wms").rglob("*") if "doctor" in path.name)
    found = run_json("doctor", "-C", site)
    assert found["ok"]
    assert any("getOrders" in probe["what"] for probe in found["probes"])
    assert sorted(str(path) for path in (site / "wms").rglob("*") if "doctor" in path.name) == before == []


def test_a_mended_table_lets_the_held_order_go_without_a_restart(site, service, found):
    number = showing(found, "label only, redacted")
    table = site / "mappings/plain-csv/tables/ship_methods.csv"
    table.write_text(table.read_text() + "AMZL_US_PREMIUM,AMZ,Amazon Logistics premium\n")
    service.wait_for((site / f"wms/plain-csv/in/orders/ORD-{number}.csv").exists, "the order's file")
    assert run_json("show", "order", number, "-C", site)["stage"] in ("written", "sent")


def test_the_log_names_orders_by_number_and_nobody(service):
    text = service.log.read_text()
    assert '"po"' in text
    for personal in ("Alex", "Invented Street", "555-0100", "Springfield"):
        assert personal not in text


def test_without_a_service_a_move_waits_and_says_so(tmp_path):
    run("init", tmp_path / "site")
    said = run("release", "D3rC", "--wait", 0.2, "-C", tmp_path / "site", code=1)
    assert "move-waits" in said.stderr


LATIN = "M\udcfcller"  # as Python takes what a terminal in Latin-1 gives


@pytest.mark.parametrize(
    "words",
    [
        ("show", "order", LATIN),
        ("explain", "stock", LATIN),
        ("hold", LATIN),
        ("hold", "D3rC", "--reason", LATIN),
        ("refuse", LATIN, "--code", "03"),
        ("lookup", "set", "plain-csv/ship_methods", "UPS", LATIN),
        ("lookup", "drop", "plain-csv/ship_methods", LATIN),
    ],
)
def test_what_a_terminal_of_another_encoding_gives_is_told_and_not_asked(tmp_path, words):
    run("init", tmp_path / "site")
    assert "is not UTF-8" in run(*words, "-C", tmp_path / "site", code=2).stderr
    assert not (tmp_path / "site/ledger.db.moves").exists()


def test_who_does_not_wait_for_the_answer_is_told_that_the_move_stands(tmp_path, monkeypatch):
    def interrupted(seconds):
        raise KeyboardInterrupt

    run("init", tmp_path / "site")
    monkeypatch.setattr(time, "sleep", interrupted)
    said = run("hold", "D3rC", "--wait", 60, "-C", tmp_path / "site", code=1)
    assert "is written; no service has answered yet" in said.stderr


@pytest.mark.parametrize("seconds", ["-1", "nan", "inf"])
def test_a_wait_that_has_no_end_is_refused_and_nothing_is_asked(tmp_path, seconds):
    run("init", tmp_path / "site")
    assert seconds in run("release", "D3rC", "--wait", seconds, "-C", tmp_path / "site", code=2).stderr
    assert not (tmp_path / "site/ledger.db.moves").exists()


def test_without_a_ledger_an_order_is_not_shown_and_the_reason_is(tmp_path):
    run("init", tmp_path / "site")
    assert "ledger-absent" in run("show", "order", "D3rC", "-C", tmp_path / "site", code=2).stderr


def held(site, number):
    life = run_json("show", "order", number, "-C", site)
    return [
        row
        for row in life["waiting"]
        if row["state"] == "held" and row["station"] == "write" and "cannot" in row["reason"]
    ]


def until(true, seconds=120):
    end = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < end
        time.sleep(0.1)


def test_who_did_what_is_recorded_and_the_record_stands(service, site):
    run("hold", "ORD-NOTHING*", "--reason", "Anna Smith called", "--site", site, "--wait", "120", code=1)
    rows = run_json("show", "audit", "--site", site)
    assert [row for row in rows if row["what"] == "configuration"]
    (row,) = [row for row in rows if row["about"] == "ORD-NOTHING*"]
    assert (row["what"], row["more"]["ok"]) == ("move hold", False)
    assert "Anna" not in json.dumps(rows)
    head = run("audit", "verify", "--site", site).stdout.split()[-1]
    assert run_json("audit", "verify", "--noted", head, "--site", site)["hash"] == head
    assert "audit-broken" in run("audit", "verify", "--noted", "0" * 64, "--site", site, code=1).stderr


def test_a_row_laid_over_a_table_is_in_force_at_once_and_says_who_laid_it(site, service):
    table = "plain-csv/ship_methods"
    run("lookup", "set", table, "LAID_OVER", "LAY,Laid over", "--reason", "a new carrier", "-C", site)
    acts = lambda: [(row["what"], row["about"]) for row in run_json("show", "audit", "-C", site)]  # noqa: E731
    until(lambda: "configuration" in [what for what, _ in acts()[acts().index(("move lookup set", table)) :]])
    (row,) = [one for one in run_json("show", "lookup", table, "-C", site) if one["from"] == "operator"]
    assert (row["amazon"], row["wms"], row["reason"]) == ("LAID_OVER", "LAY", "a new carrier")
    assert "LAID_OVER,LAY,Laid over" in run("lookup", "export", table, "-C", site).stdout
    assert "LAID_OVER,LAY,Laid over" in run_json("lookup", "export", table, "-C", site)["text"]
    run("lookup", "drop", table, "LAID_OVER", "-C", site)
    assert not [one for one in run_json("show", "lookup", table, "-C", site) if one["from"] == "operator"]
