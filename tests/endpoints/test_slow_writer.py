"""A writer that takes its time is never read early, whatever its clock and its times say: in a folder and over OpenSSH.

It writes twenty lines, one every 200 ms of the service's clock; the service looks several times between two of them, with a
quiet time that is longer than one pause and much shorter than all.
"""

import os
import time

import pytest

from tests.endpoints.transport import fetched

LINES, PAUSE, QUIET = 20, 0.2, 0.3
LOOKS = 4  # between two lines
LINE = b"ORDER,1,SKU1,5\r\n"


def grows(file):
    """Append and go."""
    with file.open("ab") as lines:
        lines.write(LINE)


def keeps(file):
    """Append as a copy that preserves times does: the time is an old one, always the same."""
    grows(file)
    os.utime(file, (1_000_000_000, 1_000_000_000))


def ahead(file):
    """Append on a machine whose clock is an hour fast."""
    grows(file)
    os.utime(file, (time.time() + 3600,) * 2)


def behind(file):
    grows(file)
    os.utime(file, (time.time() - 3600,) * 2)


@pytest.mark.parametrize("writes", [grows, keeps, ahead, behind])
def test_a_writer_of_a_line_every_200_ms_is_never_read_early(place, writes):
    endpoint = place.endpoint(quiet=QUIET)
    file = place.root / "SHIP1.csv"
    for _ in range(LINES):
        writes(file)
        for _ in range(LOOKS):
            assert list(endpoint.list("").complete) == []
            place.clock.step(PAUSE / LOOKS)
    place.clock.step(QUIET)
    (seen,) = endpoint.list("").complete
    assert fetched(endpoint, seen) == LINE * LINES
