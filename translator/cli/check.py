"""check: is the site right? Everything that is wrong, at once; nothing outside the site's folder is asked.

Of a ledger that is a file it asks which rows operators laid over the tables: a row of a file may give way to one of them.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import click

from translator.cli import say
from translator.cli.behind.findings import sources_of
from translator.core.finding import Finding, Misconfigured, Place, Severity

if TYPE_CHECKING:
    from translator.config.site import Reference, Site
    from translator.mapping.strict import Node, Scalar

_SITE: Final = "translator.yaml"


@click.command()
@say.site_option
@say.format_option
@click.option("--strict", is_flag=True, help="Exit code 2 for warnings, too.")
@say.json_option
@say.told
def check(root: Path, form: str, strict: bool, as_json: bool) -> None:
    """Check translator.yaml, its mappings, tables and templates. Exit code 2 if anything is wrong."""
    from translator.cli.behind.lookups import at_odds
    from translator.config.read import read_site

    site = read_site(root)
    warnings = [
        *notes(site),
        *unused(root, site),
        *left_to_change(root),
        *missing_secrets(site),
        *unpinned(site),
        *at_odds(site),
    ]
    if strict and any(one.severity is not Severity.INFO for one in warnings):
        raise Misconfigured(warnings)
    if form == "github":
        say.annotate(warnings, sources_of(root))
        return
    say.wrong(warnings, sources_of(root))
    if as_json or form == "json":
        say.data({"ok": True, "findings": [finding.as_json() for finding in warnings], "site": _counts(site)})
    else:
        say.line("well: " + ", ".join(f"{name} {number}" for name, number in _counts(site).items() if name != "hash"))


VERBS = (check,)


def notes(site: Site) -> Iterator[Finding]:
    """Give what the site and its mappings say that may not be meant."""
    yield from site.notes
    yield from _left_over_there(site)
    for translation in site.translations.values():
        yield from translation.file.notes


def _left_over_there(site: Site) -> Iterator[Finding]:
    """Say what stays on a server after it was read: personal data in it is not ours to forget."""
    from translator.config.site import SftpPlace

    for system in site.systems.values():
        if isinstance(system.place, SftpPlace) and system.from_ and system.dispose != "delete":
            text = f"{system.name}: what was read stays on its server ({system.dispose}), and is not purged there"
            hint = "have its owner empty it in time, or say dispose: delete"
            yield Finding("read-files-stay", text, rule=system.place.server.rule, hint=hint, severity=Severity.INFO)


def unused(root: Path, site: Site) -> Iterator[Finding]:
    """Name the mappings that translator.yaml does not list, and the tables that no mapping asks: mostly misspelt there.

    One that it names in a comment is not forgotten, and neither are the tables of such a mapping.
    """
    files = [made.file for made in site.translations.values()]
    asked = {name for file in files for name in (file.name, *file.companions)} | set(_put_off(root))
    asked |= {file for system in site.systems.values() for file in system.tables.values()}
    hints = {".yaml": "list it under 'to' or 'from', or take it away", ".csv": "no mapping asks it: take it away"}
    bases = {name.partition("/")[0] for name in asked} - set(site.systems)  # folders others start from may hold more
    top = root / "mappings"
    for path in sorted([*top.glob("*/*.yaml"), *top.glob("*/tables/*.csv")]):
        name = path.relative_to(top).as_posix()
        system = name.partition("/")[0]
        if name not in asked and (system in site.systems or (path.suffix == ".yaml" and system not in bases)):
            hint = hints[path.suffix] if system in site.systems else f"{_SITE} has no warehouse system '{system}'"
            yield Finding("file-unused", f"nobody uses {name}", rule=Place(name), hint=hint, severity=Severity.WARNING)


def _put_off(root: Path) -> Iterator[str]:
    """Give the mappings that translator.yaml names in comments, and the tables beside them that they name."""
    comments = re.findall(r"#.*", (root / _SITE).read_text(encoding="utf-8"))
    names = {name for text in comments for name in re.findall(r"[\w.-]+\.yaml", text)}
    for path in (root / "mappings").glob("*/*.yaml"):
        if path.name in names:
            yield f"{path.parent.name}/{path.name}"
            text = path.read_text(encoding="utf-8", errors="replace")
            tables = (path.parent / "tables").glob("*.csv")
            stems = {*re.findall(r"(?:lookup|table): *([\w-]+)", text), *re.findall(r"'([\w-]+)'", text)}
            yield from (f"{path.parent.name}/tables/{one.name}" for one in tables if one.stem in stems)


def left_to_change(root: Path) -> Iterator[Finding]:
    """Name the values of translator.yaml in which `init` left CHANGE: a partner would get them as they are."""
    from translator.mapping.strict import read_yaml

    for key, value in _values(read_yaml((root / _SITE).read_bytes(), _SITE)):
        if re.search(r"\bCHANGE\b", value.text):
            text = f"'{key}' still says CHANGE"
            yield Finding(
                "left-to-change", text, rule=value.rule, hint="write your own there", severity=Severity.WARNING
            )


def _values(node: Node, key: str = "") -> Iterator[tuple[str, Scalar]]:
    from translator.mapping.strict import Items, Scalar

    if isinstance(node, Scalar):
        yield key, node
    elif isinstance(node, Items):
        yield from (found for one in node.nodes for found in _values(one, key))
    else:
        yield from (found for name, one in node.entries for found in _values(one, name.text))


def missing_secrets(site: Site) -> list[Finding]:
    """Say which secrets are not there: the site is right without them, and cannot run."""
    found: list[Finding] = []
    for reference in secrets(site):
        try:
            reference.read()
        except Misconfigured as error:
            found.extend(replace(finding, severity=Severity.WARNING) for finding in error.findings)
    return found


def unpinned(site: Site) -> Iterator[Finding]:
    """Say which servers have no pinned key in the file that should name it."""
    from translator.config.site import SftpPlace
    from translator.endpoints.host_keys import pinned

    places = [system.place for system in site.systems.values() if isinstance(system.place, SftpPlace)]
    for server in (server for place in places for server in place.servers if server.known_hosts):
        try:
            pinned(server.pinned(), server.host, server.port)
        except Misconfigured as error:
            yield from (replace(one, rule=server.rule, severity=Severity.WARNING) for one in error.findings)


def secrets(site: Site) -> Iterator[Reference]:
    """Give every reference to a secret, once."""
    from translator.config.site import SftpPlace

    if site.ledger_password:
        yield site.ledger_password
    for account in site.accounts.values():
        yield account.client_secret
        yield account.refresh_token
    for system in site.systems.values():
        if isinstance(system.place, SftpPlace):
            yield from (one for server in system.place.servers for one in server.secrets)


def _counts(site: Site) -> dict[str, Any]:
    return {
        "accounts": len(site.accounts),
        "warehouse systems": len(site.systems),
        "mappings": len(site.translations),
        "sources": len(site.sources),
        "routes": len(site.routes),
        "hash": site.hash,
    }
