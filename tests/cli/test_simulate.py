"""simulate: says on one line where it is, answers, and ends when interrupted."""

import json
import signal
import socket
import subprocess
import sys
from contextlib import contextmanager

import httpx
import pytest
from click.testing import CliRunner

from tests.cli.command import run, run_json
from tests.docs.pages import ROOT
from translator.cli import program
from translator.core.private import Private
from translator.endpoints.sftp import Server
from translator.endpoints.sftp.settings import Settings
from translator.simulator.account_types import TREATMENTS
from translator.simulator.faults import MENU


@contextmanager
def playing(*words):
    process = subprocess.Popen(
        [sys.executable, "-m", "translator", "simulate", *map(str, words)], stdout=subprocess.PIPE, text=True
    )
    try:
        yield json.loads(process.stdout.readline())
        process.send_signal(signal.SIGINT)
        assert process.wait(60) == 0
    finally:
        process.kill()
        process.wait()


def test_amazon_says_where_it_is_and_what_opens_it():
    with playing("amazon", "--port", 0, "--count", 3, "--vendor", "OTHER") as said:
        state = httpx.get(f"{said['url']}/_simulator/state").json()
        assert said["vendor"] == "OTHER"
        assert len(said["orders"]) == len(state["orders"]) == 3


def test_amazon_plays_a_type_of_account_in_a_country():
    words = ("--type", "label-only", "--label-format", "ZPL", "--country", "IN", "--limits", "--sandbox")
    with playing("amazon", "--port", 0, "--count", 2, *words) as said:
        state = httpx.get(f"{said['url']}/_simulator/state").json()
        countries = {o["body"]["orderDetails"]["shipToParty"]["countryCode"] for o in state["orders"].values()}
        settings = {name: state["settings"][name] for name in ("type", "label_format", "limits", "sandbox")}
        assert countries == {"IN"}
        assert settings == {"type": "label-only", "label_format": "ZPL", "limits": True, "sandbox": True}


FAULTS = [{"kind": "broken", "operation": "token"}, {"kind": "slow", "seconds": 0.5, "times": 2, "after": 1}]
YAML = "- {kind: broken, operation: token}\n- kind: slow\n  seconds: 0.5\n  times: 2\n  after: 1\n"


@pytest.mark.parametrize("name, text", [("faults.yaml", YAML), ("faults.json", json.dumps(FAULTS, indent=2))])
def test_amazon_plays_the_faults_of_a_file(tmp_path, name, text):
    (tmp_path / name).write_text(text)
    with playing("amazon", "--port", 0, "--faults", tmp_path / name) as said:
        planned = httpx.get(f"{said['url']}/_simulator/state").json()["faults"]
        assert [
            {key: value for key, value in fault.items() if key in FAULTS[i]} for i, fault in enumerate(planned)
        ] == FAULTS
        assert httpx.post(said["token_url"]).status_code == 500


@pytest.mark.parametrize(
    "text, told",
    [
        ("kind: broken", "no list of faults"),
        ("- {kind: odd}", "faults.yaml:1"),
        ("- broken", "kind"),
        ("- {kind: slow, seconds: soon}", "seconds must be a number"),
        ("- {kind: page_loop, operation: getOrder}", "page_loop can strike getOrders"),
    ],
)
def test_a_file_of_faults_that_is_wrong_says_where(tmp_path, text, told):
    (tmp_path / "faults.yaml").write_text(text)
    said = CliRunner().invoke(program(), ["simulate", "amazon", "--faults", str(tmp_path / "faults.yaml")])
    assert (said.exit_code, told in " ".join(said.stderr.split())) == (2, True), said.stderr


def test_help_names_every_kind_of_fault():
    said = CliRunner().invoke(program(), ["simulate", "amazon", "--help"]).output
    page = (ROOT / "docs/simulators.md").read_text("utf-8")
    assert [kind for kind in MENU if f"  {kind} " not in said and f"  {kind}\n" not in said] == []
    assert [kind for kind, says in MENU.items() if f"| `{kind}` |" not in page or f"| {says} |" not in page] == []
    assert [name for name in TREATMENTS if f"| `{name}` |" not in page] == []


