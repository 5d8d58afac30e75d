"""Tapes that were given to us, and loans as they were before"""

import sqlalchemy as sa
from alembic import op

from models.base import BigInt, Json, UtcDateTime

revision = "0022"
down_revision = "0021"
branch_labels = None
depends_on = None

_DUE = "status IN ('uploaded', 'confirmed')"
_STATES = "'uploaded', 'checked', 'refused', 'confirmed', 'loaded', 'failed', 'undone'"


def upgrade() -> None:
    op.create_table(
        "tape_load",
        sa.Column("id", BigInt, autoincrement=True, nullable=False),
        sa.Column("file_name", sa.String(200), nullable=False),
        sa.Column("status", sa.String(12), nullable=False),
        sa.Column("source", sa.String(12), nullable=False),
        sa.Column("given_by", sa.String(64), nullable=False),
        sa.Column("confirmed_by", sa.String(64), nullable=True),
        sa.Column("mapping", sa.Text(), nullable=False),
        sa.Column("as_of", sa.Date(), nullable=True),
        sa.Column("complete", sa.Boolean(), nullable=False),
        sa.Column("accept", sa.Boolean(), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=True),
        sa.Column("summary", Json, nullable=True),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.Column("ended_at", UtcDateTime(), nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_tape_load"),
        sa.CheckConstraint(f"status IN ({_STATES})", name="ck_tape_load_status"),
    )
    op.create_index(
        "ix_tape_load_due", "tape_load", ["id"], sqlite_where=sa.text(_DUE), postgresql_where=sa.text(_DUE)
    )
    op.create_table(
        "tape_before",
        sa.Column("load_id", BigInt, nullable=False),
        sa.Column("loan_id", BigInt, nullable=False),
        sa.Column("seq", sa.Integer(), nullable=False),
        sa.Column("before", Json, nullable=True),
        sa.PrimaryKeyConstraint("load_id", "loan_id", name="pk_tape_before"),
        sa.ForeignKeyConstraint(["load_id"], ["tape_load.id"], name="fk_tape_before_load_id_tape_load"),
        sa.ForeignKeyConstraint(["loan_id"], ["loan.id"], name="fk_tape_before_loan_id_loan"),
    )


def downgrade() -> None:
    op.drop_table("tape_before")
    op.drop_index("ix_tape_load_due", "tape_load")
    op.drop_table("tape_load")
