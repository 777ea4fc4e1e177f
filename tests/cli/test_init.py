"""A site to begin with: written, commented, accepted at once, and never over something that is there."""

import re

import pytest

from tests.cli.command import run, run_json
from translator.cli.presets import names

PRESETS = names()


@pytest.mark.parametrize(
    "chosen", [[], *[[name] for name in PRESETS], PRESETS], ids=lambda chosen: "+".join(chosen) or "default"
)
def test_check_accepts_what_init_writes(tmp_path, chosen):
    site = tmp_path / "site"
    run("init", site, *[word for name in chosen for word in ("--preset", name)])
    checked = run_json("check", "-C", site)
    assert checked["ok"]
    assert checked["site"]["warehouse systems"] == max(1, len(chosen))
    assert {finding["code"] for finding in checked["findings"]} == {"left-to-change", "secret-missing"}
    assert {finding["severity"] for finding in checked["findings"]} == {"warning"}


def test_what_a_person_must_change_is_marked_and_every_line_of_keys_is_explained(tmp_path):
    run("init", tmp_path / "site")
    text = (tmp_path / "site/translator.yaml").read_text()
    assert len(re.findall("CHANGE", text)) >= 4
    assert text.count("#") >= 10


def test_what_is_put_off_in_a_comment_is_right_once_the_comment_is_taken_away(tmp_path):
    run("init", tmp_path / "site", *[word for name in PRESETS for word in ("--preset", name)])
    path = tmp_path / "site/translator.yaml"
    text, count = re.subn(r"# ((?:in|out)/\w+: \[)", r"\1", path.read_text())
    assert count >= 5
    path.write_text(text)
    checked = run_json("check", "-C", tmp_path / "site")
    assert {finding["code"] for finding in checked["findings"]} == {"left-to-change", "secret-missing"}
    assert {"mappings/plain-csv/pack.yaml", "mappings/plain-csv/status.yaml"} <= {
        path.relative_to(tmp_path / "site").as_posix() for path in (tmp_path / "site/mappings").rglob("*.yaml")
    }


def test_a_label_that_amazon_makes_and_a_slip_are_listed_from_the_start(tmp_path):
    run("init", tmp_path / "site")
    takes = run("show", "routes", "-C", tmp_path / "site").stdout
    assert "labels.yaml" in takes
    assert "slips.yaml" in takes


def test_its_folders_are_there_so_that_doctor_finds_the_places_well(tmp_path):
    run("init", tmp_path / "site", "--preset", "plain-csv")
    found = run_json("doctor", "-C", tmp_path / "site", code=1)
    places = [probe for probe in found["probes"] if probe["what"].startswith("plain-csv")]
    assert len(places) >= 4
    assert all(probe["well"] for probe in places)


def test_nothing_is_overwritten(tmp_path):
    site = tmp_path / "site"
    site.mkdir()
    (site / "translator.yaml").write_text("mine")
    said = run("init", site, code=2)
    assert "file-exists" in said.stderr
    assert (site / "translator.yaml").read_text() == "mine"
    assert not (site / "mappings").exists()


def test_a_site_that_is_there_already_is_told_in_one_line(tmp_path):
    run("init", tmp_path / "site")
    said = run("init", tmp_path / "site", code=2)
    assert len(said.stderr.splitlines()) == 1
    assert re.search(r"translator\.yaml: error file-exists: it is there already \(and \d+ more\)", said.stderr)


def test_an_unknown_preset_is_named_with_a_suggestion(tmp_path):
    said = run("init", tmp_path / "site", "--preset", "plain-cvs", code=2)
    assert "did you mean 'plain-csv'?" in said.stderr
    assert not (tmp_path / "site").exists()


def test_the_credentials_folder_is_for_its_owner_alone(tmp_path):
    run("init", tmp_path / "site")
    assert (tmp_path / "site/credentials").stat().st_mode & 0o777 == 0o700
