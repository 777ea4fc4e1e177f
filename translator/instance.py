"""One service for one ledger: the lock on the folder of its file, which is taken before anything slow is imported or read.

Promises: a folder that somebody has is told at once; who has it keeps it until the ledger takes it over, or its process
ends. In trouble: Taken; what cannot be read is left to who reads the whole site, and tells what is wrong with it.
"""

from __future__ import annotations

import fcntl
import os
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Final, Self

from translator.core.finding import Misconfigured
from translator.mapping.strict import SIZE, Entries, Node, Scalar, read_yaml

SITE: Final = "translator.yaml"
FILE: Final = "sqlite:"
USUAL: Final = f"{FILE}ledger.db"


class Taken(Exception):
    """Another service has this ledger: exit code 75."""


@dataclass(slots=True)
class Hold:
    """A folder that is this process's alone, until the ledger takes it over."""

    descriptor: int | None

    def pass_on(self, directory: Path) -> int | None:
        """Give the descriptor that holds this folder, once; what holds another one is let go."""
        descriptor, self.descriptor = self.descriptor, None
        if descriptor is None or os.path.samestat(os.fstat(descriptor), directory.stat()):
            return descriptor
        os.close(descriptor)
        return None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        if self.descriptor is not None:
            os.close(self.descriptor)
            self.descriptor = None


def hold(root: Path, aside: Path | None = None) -> Hold:
    """Take the folder of a site's ledger, where it is a file and the folder is there. `aside`: of a shadow run. Raises Taken."""
    directory = aside or _directory(root)
    with suppress(OSError):  # who opens the ledger is told
        if directory is not None and directory.is_dir():
            return Hold(lock(directory))
    return Hold(None)


def lock(directory: Path) -> int:
    """Take the directory for this process alone; give the descriptor that holds it.

    The lock is on the directory because a file may be unlinked and made anew under a holder; it is not inherited.
    """
    descriptor = os.open(directory, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        os.close(descriptor)
        raise Taken(f"another service has the ledger in {directory}") from None
    return descriptor


def file_of(root: Path, url: str) -> Path:
    """Say where the file of a ledger is: below the site, unless its path is absolute."""
    return root / url.removeprefix(FILE)


def _directory(root: Path) -> Path | None:
    """Read of a site only where its ledger is."""
    try:
        with (root / SITE).open("rb") as file:
            url = _url(read_yaml(file.read(SIZE + 1), SITE))
    except (OSError, Misconfigured):
        return None
    return file_of(root, url).parent if url.startswith(FILE) else None


def _url(top: Node) -> str:
    if not isinstance(top, Entries):
        return ""
    said = top.get("ledger")
    if isinstance(said, Entries):
        said = said.get("url")
    return said.text if isinstance(said, Scalar) else USUAL if said is None else ""
