"""Messages are found by when they left, by their SID alone, and where they were suppressed or their turn raised"""

import sqlalchemy as sa
from alembic import op

revision = "0034"
down_revision = "0033"
branch_labels = None
depends_on = None

_INDEXES = {
    "ix_message_unprocessed": (["id"], "status = 'unprocessed'"),
    "ix_message_left": (["sent_at", "id"], "sent_at IS NOT NULL"),
    "ix_message_suppressed": (["created_at"], "status = 'suppressed'"),
}


_BY_ACCOUNT = ("uq_message_account_sid_provider_sid", ["account_sid", "provider_sid"])
_BY_SID = ("uq_message_provider_sid_account_sid", ["provider_sid", "account_sid"])


def upgrade() -> None:
    _unique(_BY_ACCOUNT, _BY_SID)
    for name, (columns, where) in _INDEXES.items():
        only = sa.text(where)
        op.create_index(name, "message", columns, sqlite_where=only, postgresql_where=only)


def downgrade() -> None:
    for name in _INDEXES:
        op.drop_index(name, "message")
    _unique(_BY_SID, _BY_ACCOUNT)


def _unique(before: tuple[str, list[str]], after: tuple[str, list[str]]) -> None:
    with op.batch_alter_table("message") as batch:
        batch.drop_constraint(op.f(before[0]), type_="unique")
        batch.create_unique_constraint(op.f(after[0]), after[1])
