"""What waits for a loan, and the contacts of a borrower by day"""

import sqlalchemy as sa
from alembic import op

revision = "0046"
down_revision = "0045"
branch_labels = None
depends_on = None


def upgrade() -> None:
    _partial("ix_event_loan_id", "event", ["loan_id"], "done_at IS NULL")
    _partial("ix_message_contact", "message", ["borrower_id", "created_at"], "purpose = 'contact'")


def downgrade() -> None:
    op.drop_index("ix_message_contact", table_name="message")
    op.drop_index("ix_event_loan_id", table_name="event")


def _partial(name: str, table: str, columns: list[str], where: str) -> None:
    only = sa.text(where)
    op.create_index(name, table, columns, sqlite_where=only, postgresql_where=only)
