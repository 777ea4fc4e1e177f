"""A ledger of an older schema is brought to the newest in one transaction: whole, or not at all.

There is no second revision yet; so one is made here, laid beside the real ones, for a program of tomorrow.
"""

import shutil

import pytest

from translator.core.finding import Misconfigured
from translator.ledger import upgrade
from translator.ledger.schema import HEAD

TOMORROW = '''"""What a newer program adds: a column, a table, and what was there already put into both."""

import sqlalchemy as sa
from alembic import op

revision = "tomorrow"
down_revision = "{before}"
branch_labels = None
depends_on = None


def upgrade():
    op.add_column("bookmark", sa.Column("size", sa.Integer(), nullable=False, server_default="0"))
    op.create_table("longest", sa.Column("name", sa.Text(), primary_key=True))
    op.execute("UPDATE bookmark SET size = length(value)")
    {then}
    op.execute("INSERT INTO longest SELECT name FROM bookmark WHERE size > 3")
'''


@pytest.fixture
def tomorrow(tmp_path, monkeypatch):
    """Be the program of tomorrow; `then`: what it does in the midst of its upgrade."""

    def be(then="pass"):
        revisions = tmp_path / "revisions"
        shutil.rmtree(revisions, ignore_errors=True)
        shutil.copytree(upgrade._REVISIONS, revisions, ignore=shutil.ignore_patterns("__pycache__"))
        (revisions / "versions/tomorrow.py").write_text(TOMORROW.format(before=HEAD, then=then))
        monkeypatch.setattr(upgrade, "_REVISIONS", revisions)
        monkeypatch.setattr(upgrade, "HEAD", "tomorrow")

    return be


@pytest.fixture
def old(house, ledger):
    """A ledger of today, with something in it."""
    with ledger.commit() as book:
        book.bookmarks.put("poll", "page 7")
        book.work.add("send", "acme/in", "1")
    ledger.close()
    return house


def asked(ledger, query):
    with ledger.look() as book:
        return book._connection.exec_driver_sql(query).scalars().all()


def test_a_ledger_of_today_is_upgraded_by_the_program_of_tomorrow_with_all_that_is_in_it(old, tomorrow):
    tomorrow()
    ledger = old.open()
    assert asked(ledger, "SELECT version_num FROM alembic_version") == ["tomorrow"]
    assert "poll" in asked(ledger, "SELECT name FROM longest")
    assert asked(ledger, "SELECT size FROM bookmark WHERE name = 'poll'") == [6]
    with ledger.commit() as book:
        assert len(book.work.claim(1, 60)) == 1


@pytest.mark.parametrize("then", ["raise KeyboardInterrupt", "op.execute('INSERT INTO nothing VALUES (1)')"])
def test_an_upgrade_that_is_cut_off_or_fails_leaves_the_ledger_of_today(old, tomorrow, monkeypatch, then):
    tomorrow(then)
    with pytest.raises(BaseException):  # noqa: B017  whatever ends it
        old.open()
    monkeypatch.undo()
    ledger = old.open()
    assert asked(ledger, "SELECT version_num FROM alembic_version") == [HEAD]
    with ledger.commit() as book:
        assert book.bookmarks.get("poll") == "page 7"
        assert len(book.work.claim(1, 60)) == 1
    with pytest.raises(Exception, match="longest"):
        asked(ledger, "SELECT name FROM longest")


def test_the_program_of_today_refuses_the_ledger_of_tomorrow_and_leaves_it_alone(old, tomorrow, monkeypatch):
    tomorrow()
    old.open().close()
    monkeypatch.undo()
    for opens in (old.open, old.reader):
        with pytest.raises(Misconfigured) as caught:
            opens()
        assert caught.value.findings[0].code in ("ledger-newer", "ledger-schema")
    tomorrow()
    assert asked(old.open(), "SELECT size FROM bookmark WHERE name = 'poll'") == [6]


def test_a_reader_waits_for_the_service_to_upgrade(old, tomorrow):
    tomorrow()
    with pytest.raises(Misconfigured) as caught:
        old.reader()
    assert caught.value.findings[0].code == "ledger-schema"
    old.open()
    assert asked(old.reader(), "SELECT version_num FROM alembic_version") == ["tomorrow"]
