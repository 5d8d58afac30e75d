"""Conversations that needed no person, of those in which a borrower wrote."""

from typing import Any

from sqlalchemy import CTE, ColumnElement, Select, literal, select

from bot.reports.facts import happened
from bot.reports.kpi import Kpi, Scope
from bot.reports.sql import count_of
from models import loan_table, message_table, task_table
from models.base import word, words


def facts(scope: Scope) -> Select[Any]:
    talks = _talks(scope.periods)
    person = _written_by_agent(talks) | _handed_over(talks) | _task_opened(talks)
    return select(
        talks.c.period,
        talks.c.conversation_id,
        count_of(~person).label("numerator"),
        literal(1).label("denominator"),
    )


def _talks(periods: CTE) -> CTE:
    message = message_table.alias()
    return (
        select(periods.c.period, periods.c.starts_at, periods.c.ends_at, message.c.conversation_id)
        .distinct()
        .join(
            message,
            (message.c.created_at >= periods.c.starts_at) & (message.c.created_at < periods.c.ends_at),
        )
        .where(message.c.direction == word("in"))
        .cte("talks")
    )


def _written_by_agent(talks: CTE) -> ColumnElement[bool]:
    message = message_table.alias()
    return (
        select(message.c.id)
        .where(
            message.c.conversation_id == talks.c.conversation_id,
            message.c.author == word("agent"),
            message.c.created_at >= talks.c.starts_at,
            message.c.created_at < talks.c.ends_at,
        )
        .correlate(talks)
        .exists()
    )


def _handed_over(talks: CTE) -> ColumnElement[bool]:
    """On a loan of whoever wrote in it."""
    message = message_table.alias()
    writers = select(message.c.borrower_id).where(
        message.c.conversation_id == talks.c.conversation_id, message.c.borrower_id.is_not(None)
    )
    return (
        select(loan_table.c.id)
        .where(
            loan_table.c.borrower_id.in_(writers.correlate(talks)),
            happened(talks, loan_table.c.id, ("handoff.requested", "handoff.taken")),
        )
        .correlate(talks)
        .exists()
    )


def _task_opened(talks: CTE) -> ColumnElement[bool]:
    """What waits for a person, though the bot goes on."""
    task = task_table.alias()
    return (
        select(task.c.id)
        .where(
            task.c.conversation_id == talks.c.conversation_id,
            task.c.kind.not_in(words("note")),
            task.c.created_at >= talks.c.starts_at,
            task.c.created_at < talks.c.ends_at,
        )
        .correlate(talks)
        .exists()
    )


KPI = Kpi("automation", facts, by_loan=False)
