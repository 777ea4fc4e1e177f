"""What stands between the endpoints and the pretend Amazon: it hears each request, and passes it on or does worse.

A `Fault` strikes either the connection (all that are opened while it is armed) or the requests of one operation. What
was asked is counted here, what took effect is counted by the pretend Amazon.
"""

import socket
import struct
import threading
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, replace

NOTHING = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}"
PATIENCE = 60.0  # seconds: longer than any deadline of ours


@dataclass(frozen=True)
class Fault:
    """`server`: how it proves who it is. `opening`: what is done to the bare socket. `program`: what is done to a request.

    `quick`: it is met by a deadline, so the deadlines are to be short. `code`: the status, where it is about one.
    """

    name: str
    server: str = "good"
    opening: Callable | None = None
    program: Callable | None = None
    at_head: bool = False  # strikes when the head of the request is there
    quick: bool = False
    code: int = 0

    @property
    def of_connections(self):
        return self.program is None


@dataclass(frozen=True)
class Asked:
    method: str
    path: str
    headers: dict
    head: bytes
    body: bytes = b""


@dataclass
class Exchange:
    """One request, its connection, and the way on to Amazon."""

    connection: socket.socket
    asked: Asked
    port: int
    kind: str = ""  # of the operation: read, submit, token

    def forward(self):
        """Have Amazon do it; give its reply, head and content."""
        with socket.create_connection(("127.0.0.1", self.port), timeout=60) as amazon, amazon.makefile("rb") as stream:
            amazon.sendall(self.asked.head + self.asked.body)
            head = _head(stream)
            return head, stream.read(int(_headers(head).get("content-length", 0)))

    def send(self, data):
        self.connection.sendall(data)

    def wait(self):
        """Wait until the other side has gone."""
        self.connection.settimeout(PATIENCE)
        with suppress(OSError):
            while self.connection.recv(65_536):
                pass


class Between:
    def __init__(self, port, servers):
        self._port = port
        self._servers = servers
        self._armed = None  # fault, whom it strikes, its kind
        self.blanks = None  # (method, path) -> answered with nothing
        self._open = set()
        self.asked = []
        self.tokens = set()
        self._listening = socket.create_server(("127.0.0.1", 0), backlog=64)
        self.port = self._listening.getsockname()[1]
        threading.Thread(target=self._accept, daemon=True).start()

    def close(self):
        self._listening.close()
        self.hang_up()

    def arm(self, fault, strikes, kind):
        """Have a fault strike the requests for which `strikes(method, path)` holds; or all connections."""
        self._armed = (fault, strikes, kind)

    def disarm(self):
        self._armed = None

    def hang_up(self):
        """Close what is open: the next request needs a new connection."""
        for connection in list(self._open):
            with suppress(OSError):
                connection.shutdown(socket.SHUT_RDWR)

    def struck(self, asked):
        """Give the fault that strikes a request, and the kind of its operation; asked when its head is there, and when all is."""
        fault, strikes, kind = self._armed or (None, None, "")
        return (fault, kind) if fault and fault.program and strikes(asked.method, asked.path) else (None, "")

    def _accept(self):
        with suppress(OSError):
            while True:
                connection, _ = self._listening.accept()
                connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
                threading.Thread(target=self._serve, args=(connection,), daemon=True).start()

    def _serve(self, bare):
        armed = self._armed[0] if self._armed and self._armed[0].of_connections else None
        with suppress(OSError, ValueError), bare:
            if armed and armed.opening:
                armed.opening(bare)
                return
            server = self._servers[armed.server if armed else "good"]
            bare.settimeout(60)
            with server.wrap_socket(bare, server_side=True) as connection, connection.makefile("rb") as stream:
                self._open.add(connection)
                try:
                    while self._one(connection, stream):
                        pass
                finally:
                    self._open.discard(connection)

    def _one(self, connection, stream):
        head = _head(stream)
        if not head:
            return False
        method, target, _ = head.split(b"\r\n", 1)[0].decode().split()
        headers = _headers(head)
        path = target.partition("?")[0]
        asked = Asked(method, path, headers, head)
        fault, kind = self.struck(asked)
        if not (fault and fault.at_head):
            asked = replace(asked, body=stream.read(int(headers.get("content-length", 0))))
            fault, kind = self.struck(asked)
        self.asked.append(asked)
        self.tokens.add(headers.get("x-amz-access-token", ""))
        exchange = Exchange(connection, asked, self._port, kind)
        if fault is None:
            blank = self.blanks and self.blanks(method, path)
            exchange.send(NOTHING if blank else b"".join(exchange.forward()))
            return True
        return bool(fault.program(exchange))


def reset(connection):
    """Have it end with a reset when it is closed."""
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))


def _head(stream):
    lines = []
    while line := stream.readline(65_536):
        lines.append(line)
        if line == b"\r\n":
            return b"".join(lines)
    return b""


def _headers(head):
    pairs = (line.partition(b":") for line in head.split(b"\r\n")[1:] if line)
    return {name.decode().lower(): value.decode().strip() for name, _, value in pairs}
