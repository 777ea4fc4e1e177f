"""The pages hold together: links lead somewhere, pictures are there, nothing of this machine is on them."""

import re
import xml.etree.ElementTree as ET

import pytest

from tests.docs.pages import PAGES, ROOT, anchors, prose

LINK = re.compile(r"!?\[[^\]]*\]\(([^)\s]+)\)|<(?:img|source)[^>]*(?:src|srcset)=\"([^\"]+)\"")
FORBIDDEN = re.compile(r"(?<![\w.])/(?:root|home|tmp)/|\.\./shared", re.IGNORECASE)  # paths of one machine
MANUAL = [page for page in PAGES if page.parent.name == "docs"]


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_every_link_leads_somewhere(page):
    for one, other in LINK.findall(prose(page)):
        target, _, anchor = (one or other).partition("#")
        if target.startswith(("http://", "https://")):
            continue
        path = (page.parent / target).resolve() if target else page
        assert path.exists(), f"{one} of {page.name}"
        assert not anchor or anchor in anchors(path), f"#{anchor} of {page.name}: {sorted(anchors(path))}"


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_nothing_of_this_machine_or_of_a_package_index_is_on_a_page(page):
    assert FORBIDDEN.findall(page.read_text(encoding="utf-8")) == []


def test_the_index_leads_to_every_page():
    index = (ROOT / "docs/README.md").read_text(encoding="utf-8")
    assert [page.name for page in MANUAL if page.name != "README.md" and f"({page.name})" not in index] == []


def test_the_readme_leads_to_the_manual():
    assert "(docs/README.md)" in (ROOT / "README.md").read_text(encoding="utf-8")


@pytest.mark.parametrize("path", sorted((ROOT / "docs").glob("*.svg")), ids=lambda path: path.name)
def test_a_picture_is_small_named_and_asks_for_nothing(path):
    text = path.read_text(encoding="utf-8")
    names = {child.tag.rpartition("}")[2] for child in ET.fromstring(text)}
    assert len(text) < 20_000
    assert "title" in names
    assert re.findall(r"(?:href|src)=|url\(http|@import|<script", text) == []
    assert [page.name for page in MANUAL if path.name in page.read_text(encoding="utf-8")]
