"""Papers that were issued, and access to the borrower's own pages"""

import sqlalchemy as sa
from alembic import op

from models.base import Json, UtcDateTime

revision = "0019"
down_revision = "0018"
branch_labels = None
depends_on = None

_BIG = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.create_table(
        "document",
        sa.Column("id", _BIG, autoincrement=True, nullable=False),
        sa.Column("loan_id", _BIG, nullable=False),
        sa.Column("kind", sa.String(24), nullable=False),
        sa.Column("code", sa.String(16), nullable=False),
        sa.Column("subject", sa.String(64), nullable=True),
        sa.Column("language", sa.String(8), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.Column("sha256", sa.String(64), nullable=False),
        sa.Column("data", Json, nullable=False),
        sa.Column("issued_at", UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(["loan_id"], ["loan.id"], name=op.f("fk_document_loan_id_loan")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_document")),
        sa.UniqueConstraint("code", name=op.f("uq_document_code")),
        sa.UniqueConstraint("subject", name=op.f("uq_document_subject")),
    )
    op.create_index("ix_document_loan_id", "document", ["loan_id"])
    op.create_table(
        "page_access",
        sa.Column("borrower_id", _BIG, nullable=False),
        sa.Column("generation", sa.Integer(), server_default="0", nullable=False),
        sa.Column("failures", sa.Integer(), server_default="0", nullable=False),
        sa.Column("changed_at", UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["borrower_id"], ["borrower.id"], name=op.f("fk_page_access_borrower_id_borrower")
        ),
        sa.PrimaryKeyConstraint("borrower_id", name=op.f("pk_page_access")),
    )


def downgrade() -> None:
    op.drop_table("page_access")
    op.drop_table("document")
