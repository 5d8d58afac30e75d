"""A reply is known by the key that the agent's browser gave it"""

import sqlalchemy as sa
from alembic import op

revision = "0029"
down_revision = "0028"
branch_labels = None
depends_on = None

KEYED = sa.text("reply_key IS NOT NULL")


def upgrade() -> None:
    op.add_column("message", sa.Column("reply_key", sa.String(64), nullable=True))
    op.create_index(
        "ix_message_reply_key",
        "message",
        ["reply_key"],
        unique=True,
        sqlite_where=KEYED,
        postgresql_where=KEYED,
    )


def downgrade() -> None:
    op.drop_index("ix_message_reply_key", "message")
    op.drop_column("message", "reply_key")
