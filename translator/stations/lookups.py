"""lookups: an operator's row laid over a table, or taken away again.

A row that would leave the site unfit is answered in words, and nothing is laid. What was laid is in force when the service
has taken it in: what waits for the table is tried again then, as after an edit of its file.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Final

from translator.config.read import site_of
from translator.core.alike import odd_letter
from translator.core.finding import Misconfigured
from translator.core.private import shown
from translator.core.work import Station
from translator.documents.inventory_update import KIND
from translator.ledger.book import Book
from translator.ledger.moves import Move
from translator.mapping.overlay import Cells, Laid, cells_of, header_of, lines_of, overlaid
from translator.stations.errand import House

Answer = tuple[str, bool]
CHANGED: Final = "lookup changed"  # the event by which the service hears of it
LONG: Final = 200  # letters of a cell
SOON: Final = 30.0  # seconds until levels are written again: by then the table is in force


def carried(house: House, book: Book, move: Move) -> Answer:
    """Carry out a move about a table."""
    said = {name: str(value) for name, value in move.arguments.items()}
    table, key = file_of(said.get("target", "")), _cells(said.get("key", ""))
    data = house.site.files.get(f"mappings/{table}")
    if data is None:
        known = ", ".join(sorted(_named(name) for name in house.site.files if name.endswith(".csv")))
        return f"no table '{said.get('target', '')}' is in use; known: {known or 'none'}", False
    if not key:
        return "KEY holds nothing", False
    words, ok = VERBS[move.verb](house, book, move, said, table, key, data)
    if ok:
        book.events.note(f"move {move.id}", CHANGED, {"by": move.by, "table": table})
    return words, ok


def file_of(table: str) -> str:
    """Give the file of a table under mappings/: `newark/items` is newark/tables/items.csv."""
    system, _, name = table.rpartition("/")
    return f"{system}/tables/{name}.csv"


def _named(file: str) -> str:
    return file.removeprefix("mappings/").replace("/tables/", "/").removesuffix(".csv")


def _set(house: House, book: Book, move: Move, said: Mapping[str, str], table: str, key: Cells, data: bytes) -> Answer:
    laid = Laid(key, _cells(said.get("value", "")))
    if why := _unfit(laid, data):
        return why, False
    if why := _refused(house, book, table, laid):
        return f"the table would not be right any more: {why}", False
    book.lookups.put(table, laid.key, laid.rest, move.by, said.get("reason", ""))
    _levels_anew(house, book, table)
    odd = next((f"; {shown(cell)} has {odd_letter(cell)}" for cell in laid.cells if odd_letter(cell)), "")
    return f"{','.join(key)} is {','.join(laid.rest)} in {_named(table)} from now on{odd}", True


def _drop(house: House, book: Book, move: Move, said: Mapping[str, str], table: str, key: Cells, data: bytes) -> Answer:
    if not book.lookups.drop(table, key):
        return f"no row {','.join(key)} was laid over {_named(table)}", False
    _levels_anew(house, book, table)
    return f"what the file says of {','.join(key)} in {_named(table)} holds again", True


_Verb = Callable[[House, Book, Move, Mapping[str, str], str, Cells, bytes], Answer]
VERBS: Final[Mapping[str, _Verb]] = {"lookup set": _set, "lookup drop": _drop}


def _cells(text: str) -> Cells:
    return cells_of(text) if text.isprintable() else ()


def _unfit(laid: Laid, data: bytes) -> str:
    """Say why a row is none of this table; empty: it is one."""
    header = header_of(data)
    if not laid.rest or not all(laid.cells) or len(laid.cells) != len(header):
        return f"a row of this table has {len(header)} cells, none of them empty: {', '.join(header)}"
    if any(len(cell) > LONG for cell in laid.cells) or laid.key[0].startswith("#"):
        return f"a cell has {LONG} letters at most, and the first does not begin with #"
    named = [line for line in lines_of(data, ()) if line.cells[: len(laid.key)] == laid.key]
    if len(named) > 1:
        return f"{len(named)} rows begin so: say more of their cells, as KEY1,KEY2"
    return ""


def _refused(house: House, book: Book, table: str, laid: Laid) -> str:
    """Say what would be wrong with the site by a row, beside all that are laid, in force or not yet; empty: nothing."""
    rows = book.lookups.laid()
    rows[table] = [*(one for one in rows.get(table, ()) if one.key != laid.key), laid]
    files = {
        name: overlaid(data, rows.get(name.removeprefix("mappings/"), ())) for name, data in house.site.files.items()
    }
    try:
        site_of(house.site.root, files.get, {})
    except Misconfigured as error:
        return error.findings[0].text
    return ""


def _levels_anew(house: House, book: Book, table: str) -> None:
    """Want once more the levels that were refused: for want of an ASIN, mostly."""
    system = house.site.systems.get(table.partition("/")[0])
    if system is None or table not in system.tables.values():
        return
    route = house.site.route(KIND.name, system.account)
    for code in system.warehouses:
        book.stock.anew(system.account, code)
        if route is not None and book.stock.differing(system.account, code, 1):
            subject = f"level:{system.account}:{code}"
            book.work.add(Station.WRITE, route.name, subject, due=house.now() + SOON)
