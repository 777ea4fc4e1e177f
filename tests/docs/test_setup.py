"""The setup guide, done as its page says, as far as a pretend Amazon can play it."""

import re
from datetime import UTC, datetime, timedelta

import pytest

from tests.cli.command import edit, run_apart, site_at
from tests.docs.pages import ROOT, blocks, prose, words_of
from translator.simulator.amazon import Amazon, AmazonSettings
from translator.simulator.orders import sample_orders

PAGE = ROOT / "docs/setup.md"
LINES = [line for block in blocks(PAGE) if block.language == "sh" for line in block.text.splitlines()]


def the(beginning):
    return words_of(next(line for line in LINES if line.startswith(beginning)))


def done(folder, beginning, code=0):
    ended = run_apart(*the(beginning), cwd=folder)
    assert ended.returncode == code, f"{beginning}: {ended.stdout}\n{ended.stderr}"
    return ended


@pytest.fixture
def real():
    orders = sample_orders("ACMEG", ["EWR1"], 2, datetime.now(UTC) - timedelta(hours=2))
    with Amazon(AmazonSettings("ACMEG"), orders) as amazon:
        yield amazon


@pytest.fixture
def invented():
    with Amazon(AmazonSettings("ACMEG", sandbox=True)) as amazon:
        yield amazon


def test_the_sandbox_goes_as_the_page_says(tmp_path, invented):
    site_at(invented, tmp_path / "sandbox")
    edit(tmp_path / "sandbox", "    region: na ", "    sandbox: true\n    region: na ")
    edit(
        tmp_path / "sandbox", "    start: ", "    start: 2026-01-01 # "
    )  # invented orders are hours old: after midnight, too
    assert "WRONG" not in done(tmp_path, "translator doctor -C sandbox").stdout
    numbers = done(tmp_path, "translator sandbox orders").stdout.split()
    assert len(numbers) >= 2
    assert set(numbers) == set(invented.state()["orders"])
    done(tmp_path, "translator run --once -C sandbox")
    written = [path.name for path in (tmp_path / "sandbox/wms/plain-csv/in/orders").glob("*.csv")]
    assert all(any(number in name for name in written) for number in numbers)
    done(tmp_path, "translator show held -C sandbox")


def test_the_shadow_and_the_day_after_go_as_the_page_says(tmp_path, real):
    site_at(real, tmp_path / "site")
    for beginning in ("translator check -C site", "translator doctor -C site"):
        done(tmp_path, beginning)
    ended = run_apart(*the("translator run -C site --shadow"), "--once", cwd=tmp_path)
    assert ended.returncode == 0
    assert real.state()["submissions"] == []
    assert len(list((tmp_path / "shadow/wms/plain-csv/in/orders").glob("*.csv"))) == 2
    assert not (tmp_path / "site/ledger.db").exists()
    done(tmp_path, "translator show held -C site --shadow")


def test_an_order_that_others_accepted_before_is_listed_for_a_decision(tmp_path, real):
    body = sample_orders("ACMEG", ["EWR1"], 1, datetime.now(UTC) - timedelta(hours=3))[0]
    body = {**body, "purchaseOrderNumber": "Theirs001"}
    body["orderDetails"] = {**body["orderDetails"], "orderStatus": "ACCEPTED"}
    real.add_orders([body])
    site_at(real, tmp_path / "site")
    assert run_apart("run", "--once", "-C", "site", cwd=tmp_path).returncode == 0
    held = run_apart("show", "held", "-C", "site", cwd=tmp_path).stdout
    assert "Theirs001" in held
    assert not [path for path in (tmp_path / "site/wms").rglob("*.csv") if "Theirs001" in path.name]


def test_what_doctor_says_is_what_the_page_quotes():
    """Every quoted word of the table stands in the code that says it."""
    code = "\n".join(path.read_text("utf-8") for path in (ROOT / "translator").rglob("*.py"))
    rows = [line for line in prose(PAGE).splitlines() if line.startswith("| ")]
    table = rows[next(n for n, line in enumerate(rows) if line.startswith("| doctor says")) + 1 :]
    quoted = [word for line in table for word in re.findall(r"`([^`]+)`", line.split("|")[1])]
    assert len(quoted) >= 6
    names = {"Amazon gives no restrictedDataToken": "restrictedDataToken"}
    assert [word for word in quoted if names.get(word, word) not in code] == []
