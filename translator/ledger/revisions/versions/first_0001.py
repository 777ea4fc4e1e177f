"""The first book. Until a release carries it, its tables are those of `schema`; the first change after that freezes them here."""

from alembic import op

from translator.ledger.schema import KEYS_METADATA, METADATA, MOVES_METADATA

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the tables."""
    connection = op.get_bind()
    METADATA.create_all(connection, checkfirst=False)
    if connection.dialect.name == "postgresql":
        MOVES_METADATA.create_all(connection, checkfirst=False)
        KEYS_METADATA.create_all(connection, checkfirst=False)
