"""Calls and visits of agents are kept and counted"""

import sqlalchemy as sa
from alembic import op

from models.base import UtcDateTime

revision = "0026"
down_revision = "0025"
branch_labels = None
depends_on = None

_BIG = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.create_table(
        "agent_contact",
        sa.Column("id", _BIG, autoincrement=True, nullable=False),
        sa.Column("borrower_id", _BIG, nullable=False),
        sa.Column("channel", sa.String(16), nullable=False),
        sa.Column("outcome", sa.String(16), nullable=False),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.Column("phone", sa.String(160), nullable=True),
        sa.Column("made_by", sa.String(64), nullable=False),
        sa.Column("reference", sa.String(64), nullable=False),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.CheckConstraint("channel IN ('call', 'visit')", name=op.f("ck_agent_contact_channel")),
        sa.CheckConstraint(
            "outcome IN ('answered', 'message_left', 'no_answer', 'wrong_person')",
            name=op.f("ck_agent_contact_outcome"),
        ),
        sa.ForeignKeyConstraint(
            ["borrower_id"], ["borrower.id"], name=op.f("fk_agent_contact_borrower_id_borrower")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_agent_contact")),
        sa.UniqueConstraint("borrower_id", "reference", name=op.f("uq_agent_contact_borrower_id_reference")),
    )
    op.create_index("ix_agent_contact_borrower_id_at", "agent_contact", ["borrower_id", "at"])


def downgrade() -> None:
    op.drop_table("agent_contact")
