"""The road runs over both journals: `make rollback` runs these tests as if SQLite were not safe in WAL mode."""

import os

from translator.ledger import Ledger
from translator.service.ports import SystemChance, SystemClock


def test_the_ledger_keeps_the_journal_these_tests_ask_for(tmp_path):
    wanted = "delete" if os.environ.get("TRANSLATOR_TEST_JOURNAL") == "rollback" else "wal"
    with Ledger.open(tmp_path / "ledger.db", SystemClock(), SystemChance()) as ledger, ledger.look() as book:
        assert book._connection.exec_driver_sql("PRAGMA journal_mode").scalar() == wanted
