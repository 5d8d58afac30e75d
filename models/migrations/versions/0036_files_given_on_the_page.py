"""The receipt that a borrower gives on their page is kept"""

import sqlalchemy as sa
from alembic import op

from models.base import BigInt, UtcDateTime

revision = "0036"
down_revision = "0035"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "page_file",
        sa.Column("id", BigInt, autoincrement=True, nullable=False),
        sa.Column("borrower_id", BigInt, nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.Column("content_type", sa.String(32), nullable=False),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["borrower_id"], ["borrower.id"], name=op.f("fk_page_file_borrower_id_borrower")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_page_file")),
    )
    op.create_index("ix_page_file_borrower_id", "page_file", ["borrower_id"])


def downgrade() -> None:
    op.drop_table("page_file")
