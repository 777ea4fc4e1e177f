"""A real OpenSSH server on loopback, with keys of its own, for as long as a test needs it."""

import atexit
import getpass
import os
import shutil
import socket
import subprocess
import tempfile
import time
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

from translator.core.private import Private
from translator.endpoints.sftp.settings import Settings

SSHD = shutil.which("sshd") or "/usr/sbin/sshd"

CONFIG = """
Port {port}
ListenAddress 127.0.0.1
{host_keys}
PidFile none
AuthorizedKeysFile {home}/authorized_keys
StrictModes no
UsePAM no
PasswordAuthentication no
KbdInteractiveAuthentication no
PermitRootLogin yes
MaxStartups 200
MaxSessions 20
LogLevel INFO
Subsystem sftp internal-sftp
"""


def installed():
    return os.path.exists(SSHD) and shutil.which("ssh-keygen")


@dataclass
class Sshd:
    home: Path
    port: int
    process: subprocess.Popen
    _fingerprints: dict = field(default_factory=dict)

    @property
    def settings(self):
        return self.with_key("ed25519")

    def with_key(self, sort, **other):
        """Give the settings of a user who logs in with this sort of key."""
        key = Private((self.home / f"user_{sort}").read_text())
        known = {"host": "127.0.0.1", "port": self.port, "user": getpass.getuser(), "host_key": self.fingerprint()}
        return Settings(**{**known, "key": key, "connect": 60.0, "login": 60.0, "reply": 60.0, **other})

    def fingerprint(self, sort="ed25519"):
        if sort not in self._fingerprints:
            asked = ["ssh-keygen", "-lf", self.home / f"host_{sort}.pub"]
            shown = subprocess.run(asked, capture_output=True, check=True)
            self._fingerprints[sort] = shown.stdout.decode().split()[1]
        return self._fingerprints[sort]

    def known_host(self, sort="ed25519"):
        return f"[127.0.0.1]:{self.port} " + (self.home / f"host_{sort}.pub").read_text()

    def stop(self):
        self.process.terminate()
        self.process.wait(60)


def keygen(path, sort, phrase=""):
    command = ["ssh-keygen", "-q", "-t", sort, "-N", phrase, "-C", "", "-f", str(path)]
    subprocess.run(command + (["-b", "2048"] if sort == "rsa" else []), check=True)


@cache
def _usual():
    """Make the keys that all servers have, once: an RSA key takes long. The one they are known by is each one's own."""
    folder = Path(tempfile.mkdtemp(prefix="translator-keys-"))
    atexit.register(shutil.rmtree, folder)
    for sort in ("ed25519", "ecdsa", "rsa"):
        keygen(folder / f"user_{sort}", sort)
    for sort in ("ecdsa", "rsa"):
        keygen(folder / f"host_{sort}", sort)
    keygen(folder / "user_phrase", "ed25519", "secret words")
    return folder


def start(home, more=""):
    """Start one; `more`: lines of its configuration that go before the usual ones."""
    keygen(home / "host_ed25519", "ed25519")
    for key in _usual().iterdir():
        shutil.copy2(key, home)
    (home / "authorized_keys").write_text("".join(path.read_text() for path in sorted(home.glob("user_*.pub"))))
    if os.getuid() == 0:
        Path("/run/sshd").mkdir(exist_ok=True)
    for _ in range(5):  # between our look for a free port and its start another process may take it
        if (process := _started(home, port := _free(), more)) is not None:
            return Sshd(home, port, process)
    raise AssertionError((home / "log").read_text())


def _free():
    with socket.create_server(("127.0.0.1", 0)) as free:
        return free.getsockname()[1]


def _started(home, port, more):
    host_keys = "\n".join(f"HostKey {home}/host_{sort}" for sort in ("ed25519", "ecdsa", "rsa"))
    (home / "config").write_text(more + CONFIG.format(port=port, home=home, host_keys=host_keys))
    with (home / "log").open("wb") as log:
        process = subprocess.Popen([SSHD, "-D", "-e", "-f", home / "config"], stderr=log)
    while process.poll() is None:
        if b"Server listening on" in (home / "log").read_bytes():
            return process
        time.sleep(0.02)
    return None
