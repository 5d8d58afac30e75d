"""Loans have tags"""

import sqlalchemy as sa
from alembic import op

revision = "0043"
down_revision = "0042"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("loan", sa.Column("tags", sa.String(length=900), nullable=True))


def downgrade() -> None:
    op.drop_column("loan", "tags")
