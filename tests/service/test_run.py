"""The service alive: ready, watched, told to stop; alone; edited well and badly."""

import signal
import sqlite3
import subprocess
import sys
import threading
import time
from contextlib import closing
from pathlib import Path

from tests.cli.command import edit, run, run_apart, run_json
from tests.service.running import command
from translator.config.read import read_site
from translator.ledger.sqlite import driver
from translator.service import shadow
from translator.service.signals import Asked
from translator.service.start import serve


def test_the_units_command_says_ready_pings_and_says_that_it_stops(site, start):
    service = start(site, watchdog=1.0)
    service.until("READY=1")
    service.wait_for(lambda: service.words.count("WATCHDOG=1") >= 3, "three pings")
    assert any(word.startswith("STATUS=") for word in service.words)
    assert service.stop() == 0
    assert "STOPPING=1" in service.words
    assert service.words.index("READY=1") < service.words.index("STOPPING=1")


def test_an_interrupt_from_the_keyboard_stops_it_in_good_order_too(site, start):
    service = start(site)
    service.until("READY=1")
    assert service.stop(signal.SIGINT) == 0


def test_a_second_instance_ends_with_75_before_anything_slow_is_imported_or_read(site, start):
    service = start(site)
    service.until("READY=1")
    for path in ("translator.yaml", "mappings/plain-csv/orders.yaml"):  # so that reading it would be told
        with (site / path).open("a") as file:
            file.write("\nnonsense: {}\n")
    words = [sys.executable, "-X", "importtime", "-m", "translator", *command(site)[1:]]
    second = subprocess.run(words, capture_output=True, text=True, check=False)
    imported = {
        line.rpartition("|")[2].strip() for line in second.stderr.splitlines() if line.startswith("import time:")
    }
    told = [line for line in second.stderr.splitlines() if not line.startswith("import time:")]
    assert second.returncode == 75, told
    assert "ledger-taken" in "".join(told)
    assert "nonsense" not in "".join(told)
    assert "translator.instance" in imported
    assert imported & {"sqlalchemy", "httpx", "paramiko", "jinja2", "translator.ledger", "translator.service"} == set()
    assert service.stop() == 0


def test_a_site_that_is_wrong_ends_with_2_before_it_is_ready_and_says_all_of_it(site, start):
    path = site / "translator.yaml"
    path.write_text(path.read_text().replace("region: na", "region: us").replace("America/New_York", "Nowhere"))
    service = start(site)
    assert service.process.wait(120) == 2
    assert "READY=1" not in service.words
    assert {"yaml-value", "site-zone"} <= set(service.log.read_text().replace(":", " ").split())


def test_a_broken_edit_leaves_the_last_good_one_in_force_and_a_good_one_replaces_it(site, start):
    path = site / "mappings/plain-csv/orders.yaml"
    good = path.read_text()
    service = start(site)
    service.until("READY=1")
    before = in_force(site)

    path.write_text(good.replace("order.purchaseOrderNumber", "order.purchaseOrderNumer"))
    service.until_logged("configuration refused")
    assert service.process.poll() is None
    assert in_force(site) == before
    refused = [line for line in service.lines() if line["event"] == "configuration refused" and line.get("line")]
    assert {line["file"] for line in refused} == {"plain-csv/orders.yaml"}

    path.write_text(good.replace("ORD-", "ORDER-"))
    service.until_logged("configuration in force")
    assert in_force(site) > before
    assert "RELOADING=1" in service.words
    assert service.stop() == 0


def test_44_a_mapping_that_is_saved_half_way_leaves_the_last_good_one_in_force(site, start):
    path = site / "mappings/plain-csv/orders.yaml"
    whole = path.read_text().replace("ORD-", "ORDER-")
    service = start(site)
    service.until("READY=1")
    before = in_force(site)

    path.write_text(whole[: whole.index("lookup: ship_methods")])  # the editor stopped in the middle of a line
    service.until_logged("configuration refused")
    assert in_force(site) == before
    assert {
        line["code"] for line in service.lines() if line["event"] == "configuration refused" and "line" in line
    } == {"yaml-syntax"}

    path.write_text(whole)
    service.until_logged("configuration in force")
    assert in_force(site)[0] == before[0] + 1
    assert service.stop() == 0


