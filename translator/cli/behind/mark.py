"""The mark by which a folder is known again, made anew at a person's word: as a hidden folder, which sweeps of files leave.

Promise: it has the name that the last receipt told, so what was sent before is proven by it as well; nothing else is
touched. In trouble: Misconfigured where there is no such folder or no mark is known; Unavailable.
"""

from __future__ import annotations

from contextlib import closing
from pathlib import Path

from translator.cli.behind.book import looking
from translator.config.ground import read_ground
from translator.config.site import LocalPlace, SftpPlace
from translator.core.finding import Finding, Misconfigured, Unavailable
from translator.endpoints.home import Home
from translator.endpoints.sftp_folder import joined, told
from translator.service.servers import server_of
from translator.service.whereabouts import below


def marked(root: Path, endpoint: str) -> int:
    """Make the mark of a folder; say how many names lie beside it."""
    site = read_ground(root)
    name, _, folder = endpoint.partition("/")
    system = site.systems.get(name)
    if system is None or folder not in system.to:
        places = [f"{one.name}/{into}" for one in site.systems.values() for into in one.to]
        hint = f"one of: {', '.join(places)}" if places else ""
        raise Misconfigured([Finding("place-unknown", f"nothing is written into {endpoint}", hint=hint)])
    with looking(site) as book:
        last = book.bookmarks.get(endpoint)
    if isinstance(system.place, LocalPlace):
        return len(_in_local(system.place.root / folder, last, endpoint))
    return len(_on_server(system.place, below(system.place.root, folder), last, endpoint))


def _in_local(path: Path, last: str, endpoint: str) -> set[str]:
    mark = _mark(str(path), last, endpoint)
    try:
        names = {one.name for one in path.iterdir()}
        if mark not in names:
            (path / mark).mkdir()
    except OSError as error:
        raise Unavailable(f"{path}: {error.strerror}") from None
    return names - {mark}


def _on_server(place: SftpPlace, path: str, last: str, endpoint: str) -> set[str]:
    with closing(server_of(place)) as server:
        where = f"{server.settings}/{path}"
        mark = _mark(where, last, endpoint)
        with told(where), server.session() as session:
            names = {one.name for one in session.entries(path)}
            if mark not in names:
                session.make(joined(path, mark))
                session.entry(joined(path, mark))  # a server that has none of it says so
    return names - {mark}


def _mark(place: str, last: str, endpoint: str) -> str:
    """Give the mark that this very place bore when a file was put there last."""
    home = Home(place)
    home.was(last)
    if not home.marker:
        raise Misconfigured([Finding("mark-unknown", f"nothing says that {endpoint} ever bore a mark of ours here")])
    return home.marker
