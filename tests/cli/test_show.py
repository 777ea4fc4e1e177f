"""show: layouts, mappings, routes and the code that was made of them."""

from pathlib import Path

import pytest

from tests.cli.command import run, run_json

ROOT = Path(__file__).parents[2]


@pytest.fixture
def site(tmp_path):
    run("init", tmp_path / "site", "--preset", "plain-csv", "--preset", "plain-xml")
    return tmp_path / "site"


def test_a_fixed_layout_shows_from_where_to_where(site):
    rows = run_json("show", "layout", ROOT / "mappings/plain-fixed/orders.yaml")
    places = {(row["record"], row["field"]): row["place"] for row in rows}
    assert places["H", "code"] == "1-1"
    assert places["H", "order_no"] == "2-21"
    assert places["H", "customer_no"] == "22-45"


def test_a_layout_is_shown_as_a_table(site):
    said = run("show", "layout", "plain-csv/orders.yaml", "-C", site).stdout
    assert said.splitlines()[0].startswith("plain-csv/orders.yaml (csv)")
    assert any("SHIP_METHOD" in line and "ship_methods" in line for line in said.splitlines())


def test_records_inside_records_are_shown_below_them(site):
    rows = run_json("show", "layout", "plain-xml/ship", "-C", site)
    assert {row["record"] for row in rows} == {"· Shipment", "· Shipment/Carton", "· Shipment/Carton/Content"}


def test_a_template_has_no_layout_and_says_so(site):
    assert "the template plain-xml/order.xml.j2 writes it" in run(
        "show", "layout", "plain-xml/orders", "-C", site
    ).stdout.replace("writes the file", "writes it")


def test_a_mapping_shows_what_it_is(site):
    found = run_json("show", "mapping", "plain-csv/orders.yaml", "-C", site)
    assert (found["writes"], found["format"], found["records"]) == (["order"], "csv", ["row"])


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
