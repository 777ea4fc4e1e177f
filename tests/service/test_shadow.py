"""A shadow run: what would be written and submitted lies in a side folder, and nobody else notices anything."""

import json
import re
from datetime import UTC, datetime, timedelta

import pytest

from tests.cli.command import edit, run, run_apart, run_json, site_at
from translator.config.read import read_site
from translator.core.finding import Misconfigured
from translator.service import places
from translator.service.ports import SystemClock
from translator.service.shadow import shadowed
from translator.service.start import serve
from translator.simulator.amazon import Amazon, AmazonSettings
from translator.simulator.orders import sample_orders

PRESETS = ("--preset", "plain-csv", "--preset", "plain-xml")
TOKENS = {"/auth/o2/token", "/tokens/2021-03-01/restrictedDataToken"}


@pytest.fixture
def amazon():
    orders = sample_orders("ACMEG", ["EWR1", "RNO4"], 6, datetime.now(UTC) - timedelta(hours=1))
    with Amazon(AmazonSettings("ACMEG", transaction_seconds=0.0), orders) as pretended:
        yield pretended


@pytest.fixture
def site(tmp_path, amazon):
    return site_at(amazon, tmp_path / "site", *PRESETS)


def files(folder):
    return sorted(
        path.relative_to(folder).as_posix()
        for path in folder.rglob("*")
        if path.is_file() and not path.name.startswith(".")
    )


def posted(amazon):
    return [call["path"] for call in amazon.state()["requests"] if call["method"] != "GET"]


def test_orders_are_written_aside_and_amazon_sees_no_post_but_for_tokens(site, amazon, tmp_path):
    aside, before = tmp_path / "aside", files(site)
    serve(site, once=True, shadow=aside)
    found = files(aside)
    assert set(posted(amazon)) == TOKENS
    assert amazon.state()["submissions"] == []
    assert {order["status"] for order in amazon.state()["orders"].values()} == {"NEW"}
    assert [name for name in found if name.startswith("wms/plain-csv/in/orders/")]
    assert [name for name in found if name.startswith("wms/plain-xml/in/orders/")]
    assert files(site) == before  # neither the ledger nor a warehouse's folder


def test_what_amazon_would_have_got_lies_there_to_be_looked_at(site, amazon, tmp_path):
    serve(site, once=True, shadow=tmp_path / "aside")
    bodies = [json.loads(path.read_text()) for path in (tmp_path / "aside/amazon/us/acknowledgement").glob("*.json")]
    numbers = {one["orderAcknowledgements"][0]["purchaseOrderNumber"] for one in bodies}
    assert numbers == set(amazon.state()["orders"])


def test_orders_that_others_accepted_meanwhile_are_written_as_well(site, amazon, tmp_path):
    body = sample_orders("ACMEG", ["EWR1"], 1, datetime.now(UTC) - timedelta(hours=2))[0]
    body = {**body, "purchaseOrderNumber": "Theirs001"}
    body["orderDetails"] = {**body["orderDetails"], "orderStatus": "ACCEPTED"}
    amazon.add_orders([body])
    path = site / "translator.yaml"
    later = f"start: {datetime.now(UTC) + timedelta(days=9):%Y-%m-%d}"
    path.write_text(re.sub(r"start: \S+", later, path.read_text()))
    serve(site, once=True, shadow=tmp_path / "aside")
    assert [name for name in files(tmp_path / "aside/wms/plain-csv/in/orders") if "Theirs001" in name]
    assert set(posted(amazon)) == TOKENS


