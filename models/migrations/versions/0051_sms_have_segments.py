"""SMS have segments"""

import sqlalchemy as sa
from alembic import op

revision = "0051"
down_revision = "0050"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("message", sa.Column("segments", sa.Integer(), nullable=True))


def downgrade() -> None:
    op.drop_column("message", "segments")
