"""Each call of a delivery and of a pick-up to the file system of this machine fails, in each way.

Nine errors, once and with all calls that follow; not done, done and told as failed all the same, half done; with and
without done-files; fresh and for the second file of a batch; archived or deleted; a warehouse that takes each file the
moment it shows. Somebody looks after each call.
"""

import pytest

from tests.endpoints.spoilt_sweep import STORIES, Swept


@pytest.mark.parts(bounded=len(STORIES), deep=len(STORIES))
def test_no_error_of_a_file_system_loses_doubles_or_halves_a_file(part, figure):
    swept = Swept(STORIES[part])
    figure("story", STORIES[part])
    figure("cells", swept.seen.total())
    figure("looks", swept.looks)
    for (verb, seen), count in sorted(swept.seen.items()):
        figure(f"{verb}, {seen}", count)
    assert swept.wrong == []
    assert swept.seen.total() > 9 * 30
