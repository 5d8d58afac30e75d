"""A borrower can be erased, and the papers that the law wants kept go later"""

import sqlalchemy as sa
from alembic import op

from models.base import UtcDateTime

revision = "0038"
down_revision = "0037"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("borrower", sa.Column("erased_at", UtcDateTime(), nullable=True))
    op.add_column("borrower", sa.Column("papers_until", sa.Date(), nullable=True))
    kept = sa.text("papers_until IS NOT NULL")
    op.create_index(
        "ix_borrower_papers_until", "borrower", ["papers_until"], sqlite_where=kept, postgresql_where=kept
    )


def downgrade() -> None:
    op.drop_index("ix_borrower_papers_until", "borrower")
    for name in ("papers_until", "erased_at"):
        op.drop_column("borrower", name)
