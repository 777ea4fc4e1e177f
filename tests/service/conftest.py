"""A site whose Amazon is pretended."""

import pytest

from tests.cli.command import site_at
from tests.road.warm import remember_mappings
from tests.service.running import Service
from translator.simulator.amazon import Amazon, AmazonSettings

remember_mappings()


@pytest.fixture(scope="module")
def amazon():
    with Amazon(AmazonSettings("ACMEG")) as pretended:
        yield pretended


@pytest.fixture
def site(tmp_path, amazon):
    return site_at(amazon, tmp_path / "site")


@pytest.fixture
def start(tmp_path):
    started = []

    def begin(site, *words, **more):
        started.append(Service(site, tmp_path, *words, **more))
        return started[-1]

    yield begin
    for service in started:
        service.close()
