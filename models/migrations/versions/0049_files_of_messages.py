"""Files that come and go with messages are kept"""

import sqlalchemy as sa
from alembic import op

from models.base import BigInt, UtcDateTime

revision = "0049"
down_revision = "0048"
branch_labels = None
depends_on = None


def upgrade() -> None:
    to_fetch = sa.text("fetch_at IS NOT NULL")
    op.create_table(
        "message_file",
        sa.Column("id", BigInt, autoincrement=True, nullable=False),
        sa.Column("conversation_id", BigInt, nullable=False),
        sa.Column("message_id", BigInt, nullable=True),
        sa.Column("agent_id", BigInt, nullable=True),
        sa.Column("name", sa.String(120), nullable=True),
        sa.Column("url", sa.Text(), nullable=True),
        sa.Column("content", sa.LargeBinary(), nullable=True),
        sa.Column("content_type", sa.String(64), nullable=True),
        sa.Column("fetch_at", UtcDateTime(), nullable=True),
        sa.Column("tries", sa.Integer(), server_default="0", nullable=False),
        sa.Column("failure", sa.String(24), nullable=True),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["conversation_id"], ["conversation.id"], name="fk_message_file_conversation_id_conversation"
        ),
        sa.ForeignKeyConstraint(["message_id"], ["message.id"], name="fk_message_file_message_id_message"),
        sa.ForeignKeyConstraint(["agent_id"], ["agent.id"], name="fk_message_file_agent_id_agent"),
        sa.PrimaryKeyConstraint("id", name="pk_message_file"),
    )
    op.create_index("ix_message_file_message_id", "message_file", ["message_id"])
    op.create_index("ix_message_file_conversation_id", "message_file", ["conversation_id"])
    op.create_index(
        "ix_message_file_to_fetch",
        "message_file",
        ["fetch_at"],
        sqlite_where=to_fetch,
        postgresql_where=to_fetch,
    )


def downgrade() -> None:
    op.drop_table("message_file")
