"""Notes and tasks are found by their conversation"""

from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_index("ix_task_conversation_id", "task", ["conversation_id"])


def downgrade() -> None:
    op.drop_index("ix_task_conversation_id", "task")
