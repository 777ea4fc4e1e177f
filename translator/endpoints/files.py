"""The port to the file system: a few narrow verbs, all of them relative to an open folder.

Promise: nothing here follows a symbolic link below the folder, replaces an existing file, or blocks on a FIFO; each verb
is tried once. In trouble: OSError as the system gave it; FileExistsError where a name is taken, FileNotFoundError where
it is gone.
"""

from __future__ import annotations

import ctypes
import errno
import os
import stat
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from typing import Any, Final, Protocol

from translator.endpoints.looks import Entry, Kind

_READ: Final = os.O_RDONLY | os.O_NOFOLLOW | os.O_CLOEXEC | os.O_NONBLOCK  # a FIFO put in our way must not hold us
_WRITE: Final = os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW | os.O_CLOEXEC
_FOLDER: Final = os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC
_NO_REPLACE: Final = 1  # RENAME_NOREPLACE of renameat2(2)
_WRITE_OUT: Final = 2  # SYNC_FILE_RANGE_WRITE of sync_file_range(2)
_UNSUPPORTED: Final = frozenset({errno.ENOSYS, errno.EINVAL, errno.ENOTSUP})


@dataclass(frozen=True, slots=True)
class Identity:
    """What a path really is: device and inode."""

    device: int
    inode: int

    def __str__(self) -> str:
        return f"{self.device}:{self.inode}"


class Files(Protocol):
    """What a folder may ask of the file system. Folders and files are descriptors, names single segments."""

    def folder(self, path: str) -> int:
        """Open a folder."""
        ...

    def below(self, folder: int, name: str) -> int:
        """Open a folder in a folder, made if missing; never through a symbolic link."""
        ...

    def make(self, path: str) -> None:
        """Make a folder and those above it."""
        ...

    def identity(self, descriptor: int) -> Identity:
        """Say which folder or file an open descriptor is."""
        ...

    def names(self, folder: int) -> list[str]:
        """List the names in a folder."""
        ...

    def scan(self, folder: int) -> list[Entry]:
        """List a folder with what each entry is."""
        ...

    def entry(self, folder: int, name: str) -> Entry:
        """Say what a name is, a symbolic link being one."""
        ...

    def opened(self, file: int, name: str) -> Entry:
        """Say what an open file is."""
        ...

    def open(self, folder: int, name: str) -> int:
        """Open a file for reading."""
        ...

    def create(self, folder: int, name: str, mode: int) -> int:
        """Create a file that must not exist, for writing."""
        ...

    def read(self, file: int, size: int) -> bytes:
        """Read up to so many bytes; none at the end."""
        ...

    def write(self, file: int, data: bytes) -> None:
        """Write all of the bytes."""
        ...

    def begin(self, file: int) -> None:
        """Have a file's bytes begin to go to the disk, and wait for nothing: `sync` does, and tells what failed."""
        ...

    def sync(self, descriptor: int) -> None:
        """Return when a file's bytes, or a folder's names, are on the disk, where the file system can tell."""
        ...

    def close(self, descriptor: int) -> None:
        """Let go of a descriptor."""
        ...

    def rename(self, folder: int, name: str, target: int, final: str) -> None:
        """Give a file another name, in this or another folder, never replacing one that exists."""
        ...

    def remove(self, folder: int, name: str) -> None:
        """Remove a file."""
        ...


