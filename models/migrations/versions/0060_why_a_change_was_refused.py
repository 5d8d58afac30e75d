"""Who refuses a proposed change says why"""

import sqlalchemy as sa
from alembic import op

revision = "0060"
down_revision = "0059"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("revision", sa.Column("decided_why", sa.Text(), nullable=True))


def downgrade() -> None:
    op.drop_column("revision", "decided_why")
