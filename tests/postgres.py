"""A real PostgreSQL for tests: made in a temporary folder, by a user without rights, reached by its socket, gone afterwards.

`fsync` is off unless said: what is tested by killing services needs the server's memory only. Where the programs are
missing, tests that want them are skipped and say so; in CI they are there.
"""

import copy
import functools
import os
import pwd
import shutil
import subprocess
import tempfile
from contextlib import contextmanager
from itertools import count
from pathlib import Path

import pytest

from translator.core.address import Address

USER = "translator"
_NUMBERS = count(1)


def programs():
    """Give the folder of the newest server's programs; None where there is no server."""
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"), key=lambda path: int(path.parts[-3]))
    if found:
        return found[-1].parent
    named = shutil.which("initdb")
    return Path(named).resolve().parent if named else None


class Server:
    """One server in a folder of its own."""

    def __init__(self, fsync=False):
        self.bin = programs()
        if self.bin is None:
            pytest.skip("no PostgreSQL server is installed (Debian: postgresql)")
        self.folder = Path(tempfile.mkdtemp(prefix="translator-pg-", dir="/tmp"))
        self._who = {}
        if os.geteuid() == 0:
            nobody = pwd.getpwnam("nobody")
            os.chown(self.folder, nobody.pw_uid, nobody.pw_gid)
            self._who = {"user": nobody.pw_uid, "group": nobody.pw_gid, "extra_groups": []}
        self.data = self.folder / "data"
        self._run("initdb", "--auth=trust", f"--username={USER}", "--encoding=UTF8", "--no-locale", "--no-sync")
        settings = {
            "listen_addresses": "''",
            "unix_socket_directories": f"'{self.folder}'",
            "fsync": "on" if fsync else "off",
            "max_connections": "100",
            "shared_buffers": "32MB",
        }
        with (self.data / "postgresql.conf").open("a") as file:
            file.writelines(f"{name} = {value}\n" for name, value in settings.items())

    def start(self):
        self._run("pg_ctl", "--wait", "--silent", f"--log={self.folder / 'log'}", "start")
        return self

    def stop(self, mode="immediate"):
        self._run("pg_ctl", "--wait", "--silent", f"--mode={mode}", "stop")

    def _run(self, program, *arguments):
        command = [str(self.bin / program), f"--pgdata={self.data}", *arguments]
        done = subprocess.run(
            command, cwd="/", check=False, stdin=subprocess.DEVNULL, capture_output=program == "initdb", **self._who
        )
        assert done.returncode == 0, (program, done.stderr)

    def address(self, database):
        return Address(f"postgresql://{USER}@/{database}?host={self.folder}")

    def fresh(self):
        """Make a database; give its address."""
        name = f"ledger{next(_NUMBERS)}"
        self.ask("postgres", f"CREATE DATABASE {name}")
        return self.address(name)

    @contextmanager
    def promoted(self):
        """Give a second server that was a copy of this one as it is now, and has just been promoted; in peace with it."""
        other = copy.copy(self)
        other.folder = Path(tempfile.mkdtemp(prefix="translator-pg-", dir="/tmp"))
        other.data = other.folder / "data"
        try:
            self.stop("fast")
            subprocess.run(["cp", "-a", str(self.data), str(other.data)], check=True)
            shutil.copystat(self.folder, other.folder)
            if self._who:
                os.chown(other.folder, self._who["user"], self._who["group"])
            with (other.data / "postgresql.conf").open("a") as file:
                file.write(f"unix_socket_directories = '{other.folder}'\n")
            (other.data / "standby.signal").touch()
            self.start()
            other.start()
            other._run("pg_ctl", "--wait", "--silent", "promote")
            yield other
        finally:
            other.remove()

    def ask(self, database, query):
        """Ask in plain SQL; give the rows."""
        import psycopg

        with psycopg.connect(self.address(database).url, autocommit=True) as connection:
            cursor = connection.execute(query)
            return cursor.fetchall() if cursor.description else []

    def remove(self):
        if (self.data / "postmaster.pid").exists():
            self.stop()
        shutil.rmtree(self.folder, ignore_errors=True)


def connected(address):
    """Connect as another program does."""
    import psycopg

    return psycopg.connect(address.url, autocommit=True)


@contextmanager
def server(**settings):
    """Give a server that runs."""
    made = Server(**settings)
    try:
        yield made.start()
    finally:
        made.remove()


@functools.cache
def shared():
    """Give the server of this test run: each test takes a fresh database of it."""
    import atexit

    made = Server()
    atexit.register(made.remove)
    return made.start()
