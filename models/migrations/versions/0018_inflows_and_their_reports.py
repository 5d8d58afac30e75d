"""Inflows of money and the reports that speak of them"""

import sqlalchemy as sa
from alembic import op

from models.base import BigInt, Json, UtcDateTime

revision = "0018"
down_revision = "0017"
branch_labels = None
depends_on = None


def _key(table: str, column: str, other: str) -> sa.ForeignKey:
    return sa.ForeignKey(f"{other}.id", name=op.f(f"fk_{table}_{column}_{other}"))


def upgrade() -> None:
    op.create_table(
        "inflow",
        sa.Column("id", BigInt, autoincrement=True, nullable=False),
        sa.Column("loan_id", BigInt, _key("inflow", "loan_id", "loan"), nullable=False),
        sa.Column("entry_id", BigInt, _key("inflow", "entry_id", "ledger_entry"), nullable=False),
        sa.Column("amount", sa.BigInteger(), nullable=False),
        sa.Column("charge_id", BigInt, _key("inflow", "charge_id", "charge"), nullable=True),
        sa.Column("credited_from", sa.Date(), nullable=True),
        sa.Column("credited_until", sa.Date(), nullable=True),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.Column("reversed_at", UtcDateTime(), nullable=True),
        sa.CheckConstraint("amount > 0", name=op.f("ck_inflow_amount")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_inflow")),
        sa.UniqueConstraint("entry_id", name=op.f("uq_inflow_entry_id")),
        sa.UniqueConstraint("charge_id", name=op.f("uq_inflow_charge_id")),
    )
    op.create_index("ix_inflow_loan_id", "inflow", ["loan_id"])
    table = "payment_report"
    op.create_table(
        table,
        sa.Column("id", BigInt, autoincrement=True, nullable=False),
        sa.Column("loan_id", BigInt, _key(table, "loan_id", "loan"), nullable=False),
        sa.Column("inflow_id", BigInt, _key(table, "inflow_id", "inflow"), nullable=True),
        sa.Column("source", sa.String(8), nullable=False),
        sa.Column("rail", sa.String(12), nullable=False),
        sa.Column("reference", sa.String(64), nullable=False),
        sa.Column("amount", sa.BigInteger(), nullable=False),
        sa.Column("paid_at", UtcDateTime(), nullable=False),
        sa.Column("actor", sa.String(64), nullable=False),
        sa.Column("status", sa.String(12), nullable=False),
        sa.Column("charge_id", BigInt, _key(table, "charge_id", "charge"), nullable=True),
        sa.Column("credited_from", sa.Date(), nullable=True),
        sa.Column("credited_until", sa.Date(), nullable=True),
        sa.Column("candidates", Json, nullable=False),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.Column("decided_at", UtcDateTime(), nullable=True),
        sa.Column("decided_by", sa.String(64), nullable=True),
        sa.CheckConstraint("amount > 0", name=op.f("ck_payment_report_amount")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_payment_report")),
    )
    op.create_index("ix_payment_report_loan_id", table, ["loan_id"])
    op.create_index("ix_payment_report_inflow_id", table, ["inflow_id"])
    review = sa.text("status = 'review'")
    op.create_index(
        "ix_payment_report_review", table, ["loan_id"], sqlite_where=review, postgresql_where=review
    )
    op.drop_column("charge", "reported_by")


def downgrade() -> None:
    op.add_column("charge", sa.Column("reported_by", sa.String(128), nullable=True))
    op.drop_table("payment_report")
    op.drop_table("inflow")
