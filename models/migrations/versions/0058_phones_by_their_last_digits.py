"""A phone is found by how it ends: the last digits are what a person remembers and what a mask shows"""

import sqlalchemy as sa
from alembic import op

revision = "0058"
down_revision = "0057"
branch_labels = None
depends_on = None
LAST_FOUR = sa.text("substr(key, length(key) - 3)")


def upgrade() -> None:
    op.create_index("ix_contact_point_last_four", "contact_point", [LAST_FOUR])


def downgrade() -> None:
    op.drop_index("ix_contact_point_last_four", "contact_point", if_exists=True)
