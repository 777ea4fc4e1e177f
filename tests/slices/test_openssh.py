"""The connection to a real OpenSSH server breaks after byte k, each way, in a delivery and a pick-up; somebody looks."""

import os
import resource
import tempfile
import time
from collections import Counter
from functools import partial
from pathlib import Path

import pytest

from tests.endpoints import sftp_sshd
from tests.endpoints.cutting_proxy import CuttingProxy
from tests.endpoints.openssh import cut, passed
from tests.endpoints.own_mounts import in_child
from tests.endpoints.spoilt_sweep import memory
from tests.endpoints.transport import Clock
from translator.endpoints.options import Options
from translator.endpoints.sftp import Server
from translator.endpoints.sftp_folder import SftpFolder

PARTS, MANY = 200, 10  # in full, 2,000 values of k each way in each
FLOWS = ("delivery", "pick-up")


@pytest.fixture
def sshd(tmp_path):
    server = sftp_sshd.start(tmp_path)
    yield server
    server.stop()


@pytest.mark.skipif(not sftp_sshd.installed(), reason="no OpenSSH server")
@pytest.mark.parts(bounded=1, deep=PARTS)
def test_no_byte_of_a_real_server_is_a_bad_one_to_break_after(part, figure, sshd):
    wrong, counted, looked = [], Counter(), 0
    proxy = CuttingProxy(sshd.port)
    with tempfile.TemporaryDirectory() as root:
        for flow in FLOWS:
            for way, last in passed(Path(root), proxy, sshd.settings, flow).items():
                for k in sorted({last * (step * PARTS + part) // (MANY * PARTS) for step in range(MANY)}):
                    found, seen, looks = cut(Path(root), proxy, sshd.settings, flow, way, k)
                    wrong += found
                    counted[flow, way, seen] += 1
                    looked += looks
    proxy.stop()
    figure("cells", counted.total())
    figure("looks", looked)
    for told, count in sorted(counted.items()):
        figure(", ".join(told), count)
    assert wrong == []


NAMES = 200_000


@pytest.mark.skipif(not sftp_sshd.installed(), reason="no OpenSSH server")
def test_a_folder_of_very_many_files_is_listed_in_little_time_and_memory(figure, sshd):
    with tempfile.TemporaryDirectory(dir=memory()) as root:
        for number in range(NAMES):
            os.close(os.open(f"{root}/ship-{number:06}.csv", os.O_WRONLY | os.O_CREAT))
        found = in_child(partial(_listed, root, sshd.settings))
    for name, value in found.items():
        figure(name, value)
    assert (found["waiting"], found["refused"]) == (NAMES, 0)
    assert found["seconds"] < 60
    assert found["megabytes"] < 256


def _listed(root, settings):
    """List twice, so that what is kept between two looks is there; tell the time and the memory of it."""
    clock, options = Clock(), Options(quiet=10.0)
    endpoint = SftpFolder(Server(settings), root, clock, options)
    before, begun = _most(), time.monotonic()
    endpoint.list("")
    waiting = endpoint.list("").waiting
    seconds = (time.monotonic() - begun) / 2
    endpoint.close()
    refused = sum(why.startswith("refused") for why in waiting.values())
    return {
        "waiting": len(waiting),
        "refused": refused,
        "seconds": round(seconds, 2),
        "megabytes": round(_most() - before),
    }


def _most():
    """Give the most memory this process ever had, in megabytes."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
