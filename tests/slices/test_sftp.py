"""The SFTP fault matrix whole: each request of a delivery and a pick-up at 9 faults, each of 9 phases of connecting at 4.

Four sorts of servers; fresh, and for the second file of a batch. In full also with a warehouse that takes each file the
moment it shows.
"""

import pytest

from tests.sftp_faults.server import PERSONALITIES
from tests.sftp_faults.sweep import Sweep

WAYS = [(personality, taking) for taking in (False, True) for personality in PERSONALITIES]


@pytest.mark.parts(bounded=len(PERSONALITIES), deep=len(WAYS))
def test_no_fault_of_a_server_loses_doubles_or_halves_a_file(part, figure):
    personality, taking = WAYS[part]
    swept = Sweep((personality,), taking=(taking,))
    figure("server", personality)
    figure("taking", taking)
    figure("cells", len(swept.seen))
    for name, count in swept.counts().items():
        figure(name, count)
    figure("slowest", f"{swept.slowest:.2f} s")
    figure("table", swept.table())
    assert swept.wrong == []
