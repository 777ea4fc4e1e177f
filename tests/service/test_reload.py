"""When an edit counts."""

import os
from pathlib import Path

import pytest

from translator.service.reload import AGAIN, LOOK, Edits

PRESETS = Path(__file__).parents[2] / "mappings"


@pytest.fixture
def site(tmp_path):
    (tmp_path / "mappings/newark").mkdir(parents=True)
    (tmp_path / "translator.yaml").write_text("a")
    (tmp_path / "mappings/newark/orders.yaml").write_text("a")
    edits = Edits(tmp_path)
    edits.trying()
    return tmp_path, edits


def test_without_an_edit_nothing_is_said(site):
    _, edits = site
    assert not edits.settled(10)
    assert not edits.settled(10 + LOOK)


def test_an_edit_counts_when_it_stands_unchanged_in_two_looks(site):
    root, edits = site
    (root / "mappings/newark/orders.yaml").write_text("ab")
    assert not edits.settled(10)
    (root / "mappings/newark/orders.yaml").write_text("abc")
    assert not edits.settled(10 + AGAIN)
    assert edits.settled(10 + 2 * AGAIN)


def test_44_a_mapping_that_is_still_being_saved_is_not_read(site):
    """A slow editor: each look finds another half, many of them mappings of their own."""
    root, edits = site
    now = 10.0
    with (root / "mappings/newark/orders.yaml").open("w") as file:
        for line in (PRESETS / "plain-csv/orders.yaml").read_text().splitlines(keepends=True):
            file.write(line)
            file.flush()
            now += 0.3
            assert not edits.settled(now)
    assert not edits.settled(now + AGAIN)
    assert edits.settled(now + 2 * AGAIN)
    edits.trying()
    assert not edits.settled(now + 3 * LOOK)


def test_an_edit_that_was_tried_counts_once(site):
    root, edits = site
    (root / "translator.yaml").write_text("ab")
    edits.settled(10)
    assert edits.settled(10 + AGAIN)
    edits.trying()
    assert not edits.settled(20)
    assert not edits.settled(30)


@pytest.mark.parametrize("change", ["new", "gone", "same size"])
def test_every_kind_of_change_is_seen(site, change):
    root, edits = site
    path = root / "mappings/newark/orders.yaml"
    if change == "new":
        (root / "templates").mkdir()
        (root / "templates/a.j2").write_text("")
    elif change == "gone":
        path.unlink()
    else:
        path.write_text("b")
        os.utime(path, ns=(1, 1))
    edits.settled(10)
    assert edits.settled(10 + AGAIN)


def test_between_looks_nothing_is_looked_at(site):
    root, edits = site
    assert not edits.settled(10)
    (root / "translator.yaml").write_text("ab")
    assert not edits.settled(10 + LOOK / 2)


def test_what_is_edited_while_it_is_read_does_not_stand_and_counts_again(site):
    root, edits = site
    edits.trying()
    assert edits.standing()
    (root / "mappings/newark/orders.yaml").write_text("ab")
    assert not edits.standing()
    edits.settled(10)
    assert edits.settled(10 + AGAIN)
