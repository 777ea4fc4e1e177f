"""Every piece of translator.yaml in the manual is accepted by `check`, with the presets' files."""

from pathlib import Path

import pytest

from tests.docs.pages import PAGES, ROOT, blocks
from translator.config.read import site_of
from translator.instance import SITE
from translator.mapping.strict import Keys

SITES = [
    block
    for page in PAGES
    for block in blocks(page)
    if block.language == "yaml" and block.first in {"ledger", "amazon", "wms"}
]
AMAZON = """
amazon:
  us:
    vendor: ACMEG
    client_id: amzn1.application-oa2-client.example
    client_secret: {credential: lwa-secret}
    refresh_token: {credential: lwa-refresh}
"""
WMS = """
wms:
  plain-csv:
    warehouses: {EWR1: America/New_York}
    place: {folder: wms/plain-csv}
"""


def whole(text):
    keys = {line.split(":")[0] for line in text.splitlines() if line[:1].isalpha()}
    return text + ("" if "amazon" in keys else AMAZON) + ("" if "wms" in keys else WMS)


def fetching(text):
    presets = sorted(path.name for path in (ROOT / "mappings").glob("plain-*"))

    def fetch(name):
        if name == "translator.yaml":
            return text.encode()
        own = [ROOT / name]
        top, _, rest = name.partition("/")
        if top == "mappings":  # of a system with a name of its own
            own += [ROOT / top / preset / rest.partition("/")[2] for preset in presets]
        return next((path.read_bytes() for path in own if path.is_file()), None)

    return fetch


@pytest.mark.parametrize("block", SITES, ids=str)
def test_a_site_in_the_manual_is_right(block):
    site = site_of(Path("site"), fetching(whole(block.text)), {})
    assert site.routes


def test_the_manual_names_every_key_of_a_site(monkeypatch):
    """Whatever the reader of sites asks for in translator.yaml stands in site.md."""
    asked = set()
    node = Keys.node

    def noting(self, name):
        if self.place().file == SITE:
            asked.add(name)
        return node(self, name)

    monkeypatch.setattr(Keys, "node", noting)
    for block in SITES:
        site_of(Path("site"), fetching(whole(block.text)), {})
    text = (ROOT / "docs/site.md").read_text(encoding="utf-8")
    assert len(asked) > 30
    assert {name for name in asked if f"`{name}`" not in text} == set()
