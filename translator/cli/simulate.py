"""simulate: the other side, for trying things out: a pretend Amazon, a pretend warehouse, an SFTP server.

Each says on one line of JSON where it is, whether --json is given or not: somebody has to read it.
"""

from __future__ import annotations

import errno
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final

import click

from translator.cli import say
from translator.core import jsontext
from translator.core.finding import Finding, Misconfigured, Place, Unavailable

PLACES: Final = ("ship", "stock", "ack")


@click.group()
def simulate() -> None:
    """Play Amazon, a warehouse system or an SFTP server until interrupted."""


VERBS = (simulate,)


_FOLDER: Final = click.Path(path_type=Path, file_okay=False, exists=True, writable=True)


class _WithMenu(click.Command):
    """A command whose help ends with the menu of faults."""

    def format_epilog(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        from translator.simulator.faults import MENU

        with formatter.section("Faults, by kind"):
            formatter.write_dl(list(MENU.items()))


@simulate.command(cls=_WithMenu)
@click.option("--port", type=say.PORT, default=8080, show_default=True, help="Where to listen; 0: any free port.")
@click.option("--vendor", default="ACMEG", show_default=True, help="The vendor code it knows.")
@click.option(
    "--warehouse",
    "warehouses",
    multiple=True,
    default=("EWR1",),
    show_default=True,
    help="Warehouses that orders are for.",
)
@click.option("--count", type=click.IntRange(0), default=0, help="Invent so many orders.")
@click.option(
    "--orders",
    type=click.Path(path_type=Path, exists=True, dir_okay=False),
    help="A getOrders body with orders to begin with.",
)
@click.option(
    "--country",
    "countries",
    multiple=True,
    default=("US",),
    show_default=True,
    type=click.Choice(["US", "DE", "FR", "IN"]),
    help="Where invented orders go; several: in turn.",
)
@click.option(
    "--seconds", type=say.SECONDS, default=2.0, show_default=True, help="How long a transaction is processed."
)
@click.option(
    "--type",
    "type_",
    type=click.Choice(["mixed", "label-only", "own-label", "own-carrier", "amxl"]),
    default="mixed",
    show_default=True,
    help="Whose labels and carriers the vendor uses; mixed: everything is taken, nothing demanded.",
)
@click.option("--label-format", type=click.Choice(["PNG", "ZPL"]), default="PNG", show_default=True)
@click.option("--limits/--no-limits", default=False, show_default=True, help="Refuse calls that come too fast.")
@click.option(
    "--faults",
    "fault_file",
    type=click.Path(path_type=Path, exists=True, dir_okay=False),
    help="YAML or JSON: a list of kind, operation, times, seconds, after; the kinds stand below.",
)
@click.option("--sandbox", is_flag=True, help="Be Amazon's sandbox: orders can be asked for; one limit for all calls.")
@click.option(
    "--repeat",
    type=click.Choice(["refuse", "ignore", "apply"]),
    default="refuse",
    show_default=True,
    help="What becomes of a second acknowledgement, confirmation or status update.",
)
@say.json_option
@say.told
def amazon(
    *,
    port: int,
    vendor: str,
    warehouses: tuple[str, ...],
    count: int,
    orders: Path | None,
    countries: tuple[str, ...],
    seconds: float,
    repeat: str,
    type_: str,
    label_format: str,
    limits: bool,
    fault_file: Path | None,
    sandbox: bool,
    as_json: bool,
) -> None:
    """Play Amazon over HTTP; one line of JSON on stdout says where, and what opens it."""
    from datetime import UTC, datetime

    from translator.cli.behind.fault_file import read_faults
    from translator.simulator.amazon import AmazonSettings, serve
    from translator.simulator.orders import sample_orders

    settings = AmazonSettings(
        vendor,
        transaction_seconds=seconds,
        repeat=repeat,  # type: ignore[arg-type]
        type=type_,  # type: ignore[arg-type]
        label_format=label_format,  # type: ignore[arg-type]
        limits=limits,
        sandbox=sandbox,
    )
    hides = settings.treatment.redacted is not False
    made = sample_orders(vendor, warehouses, count, datetime.now(UTC), countries=countries, redacted=hides)
    faults = read_faults(fault_file) if fault_file else ()
    begun = [*made, *(_orders(orders) if orders else [])]
    with _had(port):
        serve(settings, port, begun, faults=faults)


def _orders(path: Path) -> list[dict[str, Any]]:
    tree = jsontext.decode(path.read_bytes(), str(path))
    body = tree.get("payload", tree) if isinstance(tree, dict) else tree
    found = body.get("orders") if isinstance(body, dict) else body
    if not isinstance(found, list):
        raise Misconfigured([Finding("orders-shape", "this holds no list of orders", Place(str(path)))])
    return found


@contextmanager
def _had(port: int = 0) -> Iterator[None]:
    """Begin with a port, files and folders that the command line names, and that may not be to be had."""
    from translator.cli.behind import at_hand

    try:
        yield
    except OSError as error:
        if error.filename is not None:
            raise at_hand.unwritable(str(error.filename), error) from None
        if error.errno in (errno.EADDRINUSE, errno.EACCES):
            raise Unavailable(f"port {port}: {os.strerror(error.errno).lower()}") from None
        raise


@simulate.command()
@click.argument("folder", metavar="DIR", type=click.Path(path_type=Path, file_okay=False))
@click.option("--port", type=say.PORT, default=2222, show_default=True, help="Where to listen; 0: any free port.")
@click.option("--user", default="wms", show_default=True)
@click.option("--password", default="simulated", show_default=True)
@click.option("--key", "keys", multiple=True, help="A line of authorized_keys.")
@click.option("--host-key", type=click.Path(path_type=Path, dir_okay=False), help="Where its host key is kept.")
@say.json_option
@say.told
def sftp(
    folder: Path, port: int, user: str, password: str, keys: tuple[str, ...], host_key: Path | None, as_json: bool
) -> None:
    """Serve DIR over SFTP on loopback; one line of JSON on stdout says where, and the fingerprint to pin."""
    from threading import Event

    from translator.simulator.sftp import SftpServer, User

    with _had(port):
        folder.mkdir(parents=True, exist_ok=True)
        server = SftpServer(folder, {user: User(password, keys)}, port=port, key_file=host_key).start()
    try:
        line = {
            "host": "127.0.0.1",
            "port": server.port,
            "user": user,
            "password": password,
            "host_key": server.fingerprint,
        }
        click.echo(jsontext.encode(line))
        Event().wait()
    except KeyboardInterrupt:
        return
    finally:
        server.stop()


@simulate.command()
@click.argument("folder_in", metavar="IN", type=_FOLDER)
@click.argument("folder_out", metavar="OUT", type=_FOLDER)
@click.option("--format", "dialect", type=click.Choice(["csv", "fixed", "xml"]), default="csv", show_default=True)
@click.option("--place", "places", metavar="WHAT=DIR", multiple=True, help="ship, stock, ack: a folder below OUT.")
@click.option("--zone", default="UTC", show_default=True, help="The time zone it writes in.")
@click.option("--delay", type=say.SECONDS, default=0.0, help="Seconds from taking an order to shipping it.")
@click.option(
    "--bad-row",
    type=click.IntRange(0),
    default=0,
    help="The so-manieth order's ship file has a quantity that is no number.",
)
@say.json_option
@say.told
def warehouse(
    folder_in: Path,
    folder_out: Path,
    dialect: str,
    places: tuple[str, ...],
    zone: str,
    delay: float,
    bad_row: int,
    as_json: bool,
) -> None:
    """Take order files out of IN; answer with ship, stock and ack files in OUT."""
    from threading import Event

    from translator.cli.behind import at_hand
    from translator.simulator.warehouse import Warehouse, WarehouseSettings

    settings = WarehouseSettings(
        zone=at_hand.zone(zone), delay=delay, bad_row=bad_row, places=_below(folder_out, places)
    )
    with _had():
        played = Warehouse(folder_in, folder_out, dialect, settings)
        played.side.mkdir(parents=True, exist_ok=True)
    played.start()
    click.echo(jsontext.encode({"in": str(folder_in), "out": str(folder_out), "taken": str(played.side)}))
    try:
        Event().wait()
    except KeyboardInterrupt:
        return
    finally:
        played.stop()


def _below(folder: Path, places: tuple[str, ...]) -> dict[str, str]:
    """Read --place: the pretend warehouse would take orders and then not know where to answer."""
    named = say.named(places, "--place")
    for what, name in named.items():
        if what not in PLACES or not (folder / name).is_dir():
            text = f"'{what}={name}': say {', '.join(PLACES)}, and a folder that is there below {folder}"
            raise click.BadParameter(text, param_hint="--place")
    return named
