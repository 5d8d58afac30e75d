"""From which message on somebody else may be writing in a conversation"""

import sqlalchemy as sa
from alembic import op

from models.base import BigInt

revision = "0040"
down_revision = "0039"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("conversation", sa.Column("somebody_else_since", BigInt, nullable=True))


def downgrade() -> None:
    op.drop_column("conversation", "somebody_else_since")
