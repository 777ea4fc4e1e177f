"""A site whose Amazon is pretended."""

import pytest

from tests.cli.command import site_at
from translator.simulator.amazon import Amazon, AmazonSettings


@pytest.fixture(scope="module")
def amazon():
    with Amazon(AmazonSettings("ACMEG")) as pretended:
        yield pretended


@pytest.fixture
def site(tmp_path, amazon):
    return site_at(amazon, tmp_path / "site")
