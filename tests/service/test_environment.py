"""Which Amazon a ledger is of: invented orders never stand beside real ones."""

from contextlib import closing

import pytest

from tests.cli.command import edit, run, run_json
from translator.core.finding import Misconfigured
from translator.ledger.sqlite import driver
from translator.service.start import serve


def codes(caught):
    return [finding.code for finding in caught.value.findings]


def noted(site):
    with closing(driver().connect(str(site / "ledger.db"))) as ledger:  # the same SQLite: two would lose their locks
        return ledger.execute("select value from bookmark where name = 'environment'").fetchone()[0]


def test_the_first_use_of_a_ledger_says_which_amazon_it_is_of(site, amazon):
    serve(site, once=True)
    assert noted(site) == "127.0.0.1"
    serve(site, once=True)


@pytest.mark.parametrize("other", ["", "    sandbox: true\n"])
def test_the_service_does_not_open_it_for_another(site, amazon, other):
    serve(site, once=True)
    edit(site, f"    url: {amazon.url}\n", other)
    with pytest.raises(Misconfigured) as caught:
        serve(site, once=True)
    assert codes(caught) == ["ledger-environment"]
    assert "127.0.0.1" in caught.value.findings[0].text
    assert noted(site) == "127.0.0.1"


def test_another_ledger_is_what_helps(site, amazon):
    serve(site, once=True)
    edit(site, "sqlite:ledger.db", "sqlite:other.db")
    edit(site, amazon.url, amazon.url.replace("127.0.0.1", "localhost"))
    serve(site, once=True)


@pytest.mark.parametrize("words", [["show", "held"], ["show", "order", "D4kTz8Qw2"], ["release", "D4kTz8Qw2"]])
def test_the_command_line_does_not_open_it_either(site, amazon, words):
    serve(site, once=True)
    edit(site, f"    url: {amazon.url}\n", "")
    assert "ledger-environment" in run(*words, "-C", site, code=2).stderr


def test_the_doctor_tells_it(site, amazon):
    serve(site, once=True)
    edit(site, f"    url: {amazon.url}\n", "    url: http://localhost:1\n")
    found = next(one for one in run_json("doctor", "-C", site, code=1)["probes"] if one["what"] == "ledger")
    assert (found["well"], "never mix" in found["said"]) == (False, True)
    assert "ledger: sqlite:" in found["do"]
