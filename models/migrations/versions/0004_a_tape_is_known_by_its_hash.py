"""The same tape again is known by its hash, a corrected one of the same day by another"""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("loan", sa.Column("tape_hash", sa.String(64), nullable=True))


def downgrade() -> None:
    op.drop_column("loan", "tape_hash")
