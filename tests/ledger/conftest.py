"""A real ledger: in a real folder, in both journal modes, and on a real PostgreSQL server."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest

from tests.ledger.house import House, StandingClock
from translator.ledger import Ledger


@pytest.fixture(params=["wal", "rollback", "postgres"])
def journal(request) -> str:
    return request.param


@pytest.fixture
def clock() -> StandingClock:
    return StandingClock()


@pytest.fixture
def house(tmp_path, journal, clock) -> Iterator[House]:
    house = House(tmp_path / "state", journal, clock, [])
    yield house
    for ledger in house.opened:
        ledger.close()


@pytest.fixture
def ledger(house) -> Ledger:
    return house.open()


@pytest.fixture
def order(ledger) -> Callable[..., Any]:
    """Store one order."""

    def add(number: str = "D3rC", **more: Any) -> Any:
        tree = more.pop("tree", {"purchaseOrderNumber": number})
        with ledger.commit() as book:
            return book.documents.add("order", "us", number, tree, **more)

    return add
