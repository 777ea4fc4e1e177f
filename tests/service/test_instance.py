"""The folder of a ledger is one service's alone, from before anything else of the site is read."""

import os

import pytest

from translator.instance import Hold, Taken, hold, lock


@pytest.fixture
def site(tmp_path):
    (tmp_path / "site/state").mkdir(parents=True)
    return tmp_path / "site"


def write(site, text):
    (site / "translator.yaml").write_text(text)


@pytest.mark.parametrize(
    "said, below",
    [
        ("amazon: {}", ""),
        ("ledger: sqlite:ledger.db", ""),
        ("ledger: sqlite:state/ledger.db", "state"),
        ("ledger: {url: sqlite:state/ledger.db}", "state"),
        ("ledger: sqlite:state/ledger.db\namazon: [what: stands, here: is, not: read]", "state"),
    ],
)
def test_the_folder_of_the_ledger_is_taken_once(site, said, below):
    write(site, said)
    with hold(site):
        for where in (lambda: hold(site), lambda: lock(site / below)):
            with pytest.raises(Taken):
                where()
    with hold(site) as held:
        given = held.pass_on(site / below)
    with pytest.raises(Taken):
        hold(site)
    os.close(given)


def test_a_shadow_run_takes_its_own_folder(site, tmp_path):
    write(site, "ledger: sqlite:ledger.db")
    aside = tmp_path / "aside"
    aside.mkdir()
    held = [hold(site), hold(site, aside)]
    with pytest.raises(Taken):
        hold(site, aside)
    assert [one.pass_on(path) is None for one, path in zip(held, (site, aside), strict=True)] == [False, False]


@pytest.mark.parametrize(
    "said",
    [
        "ledger: postgresql://translator@db/ledger",
        "ledger: [sqlite:ledger.db]",
        "ledger: {url: {}}",
        "ledger: sqlite:absent/ledger.db",
        "ledger: {",
        "- ledger",
        None,
    ],
    ids=["a server", "a list", "no text", "no folder", "no YAML", "no mapping", "no site"],
)
def test_where_no_folder_is_known_nothing_is_taken_and_nothing_is_told(site, said):
    if said is not None:
        write(site, said)
    assert hold(site) == Hold(None)


def test_what_holds_another_folder_is_let_go_and_what_it_held_is_given_once(site):
    write(site, "ledger: sqlite:state/ledger.db")
    held = hold(site)
    assert held.pass_on(site) is None
    held = hold(site)
    given = held.pass_on(site / "../site/state")
    assert held.pass_on(site / "state") is None
    with pytest.raises(Taken):
        hold(site)
    os.close(given)
