"""The way of our contacts by channel, from sent to paid."""

from typing import Any

from sqlalchemy import CTE, ColumnElement, Select, func, literal, select, union_all

from bot.reports.kpi import Kpi, Scope
from bot.reports.money import received
from bot.reports.sql import count_of, days_later
from models import loan_table, message_table
from models.base import word, words

WEEK_DAYS = 7


def facts(scope: Scope) -> Select[Any]:
    """A payment counts for the last contact within the week before it, and for no other."""
    sent = _sent(scope.periods)
    delivered, read = sent.c.status.in_(words("delivered", "read")), sent.c.status == word("read")
    messages = select(
        sent.c.period,
        sent.c.channel,
        sent.c.loan_id,
        count_of(_answered(sent)).label("numerator"),
        literal(1).label("denominator"),
        count_of(delivered).label("delivered"),
        count_of(read).label("read"),
        literal(0).label("paid_centavos"),
    )
    periods, money, loan, zero = scope.periods, received(), loan_table.alias(), literal(0)
    since = select(func.min(periods.c.starts_at)).scalar_subquery()
    until = select(days_later(func.max(periods.c.ends_at), WEEK_DAYS)).scalar_subquery()
    payments = (
        select(
            sent.c.period,
            sent.c.channel,
            money.c.loan_id,
            zero,
            zero,
            zero,
            zero,
            money.c.amount,
        )
        .select_from(money)
        .join(loan, loan.c.id == money.c.loan_id)
        .join(sent, sent.c.id == _last_contact(loan.c.borrower_id, money.c.paid_at))
        .where(money.c.paid_at >= since, money.c.paid_at < until)
    )
    return select(union_all(messages, payments).subquery("funnel"))


def _sent(periods: CTE) -> CTE:
    message = message_table.alias()
    return (
        select(
            periods.c.period,
            message.c.id,
            message.c.conversation_id,
            message.c.loan_id,
            message.c.channel,
            message.c.status,
            message.c.sent_at,
        )
        .join(message, (message.c.sent_at >= periods.c.starts_at) & (message.c.sent_at < periods.c.ends_at))
        .where(message.c.direction == word("out"), message.c.purpose == word("contact"))
        .cte("sent")
    )


def _answered(sent: CTE) -> ColumnElement[bool]:
    answer = message_table.alias()
    return (
        select(answer.c.id)
        .where(
            answer.c.conversation_id == sent.c.conversation_id,
            answer.c.direction == word("in"),
            answer.c.created_at >= sent.c.sent_at,
            answer.c.created_at < days_later(sent.c.sent_at, WEEK_DAYS),
        )
        .correlate(sent)
        .exists()
    )


def _last_contact(borrower_id: ColumnElement[Any], paid_at: ColumnElement[Any]) -> Any:
    contact = message_table.alias()
    return (
        select(func.max(contact.c.id))
        .where(
            contact.c.borrower_id == borrower_id,
            contact.c.direction == word("out"),
            contact.c.purpose == word("contact"),
            contact.c.sent_at <= paid_at,
            days_later(contact.c.sent_at, WEEK_DAYS) > paid_at,
        )
        .scalar_subquery()
    )


KPI = Kpi("channels", facts, dimensions=("channel",), extras=("delivered", "read", "paid_centavos"))
