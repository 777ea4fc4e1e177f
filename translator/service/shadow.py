"""A shadow run: the orders are fetched and written to a side folder, and nothing is submitted.

In the folder: `wms/NAME/…`, what each warehouse system would have got; `amazon/ACCOUNT/KIND/…`, what Amazon would have
got; `ledger.db`, a ledger of its own. Nothing is read from a warehouse, and no file is waited for. In trouble:
Misconfigured, where the folder is not aside.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Final, TypeVar

from translator.config.read import read_site
from translator.config.routes import routes_of, sources_of
from translator.config.site import Ground, LocalPlace, Route, Site, System, When
from translator.core.finding import Finding, Misconfigured
from translator.mapping.overlay import Laid
from translator.service import whereabouts

G = TypeVar("G", bound=Ground)
_WHEN: Final[dict[When, When]] = {"taken": "delivered"}  # nobody takes a file out of a side folder


def site_of(root: Path, aside: Path | None, laid: Mapping[str, Sequence[Laid]] | None = None) -> Site:
    """Read the site in a folder; with a folder aside, give the one that does the same there. Raises Misconfigured.

    `laid`: the rows that are laid over its lookup tables.
    """
    site = read_site(root, laid or {})
    if aside is None:
        return site
    shadow = shadowed(site, aside)
    furnish(shadow, aside)
    return shadow


def shadowed(site: Site, folder: Path) -> Site:
    """Give the site that does the same aside, in a folder. Raises Misconfigured."""
    moved = laid_aside(site, folder)
    return replace(
        moved,
        sources=sources_of(moved.accounts, moved.systems),
        routes=tuple(_settled(route) for route in routes_of(moved.accounts, moved.systems, moved.translations)),
    )


def laid_aside(site: G, folder: Path) -> G:
    """Give the ground of a shadow run: its ledger and its warehouses' places, in a folder. Raises Misconfigured."""
    folder = folder.absolute()
    if near := next(_near(site, folder), ""):
        hint = "name a folder that holds nothing else: --shadow /var/lib/translator/shadow"
        raise Misconfigured([Finding("shadow-folder", f"{folder} is not aside: {near}", hint=hint)])
    accounts = {name: replace(account, start=None) for name, account in site.accounts.items()}
    systems = {name: _aside(system, folder / "wms" / name) for name, system in site.systems.items()}
    return replace(
        site,
        ledger=f"sqlite:{folder / 'ledger.db'}",
        accounts=accounts,
        systems=systems,
        compare=None,  # its lists are the warehouses', and its table is the service's own
        shadow=folder,
    )


def furnish(site: Site, folder: Path) -> None:
    """Make the folders of a shadow run, for the service's user alone: names and addresses lie there. Raises Misconfigured."""
    theirs = (folder / "wms" / system.name / name for system in site.systems.values() for name in system.to)
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        for path in (*theirs, *whereabouts.asides_of(site).values()):
            path.mkdir(mode=0o700, parents=True, exist_ok=True)
    except OSError as error:
        text = f"{error.filename or folder} cannot be made: {(error.strerror or 'error').lower()}"
        hint = "name a folder the service's user may write in"
        raise Misconfigured([Finding("shadow-folder", text, hint=hint)]) from None


def _near(site: Ground, folder: Path) -> Iterator[str]:
    """Say what of the real site lies there, or the folder in it."""
    real = {
        f"files of {one.name} lie in {one.place.root}": one.place.root
        for one in site.systems.values()
        if isinstance(one.place, LocalPlace)
    }
    for text, path in real.items():
        here, there = folder.resolve(), path.resolve()
        if here == there or here in there.parents or there in here.parents:
            yield text
    where = whereabouts.ledger_of(site)
    if isinstance(where, Path) and (folder / "ledger.db").resolve() == where.resolve():
        yield "the ledger lies there"


def _aside(system: System, folder: Path) -> System:
    when = _WHEN.get(system.when, system.when)
    return replace(system, place=LocalPlace(folder), from_={}, settled="sent", when=when)


def _settled(route: Route) -> Route:
    return replace(route, look=0.0)
