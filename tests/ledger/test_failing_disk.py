"""A disk that fails stops everything: nothing more is said to it, nothing is told as done, what was committed stands."""

import pytest

from tests.failing_disk import DEVICES, fail
from tests.ledger.house import FILES
from translator.ledger import Broken


def fail_in_commit(house, ledger, how):
    with ledger.commit() as book:
        book.bookmarks.put("poll", "2")
        assert book.bookmarks.get("poll") == "2"  # it is in the journal
        assert fail(house.path, how)


@FILES
@pytest.mark.parametrize("how", DEVICES)
def test_after_a_failing_write_or_sync_nothing_is_tried_again(house, ledger, how):
    with ledger.commit() as book:
        book.bookmarks.put("poll", "1")
    with pytest.raises(Broken, match="disk I/O error"):
        fail_in_commit(house, ledger, how)
    size = house.path.stat().st_size
    for act in (ledger.commit, ledger.look):
        with pytest.raises(Broken), act():
            pass
    ledger.close()
    assert house.path.stat().st_size == size
    again = house.open()
    with again.look() as book:
        assert book.bookmarks.get("poll") == "1"