def test_amazon_takes_orders_from_a_file(tmp_path):
    from tests.cli.command import orders, write_json

    path = write_json(tmp_path / "orders.json", {"payload": {"orders": orders(2)}})
    with playing("amazon", "--port", 0, "--orders", path) as said:
        assert said["orders"] == [order["purchaseOrderNumber"] for order in orders(2)]


@pytest.mark.parametrize("password, opens", [("made up", True), ("wrong", False)])
def test_sftp_serves_a_folder(tmp_path, password, opens):
    from translator.core.finding import Unavailable

    (tmp_path / "in").mkdir()
    with playing("sftp", tmp_path, "--port", 0, "--user", "acme", "--password", "made up") as said:
        server = Server(Settings("127.0.0.1", "acme", said["host_key"], said["port"], password=Private(password)))
        try:
            if opens:
                with server.session() as session:
                    assert [entry.name for entry in session.entries(".")] == ["in"]
            else:
                with pytest.raises(Unavailable), server.session():
                    pass
        finally:
            server.close()


def test_a_warehouse_takes_orders_and_answers(tmp_path):
    import time
    from pathlib import Path

    from tests.cli.command import orders, write_json

    for folder in ("in", "out/ship", "out/stock"):
        (tmp_path / folder).mkdir(parents=True)
    words = ("--format", "csv", "--place", "ship=ship", "--place", "stock=stock")
    with playing("warehouse", tmp_path / "in", tmp_path / "out", *words) as said:
        mapping = Path(__file__).parents[2] / "mappings/plain-csv/orders.yaml"
        run("convert", "-m", mapping, write_json(tmp_path / "orders.json", orders(1)), "-o", tmp_path / "in")
        end = time.monotonic() + 120
        while not list((tmp_path / "out/ship").iterdir()):
            assert time.monotonic() < end
            time.sleep(0.05)
        assert (Path(said["taken"]) / "taken.log").is_file()


@pytest.fixture(scope="module")
def taken():
    """A port that somebody has."""
    with socket.create_server(("127.0.0.1", 0)) as other:
        yield other.getsockname()[1]


@pytest.mark.parametrize("words", [("amazon",), ("sftp", ".")])
def test_a_port_that_is_taken_or_is_none_is_told(tmp_path, monkeypatch, taken, words):
    monkeypatch.chdir(tmp_path)
    said = run_json("simulate", *words, "--port", taken, code=69)
    assert said["findings"][0]["text"] == f"port {taken}: address already in use"
    assert "65536" in run("simulate", *words, "--port", 65536, code=2).stderr


SILLY = [
    (("amazon", "--count", -3), "-3"),
    (("amazon", "--seconds", "nan"), "nan"),
    (("amazon", "--seconds", "inf"), "inf"),
    (("sftp", "file/below"), "file/below: error file-unwritable"),
    (("sftp", "out", "--host-key", "file"), "file: error host-key-file"),
    (("sftp", "out", "--host-key", "missing/key"), "missing/key: error file-unwritable"),
    (("warehouse", "in", "out", "--zone", "Nowhere"), "option-zone"),
    (("warehouse", "in", "out", "--delay", -1), "-1"),
    (("warehouse", "in", "out", "--bad-row", -1), "-1"),
    (("warehouse", "in", "out", "--place", "shop=."), "ship, stock, ack"),
    (("warehouse", "in", "out", "--place", "ship=missing"), "missing"),
]


@pytest.mark.parametrize("words, told", SILLY, ids=[" ".join(map(str, words)) for words, _ in SILLY])
def test_what_cannot_be_played_is_told_before_anything_is(tmp_path, monkeypatch, words, told):
    monkeypatch.chdir(tmp_path)
    for folder in ("in", "out"):
        (tmp_path / folder).mkdir()
    (tmp_path / "file").write_text("")
    more = () if words[0] == "warehouse" else ("--port", 0)
    assert told in " ".join(run("simulate", *words, *more, code=2).stderr.split())
