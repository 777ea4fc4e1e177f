"""A small SFTP server over one directory: the pretend warehouse's front door in the demo.

Promises: whoever logs in sees that directory as `/` and nothing outside it, symbolic links included; a plain rename over an
existing file is refused, as OpenSSH does it; the server outlives the service it is played to. Its host key is made at the
first start and kept in a file where one is named. In trouble: Misconfigured, where that file holds something else.
"""

from __future__ import annotations

import errno
import io
import os
import socket
import threading
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import Any, Final

import paramiko
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from paramiko.common import (
    AUTH_FAILED,
    AUTH_SUCCESSFUL,
    OPEN_FAILED_ADMINISTRATIVELY_PROHIBITED,
    OPEN_SUCCEEDED,
)
from paramiko.sftp import SFTP_OK

from translator.core.finding import Finding, Misconfigured, Place

_SUBSYSTEM: Final = "sftp"


@dataclass(frozen=True, slots=True)
class User:
    """Who may log in, and with what."""

    password: str = ""
    keys: tuple[str, ...] = ()  # lines of authorized_keys: "ssh-ed25519 AAAA…"


class SftpServer:
    """Serves `root` on a loopback port until stopped."""

    def __init__(
        self,
        root: Path,
        users: Mapping[str, User],
        host: str = "127.0.0.1",
        port: int = 0,
        key_file: Path | None = None,
    ) -> None:
        self.root = root.resolve()
        self._users = dict(users)
        self._key = host_key(key_file)
        self._listener = socket.create_server((host, port))
        self.host, self.port = self._listener.getsockname()[:2]
        self._transports: list[paramiko.Transport] = []
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._accept, name="simulator-sftp", daemon=True)

    @property
    def fingerprint(self) -> str:
        """What a site writes as `host_key`."""
        return self._key.fingerprint

    @property
    def known_host(self) -> str:
        """The same as a line of known_hosts."""
        return f"[{self.host}]:{self.port} {self._key.get_name()} {self._key.get_base64()}"

    def start(self) -> SftpServer:
        self._thread.start()
        return self

    def stop(self) -> None:
        self._stopping.set()
        with suppress(OSError):
            self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()
        for transport in self._transports:
            transport.close()
        if self._thread.is_alive():
            self._thread.join(5)

    def _accept(self) -> None:
        while not self._stopping.is_set():
            try:
                connection, _ = self._listener.accept()
            except OSError:
                return
            threading.Thread(target=self._serve, args=(connection,), daemon=True).start()

    def _serve(self, connection: socket.socket) -> None:
        connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        transport = paramiko.Transport(connection)
        transport.add_server_key(self._key)
        transport.set_subsystem_handler(_SUBSYSTEM, paramiko.SFTPServer, _Root, root=self.root)
        self._transports = [one for one in self._transports if one.is_active()] + [transport]
        with suppress(paramiko.SSHException, EOFError, OSError):
            transport.start_server(server=_Door(self._users))


def host_key(file: Path | None) -> paramiko.PKey:
    """Read the host key, or make one; paramiko itself makes no Ed25519 keys."""
    if file and file.exists():
        try:
            return paramiko.Ed25519Key.from_private_key_file(str(file))
        except (paramiko.SSHException, ValueError):
            what = "this is no Ed25519 key without a passphrase"
            hint = "name a file that is not there: a key is made"
            raise Misconfigured([Finding("host-key-file", what, Place(str(file)), hint=hint)]) from None
    form = serialization.PrivateFormat.OpenSSH
    text = Ed25519PrivateKey.generate().private_bytes(serialization.Encoding.PEM, form, serialization.NoEncryption())
    if not file:
        return _parsed(text)
    descriptor = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "wb") as out:
        out.write(text)
    return _parsed(text)


def _parsed(text: bytes) -> paramiko.PKey:
    return paramiko.Ed25519Key.from_private_key(io.StringIO(text.decode("ascii")))


