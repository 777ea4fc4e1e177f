"""The master key of a site: where it stands, whether others can read it, and how it is made and replaced.

A site with a ledger of its own gets one when the service first starts; where several machines share a ledger a person
makes it (`translator keys new`) and gives it to all. In trouble: Misconfigured, which names the file and never the key.
"""

from __future__ import annotations

import fcntl
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from translator.config.site import Ground, Reference
from translator.core.finding import Finding, Misconfigured, Place
from translator.core.private import Private
from translator.instance import Taken
from translator.ledger import master
from translator.ledger.keystore import keys_path
from translator.ledger.trouble import opening
from translator.service.whereabouts import ledger_of

OTHERS: Final = 0o077  # rights of others than its owner


def master_of(site: Ground) -> Callable[[], Private[str]]:
    """Give what reads the master key of a site, anew each time."""
    return lambda: _read(site.master_key)


def begin(site: Ground) -> None:
    """Make the master key of a site whose ledger is not there yet either."""
    if is_to_come(site):
        make(site.master_key.path())


def is_to_come(site: Ground) -> bool:
    """Tell whether a site has neither a master key nor a ledger yet: the service makes both."""
    where, reference = ledger_of(site), site.master_key
    with opening():
        is_new = isinstance(where, Path) and not where.exists() and not keys_path(where).exists()
    return is_new and file_of(reference) is not None and not reference.path().exists()


def file_of(reference: Reference) -> Path | None:
    """Give the file that we may write it into; None: somebody else lays it out."""
    laid_out = reference.how == "env" or (reference.how == "credential" and "CREDENTIALS_DIRECTORY" in os.environ)
    return None if laid_out else reference.path()


def make(path: Path) -> None:
    """Write a new master key into a file that is not there yet."""
    with _writing(path):
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    write(path, master.new())


def write(path: Path, text: Private[str]) -> None:
    """Replace a master key: whole or not at all, and for its owner alone. Raises Misconfigured."""
    with _writing(path):
        _write(path, text)


def _write(path: Path, text: Private[str]) -> None:
    beside = path.with_name(f".{path.name}.new")
    beside.unlink(missing_ok=True)
    descriptor = os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600)
    with os.fdopen(descriptor, "w", encoding="ascii") as file:
        file.write(text.reveal())
        file.flush()
        os.fsync(file.fileno())
    beside.replace(path)
    folder = os.open(path.parent, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)


@contextmanager
def changing(path: Path) -> Iterator[None]:
    """Change a master key alone: two who do it at once would each throw away what the other wrapped with.

    Raises Taken; Misconfigured where it is another user's, who could not read the new one.
    """
    _owned(path)
    with _writing(path):
        beside = path.with_name(f".{path.name}.lock")
        descriptor = os.open(beside, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        yield
    except BlockingIOError:
        raise Taken("somebody changes this master key already") from None
    finally:
        os.close(descriptor)


def _owned(path: Path) -> None:
    with _writing(path):
        owner = path.stat().st_uid
    if owner != os.geteuid():
        text = f"the master key is of another user (uid {owner}), who could not read the new one"
        hint = "sudo -u translator translator keys rotate"
        raise Misconfigured([Finding("master-key-owner", text, Place(str(path)), hint=hint)])


@contextmanager
def _writing(path: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        text = f"the master key cannot be written: {(error.strerror or 'error').lower()}"
        hint = f"the user of the service needs to write into {path.parent}"
        raise Misconfigured([Finding("master-key-unwritable", text, Place(str(path)), hint=hint)]) from None


def _read(reference: Reference) -> Private[str]:
    text, path = reference.read(), file_of(reference)
    if path is not None and path.stat().st_mode & OTHERS:
        hint = f"chmod 600 {path.name}"
        words = "the master key can be read by others than its owner"
        raise Misconfigured([Finding("master-key-open", words, Place(str(path)), hint=hint)])
    return text
