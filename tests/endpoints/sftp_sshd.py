"""A real OpenSSH server on loopback, with keys of its own, for as long as a test needs it."""

import getpass
import os
import shutil
import socket
import subprocess
import time
from dataclasses import dataclass
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
LogLevel ERROR
Subsystem sftp internal-sftp
"""


def installed():
    return os.path.exists(SSHD) and shutil.which("ssh-keygen")


@dataclass
class Sshd:
    home: Path
    port: int
    process: subprocess.Popen

    @property
    def settings(self):
        return self.with_key("ed25519")

    def with_key(self, sort, **other):
        """Give the settings of a user who logs in with this sort of key."""
        key = Private((self.home / f"user_{sort}").read_text())
        known = {"host": "127.0.0.1", "port": self.port, "user": getpass.getuser(), "host_key": self.fingerprint()}
        return Settings(**{**known, "key": key, "connect": 5.0, "login": 5.0, "reply": 5.0, **other})

    def fingerprint(self, sort="ed25519"):
        shown = subprocess.run(["ssh-keygen", "-lf", self.home / f"host_{sort}.pub"], capture_output=True, check=True)
        return shown.stdout.decode().split()[1]

    def known_host(self, sort="ed25519"):
        return f"[127.0.0.1]:{self.port} " + (self.home / f"host_{sort}.pub").read_text()

    def stop(self):
        self.process.terminate()
        self.process.wait(10)


def keygen(path, sort, phrase=""):
    command = ["ssh-keygen", "-q", "-t", sort, "-N", phrase, "-C", "", "-f", str(path)]
    subprocess.run(command + (["-b", "2048"] if sort == "rsa" else []), check=True)


def start(home, more=""):
    """Start one; `more`: lines of its configuration that go before the usual ones."""
    for sort in ("ed25519", "ecdsa", "rsa"):
        keygen(home / f"host_{sort}", sort)
        keygen(home / f"user_{sort}", sort)
    keygen(home / "user_phrase", "ed25519", "secret words")
    (home / "authorized_keys").write_text("".join(path.read_text() for path in sorted(home.glob("user_*.pub"))))
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    host_keys = "\n".join(f"HostKey {home}/host_{sort}" for sort in ("ed25519", "ecdsa", "rsa"))
    (home / "config").write_text(more + CONFIG.format(port=port, home=home, host_keys=host_keys))
    if os.getuid() == 0:
        Path("/run/sshd").mkdir(exist_ok=True)
    process = subprocess.Popen([SSHD, "-D", "-e", "-f", home / "config"], stderr=(home / "log").open("wb"))
    _listening(port, process, home)
    return Sshd(home, port, process)


def _listening(port, process, home):
    for _ in range(200):
        try:
            socket.create_connection(("127.0.0.1", port), 1).close()
            time.sleep(0.05)
            assert process.poll() is None, "another server has this port"
            return
        except OSError:
            assert process.poll() is None, (home / "log").read_text()
            time.sleep(0.05)
    raise AssertionError("sshd does not listen")
