"""Contact points that were confirmed, by when"""

import sqlalchemy as sa
from alembic import op

revision = "0042"
down_revision = "0041"
branch_labels = None
depends_on = None

_CONFIRMED = sa.text("status = 'confirmed'")


def upgrade() -> None:
    op.create_index(
        "ix_contact_point_confirmed_at",
        "contact_point",
        ["confirmed_at"],
        sqlite_where=_CONFIRMED,
        postgresql_where=_CONFIRMED,
    )


def downgrade() -> None:
    op.drop_index("ix_contact_point_confirmed_at", "contact_point")