def test_44_a_mapping_that_is_edited_while_it_is_read_is_read_again(site, monkeypatch):
    path = site / "mappings/plain-csv/orders.yaml"
    asked, reads = Asked(), []

    def read_and_edit(root, laid):
        found = read_site(root, laid)
        reads.append(found.hash)
        if len(reads) == 2:  # the first edit was just read, and the next one comes
            path.write_text(path.read_text().replace("ORDER-", "PO-"))
        return found

    monkeypatch.setattr(shadow, "read_site", read_and_edit)

    def edit_and_stop():
        wait_for(lambda: reads and is_in_force(site, reads[0]))
        path.write_text(path.read_text().replace("ORD-", "ORDER-"))
        wait_for(lambda: len(reads) == 3 and is_in_force(site, reads[2]))
        asked.stop = True

    threading.Thread(target=edit_and_stop).start()
    serve(site, asked=asked)
    assert len(set(reads)) == 3
    assert hashes_in_force(site) == {reads[0], reads[2]}


def test_a_file_that_cannot_even_be_read_is_a_broken_edit_too(site, start):
    service = start(site)
    service.until("READY=1")
    table = site / "mappings/plain-csv/tables/ship_methods.csv"
    table.unlink()
    table.symlink_to(table)
    service.process.send_signal(signal.SIGHUP)
    service.until_logged("configuration refused")
    assert {line.get("code") for line in service.lines()} >= {"file-unreadable"}
    assert service.stop() == 0


def test_an_edit_over_which_the_reader_itself_stumbles_is_a_broken_edit_too(site, start):
    service = start(site)
    service.until("READY=1")
    before, path = in_force(site), site / "translator.yaml"
    zone = "America" + "/New" * 3000  # deeper than can be followed
    path.write_text(path.read_text().replace("America/New_York", zone, 1))
    service.process.send_signal(signal.SIGHUP)
    service.until_logged("configuration refused")
    assert {line.get("code") for line in service.lines()} >= {"site-unreadable"}
    assert "fault" in {line["event"] for line in service.lines()}
    assert in_force(site) == before
    assert service.stop() == 0


def test_sighup_reads_the_site_again_at_once(site, start):
    service = start(site)
    service.until("READY=1")
    service.process.send_signal(signal.SIGHUP)
    service.until("RELOADING=1")
    service.wait_for(lambda: service.words.count("READY=1") == 2, "ready again")
    assert service.stop() == 0


def test_another_ledger_is_not_taken_while_running(site, start):
    service = start(site)
    service.until("READY=1")
    path = site / "translator.yaml"
    path.write_text(path.read_text().replace("sqlite:ledger.db", "sqlite:other.db"))
    service.process.send_signal(signal.SIGHUP)
    service.until_logged("configuration refused")
    assert not (site / "other.db").exists()
    assert service.stop() == 0


def test_the_log_is_json_lines_without_a_word_of_a_secret(site, start, amazon):
    service = start(site)
    service.until("READY=1")
    service.until_logged("service started")
    assert service.stop() == 0
    text = service.log.read_text()
    assert all(line.startswith("{") for line in text.splitlines())
    assert amazon.settings.client_secret not in text
    assert amazon.settings.refresh_token not in text


def test_a_login_that_is_refused_is_told(site, start):
    (site / "credentials/lwa-secret").write_text("another")
    service = start(site)
    service.until_logged("lane closed")
    (line, *_) = [line for line in service.lines() if line["event"] == "lane closed"]
    assert line["lane"] == "us/getOrders"
    assert service.stop() == 0


def test_once_ends_by_itself(site):
    done = run_apart("run", "--once", "-C", site)
    assert done.returncode == 0, done.stderr


def test_once_ends_though_the_next_turns_come_soon(site, start):
    edit(site, "    acknowledge:", "    every: 1s\n    acknowledge:")
    edit(site, "    region:", "    every: 1s\n    region:")
    assert start(site, "--once").process.wait(60) == 0


def test_once_stops_when_it_is_told_to_while_it_waits_for_a_file(site, start):
    edit(site, "    acknowledge:", "    quiet: 55s\n    acknowledge:")
    (site / "wms/plain-csv/out/stock/STOCK1.csv").write_text("WAREHOUSE,SKU,ASIN,QTY\nEWR1,0007,,5\n")
    service = start(site, "--once")
    service.until("READY=1")
    service.process.send_signal(signal.SIGINT)
    assert service.process.wait(30) == 0
    assert "STOPPING=1" in service.words


