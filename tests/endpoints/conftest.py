"""Places under test: a folder of this machine, the same over a real OpenSSH server, and an Amazon that says its lines."""

import subprocess
from functools import cache

import pytest

from tests.endpoints import sftp_sshd
from tests.endpoints.spapi_clock import Clock
from tests.endpoints.spapi_scripted import Scripted
from tests.endpoints.transport import Place, PortedPlace
from translator.endpoints.spapi import network

trusting = cache(network.trusting)


@pytest.fixture(autouse=True)
def trust(monkeypatch):
    """Read the machine's certificates once for all tests: here nothing adds to them."""
    monkeypatch.setattr(network, "trusting", trusting)


@pytest.fixture
def clock():
    return Clock()


@pytest.fixture
def server():
    scripted = Scripted()
    yield scripted
    scripted.close()


@pytest.fixture(scope="session")
def sshd(tmp_path_factory):
    if not sftp_sshd.installed():
        pytest.skip("no OpenSSH server: apt-get install openssh-server (.ci/run does)")
    server = sftp_sshd.start(tmp_path_factory.mktemp("sshd"))
    yield server
    server.stop()


@pytest.fixture
def other_sshd(tmp_path_factory):
    """Start OpenSSH servers of another configuration."""
    if not sftp_sshd.installed():
        pytest.skip("no OpenSSH server: apt-get install openssh-server (.ci/run does)")
    started = []

    def start(*lines):
        started.append(sftp_sshd.start(tmp_path_factory.mktemp("sshd"), "".join(f"{line}\n" for line in lines)))
        return started[-1]

    yield start
    for server in started:
        server.stop()


@pytest.fixture
def folder_place(tmp_path):
    (tmp_path / "wms").mkdir()
    return Place(tmp_path / "wms")


@pytest.fixture
def sftp_place(tmp_path, sshd):
    (tmp_path / "wms").mkdir()
    place = Place(tmp_path / "wms", sshd.settings)
    yield place
    place.close()


@pytest.fixture
def ported_place(tmp_path):
    (tmp_path / "wms").mkdir()
    place = PortedPlace(tmp_path / "wms")
    yield place
    place.close()


@pytest.fixture(params=["folder", "ported", "sftp"])
def place(request):
    return request.getfixturevalue(f"{request.param}_place")


@pytest.fixture
def small_disk(tmp_path):
    root = tmp_path / "small"
    root.mkdir()
    mounted = subprocess.run(["mount", "-t", "tmpfs", "-o", "size=1m", "tmpfs", root], capture_output=True, check=False)
    if mounted.returncode:
        pytest.skip("this machine lets us mount nothing")
    yield Place(root)
    subprocess.run(["umount", root], check=True)
