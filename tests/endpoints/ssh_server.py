"""SSH servers that are not as they should be: odd logins, odd answers, and some that speak no SSH at all."""

import contextlib
import io
import socket
import struct
import threading

import paramiko
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from paramiko.common import AUTH_FAILED, AUTH_PARTIALLY_SUCCESSFUL, AUTH_SUCCESSFUL, OPEN_SUCCEEDED

from translator.core.private import Private
from translator.endpoints.sftp.settings import Settings

PASSWORD = "hunter2"
USER = "wms"


class Raw:
    """Listens on loopback, and does this with each connection."""

    def __init__(self, talk):
        self._talk = talk
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port = self._listener.getsockname()[1]
        self.stopped = threading.Event()
        threading.Thread(target=self._accept, daemon=True).start()

    def _accept(self):
        with contextlib.suppress(OSError):
            while True:
                link, _ = self._listener.accept()
                threading.Thread(target=self._serve, args=(link,), daemon=True).start()

    def _serve(self, link):
        with contextlib.suppress(OSError, EOFError, paramiko.SSHException):
            self._talk(self, link)

    def settings(self, **other):
        known = {"host": "127.0.0.1", "port": self.port, "user": USER, "password": Private(PASSWORD)}
        waits = {"connect": 60.0, "login": 60.0, "reply": 60.0}  # who is to meet one of them names a short one
        return Settings(**{"host_key": KEY.fingerprint, **known, **waits, **other})

    def stop(self):
        self.stopped.set()
        with contextlib.suppress(OSError):
            self._listener.shutdown(socket.SHUT_RDWR)  # wakes who waits in accept: closing alone does not
        self._listener.close()


class Door(paramiko.ServerInterface):
    """Lets in whoever brings what `wants` names, in this order; asks `prompts` one round after the other."""

    def __init__(self, wants=("password",), prompts=(), channels=8):
        self.wants = list(wants)
        self.rounds = list(prompts)
        self.channels = channels
        self.heard = []

    def get_allowed_auths(self, username):
        return self.wants[0] if self.wants else ""

    def check_auth_publickey(self, username, key):
        return self._passed("publickey") if self.wants[:1] == ["publickey"] else AUTH_FAILED

    def check_auth_password(self, username, password):
        self.heard.append(password)
        return self._passed("password") if password == PASSWORD else AUTH_FAILED

    def check_auth_interactive(self, username, submethods):
        return self._next()

    def check_auth_interactive_response(self, responses):
        self.heard.extend(responses)
        return self._next() if self.rounds else self._passed("keyboard-interactive")

    def _next(self):
        return paramiko.server.InteractiveQuery("", "", *self.rounds.pop(0))

    def _passed(self, method):
        self.wants.remove(method)
        return AUTH_PARTIALLY_SUCCESSFUL if self.wants else AUTH_SUCCESSFUL

    def check_channel_request(self, kind, chanid):
        self.channels -= 1
        return OPEN_SUCCEEDED if self.channels >= 0 else paramiko.OPEN_FAILED_ADMINISTRATIVELY_PROHIBITED


def ssh(door=Door, subsystem=None, prepare=lambda transport: None, make=paramiko.Transport, **how):
    """Serve SSH with a door of its own for each connection; `subsystem` gets the channel of SFTP. Gives the server."""
    doors = []

    def talk(raw, link):
        transport = make(link, **how)
        prepare(transport)
        transport.add_server_key(KEY)
        if isinstance(subsystem, type):
            transport.set_subsystem_handler("sftp", paramiko.SFTPServer, subsystem)
        elif subsystem:
            transport.set_subsystem_handler("sftp", _Answering, subsystem)
        doors.append(door())
        transport.start_server(server=doors[-1])
        raw.stopped.wait(120)

    raw = Raw(talk)
    raw.doors = doors
    return raw


class _Answering(paramiko.SubsystemHandler):
    def __init__(self, channel, name, server, talk):
        super().__init__(channel, name, server)
        self._talk = talk

    def start_subsystem(self, name, transport, channel):
        with contextlib.suppress(OSError, EOFError):
            self._talk(Sftp(channel))


class Sftp:
    """The far side of SFTP, by hand."""

    def __init__(self, channel):
        self.channel = channel

    def hear(self):
        """Give the next request: its code, its number, and the rest."""
        size = struct.unpack(">I", self._read(4))[0]
        data = self._read(size)
        return data[0], data[1:5], data[5:]

    def say(self, code, data):
        self.channel.sendall(struct.pack(">IB", len(data) + 1, code) + data)

    def greet(self):
        self.hear()
        self.say(2, struct.pack(">I", 3))

    def _read(self, size):
        data = b""
        while len(data) < size:
            data += self.channel.recv(size - len(data)) or self._end()
        return data

    def _end(self):
        raise EOFError


def _made():
    form = serialization.PrivateFormat.OpenSSH
    text = Ed25519PrivateKey.generate().private_bytes(serialization.Encoding.PEM, form, serialization.NoEncryption())
    return text.decode()


TEXT = _made()
KEY = paramiko.Ed25519Key.from_private_key(io.StringIO(TEXT))
