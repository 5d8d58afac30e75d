"""Open cases are found by their loan"""

import sqlalchemy as sa
from alembic import op

revision = "0050"
down_revision = "0049"
branch_labels = None
depends_on = None
OPEN = sa.text("done_at IS NULL")


def upgrade() -> None:
    op.create_index("ix_task_loan_id", "task", ["loan_id"], sqlite_where=OPEN, postgresql_where=OPEN)


def downgrade() -> None:
    op.drop_index("ix_task_loan_id", "task")
