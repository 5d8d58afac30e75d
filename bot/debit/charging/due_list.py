"""What instalments and parts of plans share on their way to a planned charge."""

from datetime import date, timedelta
from typing import Any

from sqlalchemy import (
    Case,
    Column,
    ColumnElement,
    Connection,
    Select,
    String,
    and_,
    bindparam,
    case,
    cast,
    func,
    literal,
    not_,
    or_,
    select,
)
from sqlalchemy.dialects import postgresql, sqlite

from bot.debit.charging.guard import NO_CHARGE
from models import (
    bank_account_table,
    charge_table,
    hold_table,
    instalment_table,
    loan_table,
    mandate_table,
    promise_table,
)
from models.base import UtcDateTime
from models.hold import stands as hold_stands
from values import roll_forward

AHEAD = timedelta(days=8)
"""Further than the longest run of days without a lawful contact reaches: every charge is planned before its
notice day.
"""
NOW = bindparam("now", type_=UtcDateTime)
COLUMNS = (
    "mandate_id",
    "loan_id",
    "instalment_id",
    "attempt",
    "amount",
    "status",
    "planned_due_date",
    "charge_on",
    "key",
    "provider",
    "created_at",
)


def may_be_charged() -> ColumnElement[bool]:
    """Of a loan and its mandate: it is active, of the borrower's own account, and nothing stands against a
    charge: no hold, no promise.
    """
    held = select(hold_table.c.id).where(
        hold_table.c.loan_id == mandate_table.c.loan_id,
        hold_table.c.kind.in_(sorted(NO_CHARGE)),
        hold_stands(NOW),
    )
    promised = select(promise_table.c.id).where(
        promise_table.c.loan_id == mandate_table.c.loan_id, promise_table.c.status == "open"
    )
    return and_(
        mandate_table.c.status == "active",
        mandate_table.c.provider.in_(bindparam("providers", expanding=True)),
        or_(mandate_table.c.valid_until.is_(None), mandate_table.c.valid_until >= bindparam("today")),
        loan_table.c.status.in_(("current", "overdue")),
        bank_account_table.c.borrower_id == loan_table.c.borrower_id,
        not_(held.exists()),
        not_(promised.exists()),
    )


def charge_day(due: Column[date], today: date, soonest: date) -> Case[date]:
    """What is due from tomorrow on is charged that day, or the next banking day; what is due by today as soon
    as it can be announced.
    """
    ahead = {
        literal(day): literal(roll_forward(day))
        for day in (today + timedelta(days=n) for n in range(1, AHEAD.days + 1))
    }
    return case(ahead, value=due, else_=literal(soonest))


def next_attempt() -> Any:
    """Of an instalment: the number of its next charge."""
    return (
        select(func.coalesce(func.max(charge_table.c.attempt), 0) + 1)
        .where(charge_table.c.instalment_id == instalment_table.c.id)
        .correlate(instalment_table)
        .scalar_subquery()
    )


def charge_key(attempt: Any) -> ColumnElement[str]:
    number = cast(instalment_table.c.number, String)
    return mandate_table.c.folio + literal("-") + number + literal("-") + cast(attempt, String)


def insert_charges(connection: Connection, columns: tuple[str, ...], rows: Select[Any]) -> Any:
    """Two at once plan nothing twice: one charge is open per instalment."""
    made = postgresql.insert if connection.dialect.name == "postgresql" else sqlite.insert
    return (
        made(charge_table)
        .from_select(columns, rows)
        .on_conflict_do_nothing()
        .execution_options(preserve_rowcount=True)
    )
