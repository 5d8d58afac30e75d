"""Mandates whose time is over: terms that nobody accepted, a last day that has passed, a loan that is paid off."""

from zoneinfo import ZoneInfo

from sqlalchemy import and_, case, or_, select

from bot.services import Services
from models import Loan, Mandate, writing
from models.ledger import NewEntry, append_many, end_mandate

_M, _L = Mandate.__table__, Loan.__table__
BATCH = 200
_GIVEN = ("authorized", "submitted", "active", "suspended", "disputed")


def expire_mandates(services: Services) -> int:
    """How many ended."""
    now = services.clock.now()
    today = now.astimezone(ZoneInfo(services.settings.timezone)).date()
    unanswered = and_(_M.c.status == "requested", _M.c.requested_at < now - services.policy.question_expires)
    over = and_(_M.c.status.in_(_GIVEN), _M.c.valid_until < today)
    paid = and_(_M.c.status.in_(_GIVEN), _L.c.status == "settled")
    reason = case((unanswered, "unanswered"), (paid, "loan_settled"), else_="valid_until").label("reason")
    due = (
        select(_M, reason)
        .join(_L, _L.c.id == _M.c.loan_id)
        .where(or_(unanswered, over, paid))
        .order_by(_M.c.id)
        .limit(BATCH)
        .with_for_update(of=_M, skip_locked=True)
    )
    entries: dict[int, list[NewEntry]] = {}
    with writing(services.engine) as connection:
        rows = connection.execute(due).all()
        for row in rows:
            entries.setdefault(row.loan_id, []).extend(end_mandate(connection, row, "expired", row.reason, now, "system:mandates"))
        if entries:
            append_many(connection, entries, now)
    return len(rows)
