"""What many tests of the command share: the machine's certificates, and a mapping that many sites have, are read once."""

from functools import cache

import pytest

from tests.road.warm import remember_mappings
from translator.endpoints.spapi import network

remember_mappings()
trusting = cache(network.trusting)


@pytest.fixture(autouse=True)
def trust(monkeypatch):
    """Read the machine's certificates once for all tests: here nothing adds to them."""
    monkeypatch.setattr(network, "trusting", trusting)
