"""A writer that takes its time is never read early, whatever its clock and its times say: in a folder and over OpenSSH.

It writes twenty lines, one every 200 ms; the service looks as often as it can, with a quiet time that is longer than one
pause and much shorter than all.
"""

import os
import threading
import time

import pytest

from translator.core.finding import Unavailable

LINES, PAUSE, QUIET = 20, 0.2, 0.8  # a machine with much to do pauses longer than asked: hence four times as long
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
    place.clock.monotonic = time.monotonic
    endpoint = place.endpoint(quiet=QUIET)
    file = place.root / "SHIP1.csv"
    writer = threading.Thread(target=lambda: [(writes(file), time.sleep(PAUSE)) for _ in range(LINES)])
    writer.start()
    data = _read(endpoint)
    writer.join()
    assert data == LINE * LINES


def _read(endpoint):
    end = time.monotonic() + 60
    while time.monotonic() < end:
        for seen in endpoint.list("").complete:
            try:
                return b"".join(endpoint.fetch(seen))
            except Unavailable:
                continue
        time.sleep(0.02)
    raise AssertionError("never complete")
