"""A lookup table as it holds: the rows of its file, and those that operators laid over it."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

from translator.cli import say
from translator.cli.behind.book import looking
from translator.config.read import read_site
from translator.core.finding import Finding, Rejected
from translator.ledger.lookups import Entry
from translator.mapping.overlay import Laid, header_of, lines_of, overlaid
from translator.stations.lookups import file_of


def rows_of(root: Path, table: str) -> list[dict[str, Any]]:
    """Give each row by its columns, where it comes from and what the file says otherwise. Raises Rejected."""
    data, entries = _read(root, table)
    by_key = {one.key: one for one in entries}
    header, rows = header_of(data), []
    for line in lines_of(data, [Laid(one.key, one.rest) for one in entries]):
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
    data, entries = _read(root, table)
    return overlaid(data, [Laid(one.key, one.rest) for one in entries])


def written(root: Path, table: str, data: bytes) -> str:
    """Put it in the place of the table's file, whole or not at all."""
    path = root / "mappings" / file_of(table)
    aside = path.with_name(f".{path.name}.new")
    aside.write_bytes(data)
    aside.chmod(path.stat().st_mode & 0o777)
    os.replace(aside, path)  # noqa: PTH105
    return str(path.relative_to(root))


def _read(root: Path, table: str) -> tuple[bytes, list[Entry]]:
    site, file = read_site(root), file_of(table)
    data = site.files.get(f"mappings/{file}")
    if data is None:
        hint = "WMS/NAME: newark/items"
        raise Rejected([Finding("lookup-unknown", f"the site has no table '{table}'", hint=hint)])
    with looking(site) as book:
        return data, [one for one in book.lookups.all() if one.table == file]
