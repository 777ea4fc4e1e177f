"""Every mapping in the manual is loaded, and gives what stands beside it.

A fenced block whose first key is `writes`, `reads`, `extends` or `fields` is a mapping, or a part of one. What follows it
says by its second word what it is: ```json in, ```csv in NAME, ```csv out, ```text findings. On the same page: ```csv
tables/NAME.csv, ```jinja templates/NAME and ```yaml NAME.yaml are the files it names (tables else those of plain-csv, of
x12 on the page about EDI),
```json order are the orders it is about.
TRANSLATOR_ACCEPT=1 writes what came out into the page.
"""

import os
from dataclasses import dataclass, field

import pytest
from click.testing import CliRunner

from tests.docs.pages import PAGES, ROOT, Block, blocks
from translator.cli import program
from translator.core.finding import Misconfigured
from translator.mapping import words
from translator.translation import load

AT = "2026-12-01T18:00:00Z"
MAPPINGS = ("writes", "reads", "extends", "fields")
KNOWN = (*MAPPINGS, "format", "ledger", "amazon", "wms", "- {kind")  # the last: tests/docs/test_simulators.py
ACCEPT = os.environ.get("TRANSLATOR_ACCEPT") == "1"
PART = """writes: order
file: "PART.csv"
format: csv
let: {d: order.orderDetails, s: d.shipmentDetails, to: d.shipToParty}
each: item in d.items
"""
READING = """reads: inventory_update
format: csv
documents: {warehouseId: {text: EWR1}, items: {each: row, vendorProductIdentifier: SKU, availableQuantity: {amount: QTY}}}
"""


@dataclass
class Shown:
    """A mapping on a page, and what is shown with it."""

    block: Block
    with_it: list[Block] = field(default_factory=list)

    def the(self, role):
        return next((one for one in self.with_it if one.role == role), None)

    def __str__(self):
        return str(self.block)


def shown():
    found = []
    for page in PAGES:
        mapping = None
        for block in blocks(page):
            if block.language == "yaml":
                mapping = Shown(block) if block.first in MAPPINGS else None
                found += [mapping] if mapping else []
            elif mapping:
                mapping.with_it.append(block)
    return found


SHOWN = shown()
RUN = [one for one in SHOWN if one.the("out") or one.the("findings")]


def companions(page):
    """The tables and templates that a page shows, beside those of the presets."""
    found = {}
    for block in blocks(page):
        for top, under in (("tables/", "mappings/manual/"), ("templates/", "")):
            if block.role.startswith(top):
                found[under + block.role] = block.text.encode()
        if block.language == "yaml" and block.role.endswith(".yaml"):
            found[f"mappings/manual/{block.role}"] = block.text.encode()
    return found


def fetching(page):
    own = companions(page)
    preset = "x12" if page.name == "edi.md" else "plain-csv"

    def fetch(name):
        if name in own:
            return own[name]
        path = ROOT / name.replace("mappings/manual/", f"mappings/{preset}/")
        return path.read_bytes() if path.is_file() else None

    return fetch


def whole(block):
    """The text of a mapping; a part of one is put where it may stand."""
    if block.first != "fields":
        return block.text
    return (READING if block.role == "reading" else PART) + block.text


@pytest.mark.parametrize("one", SHOWN, ids=str)
def test_a_mapping_in_the_manual_loads(one):
    if one.the("refused"):
        with pytest.raises(Misconfigured) as caught:
            load("manual/orders.yaml", whole(one.block).encode(), fetching(one.block.page))
        said = "".join(f"{finding}\n" for finding in caught.value.findings)
        assert said == one.the("refused").text or accepted(one.the("refused"), said)
    else:
        load("manual/orders.yaml", whole(one.block).encode(), fetching(one.block.page))


@pytest.mark.parametrize(
    "one", [one for one in SHOWN if not one.the("refused") and one.block.first != "fields"], ids=str
)
def test_nothing_can_be_said_against_a_mapping_in_the_manual(one):
    made = load("manual/orders.yaml", whole(one.block).encode(), fetching(one.block.page))
    assert [str(note) for note in made.file.notes] == []


@pytest.mark.parametrize("one", RUN, ids=str)
def test_a_mapping_in_the_manual_gives_what_the_manual_shows(one, tmp_path):
    (path := tmp_path / "mappings/manual/orders.yaml").parent.mkdir(parents=True)
    path.write_text(whole(one.block), encoding="utf-8")
    for name, data in tables_for(one.block.page).items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_bytes(data)
    came, said = converted(one, path, tmp_path)
    for role, text in (("out", came), ("findings", said)):
        block = one.the(role)
        assert text == (block.text if block else "") or (block and accepted(block, text))


def tables_for(page):
    preset = (ROOT / "mappings/plain-csv/tables").glob("*.csv")
    return {f"mappings/manual/tables/{path.name}": path.read_bytes() for path in preset} | companions(page)


def converted(one, path, folder):
    """Convert as a person would; give what came out, and what was said."""
    orders = next((block for block in blocks(one.block.page) if block.role == "order"), None)
    given = one.the("in") or orders
    source = folder / (given.name or f"in.{given.language}")
    source.write_text(given.text, encoding="utf-8")
    words = ["convert", "-m", path, source, "--at", AT, "--zone", "America/New_York", "-o", f"{folder}/out/"]
    if orders and one.block.first == "reads":
        (folder / "orders.json").write_text(orders.text, encoding="utf-8")
        words += ["--stored", folder / "orders.json"]
    result = CliRunner().invoke(program(), [str(word) for word in words])
    assert result.exit_code == (1 if ": error " in result.stderr else 0), result.stderr
    files = sorted((folder / "out").iterdir()) if (folder / "out").is_dir() else []
    wanted = one.the("out")
    if wanted and wanted.name and not ACCEPT:
        assert [file.name for file in files] == [wanted.name]
    return "".join(file.read_text(encoding="utf-8") for file in files).replace("\r\n", "\n"), result.stderr


def accepted(block, text):
    """Write what came out into the page, where that is asked for."""
    if ACCEPT:
        page = block.page.read_text(encoding="utf-8")
        fence = f"```{block.info}\n"
        block.page.write_text(page.replace(fence + block.text + "```", fence + text + "```", 1), encoding="utf-8")
    return ACCEPT


def test_every_block_of_yaml_in_the_manual_is_one_that_tests_know():
    assert [
        str(block) for page in PAGES for block in blocks(page) if block.language == "yaml" and block.first not in KNOWN
    ] == []


def test_the_manual_names_every_key_of_a_mapping():
    text = "".join(page.read_text(encoding="utf-8") for page in PAGES)
    lists = (words.TOP, words.RECORD, words.FIELD, words.STRUCTURE, words.BATCH, words.LIMITS)
    asked = {name for one in lists for name in words.names(one)}
    assert len(asked) > 70
    assert {name for name in asked if f"`{name}" not in text} == set()
