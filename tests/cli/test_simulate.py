"""simulate: says on one line where it is, answers, and ends when interrupted."""

import json
import signal
import subprocess
import sys
from contextlib import contextmanager

import httpx
import pytest

from translator.core.private import Private
from translator.endpoints.sftp import Server
from translator.endpoints.sftp_settings import Settings


@contextmanager
def playing(*words):
    process = subprocess.Popen(
        [sys.executable, "-m", "translator", "simulate", *map(str, words)], stdout=subprocess.PIPE, text=True
    )
    try:
        yield json.loads(process.stdout.readline())
        process.send_signal(signal.SIGINT)
        assert process.wait(10) == 0
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

    from tests.cli.command import orders, run, write_json

    for folder in ("in", "out/ship", "out/stock"):
        (tmp_path / folder).mkdir(parents=True)
    words = ("--format", "csv", "--place", "ship=ship", "--place", "stock=stock")
    with playing("warehouse", tmp_path / "in", tmp_path / "out", *words) as said:
        mapping = Path(__file__).parents[2] / "mappings/plain-csv/orders.yaml"
        run("convert", "-m", mapping, write_json(tmp_path / "orders.json", orders(1)), "-o", tmp_path / "in")
        end = time.monotonic() + 10
        while not list((tmp_path / "out/ship").iterdir()):
            assert time.monotonic() < end
            time.sleep(0.05)
        assert (Path(said["taken"]) / "taken.log").is_file()
