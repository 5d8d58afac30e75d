"""A message's delivery attempts are rows of their own"""

import sqlalchemy as sa
from alembic import op

from models.base import BigInt, Json, UtcDateTime

revision = "0027"
down_revision = "0026"
branch_labels = None
depends_on = None

OUTCOMES = ("sending", "unknown", "taken", "refused", "never_sent", "ambiguous")
OPEN_ATTEMPT = "outcome IN ('sending', 'unknown')"
STANDING = "outcome IN ('sending', 'unknown', 'taken')"
UNSETTLED = "status IN ('sending', 'unknown')"

_message = sa.table(
    "message",
    sa.column("id"),
    sa.column("address"),
    sa.column("direction"),
    sa.column("status"),
    sa.column("error"),
    sa.column("error_code"),
    sa.column("attempts"),
    sa.column("account_sid"),
    sa.column("provider_sid"),
    sa.column("claimed_by"),
    sa.column("claimed_at"),
    sa.column("created_at"),
    sa.column("sent_at"),
    sa.column("instead_of_id"),
    sa.column("extra", Json),
)
_attempt = sa.table(
    "delivery_attempt",
    *(
        sa.column(name)
        for name in (
            "id",
            "message_id",
            "address",
            "template",
            "outcome",
            "error_code",
            "account_sid",
            "provider_sid",
            "claimed_by",
            "claimed_at",
            "started_at",
            "settled_at",
        )
    ),
)


def upgrade() -> None:
    op.create_table(
        "delivery_attempt",
        sa.Column("id", BigInt, autoincrement=True, nullable=False),
        sa.Column("message_id", BigInt, nullable=False),
        sa.Column("address", sa.String(254), nullable=False),
        sa.Column("template", sa.String(64), nullable=True),
        sa.Column("outcome", sa.String(12), nullable=False),
        sa.Column("error_code", sa.String(16), nullable=True),
        sa.Column("account_sid", sa.String(64), nullable=True),
        sa.Column("provider_sid", sa.String(64), nullable=True),
        sa.Column("claimed_by", sa.String(40), nullable=False),
        sa.Column("claimed_at", UtcDateTime(), nullable=False),
        sa.Column("started_at", UtcDateTime(), nullable=False),
        sa.Column("settled_at", UtcDateTime(), nullable=True),
        sa.CheckConstraint(f"outcome IN {OUTCOMES}", name=op.f("ck_delivery_attempt_outcome")),
        sa.ForeignKeyConstraint(
            ["message_id"], ["message.id"], name=op.f("fk_delivery_attempt_message_id_message")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_delivery_attempt")),
        sa.UniqueConstraint(
            "provider_sid", "account_sid", name=op.f("uq_delivery_attempt_provider_sid_account_sid")
        ),
    )
    op.create_index("ix_delivery_attempt_message_id", "delivery_attempt", ["message_id"])
    _partial("uq_delivery_attempt_standing", "delivery_attempt", ["message_id"], STANDING, unique=True)
    _partial("ix_delivery_attempt_open", "delivery_attempt", ["outcome", "claimed_at"], OPEN_ATTEMPT)
    with op.batch_alter_table("message") as batch:
        batch.add_column(sa.Column("instead_of_id", BigInt, nullable=True))
        batch.create_foreign_key(
            op.f("fk_message_instead_of_id_message"), "message", ["instead_of_id"], ["id"]
        )
    _move()
    op.drop_index("ix_message_unsettled", "message")
    for name in ("error_code", "claimed_at", "claimed_by"):
        op.drop_column("message", name)
    op.alter_column("message", "error", new_column_name="reason")
    _partial("ix_message_unsettled", "message", ["conversation_id"], UNSETTLED)


def _partial(name: str, table: str, columns: list[str], where: str, *, unique: bool = False) -> None:
    op.create_index(
        name, table, columns, unique=unique, sqlite_where=sa.text(where), postgresql_where=sa.text(where)
    )


def _move() -> None:
    """Of each message its newest try: earlier ones left no trace."""
    out = _message.c.direction == "out"
    outcome = sa.case(
        (_message.c.provider_sid.is_not(None), "taken"),
        (_message.c.status.in_(("sending", "unknown")), _message.c.status),
        (_message.c.error_code == "several", "ambiguous"),
        else_="refused",
    )
    started = sa.func.coalesce(_message.c.sent_at, _message.c.created_at)
    tried = sa.select(
        _message.c.id,
        _message.c.address,
        _message.c.extra["template"].as_string(),
        outcome,
        _message.c.error_code,
        _message.c.account_sid,
        _message.c.provider_sid,
        sa.func.coalesce(_message.c.claimed_by, ""),
        sa.func.coalesce(_message.c.claimed_at, started),
        started,
        sa.case((outcome.in_(("sending", "unknown")), None), else_=started),
    ).where(out, sa.or_(_message.c.attempts > 0, _message.c.provider_sid.is_not(None)))
    op.execute(sa.insert(_attempt).from_select([column.name for column in _attempt.c][1:], tried))
    original = sa.cast(_message.c.extra["instead_of"].as_string(), sa.BigInteger)
    op.execute(
        sa.update(_message)
        .where(out)
        .values(account_sid=None, provider_sid=None, instead_of_id=original, extra=sa.null())
    )
    given_up = _message.c.status.in_(("failed", "suppressed")) & _message.c.error.is_(None)
    op.execute(sa.update(_message).where(out, given_up).values(error=_message.c.error_code))


def downgrade() -> None:
    op.drop_index("ix_message_unsettled", "message")
    op.alter_column("message", "reason", new_column_name="error")
    op.add_column("message", sa.Column("error_code", sa.String(16), nullable=True))
    op.add_column("message", sa.Column("claimed_at", UtcDateTime(), nullable=True))
    op.add_column("message", sa.Column("claimed_by", sa.String(40), nullable=True))
    _move_back()
    with op.batch_alter_table("message") as batch:
        batch.drop_constraint(op.f("fk_message_instead_of_id_message"), type_="foreignkey")
        batch.drop_column("instead_of_id")
    _partial("ix_message_unsettled", "message", ["claimed_at"], UNSETTLED)
    op.drop_table("delivery_attempt")


def _move_back() -> None:
    newest = sa.select(sa.func.max(_attempt.c.id)).where(_attempt.c.message_id == _message.c.id)
    moved = ("error_code", "account_sid", "provider_sid", "claimed_by", "claimed_at")
    here = sa.select(*(_attempt.c[name] for name in moved)).where(
        _attempt.c.id == newest.correlate(_message).scalar_subquery()
    )
    values = {name: here.with_only_columns(_attempt.c[name]).scalar_subquery() for name in moved}
    tried = sa.exists().where(_attempt.c.message_id == _message.c.id)
    op.execute(sa.update(_message).where(_message.c.direction == "out", tried).values(values))