class LocalFiles:
    """The file system of this machine."""

    def folder(self, path: str) -> int:
        return os.open(path, _FOLDER)

    def below(self, folder: int, name: str) -> int:
        with suppress(FileExistsError):
            os.mkdir(name, 0o750, dir_fd=folder)
        return os.open(name, _FOLDER | os.O_NOFOLLOW, dir_fd=folder)

    def make(self, path: str) -> None:
        os.makedirs(path, 0o750, exist_ok=True)

    def identity(self, descriptor: int) -> Identity:
        found = os.fstat(descriptor)
        return Identity(found.st_dev, found.st_ino)

    def names(self, folder: int) -> list[str]:
        return os.listdir(folder)

    def scan(self, folder: int) -> list[Entry]:
        found: list[Entry] = []
        with os.scandir(folder) as names:
            for one in names:
                try:
                    found.append(_entry(one.name, one.stat(follow_symlinks=False)))
                except FileNotFoundError:  # taken away between listing and looking
                    continue
        return found

    def entry(self, folder: int, name: str) -> Entry:
        return _entry(name, os.stat(name, dir_fd=folder, follow_symlinks=False))

    def opened(self, file: int, name: str) -> Entry:
        return _entry(name, os.fstat(file))

    def open(self, folder: int, name: str) -> int:
        return os.open(name, _READ, dir_fd=folder)

    def create(self, folder: int, name: str, mode: int) -> int:
        file = os.open(name, _WRITE, 0o600, dir_fd=folder)
        try:
            os.fchmod(file, mode)  # as configured, whatever the umask
        except OSError:
            os.close(file)
            raise
        return file

    def read(self, file: int, size: int) -> bytes:
        return os.read(file, size)

    def write(self, file: int, data: bytes) -> None:
        rest = memoryview(data)
        while rest:
            rest = rest[os.write(file, rest) :]

    def begin(self, file: int) -> None:
        if _sync_file_range:
            _sync_file_range(file, 0, 0, _WRITE_OUT)  # what it answers does not matter: `sync` asks again

    def sync(self, descriptor: int) -> None:
        try:
            os.fsync(descriptor)
        except OSError as error:
            if error.errno != errno.EINVAL:  # some file systems have nothing to sync a folder by (a VM's share)
                raise

    def close(self, descriptor: int) -> None:
        os.close(descriptor)

    def rename(self, folder: int, name: str, target: int, final: str) -> None:
        if not (_renameat2 and _renamed(_renameat2, folder, name, target, final)):
            _linked(folder, name, target, final)

    def remove(self, folder: int, name: str) -> None:
        os.unlink(name, dir_fd=folder)


def _entry(name: str, found: os.stat_result) -> Entry:
    mark = f"{found.st_size} {found.st_mtime_ns} {found.st_ino}"
    return Entry(name, kind(found.st_mode), found.st_size, found.st_mtime, mark, found.st_nlink, found.st_ctime_ns)


def kind(mode: int) -> Kind:
    """Say what the mode of an entry makes it."""
    if stat.S_ISREG(mode):
        return Kind.FILE
    if stat.S_ISDIR(mode):
        return Kind.FOLDER
    return Kind.LINK if stat.S_ISLNK(mode) else Kind.SPECIAL


Rename = Callable[[int, bytes, int, bytes, int], int]
Range = Callable[[int, int, int, int], int]


def _system_call(name: str, *arguments: Any) -> Any:
    """Find what Python has no call for; None where this system has not got it either."""
    try:
        call: Any = getattr(ctypes.CDLL(None, use_errno=True), name)
    except (OSError, AttributeError):
        return None
    call.argtypes = arguments
    call.restype = ctypes.c_int
    return call


_renameat2: Final[Rename | None] = _system_call(  # refuses to replace
    "renameat2", ctypes.c_int, ctypes.c_char_p, ctypes.c_int, ctypes.c_char_p, ctypes.c_uint
)
_sync_file_range: Final[Range | None] = _system_call(
    "sync_file_range", ctypes.c_int, ctypes.c_int64, ctypes.c_int64, ctypes.c_uint
)


def _renamed(call: Rename, folder: int, name: str, target: int, final: str) -> bool:
    """Tell whether it is done; False where this file system does not know the call."""
    if call(folder, os.fsencode(name), target, os.fsencode(final), _NO_REPLACE) == 0:
        return True
    code = ctypes.get_errno()
    if code in _UNSUPPORTED:
        return False
    raise OSError(code, os.strerror(code), name, None, final)


def _linked(folder: int, name: str, target: int, final: str) -> None:
    """Refuse to replace by link and unlink: stopped between them, both names stand, and publish.py knows the picture."""
    os.link(name, final, src_dir_fd=folder, dst_dir_fd=target, follow_symlinks=False)
    os.unlink(name, dir_fd=folder)
