"""HTTP on loopback: bytes to calls, replies to bytes, and nothing of Amazon.

Promises: connections stay open (HTTP/1.1), a reply leaves in one write, a call whose body did not come whole is dropped as if it
had never been made. In trouble: a body beyond the limit is 413, one without a length 411, and both end the connection;
`close` ends every connection at once, so that a stopped Amazon is really gone.
"""

import contextlib
import json
import socket
import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from socketserver import TCPServer
from time import sleep
from typing import Any
from uuid import uuid4

POLL_SECONDS = 0.02


@dataclass(frozen=True, slots=True)
class Call:
    method: str
    path: str
    query: str = ""
    headers: Mapping[str, str] = field(default_factory=dict)
    """Names in lower case."""
    body: bytes = field(default=b"", repr=False)


@dataclass(frozen=True, slots=True)
class Reply:
    status: int
    body: Any = None
    headers: Mapping[str, str] = field(default_factory=dict)
    raw: bytes | None = field(default=None, repr=False)
    """These bytes, in the place of the body."""
    promised: int | None = None
    """How many bytes are told to come, when fewer do."""
    pause: float = 0.0
    """Seconds between two bytes of the content."""

    @property
    def content(self) -> bytes:
        return _json(self.body) if self.raw is None else self.raw

    def encoded(self, *, close: bool) -> bytes:
        content = self.content
        headers = {
            "Content-Type": "application/json",
            "Content-Length": str(len(content) if self.promised is None else self.promised),
            "x-amzn-RequestId": str(uuid4()),
            **self.headers,
            **({"Connection": "close"} if close else {}),
        }
        lines = [
            f"HTTP/1.1 {self.status} {HTTPStatus(self.status).phrase}",
            *(f"{name}: {value}" for name, value in headers.items()),
        ]
        return "\r\n".join([*lines, "", ""]).encode("latin-1") + content


def _json(body: Any) -> bytes:
    try:
        return json.dumps(body, ensure_ascii=False).encode()
    except UnicodeEncodeError:  # half a surrogate pair that somebody sent
        return json.dumps(body).encode()


Answer = Callable[[Call], Reply | None]
"""None: the connection is closed without a word, as when a reply is lost."""


def refusal(status: int, code: str, message: str) -> Reply:
    """Amazon's error shape, which all its APIs but LWA share."""
    return Reply(status, {"errors": [{"code": code, "message": message, "details": ""}]})


class Connection(BaseHTTPRequestHandler):
    """One client's connection; its base class reads the request line and the headers."""

    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    server: "Listener"

    def log_message(self, format: str, *args: Any) -> None:
        """Says nothing: the journal has it all."""

    def converse(self) -> None:
        refused = self._unreadable()
        if refused is not None:
            self.close_connection = True
            self._send(refused)
            return
        call = self._call()
        reply = None if call is None else self.server.answer(call)
        if reply is None:
            self.close_connection = True
        else:
            self._send(reply)

    do_GET = do_POST = do_PUT = do_PATCH = do_DELETE = converse

    def _unreadable(self) -> Reply | None:
        length = self.headers.get("Content-Length", "0")
        if self.headers.get("Transfer-Encoding") or not (length.isascii() and length.isdigit()):
            return refusal(411, "InvalidInput", "A Content-Length is required.")
        if int(length) > self.server.body_bytes:
            return refusal(413, "RequestEntityTooLarge", "The request body is too large.")
        return None

    def _call(self) -> Call | None:
        length = int(self.headers.get("Content-Length", "0"))
        body = self.rfile.read(length) if length else b""
        if len(body) < length:
            return None
        path, _, query = self.path.partition("?")
        headers = {name.lower(): value for name, value in self.headers.items()}
        return Call(self.command, path, query, headers, body)

    def _send(self, reply: Reply) -> None:
        self.close_connection = self.close_connection or reply.promised is not None
        whole = reply.encoded(close=self.close_connection)
        if not reply.pause:
            self.wfile.write(whole)
            return
        for place in range(len(whole)):
            self.wfile.write(whole[place : place + 1])
            sleep(reply.pause)


class Listener(ThreadingHTTPServer):
    """The socket, its thread, and the connections that are open."""

    daemon_threads = True
    request_queue_size = 128

    def __init__(self, port: int, answer: Answer, body_bytes: int) -> None:
        self.answer = answer
        self.body_bytes = body_bytes
        self._open: set[socket.socket] = set()
        super().__init__(("127.0.0.1", port), Connection)
        self._thread = threading.Thread(target=self.serve_forever, args=(POLL_SECONDS,), daemon=True, name="amazon")
        self._thread.start()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_address[1]}"

    def close(self) -> None:
        self.shutdown()
        self._thread.join()
        self.server_close()
        for connection in list(self._open):
            _hang_up(connection)

    def server_bind(self) -> None:
        """As its base class, without asking the name service who we are."""
        TCPServer.server_bind(self)
        self.server_name, self.server_port = "127.0.0.1", int(self.server_address[1])

    def get_request(self) -> tuple[socket.socket, Any]:
        connection, address = super().get_request()
        self._open.add(connection)
        return connection, address

    def shutdown_request(self, request: Any) -> None:
        self._open.discard(request)
        super().shutdown_request(request)

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A client that went away in the middle is its own affair."""


def _hang_up(connection: socket.socket) -> None:
    with contextlib.suppress(OSError):
        connection.shutdown(socket.SHUT_RDWR)
