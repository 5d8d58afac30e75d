"""Access can be revoked: sessions, keys in rotation, an audit table"""

import sqlalchemy as sa
from alembic import op

from models import append_only
from models.base import BigInt, Json, UtcDateTime

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "agent_session",
        sa.Column("id", BigInt, primary_key=True, autoincrement=True),
        sa.Column("agent_id", BigInt, sa.ForeignKey("agent.id"), nullable=False),
        sa.Column("token_hash", sa.String(64), nullable=False),
        sa.Column("began_at", UtcDateTime(), nullable=False),
        sa.Column("ended_at", UtcDateTime()),
        sa.UniqueConstraint("token_hash", name="uq_agent_session_token_hash"),
    )
    op.create_index("ix_agent_session_agent_id", "agent_session", ["agent_id"])
    op.create_table(
        "audit_entry",
        sa.Column("id", BigInt, primary_key=True, autoincrement=True),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.Column("actor", sa.String(120), nullable=False),
        sa.Column("action", sa.String(40), nullable=False),
        sa.Column("subject", sa.String(254), nullable=False),
        sa.Column("data", Json, nullable=False),
    )
    append_only.install(op.get_bind())
    op.add_column("api_key", sa.Column("previous_hash", sa.String(64), nullable=True))
    op.add_column("api_key", sa.Column("previous_until", UtcDateTime(), nullable=True))
    op.create_index("ix_api_key_previous_hash", "api_key", ["previous_hash"], unique=True)


def downgrade() -> None:
    op.drop_index("ix_api_key_previous_hash", "api_key")
    op.drop_column("api_key", "previous_until")
    op.drop_column("api_key", "previous_hash")
    op.drop_table("audit_entry")
    op.drop_index("ix_agent_session_agent_id", "agent_session")
    op.drop_table("agent_session")
