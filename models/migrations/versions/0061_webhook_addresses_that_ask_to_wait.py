"""A webhook address that asks for time is left alone for so long"""

import sqlalchemy as sa
from alembic import op

from models.base import UtcDateTime

revision = "0061"
down_revision = "0060"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("webhook_endpoint", sa.Column("paused_until", UtcDateTime(), nullable=True))


def downgrade() -> None:
    op.drop_column("webhook_endpoint", "paused_until")
