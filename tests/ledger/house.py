"""A real ledger, in a folder or on a server, with a clock that stands until it is moved."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import cached_property, partial
from itertools import count
from pathlib import Path
from typing import Any

import pytest

from tests import postgres
from translator.core.private import Private
from translator.ledger import Ledger, Moves
from translator.ledger.ledger import Where

FILES = pytest.mark.parametrize("journal", ["wal", "rollback"])  # what is said of a file alone
MASTER = partial(Private, "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=")
START = 1_780_000_000.0


@dataclass
class StandingClock:
    at: float = START

    def now(self) -> datetime:
        return datetime.fromtimestamp(self.at, UTC)

    def monotonic(self) -> float:
        return self.at

    def pass_(self, seconds: float) -> None:
        self.at += seconds


class CountedChance:
    def __init__(self) -> None:
        self._numbers = count(1)

    def random(self) -> float:
        return 0.5

    def token(self) -> str:
        return f"{next(self._numbers):016d}"


@dataclass
class House:
    """Opens ledgers of one folder and closes them afterwards."""

    folder: Path
    journal: Any
    clock: StandingClock
    opened: list[Ledger]
    chance: CountedChance = field(default_factory=CountedChance)
    master: Any = MASTER

    @property
    def path(self) -> Path:
        return self.folder / "ledger.db"

    @cached_property
    def where(self) -> Where:
        return postgres.shared().fresh() if self.journal == "postgres" else self.path

    @property
    def _journal(self) -> dict[str, Any]:
        return {} if self.journal == "postgres" else {"journal": self.journal}

    def moves(self) -> Moves:
        return Moves.open(self.where, self.clock, **self._journal)

    def open(self, **options: Any) -> Ledger:
        options = self._journal | options
        ledger = Ledger.open(options.pop("path", self.where), self.clock, self.chance, master=self.master, **options)
        self.opened.append(ledger)
        return ledger

    def reader(self) -> Ledger:
        return self.open(alone=False, read_only=True)
