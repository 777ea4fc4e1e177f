"""The service compares by itself when the hour comes that the site gives, and whoever looks is told."""

from contextlib import closing
from datetime import UTC, datetime, timedelta

from tests.cli.command import edit, run, run_json
from translator.ledger.sqlite import driver
from translator.service.start import serve


def test_when_its_hour_has_come_the_service_compares_and_who_looks_is_told(site):
    (site / "open.csv").write_text("Strange1\n")
    far = datetime.now(UTC) + timedelta(hours=12)
    words = f'compare: {{at: "{far:%H:%M}", csv: out.csv, open: {{plain-csv: open.csv}}}}\namazon:\n'
    edit(site, "amazon:\n", words)
    serve(site, once=True)
    assert "nothing was compared yet" in run("show", "compared", "-C", site).stdout
    with closing(driver().connect(site / "ledger.db")) as ledger, ledger:
        ledger.execute("UPDATE work SET due = 0 WHERE subject = 'compare'")
    serve(site, once=True)
    assert run_json("show", "compared", "-C", site)["out"] == 1
    assert [one["how"] for one in run_json("show", "alarms", "-C", site) if "comparison" in one["about"]] == ["1 out"]
    said = [one for one in run_json("doctor", "-C", site, code=1)["probes"] if one["what"] == "last comparison"]
    assert [(one["well"], one["said"].partition(" out")[0]) for one in said] == [(False, "1")]
    assert "Strange1" in (site / "out.csv").read_text()
