"""One authority for all tests of the matrix."""

import pytest

from tests.matrix.authority import Authority


@pytest.fixture(scope="session")
def certificates(tmp_path_factory):
    return Authority(tmp_path_factory.mktemp("authority"))


@pytest.fixture
def authority(certificates, monkeypatch):
    certificates.trusted_by(monkeypatch)
    return certificates
