"""Charges are found by their state"""

from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.drop_index("ix_charge_due", "charge")
    op.create_index("ix_charge_due", "charge", ["status", "charge_on"])
    op.create_index("ix_charge_look", "charge", ["status", "checked_at"])


def downgrade() -> None:
    op.drop_index("ix_charge_look", "charge")
    op.drop_index("ix_charge_due", "charge")
    op.create_index("ix_charge_due", "charge", ["charge_on", "status"])
