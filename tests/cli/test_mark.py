"""mark: a folder that lost its mark to a warehouse that sweeps hidden files bears it again, so that sweeps leave it."""

import shutil

import pytest

from tests.cli.command import run, run_json
from tests.cli.test_doctor import over_sftp
from translator.config.read import read_site
from translator.core.finding import Unavailable
from translator.endpoints.endpoint import Outgoing, Put, Verdict
from translator.ledger.ledger import Ledger
from translator.service.places import endpoints_of
from translator.service.ports import SystemChance, SystemClock
from translator.service.whereabouts import ledger_of
from translator.simulator.sftp import SftpServer, User

PLACE = "plain-csv/in/orders"


class Warehouse:
    """A site, and its folder for orders; what the last receipt told lies in the ledger, as the service puts it there."""

    def __init__(self, root, folder):
        self.root, self.folder, self.home = root, folder, ""
        self.endpoint = endpoints_of(read_site(root), SystemClock())[PLACE]

    def put(self, name):
        receipt = self.endpoint.put(Outgoing(name, b"x", 1, f"token-{name}", home=self.home), lambda _: None)
        self.home = receipt.home or self.home
        with self.ledger() as ledger, ledger.commit() as book:
            book.bookmarks.put(PLACE, self.home)
        return Put(name, receipt)

    def ledger(self):
        return Ledger.open(ledger_of(read_site(self.root)), SystemClock(), SystemChance())

    def sweep(self):
        """Take every file, hidden ones as well."""
        for one in self.folder.iterdir():
            if one.is_file():
                one.unlink()

    def marks(self):
        return [one for one in self.folder.iterdir() if one.name.startswith(".translator-")]


@pytest.fixture(params=["a server", "this machine"])
def warehouse(tmp_path, request):
    root = tmp_path / "site"
    run("init", root)
    if request.param == "this machine":
        (root / "wms/plain-csv/in/orders").mkdir(parents=True, exist_ok=True)
        yield Warehouse(root, root / "wms/plain-csv/in/orders")
        return
    folder = tmp_path / "theirs/in/orders"
    folder.mkdir(parents=True)
    server = SftpServer(tmp_path / "theirs", {"acme": User("made up")}).start()
    over_sftp(root, server, server.fingerprint)
    made = Warehouse(root, folder)
    yield made
    made.endpoint.close()
    server.stop()


def test_a_folder_whose_mark_was_swept_takes_files_again_and_proves_those_of_before(warehouse):
    first = warehouse.put("1.csv")
    (mark,) = warehouse.marks()
    warehouse.sweep()
    if "sftp" in warehouse.home:
        with pytest.raises(Unavailable, match="translator mark"):
            warehouse.put("2.csv")
    assert warehouse.endpoint.look([first])[0].verdict is Verdict.ACCEPTED or "sftp" in warehouse.home
    assert "bears its mark; 0 other names" in run("mark", PLACE, "-C", warehouse.root).stdout
    assert warehouse.marks() == [mark]
    warehouse.sweep()
    warehouse.put("2.csv")
    assert warehouse.endpoint.look([first])[0].verdict is Verdict.ACCEPTED
    assert "1 other name lies there" in run("mark", PLACE, "-C", warehouse.root).stdout
    assert run_json("mark", PLACE, "-C", warehouse.root) == {"ok": True, "folder": PLACE, "others": 1}


def test_a_folder_that_never_bore_a_mark_gets_none(warehouse):
    with warehouse.ledger():
        pass
    assert "mark-unknown" in run("mark", PLACE, "-C", warehouse.root, code=2).stderr
    assert warehouse.marks() == []


def test_the_mark_of_another_place_is_not_made_in_this_one(warehouse):
    warehouse.put("1.csv")
    warehouse.sweep()
    with warehouse.ledger() as ledger, ledger.commit() as book:
        book.bookmarks.put(PLACE, warehouse.home.replace("in ", "in elsewhere", 1))
    assert "mark-unknown" in run("mark", PLACE, "-C", warehouse.root, code=2).stderr


def test_a_folder_that_is_not_there_is_not_made(warehouse):
    warehouse.put("1.csv")
    shutil.rmtree(warehouse.folder)
    run("mark", PLACE, "-C", warehouse.root, code=69)
    assert not warehouse.folder.exists()


def test_a_place_that_nothing_is_written_into_is_told(warehouse):
    said = run("mark", "plain-csv/out/ship", "-C", warehouse.root, code=2).stderr
    assert "nothing is written into plain-csv/out/ship" in said
    assert PLACE in said
