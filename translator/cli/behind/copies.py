"""The ledger of a site copied, and put back; who did it is recorded."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

from translator.cli.behind.book import asking, looking
from translator.cli.moves import operator
from translator.config.ground import read_ground
from translator.core.finding import Finding, Misconfigured
from translator.ledger import copies
from translator.ledger.trouble import opening
from translator.service.ports import SystemChance, SystemClock
from translator.service.whereabouts import ledger_of

_DUMP = "pg_dump --format=custom --exclude-table-data=wrapped --file=ledger.dump DATABASE"
_PUT = (
    "pg_restore --clean --if-exists --dbname=DATABASE ledger.dump; nothing is sent until `translator reconcile --done`"
)


def backed_up(root: Path, target: Path) -> tuple[Path, int]:
    """Copy the ledger to a file, or into a folder under a name that tells when; give which file, and its size."""
    ledger = _file(root, _DUMP)
    with looking(read_ground(root)):  # there is one, and it is of this Amazon
        pass
    with opening("the copy"):
        is_folder = target.is_dir()
    if is_folder:
        target /= f"{ledger.stem}-{datetime.now(UTC):%Y%m%dT%H%M%SZ}.db"
    size = copies.copy(ledger, target)
    with asking(root) as moves:
        moves.ask("copied", {"target": target.name}, operator())
    return target, size


def put_back(root: Path, copy: Path) -> Path | None:
    """Put a copy in the ledger's place; give where the one before lies."""
    return copies.restore(copy, _file(root, _PUT), SystemClock(), SystemChance(), operator())


def _file(root: Path, otherwise: str) -> Path:
    where = ledger_of(read_ground(root))
    if isinstance(where, Path):
        return where
    raise Misconfigured([Finding("ledger-server", "the ledger is on a server, which has its own ways", hint=otherwise)])
