"""Plans, their parts, and what was offered"""

import sqlalchemy as sa
from alembic import op

from models.base import UtcDateTime

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None

_BIG = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.create_table(
        "plan",
        sa.Column("id", _BIG, autoincrement=True, nullable=False),
        sa.Column("folio", sa.String(24), nullable=True),
        sa.Column("loan_id", _BIG, nullable=False),
        sa.Column("kind", sa.String(12), nullable=False),
        sa.Column("status", sa.String(12), nullable=False),
        sa.Column("key", sa.String(24), nullable=False),
        sa.Column("total", sa.BigInteger(), nullable=False),
        sa.Column("discount", sa.BigInteger(), nullable=False),
        sa.Column("frequency", sa.String(16), nullable=False),
        sa.Column("rule", sa.String(48), nullable=False),
        sa.Column("policy_version", sa.String(12), nullable=False),
        sa.Column("offered_on", sa.Date(), nullable=False),
        sa.Column("valid_until", sa.Date(), nullable=False),
        sa.Column("offered_at", UtcDateTime(), nullable=False),
        sa.Column("agreed_at", UtcDateTime(), nullable=True),
        sa.Column("terms_text", sa.Text(), nullable=True),
        sa.Column("terms_hash", sa.String(64), nullable=True),
        sa.Column("asked_message_id", _BIG, nullable=True),
        sa.Column("answered_message_id", _BIG, nullable=True),
        sa.Column("judged_seq", sa.Integer(), server_default="0", nullable=False),
        sa.Column("judged_on", sa.Date(), nullable=True),
        sa.CheckConstraint("kind IN ('plan', 'settlement', 'extension')", name=op.f("ck_plan_kind")),
        sa.CheckConstraint(
            "status IN ('offered', 'active', 'kept', 'broken', 'cancelled')", name=op.f("ck_plan_status")
        ),
        sa.CheckConstraint("total > 0", name=op.f("ck_plan_total")),
        sa.CheckConstraint("discount >= 0", name=op.f("ck_plan_discount")),
        sa.ForeignKeyConstraint(["loan_id"], ["loan.id"], name=op.f("fk_plan_loan_id_loan")),
        sa.ForeignKeyConstraint(
            ["asked_message_id"], ["message.id"], name=op.f("fk_plan_asked_message_id_message")
        ),
        sa.ForeignKeyConstraint(
            ["answered_message_id"], ["message.id"], name=op.f("fk_plan_answered_message_id_message")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_plan")),
        sa.UniqueConstraint("folio", name=op.f("uq_plan_folio")),
    )
    active, offered = sa.text("status = 'active'"), sa.text("status = 'offered'")
    judged = sa.text("status IN ('active', 'kept', 'broken')")
    op.create_index(
        "uq_plan_active", "plan", ["loan_id"], unique=True, sqlite_where=active, postgresql_where=active
    )
    op.create_index(
        "uq_plan_offered",
        "plan",
        ["loan_id", "key"],
        unique=True,
        sqlite_where=offered,
        postgresql_where=offered,
    )
    op.create_index("ix_plan_loan_id", "plan", ["loan_id"])
    op.create_index("ix_plan_judged", "plan", ["judged_on"], sqlite_where=judged, postgresql_where=judged)
    op.create_table(
        "plan_instalment",
        sa.Column("id", _BIG, autoincrement=True, nullable=False),
        sa.Column("plan_id", _BIG, nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("due_date", sa.Date(), nullable=False),
        sa.Column("amount", sa.BigInteger(), nullable=False),
        sa.Column("paid", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("status", sa.String(8), nullable=False),
        sa.Column("moved_from", sa.Date(), nullable=True),
        sa.CheckConstraint("status IN ('open', 'kept', 'missed')", name=op.f("ck_plan_instalment_status")),
        sa.CheckConstraint("amount > 0", name=op.f("ck_plan_instalment_amount")),
        sa.ForeignKeyConstraint(["plan_id"], ["plan.id"], name=op.f("fk_plan_instalment_plan_id_plan")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_plan_instalment")),
        sa.UniqueConstraint("plan_id", "number", name=op.f("uq_plan_instalment_plan_id_number")),
    )


def downgrade() -> None:
    op.drop_table("plan_instalment")
    op.drop_table("plan")
