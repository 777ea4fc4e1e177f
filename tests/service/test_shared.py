"""Several services over one ledger, each a process of its own: an edit is everybody's, and who dies has a successor."""

import json
import shutil
import signal
import time
from contextlib import suppress
from dataclasses import replace
from pathlib import Path

import pytest
from click.testing import CliRunner

from tests import postgres
from tests.cli.command import run, run_apart, run_json
from tests.ledger.house import StandingClock
from tests.service.running import Service
from tests.world import CSV, world_of
from translator.cli import program
from translator.core.finding import Unavailable
from translator.ledger import Ledger
from translator.ledger.postgres import STILL
from translator.ledger.workers import BEAT, SILENT
from translator.service.ports import SystemChance, SystemClock
from translator.stations.errand import LEASE
from translator.stations.pump import LISTEN

PROMISED = 15.0  # seconds until what a dead service had is taken over
LOCAL = replace(CSV, sftp=False, when="known", ways=None)


@pytest.fixture
def shared(tmp_path):
    """Open a world whose ledger is on a server; Amazon takes its time to answer."""
    with world_of(tmp_path, [LOCAL], 0, working=False, server=postgres.shared().fresh(), latency=(0.1, 0.1)) as world:
        yield world


@pytest.fixture
def machine(shared, tmp_path):
    """Start a service on a machine of its own: it has a copy of the site."""
    started = []

    def begin(*words):
        site = tmp_path / f"machine{len(started)}"
        shutil.copytree(shared.site, site)
        started.append((Service(site, tmp_path, *words), site))
        started[-1][0].until("READY=1")
        return started[-1]

    yield begin
    for service, _ in started:
        service.process.send_signal(signal.SIGCONT)
        service.close()


def look(world):
    return Ledger.open(world.where, SystemClock(), SystemChance(), master=world.master, alone=False, read_only=True)


def in_hand(world, name):
    """Give the rows that a worker has, by station."""
    query = f"SELECT station FROM work WHERE state = 'active' AND worker = '{name}'"
    with look(world) as ledger, ledger.look() as book:
        return book._connection.exec_driver_sql(query).scalars().all()


def workers(world):
    with look(world) as ledger, ledger.look() as book:
        return [worker.name for worker in book.workers.alive()]


def known(world):
    with look(world) as ledger, ledger.look() as book:
        return {stored.key for stored in book.documents.open("order")}


def test_an_edit_on_one_machine_is_in_force_on_the_other_and_a_stale_machine_takes_it_when_it_starts(shared, machine):
    first, _ = machine()
    second, site = machine()
    path = site / "mappings/plain-csv/orders.yaml"
    path.write_text(path.read_text().replace("file: ", "file: NEW", 1))
    second.until_logged("configuration in force")
    first.until_logged("configuration in force")
    third, _ = machine()  # begins with the old files
    with look(shared) as ledger, ledger.look() as book:
        files = book.configurations.get(book.configurations.in_force())
    assert "file: NEW" in files["mappings/plain-csv/orders.yaml"]
    assert third.stop() == 0
    assert "configuration refused" not in first.log.read_text() + second.log.read_text() + third.log.read_text()


def test_a_broken_edit_on_one_machine_is_in_force_on_none(shared, machine):
    first, site = machine()
    second, _ = machine()
    (site / "mappings/plain-csv/orders.yaml").write_text("writes: nothing\n")
    first.until_logged("configuration refused")
    time.sleep(2)
    assert "configuration in force" not in {line.get("event") for line in second.lines()}


@pytest.mark.parametrize("end", [signal.SIGKILL, signal.SIGSTOP])
def test_who_dies_or_stands_still_has_a_successor(shared, machine, end):
    service, _ = machine()
    (dying,) = workers(shared)
    shared.amazon._latency = (3.0, 3.0)  # a turn takes long enough to be caught in
    service.wait_for(lambda: "collect" in in_hand(shared, dying), "no turn in its hands")
    service.process.send_signal(end)
    assert seen(shared, dying) <= now(shared)
    assert "collect" not in taken(shared, at=seen(shared, dying) + BEAT)
    assert "collect" in taken(shared, at=seen(shared, dying) + PROMISED - LISTEN)
    shared.amazon._latency = (0.0, 0.0)
    other, _ = machine()
    orders = {order["purchaseOrderNumber"] for order in add(shared, 2)}
    other.wait_for(lambda: known(shared) == orders, "nobody goes on")


