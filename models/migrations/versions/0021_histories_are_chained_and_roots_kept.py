"""Histories are chained, and signed roots kept"""

import sqlalchemy as sa
from alembic import op

from models.base import BigInt, UtcDateTime

revision = "0021"
down_revision = "0020"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("transition", sa.Column("hash", sa.String(64), nullable=False, server_default=""))
    op.create_table(
        "ledger_root",
        sa.Column("id", BigInt, autoincrement=True, nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("heads", sa.LargeBinary(), nullable=True),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_ledger_root")),
        sa.UniqueConstraint("day", name=op.f("uq_ledger_root_day")),
    )


def downgrade() -> None:
    op.drop_table("ledger_root")
    op.drop_column("transition", "hash")
