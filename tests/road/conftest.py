"""Worlds for one test each, and the road over them; nothing is left open."""

from contextlib import ExitStack
from dataclasses import replace
from functools import cache

import pytest

from tests import postgres
from tests.road import road
from tests.road.road import Road
from tests.road.warm import remember_mappings
from tests.world import CSV, world_of
from translator.endpoints.spapi import network
from translator.stations import send

remember_mappings()
trusting = cache(network.trusting)
LOCAL = replace(CSV, sftp=False, when="known", ways=None)


@pytest.fixture(autouse=True)
def trust(monkeypatch):
    """Read the machine's certificates once for all tests: here nothing adds to them."""
    monkeypatch.setattr(network, "trusting", trusting)


@pytest.fixture
def unported(monkeypatch):
    """Have the service's own threads carry for folders: a test puts something in the place of what these do."""
    monkeypatch.setattr(road, "porter", lambda *_: None)


@pytest.fixture
def kept():
    """Say where the ledger is kept: in a file, unless a test says BOTH."""
    return "file"


@pytest.fixture
def opened(tmp_path, kept):
    """Open a world and the road over it; by default one CSV system in a folder, where nobody works."""
    with ExitStack() as stack:

        def open_(systems=(LOCAL,), orders=1, road=True, change=None, **settings):
            root = tmp_path / f"world{len(list(tmp_path.iterdir()))}"
            server = postgres.shared().fresh() if kept == "server" else None
            world = stack.enter_context(world_of(root, systems, orders, working=False, server=server, **settings))
            world.write_site(poll=4, sweep=8, settle=5, every=4, quiet=1, wait=1)
            if change:
                change(world)
            if not road:
                return world, None
            made = Road(world)
            stack.callback(made.close)
            return world, made

        yield open_


@pytest.fixture
def taking():
    """Take what lies in the folder for orders, as a warehouse does; give all names and bytes so far."""
    taken = {}

    def take(world, system=LOCAL, below="in/orders"):
        for name in world.visible(system, below):
            path = world.folder(system, below) / name
            taken[name] = path.read_bytes()
            path.unlink()
        return taken

    return take


@pytest.fixture
def alone(monkeypatch):
    """Have each file carried by a thread of its own: for what hangs until others come."""
    monkeypatch.setattr(send, "SMALL", -1)
