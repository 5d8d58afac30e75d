"""Conversations are put off and closed; tasks have an owner, a deadline and an outcome"""

import sqlalchemy as sa
from alembic import op

from models.base import BigInt, UtcDateTime

revision = "0035"
down_revision = "0034"
branch_labels = None
depends_on = None

TIMES = ("snoozed_at", "snoozed_until", "released_at")


def upgrade() -> None:
    for name in TIMES:
        op.add_column("conversation", sa.Column(name, UtcDateTime(), nullable=True))
    for name in ("last_in_at", "released_at"):
        known = sa.text(f"{name} IS NOT NULL")
        op.create_index(
            f"ix_conversation_{name}",
            "conversation",
            [name, "id"],
            sqlite_where=known,
            postgresql_where=known,
        )
    with op.batch_alter_table("task") as batch:
        batch.add_column(sa.Column("due_at", UtcDateTime(), nullable=True))
        batch.add_column(sa.Column("agent_id", BigInt, nullable=True))
        batch.add_column(sa.Column("outcome", sa.String(40), nullable=True))
        batch.add_column(sa.Column("notified_at", UtcDateTime(), nullable=True))
        batch.create_foreign_key("fk_task_agent_id_agent", "agent", ["agent_id"], ["id"])


def downgrade() -> None:
    with op.batch_alter_table("task") as batch:
        batch.drop_constraint("fk_task_agent_id_agent", type_="foreignkey")
        for name in ("due_at", "agent_id", "outcome", "notified_at"):
            batch.drop_column(name)
    for name in ("last_in_at", "released_at"):
        op.drop_index(f"ix_conversation_{name}", "conversation")
    for name in TIMES:
        op.drop_column("conversation", name)
