"""Mandates whose time is over: terms that nobody accepted, a last day that has passed, a loan that is paid
off.
"""

from zoneinfo import ZoneInfo

from sqlalchemy import and_, case, or_, select

from bot.debit.mandates.moves import end_mandate
from bot.services import Services
from models import loan_table, mandate_table, write_tx
from models.ledger import NewEntry, append_many
from models.mandate import ACTIVE_STATES

BATCH = 200
_GIVEN = ("authorized", "submitted", *ACTIVE_STATES)


def expire_mandates(services: Services) -> int:
    """How many ended."""
    now = services.clock.now()
    today = now.astimezone(ZoneInfo(services.settings.timezone)).date()
    unanswered = and_(
        mandate_table.c.status == "requested",
        mandate_table.c.requested_at < now - services.policy.question_expires,
    )
    over = and_(mandate_table.c.status.in_(_GIVEN), mandate_table.c.valid_until < today)
    paid = and_(mandate_table.c.status.in_(_GIVEN), loan_table.c.status == "settled")
    reason = case((unanswered, "unanswered"), (paid, "loan_settled"), else_="valid_until").label("reason")
    due = (
        select(mandate_table, reason)
        .join(loan_table, loan_table.c.id == mandate_table.c.loan_id)
        .where(or_(unanswered, over, paid))
        .order_by(mandate_table.c.id)
        .limit(BATCH)
        .with_for_update(of=mandate_table, skip_locked=True)
    )
    entries: dict[int, list[NewEntry]] = {}
    with write_tx(services.engine) as connection:
        rows = connection.execute(due).all()
        for row in rows:
            entries.setdefault(row.loan_id, []).extend(
                end_mandate(connection, row, "expired", row.reason, now, "system:mandates")
            )
        if entries:
            append_many(connection, entries, now)
    return len(rows)
