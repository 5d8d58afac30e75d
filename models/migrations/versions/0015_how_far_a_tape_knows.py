"""How far a tape knows, of a loan and of a person"""

import sqlalchemy as sa
from alembic import op

from models.base import UtcDateTime

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("loan", sa.Column("known_until", UtcDateTime(), nullable=True))
    op.add_column("borrower", sa.Column("as_of", sa.Date(), nullable=True))


def downgrade() -> None:
    op.drop_column("borrower", "as_of")
    op.drop_column("loan", "known_until")
