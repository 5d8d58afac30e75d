"""A second factor of the log-in"""

import sqlalchemy as sa
from alembic import op

from models.base import BigInt, UtcDateTime

revision = "0037"
down_revision = "0036"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("agent", sa.Column("code_salt", sa.String(64), nullable=True))
    op.add_column("agent", sa.Column("code_since", UtcDateTime(), nullable=True))
    op.add_column("agent", sa.Column("code_step", BigInt, nullable=True))


def downgrade() -> None:
    for name in ("code_step", "code_since", "code_salt"):
        op.drop_column("agent", name)
