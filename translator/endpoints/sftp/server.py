"""One connection per server, shared by its folders, with a small pool of channels.

Promise: a channel serves one thread at a time; a connection that broke is dropped whole, and the next use connects again.
In trouble: Unavailable.
"""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager

import paramiko

from translator.core.finding import Unavailable
from translator.endpoints.sftp.broken import BROKEN
from translator.endpoints.sftp.connect import connect, our_key
from translator.endpoints.sftp.session import Session
from translator.endpoints.sftp.settings import Settings, pinned


class Server:
    """The connection to one server. `session` lends a channel, connecting when needed."""

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        self._pinned = pinned(settings.host_key)
        self._key = our_key(settings)
        self._lock = threading.Lock()
        self._free = threading.BoundedSemaphore(settings.channels)
        self._transport: paramiko.Transport | None = None
        self._idle: list[Session] = []

    @contextmanager
    def session(self) -> Iterator[Session]:
        """Lend a channel; one that fell out of step takes its connection with it."""
        if not self._free.acquire(timeout=self.settings.reply):
            raise Unavailable(f"{self.settings}: all {self.settings.channels} channels are busy")
        try:
            session = self._take()
            try:
                yield session
            finally:
                self._give(session)
        finally:
            self._free.release()

    def close(self) -> None:
        """Hang up; the next use connects again."""
        with self._lock:
            self._drop()

    def _take(self) -> Session:
        with self._lock:
            if self._transport and not self._transport.is_active():
                self._drop()
            if self._idle:
                return self._idle.pop()
            self._transport = self._transport or connect(self.settings, self._pinned, self._key)
            return self._opened(self._transport)

    def _opened(self, transport: paramiko.Transport) -> Session:
        try:
            return Session(transport, self.settings)
        except paramiko.ChannelException:
            raise Unavailable(f"{self.settings}: the server opens no further channel (set channels lower)") from None
        except BROKEN:
            self._drop()
            raise Unavailable(f"{self.settings}: no SFTP channel could be opened") from None

    def _give(self, session: Session) -> None:
        with self._lock:
            if session.transport is not self._transport:
                return
            if session.in_step:
                self._idle.append(session)
            else:
                self._drop()

    def _drop(self) -> None:
        if self._transport:
            self._transport.close()
        self._transport = None
        self._idle.clear()
