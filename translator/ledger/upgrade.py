"""Bring a book to the present schema, in one transaction: whole or not at all.

A fresh book is made as the schema is, which is what all the revisions make together. A book of a newer program is
refused; a reader refuses an older one too, since only the service may upgrade.
"""

from __future__ import annotations

from pathlib import Path

from sqlalchemy import Connection, text

from translator.core.finding import Finding, Misconfigured, Place
from translator.ledger.making import make
from translator.ledger.schema import HEAD, KEYS_METADATA, METADATA, MOVES_METADATA

_REVISIONS = Path(__file__).with_name("revisions")
_VERSION = (  # as Alembic makes it
    "CREATE TABLE alembic_version "
    "(version_num VARCHAR(32) NOT NULL, CONSTRAINT alembic_version_pkc PRIMARY KEY (version_num))"
)


def upgrade(connection: Connection, place: str) -> None:
    """Make a fresh book; bring an older one to the present schema."""
    present = revision(connection)
    if present == HEAD:
        return
    if present:
        revise(connection, place)
    else:
        _begin(connection)


def revise(connection: Connection, place: str) -> None:
    """Apply the revisions that are missing, however many these are."""
    from alembic import command  # noqa: PLC0415  half a second that another book need not pay
    from alembic.config import Config  # noqa: PLC0415
    from alembic.script import ScriptDirectory  # noqa: PLC0415

    config = Config(attributes={"connection": connection})
    config.set_main_option("script_location", str(_REVISIONS).replace("%", "%%"))
    present = revision(connection)
    known = {script.revision for script in ScriptDirectory.from_config(config).walk_revisions()}
    if present and present not in known:
        raise _refused("ledger-newer", "was written by a newer version of the translator", place)
    command.upgrade(config, "head")


def _begin(connection: Connection) -> None:
    make(connection, METADATA)
    if connection.dialect.name == "postgresql":
        make(connection, MOVES_METADATA)
        make(connection, KEYS_METADATA)
    connection.execute(text(_VERSION))
    connection.execute(text("INSERT INTO alembic_version (version_num) VALUES (:head)"), {"head": HEAD})


def check(connection: Connection, place: str) -> None:
    """Refuse a book that is not there yet, or not of the present schema."""
    present = revision(connection)
    if not present:
        hint = "the service makes it when it starts"
        raise Misconfigured([Finding("ledger-absent", "there is no ledger", Place(place), hint=hint)])
    if present != HEAD:
        raise _refused("ledger-schema", "has another schema than this version of the translator", place)


def revision(connection: Connection) -> str:
    """Give the revision the book is at; empty for a fresh one."""
    if not connection.dialect.has_table(connection, "alembic_version"):
        return ""
    return str(connection.execute(text("SELECT version_num FROM alembic_version")).scalar() or "")


def _refused(code: str, what: str, place: str) -> Misconfigured:
    hint = "start the service once with the newest version: it upgrades the ledger"
    return Misconfigured([Finding(code, f"the ledger {what}", Place(place), hint=hint)])
