"""Receipts wait for a worker, which applies many at once"""

import sqlalchemy as sa
from alembic import op

from models.base import BigInt, Json, UtcDateTime

revision = "0053"
down_revision = "0052"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "posted_receipt",
        sa.Column("id", BigInt, autoincrement=True, nullable=False),
        sa.Column("content", Json, nullable=False),
        sa.Column("tries", sa.Integer(), server_default="0", nullable=False),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_posted_receipt"),
    )


def downgrade() -> None:
    op.drop_table("posted_receipt")
