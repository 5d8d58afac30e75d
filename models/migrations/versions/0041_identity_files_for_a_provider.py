"""Identity files that a provider demands with a consent, until they were sent"""

import sqlalchemy as sa
from alembic import op

from models.base import BigInt, UtcDateTime

revision = "0041"
down_revision = "0040"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "identity_file",
        sa.Column("id", BigInt, autoincrement=True, nullable=False),
        sa.Column("borrower_id", BigInt, nullable=False),
        sa.Column("mandate_id", BigInt, nullable=False),
        sa.Column("kind", sa.String(16), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["borrower_id"], ["borrower.id"], name="fk_identity_file_borrower_id_borrower"
        ),
        sa.ForeignKeyConstraint(["mandate_id"], ["mandate.id"], name="fk_identity_file_mandate_id_mandate"),
        sa.PrimaryKeyConstraint("id", name="pk_identity_file"),
        sa.UniqueConstraint("mandate_id", "kind", name="uq_identity_file_mandate_id_kind"),
    )
    op.create_index("ix_identity_file_borrower_id", "identity_file", ["borrower_id"])


def downgrade() -> None:
    op.drop_table("identity_file")
