"""What only tapes count as paid is found for the reports"""

import sqlalchemy as sa
from alembic import op

revision = "0055"
down_revision = "0054"
branch_labels = None
depends_on = None
BY_TAPE = sa.text("account = 'tape'")


def upgrade() -> None:
    op.create_index(
        "ix_posting_tape", "posting", ["entry_id"], sqlite_where=BY_TAPE, postgresql_where=BY_TAPE
    )


def downgrade() -> None:
    op.drop_index("ix_posting_tape", "posting")
