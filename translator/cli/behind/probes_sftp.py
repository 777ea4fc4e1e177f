"""What `doctor` tries on an SFTP server: the way there, who it is, what it can do. Nothing of it is left there."""

from __future__ import annotations

import secrets
import socket
import time
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, closing, suppress
from dataclasses import replace
from typing import Final

from translator.cli.behind.probe import Probe, tried
from translator.config.site import SftpPlace, System
from translator.core.finding import Misconfigured, Unavailable
from translator.endpoints.old_algorithms import OLD
from translator.endpoints.options import ARCHIVE
from translator.endpoints.sftp import Refused, Server, Session
from translator.endpoints.sftp.ability import Renames, ability
from translator.endpoints.sftp_folder import joined
from translator.service import whereabouts
from translator.service.servers import server_of

_NEAR: Final = 10.0  # seconds that whole seconds and a slow answer make up
_LATE: Final = 60.0  # seconds of a clock that are worth a word


def server_probes(system: System, place: SftpPlace, folders: Mapping[str, bool]) -> Iterator[Probe]:
    """Try one server and its folders, one thing after the other; of each folder, whether it has to be written."""
    what = f"{system.name}: {place}"
    try:
        server = server_of(place)
    except Misconfigured as error:
        yield Probe(what, False, f"{error.findings[0].code}: {error.findings[0].text}", error.findings[0].hint)
        return
    with closing(server):
        yield tried(f"{system.name}: name {place.servers[-1].host}", lambda: _addresses(place))
        yield (login := _reached(tried(what, lambda: _logged_in(server)), place))
        if not login.well:
            return
        yield _channels(f"{what} channels", server)
        for folder, writes in folders.items():
            path = whereabouts.below(place.root, folder)
            yield _folder(f"{what} {path}", server, path) if writes else _left(f"{what} {path}", server, path)
        yield from _archives(system, place)
        yield from _risks(what, place)


def _reached(login: Probe, place: SftpPlace) -> Probe:
    """Say what to do where the server is not reached; the line names it already."""
    if login.well:
        return login
    do = login.do or "look whether it runs there, at this port, and at the firewall between"
    return replace(login, said=login.said.removeprefix(f"{place}: "), do=do)


def _archives(system: System, place: SftpPlace) -> Iterator[Probe]:
    """Say what stays on the server for ever, unless its owner removes it: personal data there is not ours to forget."""
    if system.from_ and system.dispose != "delete":
        where = ", ".join(f"{whereabouts.below(place.root, folder)}/{ARCHIVE}" for folder in system.from_)
        said = f"what was read stays in {where}" if system.dispose == "archive" else "what was read stays where it lies"
        do = "have its owner empty it in time (it may hold personal data, and is not purged), or say dispose: delete"
        yield Probe(f"{system.name}: read files on its server", True, said, do)


def _addresses(place: SftpPlace) -> str:
    first = place.jump or place.server
    try:
        found = socket.getaddrinfo(first.host, first.port, type=socket.SOCK_STREAM)
    except OSError:
        raise Unavailable(f"the name {first.host} is not known (mend it, or the machine's name server)") from None
    addresses = ", ".join(dict.fromkeys(str(one[4][0]) for one in found))
    return f"{addresses}, the jump host {first.host}" if place.jump else addresses


def _logged_in(server: Server) -> str:
    """Connect; say whom we met and what was agreed on."""
    with server.session() as session:
        transport = session.transport
        agreed = ", ".join(one for one in transport.agreed().values() if one)
        key = transport.get_remote_server_key()
        version = "".join(sign for sign in transport.remote_version if sign.isprintable())[:80]
        offers = len(session.offers)
        strict = "" if transport.agreed_on_strict_kex else "; no strict key exchange"
        shown = f"the pinned key is shown ({key.get_name()} {key.fingerprint}), the login taken by {transport.shown}"
        return f"{shown}; {agreed}{strict}; {version}, {offers} extensions"


def _channels(what: str, server: Server) -> Probe:
    """Open as many channels as the site allows."""
    wanted, opened = server.settings.channels, 0
    with ExitStack() as held, suppress(Unavailable):
        for _ in range(wanted):
            held.enter_context(server.session(wait=0.0))
            opened += 1
    do = f"each: {opened}" if opened < wanted else ""
    return Probe(what, opened > 0, f"{opened} of {wanted} at once", do)


def _left(what: str, server: Server, path: str) -> Probe:
    """List a folder, no more: nothing is written where what is read is left."""
    return tried(what, lambda: f"readable: {_entries(server, path)}; what is read is left there")


def _folder(what: str, server: Server, path: str) -> Probe:
    """Try all that is done with a folder: hidden files of ours are made, looked at, renamed and removed."""
    notes: list[str] = []
    tried_out = tried(what, lambda: _used(server, path, notes))
    return Probe(what, tried_out.well, tried_out.said, tried_out.do or "; ".join(notes))


def _entries(server: Server, path: str) -> str:
    try:
        with server.session() as session:
            return f"{len(session.entries(path))} entries"
    except FileNotFoundError:
        raise Unavailable("no such folder (create it there, or mend the path)") from None
    except OSError as error:
        raise Unavailable(f"{_why(error)} (have its owner let the user {server.settings.user} in)") from None


def _used(server: Server, path: str, notes: list[str]) -> str:
    token = secrets.token_hex(6)
    names = [joined(path, f".doctor-{token}-{number}.tmp") for number in range(3)]
    said = [_entries(server, path)]
    try:
        with server.session() as session:
            said += _file(session, names[0], notes)
            can = ability(session, *names[1:])
    except OSError as error:
        hint = f"have its owner let the user {server.settings.user} read, write, rename and remove there, and look for room"
        raise Unavailable(f"it can be listed, not written: {_why(error)} ({hint})") from None
    if can.renames is Renames.REPLACES:
        notes.append("let nobody else write files of these names there: its rename would replace them")
    said.append("synced to its disk" if can.syncs else "it cannot be asked to sync to its disk")
    said.append(f"a rename {can.renames}" + (", posix-rename is offered" if can.posix_rename else ""))
    return f"readable and writable: {'; '.join(said)}"


def _why(error: OSError) -> str:
    if isinstance(error, Refused):
        return f"the server refused: {error}"
    return "permission denied" if isinstance(error, PermissionError) else "a file that was made was not there"


def _file(session: Session, path: str, notes: list[str]) -> list[str]:
    """Write a file, look at it, and remove it."""
    try:
        session.write(path, b"a trial")
        found = session.entry(path)
        behind = time.time() - found.changed
        folder, _, name = path.rpartition("/")
        alike = _there(session, f"{folder}/{name.upper()}")
    finally:
        if session.in_step:
            session.drop(path)
    if found.changed and abs(behind) > _LATE:
        notes.append("have its clock set; nothing here depends on it")
    clock = _clock(behind) if found.changed else "no times are told"
    return [clock, "A and a are one name there" if alike else "A and a are two names"]


def _clock(behind: float) -> str:
    if abs(behind) < _NEAR:
        return "its clock is as ours"
    return f"its clock is {abs(behind):.0f} s {'behind' if behind > 0 else 'ahead'}"


def _there(session: Session, path: str) -> bool:
    try:
        session.entry(path)
    except OSError:
        return False
    return True


def _risks(what: str, place: SftpPlace) -> Iterator[Probe]:
    """Name what a server is allowed beyond what is safe."""
    for server in place.servers:
        for name in server.old:
            yield Probe(
                f"{what} {name}", True, f"{server.host} is allowed it: {OLD[name].risk}", "bring the server up to date"
            )
