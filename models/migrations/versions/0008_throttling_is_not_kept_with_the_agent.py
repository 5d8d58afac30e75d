"""Throttling is not kept with the agent"""

import sqlalchemy as sa
from alembic import op

from models.base import UtcDateTime

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.drop_column("agent", "failures")
    op.drop_column("agent", "locked_until")


def downgrade() -> None:
    op.add_column("agent", sa.Column("failures", sa.Integer(), nullable=False, server_default="0"))
    op.add_column("agent", sa.Column("locked_until", UtcDateTime(), nullable=True))
