"""Audit entries are found by what they are about"""

from alembic import op

revision = "0047"
down_revision = "0046"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_index("ix_audit_entry_subject", "audit_entry", ["subject", "at"])


def downgrade() -> None:
    op.drop_index("ix_audit_entry_subject", "audit_entry")
