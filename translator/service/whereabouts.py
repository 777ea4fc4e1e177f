"""Where what belongs to a site is: its ledger, its folders. Nothing is connected to, so it is known at once."""

from __future__ import annotations

from pathlib import Path

from translator.config.routes import operations
from translator.config.site import Ground, LocalPlace, Site
from translator.core.address import Address
from translator.core.private import Private
from translator.instance import FILE, file_of


def ledger_of(site: Ground) -> Path | Address:
    """Say where the ledger of a site is: a file below the site, unless its path is absolute, or a server's database.

    Raises Misconfigured where the server's password is not there.
    """
    return file_of(site.root, site.ledger) if site.ledger.startswith(FILE) else address_of(site)


def address_of(site: Ground) -> Address:
    """Give the address of the ledger's server, with its password. Raises Misconfigured."""
    return Address(site.ledger, site.ledger_password.read() if site.ledger_password else Private(""))


def local_folders(site: Ground) -> dict[str, str]:
    """Give the local folders that are collected: endpoint and path."""
    return {
        f"{system.name}/{folder}": str(system.place.root / folder)
        for system in site.systems.values()
        if isinstance(system.place, LocalPlace)
        for folder in system.from_
    }


def asides_of(site: Site) -> dict[str, Path]:
    """Give the folders that stand for Amazon's operations in a shadow run, by the names of their endpoints."""
    if site.shadow is None:
        return {}
    asides = [(name, kind) for name in site.accounts for kind in operations()]
    return {f"{name}/{kind}": site.shadow / "amazon" / name / kind for name, kind in asides}


def lies_at(site: Ground, endpoint: str) -> str:
    """Say in a person's words where an endpoint is; a place that is no longer listed has its name alone."""
    name, _, folder = endpoint.partition("/")
    system = site.systems.get(name)
    if system is None:
        return f"Amazon ({endpoint})" if name in site.accounts else endpoint
    if isinstance(system.place, LocalPlace):
        return str(system.place.root / folder)
    return f"{system.place}/{below(system.place.root, folder)}"


def below(root: str, folder: str) -> str:
    """Give the path of a folder of an SFTP place."""
    return folder if root in ("", ".") else f"{root.rstrip('/')}/{folder}"
