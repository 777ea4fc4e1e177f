"""A machine that is suspended: what waits for others goes on meanwhile, since theirs does."""

import time

import httpcore
import pytest

from translator.core.finding import Unavailable
from translator.endpoints.spapi.network import Network
from translator.service.ports import SystemClock
from translator.stations import send

needs_such_a_clock = pytest.mark.skipif(not hasattr(time, "CLOCK_BOOTTIME"), reason="no clock tells of it here")
HOUR = 3600.0


@pytest.fixture
def sleep(monkeypatch):
    """Let the machine have slept: the clock that goes on tells so, the one that stands still does not."""
    real, slept = time.clock_gettime, []
    monkeypatch.setattr(time, "clock_gettime", lambda which: real(which) + sum(slept) * (which == time.CLOCK_BOOTTIME))
    return slept.append


class House:
    clock = SystemClock()


@needs_such_a_clock
def test_who_slept_while_his_lease_lapsed_lets_no_first_byte_leave(sleep):
    started = House.clock.monotonic()
    send._half(House, started)
    sleep(HOUR)
    with pytest.raises(Unavailable, match="half of the lease"):
        send._half(House, started)


@needs_such_a_clock
def test_the_deadline_of_a_call_goes_on_while_the_machine_sleeps(sleep):
    network = Network()
    with network.within(HOUR / 2):
        assert network.left(None, httpcore.WriteTimeout) > 0
        sleep(HOUR)
        with pytest.raises(httpcore.WriteTimeout):
            network.left(None, httpcore.WriteTimeout)
