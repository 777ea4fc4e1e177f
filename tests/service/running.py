"""The service as systemd starts it: the unit's own command line, a notify socket that is read, signals."""

import json
import os
import re
import shlex
import signal
import socket
import subprocess
import sys
import threading
import time
from pathlib import Path

UNIT = Path(__file__).parents[2] / "systemd/translator.service"


def command(site):
    """Give the unit's ExecStart with our interpreter's command and our site in place of the installed ones."""
    line = re.search(r"^ExecStart=(.+)$", UNIT.read_text(), re.MULTILINE)[1]
    words = shlex.split(line)
    assert words[0] == "/opt/translator/venv/bin/translator"
    return [
        str(Path(sys.executable).with_name("translator")),
        *(word.replace("/etc/translator", str(site)) for word in words[1:]),
    ]


class Service:
    """A running service and what it says."""

    def __init__(self, site, tmp_path, *words, watchdog=2.0):
        self.address = str(tmp_path / f"notify-{time.monotonic_ns()}")
        self.words = []
        self._link = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
        self._link.bind(self.address)
        self._thread = threading.Thread(target=self._listen, daemon=True)
        self._thread.start()
        self.log = tmp_path / f"log-{time.monotonic_ns()}"
        environment = {**os.environ, "NOTIFY_SOCKET": self.address, "WATCHDOG_USEC": str(int(watchdog * 1e6))}
        with self.log.open("wb") as log:
            self.process = subprocess.Popen([*command(site), *words], env=environment, stderr=log, stdout=log)

    def _listen(self):
        while words := self._link.recv(4096):
            self.words += words.decode().splitlines()

    def until(self, word, seconds=120.0):
        """Wait until a word was said."""
        self.wait_for(lambda: word in self.words, f"no {word} in {self.words}", seconds)

    def until_logged(self, event, seconds=120.0):
        self.wait_for(lambda: any(line.get("event") == event for line in self.lines()), f"no '{event}'", seconds)

    def wait_for(self, true, what, seconds=120.0):
        end = time.monotonic() + seconds
        while not true():
            assert time.monotonic() < end, f"{what}\n{self.log.read_text()}"
            assert self.process.poll() is None or true(), f"{what}; it ended\n{self.log.read_text()}"
            time.sleep(0.02)

    def lines(self):
        return [json.loads(line) for line in self.log.read_text().splitlines() if line.startswith("{")]

    def stop(self, number=signal.SIGTERM):
        self.process.send_signal(number)
        return self.process.wait(120)

    def close(self):
        if self.process.poll() is None:
            self.process.kill()
            self.process.wait()
