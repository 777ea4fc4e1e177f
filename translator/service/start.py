"""The start of the service: read the site, take the ledger, agree with other machines, and live.

Promises: from the first moment, who is told to stop stops in order; a ledger that is not there yet is waited for, and systemd
is told so. In trouble: Misconfigured before anything is begun; Taken, where another service has the ledger.
"""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, ExitStack, closing, contextmanager
from functools import partial
from pathlib import Path
from typing import Final

from translator.core.finding import Unavailable
from translator.core.ports import Clock, Faults, NoFaults
from translator.instance import Hold
from translator.ledger.following import Following
from translator.ledger.ledger import Ledger
from translator.ledger.moves import Moves
from translator.observe import log
from translator.service import agreed, compared, environment, master, memory, places, whereabouts
from translator.service.life import Life
from translator.service.notify import supervisor
from translator.service.porter import porter
from translator.service.ports import SystemChance, SystemClock
from translator.service.reload import Edits
from translator.service.shadow import site_of
from translator.service.signals import Asked, listening
from translator.stations.errand import House
from translator.stations.pump import Pump

AGAIN: Final = 3.0  # seconds between tries to begin while the ledger is not there
EXTEND: Final = "EXTEND_TIMEOUT_USEC=60000000"  # to systemd: we are still beginning


def serve(
    root: Path,
    *,
    once: bool = False,
    shadow: Path | None = None,
    faults: Faults | None = None,
    asked: Asked | None = None,
    held: Hold | None = None,
) -> None:
    """Run the site in a folder until asked to stop; with `once`, until nothing is due any more; with `shadow`, aside.

    `held`: the folder of its ledger, taken before.
    """
    asked = asked or Asked()
    with listening(asked), ExitStack() as begun:  # from the first: who is told to stop while it starts stops in order
        while (life := _tried(begun, partial(_begun, root, shadow, faults, asked, held), once=once)) is None:
            until = time.monotonic() + AGAIN
            while time.monotonic() < until:
                if asked.stop:
                    return
                time.sleep(0.1)
        life.live(once=once)


def _tried(begun: ExitStack, begin: Callable[[], AbstractContextManager[Life]], *, once: bool) -> Life | None:
    """Begin; None where the ledger is not there yet: its server may start after us. A single run does not wait for it."""
    try:
        return begun.enter_context(begin())
    except Unavailable as error:
        if once:
            raise
        log().warning("waiting for the ledger", why=error.reason)
        supervisor(os.environ).tell(EXTEND, f"STATUS=waiting: {error.reason}")
        return None


@contextmanager
def _begun(root: Path, shadow: Path | None, faults: Faults | None, asked: Asked, held: Hold | None) -> Iterator[Life]:
    """Read the site, take the ledger, and agree with the other machines on what is in force."""
    clock: Clock = SystemClock()
    edits = Edits(root)
    edits.trying()
    chance, site = SystemChance(), site_of(root, shadow)
    where = whereabouts.ledger_of(site)
    clock = clock if isinstance(where, Path) else Following(clock)  # several machines go by their server's
    master.begin(site)
    with (
        Ledger.open(where, clock, chance, faults, master=master.master_of(site), alone=held or True) as ledger,
        closing(Moves.open(where, clock)) as moves,
        closing(porter()) as carrying,
    ):
        environment.enter(ledger, site)
        if laid := agreed.laid(ledger):
            site = site_of(root, shadow, laid)
        site = agreed.begin(ledger, site)
        by = None if faults else carrying  # where the world is to stop at a point, that has to be in this process
        house = House(site, places.endpoints_of(site, clock, faults, by), clock, chance, faults or NoFaults())
        house.compare = partial(compared.nightly, ledger)
        pump = Pump(house, ledger, moves)
        memory.settled()
        yield Life(root, ledger, pump, asked, supervisor(os.environ), edits, by)
