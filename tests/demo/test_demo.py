"""`translator demo`, as its user runs it: every order ends as planned, and all that Amazon got is valid by its models."""

import json
import subprocess
import sys

import pytest

from tests.cli.command import run, run_json
from tests.simulator.models import FOLDER, MISSING, validator

MODELS = {
    "submitAcknowledgement": ("vendorDirectFulfillmentOrders_2021-12-28.json", "SubmitAcknowledgementRequest"),
    "submitShipmentConfirmations": (
        "vendorDirectFulfillmentShipping_2021-12-28.json",
        "SubmitShipmentConfirmationsRequest",
    ),
    "submitInventoryUpdate": ("vendorDirectFulfillmentInventoryV1.json", "SubmitInventoryUpdateRequest"),
}


@pytest.fixture(scope="module")
def demo(tmp_path_factory):
    root = tmp_path_factory.mktemp("demo") / "here"
    command = [sys.executable, "-m", "translator", "demo", "--json", "--dir", str(root)]
    done = subprocess.run(command, capture_output=True, text=True, timeout=1200, check=False)
    return root, done


def test_every_order_ends_as_planned(demo):
    _, done = demo
    report = json.loads(done.stdout)
    assert done.returncode == 0, done.stderr
    assert [order for order in report["orders"] if order["end"] != order["planned"]] == []
    assert len(report["orders"]) >= 12
    assert {order["wms"] for order in report["orders"]} == {"plain-csv", "plain-fixed", "plain-xml"}
    assert [order["end"] for order in report["orders"]].count("cancelled") == 1


def test_the_bad_row_ends_in_an_answer_file_of_its_warehouse(demo):
    root, done = demo
    (answer,) = json.loads(done.stdout)["answers"]
    assert answer["wms"] == "plain-csv"
    assert "number-syntax" in (root / answer["file"]).read_text()


def test_every_warehouse_saw_each_order_file_once_and_whole(demo):
    root, done = demo
    for wms in ("plain-csv", "plain-fixed", "plain-xml"):
        seen = [line.split()[0] for line in (root / "wms" / wms / "taken" / "taken.log").read_text().splitlines()]
        wanted = [order["file"] for order in json.loads(done.stdout)["orders"] if order["wms"] == wms]
        assert sorted(name for name in seen if name in wanted) == sorted(wanted)


def test_a_warehouse_that_takes_labels_has_one_for_each_order_it_shipped(demo):
    root, done = demo
    report = json.loads(done.stdout)
    shipped = [one for one in report["orders"] if one["wms"] == "plain-xml" and one["end"] == "confirmed"]
    assert all(one["steps"]["acknowledgement_accepted"] < one["steps"]["labelled"] for one in shipped)
    assert len(report["labels"]) == len(shipped)
    assert all("<Data>" in (root / name).read_text() for name in report["labels"])


@pytest.mark.skipif(not FOLDER.exists(), reason=MISSING)
def test_all_that_amazon_got_is_valid_by_its_models(demo):
    root, _ = demo
    submissions = json.loads((root / "amazon.json").read_text())
    assert {submission["operation"] for submission in submissions} == set(MODELS)
    for submission in submissions:
        file, name = MODELS[submission["operation"]]
        assert [error.message for error in validator(file, name).iter_errors(submission["body"])] == []
        refused = {error["code"] for error in submission["errors"]}
        assert submission["status"] == "Success" or refused == {"ORDER_CANCELLED"}  # acknowledged as it was cancelled


def test_no_name_and_no_secret_stands_in_the_log(demo):
    root, _ = demo
    log = (root / "service.log").read_text()
    for private in ("Smith & Sons", "Ångström", "Atzr|", "simulated-client-secret", "demo-password"):
        assert private not in log


def test_a_folder_that_is_not_the_demos_is_left_alone(tmp_path):
    (tmp_path / "ours").write_text("ours")
    assert run_json("demo", "--dir", tmp_path, code=2)["findings"][0]["code"] == "demo-folder"
    assert "is a file" in run("demo", "--dir", tmp_path / "ours", code=2).stderr
    assert "file-unwritable" in run("demo", "--dir", tmp_path / "ours/below", code=2).stderr
    assert "nan" in run("demo", "--dir", tmp_path / "new", "--seconds", "nan", code=2).stderr
    assert [path.name for path in tmp_path.iterdir()] == ["ours"]
