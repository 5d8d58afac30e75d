"""What waits, and what agents have, is read in its queue's order"""

import sqlalchemy as sa
from alembic import op

revision = "0052"
down_revision = "0051"
branch_labels = None
depends_on = None
QUEUED, HELD = sa.text("handler = 'queue'"), sa.text("handler = 'agent'")


def upgrade() -> None:
    op.create_index(
        "ix_conversation_queued",
        "conversation",
        ["urgency", "queued_at", "id"],
        sqlite_where=QUEUED,
        postgresql_where=QUEUED,
    )
    op.create_index(
        "ix_conversation_held",
        "conversation",
        ["agent_id", "queued_at", "id"],
        sqlite_where=HELD,
        postgresql_where=HELD,
    )


def downgrade() -> None:
    op.drop_index("ix_conversation_held", "conversation")
    op.drop_index("ix_conversation_queued", "conversation")
