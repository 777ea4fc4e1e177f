"""The connection to a real OpenSSH server breaks after byte k, each way, in a delivery and a pick-up; somebody looks."""

import tempfile
from collections import Counter
from pathlib import Path

import pytest

from tests.endpoints import sftp_sshd
from tests.endpoints.cutting_proxy import CuttingProxy
from tests.endpoints.openssh import cut, passed

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
