"""What all tests share: Hypothesis without a deadline, since two cores are not always ours alone, and with half the usual
examples where a test does not say how many.

TRANSLATOR_TEST_JOURNAL=rollback plays a SQLite that is not safe in WAL mode: every ledger of these tests keeps a rollback
journal (`make rollback`).
"""

import gc
import os

from hypothesis import settings

from translator.ledger import sqlite

settings.register_profile("house", deadline=None, max_examples=50, print_blob=True)
settings.load_profile("house")

if os.environ.get("TRANSLATOR_TEST_JOURNAL") == "rollback":
    sqlite.chosen = lambda journal, version=None: "rollback"


def pytest_collection_finish(session):
    """Leave what was imported and collected out of every later search for garbage: it is there until the end."""
    gc.collect()
    gc.freeze()
