"""One connection per server, shared by its folders, with a small pool of channels.

Promise: a channel serves one thread at a time; a connection that broke is dropped whole, and the next use connects again.
A server that opens fewer channels than we may use is asked for no more over that connection; one that hangs up at a
further channel, never again. In trouble: Unavailable.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager

import paramiko

from translator.core.finding import Unavailable
from translator.endpoints.sftp.broken import BROKEN
from translator.endpoints.sftp.connect import Known, connect
from translator.endpoints.sftp.session import Session
from translator.endpoints.sftp.settings import Settings
from translator.endpoints.sftp.transport import Transport


class Server:
    """The connection to one server. `session` lends a channel, connecting when needed."""

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        self.most = settings.channels  # how many it opens at once, as far as we know
        self._bound = (
            settings.channels
        )  # by the site, or beyond it the server hangs up: a new connection changes nothing about that
        self._known = Known(settings)
        self._turn = threading.Condition()
        self._lent = 0
        self._opening = threading.Lock()
        self._hung_up = 0  # times in a row that a further channel cost the connection
        self._failed: tuple[float, Unavailable] | None = None
        self._transport: Transport | None = None
        self._idle: list[Session] = []

    @contextmanager
    def session(self, wait: float | None = None) -> Iterator[Session]:
        """Lend a channel; one that fell out of step takes its connection with it. `wait`: for one to be free."""
        session = self._lend(self.settings.reply if wait is None else wait)
        try:
            yield session
        finally:
            self._give(session)

    def at_most(self, channels: int) -> None:
        """Allow no more channels than these."""
        self._bound = min(self._bound, channels)
        self.most = min(self.most, self._bound)

    @property
    def transport(self) -> Transport | None:
        """Give the connection that stands, if one does."""
        return self._transport

    def close(self) -> None:
        """Hang up; the next use connects again."""
        with self._turn:
            self._drop()

    def _lend(self, wait: float) -> Session:
        since = time.monotonic()
        while True:
            self._await(since + wait)
            try:
                session = self._take(since)
            except BaseException:
                self._leave()
                raise
            if session:
                return session
            self._leave(fewer=True)

    def _await(self, until: float) -> None:
        with self._turn:
            if not self._turn.wait_for(lambda: self._lent < self.most, until - time.monotonic()):
                raise Unavailable(f"{self.settings}: all {self.most} channels are busy")
            self._lent += 1

    def _leave(self, *, fewer: bool = False) -> None:
        with self._turn:
            self._lent -= 1
            if fewer:
                self.most = min(self.most, max(1, self._lent))
            self._turn.notify_all()

    def _take(self, since: float) -> Session | None:
        """Give a channel that is idle, or a new one; None where the server opens no further one."""
        if session := self._rested():
            return session
        with self._opening:
            if session := self._rested():
                return session
            if self._failed and self._failed[0] > since:
                raise Unavailable(self._failed[1].reason, sort=self._failed[1].sort)  # one refusal is one try
            try:
                return self._opened(self._connected())
            except Unavailable as error:
                self._failed = (time.monotonic(), error)
                raise

    def _rested(self) -> Session | None:
        with self._turn:
            if self._transport and not self._transport.is_active():
                self._drop()
            self._idle = [session for session in self._idle if session.stands]
            return self._idle.pop() if self._idle else None

    def _connected(self) -> Transport:
        if self._transport is None:
            transport = connect(self._known)
            with self._turn:
                self._transport = transport
                self.most = self._bound
                self._turn.notify_all()
        return self._transport

    def _opened(self, transport: Transport) -> Session | None:
        try:
            session = Session(transport, self.settings)
        except paramiko.ChannelException:
            if self._lent > 1:
                return None
            raise Unavailable(f"{self.settings}: the server opens no channel") from None
        except BROKEN:
            self._broke()
            raise Unavailable(f"{self.settings}: no SFTP channel could be opened") from None
        if self._lent > 1:
            self._hung_up = 0
        return session

    def _broke(self) -> None:
        """Drop the connection. Some servers hang up instead of saying no; once is an accident."""
        with self._turn:
            self._drop()
            if self._lent > 1:
                self._hung_up += 1
            if self._hung_up > 1:
                self.most = self._bound = min(self.most, max(1, self._lent - 1))

    def _give(self, session: Session) -> None:
        with self._turn:
            self._lent -= 1
            if session.transport is self._transport:
                if session.in_step:
                    self._idle.append(session)
                else:
                    self._drop()
            self._turn.notify()

    def _drop(self) -> None:
        if self._transport:
            self._transport.close()
        self._transport = None
        self._idle.clear()
