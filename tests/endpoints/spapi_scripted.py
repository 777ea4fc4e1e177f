"""A tiny HTTP server on loopback that says exactly the bytes a test wrote down, and remembers what it was asked.

LWA and the token operation are answered well unless a test says otherwise; everything else takes the next step.
"""

import json
import socket
import struct
import threading
import time
import traceback
from contextlib import suppress
from dataclasses import dataclass, field

from translator.core.private import Private
from translator.endpoints.spapi import Account, Credentials, Limits, hosts

SECRET = "CanarySecret/d41d8cd98f"
REFRESH = "Atzr|CanaryRefresh-2f9a"
PERSON = "Maria Canary-Müller"
SECRETS = (
    SECRET,
    "d41d8cd98f",
    REFRESH,
    "CanaryRefresh",
    "CanaryAccess",
    "CanaryRestricted",
    "Canary-M",
    "Elm Street 77",
)
PATH = "/vendor/directFulfillment/orders/2021-12-28/acknowledgements"
ORDERS = "/vendor/directFulfillment/orders/2021-12-28/purchaseOrders"
PATIENT = Limits(connect=30, read=30, write=30, total=60, body=100_000)
QUICK = Limits(connect=30, read=1.5, write=1.5, total=2.5, body=100_000)  # only where an answer is too late on purpose
ECHO = (
    f"Value '{PERSON}' at 'shipToParty.name' of {PERSON}, Elm Street 77, maria@canary.example failed; token {REFRESH}"
)


@dataclass(frozen=True)
class Asked:
    method: str
    target: str
    headers: dict
    body: bytes

    @property
    def path(self):
        return self.target.partition("?")[0]


def reply(status, body=b"", **headers):
    """A well-formed answer."""
    content = body if isinstance(body, bytes) else json.dumps(body).encode()
    lines = [f"HTTP/1.1 {status} Said", f"Content-Length: {len(content)}"]
    lines += [f"{name.replace('_', '-')}: {value}" for name, value in headers.items()]
    return "\r\n".join([*lines, "", ""]).encode() + content


def errors(code="InvalidInput", message=ECHO, details=ECHO):
    return {"errors": [{"code": code, "message": message, "details": details}]}


def cut(status, body, by=5):
    """An answer that breaks off."""

    def step(connection):
        connection.sendall(reply(status, body)[:-by])
        return False

    return step


def reset(connection):
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    return False


def hang_up(connection):
    return False


def drip(data, pause=0.05):
    """One byte at a time: each comes well within any time-out of a read."""

    def step(connection):
        with suppress(OSError):
            for byte in data:
                connection.sendall(bytes([byte]))
                time.sleep(pause)
        return False

    return step


def silent(connection):
    with suppress(OSError):
        connection.recv(1)
    return False


def page(*numbers, token=None):
    orders = [{"purchaseOrderNumber": number, "orderDetails": {"orderStatus": "NEW"}} for number in numbers]
    return reply(200, {"orders": orders} | ({"pagination": {"nextToken": token}} if token else {}))


@dataclass
class Scripted:
    steps: list = field(default_factory=list)
    logins: list = field(default_factory=list)
    restricts: list = field(default_factory=list)
    asked: list = field(default_factory=list)
    connections: int = 0

    def __post_init__(self):
        self.closed = threading.Semaphore(0)  # released for each connection that we closed
        self._socket = socket.create_server(("127.0.0.1", 0))
        self.url = f"http://127.0.0.1:{self._socket.getsockname()[1]}"
        self._open = []
        threading.Thread(target=self._accept, daemon=True).start()

    def close(self):
        self._socket.close()
        for connection in self._open:
            with suppress(OSError):
                connection.shutdown(socket.SHUT_RDWR)

    def of(self, path):
        return [asked for asked in self.asked if asked.path == path]

    def posts(self):
        return [asked for asked in self.asked if asked.method == "POST" and asked.path.startswith("/vendor")]

    def _accept(self):
        with suppress(OSError):
            while True:
                connection, _ = self._socket.accept()
                self.connections += 1
                self._open.append(connection)
                threading.Thread(target=self._serve, args=(connection,), daemon=True).start()

    def _serve(self, connection):
        with suppress(OSError), connection, connection.makefile("rb") as stream:
            while (asked := _request(stream)) is not None:
                self.asked.append(asked)
                step = self._step(asked)
                if not callable(step):
                    connection.sendall(step)
                elif not step(connection):
                    break
        self.closed.release()

    def _step(self, asked):
        number = len(self.asked)
        if asked.path == "/auth/o2/token":
            good = {"access_token": f"Atza|CanaryAccess{number}", "expires_in": 3600, "token_type": "bearer"}
            return self.logins.pop(0) if self.logins else reply(200, good)
        if asked.path == "/tokens/2021-03-01/restrictedDataToken":
            good = {"restrictedDataToken": f"Atz.sprdt|CanaryRestricted{number}", "expiresIn": 3600}
            return self.restricts.pop(0) if self.restricts else reply(200, good)
        return self.steps.pop(0) if self.steps else hang_up  # asked once more than a test wrote down


def _request(stream):
    first = stream.readline().decode()
    if not first.strip():
        return None
    method, target, _ = first.split()
    headers = {}
    while (line := stream.readline().decode().strip()) != "":
        name, _, value = line.partition(":")
        headers[name.lower()] = value.strip()
    return Asked(method, target, headers, stream.read(int(headers.get("content-length", 0))))


def account(url, clock, limits=PATIENT, **changes):
    credentials = Credentials(
        client_id=changes.pop("client_id", "amzn1.client"),
        client_secret=changes.pop("client_secret", lambda: Private(SECRET)),
        refresh_token=changes.pop("refresh_token", lambda: Private(REFRESH)),
    )
    return Account(hosts("na", url, url), credentials, clock, limits=limits, **changes)


def told(error):
    """Everything that an exception tells, to whom it is shown, logged or pickled, its whole chain included."""
    parts = ["".join(traceback.format_exception(error))]
    while error is not None:
        parts += [str(error), repr(error), repr(error.__dict__), repr(getattr(error, "findings", ""))]
        error = error.__cause__ or error.__context__
    return "\n".join(parts)


def leaked(text):
    return [secret for secret in SECRETS if secret in text]
