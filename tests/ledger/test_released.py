"""A ledger that any release wrote is brought on by this program, with all that is in it; each release keeps one.

Nothing is released yet, so it is one of today that goes this way. When a section of CHANGELOG.md gets its day, the ledger
of it has to be kept: `python -m tests.ledger.released 0.1.0`.
"""

import re
from contextlib import closing
from pathlib import Path

import pytest

from tests.ledger import released
from translator.core.work import End, State
from translator.ledger import Moves, sqlite

TODAY = "today"
KEPT = sorted(path.name for path in released.KEPT.iterdir()) if released.KEPT.is_dir() else []


@pytest.fixture(params=[*KEPT, TODAY])
def laid(request, tmp_path):
    """A ledger as a release left it."""
    kept = released.KEPT / request.param
    if request.param == TODAY:
        (tmp_path / "made").mkdir()
        released.make(tmp_path / "made")
        kept = tmp_path / "kept"
        released.keep(tmp_path / "made", kept)
    folder = tmp_path / "ledger"
    folder.mkdir()
    released.lay(kept, folder)
    return folder


def columns(path):
    """Give the columns of each table, and the columns of each index."""
    with closing(sqlite.driver().connect(path)) as raw:
        names = raw.execute(
            "SELECT type, name FROM sqlite_master WHERE name NOT LIKE 'sqlite_%' ORDER BY name"
        ).fetchall()
        about = {"table": "table_info", "index": "index_info"}
        return {name: sorted(map(str, raw.execute(f"PRAGMA {about[sort]}({name})"))) for sort, name in names}


def test_all_that_is_in_it_is_there_after_it_is_opened(laid):
    with released.opened(laid) as ledger, closing(Moves.open(laid / "ledger.db", released.StandingClock())) as moves:
        with ledger.look() as book:
            order = book.documents.newest("order", "us", released.NUMBER)
            assert order.tree == released.ORDER
            assert [one.end for one in book.documents.about("us", released.NUMBER)] == [None, End.ACCEPTED]
            (row,) = book.work.find(station="send")
            assert book.bodies.read(book.interchanges.by_id([int(row.subject)])[int(row.subject)].body) == released.DATA
            assert len(book.attempts.of(int(row.subject))) == 1
            assert [event.name for event in book.events.of(f"us {released.NUMBER}")] == ["order known"]
            assert (book.bookmarks.get("poll"), book.lanes.get("acme/place").calls) == ("page 7", 4)
            assert [held.reason for held in book.work.find(state=State.HELD)] == ["look at it"]
            assert book.configurations.get("cafe") == {"translator.yaml": "wms: {}"}
        assert [move.verb for move in moves.waiting()] == ["retry"]
        with ledger.commit() as book:
            assert len(book.work.claim(1, 60)) == 1


def test_it_has_then_the_tables_of_a_new_one(laid, tmp_path):
    released.opened(laid).close()
    (tmp_path / "new").mkdir()
    released.make(tmp_path / "new")
    for file in released.FILES.values():
        assert columns(laid / file) == columns(tmp_path / "new" / file)


def test_each_release_keeps_a_ledger():
    told = re.findall(r"^## (\d+\.\d+\.\d+), (.+)$", Path("CHANGELOG.md").read_text(encoding="utf-8"), re.MULTILINE)
    assert told
    assert [number for number, day in told if day != "unreleased"] == KEPT[::-1]