class _Door(paramiko.ServerInterface):
    """Lets the known users in, for SFTP only."""

    def __init__(self, users: Mapping[str, User]) -> None:
        self._users = users

    def get_allowed_auths(self, username: str) -> str:
        return "publickey,password"

    def check_auth_password(self, username: str, password: str) -> int:
        user = self._users.get(username, User())
        return AUTH_SUCCESSFUL if user.password and user.password == password else AUTH_FAILED

    def check_auth_publickey(self, username: str, key: paramiko.PKey) -> int:
        keys = {tuple(line.split()[:2]) for line in self._users.get(username, User()).keys}
        return AUTH_SUCCESSFUL if (key.get_name(), key.get_base64()) in keys else AUTH_FAILED

    def check_channel_request(self, kind: str, chanid: int) -> int:
        return OPEN_SUCCEEDED if kind == "session" else OPEN_FAILED_ADMINISTRATIVELY_PROHIBITED


class _Root(paramiko.SFTPServerInterface):
    """The directory as a file system of its own."""

    def __init__(self, server: paramiko.ServerInterface, *args: Any, root: Path) -> None:
        super().__init__(server)
        self._root = root

    def list_folder(self, path: str) -> list[paramiko.SFTPAttributes] | int:
        try:
            with os.scandir(self._inside(path)) as names:
                return [_attributes(one.stat(follow_symlinks=False), one.name) for one in names]
        except OSError as error:
            return _answer(error)

    def stat(self, path: str) -> paramiko.SFTPAttributes | int:
        try:
            return _attributes(self._inside(path).stat())
        except OSError as error:
            return _answer(error)

    def lstat(self, path: str) -> paramiko.SFTPAttributes | int:
        try:
            return _attributes(self._place(path).lstat())
        except OSError as error:
            return _answer(error)

    def open(self, path: str, flags: int, attr: paramiko.SFTPAttributes) -> paramiko.SFTPHandle | int:
        try:
            file = os.open(self._inside(path), flags | os.O_NOFOLLOW | os.O_CLOEXEC, attr.st_mode or 0o640)
        except OSError as error:
            return _answer(error)
        return _Handle(file, flags)

    def remove(self, path: str) -> int:
        return _done(lambda: self._place(path).unlink())

    def rename(self, oldpath: str, newpath: str) -> int:
        return _done(lambda: _renamed(self._place(oldpath), self._place(newpath)))

    def mkdir(self, path: str, attr: paramiko.SFTPAttributes) -> int:
        return _done(lambda: self._place(path).mkdir(0o750))

    def rmdir(self, path: str) -> int:
        return _done(lambda: self._place(path).rmdir())

    def _inside(self, path: str) -> Path:
        """Give the real place of a path, links followed. Raises OSError where it leads outside."""
        return self._held(self._place(path).resolve())

    def _place(self, path: str) -> Path:
        """Give the place of a name: its folder's links followed, its own not."""
        pure = PurePosixPath(self.canonicalize(path))
        folder = self._held((self._root / str(pure.parent).lstrip("/")).resolve())
        return folder / pure.name if pure.name else folder

    def _held(self, place: Path) -> Path:
        if not place.is_relative_to(self._root):
            raise PermissionError(errno.EACCES, "outside")
        return place


class _Handle(paramiko.SFTPHandle):
    """An open file."""

    def __init__(self, file: int, flags: int) -> None:
        super().__init__(flags)
        self._file = file

    def close(self) -> None:
        os.close(self._file)

    def read(self, offset: int, length: int) -> bytes | int:
        try:
            return os.pread(self._file, length, offset)
        except OSError as error:
            return _answer(error)

    def write(self, offset: int, data: Any) -> int:
        try:
            rest = memoryview(data)
            while rest:
                done = os.pwrite(self._file, rest, offset)
                rest, offset = rest[done:], offset + done
        except OSError as error:
            return _answer(error)
        return SFTP_OK

    def stat(self) -> paramiko.SFTPAttributes | int:
        return _attributes(os.fstat(self._file))


def _renamed(old: Path, new: Path) -> None:
    """Rename without replacing, files by link and unlink, as OpenSSH's server does."""
    if not old.is_dir():
        new.hardlink_to(old)
        old.unlink()
    elif new.exists() or new.is_symlink():
        raise FileExistsError(errno.EEXIST, "exists")
    else:
        old.rename(new)


def _done(act: Callable[[], object]) -> int:
    try:
        act()
    except OSError as error:
        return _answer(error)
    return SFTP_OK


def _attributes(found: os.stat_result, name: str = "") -> paramiko.SFTPAttributes:
    return paramiko.SFTPAttributes.from_stat(found, filename=name)


def _answer(error: OSError) -> int:
    return paramiko.SFTPServer.convert_errno(error.errno or errno.EIO)
