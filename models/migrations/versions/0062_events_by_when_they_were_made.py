"""What was planned on some days is found without reading all events"""

from alembic import op

revision = "0062"
down_revision = "0061"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_index("ix_event_created_at", "event", ["created_at"], postgresql_using="brin")


def downgrade() -> None:
    op.drop_index("ix_event_created_at", "event", if_exists=True)
