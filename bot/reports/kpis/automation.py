"""Conversations that needed no person, of those in which a borrower wrote."""

from typing import Any

from sqlalchemy import CTE, Select, func, literal, select

from bot.reports.facts import loans_with
from bot.reports.kpi import Kpi, Scope
from bot.reports.sql import count_of
from models import loan_table, message_table, task_table
from models.base import word, words


def facts(scope: Scope) -> Select[Any]:
    """A person: one wrote in it, was asked for by or took a loan of whoever wrote in it, or has a task of it,
    though the bot goes on.
    """
    talks, handed_over, asked = _talks(scope.periods), _handed_over(scope.periods), _asked(scope.periods)
    by_person = (
        func.max(talks.c.by_agent)
        + func.count(handed_over.c.borrower_id)
        + func.count(asked.c.conversation_id)
    )
    return (
        select(
            talks.c.period,
            talks.c.conversation_id,
            count_of(by_person == 0).label("numerator"),
            literal(1).label("denominator"),
        )
        .outerjoin(
            handed_over,
            (handed_over.c.period == talks.c.period) & (handed_over.c.borrower_id == talks.c.borrower_id),
        )
        .outerjoin(
            asked,
            (asked.c.period == talks.c.period) & (asked.c.conversation_id == talks.c.conversation_id),
        )
        .group_by(talks.c.period, talks.c.conversation_id)
        .having(func.max(talks.c.by_borrower) == 1)
    )


def _talks(periods: CTE) -> CTE:
    """`period, conversation_id, borrower_id, by_borrower, by_agent`: who wrote."""
    message = message_table.alias()
    return (
        select(
            periods.c.period,
            message.c.conversation_id,
            message.c.borrower_id,
            func.max(count_of(message.c.direction == word("in"))).label("by_borrower"),
            func.max(count_of(message.c.author == word("agent"))).label("by_agent"),
        )
        .join(
            message,
            (message.c.created_at >= periods.c.starts_at) & (message.c.created_at < periods.c.ends_at),
        )
        .group_by(periods.c.period, message.c.conversation_id, message.c.borrower_id)
        .cte("talks")
    )


def _handed_over(periods: CTE) -> CTE:
    """`period, borrower_id`"""
    loans = loans_with(periods, ("handoff.requested", "handoff.taken"), "loans")
    return (
        select(loans.c.period, loan_table.c.borrower_id)
        .distinct()
        .join(loan_table, loan_table.c.id == loans.c.loan_id)
        .cte("handed_over")
    )


def _asked(periods: CTE) -> CTE:
    """`period, conversation_id`: with a task."""
    task = task_table.alias()
    return (
        select(periods.c.period, task.c.conversation_id)
        .distinct()
        .join(task, (task.c.created_at >= periods.c.starts_at) & (task.c.created_at < periods.c.ends_at))
        .where(task.c.kind.not_in(words("note")), task.c.conversation_id.is_not(None))
        .cte("asked")
    )


KPI = Kpi("automation", facts, by_loan=False)
