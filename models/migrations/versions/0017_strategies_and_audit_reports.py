"""Strategies are kept in versions, and the auditor's reports as they were signed"""

import sqlalchemy as sa
from alembic import op

from models.base import Json, UtcDateTime

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None

_KEY = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.create_table(
        "strategy_version",
        sa.Column("id", _KEY, autoincrement=True, nullable=False),
        sa.Column("name", sa.String(40), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("why", sa.Text(), nullable=False),
        sa.Column("activated_by", sa.String(64), nullable=False),
        sa.Column("activated_at", UtcDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_strategy_version")),
        sa.UniqueConstraint("name", "version", name=op.f("uq_strategy_version_name_version")),
    )
    op.create_table(
        "audit_report",
        sa.Column("id", _KEY, autoincrement=True, nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("violations", sa.Integer(), nullable=False),
        sa.Column("body", Json, nullable=False),
        sa.Column("signature", sa.String(128), nullable=False),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_audit_report")),
        sa.UniqueConstraint("day", name=op.f("uq_audit_report_day")),
    )


def downgrade() -> None:
    op.drop_table("audit_report")
    op.drop_table("strategy_version")
