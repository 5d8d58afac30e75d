"""What is known of each sender is shared by all workers"""

import sqlalchemy as sa
from alembic import op

from models.base import Json, UtcDateTime

revision = "0031"
down_revision = "0030"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "sender",
        sa.Column("channel", sa.String(16), nullable=False),
        sa.Column("tokens", sa.Float(), nullable=False),
        sa.Column("refilled_at", UtcDateTime(), nullable=False),
        sa.Column("failures", sa.Integer(), nullable=False),
        sa.Column("paused_until", UtcDateTime(), nullable=True),
        sa.Column("full_until", UtcDateTime(), nullable=True),
        sa.Column("opened", Json, nullable=False),
        sa.PrimaryKeyConstraint("channel", name=op.f("pk_sender")),
    )


def downgrade() -> None:
    op.drop_table("sender")
