"""The first book. Until a release carries it, its tables are those of `schema`; the first change after that freezes them here."""

from alembic import op

from translator.ledger.schema import METADATA

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the tables."""
    METADATA.create_all(op.get_bind(), checkfirst=False)
