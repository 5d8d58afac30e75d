"""A promise may name a second payment"""

import sqlalchemy as sa
from alembic import op

revision = "0025"
down_revision = "0024"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("promise", sa.Column("rest_amount", sa.BigInteger(), nullable=True))
    op.add_column("promise", sa.Column("rest_date", sa.Date(), nullable=True))
    op.add_column("promise", sa.Column("rest_expires_on", sa.Date(), nullable=True))


def downgrade() -> None:
    op.drop_column("promise", "rest_expires_on")
    op.drop_column("promise", "rest_date")
    op.drop_column("promise", "rest_amount")
