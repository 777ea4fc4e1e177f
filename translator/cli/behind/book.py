"""The ledger, looked at from the prompt: beside a running service, changing nothing; wishes are written down as moves."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from pathlib import Path

from translator.config.ground import read_ground
from translator.config.read import read_site
from translator.config.site import Ground, Site
from translator.ledger.book import Book
from translator.ledger.ledger import Ledger
from translator.ledger.moves import Moves
from translator.ledger.trouble import opening
from translator.mapping.overlay import Laid
from translator.service import environment
from translator.service.master import master_of
from translator.service.ports import SystemChance, SystemClock
from translator.service.shadow import laid_aside, shadowed
from translator.service.whereabouts import ledger_of


def site_at(root: Path, shadow: Path | None, laid: Mapping[str, Sequence[Laid]] | None = None) -> Site:
    """Read a site, or what a shadow run makes of it. `laid`: rows that operators laid over its tables."""
    site = read_site(root, laid or {})
    return shadowed(site, shadow) if shadow else site


def ground_at(root: Path, shadow: Path | None) -> Ground:
    """Read the ground of a site, or of its shadow run: enough for a look that uses no mapping, also while one is broken."""
    ground = read_ground(root)
    return laid_aside(ground, shadow) if shadow else ground


@contextmanager
def looking(site: Ground) -> Iterator[Book]:
    """Give the book of a site to look at. Raises Misconfigured where there is none yet, or it is of another Amazon."""
    master = master_of(site)
    with (
        Ledger.open(
            ledger_of(site), SystemClock(), SystemChance(), master=master, alone=False, read_only=True
        ) as ledger,
        ledger.look() as book,
    ):
        environment.fits(book, site)
        yield book


@contextmanager
def asking(root: Path) -> Iterator[Moves]:
    """Give the moves of a site, also while one of its mappings is broken."""
    ground = read_ground(root)
    where = ledger_of(ground)
    with opening():
        there = not isinstance(where, Path) or where.exists()
    if there:
        with looking(ground):  # another Amazon's ledger is refused
            pass
    with closing(Moves.open(where, SystemClock())) as moves:
        yield moves
