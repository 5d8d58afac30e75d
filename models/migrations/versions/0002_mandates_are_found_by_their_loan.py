"""Mandates are found by their loan, whatever their state"""

from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_index("ix_mandate_loan_id", "mandate", ["loan_id"])


def downgrade() -> None:
    op.drop_index("ix_mandate_loan_id", "mandate")
