"""Who lost the device of the second factor logs in by codes kept elsewhere"""

import sqlalchemy as sa
from alembic import op

revision = "0057"
down_revision = "0056"
branch_labels = None
depends_on = None


def upgrade() -> None:
    used = sa.Column("recovery_used", sa.Integer(), server_default="0", nullable=False)
    op.add_column("agent", used)


def downgrade() -> None:
    op.drop_column("agent", "recovery_used")
