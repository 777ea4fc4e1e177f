"""The SFTP fault matrix whole: each request of a delivery and a pick-up at 9 faults, each of 9 phases of connecting at 4.

Seven sorts of servers, three of which tell wrong sizes or times while the fault strikes; fresh, and for the second file of a
batch. In full also with a warehouse that takes each file the moment it shows, and with done-files. The connection breaks
after byte k: in full, 2,000 k each way in each. Many faults strike, attempt after attempt.
"""

import pytest

from tests.sftp_faults.server import HONEST, PERSONALITIES
from tests.sftp_faults.sweep import FLOWS, Kept, Sweep, cuts, storms

LEAST = 2 * (7 * 8 + 9 * 8 + 9 * 4)  # the usual requests at eight faults and the phases at four, fresh and mid-batch
ALIKE = ("shrunken", "drifting")  # a delivery meets the same as with another server
WAYS = [
    *((personality, taking, False) for taking in (False, True) for personality in PERSONALITIES),
    *((personality, taking, True) for taking in (False, True) for personality in HONEST),
]


@pytest.mark.parts(bounded=len(PERSONALITIES), deep=len(WAYS))
def test_no_fault_of_a_server_loses_doubles_or_halves_a_file(part, figure, deep):
    personality, taking, done = WAYS[part]
    flows = FLOWS if deep or personality not in ALIKE else ("pick-up",)
    swept = Sweep((personality,), flows, taking=(taking,), done=done)
    figure("server", personality)
    figure("taking", taking)
    figure("done-files", done)
    figure("cells", len(swept.seen))
    assert len(swept.seen) >= LEAST or taking or personality not in HONEST
    figure("looks", sum(swept.looks))
    for name, count in swept.counts().items():
        figure(name, count)
    figure("slowest", f"{swept.slowest:.2f} s")
    figure("table", swept.table())
    assert swept.wrong == []


PARTS = 20


@pytest.mark.parts(bounded=1, deep=PARTS)
def test_no_byte_is_a_bad_one_to_break_after(part, figure):
    cases = cuts(part, PARTS, 100)
    for flow, way in sorted({(case.flow, case.cut[0]) for case in cases}):
        many = {case.cut[1] for case in cases if (case.flow, case.cut[0]) == (flow, way)}
        figure(f"{flow}, {way}: bytes", f"{len(many)} of {min(many)} to {max(many)}")
    _kept(cases, figure)


@pytest.mark.parts(bounded=1, deep=PARTS)
def test_no_row_of_faults_is_too_long(part, figure, deep):
    _kept(storms(part, 10 if deep else 5), figure)


def _kept(cases, figure):
    swept = Kept(cases)
    figure("cells", swept.seen.total())
    figure("looks", sum(swept.looks))
    for (flow, seen), count in sorted(swept.seen.items()):
        figure(f"{flow}, {seen}", count)
    assert swept.wrong == []
