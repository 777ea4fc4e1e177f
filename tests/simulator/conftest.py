"""A pretend Amazon that is opened for a test over real HTTP, and closed after it."""

import ssl

import httpx
import pytest

from tests.simulator.vendor import AGENT, NOW, Clock, Vendor
from translator.simulator.amazon import Amazon, AmazonSettings
from translator.simulator.orders import sample_orders

TRUST = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)  # trusts nobody: all is plain HTTP, and a usual one takes long to make


@pytest.fixture
def clock():
    return Clock()


@pytest.fixture
def orders():
    return sample_orders("ACMEG", ["EWR1", "RNO4"], 13, NOW)


@pytest.fixture
def open_amazon(orders, clock):
    """Opens an Amazon with these settings; all of them are closed again, and none of them may have crashed."""
    opened = []

    def opening(**settings):
        waits = []
        amazon = Amazon(AmazonSettings(vendor="ACMEG", **settings), orders, clock, waits.append).start()
        http = httpx.Client(base_url=amazon.url, headers={"user-agent": AGENT}, trust_env=False, verify=TRUST)
        opened.append((amazon, http))
        return Vendor(amazon, clock, http, waits)

    yield opening
    for amazon, http in opened:
        http.close()
        amazon.stop()
        assert amazon.state()["crashes"] == []


@pytest.fixture
def vendor(open_amazon):
    return open_amazon()
