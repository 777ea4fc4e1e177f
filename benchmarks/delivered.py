"""Row 9 measured: files to and listings of a real OpenSSH server on loopback, beside OpenSSH's own `sftp -b`.

Both contenders connect, log in with the same key and do the same work; with 20 ms, both go through the same proxy.
"""

from __future__ import annotations

import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final

from benchmarks.floors import HERE
from benchmarks.rounds import Seconds, ratio
from tests.endpoints import sftp_sshd
from translator.endpoints.endpoint import Outgoing
from translator.endpoints.sftp import Server, Settings
from translator.endpoints.sftp_folder import SftpFolder

FILES, ENTRIES, CALLS = 1_000, 10_000, 8
HALF: Final = 0.010  # seconds one way: a round trip of 20 ms
OURS, THEIRS = "translator", "sftp -b"
DATA: Final = (b"ORDER,LINE,SKU,QTY\r\n" + b"4000000001,1,SKU-0000001,00012\r\n" * 62)[:2048]


class Now:
    """The clock of this machine."""

    def now(self) -> datetime:
        return datetime.now(UTC)

    def monotonic(self) -> float:
        return time.monotonic()


@dataclass(frozen=True, slots=True)
class Site:
    """A server, where both contenders find it, and what they have at home."""

    home: Path
    settings: Settings

    def batch(self, lines: list[str]) -> None:
        """Have `sftp -b` do these lines."""
        (self.home / "batch").write_text("\n".join(lines) + "\n")
        options = ["StrictHostKeyChecking=no", "UserKnownHostsFile=/dev/null", "LogLevel=ERROR"]
        command = ["sftp", "-q", "-b", self.home / "batch", "-P", str(self.settings.port)]
        command += ["-i", self.home / "user_ed25519", *(part for one in options for part in ("-o", one)), "127.0.0.1"]
        subprocess.run(command, check=True, stdout=subprocess.DEVNULL)

    @contextmanager
    def folder(self, path: Path) -> Iterator[SftpFolder]:
        """Give the folder as the service has it."""
        server = Server(self.settings)
        yield SftpFolder(server, str(path), Now())
        server.close()


def measured(files: int, entries: int, rounds: int, say: Callable[[str], None]) -> list[dict[str, Any]]:
    """Measure all three variants; none where there is no OpenSSH server."""
    if not sftp_sshd.installed():
        say("row 9: no OpenSSH server here (apt-get install openssh-server)")
        return []
    with tempfile.TemporaryDirectory() as home, _server(Path(home)) as near, _delayed(near) as far:
        return [
            _row("", f"{files:,} files of 2 kB", *_delivered(near, files, rounds, say), {"at most": 0.8}),
            _row("20 ms", f"{files:,} files of 2 kB", *_delivered(far, files, 1, say), {"times": 6.0}),
            _row("listing", f"{entries:,} entries listed", *_listed(near, entries, rounds, say), {"at most": 0.6}),
        ]


def _row(variant: str, what: str, took: Seconds, differ: int, goal: dict[str, float]) -> dict[str, Any]:
    slower = ratio(took, OURS, THEIRS)
    return {
        "row": 9,
        "what": what,
        "variant": variant,
        "differing outputs": differ,
        "seconds": {name: round(statistics.median(times), 2) for name, times in took.items()},
        "ours ÷ sftp": round(slower, 2),
        "times as fast": round(1 / slower, 1),
        "goal": goal.get("times"),
        "at most": goal.get("at most"),
    }


def _delivered(site: Site, files: int, rounds: int, say: Callable[[str], None]) -> tuple[Seconds, int]:
    """Deliver the files, each under a temporary name that is then renamed."""
    names = [f"ORD{number:06d}.csv" for number in range(files)]
    source = site.home / "source"
    source.mkdir(exist_ok=True)
    for name in names:
        (source / name).write_bytes(DATA)

    def theirs(folder: Path) -> None:
        lines = [
            f"put {source}/{name} {folder}/.{name}.tmp\nrename {folder}/.{name}.tmp {folder}/{name}" for name in names
        ]
        site.batch(lines)

    def ours(folder: Path) -> None:
        with site.folder(folder) as place, ThreadPoolExecutor(CALLS) as pool:
            outgoing = [Outgoing(name, DATA, 1, f"token{number:011d}") for number, name in enumerate(names)]
            shares = [outgoing[number::CALLS] for number in range(CALLS)]
            list(pool.map(lambda share: [place.put(one, lambda _: None) for one in share], shares))

    def right(folder: Path) -> bool:
        found = {path.name: path.read_bytes() for path in folder.iterdir() if path.name[0] != "."}
        return found == dict.fromkeys(names, DATA) and not list(folder.glob("*.tmp"))

    return _interleaved(site, {OURS: ours, THEIRS: theirs}, right, rounds, say)


def _listed(site: Site, entries: int, rounds: int, say: Callable[[str], None]) -> tuple[Seconds, int]:
    """List a folder with the sizes and times of its entries."""
    full = site.home / "full"
    full.mkdir()
    for number in range(entries):
        (full / f"SHIP{number:06d}.csv").write_bytes(b"x")
    seen: list[int] = []

    def ours(_: Path) -> None:
        with site.folder(full) as place:
            found = place.list("")
            seen.append(len(found.waiting) + len(found.complete))

    return _interleaved(
        site,
        {OURS: ours, THEIRS: lambda _: site.batch([f"ls -l {full}"])},
        lambda _: not seen or seen[-1] == entries,
        rounds,
        say,
    )


def _interleaved(
    site: Site,
    contenders: dict[str, Callable[[Path], None]],
    right: Callable[[Path], bool],
    rounds: int,
    say: Callable[[str], None],
) -> tuple[Seconds, int]:
    """Let each contender have its turn, round after round, first one then the other way round; seconds of the clock."""
    took: Seconds = {name: [] for name in contenders}
    wrong = 0
    for number in range(rounds):
        say(f"row 9: round {number + 1} of {rounds} at port {site.settings.port}")
        for name in list(contenders) if number % 2 == 0 else reversed(contenders):
            with tempfile.TemporaryDirectory(dir=site.home) as folder:
                start = time.perf_counter()
                contenders[name](Path(folder))
                took[name].append(time.perf_counter() - start)
                wrong += not right(Path(folder))
    return took, wrong


@contextmanager
def _server(home: Path) -> Iterator[Site]:
    sshd = sftp_sshd.start(home)
    try:
        yield Site(home, replace(sshd.settings, channels=CALLS, reply=30.0))
    finally:
        sshd.stop()


@contextmanager
def _delayed(site: Site) -> Iterator[Site]:
    command = [sys.executable, "-m", "benchmarks.delay", str(site.settings.port), str(HALF)]
    proxy = subprocess.Popen(command, stdout=subprocess.PIPE, text=True, cwd=HERE.parent)
    try:
        port = int(proxy.stdout.readline()) if proxy.stdout else 0
        yield replace(site, settings=replace(site.settings, port=port))
    finally:
        proxy.terminate()
        proxy.wait(10)
