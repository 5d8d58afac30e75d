"""The proof of a mandate's holder is kept by answering"""

import sqlalchemy as sa
from alembic import op

from models.base import UtcDateTime

revision = "0020"
down_revision = "0019"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("contact_point", sa.Column("answered_at", UtcDateTime(), nullable=True))


def downgrade() -> None:
    op.drop_column("contact_point", "answered_at")
