"""A warm parent of services: it has imported everything and compiled the site's mappings; a child runs the real command.

Single-threaded, so that forking is safe. On standard input: `run SITE LOG` (answers with the child's number), `bury PID`
(answers with its status). The child runs `translator run` as the command line does, with the fixed delays of the
stations scaled down (`_scale`): what they are is no promise, and hundreds of lives have to fit into a minute. `shared`: it is
one of several services.
"""

import functools
import gc
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

ROOT = Path(__file__).parents[2]


def main():
    _hurry()
    _import_all()
    remember_mappings()
    _share_trust()
    _scale()
    if "shared" in sys.argv[2:]:
        _scale_shared()
    if len(sys.argv) > 1:
        _compile(sys.argv[1])
    gc.collect()
    gc.freeze()
    print("warm", flush=True)
    for line in sys.stdin:
        verb, _, rest = line.rstrip("\n").partition(" ")
        if verb == "run":
            print(_fork(*rest.split("\t")), flush=True)
        else:
            print(os.waitpid(int(rest), 0)[1], flush=True)


def _hurry():
    """Let what outlived three holders rest for a moment only: here dozens die within seconds, and no row is to blame."""
    from translator.core import work

    work.REST = 0.1


def _import_all():
    import lxml.etree  # noqa: F401
    import paramiko  # noqa: F401

    from translator import observe  # noqa: F401
    from translator.cli import run  # noqa: F401
    from translator.documents.kind import kinds
    from translator.formats.format import formats
    from translator.ledger import sqlite
    from translator.service import start  # noqa: F401
    from translator.translation import environment, known_paths

    sqlite.driver(), kinds(), formats(), environment(), known_paths()
    "x".encode("idna")


@functools.cache
def remember_mappings():
    """Compile the same mapping text, with the same files beside it, once for all: of sites, and of the command line."""
    from translator.cli.behind import at_hand
    from translator.config import read

    compiled = {}
    real = read.load

    def load(name, text, fetch, settings=None):
        key = name, text, tuple(sorted((settings or {}).items()))
        made, beside = compiled.get(key, (None, {}))
        if made is None or any(fetch(wanted) != data for wanted, data in beside.items()):
            beside = {}
            made = real(name, text, lambda wanted: beside.setdefault(wanted, fetch(wanted)), settings)
            compiled[key] = made, beside
        return made

    read.load = at_hand.load = load


def _compile(site):
    from translator.config.read import read_site

    read_site(Path(site))


def _share_trust():
    """Read the machine's certificates once, for all children."""
    from translator.endpoints.spapi import network

    network.trusting = functools.cache(network.trusting)
    network.trusting()


def _scale():
    from translator.core import door
    from translator.core.work import back_off
    from translator.service import places
    from translator.stations import patience, pump, send, settle

    places.RATE = 200.0
    door.back_off = patience.back_off = functools.partial(back_off, first=0.3, most=1.0)
    door.LONGEST = 0.5
    pump.SWEEP = 1.0
    send.FIRST_LOOK = 0.2
    settle.LOOKS = (0.2, 0.3, 0.5)


def _scale_shared():
    """Scale what services of one ledger wait for each other's death: leases, and what a lease has to outlast.

    A machine that is busy with something else gets as many times longer: there nobody is dead who is slow.
    """
    from functools import partial

    from translator.endpoints.spapi import account
    from translator.ledger import ledger, work, workers
    from translator.stations import errand, outcomes, patience, pump, send

    times = _slowness()
    for part in (errand, outcomes, patience, pump, send):
        part.LEASE = 12.0 * times
    pump.RENEW = 3.0 * times
    limits = {"connect": 2.0, "read": 4.0, "write": 4.0, "total": 5.0}
    account.Limits = partial(account.Limits, **{name: value * times for name, value in limits.items()})
    work.SILENT = workers.SILENT = 4.0 * times
    ledger.BEAT = 0.5


def _slowness():
    """Say how many times longer than alone a computation takes here, from 1 to 20."""
    wall, cpu = time.monotonic(), time.process_time()
    while time.process_time() - cpu < 0.2:
        sum(range(10_000))
    return min(20, max(1, round((time.monotonic() - wall) / 0.2)))


def _fork(site, log):
    child = os.fork()
    if child:
        return child
    try:
        _child(site, log)
    finally:
        os._exit(99)


def _child(site, log):
    from translator.cli import main as command

    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, signal.SIG_DFL)
    out = os.open(log, os.O_WRONLY | os.O_CREAT | os.O_APPEND | os.O_CLOEXEC, 0o600)
    nothing = os.open(os.devnull, os.O_RDONLY)
    os.dup2(nothing, 0)
    os.dup2(out, 1)
    os.dup2(out, 2)
    sys.argv = ["translator", "run", "--site", site]
    try:
        command()
    except SystemExit as end:
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(end.code if isinstance(end.code, int) else 1)


class Warm:
    """The parent, as a test uses it."""

    def __init__(self, site, *words):
        self.site = site
        self.words = words

    def __enter__(self):
        command = [sys.executable, "-m", "tests.road.warm", str(self.site), *self.words]
        self.process = subprocess.Popen(command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        assert self.process.stdout.readline().strip() == "warm"
        return self

    def __exit__(self, *_):
        self.process.stdin.close()
        self.process.wait(120)

    def run(self, log):
        """Start a service; give its process number."""
        return int(self._ask(f"run {self.site}\t{log}"))

    def bury(self, pid):
        """Wait for a service that was killed or stopped; give its exit status."""
        return os.waitstatus_to_exitcode(int(self._ask(f"bury {pid}")))

    def _ask(self, line):
        self.process.stdin.write(line + "\n")
        self.process.stdin.flush()
        return self.process.stdout.readline().strip()


if __name__ == "__main__":
    main()
