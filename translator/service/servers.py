"""From the site to its SFTP servers: one connection for each, whatever the number of systems and folders that use it.

In trouble: Misconfigured, where a secret or the pinned key is not there.
"""

from __future__ import annotations

from dataclasses import replace

from translator.config.site import SftpPlace, SshServer
from translator.endpoints.sftp import Server, Settings


class Servers:
    """The servers of a site. Two systems that log in to the same one, in the same way, share its connection."""

    def __init__(self) -> None:
        self._made: dict[Settings, Server] = {}

    def of(self, place: SftpPlace) -> Server:
        """Give the server of a place; the fewest channels that any of its systems allows are the most it gets."""
        settings = settings_of(place)
        alike = replace(settings, channels=0)
        server = self._made.get(alike) or Server(settings)
        server.at_most(settings.channels)
        return self._made.setdefault(alike, server)


def server_of(place: SftpPlace) -> Server:
    """Give a connection of its own to the server of a place."""
    return Server(settings_of(place))


def settings_of(place: SftpPlace) -> Settings:
    """Read all that is needed to connect, secrets as well; the connection is opened when it is needed."""
    jump = _settings(place.jump) if place.jump else None
    return replace(_settings(place.server), jump=jump, channels=place.each, posix=place.rename == "posix")


def _settings(server: SshServer) -> Settings:
    return Settings(
        host=server.host,
        port=server.port,
        user=server.user,
        host_key=server.pinned(),
        key=server.key.read() if server.key else None,
        passphrase=server.passphrase.read() if server.passphrase else None,
        password=server.password.read() if server.password else None,
        old=server.old,
    )
