"""Whatever call to the file system fails, no file is lost, doubled or halved, no descriptor left open. All: make slices."""

import errno
import os

import pytest

from tests.endpoints.spoilt_sweep import STORIES, Swept, scene_of
from translator.endpoints.publish import Publication

IDS = [",".join(str(value) for value in story.values()) for story in STORIES]


@pytest.mark.sweep
@pytest.mark.parametrize("story", STORIES, ids=IDS)
def test_whatever_call_fails_nothing_is_lost_doubled_or_halved(story):
    swept = Swept(story, (errno.ENOSPC,))
    assert swept.wrong == []
    assert swept.seen.total() > 30
    assert swept.looks > 10 * swept.seen.total()


@pytest.mark.parametrize("story", STORIES[::4], ids=IDS[::4])
def test_writes_and_reads_that_do_less_than_asked_are_gone_on_with(tmp_path, monkeypatch, story):
    write, read = os.write, os.read
    monkeypatch.setattr(os, "write", lambda file, data: write(file, data[:7]))
    monkeypatch.setattr(os, "read", lambda file, size: read(file, min(size, 7)))
    scene = scene_of(tmp_path, "wms", story)
    assert scene.played() == "through"
    assert scene.wrong == []


# --- planted mistakes: the sweep has to see each


def test_it_sees_a_file_that_is_written_under_its_final_name(monkeypatch):
    monkeypatch.setattr("translator.endpoints.publish.temporary", lambda name, token, number: name)
    assert any("was seen with" in one for one in Swept(STORIES[0], (errno.EIO,)).wrong)


def test_it_sees_a_file_that_is_sent_again_after_it_was_taken(monkeypatch):
    publish = Publication.publish

    def forgetful(self, staged):
        self.outgoing = type(self.outgoing)(*[getattr(self.outgoing, n) for n in ("name", "data", "attempt", "token")])
        return publish(self, staged)

    monkeypatch.setattr(Publication, "publish", forgetful)
    assert any("was seen 2 times" in one for one in Swept(STORIES[1], (errno.EIO,)).wrong)
