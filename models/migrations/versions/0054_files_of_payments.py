"""A file of payments is checked and confirmed as a tape is"""

import sqlalchemy as sa
from alembic import op

revision = "0054"
down_revision = "0053"
branch_labels = None
depends_on = None


def upgrade() -> None:
    kind = sa.Column("kind", sa.String(10), server_default="loans", nullable=False)
    op.add_column("tape_load", kind)


def downgrade() -> None:
    with op.batch_alter_table("tape_load") as batch:
        batch.drop_column("kind")
