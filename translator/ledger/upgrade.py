"""Bring a book to the present schema, in one transaction: whole or not at all.

A book of a newer program is refused; a reader refuses an older one too, since only the service may upgrade.
"""

from __future__ import annotations

from pathlib import Path

from sqlalchemy import Connection, text

from translator.core.finding import Finding, Misconfigured, Place
from translator.ledger.schema import HEAD

_REVISIONS = Path(__file__).with_name("revisions")


def upgrade(connection: Connection, place: str) -> None:
    """Apply the revisions that are missing."""
    present = revision(connection)
    if present == HEAD:
        return
    from alembic import command  # noqa: PLC0415  half a second that an upgraded book need not pay
    from alembic.config import Config  # noqa: PLC0415
    from alembic.script import ScriptDirectory  # noqa: PLC0415

    config = Config(attributes={"connection": connection})
    config.set_main_option("script_location", str(_REVISIONS).replace("%", "%%"))
    known = {script.revision for script in ScriptDirectory.from_config(config).walk_revisions()}
    if present and present not in known:
        raise _refused("ledger-newer", "was written by a newer version of the translator", place)
    command.upgrade(config, "head")


def check(connection: Connection, place: str) -> None:
    """Refuse a book that is not of the present schema."""
    if revision(connection) != HEAD:
        raise _refused("ledger-schema", "has another schema than this version of the translator", place)


def revision(connection: Connection) -> str:
    """Give the revision the book is at; empty for a fresh one."""
    if not connection.dialect.has_table(connection, "alembic_version"):
        return ""
    return str(connection.execute(text("SELECT version_num FROM alembic_version")).scalar() or "")


def _refused(code: str, what: str, place: str) -> Misconfigured:
    hint = "start the service once with the newest version: it upgrades the ledger"
    return Misconfigured([Finding(code, f"the ledger {what}", Place(place), hint=hint)])
