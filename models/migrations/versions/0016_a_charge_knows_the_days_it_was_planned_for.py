"""A charge knows the due date it was planned for and the day that its borrower was given"""

import sqlalchemy as sa
from alembic import op

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("charge", sa.Column("planned_due_date", sa.Date(), nullable=True))
    op.add_column("charge", sa.Column("expected_on", sa.Date(), nullable=True))


def downgrade() -> None:
    op.drop_column("charge", "expected_on")
    op.drop_column("charge", "planned_due_date")
