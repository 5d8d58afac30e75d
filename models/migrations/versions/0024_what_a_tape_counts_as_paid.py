"""What a loan's newest tape counts as paid"""

import sqlalchemy as sa
from alembic import op

from models.base import BigInt

revision = "0024"
down_revision = "0023"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("loan", sa.Column("tape_paid_centavos", BigInt, nullable=True))


def downgrade() -> None:
    op.drop_column("loan", "tape_paid_centavos")
