"""The ground of a site: what `translator.yaml` says by itself, read without a mapping, and as whole as the site's."""

from dataclasses import fields
from pathlib import Path

import pytest

from tests.cli.command import edit, run
from translator.config.ground import read_ground
from translator.config.read import read_site
from translator.config.site import Ground, System
from translator.core.finding import Misconfigured

WRONG = {
    "an unknown key": ("yaml-unknown-key", ("    region: na ", "    regoin: na ")),
    "a secret in the clear": ("secret-reference", ("client_secret: {credential: lwa-secret}", "client_secret: shown")),
    "a secret in two places": (
        "yaml-unknown-key",
        ("client_secret: {credential: lwa-secret}", "client_secret: {credential: lwa-secret, env: SECRET}"),
    ),
    "a ledger that is none": ("ledger-url", ("ledger: sqlite:ledger.db", "ledger: mysql://there")),
    "a character that no name has": ("site-character", ("      in/orders:", '      "in\\0/orders":')),
    "a folder on both sides": ("site-folder", ("      out/ship: [ship.yaml]", "      in/orders: [ship.yaml]")),
}
FOLLOWS = {"when", "label", "carrier", "assortment"}  # what mappings and tables say of a system


@pytest.fixture
def root(tmp_path):
    run("init", tmp_path / "site")
    return tmp_path / "site"


def test_it_says_of_a_site_what_the_site_says(root):
    ground, site = read_ground(root), read_site(root)
    for one in fields(Ground):
        if one.name != "systems":
            assert getattr(ground, one.name) == getattr(site, one.name), one.name
    assert ground.environment == site.environment
    assert list(ground.systems) == list(site.systems)
    for mine, its in zip(ground.systems.values(), site.systems.values(), strict=True):
        for one in fields(System):
            assert one.name in FOLLOWS or getattr(mine, one.name) == getattr(its, one.name), one.name


def test_no_mapping_table_or_template_is_opened(root, monkeypatch):
    opened = []

    def noted(path, *words):
        opened.append(path.relative_to(root).as_posix())
        return real(path, *words)

    real = Path.open
    monkeypatch.setattr(Path, "open", noted)
    read_ground(root)
    assert opened == ["translator.yaml"]


@pytest.mark.parametrize("code, change", WRONG.values(), ids=WRONG)
def test_what_is_wrong_there_is_told_as_the_site_tells_it(root, code, change):
    edit(root, *change)
    alone = told(read_ground, root)
    assert code in [one.code for one in alone]
    assert [one for one in told(read_site, root) if one in alone] == alone


def told(read, root):
    with pytest.raises(Misconfigured) as caught:
        read(root)
    return list(caught.value.findings)


def test_all_that_is_wrong_is_told_at_once_with_what_is_wrong_in_a_mapping(root):
    edit(root, "    region: na ", "    regoin: na ")
    path = root / "mappings/plain-csv/orders.yaml"
    path.write_text("writes: order\nrecords: [{fields: [", "utf-8")
    assert {one.rule.file for one in told(read_site, root)} >= {"translator.yaml", "plain-csv/orders.yaml"}
