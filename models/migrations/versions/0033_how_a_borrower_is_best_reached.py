"""What receipts and answers show of contact points, and of the hours in which a borrower answers"""

import sqlalchemy as sa
from alembic import op

from models.base import UtcDateTime

revision = "0033"
down_revision = "0032"
branch_labels = None
depends_on = None

_BIG = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.add_column("contact_point", sa.Column("delivered_at", UtcDateTime(), nullable=True))
    op.add_column("contact_point", sa.Column("worked_at", UtcDateTime(), nullable=True))
    op.add_column("borrower", sa.Column("best_hour", sa.Integer(), nullable=True))
    op.create_table(
        "response_hour",
        sa.Column("borrower_id", _BIG, nullable=False),
        sa.Column("hour", sa.Integer(), nullable=False),
        sa.Column("responses", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["borrower_id"], ["borrower.id"], name=op.f("fk_response_hour_borrower_id_borrower")
        ),
        sa.PrimaryKeyConstraint("borrower_id", "hour", name=op.f("pk_response_hour")),
    )


def downgrade() -> None:
    op.drop_table("response_hour")
    op.drop_column("borrower", "best_hour")
    op.drop_column("contact_point", "worked_at")
    op.drop_column("contact_point", "delivered_at")
