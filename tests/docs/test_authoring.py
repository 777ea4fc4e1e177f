"""What the page on the author's tools shows is what they say, in a site that `init` makes.

A block ```text VERB WORDS… is what `translator VERB WORDS…` prints, a block ```text file NAME a file that lies there.
TRANSLATOR_ACCEPT=1 writes what is said into the page.
"""

import os
import shlex

import pytest
from click.testing import CliRunner

from tests.docs.pages import ROOT, blocks
from translator.cli import program

PAGE = ROOT / "docs/authoring.md"
ACCEPT = os.environ.get("TRANSLATOR_ACCEPT") == "1"
SHOWN = [block for block in blocks(PAGE) if block.language == "text" and block.role not in {"", "file"}]
FILES = [block for block in blocks(PAGE) if block.role == "file"]


@pytest.fixture(scope="module")
def site(tmp_path_factory):
    folder = tmp_path_factory.mktemp("docs") / "site"
    words = [word for name in ("plain-csv", "plain-fixed", "plain-xml") for word in ("--preset", name)]
    CliRunner().invoke(program(), ["init", str(folder), *words], catch_exceptions=False)
    other = folder / "samples/plain-fixed/cancels/cancelled/out.txt"  # so that there is a difference to show
    other.write_bytes(other.read_bytes().replace(b"EWR1", b"EWR2"))
    for block in FILES:
        (folder / block.name).write_text(block.text, encoding="utf-8")
    return folder


@pytest.mark.parametrize("block", SHOWN, ids=str)
def test_what_is_shown_is_what_is_said(block, site, monkeypatch):
    monkeypatch.chdir(site)
    said = CliRunner().invoke(program(), shlex.split(block.info)[1:])
    text = "".join(f"{line.rstrip()}\n" for line in said.stdout.splitlines())
    if ACCEPT and text != block.text:
        fence = f"```{block.info}\n"
        page = PAGE.read_text(encoding="utf-8")
        PAGE.write_text(page.replace(fence + block.text + "```", fence + text + "```", 1), encoding="utf-8")
    else:
        assert text == block.text


def test_the_page_shows_what_tools_say():
    assert {block.role for block in SHOWN} >= {"preview", "scaffold", "explain", "test"}
