"""Findings shown in the mapping: the line and a caret for people, annotations for GitHub, JSON for programs."""

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.cli.command import run, run_json
from translator.cli.behind.findings import Sources, caret, github, sources_of
from translator.core.finding import Finding, Place, Severity


@pytest.fixture
def site(tmp_path):
    run("init", tmp_path / "site", "--preset", "plain-csv", "--preset", "plain-fixed")
    path = tmp_path / "site/mappings/plain-csv/orders.yaml"
    path.write_text(path.read_text().replace("lookup: ship_methods", "lookup: ship_method"))
    return tmp_path / "site"


def marked(lines):
    """What the caret stands under."""
    shown, under = lines
    start = under.index("^")
    return shown[start : len(under)]


def test_check_shows_the_line_and_a_caret_under_the_word(site):
    lines = run("check", "-C", site, code=2).stderr.splitlines()
    place = next(number for number, line in enumerate(lines) if "mapping-file-missing" in line)
    assert marked(lines[place + 1 : place + 3]) == "ship_method"


def test_convert_shows_it_too_and_finds_the_mapping_by_its_path(site, tmp_path):
    said = run("convert", "-m", site / "mappings/plain-csv/orders.yaml", tmp_path / "none.json", code=2).stderr
    assert marked(said.splitlines()[1:3]) == "ship_method"


def test_github_gets_one_annotation_a_finding_on_stdout_and_the_path_from_here(site, monkeypatch):
    monkeypatch.chdir(site.parent)
    said = run("check", "-C", site, "--format", "github", code=2)
    line = next(line for line in said.stdout.splitlines() if "mapping-file-missing" in line)
    assert line.startswith(
        "::error file=site/mappings/plain-csv/orders.yaml,line=16,col=48,title=mapping-file-missing::"
    )
    assert said.stderr == ""


def test_github_sees_warnings_of_a_site_that_is_right(tmp_path):
    run("init", tmp_path / "site")
    said = run("check", "-C", tmp_path / "site", "--format", "github").stdout
    assert said.startswith("::warning file=")


def test_format_json_is_json(site):
    assert json.loads(run("check", "-C", site, "--format", "json", code=2).stdout) == run_json(
        "check", "-C", site, code=2
    )


def test_what_github_reads_as_its_own_signs_is_escaped():
    found = Finding("a,b", "100% of\nit: ::", rule=Place("x:y,z.yaml", 3), severity=Severity.INFO)
    assert github(found, Sources()) == "::notice file=x%3Ay%2Cz.yaml,line=3,title=a%2Cb::100%25 of%0Ait: ::"


def test_a_table_of_the_same_name_in_two_systems_is_not_guessed(site):
    found = Finding("table-row", "…", rule=Place("tables/ship_methods.csv", 2))
    assert caret(found, sources_of(site)) == []
    beside = sources_of(None, site / "mappings/plain-csv/orders.yaml")
    assert len(caret(found, beside)) == 1


def test_no_file_outside_is_shown(tmp_path):
    (tmp_path / "secret").write_text("secret")
    (tmp_path / "site").mkdir()
    assert caret(Finding("x", "y", rule=Place("../secret", 1)), sources_of(tmp_path / "site")) == []


@given(
    line=st.text(st.characters(codec="utf-8", exclude_categories=["Cc", "Zl", "Zp"]), max_size=400),
    column=st.integers(0, 500),
)
def test_a_caret_is_drawn_for_any_line_and_column(tmp_path_factory, line, column):
    path = tmp_path_factory.mktemp("any") / "x.yaml"
    path.write_text(line + "\n", encoding="utf-8")
    drawn = caret(Finding("x", "y", rule=Place("x.yaml", 1, column)), Sources((path.parent,)))
    assert all(len(one) <= 130 for one in drawn)
    if line.strip() and 0 < column <= len(line) and not line.startswith("\ufeff"):
        shown, under = drawn
        at = under.index("^")
        assert at >= len(shown) or line[column - 1].isspace() or shown[at] == line[column - 1]


def test_a_place_without_a_column_shows_its_line_alone(tmp_path):
    (tmp_path / "x.yaml").write_text("a: b\n")
    assert caret(Finding("x", "y", rule=Place("x.yaml", 1)), Sources((Path(tmp_path),))) == ["     1 | a: b"]
