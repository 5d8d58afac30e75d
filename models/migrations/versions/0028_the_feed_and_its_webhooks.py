"""The feed of all that happens, and where it is delivered to"""

import sqlalchemy as sa
from alembic import op

from models import feed_event
from models.base import BigInt, UtcDateTime

revision = "0028"
down_revision = "0027"
branch_labels = None
depends_on = None

_UNNUMBERED, _WAITING = sa.text("position IS NULL"), sa.text("given_up_at IS NULL")


def upgrade() -> None:
    op.create_table(
        "feed_event",
        sa.Column("id", BigInt, autoincrement=True, nullable=False),
        sa.Column("position", sa.BigInteger(), nullable=True),
        sa.Column("kind", sa.String(12), nullable=False),
        sa.Column("subject_id", BigInt, nullable=False),
        sa.Column("loan_id", BigInt, nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_feed_event"),
        sa.UniqueConstraint("position", name="uq_feed_event_position"),
    )
    op.create_index(
        "ix_feed_event_unnumbered",
        "feed_event",
        ["id"],
        sqlite_where=_UNNUMBERED,
        postgresql_where=_UNNUMBERED,
    )
    op.execute(
        "INSERT INTO feed_event (kind, subject_id, loan_id) SELECT 'entry', id, loan_id FROM ledger_entry "
        "ORDER BY id"
    )
    op.create_table(
        "webhook_endpoint",
        sa.Column("id", BigInt, autoincrement=True, nullable=False),
        sa.Column("url", sa.String(500), nullable=False),
        sa.Column("secret", sa.LargeBinary(), nullable=True),
        sa.Column("previous_secret", sa.LargeBinary(), nullable=True),
        sa.Column("previous_until", UtcDateTime(), nullable=True),
        sa.Column("key_id", sa.String(16), nullable=True),
        sa.Column("position", sa.BigInteger(), nullable=False),
        sa.Column("claimed_by", sa.String(64), nullable=True),
        sa.Column("claimed_at", UtcDateTime(), nullable=True),
        sa.Column("succeeded_at", UtcDateTime(), nullable=True),
        sa.Column("last_answer", sa.String(40), nullable=True),
        sa.Column("disabled_at", UtcDateTime(), nullable=True),
        sa.Column("disabled_because", sa.String(80), nullable=True),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_webhook_endpoint"),
        sa.UniqueConstraint("url", name="uq_webhook_endpoint_url"),
    )
    op.create_table(
        "webhook_delivery",
        sa.Column("id", BigInt, autoincrement=True, nullable=False),
        sa.Column("endpoint_id", BigInt, nullable=False),
        sa.Column("position", sa.BigInteger(), nullable=False),
        sa.Column("lane", sa.String(40), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("failing_since", UtcDateTime(), nullable=True),
        sa.Column("next_at", UtcDateTime(), nullable=False),
        sa.Column("last_answer", sa.String(40), nullable=True),
        sa.Column("given_up_at", UtcDateTime(), nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_webhook_delivery"),
        sa.UniqueConstraint("endpoint_id", "position", name="uq_webhook_delivery_endpoint_id_position"),
        sa.ForeignKeyConstraint(
            ["endpoint_id"], ["webhook_endpoint.id"], name="fk_webhook_delivery_endpoint_id_webhook_endpoint"
        ),
    )
    op.create_index(
        "ix_webhook_delivery_waiting",
        "webhook_delivery",
        ["endpoint_id", "lane", "position"],
        sqlite_where=_WAITING,
        postgresql_where=_WAITING,
    )


def downgrade() -> None:
    feed_event.remove(op.get_bind())
    op.drop_table("webhook_delivery")
    op.drop_table("webhook_endpoint")
    op.drop_table("feed_event")