def seen(world, name):
    """Say when a worker was seen last, by the clock of the ledger."""
    return one(world, f"SELECT seen FROM worker WHERE name = '{name}'")


def now(world):
    return one(world, "SELECT extract(epoch FROM clock_timestamp())::float8")


def one(world, query):
    with look(world) as ledger, ledger.look() as book:
        return book._connection.exec_driver_sql(query).scalar_one()


def taken(world, at):
    """Give the stations of what a successor could claim at a time of the ledger; it does not keep it."""
    for _ in range(10):
        with suppress(Unavailable):  # who stands still in a commit keeps others out, so long as it may
            return _taken(world, StandingClock(at))
    pytest.fail("the ledger cannot be written")


def _taken(world, clock):
    found = set()
    ledger = Ledger.open(world.where, clock, SystemChance(), master=world.master)
    with ledger, suppress(InterruptedError), ledger.commit() as book:
        found = {work.station for work in book.work.claim(100, LEASE)}
        raise InterruptedError
    return found


def test_the_times_in_force_make_no_more_than_the_promised_seconds():
    """It is silent from its death on, or keeps the others out of a commit so long; then the next turn of one of them comes."""
    assert max(SILENT, STILL) + LISTEN <= PROMISED
    assert BEAT + LISTEN < SILENT  # a turn that is late is no death
    manual = Path(__file__).parents[2] / "docs/running.md"
    assert f"taken over by another within {PROMISED:g} seconds" in manual.read_text()


def add(world, count):
    from tests.world import orders_of

    made = orders_of(world.systems, count)
    world.amazon.add_orders(made)
    return made


def test_two_services_that_run_at_once_write_each_order_once(shared, machine):
    one, _ = machine()
    other, _ = machine()
    made = {order["purchaseOrderNumber"] for order in add(shared, 30)}
    one.wait_for(lambda: len(shared.visible(LOCAL)) == 30, "not all are written")
    one.wait_for(lambda: len(shared.amazon.state()["effects"].get("submitAcknowledgement", {})) == 30, "no acks")
    assert known(shared) == made
    assert set(shared.amazon.state()["effects"]["submitAcknowledgement"].values()) == {1}
    assert {one.stop(), other.stop()} == {0}


def test_commands_look_at_a_ledger_on_a_server_and_ask_its_services(shared, machine):
    service, site = machine()
    (order,) = add(shared, 1)
    number = order["purchaseOrderNumber"]
    service.wait_for(lambda: number in known(shared), "it is not known")
    assert number in run("show", "order", number, "-C", site).stdout
    service.wait_for(lambda: shared.visible(LOCAL), "it is not written")
    asked = ["hold", number, "--reason", "asked", "--wait", "120", "-C", str(site)]
    service.wait_for(lambda: CliRunner().invoke(program(), asked).exit_code == 0, "it is always being worked on")
    assert any("asked" in str(row) for row in run_json("show", "held", "-C", site))
    probes = {one["what"]: one for one in json.loads(run_apart("doctor", "-C", site, "--json").stdout)["probes"]}
    assert probes["ledger's server"]["well"]
    assert "services that live: 1" in probes["ledger"]["said"]


def test_a_server_that_is_restarted_is_waited_for(tmp_path):
    with (
        postgres.server() as server,
        world_of(tmp_path, [LOCAL], 0, working=False, server=server.fresh()) as world,
    ):
        service = Service(world.site, tmp_path)
        service.until("READY=1")
        server.stop()
        add(world, 3)
        time.sleep(3)
        server.start()
        service.wait_for(lambda: len(world.visible(LOCAL)) == 3, "nothing is written")
        assert service.stop() == 0


def test_a_server_that_starts_after_the_service_is_waited_for(tmp_path):
    with (
        postgres.server() as server,
        world_of(tmp_path, [LOCAL], 0, working=False, server=server.fresh()) as world,
    ):
        server.stop()
        service = Service(world.site, tmp_path)
        service.until_logged("waiting for the ledger")
        service.wait_for(lambda: any(word.startswith("EXTEND_TIMEOUT_USEC=") for word in service.words), "not told")
        server.start()
        service.until("READY=1")
        assert service.stop() == 0
        server.stop()
        service = Service(world.site, tmp_path)
        service.until_logged("waiting for the ledger")
        assert service.stop() == 0
        assert "READY=1" not in service.words
