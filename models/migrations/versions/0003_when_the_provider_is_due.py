"""When the provider is next to be called about a mandate"""

import sqlalchemy as sa
from alembic import op

from models.base import UtcDateTime

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("mandate", sa.Column("due_at", UtcDateTime(), nullable=True))
    op.add_column("mandate", sa.Column("claimed_at", UtcDateTime(), nullable=True))
    op.add_column("mandate", sa.Column("tries", sa.Integer(), server_default="0", nullable=False))
    due = sa.text("due_at IS NOT NULL")
    op.create_index("ix_mandate_due_at", "mandate", ["due_at"], sqlite_where=due, postgresql_where=due)


def downgrade() -> None:
    op.drop_index("ix_mandate_due_at", "mandate")
    for column in ("tries", "claimed_at", "due_at"):
        op.drop_column("mandate", column)
