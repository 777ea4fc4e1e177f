"""Every piece of translator.yaml in the manual is accepted by `check`, with the presets' files."""

from pathlib import Path

import pytest

from tests.docs.pages import PAGES, ROOT, blocks
from translator.config.read import site_of

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
    presets = sorted(path.name for path in (ROOT / "mappings").iterdir())

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
    """Whatever the reader of sites asks for stands in site.md, in a table or in an example."""
    from translator.mapping.strict import Keys

    asked = set()
    node = Keys.node

    def noting(self, name):
        asked.add(name)
        return node(self, name)

    monkeypatch.setattr(Keys, "node", noting)
    page = ROOT / "docs/site.md"
    for block in blocks(page):
        if block.first in {"ledger", "amazon", "wms"}:
            site_of(Path("site"), fetching(whole(block.text)), {})
    text = page.read_text(encoding="utf-8")
    site_keys = {name for name in asked if name in SITE_KEYS or name not in MAPPING_KEYS}
    assert {name for name in site_keys if f"`{name}`" not in text} == set()


MAPPING_KEYS = frozenset(
    "writes reads template format file batch most same partner let records fields when must each times unknown check documents "
    "charset newline delimiter quote header blank_lines short width namespaces indent at len max from maybe text is equals type "
    "places implied mark sign pad justify round date time lookup reverse miss default empty redacted required truncate "
    "rest keep group adjacent about table by give".split()
)
SITE_KEYS = frozenset("partner from when".split())
