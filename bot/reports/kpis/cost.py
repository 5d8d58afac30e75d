"""What collecting cost for each peso that came in: messages, debits, calls, and the replies of people."""

from typing import Any

from sqlalchemy import CTE, Date, Integer, Select, String, case, column, func, literal, select, union_all
from sqlalchemy import values as values_of

from bot.reports.kpi import Kpi, Scope
from bot.reports.money import received
from bot.reports.sql import AnyColumn, city_date
from models import agent_contact_table, charge_table, loan_table, message_table
from models.base import word

PARTS = ("messages_centavos", "debits_centavos", "people_centavos")


def facts(scope: Scope) -> Select[Any]:
    """Of a borrower with several loans, what is about no one of them stands with the first."""
    money, charge, call = received(), charge_table.alias(), agent_contact_table.alias()
    costs = (
        _row(scope, money.c.loan_id, money.c.paid_at, collected=money.c.amount),
        _row(scope, charge.c.loan_id, charge.c.submitted_at, debits=literal(scope.costs.debit)),
        _row(scope, _first_loan(call.c.borrower_id), call.c.at, people=literal(scope.costs.call)),
        _messages(scope),
        _replies(scope),
    )
    found = union_all(*costs).subquery("costs")
    return select(found).where(found.c.loan_id.is_not(None))


def _row(scope: Scope, loan_id: Any, at: AnyColumn, **amounts: Any) -> Select[Any]:
    """A row for each that lies in a period, with its amounts: `collected` or what it cost."""
    messages, debits, people = (amounts.get(name, literal(0)) for name in ("messages", "debits", "people"))
    periods = scope.periods
    return select(
        periods.c.period,
        loan_id.label("loan_id"),
        (messages + debits + people).label("numerator"),
        amounts.get("collected", literal(0)).label("denominator"),
        *(each.label(name) for name, each in zip(PARTS, (messages, debits, people), strict=True)),
    ).where(at >= periods.c.starts_at, at < periods.c.ends_at)


def _messages(scope: Scope) -> Select[Any]:
    """Answers by WhatsApp are its `service`; what we send unasked is priced as a template."""
    message, prices = message_table.alias(), _prices(scope)
    day = city_date(message.c.sent_at)
    is_answer = message.c.purpose == word("reply")
    category = case((message.c.channel != word("whatsapp"), ""), (is_answer, "service"), else_="utility")
    return _row(
        scope,
        func.coalesce(message.c.loan_id, _first_loan(message.c.borrower_id)),
        message.c.sent_at,
        messages=prices.c.centavos * func.coalesce(message.c.segments, 1),
    ).where(
        message.c.direction == word("out"),
        prices.c.channel == message.c.channel,
        prices.c.category == category,
        day >= prices.c.since,
        day < prices.c.until,
    )


def _replies(scope: Scope) -> Select[Any]:
    message = message_table.alias()
    return _row(
        scope,
        func.coalesce(message.c.loan_id, _first_loan(message.c.borrower_id)),
        message.c.sent_at,
        people=literal(scope.costs.reply),
    ).where(message.c.author == word("agent"))


def _first_loan(borrower_id: AnyColumn) -> Any:
    loan = loan_table.alias()
    return select(func.min(loan.c.id)).where(loan.c.borrower_id == borrower_id).scalar_subquery()


def _prices(scope: Scope) -> CTE:
    """`channel, category, since, until, centavos`"""
    columns = (
        column("channel", String),
        column("category", String),
        column("since", Date),
        column("until", Date),
        column("centavos", Integer),
    )
    return values_of(*columns, name="prices").data(scope.costs.prices).cte("prices")


KPI = Kpi("cost", facts, extras=PARTS, in_money=True)
