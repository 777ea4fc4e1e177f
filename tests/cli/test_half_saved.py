"""A mapping that is half saved takes nothing from the operator: looks and moves go on without it, and `check` tells it."""

import shutil

import pytest

from tests.cli.command import edit, run, run_json
from translator.config.read import read_site
from translator.ledger import Ledger
from translator.ledger.sqlite import driver
from translator.service import agreed
from translator.service.master import master_of
from translator.service.ports import SystemChance, SystemClock

LOOKS = {
    "an order": ("show", "order", "D1"),
    "what is held": ("show", "held"),
    "the inventory": ("show", "inventory"),
    "what was compared": ("show", "compared"),
    "who did what": ("show", "audit"),
    "files": ("files",),
    "how a level was made": ("explain", "stock", "SKU-1"),
    "the record": ("audit", "verify"),
}
MOVES = {
    "hold": ("hold", "D1"),
    "release": ("release", "D1"),
    "retry": ("retry", "D1"),
    "reject": ("reject", "D1"),
    "release all": ("release", "--failed"),
    "arrived": ("arrived", "D1"),
    "refuse": ("refuse", "D1", "--code", "03"),
    "deny": ("deny", "D1"),
    "relabel": ("relabel", "D1"),
    "reoffer": ("reoffer", "1"),
    "approve": ("approve", "1"),
    "resend": ("resend", "1"),
    "reconcile": ("reconcile", "--done"),
    "lookup": ("lookup", "set", "plain-csv/ship_methods", "UPS_GR_RES", "UPG"),
}


@pytest.fixture(scope="module")
def whole(tmp_path_factory):
    """A site with a ledger in which an order is known; no service runs."""
    root = tmp_path_factory.mktemp("whole") / "site"
    run("init", root)
    begin(root, root / "ledger.db")
    return root


@pytest.fixture(params=["half saved", "away"])
def broken(whole, tmp_path, request):
    """The same site with a mapping that is half saved, or while somebody lays the mappings out anew."""
    root = tmp_path / "site"
    shutil.copytree(whole, root)
    if request.param == "away":
        shutil.rmtree(root / "mappings")
    else:
        path = root / "mappings/plain-csv/orders.yaml"
        path.write_text(path.read_text("utf-8") + "records: [{fields: [", "utf-8")
    run("check", "-C", root, code=2)
    return root


def begin(root, where):
    opened = Ledger.open(where, SystemClock(), SystemChance(), master=master_of(read_site(root)))
    with opened as ledger, ledger.commit() as book:
        book.documents.add("order", "us", "D1", {"purchaseOrderNumber": "D1"})
        book.audit.note("somebody", "hold", "D1", {})


@pytest.mark.parametrize("words", LOOKS.values(), ids=LOOKS)
def test_what_is_looked_at_is_the_same(whole, broken, words):
    code = 1 if "explain" in words else 0  # nobody counted it
    assert run(*words, "-C", broken, code=code).stdout == run(*words, "-C", whole, code=code).stdout


@pytest.mark.parametrize("words", MOVES.values(), ids=MOVES)
def test_a_move_is_written(broken, words):
    assert "move-waits" in run(*words, "--reason", "x", "--wait", 0, "-C", broken, code=1).stderr
    with driver().connect(broken / "ledger.db.moves") as moves:
        assert moves.execute("SELECT count(*) FROM move").fetchone() == (1,)


def late(where):
    """Have an order be late."""
    with Ledger.open(where, SystemClock(), SystemChance()) as ledger, ledger.commit() as book:
        book.events.note("us D2", "order known", {"requiredShipDate": "2026-03-02T12:00:00+00:00"})


def test_what_is_late_is_told_by_the_last_good_site_and_that_it_is(whole, broken):
    late(broken / "ledger.db")
    with Ledger.open(broken / "ledger.db", SystemClock(), SystemChance()) as ledger:
        agreed.enforce(ledger, read_site(whole))
    told, *rows = run_json("show", "alarms", "-C", broken)
    assert told["what"] == "cannot be used: the service goes on by the last good ones"
    assert told["how"].startswith(("yaml-syntax in plain-csv/orders.yaml", "mapping-missing in translator.yaml, and "))
    assert [(row["about"], row["what"]) for row in rows] == [("order us D2", "ship-by")]


def test_where_no_service_began_what_is_wrong_is_told_instead_of_what_is_late(broken):
    late(broken / "ledger.db")
    assert "plain-csv/orders.yaml" in run("show", "alarms", "-C", broken, code=2).stderr


def test_a_shadow_run_is_looked_at(broken, whole, tmp_path):
    aside = tmp_path / "aside"
    aside.mkdir()
    begin(whole, aside / "ledger.db")
    assert run_json("show", "order", "D1", "-C", broken, "--shadow", aside)["purchaseOrderNumber"] == "D1"
    assert "shadow-folder" in run("show", "held", "-C", broken, "--shadow", broken / "wms", code=2).stderr


def test_copies_are_made_and_put_back_and_what_is_due_is_forgotten(broken, tmp_path):
    assert run_json("backup", tmp_path / "ledger.copy", "-C", broken)["ok"]
    run("restore", tmp_path / "ledger.copy", "-C", broken)
    assert run_json("keys", "backup", tmp_path / "keys", "-C", broken)["ok"]
    (copy,) = (tmp_path / "keys").iterdir()
    assert run_json("keys", "restore", copy, "-C", broken)["ok"]
    assert run_json("keys", "rotate", "-C", broken)["replaced"]
    assert run_json("purge", "-C", broken)["ok"]


def test_what_is_wrong_in_the_site_itself_is_told_to_every_verb(broken):
    edit(broken, "ledger:", "legder:")
    edit(broken, "    place:", "    plaice:")
    for words in (("hold", "D1", "--reason", "x"), ("show", "held"), ("purge",)):
        told = run(*words, "-C", broken, code=2).stderr
        assert "legder" in told
        assert "plaice" in told


def test_another_amazons_ledger_is_refused_as_before(broken):
    edit(broken, "    region: na ", "    sandbox: true\n    region: na ")
    with Ledger.open(broken / "ledger.db", SystemClock(), SystemChance()) as ledger, ledger.commit() as book:
        book.bookmarks.put("environment", "production")
    assert "ledger-environment" in run("hold", "D1", "--reason", "x", "-C", broken, code=2).stderr


@pytest.mark.parametrize(
    "words", [*LOOKS.values(), *MOVES.values(), ("purge",), ("keys", "rotate"), ("run", "--once")], ids=str
)
def test_a_ledger_that_cannot_be_opened_is_told_and_its_site_is_checked_all_the_same(whole, tmp_path, words):
    shutil.copytree(whole, root := tmp_path / "site")
    edit(root, "sqlite:ledger.db", f"sqlite:{'n' * 300}/ledger.db")  # as one in a folder that others may not look into
    assert "the ledger cannot be opened: file name too long" in run(*words, "-C", root, code=69).stderr
    run("check", "-C", root)
