"""The local folders of a site, watched; which of them are not is told, and told again when that changes.

In trouble: a folder that is not watched is looked into at its turns, and watched as soon as that is possible.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial

from translator.endpoints.watch import Watch
from translator.observe import log


class Watching:
    """Lets file events give an endpoint its turn early. `folders`: endpoint and path."""

    def __init__(self, folders: Mapping[str, str], wake: Callable[[str], None]) -> None:
        self._folders = {path: endpoint for endpoint, path in folders.items()}
        self._watch = Watch({path: partial(wake, endpoint) for path, endpoint in self._folders.items()})
        self._told: Mapping[str, str] = {}
        self._watch.start()
        self.tell()

    def tell(self) -> None:
        """Say which folders are not watched, and which are again, where that is new."""
        blind, told = self._watch.blind, self._told
        if blind is told:
            return
        self._told = blind
        for path, why in blind.items():
            if told.get(path) != why:
                log().warning("folder not watched", endpoint=self._folders[path], why=why)
        for path in told.keys() - blind.keys():
            log().info("folder watched again", endpoint=self._folders[path])

    def stop(self) -> None:
        """Watch no longer."""
        self._watch.stop()
