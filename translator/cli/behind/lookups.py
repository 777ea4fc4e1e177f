"""A lookup table as it holds: the rows of its file, and those that operators laid over it."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any

from translator.cli import say
from translator.cli.behind.book import looking
from translator.config.assorting import alone_in
from translator.config.read import read_site
from translator.config.site import Site
from translator.core.finding import Finding, Misconfigured, Place, Rejected, Severity, Unavailable
from translator.instance import FILE, SITE
from translator.ledger.lookups import Entry
from translator.mapping.overlay import Alone, Laid, header_of, lines_of, overlaid
from translator.mapping.strict import read_yaml
from translator.service.whereabouts import ledger_of
from translator.stations.lookups import file_of


def rows_of(root: Path, table: str) -> list[dict[str, Any]]:
    """Give each row by its columns, where it comes from and what the file says otherwise. Raises Rejected."""
    data, entries, alone = _read(root, table)
    by_key = {one.key: one for one in entries}
    header, rows = header_of(data), []
    for line in lines_of(data, _laid(entries), alone):
        laid = by_key[line.laid.key] if line.laid else None
        differs = laid is not None and line.said not in ((), line.cells)
        rows.append(
            dict(zip(header, line.cells, strict=False))
            | {
                "from": f"line {line.line}" if laid is None else "both" if line.said == line.cells else "operator",
                "by": laid.by if laid else "",
                "at": say.moment(laid.at) if laid else "",
                "reason": laid.reason if laid else "",
                "file says": ",".join(line.said) if differs else "",
            }
        )
    return rows


def exported(root: Path, table: str) -> bytes:
    """Give the table's file with the laid rows in it. Raises Rejected where the site has no such table."""
    data, entries, alone = _read(root, table)
    return overlaid(data, _laid(entries), alone)


def written(root: Path, table: str, data: bytes) -> str:
    """Put it in the place of the table's file, whole or not at all. Raises Unavailable where that cannot be written."""
    path = root / "mappings" / file_of(table)
    aside = path.with_name(f".{path.name}.new")
    try:
        aside.write_bytes(data)
        aside.chmod(path.stat().st_mode & 0o777)
        os.replace(aside, path)  # noqa: PTH105
    except OSError as error:
        raise Unavailable(f"{path}: {error.strerror}") from None
    return str(path.relative_to(root))


def at_odds(site: Site) -> list[Finding]:
    """Give the rows of the site's files that give way to one that an operator laid over them: who edits the file must know.

    None where the ledger is no file, or cannot be looked at.
    """
    where = ledger_of(site) if site.ledger.startswith(FILE) else None
    if not isinstance(where, Path):
        return []
    with suppress(Misconfigured, Unavailable), looking(site) as book:
        entries = book.lookups.all()
        tables = dict.fromkeys(one.table for one in entries)
        return [found for table in tables for found in _at_odds(site, table, _of(entries, table))]
    return []


def _at_odds(site: Site, table: str, entries: Sequence[Entry]) -> Iterator[Finding]:
    by_key = {one.key: one for one in entries}
    for line in lines_of(site.files.get(f"mappings/{table}", b""), _laid(entries), _alone(site, table)):
        if line.laid and line.said not in ((), line.cells):
            words = f"{by_key[line.laid.key].by} laid {','.join(line.cells)} over the table: this row gives way to it"
            hint = "`translator lookup drop` takes that row away, `translator lookup export --write` puts it here"
            yield Finding("lookup-laid", words, rule=Place(table, line.line), hint=hint, severity=Severity.WARNING)


def _laid(entries: Iterable[Entry]) -> list[Laid]:
    return [Laid(one.key, one.rest) for one in entries]


def _of(entries: Iterable[Entry], table: str) -> list[Entry]:
    return [one for one in entries if one.table == table]


def _alone(site: Site, table: str) -> Alone:
    return alone_in(read_yaml(site.files[SITE], SITE)).get(table, ())


def _read(root: Path, table: str) -> tuple[bytes, list[Entry], Alone]:
    site, file = read_site(root), file_of(table)
    data = site.files.get(f"mappings/{file}")
    if data is None:
        hint = "WMS/NAME: newark/items"
        raise Rejected([Finding("lookup-unknown", f"the site has no table '{table}'", hint=hint)])
    with looking(site) as book:
        return data, _of(book.lookups.all(), file), _alone(site, file)
