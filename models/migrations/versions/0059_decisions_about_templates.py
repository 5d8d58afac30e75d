"""A decision about a template is kept when another follows it: what left is judged by the one of its time"""

import sqlalchemy as sa
from alembic import op

from models.base import UtcDateTime

revision = "0059"
down_revision = "0058"
branch_labels = None
depends_on = None
KEY = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.create_table(
        "template_decision",
        sa.Column("id", KEY, autoincrement=True, nullable=False),
        sa.Column("template_id", KEY, nullable=False),
        sa.Column("status", sa.String(24), nullable=False),
        sa.Column("category", sa.String(24), nullable=True),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["template_id"], ["template.id"], name=op.f("fk_template_decision_template_id_template")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_template_decision")),
    )
    op.create_index("ix_template_decision_template_id", "template_decision", ["template_id"])


def downgrade() -> None:
    op.drop_table("template_decision")
