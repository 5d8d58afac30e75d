"""A promise may name several further payments, in the order in which they are due"""

import sqlalchemy as sa
from alembic import op

from models.base import Json

revision = "0032"
down_revision = "0031"
branch_labels = None
depends_on = None

_SECOND = ("rest_amount", "rest_date", "rest_expires_on")


def upgrade() -> None:
    op.add_column("promise", sa.Column("rest", Json, nullable=True))
    old = sa.table("promise", *(sa.column(name) for name in ("id", *_SECOND)))
    new = sa.table("promise", sa.column("id"), sa.column("rest", Json))
    bind = op.get_bind()
    rows = bind.execute(sa.select(old).where(old.c.rest_date.is_not(None))).all()
    for row in rows:
        second = {
            "amount": row.rest_amount,
            "date": str(row.rest_date),
            "expires_on": str(row.rest_expires_on),
        }
        bind.execute(sa.update(new).where(new.c.id == row.id).values(rest=[second]))
    for name in _SECOND:
        op.drop_column("promise", name)


def downgrade() -> None:
    op.add_column("promise", sa.Column("rest_amount", sa.BigInteger(), nullable=True))
    op.add_column("promise", sa.Column("rest_date", sa.Date(), nullable=True))
    op.add_column("promise", sa.Column("rest_expires_on", sa.Date(), nullable=True))
    op.drop_column("promise", "rest")
