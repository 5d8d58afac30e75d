"""What one request causes is traced"""

import sqlalchemy as sa
from alembic import op

revision = "0044"
down_revision = "0043"
branch_labels = None
depends_on = None

TABLES = ("message", "event", "ledger_entry", "task")


def upgrade() -> None:
    for table in TABLES:
        op.add_column(table, sa.Column("trace", sa.String(32), nullable=True))


def downgrade() -> None:
    for table in TABLES:
        op.drop_column(table, "trace")