def test_a_damaged_ledger_ends_with_74(site):
    (site / "ledger.db").write_bytes(b"this is no ledger, and long enough to be looked at. " * 100)
    done = run_apart("run", "-C", site)
    assert done.returncode == 74, done.stderr


def wait_for(true):
    end = time.monotonic() + 120
    while not true() and time.monotonic() < end:
        time.sleep(0.1)


def is_in_force(site, wanted):
    try:
        return wanted in hashes_in_force(site)
    except sqlite3.OperationalError:  # there is no such table yet
        return False


def hashes_in_force(site):
    with sqlite3.connect(f"file:{site}/ledger.db?mode=ro", uri=True) as connection:
        return {row[0] for row in connection.execute("SELECT hash FROM configuration")}


def in_force(site):
    """Count the configurations that were put in force, and give the newest."""
    with sqlite3.connect(f"file:{site}/ledger.db?mode=ro", uri=True) as connection:
        return connection.execute("SELECT count(*), max(hash) FROM configuration").fetchone()


def test_a_file_event_wakes_it_long_before_the_next_scan(site, start):
    path = site / "translator.yaml"
    path.write_text(path.read_text().replace("    acknowledge:", "    every: 30m\n    quiet: 0s\n    acknowledge:"))
    service = start(site)
    service.until("READY=1")
    time.sleep(1)  # the first scan is over
    (site / "wms/plain-csv/out/stock/STOCK1.csv").write_text("WAREHOUSE,SKU,ASIN,QTY\nEWR1,0007,,5\n")
    service.until_logged("collected")
    assert service.stop() == 0


def test_a_copy_is_made_beside_the_running_service_and_put_back_when_it_has_stopped(site, start, tmp_path):
    service = start(site)
    service.until("READY=1")
    (tmp_path / "copies").mkdir()
    made = run_json("backup", tmp_path / "copies", "--site", site)
    assert Path(made["file"]).stat().st_size == made["size"]
    assert "ledger-taken" in run("restore", made["file"], "--site", site, code=75).stderr
    assert service.stop() == 0
    before = run_json("restore", made["file"], "--site", site)["before"]
    assert Path(before).exists()
    assert run_json("reconcile", "--site", site)["state"]["sending"].startswith("nothing")
    again = start(site)
    again.until("READY=1")
    assert "sending goes on" in run("reconcile", "--done", "--site", site, "--wait", "120").stdout
    acts = [row["what"] for row in run_json("show", "audit", "--site", site)]
    assert {"restore", "move reconciled"} <= set(acts)


def test_a_fault_in_forgetting_is_told_and_the_service_goes_on(site, start):
    serve(site, once=True)
    with closing(driver().connect(site / "ledger.db")) as ledger, ledger:
        ledger.execute("UPDATE bookmark SET value = 'broken' WHERE name = 'forgetting'")
    service = start(site)
    service.until_logged("fault")
    service.until_logged("nothing forgotten")
    service.wait_for(lambda: service.words.count("WATCHDOG=1") >= 2, "it goes on")
    assert service.stop() == 0


def test_keys_that_somebody_keeps_in_their_journal_are_told_and_the_service_goes_on(site, start):
    serve(site, once=True)
    with closing(driver().connect(site / "ledger.db")) as ledger, ledger:
        ledger.execute("INSERT INTO forgetting VALUES (12, 0)")
    with closing(driver().connect(site / "ledger.db.keys", isolation_level=None)) as reader:
        reader.execute("INSERT INTO wrapped VALUES (12, x'00')")
        reader.execute("BEGIN")
        reader.execute("SELECT count(*) FROM wrapped").fetchone()
        service = start(site)
        service.until_logged("keys are not wiped", 120)
        service.until_logged("keys not destroyed", 120)
        service.wait_for(lambda: service.words.count("WATCHDOG=1") >= 2, "it goes on")
        assert service.stop() == 0
    serve(site, once=True)
    with closing(driver().connect(site / "ledger.db")) as ledger:
        assert ledger.execute("SELECT count(*) FROM forgetting").fetchone() == (0,)
