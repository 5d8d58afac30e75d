"""What becomes of a payment that its borrower reported: it arrives, or it is not found. Both are notified."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import Connection, exists, select, update

from bot.reach import News, notify_borrowers
from bot.services import Services
from models import hold_table, payment_report_table, task_table, write_tx
from models.base import AnyRow
from models.ledger import NewEntry, append_many, refresh_statuses
from values import city_day

_KIND = "payment_reported"
_ACTOR = "system:money"
_BATCH = 50
_IN_REVIEW = exists().where(
    payment_report_table.c.loan_id == hold_table.c.loan_id, payment_report_table.c.status == "review"
)
_STANDING = (hold_table.c.kind == _KIND, hold_table.c.lifted_at.is_(None), ~_IN_REVIEW)
_CASE = task_table.c.kind == _KIND


def payment_seen(connection: Connection, loan_id: int, amount: int, now: datetime) -> bool:
    """Whether a payment of at least this sum had been reported: its case is done, the loan no longer held."""
    open_cases = select(task_table.c.id, task_table.c.data).where(
        _CASE, task_table.c.loan_id == loan_id, task_table.c.done_at.is_(None)
    )
    seen = [row.id for row in connection.execute(open_cases) if row.data.get("amount", 0) <= amount]
    if not seen:
        return False
    connection.execute(
        update(task_table).where(task_table.c.id.in_(seen)).values(done_at=now, done_by=_ACTOR)
    )
    holds = connection.execute(select(hold_table).where(hold_table.c.loan_id == loan_id, *_STANDING)).all()
    _lift(connection, holds, now, _ACTOR)
    return True


def payment_not_found(
    connection: Connection, loan_id: int, now: datetime, actor: str, *, notified: bool = False
) -> None:
    """A person has looked and closes the case; its borrower is informed who was not `notified` of it, by a
    person or when its time was over.
    """
    query = select(hold_table).where(hold_table.c.loan_id == loan_id, *_STANDING)
    holds = connection.execute(query).all()
    (_lift if notified else _notify_not_found)(connection, holds, now, actor)


def report_withdrawn(connection: Connection, loan_id: int, now: datetime, actor: str) -> None:
    """Whoever reported it says that it was not paid: its case is done, the loan no longer held."""
    cases = update(task_table).where(_CASE, task_table.c.loan_id == loan_id, task_table.c.done_at.is_(None))
    connection.execute(cases.values(done_at=now, done_by=actor, outcome="not_needed"))
    holds = select(hold_table).where(hold_table.c.loan_id == loan_id, *_STANDING)
    _lift(connection, connection.execute(holds).all(), now, actor)


def answer_reports(services: Services) -> int:
    """Notifies the borrowers whose time is over that no payment was found; how many. The case stays open.
    Nothing where a person has found it: the hold ends by itself.
    """
    now, row = services.clock.now(), task_table.c
    of_loan = (_CASE, row.loan_id == hold_table.c.loan_id)
    found = exists().where(*of_loan, row.outcome == "found", row.done_at >= hold_table.c.placed_at)
    reported = exists().where(*of_loan) & ~found
    over = select(hold_table).where(*_STANDING, hold_table.c.until <= now, reported).limit(_BATCH)
    with write_tx(services.engine) as connection:
        holds = connection.execute(over.with_for_update(skip_locked=True)).all()
        _notify_not_found(connection, holds, now, _ACTOR)
    return len(holds)


def _notify_not_found(connection: Connection, holds: Sequence[AnyRow], now: datetime, actor: str) -> None:
    _lift(connection, holds, now, actor)
    news = [News(hold.loan_id, "payment.not_found", f"payment.not_found:{hold.id}") for hold in holds]
    notify_borrowers(connection, news, now)


def _lift(connection: Connection, holds: Sequence[AnyRow], now: datetime, actor: str) -> None:
    if not holds:
        return
    ids = [hold.id for hold in holds]
    connection.execute(update(hold_table).where(hold_table.c.id.in_(ids)).values(lifted_at=now))
    entry = NewEntry("hold.lifted", {"hold": _KIND}, actor)
    append_many(connection, {hold.loan_id: [entry] for hold in holds}, now)
    refresh_statuses(connection, city_day(now), now, [hold.loan_id for hold in holds])
