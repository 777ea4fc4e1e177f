"""What the places of a site take: as much as the mappings that read there say."""

import pytest

from tests.cli.command import run
from translator.config.read import read_site
from translator.core.ports import NoFaults
from translator.endpoints.endpoint import Outgoing
from translator.service.places import endpoints_of
from translator.service.ports import SystemClock


@pytest.fixture
def site(tmp_path):
    run("init", tmp_path)
    for name in ("lwa-secret", "lwa-refresh"):
        (tmp_path / "credentials" / name).write_text("secret")
    return tmp_path


def waiting(site, folder, name, size):
    """Look into a folder with one file in it; give what is said of the file."""
    with (site / "wms/plain-csv" / folder / name).open("wb") as file:
        file.truncate(size)
    found = endpoints_of(read_site(site), SystemClock(), NoFaults())[f"plain-csv/{folder}"].list("")
    return found.waiting.get(name, "taken")


def test_a_folder_takes_files_as_large_as_its_kind_of_document_may_be(site):
    assert "larger than 50,000,000" in waiting(site, "out/ship", "SHIP1.csv", 60_000_000)
    assert "larger than" not in waiting(site, "out/stock", "STOCK1.csv", 60_000_000)
    assert "larger than 500,000,000" in waiting(site, "out/stock", "STOCK2.csv", 600_000_000)


def test_a_mapping_says_how_large_the_files_of_its_folder_may_be(site):
    mapping = site / "mappings/plain-csv/ship.yaml"
    mapping.write_text(mapping.read_text() + "limits: {file: 2 kB}\n")
    assert "larger than 2,000 bytes" in waiting(site, "out/ship", "SHIP1.csv", 3_000)


def test_a_folder_has_the_done_files_and_the_modes_that_the_site_wants(site):
    text = (site / "translator.yaml").read_text()
    old = next(line for line in text.splitlines() if line.lstrip().startswith("in/orders:"))
    mappings = old.partition(":")[2].partition("#")[0].strip()
    new = f'{old.partition(":")[0]}: {{mappings: {mappings}, done: "{{stem}}.ok", mode: "0660"}}'
    (site / "translator.yaml").write_text(text.replace(old, new))
    folder = endpoints_of(read_site(site), SystemClock(), NoFaults())["plain-csv/in/orders"]
    folder.put(Outgoing("ORD1.csv", b"1\r\n", attempt=1, token="token"), lambda _: None)
    made = {path.name: path.stat().st_mode & 0o777 for path in (site / "wms/plain-csv/in/orders").glob("ORD1.*")}
    assert made == {"ORD1.csv": 0o660, "ORD1.ok": 0o660}
