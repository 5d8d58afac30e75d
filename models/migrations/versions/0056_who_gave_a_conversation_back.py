"""Who gave a conversation back is known by its row"""

import sqlalchemy as sa
from alembic import op

revision = "0056"
down_revision = "0055"
branch_labels = None
depends_on = None
KEY = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.add_column("conversation", sa.Column("released_by", KEY, nullable=True))


def downgrade() -> None:
    op.drop_column("conversation", "released_by")
