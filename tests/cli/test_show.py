"""show: layouts, mappings, routes and the code that was made of them."""

from pathlib import Path

import pytest

from tests.cli.command import run, run_json
from translator.cli.behind.order import resting, told
from translator.core.work import State
from translator.ledger.events import Event
from translator.ledger.work import Work

ROOT = Path(__file__).parents[2]


@pytest.fixture
def site(tmp_path):
    run("init", tmp_path / "site", "--preset", "plain-csv", "--preset", "plain-xml")
    return tmp_path / "site"


def test_a_mapping_shows_what_it_is(site):
    found = run_json("show", "mapping", "plain-csv/orders.yaml", "-C", site)
    assert (found["writes"], found["format"], found["records"]) == (["order"], "csv", ["row"])


def test_a_mapping_is_printed_with_the_origin_of_each_line(site):
    (site / "mappings/own").mkdir()
    (site / "mappings/own/orders.yaml").write_text("extends: plain-csv/orders.yaml\nfields: {NAME: {max: 30}}\n")
    found = run("show", "mapping", "own/orders.yaml", "-C", site).stdout.splitlines()
    assert found[0].startswith("# own/orders.yaml, hash ")
    assert [line.split() for line in found if "max: 30" in line] == [["max:", "30", "#", "own/orders.yaml:2"]]
    assert any(line.startswith("  QTY: {from:") and "# plain-csv/orders.yaml:" in line for line in found)
    told = run_json("show", "mapping", "own/orders.yaml", "-C", site)["lines"]
    assert {"text": "    max: 30", "file": "own/orders.yaml", "line": 2} in told


def test_the_code_of_a_mapping_is_python_that_names_its_lines(site):
    code = run("show", "mapping", "plain-csv/orders.yaml", "--code", "-C", site).stdout
    compile(code, "shown", "exec")
    assert "orders.yaml" in code


def test_an_unknown_mapping_is_suggested(site):
    assert (
        "did you mean 'plain-csv/orders.yaml'?"
        in run("show", "mapping", "plain-csv/order.yaml", "-C", site, code=2).stderr
    )


def test_routes_say_who_takes_what(site):
    found = run_json("show", "routes", "-C", site)
    takes = {(route["kind"], tuple(route["serves"])): route["into"] for route in found["routes"]}
    assert takes["order", ("EWR1",)] == "plain-csv/in/orders"
    assert takes["order", ("RNO4",)] == "plain-xml/in/orders"
    assert takes["acknowledgement", ()] == "us/acknowledgement"
    assert {source["endpoint"] for source in found["sources"]} >= {
        "us/orders",
        "plain-csv/out/ship",
        "plain-xml/out/stock",
    }


@pytest.mark.parametrize(
    "route, later, said",
    [
        ("wms/in/940", 60.0, "others may share its file until then"),
        ("us/label_request", 86400.0, "asked for on the day it ships"),
        ("wms/in/940", 0.0, ""),
    ],
)
def test_a_row_that_waits_for_nothing_and_is_not_due_says_why(route, later, said):
    row = Work(
        1, "write", route, "document:1", "", State.INCOMING, 1000.0 + later, 0, 0, "", None, "", None, "", "", 1000.0
    )
    assert resting(row).startswith(said)
    assert bool(resting(row)) == bool(said)


def test_what_two_fields_met_alike_is_said_once():
    miss = {"code": "lookup-miss-hold", "text": "the table 'carriers' does not know 'UPS_GR'"}
    held = Event(1, 0.0, "us D1", "order held", {"reason": "it cannot be written", "findings": [miss, miss]}, "")
    assert told(held)["detail"] == f"reason: it cannot be written; lookup-miss-hold: {miss['text']}"
