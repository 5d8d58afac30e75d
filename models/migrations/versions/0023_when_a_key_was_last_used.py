"""When an API key was last used"""

import sqlalchemy as sa
from alembic import op

from models.base import UtcDateTime

revision = "0023"
down_revision = "0022"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("api_key", sa.Column("last_used_at", UtcDateTime(), nullable=True))


def downgrade() -> None:
    op.drop_column("api_key", "last_used_at")
