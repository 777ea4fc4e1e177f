"""Sockets that obey one deadline: httpx has time-outs for each read, and a peer that drips bytes never meets them.

Promises: within `within(seconds)` no connect, handshake, read or write lasts beyond the end; a transport that never
repeats a request; no library logs what is sent or comes. In trouble it raises httpcore's time-outs, which `wire`
translates.
"""

from __future__ import annotations

import logging
import ssl
import threading
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import Any, Final

import httpcore
import httpx

from translator import awake

Options = Iterable[tuple[int, int, int] | tuple[int, int, bytes | bytearray] | tuple[int, int, None, int]]
PIECE: Final = 65_536
LIBRARIES: Final = ("httpcore", "httpx")  # they log headers of answers and whole URLs
IDLE: Final = 4.0  # seconds: an older connection may be half dead, and a POST on it would end unknown

for _library in LIBRARIES:
    logging.getLogger(_library).setLevel(logging.WARNING)


class Network(httpcore.NetworkBackend):
    """Open sockets whose every wait ends at the deadline of the thread that uses them."""

    def __init__(self) -> None:
        self._real = httpcore.SyncBackend()
        self._thread = threading.local()

    @contextmanager
    def within(self, seconds: float) -> Iterator[None]:
        """Set the deadline of this thread. It goes on in sleep: another may have taken over what it was for."""
        self._thread.until = awake.seconds() + seconds
        try:
            yield
        finally:
            del self._thread.until

    def left(self, timeout: float | None, late: type[httpcore.TimeoutException]) -> float:
        """Give what is left of a time-out; raises `late` where it is nothing."""
        left: float = self._thread.until - awake.seconds()
        if left <= 0:
            raise late
        return left if timeout is None else min(left, timeout)

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Options | None = None,
    ) -> httpcore.NetworkStream:
        left = self.left(timeout, httpcore.ConnectTimeout)
        return _Stream(self._real.connect_tcp(host, port, left, local_address, socket_options), self)


class _Stream(httpcore.NetworkStream):
    def __init__(self, real: httpcore.NetworkStream, network: Network) -> None:
        self._real = real
        self._network = network

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        return self._real.read(max_bytes, self._network.left(timeout, httpcore.ReadTimeout))

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        for start in range(0, len(buffer), PIECE):
            self._real.write(buffer[start : start + PIECE], self._network.left(timeout, httpcore.WriteTimeout))

    def close(self) -> None:
        self._real.close()

    def start_tls(
        self, ssl_context: ssl.SSLContext, server_hostname: str | None = None, timeout: float | None = None
    ) -> httpcore.NetworkStream:
        left = self._network.left(timeout, httpcore.ConnectTimeout)
        return _Stream(self._real.start_tls(ssl_context, server_hostname, left), self._network)

    def get_extra_info(self, info: str) -> Any:
        return self._real.get_extra_info(info)


class Transport(httpx.BaseTransport):
    """Carry httpx's requests over such sockets: HTTP/1.1, no proxy, no repeat."""

    def __init__(self, network: Network, connections: int) -> None:
        self._pool = httpcore.ConnectionPool(
            ssl_context=trusting(),
            max_connections=connections,
            max_keepalive_connections=connections,
            keepalive_expiry=IDLE,
            retries=0,
            network_backend=network,
        )

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        """Send one request; the body of the answer is still to be read."""
        url = request.url
        target = httpcore.URL(scheme=url.raw_scheme, host=url.raw_host, port=url.port, target=url.raw_path)
        answer = self._pool.handle_request(
            httpcore.Request(
                request.method,
                target,
                headers=request.headers.raw,
                content=request.stream,
                extensions=request.extensions,
            )
        )
        return httpx.Response(
            answer.status, headers=answer.headers, stream=_Pieces(answer), extensions=answer.extensions
        )

    def close(self) -> None:
        """Let go of all connections."""
        self._pool.close()


class _Pieces(httpx.SyncByteStream):
    def __init__(self, answer: httpcore.Response) -> None:
        self._answer = answer

    def __iter__(self) -> Iterator[bytes]:
        return self._answer.iter_stream()

    def close(self) -> None:
        self._answer.close()


def trusting() -> ssl.SSLContext:
    """Trust the usual authorities, TLS 1.2 or newer, and write session keys nowhere (SSLKEYLOGFILE)."""
    context = httpx.create_ssl_context(trust_env=False)
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    context.keylog_filename = None  # type: ignore[assignment]
    return context