def test_what_others_do_meanwhile_is_seen_and_what_follows_is_done_aside(site, amazon, tmp_path):
    """Others accept the orders: then labels would be asked for. The real site plays the others."""
    edit(site, "    region: na ", "    sweep: 1s\n    region: na ")
    edit(site, "    acknowledge:", "    label: {day: accepted}\n    acknowledge:")
    path = site / "translator.yaml"
    path.write_text(re.sub(r"when: taken", "when: known", path.read_text()))
    text = path.read_text()
    serve(site, once=True, shadow=tmp_path / "aside")
    assert not list((tmp_path / "aside/amazon/us/label_request").glob("*.json"))
    others = text.replace("[labels.yaml, slips.yaml]", "slips.yaml", 1).replace("    label: {day: accepted}\n", "")
    path.write_text(others)  # they ask for no labels
    serve(site, once=True)
    submitted = len(amazon.state()["submissions"])
    assert submitted
    path.write_text(text)
    serve(site, once=True, shadow=tmp_path / "aside")
    assert list((tmp_path / "aside/amazon/us/label_request").glob("*.json"))
    assert len(amazon.state()["submissions"]) == submitted


def test_what_a_warehouse_sends_is_left_alone(site, amazon, tmp_path):
    ship = site / "wms/plain-csv/out/ship/SHIP-1.csv"
    ship.write_text("ORDER\n")
    serve(site, once=True, shadow=tmp_path / "aside")
    assert ship.read_text() == "ORDER\n"


def test_no_endpoint_of_a_shadow_run_can_submit(site, tmp_path):
    edit(site, "amazon:\n", 'compare: {at: "02:30", csv: out.csv}\namazon:\n')
    made = shadowed(read_site(site), tmp_path / "aside")
    assert made.compare is None  # its table would be laid over the service's own
    endpoints = places.endpoints_of(made, SystemClock())
    for route in made.routes:
        assert endpoints[route.endpoint].stages, route.name  # a file's place; a POST's is none
        assert route.look == 0.0
    places.close(endpoints.values())


def test_a_second_run_goes_on_where_the_first_ended(site, amazon, tmp_path):
    serve(site, once=True, shadow=tmp_path / "aside")
    before = files(tmp_path / "aside")
    serve(site, once=True, shadow=tmp_path / "aside")
    assert files(tmp_path / "aside") == before


@pytest.mark.parametrize("folder", ["", "wms", "wms/plain-csv", "wms/plain-csv/in"])
def test_a_folder_that_is_not_aside_is_refused_before_anybody_is_asked(site, amazon, folder):
    with pytest.raises(Misconfigured) as caught:
        serve(site, once=True, shadow=site / folder)
    assert [finding.code for finding in caught.value.findings] == ["shadow-folder"]
    assert amazon.state()["requests"] == []


def test_a_folder_that_cannot_be_made_is_told(site, tmp_path):
    (tmp_path / "file").write_text("")
    assert "shadow-folder" in run("run", "-C", site, "--once", "--shadow", tmp_path / "file/aside", code=2).stderr


def test_the_folder_is_made_for_the_services_user_alone(site, tmp_path):
    serve(site, once=True, shadow=tmp_path / "new/aside")
    assert (tmp_path / "new/aside").stat().st_mode & 0o077 == 0


def test_an_edit_is_put_in_force_aside_as_well(site, tmp_path, start):
    service = start(site, "--shadow", str(tmp_path / "aside"))
    service.until("READY=1")
    mapping = site / "mappings/plain-csv/orders.yaml"
    mapping.write_text(mapping.read_text().replace("ORD-", "ORDER-"))
    service.until_logged("configuration in force")
    assert service.stop() == 0
    assert not (site / "ledger.db").exists()


def test_the_first_line_says_what_is_going_on(site, tmp_path):
    ended = run_apart("run", "-C", str(site), "--once", "--shadow", str(tmp_path / "aside"))
    assert ended.returncode == 0
    first = ended.stderr.splitlines()[0]
    assert first.startswith("shadow run: ")
    assert "nothing is submitted" in first


def test_what_went_wrong_aside_is_shown(site, amazon, tmp_path):
    edit(site, "EWR1", "EWR9")
    aside = tmp_path / "aside"
    serve(site, once=True, shadow=aside)
    held = run_json("show", "held", "-C", site, "--shadow", aside)
    assert any("EWR1" in str(row) for row in held)
    assert not (site / "ledger.db").exists()
