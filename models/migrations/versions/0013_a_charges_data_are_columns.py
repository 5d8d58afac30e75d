"""A charge's data are columns"""

import sqlalchemy as sa
from alembic import op

from models.base import BigInt, Json, UtcDateTime

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None

_COLUMNS = (
    ("failing_since", UtcDateTime()),
    ("retry", sa.String(12)),
    ("announced_amount", sa.BigInteger()),
    ("entry_id", BigInt),
    ("reported_by", sa.String(128)),
    ("claimed_at", UtcDateTime()),
    ("claimed_by", sa.String(40)),
    ("submit_after", UtcDateTime()),
    ("cancel_asked_at", UtcDateTime()),
)


def upgrade() -> None:
    for name, kind in _COLUMNS:
        op.add_column("charge", sa.Column(name, kind, nullable=True))
    op.add_column("charge", sa.Column("failed_notices", sa.Integer(), nullable=False, server_default="0"))
    op.drop_column("charge", "data")


def downgrade() -> None:
    op.add_column("charge", sa.Column("data", Json, nullable=False, server_default="{}"))
    op.drop_column("charge", "failed_notices")
    for name, _ in reversed(_COLUMNS):
        op.drop_column("charge", name)
