"""The first day, done as its page says: a site, a pretend Amazon, three orders in the folder; and the ship file fits."""

import csv
import io
import json
import re
import subprocess
import sys
from datetime import UTC, datetime, timedelta

import pytest

from tests.cli.command import run_apart
from tests.docs.pages import ROOT, blocks, words_of

PAGE = ROOT / "docs/first-day.md"
LINES = [line for block in blocks(PAGE) if block.language == "sh" for line in block.text.splitlines()]


def the(beginning):
    return next(line for line in LINES if line.startswith(beginning))


@pytest.fixture
def amazon():
    words = [*words_of(the("translator simulate amazon")), "--port", "0"]
    running = subprocess.Popen([sys.executable, "-m", "translator", *words], stdout=subprocess.PIPE, text=True)
    try:
        yield json.loads(running.stdout.readline())
    finally:
        running.terminate()
        running.wait(10)
        running.stdout.close()


def as_the_page_says(folder, amazon):
    """Put the page's account into the site that `init` wrote; the address and the day are those of this run."""
    account = next(block.text for block in blocks(PAGE) if block.first == "amazon")
    yesterday = datetime.now(UTC).date() - timedelta(days=1)
    account = re.sub(r"start: \S+", f"start: {yesterday}", account.replace("http://127.0.0.1:8080", amazon["url"]))
    path = folder / "site/translator.yaml"
    path.write_text(re.sub(r"(?ms)^amazon:.*?(?=^wms:)", account, path.read_text(encoding="utf-8")), encoding="utf-8")


def rows(text):
    return list(csv.DictReader(io.StringIO(text)))


def test_the_first_day_goes_as_its_page_says(tmp_path, amazon):
    for beginning in ("translator init", "translator check"):
        assert run_apart(*words_of(the(beginning)), cwd=tmp_path).returncode == 0
    as_the_page_says(tmp_path, amazon)
    for line in (line for line in LINES if line.startswith("printf")):
        subprocess.run(["sh", "-c", line], cwd=tmp_path, check=True)
    doctor = run_apart(*words_of(the("translator doctor")), cwd=tmp_path)
    assert "WRONG" not in doctor.stdout
    assert doctor.returncode == 0
    once = run_apart(*words_of(the("translator run --once")), cwd=tmp_path)
    assert once.returncode == 0
    assert once.stderr.endswith("3 held or waiting: translator show held\n")
    files = sorted((tmp_path / the("ls").split()[1]).glob("*.csv"))
    assert len(files) == 3
    order = run_apart(*words_of(the("translator show order")), cwd=tmp_path).stdout
    assert re.search(r"stage +sent", order)
    assert "waits until the order is taken" in order
    shipped = rows(next(block.text for block in blocks(PAGE) if block.text.startswith("ORDER,")))
    ordered = rows(next(path for path in files if shipped[0]["ORDER"] in path.name).read_text(encoding="utf-8"))
    assert [(row["LINE"].zfill(5), row["QTY"], row["METHOD"]) for row in shipped] == [
        (row["LINE"], row["QTY"], row["SHIP_METHOD"]) for row in ordered
    ]
