"""What changes is reported to the desk; who looks at what; saved views; how many conversations an agent takes"""

import sqlalchemy as sa
from alembic import op

from models import desk
from models.base import BigInt, Json, UtcDateTime

revision = "0039"
down_revision = "0038"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "desk_change",
        sa.Column("id", BigInt, autoincrement=True, nullable=False),
        sa.Column("conversation_id", BigInt, nullable=True),
        sa.Column("queue", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_desk_change"),
    )
    op.create_table(
        "presence",
        sa.Column("agent_id", BigInt, autoincrement=False, nullable=False),
        sa.Column("conversation_id", BigInt, autoincrement=False, nullable=False),
        sa.Column("typing", sa.Boolean(), nullable=False),
        sa.Column("seen_at", UtcDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("agent_id", "conversation_id", name="pk_presence"),
    )
    op.create_index("ix_presence_conversation_id", "presence", ["conversation_id"])
    op.create_table(
        "saved_view",
        sa.Column("id", BigInt, autoincrement=True, nullable=False),
        sa.Column("agent_id", BigInt, nullable=False),
        sa.Column("name", sa.String(40), nullable=False),
        sa.Column("asked", Json, nullable=False),
        sa.ForeignKeyConstraint(["agent_id"], ["agent.id"], name="fk_saved_view_agent_id_agent"),
        sa.PrimaryKeyConstraint("id", name="pk_saved_view"),
    )
    op.create_index("ix_saved_view_agent_id", "saved_view", ["agent_id"])
    op.add_column("agent", sa.Column("capacity", sa.Integer(), nullable=True))
    op.add_column("agent", sa.Column("works_from", sa.String(5), nullable=True))
    op.add_column("agent", sa.Column("works_until", sa.String(5), nullable=True))


def downgrade() -> None:
    for name in ("works_until", "works_from", "capacity"):
        op.drop_column("agent", name)
    desk.remove(op.get_bind())
    op.drop_table("saved_view")
    op.drop_table("presence")
    op.drop_table("desk_change")
