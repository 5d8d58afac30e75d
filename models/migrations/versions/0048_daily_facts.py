"""The KPIs of each day, as a sweep keeps them"""

import sqlalchemy as sa
from alembic import op

from models.base import BigInt, Json, UtcDateTime

revision = "0048"
down_revision = "0047"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "daily_fact",
        sa.Column("id", BigInt, autoincrement=True, nullable=False),
        sa.Column("kpi", sa.String(24), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("days", sa.Integer(), nullable=False),
        sa.Column("rows", Json, nullable=False),
        sa.Column("basis", sa.String(80), nullable=False),
        sa.Column("kept_at", UtcDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_daily_fact"),
        sa.UniqueConstraint("kpi", "day", "days", name="uq_daily_fact_kpi_day_days"),
    )
    op.create_index("ix_daily_fact_day", "daily_fact", ["day"])


def downgrade() -> None:
    op.drop_table("daily_fact")
